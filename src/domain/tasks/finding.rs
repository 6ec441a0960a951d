//! Whoever works on something finds something else. It is a matter of its own, linked to that at which it was found.

use super::{Task, TaskState};
use crate::domain::attachments::{self, Attachment, Of};
use crate::domain::buildings::{self, Place};
use crate::domain::categories::Category;
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::links::{self, How};
use crate::domain::messages::{self, Voice};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::photos::Prepared;
use crate::kernel::text;

/// Longest words about what was found, in characters.
pub const FINDING_MAX: usize = 1000;

/// What was found.
pub struct Finding<'a> {
    pub place: &'a Place,
    pub category: &'a Category,
    pub words: &'a str,
    pub photos: Vec<Prepared>,
}

impl Task {
    /// Says what was found while at it, by whoever has the task. Its words are the parties' until the secretary releases them.
    pub async fn found(&self, act: &Act, issue: &Issue, new: Finding<'_>) -> Result<Issue> {
        self.ask_own(act)?;
        if matches!(self.state, TaskState::Returned | TaskState::Cancelled) {
            let refusal = Refusal::new("task_state").with("verb", "@task_verbs.find");
            return Err(refusal.with("state", format!("@task_states.{}", self.state.as_str())).into());
        }
        if new.place.building_id != issue.building_id || new.place.retired_at.is_some() {
            return Err(Refusal::new("unknown_place").at("place").into());
        }
        let words = text::words("words", new.words, 4, FINDING_MAX)?;
        let found = issues::open_found(act, issue, new.place, new.category, &words).await?;
        let entry = Entry::IssueFound {
            number: found.number,
            category: new.category.code.clone(),
            place: new.place.id,
            at: issue.id,
            at_number: issue.number,
        };
        act.journal(found.on_self(), &entry).await?;
        messages::note(act, &found, Voice::Parties, &words).await?;
        attachments::attach(act, found.id, Of::Finding, new.photos).await?;
        links::keep(act, &found, How::Related, issue).await?;
        act.journal(issue.on_self(), &Entry::IssueLinked { how: How::Related, other: found.id, number: found.number }).await?;
        links::note_return(act, &found).await?;
        let found = found.route(act).await?;
        let building = buildings::by_id(act.tx(), issue.building_id).await?;
        found.tell_desk(act, &building, "issue_received").await?;
        Ok(found)
    }
}

/// The pictures that came with what was found, among all of a matter's; like its words they are the parties' until released.
pub fn finding_pictures<'a>(issue: &Issue, all: &'a [Attachment]) -> Vec<&'a Attachment> {
    let found = issue.origin == issues::Origin::Found;
    all.iter().filter(|a| found && a.report_id.is_none() && a.task_id.is_none() && a.message_id.is_none()).collect()
}

/// What was found at a matter: the words as they were written, for those who may read what is not released.
pub async fn finding(db: &impl sea_orm::ConnectionTrait, issue: &Issue) -> Result<Option<String>, Error> {
    if issue.origin != issues::Origin::Found {
        return Ok(None);
    }
    Ok(messages::of_issue(db, issue.id).await?.into_iter().next().and_then(|m| m.words))
}
