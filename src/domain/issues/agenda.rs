//! The council's side of a matter: nominated, tabled, decided, and back again when a remedy failed.

use sea_orm::ActiveValue::Set;

use super::{ActiveModel, Issue, IssueState, Verb};
use crate::domain::journal::Entry;
use crate::domain::meetings::items;
use crate::domain::tasks;
use crate::domain::topics;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::ResolutionId;
use crate::kernel::journal;

pub use crate::domain::meetings::items::Source;

impl Issue {
    /// Puts the matter on the council's list; its state changes only when a meeting takes it up.
    pub async fn nominate(self, act: &Act, source: Source) -> Result<Issue> {
        self.nominable()?;
        if items::open_of_issue(act.tx(), self.id).await?.is_some() {
            return Err(Refusal::new("nominated_already").into());
        }
        self.put_forward(act, source).await
    }

    /// What no meeting could ever take up belongs on no list.
    pub(super) fn nominable(&self) -> Result<(), Refusal> {
        if self.state.is_open() { Ok(()) } else { self.state.after(Verb::Table).map(|_| ()) }
    }

    /// The same for a matter that goes there by itself, whatever its state.
    pub(super) async fn put_forward(self, act: &Act, source: Source) -> Result<Issue> {
        match items::propose(act, &self, source).await {
            Err(Error::NotFound) => Err(Refusal::new("no_council").into()),
            Err(e) => Err(e),
            Ok(_) => {
                self.tell_secretary(act, "nominated").await?;
                Ok(self)
            }
        }
    }

    /// A meeting takes it up; where it stood before is remembered, in case the meeting lets go of it.
    pub(in crate::domain) async fn table(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Table)?;
        let before = if self.state == IssueState::OnAgenda { self.state_before.clone() } else { Some(self.state.as_str().to_owned()) };
        let set = ActiveModel {
            state: Set(next),
            state_before: Set(before),
            closed_by: Set(None),
            closed_at: Set(None),
            confirm_due: Set(None),
            ..Default::default()
        };
        self.change(act, set).await
    }

    /// A check found that the remedy failed: before the council again, and not back to where it was thought to be.
    pub(in crate::domain) async fn table_failed(self, act: &Act) -> Result<Issue> {
        let issue = self.table(act).await?;
        issue.change(act, ActiveModel { state_before: Set(None), ..Default::default() }).await
    }

    /// The meeting let go of it without a decision: it stands where it stood, and reporters who were being asked are
    /// given their time anew.
    pub(in crate::domain) async fn untable(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Untable)?;
        let before: Option<IssueState> = self.state_before.as_deref().map(str::parse).transpose()?;
        let mut set = ActiveModel { state_before: Set(None), ..Default::default() };
        let working = tasks::of_issue(act.tx(), self.id).await?.iter().any(|t| t.state.is_open());
        set.state = Set(match before {
            Some(s @ (IssueState::InWork | IssueState::LongTerm | IssueState::Decided)) => s,
            Some(IssueState::Done) => {
                set.confirm_due = Set(Some(self.confirm_until(act).await?));
                IssueState::Done
            }
            Some(IssueState::Closed) => {
                let lines = journal::of_issue(act.tx(), self.id).await?;
                let closing = lines.iter().rev().find_map(|l| match l.entry::<Entry>() {
                    Ok(Entry::IssueClosed { by, .. }) => Some((by, l.at)),
                    _ => None,
                });
                let (by, at) = closing.ok_or_else(|| Error::broken("closed by nobody"))?;
                (set.closed_by, set.closed_at) = (Set(Some(by)), Set(Some(at)));
                IssueState::Closed
            }
            _ if working => next.after(Verb::Start)?,
            _ => next,
        });
        self.change(act, set).await
    }

    /// A resolution holds; it answers whatever its topic gathered, too.
    pub(in crate::domain) async fn decide(self, act: &Act, resolution: ResolutionId) -> Result<Issue> {
        let next = self.state.after(Verb::Decide)?;
        let issue = self.change(act, ActiveModel { state: Set(next), state_before: Set(None), ..Default::default() }).await?;
        topics::answer(act, &issue, resolution).await?;
        Ok(issue)
    }
}
