//! Several things done at once from the desk: the same verb on each matter or task, one line of the journal for each, and
//! one way to take all of it back while nobody has acted on it.

mod doing;
mod undoing;

use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

pub use doing::{Order, Pick, perform, refusals, resolve};
pub use undoing::{Undone, undo};

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BatchId, IssueId, PersonId, TaskId};

vocabulary! {
    /// What is done with each.
    BatchVerb { Accept = "accept", Answer = "answer", Assign = "assign", Transfer = "transfer" }
}

/// Most that is done at once: a page of the desk.
pub const MOST: usize = 50;

/// What somebody did at once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BatchId,
    pub person_id: PersonId,
    pub verb: BatchVerb,
    pub made_at: DateTimeUtc,
    pub undone_at: Option<DateTimeUtc>,
    /// Reporters were told something with it: that cannot be taken back.
    pub told: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Batch;

/// One matter or task of it.
pub mod part {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "batch_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub batch_id: BatchId,
        /// From 1, in the order of the list.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub issue_id: IssueId,
        pub task_id: Option<TaskId>,
        /// The version of the matter, or of the task, that the act left behind.
        pub version: i32,
        /// The last line of the matter's journal then.
        pub line: i64,
        /// In whose hands it was before.
        pub former_id: Option<PersonId>,
        pub undone: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One of a person's own.
pub async fn own(db: &impl ConnectionTrait, person: PersonId, id: BatchId) -> Result<Batch> {
    Entity::find_by_id(id).filter(Column::PersonId.eq(person)).one(db).await?.ok_or(Error::NotFound)
}

/// Its parts, in order.
pub async fn parts(db: &impl ConnectionTrait, id: BatchId) -> Result<Vec<part::Model>> {
    Ok(part::Entity::find().filter(part::Column::BatchId.eq(id)).order_by_asc(part::Column::Position).all(db).await?)
}

/// What a person did last since an instant, and in how many parts; none where it was taken back, or told reporters something.
pub async fn last(db: &impl ConnectionTrait, person: PersonId, since: DateTimeUtc) -> Result<Option<(Batch, u64)>> {
    let recent = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::MadeAt.gte(since)).order_by_desc(Column::MadeAt);
    let Some(batch) = recent.one(db).await?.filter(|b| b.undone_at.is_none() && !b.told) else { return Ok(None) };
    let n = part::Entity::find().filter(part::Column::BatchId.eq(batch.id)).count(db).await?;
    Ok(Some((batch, n)))
}
