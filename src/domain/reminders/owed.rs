//! What is owed by a day, and how far its reminders have got.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait as _, QueryResult};
use uuid::Uuid;

use super::{Level, STALE_DAYS};
use crate::kernel::act::House;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::IssueId;

vocabulary! {
    /// What is owed.
    What {
        /// A task, by its organisation.
        Task = "task",
        /// The first answer to a report, by whoever holds the matter.
        Answer = "answer",
        /// The result, by whoever holds the matter.
        Result = "result",
        /// A look at what is on the long-term list.
        Review = "review",
        /// An effect check, by the secretary.
        Check = "check",
        /// The reporters' word on whether it is fixed.
        Confirmation = "confirmation",
        /// Presence at a meeting.
        Meeting = "meeting",
        /// The report of whoever took a matter over, on the day that they named.
        Report = "report",
    }
}

impl What {
    /// Whether one reminder is enough; what somebody must do is reminded of again when it is pressing.
    pub(super) fn told_once(self) -> bool {
        matches!(self, What::Review | What::Check | What::Confirmation | What::Meeting)
    }
}

impl What {
    /// Whether the street is told where it stays late.
    pub(super) fn is_supervised(self) -> bool {
        matches!(self, What::Task | What::Answer | What::Result)
    }
}

/// One thing owed.
#[derive(Clone, Debug)]
pub(super) struct Owed {
    pub what: What,
    /// The row that the reminders are noted under.
    pub object: Uuid,
    pub issue: Option<IssueId>,
    pub start: DateTime<Utc>,
    pub due: DateTime<Utc>,
    /// The highest level told so far for this day; 0 for none.
    pub told: i32,
    /// The first level at which this kind is told at all.
    pub from: Level,
    /// Danger and utilities: told at any hour.
    pub urgent: bool,
}

const TOLD: &str = "coalesce((select max(r.level) from reminders r where r.object_id = x.id and r.what = ? and r.due_at = x.due), 0)";

/// Everything owed whose reminders may not be complete.
pub(super) async fn open(house: &House, now: DateTime<Utc>) -> Result<Vec<Owed>> {
    let stale = now - Duration::days(STALE_DAYS);
    let today = house.calendar().date_of(now);
    let mut all = vec![];
    // A task whose clock stands is nobody's fault.
    let tasks = "select t.id, t.issue_id, t.dispatched_at as start, t.due_at as due, i.tier from tasks t join issues i on i.id = t.issue_id \
                 where t.state in ('dispatched','acknowledged','in_work') and t.due_at > ? \
                 and not exists (select 1 from clock_stops s where s.task_id = t.id and s.ended_at is null)";
    all.extend(rows(house, What::Task, Level::Half, tasks, [stale.into()]).await?);
    let answers = "select i.id, i.id as issue_id, coalesce(i.clock_from, i.received_at) as start, i.first_answer_due as due, i.tier from issues i \
                   where i.next_due > ? and i.first_answer_due > ? and i.state in ('received','accepted','in_work','on_agenda','decided','long_term','done')";
    all.extend(rows(house, What::Answer, Level::LastDay, answers, [stale.into(), stale.into()]).await?);
    // While a task runs, its own reminders are enough until the result is late.
    for (level, tasks) in [(Level::Half, "not exists"), (Level::Late, "exists")] {
        let results = format!(
            "select i.id, i.id as issue_id, coalesce(i.clock_from, i.received_at) as start, i.result_due as due, i.tier from issues i \
             where i.next_due > ? and i.result_due > ? and i.state in ('accepted','in_work') and {tasks} \
             (select 1 from tasks t where t.issue_id = i.id and t.state in ('dispatched','acknowledged','in_work'))"
        );
        all.extend(rows(house, What::Result, level, &results, [stale.into(), stale.into()]).await?);
    }
    let confirmations = "select i.id, i.id as issue_id, i.done_at as start, i.confirm_due as due, i.tier from issues i \
                         where i.state = 'done' and i.confirm_due > ?";
    all.extend(rows(house, What::Confirmation, Level::LastDay, confirmations, [now.into()]).await?);
    let meetings = "select m.id, cast(null as uuid) as issue_id, m.called_at as start, m.starts_at as due, 't2' as tier from meetings m \
                    where m.state = 'called' and m.starts_at > ? and m.starts_at <= ?";
    all.extend(rows(house, What::Meeting, Level::Half, meetings, [now.into(), (now + Duration::hours(30)).into()]).await?);
    let mut days = vec![];
    for (what, text) in [
        (
            What::Review,
            "select x.id, x.id as issue_id, x.review_on as day from issues x where x.state = 'long_term' and x.review_on <= ? and x.review_on > ?",
        ),
        (
            What::Check,
            "select x.id, x.issue_id, x.planned_on as day from effect_checks x where x.verdict is null and x.planned_on <= ? and x.planned_on > ?",
        ),
        (
            What::Report,
            "select x.id, x.issue_id, x.report_on as day from hand_overs x join issues i on i.id = x.issue_id and i.holder_id = x.to_id \
             where x.state = 'agreed' and x.reported_at is null and i.state in ('received','accepted','in_work','on_agenda','decided','long_term') \
             and x.report_on <= ? and x.report_on > ?",
        ),
    ] {
        let db = house.read();
        let values = [today.to_string().into(), (today - Duration::days(STALE_DAYS)).to_string().into()];
        for row in db.query_all_raw(sql(db, text, values)).await? {
            days.push((what, row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<Option<Uuid>>(1)?, row.try_get_by_index::<String>(2)?));
        }
    }
    for (what, object, issue, day) in days {
        let Ok(day) = day.parse() else { continue };
        let due = house.calendar().end_of(day);
        // The day itself is the first and only occasion; a day later it is said once all the same.
        let start = due - Duration::days(1);
        let told = told(house, what, object, due).await?;
        all.push(Owed { what, object, issue: issue.map(IssueId), start, due, told, from: Level::LastDay, urgent: false });
    }
    Ok(all)
}

async fn rows<const N: usize>(house: &House, what: What, from: Level, inner: &str, values: [sea_orm::Value; N]) -> Result<Vec<Owed>> {
    let db = house.read();
    let text = format!("select x.id, x.issue_id, x.start, x.due, x.tier, {TOLD} from ({inner}) x where x.due is not null");
    let values = std::iter::once(what.as_str().into()).chain(values);
    let rows = db.query_all_raw(sql(db, &text, values)).await?;
    rows.iter().map(|row| owed(row, what, from)).collect()
}

fn owed(row: &QueryResult, what: What, from: Level) -> Result<Owed> {
    let due: DateTime<Utc> = row.try_get_by_index(3)?;
    let tier: String = row.try_get_by_index(4)?;
    Ok(Owed {
        what,
        object: row.try_get_by_index(0)?,
        issue: row.try_get_by_index::<Option<Uuid>>(1)?.map(IssueId),
        start: row.try_get_by_index::<Option<DateTime<Utc>>>(2)?.unwrap_or(due),
        due,
        told: row.try_get_by_index(5)?,
        from,
        urgent: matches!(tier.as_str(), "t0" | "t1"),
    })
}

async fn told(house: &House, what: What, object: Uuid, due: DateTime<Utc>) -> Result<i32> {
    let db = house.read();
    let text = "select coalesce(max(level), 0) from reminders where object_id = ? and what = ? and due_at = ?";
    let row = db.query_one_raw(sql(db, text, [object.into(), what.as_str().into(), due.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
}
