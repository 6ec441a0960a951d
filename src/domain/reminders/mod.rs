//! Reminders 催办: those who owe something are told at half time, on the last day, and when it is late. Each once,
//! during working hours, and only the latest that applies: a server that slept sends no heap of old ones.

mod owed;

use chrono::{DateTime, Duration, Timelike as _, Utc};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::issues::{self, Issue};
use super::journal::Entry;
use super::{persons, reports, supervisions, tasks};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::calendar::Calendar;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{MeetingId, PersonId, TaskId};
use crate::kernel::journal::On;
use owed::Owed;
pub use owed::What;

/// How pressing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Half of the time is over.
    Half = 1,
    /// It is the last day.
    LastDay = 2,
    /// It is late; from now on the secretary knows, too.
    Late = 3,
}

/// Older than this nobody is reminded any more: the desk shows what is late.
const STALE_DAYS: i64 = 7;

/// Working hours of those who are reminded.
const HOURS: std::ops::Range<u32> = 8..20;

/// The level that is reached: of several that have passed, the last.
fn reached(start: DateTime<Utc>, due: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar) -> Option<Level> {
    if now - due > Duration::days(STALE_DAYS) {
        return None;
    }
    let last_day = calendar.date_of(due - Duration::microseconds(1));
    let (half, morning) = (start + (due - start) / 2, calendar.end_of(last_day) - Duration::hours(16));
    // What is owed within hours has no morning before it.
    let last = if morning > start { morning } else { half };
    if now >= due {
        Some(Level::Late)
    } else if now >= last {
        Some(Level::LastDay)
    } else if now >= half {
        Some(Level::Half)
    } else {
        None
    }
}

/// Nobody wants to be woken by a machine; danger and utilities do not wait for the morning.
pub(in crate::domain) fn quiet(now: DateTime<Utc>, calendar: &Calendar) -> bool {
    !calendar.is_working(calendar.date_of(now)) || !HOURS.contains(&dates::local(now).hour())
}

/// Sends what is due now; gives how many.
pub async fn send_due(house: &House) -> Result<usize> {
    let (now, calendar) = (house.now(), house.calendar());
    let quiet = quiet(now, &calendar);
    let mut sent = 0;
    for owed in owed::open(house, now).await? {
        let Some(level) = reached(owed.start, owed.due, now, &calendar) else { continue };
        // A meeting on a Monday is announced again the day before: that it is near asks nobody to work.
        let awake = owed.what == What::Meeting && HOURS.contains(&dates::local(now).hour());
        let told = if owed.what.told_once() { owed.told > 0 } else { level as i32 <= owed.told };
        // What is reported to the street by now needs no reminder any more: of several levels only the last is told.
        let overtaken = owed.what.is_supervised() && now >= supervisions::raised_from(house, owed.due);
        if told || overtaken || level < owed.from || (quiet && !owed.urgent && !awake) {
            continue;
        }
        let act = house.act(Actor::System).await?;
        if !claim(&act, &owed, level).await? {
            act.undo().await?;
            continue;
        }
        tell(&act, &owed, level).await?;
        act.commit().await?;
        sent += 1;
    }
    Ok(sent)
}

/// Whoever writes the row reminds; another process finds it written.
async fn claim(act: &Act, owed: &Owed, level: Level) -> Result<bool> {
    let text =
        "insert into reminders (what, object_id, level, due_at, at) values (?, ?, ?, ?, ?) on conflict (object_id, what, level, due_at) do nothing";
    let values = [owed.what.as_str().into(), owed.object.into(), (level as i32).into(), owed.due.into(), act.at.into()];
    Ok(act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() == 1)
}

async fn tell(act: &Act, owed: &Owed, level: Level) -> Result<()> {
    let once = format!("reminder/{}/{}/{}/{}", owed.what, owed.object.simple(), level as i32, owed.due.timestamp());
    let pick = |half, last, late| match level {
        Level::Half => half,
        Level::LastDay => last,
        Level::Late => late,
    };
    let issue = match owed.issue {
        Some(id) => Some(issues::by_id(act.tx(), id).await?),
        None => None,
    };
    match (owed.what, issue) {
        (What::Task, Some(issue)) => {
            let task = tasks::by_id(act.tx(), TaskId(owed.object)).await?;
            let people = whom(persons::of_organisation(act.tx(), task.organisation_id).await?, task.person_id, level);
            let kind = pick("task_half", "task_last_day", "task_late");
            issue.tell_channels(act, kind, Some(task.organisation_id), level == Level::Late, Some(&task), Some(&once)).await?;
            issue.tell_once(act, kind, people, Some(&task), &once).await?;
            late_to_secretary(act, &issue, level, kind, Some(&task), &once).await?;
            remembered(act, On::new("task", task.id).in_building(issue.building_id).of_issue(issue.id), level).await
        }
        (What::Answer, Some(issue)) => {
            let kind = pick("answer_last_day", "answer_last_day", "answer_late");
            holder(act, &issue, level, kind, &once).await
        }
        (What::Result, Some(issue)) => {
            let kind = pick("result_half", "result_last_day", "result_late");
            holder(act, &issue, level, kind, &once).await
        }
        (What::Review, Some(issue)) => holder(act, &issue, Level::LastDay, "review_due", &once).await,
        (What::Report, Some(issue)) => {
            let kind = pick("report_due", "report_due", "report_late");
            holder(act, &issue, level, kind, &once).await
        }
        (What::Check, Some(issue)) => {
            let building = super::buildings::by_id(act.tx(), issue.building_id).await?;
            let people = persons::holders(act.tx(), &building, super::rights::Role::Secretary).await?;
            issue.tell_once(act, "check_due", people, None, &once).await?;
            remembered(act, issue.on_self(), level).await
        }
        (What::Confirmation, Some(issue)) => {
            for report in reports::of_issue(act.tx(), issue.id).await?.into_iter().filter(|r| r.answer.is_none()) {
                issue.tell_report_once(act, "confirm_last_day", &report, &once).await?;
            }
            remembered(act, issue.on_self(), level).await
        }
        (What::Meeting, _) => {
            let meeting = super::meetings::by_id(act.tx(), MeetingId(owed.object)).await?;
            // Nobody need come to a written procedure; of its end one is reminded who has not voted.
            if meeting.kind != super::meetings::MeetingKind::Written {
                meeting.tell_members_once(act, "meeting_soon", &once).await?;
            }
            remembered(act, meeting.on_self(act).await?, level).await
        }
        (_, None) => Err(Error::broken("something owed that belongs to no matter")),
    }
}

/// Who has it in hand is told first; once it is late, everybody of the organisation.
fn whom(people: Vec<PersonId>, own: Option<PersonId>, level: Level) -> Vec<PersonId> {
    match own.filter(|own| level < Level::Late && people.contains(own)) {
        Some(own) => vec![own],
        None => people,
    }
}

/// What was sent for some tasks and matters, each with the day that it was about.
pub(super) async fn sent(db: &impl ConnectionTrait, objects: &[Uuid]) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let marks = vec!["?"; objects.len()].join(",");
    let text = format!("select object_id, due_at from reminders where object_id in ({marks}) and what in ('task','answer','result')");
    let rows = db.query_all_raw(sql(db, &text, objects.iter().map(|o| Value::from(*o)))).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).collect()
}

async fn holder(act: &Act, issue: &Issue, level: Level, kind: &'static str, once: &str) -> Result<()> {
    let people = match issue.holder_id {
        Some(id) => whom(persons::of_organisation(act.tx(), id).await?, issue.person_id, level),
        None => vec![],
    };
    issue.tell_channels(act, kind, issue.holder_id, level == Level::Late, None, Some(once)).await?;
    issue.tell_once(act, kind, people, None, once).await?;
    late_to_secretary(act, issue, level, kind, None, once).await?;
    remembered(act, issue.on_self(), level).await
}

async fn late_to_secretary(act: &Act, issue: &Issue, level: Level, kind: &'static str, task: Option<&tasks::Task>, once: &str) -> Result<()> {
    if level < Level::Late {
        return Ok(());
    }
    let building = super::buildings::by_id(act.tx(), issue.building_id).await?;
    let people = persons::holders(act.tx(), &building, super::rights::Role::Secretary).await?;
    issue.tell_once(act, kind, people, task, once).await
}

async fn remembered(act: &Act, on: On, level: Level) -> Result<()> {
    act.journal(on, &Entry::ReminderSent { level: level as i32 }).await?;
    Ok(())
}
