//! How an item ends: decided, referred, deferred, withdrawn.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;

use super::items::{ActiveModel, Item, ItemState, NewItem, propose_to, raise};
use crate::domain::councils;
use crate::domain::issues::{self, Issue, IssueState, Receiver};
use crate::domain::journal::Entry;
use crate::domain::motions::{self, MotionState};
use crate::domain::undertakings;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::text::{self, TextHash};

impl Item {
    async fn leave_agenda(self, act: &Act, state: ItemState, words: Option<(String, Vec<u8>)>, until: Option<String>) -> Result<Item> {
        if !matches!(self.state, ItemState::Proposed | ItemState::Listed) {
            return Err(Refusal::new("item_over").into());
        }
        if motions::of_item(act.tx(), self.id).await?.iter().any(|m| m.state == MotionState::Open) {
            return Err(Refusal::new("vote_running").into());
        }
        if let Some(id) = self.issue_id {
            let issue = issues::hold_by_id(act, id).await?;
            if issue.state == IssueState::OnAgenda {
                issue.untable(act).await?;
            }
        }
        undertakings::lapse_open(act, self.id).await?;
        let (words, salt) = words.unzip();
        let set = ActiveModel {
            state: Set(state),
            outcome_words: Set(words),
            outcome_salt: Set(salt),
            deferred_to: Set(until),
            closed_at: Set(Some(act.at)),
            ..Default::default()
        };
        self.change(act, set).await
    }

    /// Withdrawn: solved meanwhile, or no longer wanted.
    pub async fn withdraw(self, act: &Act) -> Result<Item> {
        let item = self.leave_agenda(act, ItemState::Withdrawn, None, None).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemWithdrawn).await?;
        Ok(item)
    }

    /// Deferred to a day; a fresh item waits on the council's list.
    pub async fn defer(self, act: &Act, to: &str) -> Result<Item> {
        let day: NaiveDate = to.parse().map_err(|_| Refusal::new("date").at("to"))?;
        if day <= act.calendar().date_of(act.at) {
            return Err(Refusal::new("date_past").at("to").into());
        }
        let item = self.leave_agenda(act, ItemState::Deferred, None, Some(day.to_string())).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemDeferred { to: day.to_string() }).await?;
        if let Some(id) = item.issue_id {
            let issue = issues::by_id(act.tx(), id).await?;
            item.again(act, &issue, Some(&day)).await?;
        } else {
            let council = councils::by_id(act.tx(), item.council_id).await?;
            let again =
                NewItem { source: item.source, competence: item.competence, title: &item.title, question: &item.question, papers: &item.papers };
            let again = raise(act, &council, again).await?;
            again.like(act, &item, Some(&day)).await?;
        }
        Ok(item)
    }

    /// A fresh item about the same matter on the list of the same council: from a day on, or at once.
    pub(in crate::domain) async fn again(&self, act: &Act, issue: &Issue, day: Option<&NaiveDate>) -> Result<Item> {
        let council = councils::by_id(act.tx(), self.council_id).await?;
        propose_to(act, &council, issue, self.source).await?.like(act, self, day).await
    }

    /// As public or not as the one before it, with the same question and papers.
    pub(super) async fn like(self, act: &Act, before: &Item, day: Option<&NaiveDate>) -> Result<Item> {
        let set = ActiveModel {
            not_before: Set(day.map(NaiveDate::to_string)),
            title: Set(before.title.clone()),
            question: Set(before.question.clone()),
            papers: Set(before.papers.clone()),
            competence: Set(before.competence),
            public: Set(before.public),
            not_public_ground: Set(before.not_public_ground),
            not_public_reason: Set(before.not_public_reason.clone()),
            ..Default::default()
        };
        self.change(act, set).await
    }

    /// Referred to whoever must decide it, in words: the owners, the enterprise, a department.
    pub async fn refer(self, act: &Act, words: &str) -> Result<Item> {
        let words = text::words("words", words, 4, 500)?;
        let salt = text::salt();
        let hash = TextHash::of(&salt, &words);
        let item = self.leave_agenda(act, ItemState::Referred, Some((words, salt)), None).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemReferred { words: hash }).await?;
        Ok(item)
    }

    /// Referred, and the matter with it: to an organisation, to the district's council, or back to whoever had it before. While
    /// they have not agreed, whoever is responsible stays so; where they refuse, it is on this council's list again.
    pub async fn refer_to(self, act: &Act, to: Receiver, words: &str) -> Result<Item> {
        let Some(issue) = self.issue_id else { return Err(Refusal::new("refer_without_matter").at("to").into()) };
        if matches!(to, Receiver::Council) && councils::by_id(act.tx(), self.council_id).await?.building_id.is_none() {
            return Err(Refusal::new("transfer_self").at("to").into());
        }
        let item = self.refer(act, words).await?;
        let issue = issues::hold_by_id(act, issue).await?;
        issue.referred(act, to, words, item.id).await?;
        Ok(item)
    }

    pub(in crate::domain) async fn decided(self, act: &Act) -> Result<Item> {
        self.change(act, ActiveModel { state: Set(ItemState::Decided), closed_at: Set(Some(act.at)), ..Default::default() }).await
    }
}
