//! How rounds stand: told from their tasks at the moment of reading, and kept nowhere twice.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::Plan;
use crate::domain::tasks::TaskState;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, MaintenancePlanId, OrganisationId};

/// How a round stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody has it, and its day has not passed.
    UnderWay,
    /// Its day has passed, and nobody has done it.
    Late,
    Done,
    DoneLate,
    /// It was never made, or given up.
    Missed,
}

impl Standing {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::UnderWay => "under_way",
            Standing::Late => "late",
            Standing::Done => "done",
            Standing::DoneLate => "done_late",
            Standing::Missed => "missed",
        }
    }
    /// Whether it has been done, in time or not.
    pub fn is_done(self) -> bool {
        matches!(self, Standing::Done | Standing::DoneLate)
    }
}

/// When somebody said that it was done, and whether somebody else has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    pub at: DateTime<Utc>,
    pub verified: bool,
}

/// A round as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    pub plan: MaintenancePlanId,
    pub day: NaiveDate,
    /// Of its matter; none where it was never made.
    pub number: Option<i32>,
    /// When it was to be done, exclusive.
    pub due: Option<DateTime<Utc>>,
    pub done: Option<Done>,
    pub standing: Standing,
}

/// The last rounds of plans, the newest of each first.
pub async fn rounds(db: &impl ConnectionTrait, plans: &[MaintenancePlanId], now: DateTime<Utc>, most: i64) -> Result<Vec<Round>> {
    if plans.is_empty() {
        return Ok(vec![]);
    }
    // Of several tasks that which was done or may yet be; one given back or cancelled only where there is no other.
    let text = format!(
        "select r.plan_id, r.day, i.number, t.state, t.due_at, t.done_at, \
         (select 1 from clock_stops s where s.task_id = t.id and s.ended_at is null) from \
         (select m.*, row_number() over (partition by m.plan_id order by m.day desc) as k from maintenance_rounds m where m.plan_id in ({})) r \
         left join issues i on i.id = r.issue_id \
         left join tasks t on t.issue_id = r.issue_id and t.number = (select x.number from tasks x where x.issue_id = r.issue_id \
         order by case x.state when 'cancelled' then 2 when 'returned' then 1 else 0 end, x.number desc limit 1) \
         where r.k <= ? order by r.plan_id, r.day desc",
        vec!["?"; plans.len()].join(",")
    );
    let values = plans.iter().map(|p| Value::from(p.0)).chain([most.into()]);
    let mut all = vec![];
    for row in db.query_all_raw(sql(db, &text, values)).await? {
        let day: String = row.try_get_by_index(1)?;
        let state: Option<TaskState> = row.try_get_by_index(3)?;
        let (due, done): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
        let stands = row.try_get_by_index::<Option<i32>>(6)?.is_some();
        let done = done.map(|at| Done { at, verified: state == Some(TaskState::Verified) });
        all.push(Round {
            plan: MaintenancePlanId(row.try_get_by_index(0)?),
            day: day.parse().map_err(|_| Error::broken(format!("not a day: {day}")))?,
            number: row.try_get_by_index(2)?,
            due,
            done,
            standing: standing(state, due, done, stands, now),
        });
    }
    Ok(all)
}

fn standing(state: Option<TaskState>, due: Option<DateTime<Utc>>, done: Option<Done>, stands: bool, now: DateTime<Utc>) -> Standing {
    let late = |at: DateTime<Utc>| due.is_some_and(|due| due <= at);
    match (state, done) {
        (None | Some(TaskState::Cancelled), _) => Standing::Missed,
        (Some(TaskState::Done | TaskState::Verified), Some(d)) if late(d.at) => Standing::DoneLate,
        (Some(TaskState::Done | TaskState::Verified), _) => Standing::Done,
        // A clock that stands for a stated reason is nobody's fault.
        (Some(_), _) if late(now) && !stands => Standing::Late,
        (Some(_), _) => Standing::UnderWay,
    }
}

/// The last rounds of one plan.
pub async fn rounds_of(db: &impl ConnectionTrait, plan: &Plan, now: DateTime<Utc>, most: i64) -> Result<Vec<Round>> {
    rounds(db, &[plan.id], now, most).await
}

/// How many rounds of each building wait past their day with these organisations.
pub async fn late_at_desk(db: &impl ConnectionTrait, organisations: &[OrganisationId], now: DateTime<Utc>) -> Result<HashMap<BuildingId, i64>> {
    if organisations.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "select i.building_id, count(*) from tasks t join issues i on i.id = t.issue_id where i.origin = 'plan' and t.organisation_id in ({}) \
         and t.state in ('dispatched','acknowledged','in_work') and t.due_at <= ? \
         and not exists (select 1 from clock_stops s where s.task_id = t.id and s.ended_at is null) group by i.building_id",
        vec!["?"; organisations.len()].join(",")
    );
    let values = organisations.iter().map(|o| Value::from(o.0)).chain([now.into()]);
    let mut all = HashMap::new();
    for row in db.query_all_raw(sql(db, &text, values)).await? {
        all.insert(BuildingId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
    }
    Ok(all)
}
