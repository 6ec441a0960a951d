//! The steps of a task, ticked off one by one. It is done when none is open.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Task;
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{PersonId, TaskId};
use crate::kernel::journal;
use crate::kernel::text;

/// Most steps of a task.
pub const STEPS_MAX: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: TaskId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub done_at: Option<DateTimeUtc>,
    pub done_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Step;

/// The steps of a task, in their order.
pub async fn steps(db: &impl ConnectionTrait, task: TaskId) -> Result<Vec<Step>> {
    Ok(Entity::find().filter(Column::TaskId.eq(task)).order_by_asc(Column::Position).all(db).await?)
}

/// Those of several tasks at once, for lists.
pub async fn steps_of(db: &impl ConnectionTrait, tasks: Vec<TaskId>) -> Result<Vec<Step>> {
    if tasks.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::TaskId.is_in(tasks)).order_by_asc(Column::Position).all(db).await?)
}

impl Task {
    /// Adds a step, by whoever has the task or gave it.
    pub async fn add_step(&self, act: &Act, issue: &Issue, words: &str) -> Result<Step> {
        self.ask_particular(act, issue)?;
        let words = text::words("step", words, 2, 200)?;
        let before = steps(act.tx(), self.id).await?;
        if before.len() >= STEPS_MAX {
            return Err(Refusal::new("steps_many").with("max", STEPS_MAX).at("step").into());
        }
        let position = before.last().map_or(1, |s| s.position + 1);
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            task_id: Set(self.id),
            position: Set(position),
            words: Set(words),
            words_salt: Set(salt),
            done_at: Set(None),
            done_by: Set(None),
        };
        let step = row.insert(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::TaskStepAdded { number: self.number, position, words: hash }).await?;
        Ok(step)
    }

    /// Ticks a step off, or opens it again.
    pub async fn tick_step(&self, act: &Act, issue: &Issue, position: i32, done: bool) -> Result<()> {
        self.ask_own(act)?;
        self.ask_running_for("@task_verbs.tick")?;
        let step = Entity::find_by_id((self.id, position)).one(act.tx()).await?.ok_or(Error::NotFound)?;
        if step.done_at.is_some() == done {
            return Ok(());
        }
        let mut row: ActiveModel = step.into();
        row.done_at = Set(done.then_some(act.at));
        row.done_by = Set(act.actor.person().filter(|_| done));
        row.update(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::TaskStepTicked { number: self.number, position, done }).await?;
        Ok(())
    }

    /// Fails with a conflict where a step does not stand as whoever writes saw it, because somebody has ticked it or opened it again
    /// after this line of the journal. That others have ticked other steps, or that the work has begun, says nothing against it.
    pub async fn step_as_seen(&self, act: &Act, issue: &Issue, position: i32, done: bool, line: i64) -> Result<()> {
        let step = Entity::find_by_id((self.id, position)).one(act.tx()).await?.ok_or(Error::NotFound)?;
        if step.done_at.is_some() == done {
            return Ok(());
        }
        for line in journal::of_issue_since(act.tx(), issue.id, line).await? {
            if matches!(line.entry()?, Entry::TaskStepTicked { number, position: p, .. } if number == self.number && p == position) {
                return Err(Error::Conflict);
            }
        }
        Ok(())
    }

    /// Takes an open step away that is not needed after all.
    pub async fn drop_step(&self, act: &Act, issue: &Issue, position: i32) -> Result<()> {
        self.ask_particular(act, issue)?;
        let gone = Entity::delete_many().filter(Column::TaskId.eq(self.id)).filter(Column::Position.eq(position)).filter(Column::DoneAt.is_null());
        if gone.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        act.journal(issue.on_self(), &Entry::TaskStepDropped { number: self.number, position }).await?;
        Ok(())
    }

    /// Fails while a step is open.
    pub(super) async fn ask_no_open_steps(&self, act: &Act) -> Result<()> {
        let open = steps(act.tx(), self.id).await?.iter().filter(|s| s.done_at.is_none()).count();
        if open > 0 { Err(Refusal::new("steps_open").with("n", open).into()) } else { Ok(()) }
    }
}
