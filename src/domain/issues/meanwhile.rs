//! Two at once: of two who act on the same matter, one wins, and the other is shown what happened meanwhile. What
//! merely joins the matter while somebody writes, another "me too" or a note between the parties, stops nobody.

use sea_orm::ConnectionTrait;

use super::Issue;
use crate::domain::journal::Entry;
use crate::domain::messages::Voice;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::journal::{self, Model as Line};

/// What somebody had before their eyes when they began to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The matter's version.
    pub version: i32,
    /// The last line of its journal.
    pub line: i64,
}

/// Whether a line means that somebody else has acted upon the matter.
fn acts_upon(line: &Line) -> Result<bool> {
    use Entry::*;
    Ok(match line.entry()? {
        ReportReceived { .. } | ReportWithdrawn { .. } | ReporterErased { .. } | ReporterRead { .. } | ConfirmationGiven { .. } => false,
        QuestionAnswered { .. } | WordsReleased { .. } | WordsWithheld { .. } | TitleReleased { .. } | PhotoReleased { .. } => false,
        ReportHidden { .. } | HidingAppealed { .. } | HidingDecided { .. } | PhotoCovered { .. } | OriginalSeen { .. } | SatisfactionGiven { .. } => {
            false
        }
        IssueLinked { .. } | IssueUnlinked { .. } | IssueCameBack { .. } | ReportCopied { .. } => false,
        CallBackMade { .. } | MessageWithheld { .. } | MessageShownAgain { .. } | Mentioned { .. } => false,
        IssueAssigned { .. } | PutInHands { .. } | TaskAssigned { .. } | AcknowledgementUndone { .. } => false,
        TaskStepAdded { .. } | TaskStepTicked { .. } | TaskStepDropped { .. } | TaskPartNeeded { .. } | TaskPartCame { .. } => false,
        TaskCosted { .. } | VisitAsked { .. } | VisitAnswered { .. } | TaskPictured { .. } | TaskSafetyNoted { .. } => false,
        TaskAcknowledged { .. } | TaskStarted { .. } | MeasureRecorded { .. } | LiftsForecast { .. } | ReminderSent { .. } => false,
        // Two colleagues answering the same reporters is what a page must not let happen unseen.
        MessageSent { voice, .. } | MessageEdited { voice, .. } => voice == Voice::Reporters && line.actor == "person",
        _ => true,
    })
}

impl Issue {
    /// Fails with a conflict where somebody has acted upon the matter since.
    pub async fn untouched_since(self, act: &Act, seen: Seen) -> Result<Issue> {
        if self.version == seen.version {
            return Ok(self);
        }
        let lines = journal::of_issue_since(act.tx(), self.id, seen.line).await?;
        for line in &lines {
            if acts_upon(line)? {
                return Err(Error::Conflict);
            }
        }
        // A version without a line is a change that this page cannot explain.
        if lines.is_empty() { Err(Error::Conflict) } else { Ok(self) }
    }

    /// What others did meanwhile, oldest first.
    pub async fn meanwhile(&self, db: &impl ConnectionTrait, since: i64) -> Result<Vec<Line>> {
        let lines = journal::of_issue_since(db, self.id, since).await?;
        let mut acts = vec![];
        for line in lines {
            if acts_upon(&line)? {
                acts.push(line);
            }
        }
        Ok(acts)
    }
}
