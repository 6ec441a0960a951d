//! Triage: somebody becomes responsible, or says who is, or says no with another way.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;

use super::{ActiveModel, Issue, Verb};
use crate::domain::buildings::Place;
use crate::domain::categories;
use crate::domain::hand_overs::{self, HandOverState};
use crate::domain::journal::Entry;
use crate::domain::messages::{self, Voice};
use crate::domain::persons;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::text;

/// Ways out, each with another way to go (after Beijing's regulation on complaints, art. 11).
pub const DECLINE_REASONS: &[&str] = &["emergency", "legal_channel", "repeat", "confidential", "out_of_scope", "unlawful"];

pub(super) fn reason(list: &[&str], given: &str) -> Result<String, Refusal> {
    list.contains(&given).then(|| given.to_owned()).ok_or_else(|| Refusal::new("choose_reason").at("reason"))
}

impl Issue {
    /// The organisation responsible, or the secretary, may act; anybody else is told who may.
    pub fn ask_holder(&self, act: &Act) -> Result<(), Refusal> {
        match &act.actor {
            Actor::System => Ok(()),
            Actor::Person { role, .. } if *role == Role::Secretary.as_str() => Ok(()),
            Actor::Person { organisation, .. } if Some(*organisation) == self.holder_id => Ok(()),
            _ => Err(Refusal::new("only_holder")),
        }
    }

    /// Takes the matter on, with a first answer in words to those who reported.
    pub async fn accept(self, act: &Act, answer: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let next = self.state.after(Verb::Accept)?;
        let holder = self.holder_id.ok_or_else(|| Refusal::new("no_holder"))?;
        // Whoever of the organisation responsible takes it on has it in hand, until it is given on.
        let own = act.actor.person().filter(|_| act.actor.organisation() == Some(holder));
        let set = ActiveModel { state: Set(next), accepted_at: Set(Some(act.at)), person_id: Set(self.person_id.or(own)), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::IssueAccepted { holder, due: issue.result_due }).await?;
        if text::clean(answer).is_empty() { Ok(issue) } else { messages::say(act, issue, Voice::Reporters, answer).await }
    }

    /// Takes back an acceptance that was a mistake. The first answer is owed as before; what was said stays said.
    /// It is in the hands again in which it was before.
    pub(in crate::domain) async fn unaccept(self, act: &Act, former: Option<PersonId>) -> Result<Issue> {
        self.ask_holder(act)?;
        let next = self.state.after(Verb::Unaccept)?;
        let former = match self.holder_id {
            Some(holder) => persons::still_at_work(act.tx(), former, holder, self.building_id).await?,
            None => None,
        };
        let issue = self.change(act, ActiveModel { state: Set(next), accepted_at: Set(None), person_id: Set(former), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::AcceptanceUndone).await?;
        Ok(issue)
    }

    /// Says that the matter cannot be taken, why, and where to go instead. The words go to the reporters.
    pub async fn decline(self, act: &Act, why: &str, words: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let why = reason(DECLINE_REASONS, why)?;
        let words = text::words("words", words, 4, 1000)?;
        let next = self.state.after(Verb::Decline)?;
        let (issue, hash) = messages::say_hashed(act, self, Voice::Reporters, &words).await?;
        let set =
            ActiveModel { state: Set(next), closed_at: Set(Some(act.at)), offered_to_id: Set(None), offered_until: Set(None), ..Default::default() };
        hand_overs::end_open(act, issue.id, HandOverState::TakenBack).await?;
        let issue = issue.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::IssueDeclined { reason: why, words: hash }).await?;
        Ok(issue)
    }

    /// Corrects the kind of trouble. Promised dates stay: a clock never restarts silently.
    pub async fn recategorise(self, act: &Act, code: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let category = categories::named(code)?;
        let from = self.category.clone();
        if from == category.code {
            return Ok(self);
        }
        let set = ActiveModel { category: Set(category.code.clone()), tier: Set(category.tier), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::CategoryChanged { from, to: category.code.clone() }).await?;
        Ok(issue)
    }

    /// Corrects the place. Promised dates stay, and reports keep the place that they were filed at.
    pub async fn relocate(self, act: &Act, place: &Place) -> Result<Issue> {
        self.ask_holder(act)?;
        let from = self.place_id;
        if from == place.id {
            return Ok(self);
        }
        let issue = self.change(act, ActiveModel { place_id: Set(place.id), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::PlaceChanged { from, to: place.id }).await?;
        issue.index_again(act, place).await?;
        Ok(issue)
    }

    /// Puts on the long-term list what cannot be solved now: with a plan and a day to look again, never a false closure.
    pub async fn shelve(self, act: &Act, plan: &str, review_on: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let plan = text::words("plan", plan, 4, 1000)?;
        let day: NaiveDate = review_on.parse().map_err(|_| Refusal::new("date").at("review_on"))?;
        if day <= act.calendar().date_of(act.at) {
            return Err(Refusal::new("date_past").at("review_on").into());
        }
        let next = self.state.after(Verb::Shelve)?;
        let (issue, hash) = messages::say_hashed(act, self, Voice::Reporters, &plan).await?;
        let set = ActiveModel { state: Set(next), plan: Set(Some(plan)), review_on: Set(Some(day.to_string())), ..Default::default() };
        let issue = issue.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::IssueLongTerm { review_on: day.to_string(), plan: hash }).await?;
        Ok(issue)
    }

    /// Takes a matter back from the long-term list; its dates are what they were.
    pub async fn resume(self, act: &Act) -> Result<Issue> {
        self.ask_holder(act)?;
        let next = self.state.after(Verb::Resume)?;
        let issue = self.change(act, ActiveModel { state: Set(next), review_on: Set(None), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::IssueResumed).await?;
        Ok(issue)
    }
}
