//! Closing: only the reporters, the council, or the lapse of the stated time close a matter, and the page says which.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, ClosedBy, Column, Entity, Issue, IssueState, Verb, hold_by_id};
use crate::domain::effect_checks::{self, Check};
use crate::domain::journal::Entry;
use crate::domain::links;
use crate::domain::reports::{self, Answer};
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::IssueId;

/// How the reporters answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub yes: u64,
    pub half: u64,
    pub no: u64,
    pub silent: u64,
}

/// What follows from the answers when the time has lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At least one yes and more yes than no.
    Confirmed,
    /// At least one no and no fewer than yes.
    Contested,
    /// Nobody answered, or only "half": nothing speaks for or against.
    Silence,
}

impl Tally {
    /// PRODUCT's rule. "Half" is neither yes nor no.
    pub fn verdict(self) -> Verdict {
        match self {
            Tally { no, yes, .. } if no >= 1 && no >= yes => Verdict::Contested,
            Tally { yes, no, .. } if yes >= 1 && yes > no => Verdict::Confirmed,
            _ => Verdict::Silence,
        }
    }
}

impl Issue {
    /// How those behind this matter have answered so far.
    pub async fn tally(&self, db: &impl ConnectionTrait) -> Result<Tally> {
        let mut t = Tally::default();
        for report in reports::of_issue(db, self.id).await? {
            match report.answer {
                Some(Answer::Yes) => t.yes += 1,
                Some(Answer::Half) => t.half += 1,
                Some(Answer::No) => t.no += 1,
                None => t.silent += 1,
            }
        }
        Ok(t)
    }

    pub(in crate::domain) fn ask_confirmable(&self, now: DateTimeUtc) -> Result<(), Refusal> {
        if self.state != IssueState::Done {
            return Err(Refusal::new("not_done_yet"));
        }
        if self.confirm_due.is_some_and(|d| d <= now) {
            return Err(Refusal::new("confirm_over"));
        }
        Ok(())
    }

    /// When everybody behind the matter has answered there is nothing to wait for: contested, it goes back to work at
    /// once; confirmed, it closes, unless that is the council's. Where all that was said is "half", the time runs on.
    pub(in crate::domain) async fn settle_if_all_answered(self, act: &Act) -> Result<Issue> {
        let tally = self.tally(act.tx()).await?;
        let settled = tally.silent == 0 && tally.verdict() != Verdict::Silence;
        if settled && !self.waits_for_council(act.tx(), tally).await? { self.settle(act, tally).await } else { Ok(self) }
    }

    /// A matter whose effect is checked is the council's to close: until the last planned check, and once that has shown
    /// an effect. Reporters can contest it at any time all the same.
    async fn waits_for_council(&self, db: &impl ConnectionTrait, tally: Tally) -> Result<bool> {
        let checks = effect_checks::of_issue(db, self.id).await?;
        let planned = checks.iter().any(|c| c.verdict.is_none());
        Ok(tally.verdict() != Verdict::Contested && (planned || effect_shown(&checks)))
    }

    async fn settle(self, act: &Act, tally: Tally) -> Result<Issue> {
        match tally.verdict() {
            Verdict::Contested => self.contested(act, tally).await,
            Verdict::Confirmed => self.closed(act, ClosedBy::Reporter, tally).await,
            Verdict::Silence => self.closed(act, ClosedBy::Silence, tally).await,
        }
    }

    async fn contested(self, act: &Act, tally: Tally) -> Result<Issue> {
        let next = self.state.after(Verb::Contest)?;
        let times = self.contested + 1;
        let set = ActiveModel { state: Set(next), contested: Set(times), priority: Set(true), confirm_due: Set(None), ..Default::default() };
        let issue = self.change(act, set).await?;
        let entry = Entry::IssueContested { yes: tally.yes, half: tally.half, no: tally.no, times };
        act.journal(issue.on_self(), &entry).await?;
        issue.tell_holder(act, "contested").await?;
        if times >= 2 {
            // The secretary decides whether it goes to the council.
            issue.tell_secretary(act, "contested").await?;
        }
        Ok(issue)
    }

    async fn closed(self, act: &Act, by: ClosedBy, tally: Tally) -> Result<Issue> {
        let next = self.state.after(Verb::Close)?;
        let set =
            ActiveModel { state: Set(next), closed_by: Set(Some(by)), closed_at: Set(Some(act.at)), confirm_due: Set(None), ..Default::default() };
        let issue = self.change(act, set).await?;
        let Tally { yes, half, no, silent } = tally;
        act.journal(issue.on_self(), &Entry::IssueClosed { by, yes, half, no, silent }).await?;
        issue.tell_reporters(act, "closed").await?;
        links::let_go(act, &issue).await?;
        Ok(issue)
    }

    /// The council confirms, by its secretary or convenor: for a matter under a resolution, after its last planned
    /// effect check.
    pub async fn confirm_by_council(self, act: &Act) -> Result<Issue> {
        if !matches!(act.actor.role(), Some(role) if role == Role::Secretary.as_str() || role == Role::Convenor.as_str()) {
            return Err(Refusal::new("only_council").into());
        }
        let checks = effect_checks::of_issue(act.tx(), self.id).await?;
        if checks.iter().any(|c| c.verdict.is_none()) {
            return Err(Refusal::new("check_outstanding").into());
        }
        if !effect_shown(&checks) {
            return Err(Refusal::new("no_effect_shown").into());
        }
        let tally = self.tally(act.tx()).await?;
        self.closed(act, ClosedBy::Council, tally).await
    }

    /// Takes a closed or declined matter up again; its reporters are told.
    pub async fn reopen(self, act: &Act) -> Result<Issue> {
        self.ask_holder(act)?;
        let next = self.state.after(Verb::Reopen)?;
        let set = ActiveModel { state: Set(next), closed_by: Set(None), closed_at: Set(None), priority: Set(true), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::IssueReopened).await?;
        issue.tell_reporters(act, "reopened").await?;
        Ok(issue)
    }
}

/// Whether the last check that was made found an effect; an earlier remedy's success says nothing of a later one.
pub(super) fn effect_shown(checks: &[Check]) -> bool {
    let last = checks.iter().filter(|c| c.verdict.is_some()).max_by_key(|c| c.checked_at);
    last.is_some_and(|c| c.verdict == Some(effect_checks::Verdict::Effective))
}

/// Settles the matters whose time for confirming has lapsed; gives how many. Decided by the stored time, however late
/// this runs; each in a transaction of its own, so that two processes never settle one twice.
pub async fn lapse_due(house: &House) -> Result<usize> {
    let due = Entity::find().filter(Column::State.eq(IssueState::Done)).filter(Column::ConfirmDue.lte(house.now()));
    let mut settled = 0;
    for issue in due.order_by_asc(Column::ConfirmDue).all(house.read()).await? {
        let tally = issue.tally(house.read()).await?;
        if !issue.waits_for_council(house.read(), tally).await? && lapse(house, issue.id).await? {
            settled += 1;
        }
    }
    Ok(settled)
}

async fn lapse(house: &House, id: IssueId) -> Result<bool> {
    let act = house.act(Actor::System).await?;
    let issue = hold_by_id(&act, id).await?;
    let over = issue.confirm_due.is_some_and(|due| due <= act.at);
    let tally = issue.tally(act.tx()).await?;
    if issue.state != IssueState::Done || !over || issue.waits_for_council(act.tx(), tally).await? {
        act.undo().await?;
        return Ok(false);
    }
    issue.settle(&act, tally).await?;
    act.commit().await.map(|()| true)
}
