//! Staff delete nothing. What should not have been said, or not here, is withheld with a reason: that it was said, by whom,
//! and why it is out of sight stays; the words are then read by their author and the secretary alone.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Message};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId};

vocabulary! {
    /// Why words are withheld.
    WithholdReason {
        /// 写了别人的隐私 (Civil Code art. 1032).
        Personal = "personal",
        /// 骂人、侮辱 (Civil Code art. 1024).
        Insult = "insult",
        /// 发错地方了
        Misplaced = "misplaced",
        /// 商业秘密 (Civil Code art. 501).
        Secret = "secret",
        /// 法律不许传播的
        Unlawful = "unlawful",
    }
}

impl Message {
    /// Why somebody cannot withhold it. Of what reporters wrote only the secretary judges: who works on a complaint is no
    /// gatekeeper of it. What an organisation's people said, that organisation may take back too.
    pub fn ask_withholdable(&self, secretary: bool, organisation: Option<OrganisationId>) -> Result<(), Refusal> {
        if self.erased_at.is_some() || self.words.is_none() {
            return Err(Refusal::new("nothing_to_withhold"));
        }
        if self.withheld_at.is_some() {
            return Err(Refusal::new("message_withheld"));
        }
        let own = self.report_id.is_none() && organisation.is_some() && self.organisation_id == organisation;
        if secretary || own { Ok(()) } else { Err(Refusal::new("only_secretary_withholds")) }
    }

    /// Whether somebody still reads the words: always, while they are not withheld; then its author and the secretary.
    pub fn is_read_by(&self, secretary: bool, person: Option<PersonId>) -> bool {
        self.withheld_at.is_none() || secretary || (person.is_some() && self.person_id == person)
    }

    /// Takes the words out of sight.
    pub async fn withhold(self, act: &Act, issue: &Issue, reason: WithholdReason) -> Result<()> {
        self.ask_withholdable(is_secretary(act), act.actor.organisation())?;
        let set = ActiveModel {
            withheld_at: Set(Some(act.at)),
            withheld_reason: Set(Some(reason)),
            withheld_by: Set(act.actor.person()),
            withheld_for: Set(act.actor.organisation()),
            ..Default::default()
        };
        self.turn(act, set, Column::WithheldAt.is_null()).await?;
        act.journal(issue.on_self(), &Entry::MessageWithheld { message: self.id, voice: self.voice, reason }).await?;
        Ok(())
    }

    /// Why somebody cannot show it again: who withheld it, or the secretary.
    pub fn ask_showable(&self, secretary: bool, person: Option<PersonId>) -> Result<(), Refusal> {
        if self.withheld_at.is_none() || self.words.is_none() {
            return Err(Refusal::new("not_withheld"));
        }
        if secretary || (person.is_some() && self.withheld_by == person) { Ok(()) } else { Err(Refusal::new("only_who_withheld")) }
    }

    /// Shows the words again: a mistake about a mistake.
    pub async fn show_again(self, act: &Act, issue: &Issue) -> Result<()> {
        self.ask_showable(is_secretary(act), act.actor.person())?;
        let set =
            ActiveModel { withheld_at: Set(None), withheld_reason: Set(None), withheld_by: Set(None), withheld_for: Set(None), ..Default::default() };
        self.turn(act, set, Column::WithheldAt.is_not_null()).await?;
        act.journal(issue.on_self(), &Entry::MessageShownAgain { message: self.id, voice: self.voice }).await?;
        Ok(())
    }

    async fn turn(&self, act: &Act, set: ActiveModel, still: Expr) -> Result<()> {
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(still).exec(act.tx()).await?;
        if changed.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
    }
}

fn is_secretary(act: &Act) -> bool {
    matches!(&act.actor, Actor::Person { role, .. } if *role == Role::Secretary.as_str())
}
