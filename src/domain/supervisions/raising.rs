//! When something late is reported to the street, and when that is over. Decided by stored times: two processes that look
//! at once report it once, a clock that is put back reports nothing again, and a server that slept reports each thing once
//! and sends none of the reminders that have been overtaken.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait as _, Value};
use serde_json::json;
use uuid::Uuid;

use super::{Missed, OWED, owing};
use crate::domain::channels::{self, To};
use crate::domain::journal::Entry;
use crate::domain::organisations::OrganisationKind;
use crate::domain::rights::Role;
use crate::domain::{buildings, issues, persons, reminders, tasks};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, SupervisionId, TaskId};

/// What has been late for longer is history: it is neither listed nor told by itself.
const OLDEST_DAYS: i64 = 90;
/// A server that slept for longer than this lists what it finds and sends no letter for each.
const LETTER_DAYS: i64 = 21;

struct Late {
    what: Missed,
    object: Uuid,
    issue: IssueId,
    due: DateTime<Utc>,
    /// It was reported before, was over, and is owed again by the same day.
    again: Option<Uuid>,
}

/// From when on something that was due is reported: after so many full working days.
pub(in crate::domain) fn from(house: &House, due: DateTime<Utc>) -> DateTime<Utc> {
    house.calendar().moved(due, house.settings().supervise_after)
}

/// Reports what has been late for long enough; gives how much.
pub async fn raise_due(house: &House) -> Result<usize> {
    let now = house.now();
    if reminders::quiet(now, &house.calendar()) {
        return Ok(0);
    }
    let mut n = 0;
    for late in late(house, now).await? {
        let since = from(house, late.due);
        if now < since {
            continue;
        }
        let act = house.act(Actor::System).await?;
        if raise(&act, &late, now - since < Duration::days(LETTER_DAYS)).await? {
            act.commit().await?;
            n += 1;
        } else {
            act.undo().await?;
        }
    }
    Ok(n)
}

async fn late(house: &House, now: DateTime<Utc>) -> Result<Vec<Late>> {
    let oldest = now - Duration::days(OLDEST_DAYS);
    let tasks = "select t.id, t.issue_id, t.due_at as due from tasks t where t.state in ('dispatched','acknowledged','in_work') \
                 and t.due_at <= ? and t.due_at > ? and not exists (select 1 from clock_stops c where c.task_id = t.id and c.ended_at is null)";
    // What is owed and late is what is due next, of which there is an index.
    let answers = "select i.id, i.id as issue_id, i.first_answer_due as due from issues i where i.first_answer_due <= ? and i.first_answer_due > ? \
                   and i.next_due <= ? and i.state in ('received','accepted','in_work','on_agenda','decided','long_term','done')";
    let results = "select i.id, i.id as issue_id, i.result_due as due from issues i where i.result_due <= ? and i.result_due > ? \
                   and i.next_due <= ? and i.state in ('accepted','in_work')";
    let mut all = vec![];
    let dates: [Value; 2] = [now.into(), oldest.into()];
    for (what, inner, dates) in [
        (Missed::Task, tasks, dates.to_vec()),
        (Missed::Answer, answers, [&dates[..], &[now.into()]].concat()),
        (Missed::Result, results, [&dates[..], &[now.into()]].concat()),
    ] {
        let text = format!(
            "select x.id, x.issue_id, x.due, s.id from ({inner}) x left join supervisions s \
             on s.object_id = x.id and s.what = ? and s.due_at = x.due where s.id is null or s.settled_at is not null order by x.due"
        );
        let db = house.read();
        for row in db.query_all_raw(sql(db, &text, dates.into_iter().chain([what.as_str().into()]))).await? {
            all.push(Late {
                what,
                object: row.try_get_by_index(0)?,
                issue: IssueId(row.try_get_by_index(1)?),
                due: row.try_get_by_index(2)?,
                again: row.try_get_by_index(3)?,
            });
        }
    }
    Ok(all)
}

/// Whoever writes the row reports it; another process finds it written.
async fn raise(act: &Act, late: &Late, tell: bool) -> Result<bool> {
    if let Some(id) = late.again {
        let text = "update supervisions set settled_at = null where id = ? and settled_at is not null";
        return Ok(act.tx().execute_raw(sql(act.tx(), text, [id.into()])).await?.rows_affected() == 1);
    }
    let issue = issues::by_id(act.tx(), late.issue).await?;
    let id = SupervisionId(act.fresh());
    let text = "insert into supervisions (id, building_id, issue_id, what, object_id, due_at, raised_at) values (?, ?, ?, ?, ?, ?, ?) \
                on conflict (object_id, what, due_at) do nothing";
    let (building, what) = (issue.building_id.0.into(), late.what.as_str().into());
    let values = [id.0.into(), building, issue.id.0.into(), what, late.object.into(), late.due.into(), act.at.into()];
    if act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() != 1 {
        return Ok(false);
    }
    let task = match late.what {
        Missed::Task => Some(tasks::by_id(act.tx(), TaskId(late.object)).await?),
        _ => None,
    };
    let entry = Entry::SupervisionRaised { what: late.what, task: task.as_ref().map(|t| t.number), due: late.due };
    act.journal(issue.on_self(), &entry).await?;
    if tell {
        let once = format!("supervision/{}/{}/{}", late.what, late.object.simple(), late.due.timestamp());
        let building = buildings::by_id(act.tx(), issue.building_id).await?;
        let officers = persons::holders(act.tx(), &building, Role::Department).await?;
        let supervision = super::by_id(act.tx(), id).await?;
        let owing = owing(act, &issue, &[supervision]).await?.into_iter().filter(|p| !officers.contains(p)).collect();
        let owes = task.as_ref().map(|t| t.organisation_id).or(issue.holder_id);
        let data = json!({ "issue": issue.id, "task": task.as_ref().map(|t| t.id) });
        channels::tell(act, "supervised", issue.building_id, &[To::Kind(OrganisationKind::Department)], &data, Some(&once)).await?;
        issue.tell_channels(act, "supervised_told", owes, true, task.as_ref(), Some(&once)).await?;
        issue.tell_once(act, "supervised", officers, task.as_ref(), &once).await?;
        issue.tell_once(act, "supervised_told", owing, task.as_ref(), &once).await?;
    }
    Ok(true)
}

/// Takes from the street's desk what is over; gives how much.
pub async fn settle_due(house: &House) -> Result<usize> {
    let db = house.read();
    let over = format!("select count(*) from supervisions where settled_at is null and not {OWED}");
    let row = db.query_one_raw(sql(db, &over, [])).await?;
    if row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() == 0 {
        return Ok(0);
    }
    let act = house.act(Actor::System).await?;
    let text = format!("update supervisions set settled_at = ? where settled_at is null and not {OWED}");
    let n = act.tx().execute_raw(sql(act.tx(), &text, [act.at.into()])).await?.rows_affected();
    act.commit().await?;
    Ok(n as usize)
}
