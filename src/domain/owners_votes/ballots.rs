//! Ballots of an owners' vote: one of each holder, changed until the end; how somebody voted is shown to nobody.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{OwnersVote, Phase};
use crate::domain::journal::Entry;
use crate::domain::owners::{Held, Holder};
use crate::domain::votes::Choice;
use crate::domain::votes::owners::Handed;
use crate::kernel::act::Act;
use crate::kernel::codes;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{OrganisationId, OwnerHolderId, OwnersVoteId, PersonId};
use crate::kernel::keys::Keys;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_ballots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub vote_id: OwnersVoteId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder_id: OwnerHolderId,
    /// Which of several owners of a unit; 0 for all of them together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voice: i32,
    pub choice: Choice,
    pub handed: Handed,
    pub on_paper: bool,
    /// The secretary, who entered it from paper; else whoever voted signed in.
    pub recorded_by: Option<PersonId>,
    pub cast_at: DateTimeUtc,
    pub changed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Ballot;

/// The ballots of a vote, by holder.
pub async fn of_vote(db: &impl ConnectionTrait, vote: OwnersVoteId) -> Result<Vec<Ballot>> {
    Ok(Entity::find().filter(Column::VoteId.eq(vote)).order_by_asc(Column::HolderId).order_by_asc(Column::Voice).all(db).await?)
}

/// Why a holder's ballots have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// Those who own it together disagree.
    Conflicting,
    /// By proxy without the principal's written opinion.
    WithoutPaper,
}

impl Void {
    /// Its word in keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Void::Conflicting => "conflicting",
            Void::WithoutPaper => "without_paper",
        }
    }
}

/// Which holders' ballots are void, and why.
pub fn void_of(ballots: &[Ballot]) -> HashMap<OwnerHolderId, Void> {
    let mut valid: HashMap<OwnerHolderId, Choice> = HashMap::new();
    let mut void = HashMap::new();
    for b in ballots.iter().filter(|b| b.handed != Handed::ByProxyWithoutPaper) {
        if *valid.entry(b.holder_id).or_insert(b.choice) != b.choice {
            void.insert(b.holder_id, Void::Conflicting);
        }
    }
    let without = ballots.iter().filter(|b| b.handed == Handed::ByProxyWithoutPaper && !valid.contains_key(&b.holder_id));
    void.extend(without.map(|b| (b.holder_id, Void::WithoutPaper)));
    void
}

/// What stands on a ballot.
#[derive(Clone, Copy, Debug)]
pub struct Entering {
    /// Which of several owners; 0 for all of them together.
    pub voice: i32,
    /// A blank ballot that was returned is an abstention.
    pub choice: Choice,
    pub handed: Handed,
}

impl OwnersVote {
    /// Enters a ballot that came on paper.
    pub async fn enter_paper(&self, act: &Act, holder: &Holder, ballot: Entering) -> Result<Ballot> {
        self.take(act, holder, ballot, true).await
    }

    /// An owner that is an organisation votes by its representative.
    pub async fn cast(&self, act: &Act, organisation: OrganisationId, choice: Choice) -> Result<Ballot> {
        let holder = self.holder_of(act.tx(), organisation).await?.ok_or_else(|| Refusal::new("only_owner"))?;
        if !self.online {
            return Err(Refusal::new("owners_on_paper").into());
        }
        self.take(act, &holder, Entering { voice: 0, choice, handed: Handed::InPerson }, false).await
    }

    /// The caller holds the vote: the instant of its end is tested once, and a ballot is never put in twice.
    async fn take(&self, act: &Act, holder: &Holder, ballot: Entering, on_paper: bool) -> Result<Ballot> {
        match self.phase(act.at) {
            Phase::Running => {}
            Phase::Announced => return Err(Refusal::new("owners_vote_early").into()),
            Phase::Ended | Phase::CalledOff => return Err(Refusal::new("owners_vote_over").into()),
        }
        let roll = self.roll(act.tx()).await?;
        let units: Vec<&Held> = roll.iter().filter(|h| h.holder.id == holder.id).collect();
        if units.is_empty() || (!self.parking_counts && units.iter().all(|h| h.unit.parking)) {
            return Err(Refusal::new("owners_not_on_roll").at("code").into());
        }
        let several = units.iter().map(|h| h.unit.co_owners).max().unwrap_or(1);
        if ballot.voice < 0 || ballot.voice > if several > 1 { several } else { 0 } {
            return Err(Refusal::new("owners_voice").with("n", several).at("voice").into());
        }
        let there = Entity::find_by_id((self.id, holder.id, ballot.voice)).one(act.tx()).await?;
        let row = ActiveModel {
            vote_id: Set(self.id),
            holder_id: Set(holder.id),
            voice: Set(ballot.voice),
            choice: Set(ballot.choice),
            handed: Set(ballot.handed),
            on_paper: Set(on_paper),
            recorded_by: Set(act.actor.person()),
            cast_at: Set(there.as_ref().map_or(act.at, |b| b.cast_at)),
            changed_at: Set(there.as_ref().map(|_| act.at)),
        };
        let again = there.is_some();
        let ballot = if again { row.update(act.tx()).await? } else { row.insert(act.tx()).await? };
        let entry = Entry::OwnersBallotTaken { number: self.number, holder: holder.number, voice: ballot.voice, on_paper, again };
        act.journal(self.on_self(), &entry).await?;
        Ok(ballot)
    }
}

impl OwnersVote {
    /// The code of a holder's paper ballot: only this house can make it, and makes it again.
    pub fn code(&self, keys: &Keys, holder: OwnerHolderId) -> String {
        let [a, b, c, d, e, ..] = keys.derive("owners-ballot", &[self.id.0.as_bytes(), holder.0.as_bytes()]);
        codes::of([a, b, c, d, e])
    }

    /// Whose ballot has a code; the code may be typed as people type.
    pub async fn holder_by_code(&self, db: &impl ConnectionTrait, keys: &Keys, typed: &str) -> Result<Holder> {
        let unknown = || Refusal::new("owners_code").at("code");
        let code = codes::normal(typed).ok_or_else(unknown)?;
        let held = self.roll(db).await?.into_iter().map(|h| h.holder).find(|h| self.code(keys, h.id) == code);
        Ok(held.ok_or_else(unknown)?)
    }
}
