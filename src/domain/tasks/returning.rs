//! A task that is not done: given back by whoever has it, cancelled by whoever gave it.

use sea_orm::ActiveValue::Set;

use super::{ActiveModel, Task, TaskVerb, of_issue, of_resolution};
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::messages::{self, Voice};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::ResolutionId;
use crate::kernel::text;

impl Task {
    /// Not ours: gives it back, once in a matter, within one working day. A task from a signed undertaking cannot be given back.
    pub async fn give_back(self, act: &Act, issue: &Issue, words: &str) -> Result<Task> {
        self.ask_own(act)?;
        let before = of_issue(act.tx(), self.issue_id).await?;
        self.returnable(&before, &act.calendar(), act.at)?;
        let words = text::words("words", words, 4, 1000)?;
        let next = self.state.after(TaskVerb::Return)?;
        self.extension_lapses(act).await?;
        let task = self.change(act, ActiveModel { state: Set(next), ..Default::default() }).await?;
        let hash = messages::note(act, issue, Voice::Parties, &words).await?;
        act.journal(issue.on_self(), &Entry::TaskReturned { number: task.number, words: hash }).await?;
        issue.tell_holder_of(act, "task_returned", &task).await?;
        Ok(task)
    }

    /// No longer needed. Why stands among the parties' messages: who has it wants to know.
    pub async fn cancel(self, act: &Act, issue: &Issue, words: &str) -> Result<Task> {
        issue.ask_holder(act)?;
        let words = text::words("words", words, 2, 1000)?;
        let next = self.state.after(TaskVerb::Cancel)?;
        self.extension_lapses(act).await?;
        let task = self.change(act, ActiveModel { state: Set(next), ..Default::default() }).await?;
        messages::note(act, issue, Voice::Parties, &words).await?;
        act.journal(issue.on_self(), &Entry::TaskCancelled { number: task.number }).await?;
        Box::pin(issue.round_cancelled(act)).await?;
        Ok(task)
    }
}

/// What nobody has finished of a resolution that another has superseded or repealed is no longer owed.
pub(in crate::domain) async fn fall_away(act: &Act, resolution: ResolutionId) -> Result<()> {
    for task in of_resolution(act.tx(), resolution).await?.into_iter().filter(|t| t.state.is_open()) {
        let issue = issues::by_id(act.tx(), task.issue_id).await?;
        let next = task.state.after(TaskVerb::Cancel)?;
        task.extension_lapses(act).await?;
        let task = task.change(act, ActiveModel { state: Set(next), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskCancelled { number: task.number }).await?;
    }
    Ok(())
}
