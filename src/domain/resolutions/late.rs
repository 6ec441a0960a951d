//! A task of a resolution that stays late comes before the council by itself, once.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait as _;

use super::{Resolution, back_on_list, by_id};
use crate::domain::meetings::items::Source;
use crate::domain::tasks;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{ResolutionId, TaskId};

/// Working days after its day.
pub const LATE_DAYS: u32 = 5;
/// What has been late for longer is history, and comes up by nobody's doing but the secretary's.
const OLDEST_DAYS: i64 = 90;

/// Puts what is late for long enough on its council's list; gives how many tasks.
pub async fn table_late_due(house: &House) -> Result<usize> {
    let now = house.now();
    let db = house.read();
    let text = "select t.id, t.resolution_id, t.due_at from tasks t join resolutions r on r.id = t.resolution_id \
        where t.state in ('dispatched','acknowledged','in_work') and t.due_at <= ? and t.due_at > ? and r.ended_at is null \
        and not exists (select 1 from late_items l where l.task_id = t.id) \
        and not exists (select 1 from clock_stops c where c.task_id = t.id and c.ended_at is null) order by t.due_at";
    let rows = db.query_all_raw(sql(db, text, [now.into(), (now - Duration::days(OLDEST_DAYS)).into()])).await?;
    let mut n = 0;
    for row in rows {
        let (task, resolution): (uuid::Uuid, uuid::Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let due: DateTime<Utc> = row.try_get_by_index(2)?;
        if now < house.calendar().moved(due, LATE_DAYS) {
            continue;
        }
        let act = house.act(Actor::System).await?;
        if table(&act, TaskId(task), &by_id(act.tx(), ResolutionId(resolution)).await?).await? {
            act.commit().await?;
            n += 1;
        } else {
            act.undo().await?;
        }
    }
    Ok(n)
}

/// Whoever writes the row puts it there; another process finds it written.
async fn table(act: &Act, task: TaskId, r: &Resolution) -> Result<bool> {
    if !tasks::by_id(act.tx(), task).await?.state.is_open() {
        return Ok(false);
    }
    let item = back_on_list(act, r, Source::LateTask).await?;
    let text = "insert into late_items (task_id, item_id, at) values (?, ?, ?) on conflict (task_id) do nothing";
    let values = [task.0.into(), item.id.0.into(), act.at.into()];
    Ok(act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() == 1)
}
