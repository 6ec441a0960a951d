//! A round 巡楼: what somebody's organisations have open, to be walked floor by floor.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{Column, Entity, Task, TaskState};
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;

/// Most tasks of one round.
pub const ROUND_MAX: u64 = 100;

/// The open tasks of organisations, the next due first.
pub async fn open_of(db: &impl ConnectionTrait, organisations: Vec<OrganisationId>) -> Result<Vec<Task>> {
    if organisations.is_empty() {
        return Ok(vec![]);
    }
    let open: Vec<TaskState> = TaskState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    let mine = Entity::find().filter(Column::OrganisationId.is_in(organisations)).filter(Column::State.is_in(open));
    Ok(mine.order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(ROUND_MAX).all(db).await?)
}
