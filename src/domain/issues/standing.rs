//! Where somebody stands towards a matter, and what follows for what they may read and say.

use sea_orm::entity::prelude::*;

use super::Issue;
use crate::domain::buildings::Building;
use crate::domain::journal::Reader;
use crate::domain::messages::Voice;
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::domain::tasks;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::OrganisationId;

/// How near somebody is to a matter, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// The council's secretary.
    Secretary,
    /// Of the organisation responsible.
    Holder,
    /// Of the organisation to which it is offered.
    Offered,
    /// Of an organisation that has a task of it.
    Tasked,
    /// Presides over the council.
    Presides,
    /// Sits on it, or edits its bulletin.
    Council,
    /// Works in the building, but not on this.
    Onlooker,
}

impl Standing {
    /// Whether they work on it.
    pub fn is_party(self) -> bool {
        self <= Standing::Tasked
    }

    /// Which lines of the journal they read.
    pub fn reader(self) -> Reader {
        match self {
            Standing::Secretary => Reader::Secretary,
            Standing::Holder | Standing::Offered | Standing::Tasked | Standing::Presides | Standing::Council => Reader::Party,
            Standing::Onlooker => Reader::Public,
        }
    }
}

/// What a person may see of a matter.
#[derive(Clone, Debug)]
pub struct Sight<'m> {
    /// The nearest of their standings.
    pub standing: Standing,
    /// The role that gives it; none for somebody without a role here.
    pub by: Option<&'m Membership>,
    /// Whether they read what reporters wrote before it is released. A representative never does: the words may tell
    /// an employer who wrote them.
    pub words: bool,
}

impl Sight<'_> {
    /// Whether they read what is said in a voice. An internal note is read by its own organisation alone.
    pub fn reads(&self, voice: Voice) -> bool {
        match voice {
            Voice::Reporters => self.words,
            Voice::Parties | Voice::Internal => self.standing.is_party(),
        }
    }

    /// Whether they speak in a voice.
    pub fn speaks(&self, voice: Voice) -> bool {
        match voice {
            Voice::Reporters => self.standing <= Standing::Holder,
            Voice::Parties | Voice::Internal => self.standing.is_party(),
        }
    }
}

impl Issue {
    /// The organisations that work on it: responsible, offered to, or with a task.
    pub async fn parties(&self, db: &impl ConnectionTrait) -> Result<Vec<OrganisationId>> {
        let tasked = tasks::of_issue(db, self.id).await?.into_iter().map(|t| t.organisation_id);
        let mut all: Vec<OrganisationId> = self.holder_id.into_iter().chain(self.offered_to_id).chain(tasked).collect();
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// Those who work on it may, and the secretary.
    pub(in crate::domain) async fn ask_party(&self, act: &Act) -> Result<()> {
        if self.ask_holder(act).is_ok() {
            return Ok(());
        }
        match act.actor.organisation() {
            Some(mine) if self.parties(act.tx()).await?.contains(&mine) => Ok(()),
            _ => Err(Refusal::new("only_party").into()),
        }
    }

    /// Where a role stands towards it.
    pub fn standing(&self, parties: &[OrganisationId], role: Role, organisation: OrganisationId) -> Standing {
        let works = matches!(role, Role::Staff | Role::Representative | Role::Department | Role::Association);
        match role {
            Role::Secretary => Standing::Secretary,
            _ if works && self.holder_id == Some(organisation) => Standing::Holder,
            _ if works && self.offered_to_id == Some(organisation) => Standing::Offered,
            _ if works && parties.contains(&organisation) => Standing::Tasked,
            Role::Convenor => Standing::Presides,
            Role::Member | Role::Editor => Standing::Council,
            _ => Standing::Onlooker,
        }
    }

    /// What the holder of these roles sees of it.
    pub fn sight<'m>(&self, parties: &[OrganisationId], memberships: &'m [Membership], building: &Building) -> Sight<'m> {
        let here = || memberships.iter().filter(|m| m.covers(building));
        let standing = |m: &Membership| self.standing(parties, m.role, m.organisation_id);
        let by = here().min_by_key(|m| standing(m));
        let words = here().any(|m| match m.role {
            Role::Secretary | Role::Editor => true,
            Role::Staff | Role::Department | Role::Association => standing(m).is_party(),
            _ => false,
        });
        Sight { standing: by.map_or(Standing::Onlooker, standing), by, words }
    }
}
