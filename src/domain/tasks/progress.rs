//! How far a task has come, said by whoever carries it out before it is done: words and pictures. What a resolution set is awaited by
//! more than its giver.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Task;
use crate::domain::attachments::{self, Of, Phase};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId, ProgressId, TaskId};
use crate::kernel::photos::Prepared;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgressId,
    pub task_id: TaskId,
    pub organisation_id: OrganisationId,
    pub person_id: PersonId,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub photos: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Progress;

/// What was said of several tasks, the latest first.
pub async fn progress_of(db: &impl ConnectionTrait, tasks: Vec<TaskId>) -> Result<Vec<Progress>> {
    if tasks.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::TaskId.is_in(tasks)).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(db).await?)
}

impl Task {
    /// Whoever has it says how far it has come.
    pub async fn report_progress(&self, act: &Act, issue: &Issue, words: &str, photos: Vec<Prepared>) -> Result<Progress> {
        self.ask_own(act)?;
        if !self.state.is_open() {
            return Err(Refusal::new("task_over").into());
        }
        let words = text::words("words", words, 4, 1000)?;
        let person = act.actor.person().ok_or_else(|| Refusal::new("only_own_task"))?;
        let photos = attachments::attach(act, issue.id, Of::Task(self.id, Phase::Progress), photos).await?;
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            id: Set(ProgressId(act.fresh())),
            task_id: Set(self.id),
            organisation_id: Set(self.organisation_id),
            person_id: Set(person),
            words: Set(words),
            words_salt: Set(salt),
            photos: Set(photos as i32),
            created_at: Set(act.at),
        };
        let progress = row.insert(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::ProgressReported { number: self.number, words: hash, photos }).await?;
        Ok(progress)
    }
}
