//! What a plan gives its tasks to begin with: steps, what to mind, and in whose hands they are.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{Task, substeps};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::persons;
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::PersonId;
use crate::kernel::text::{self, TextHash};

impl Task {
    /// Furnishes a task that a plan has just given. Somebody who does not work there any more gets nothing into their hands.
    pub(in crate::domain) async fn furnish(self, act: &Act, issue: &Issue, steps: &[&str], safety: &str, person: Option<PersonId>) -> Result<Task> {
        let number = self.number;
        for (position, words) in (1..).zip(steps) {
            let salt = text::salt();
            let hash = TextHash::of(&salt, words);
            let row = substeps::ActiveModel {
                task_id: Set(self.id),
                position: Set(position),
                words: Set((*words).to_owned()),
                words_salt: Set(salt),
                done_at: Set(None),
                done_by: Set(None),
            };
            row.insert(act.tx()).await?;
            act.journal(issue.on_self(), &Entry::TaskStepAdded { number, position, words: hash }).await?;
        }
        let mut task = self;
        if !safety.is_empty() {
            let hash = TextHash::of(&task.words_salt, safety);
            task = task.change(act, super::ActiveModel { safety: Set(safety.to_owned()), ..Default::default() }).await?;
            act.journal(issue.on_self(), &Entry::TaskSafetyNoted { number, words: hash }).await?;
        }
        let person = persons::still_at_work(act.tx(), person, task.organisation_id, issue.building_id).await?;
        if person.is_some() && person != task.person_id {
            task = task.change(act, super::ActiveModel { person_id: Set(person), ..Default::default() }).await?;
            act.journal(issue.on_self(), &Entry::TaskAssigned { number, to: person }).await?;
        }
        Ok(task)
    }
}
