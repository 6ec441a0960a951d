//! Agenda and matter do not disagree: what was settled before the meeting says so on its item, and offers to be taken off.

use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;

use super::items::{self, ActiveModel, Item, ItemState, Source};
use super::{Meeting, MeetingState};
use crate::domain::issues::{self, Issue, IssueState};
use crate::domain::journal::Entry;
use crate::domain::tasks::{self, Task, TaskState};
use crate::kernel::act::Act;
use crate::kernel::error::Result;

/// Why an item need no longer be dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overtaken {
    /// The matter is done, closed, declined, withdrawn, or has joined another.
    Over(IssueState),
    /// Everything that was asked of anybody for it is done.
    TasksDone,
    /// All who reported it have taken it back.
    NobodyLeft,
}

impl Overtaken {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Overtaken::Over(state) => state.as_str(),
            Overtaken::TasksDone => "tasks_done",
            Overtaken::NobodyLeft => "nobody_left",
        }
    }
}

/// Whether an item's matter was settled since it was brought up, with the matter's tasks.
pub fn by(item: &Item, issue: &Issue, tasks: &[Task]) -> Option<Overtaken> {
    // What comes up again for its effect is done or closed, and is to be dealt with all the same.
    if !matches!(item.state, ItemState::Proposed | ItemState::Listed) || item.source == Source::FailedCheck {
        return None;
    }
    match issue.state {
        // A closed matter that somebody has brought up since it was closed was brought up on purpose.
        IssueState::Closed if issue.closed_at.is_some_and(|at| item.created_at >= at) => None,
        IssueState::Done if issue.done_at.is_some_and(|at| item.created_at >= at) => None,
        state @ (IssueState::Done | IssueState::Closed | IssueState::Declined | IssueState::Withdrawn | IssueState::Merged) => {
            Some(Overtaken::Over(state))
        }
        _ if issue.reports == 0 && item.source == Source::Issue => Some(Overtaken::NobodyLeft),
        IssueState::OnAgenda | IssueState::InWork => {
            let asked: Vec<&Task> = tasks.iter().filter(|t| t.state != TaskState::Cancelled).collect();
            let done = asked.iter().filter_map(|t| t.done_at).max().is_some_and(|at| at > item.created_at);
            (done && asked.iter().all(|t| !t.state.is_open() && t.state != TaskState::Returned)).then_some(Overtaken::TasksDone)
        }
        _ => None,
    }
}

/// The same, with what it depends on looked up.
pub async fn of_item(db: &impl ConnectionTrait, item: &Item) -> Result<Option<Overtaken>> {
    let Some(id) = item.issue_id else { return Ok(None) };
    Ok(by(item, &issues::by_id(db, id).await?, &tasks::of_issue(db, id).await?))
}

/// Items of a meeting that need no longer be dealt with.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Vec<(Item, Overtaken)>> {
    let mut out = vec![];
    if !matches!(meeting.state, MeetingState::Draft | MeetingState::Called | MeetingState::Open) {
        return Ok(out);
    }
    for item in items::of_meeting(db, meeting.id).await? {
        if let Some(why) = of_item(db, &item).await? {
            out.push((item, why));
        }
    }
    Ok(out)
}

impl Item {
    /// The matter has joined another: the item goes along, with what was prepared, unless the other
    /// is before the council already.
    pub(in crate::domain) async fn carry(self, act: &Act, from: &Issue, into: &Issue) -> Result<()> {
        if items::open_of_issue(act.tx(), into.id).await?.is_some() {
            self.withdraw(act).await?;
            return Ok(());
        }
        let item = self.change(act, ActiveModel { issue_id: Set(Some(into.id)), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemCarried { from: from.id, from_number: from.number }).await?;
        Ok(())
    }
}
