//! Which open dates would be others by another table, and whether they were promised provisionally: by a table that did not
//! know a year which they touch.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::Model;
use crate::domain::categories::{self, Limit, Until};
use crate::domain::issues;
use crate::domain::times::History;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, IssueId};

/// What was promised by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promised {
    /// A task, by its organisation.
    Task,
    /// The first answer to one report.
    Answer,
    /// The result of a matter.
    Result,
    /// The reporters' word on whether it is fixed.
    Confirmation,
}

impl Promised {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Promised::Task => "task",
            Promised::Answer => "answer",
            Promised::Result => "result",
            Promised::Confirmation => "confirmation",
        }
    }
}

/// A date that another table would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub what: Promised,
    pub building: BuildingId,
    pub issue: IssueId,
    /// The matter's number in its building.
    pub number: i32,
    /// The task, the report, or the matter itself.
    pub object: Uuid,
    /// A task's number.
    pub task: Option<i32>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// It was promised provisionally: only then may it move.
    pub was_provisional: bool,
    /// It would be provisional by the other table, too.
    pub provisional: bool,
}

/// A time in which a clock stood: from inclusive, to exclusive.
type Stop = (DateTime<Utc>, DateTime<Utc>);

/// One open date, with all that it was computed from.
struct Open {
    what: Promised,
    building: BuildingId,
    issue: IssueId,
    number: i32,
    object: Uuid,
    task: Option<i32>,
    start: DateTime<Utc>,
    limit: Limit,
    stops: Vec<Stop>,
    due: DateTime<Utc>,
    /// When it was promised as it stands.
    promised: DateTime<Utc>,
}

impl Open {
    fn by(&self, calendar: &Calendar) -> Until {
        match self.limit {
            Limit::WorkingDays(n) if !self.stops.is_empty() => {
                let due = calendar.due_with_stops(self.start, n, &self.stops);
                Until { at: due.at, provisional: due.provisional }
            }
            limit => limit.from(self.start, calendar),
        }
    }
}

/// The open dates that differ by `table` from what was promised, the earliest first. What cannot be explained by any table
/// that was in force when it was promised (set by hand, merged, changed) is not among them: nobody would know why it moves.
pub async fn differing(db: &impl ConnectionTrait, now: DateTime<Utc>, in_force: &Calendar, table: &Calendar) -> Result<Vec<Moved>> {
    let loaded = super::all(db).await?;
    let tables = Tables::of(&loaded, in_force)?;
    let mut all = vec![];
    for open in open(db, now).await? {
        let to = open.by(table);
        if to.at == open.due || to.at <= now {
            continue;
        }
        let Some(promised) = tables.then(open.promised).iter().map(|c| open.by(c)).find(|u| u.at == open.due) else { continue };
        all.push(Moved {
            what: open.what,
            building: open.building,
            issue: open.issue,
            number: open.number,
            object: open.object,
            task: open.task,
            from: open.due,
            to: to.at,
            was_provisional: promised.provisional,
            provisional: to.provisional,
        });
    }
    all.sort_by_key(|m| (m.from, m.building, m.number, m.object));
    Ok(all)
}

/// The tables that were in force, each from an instant on.
struct Tables {
    built_in: Calendar,
    loaded: Vec<(DateTime<Utc>, Calendar)>,
    in_force: Calendar,
}

impl Tables {
    fn of(loaded: &[Model], in_force: &Calendar) -> Result<Self> {
        let broken = |e| Error::broken(format!("a calendar that was in force cannot be read: {e}"));
        let read = |m: &Model| Ok((m.loaded_at, Calendar::parse(&m.body).map_err(broken)?));
        let loaded = loaded.iter().map(read).collect::<Result<_>>()?;
        Ok(Self { built_in: Calendar::built_in().map_err(broken)?, loaded, in_force: in_force.clone() })
    }

    /// By which tables something may have been promised at an instant. A newer program carries a newer table than the one
    /// that promised it: then what that one did not know yet is what years after its own it lacked.
    fn then(&self, at: DateTime<Utc>) -> Vec<Calendar> {
        let then = self.loaded.iter().find(|(since, _)| *since <= at).map_or(&self.built_in, |(_, c)| c);
        let year = self.in_force.date_of(at).year();
        vec![then.clone(), then.known_until(year), self.in_force.known_until(year)]
    }
}

async fn open(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Open>> {
    let mut all = tasks(db, now).await?;
    let results = "select i.id, i.building_id, i.number, i.category, coalesce(i.clock_from, i.received_at), i.result_due, i.id from issues i where i.result_due > ? \
                   and i.state in ('received','accepted','in_work','on_agenda','decided','long_term')";
    let answers = "select i.id, i.building_id, i.number, r.category, case when r.channel = 'import' then coalesce(i.clock_from, r.created_at) else r.created_at end, r.first_answer_due, r.id from reports r \
                   join issues i on i.id = r.issue_id where r.first_answer_due > ? and r.first_answered_at is null and r.withdrawn_at is null \
                   and i.state in ('received','accepted','in_work','on_agenda','decided','long_term','done')";
    let mut times: HashMap<BuildingId, History> = HashMap::new();
    for (what, text) in [(Promised::Result, results), (Promised::Answer, answers)] {
        for row in db.query_all_raw(sql(db, text, [now.into()])).await? {
            let category: String = row.try_get_by_index(3)?;
            let Some(category) = categories::find(&category) else { continue };
            let (building, start) = (BuildingId(row.try_get_by_index(1)?), row.try_get_by_index(4)?);
            if let std::collections::hash_map::Entry::Vacant(none) = times.entry(building) {
                none.insert(History::of(db, building).await?);
            }
            let Some(owed) = times.get(&building).map(|t| t.owed(start, category)) else { continue };
            let limit = if what == Promised::Result { owed.result } else { owed.first };
            all.push(matter(&row, what, limit)?);
        }
    }
    let mut days: HashMap<BuildingId, u32> = HashMap::new();
    let confirmations = "select i.id, i.building_id, i.number, i.category, i.done_at, i.confirm_due, i.id from issues i \
                         where i.confirm_due > ? and i.state = 'done' and i.done_at is not null";
    for row in db.query_all_raw(sql(db, confirmations, [now.into()])).await? {
        let building = BuildingId(row.try_get_by_index(1)?);
        let n = match days.get(&building) {
            Some(n) => *n,
            None => issues::confirm_days(db, building).await?,
        };
        days.insert(building, n);
        all.push(matter(&row, Promised::Confirmation, Limit::WorkingDays(n))?);
    }
    Ok(all)
}

fn matter(row: &QueryResult, what: Promised, limit: Limit) -> Result<Open> {
    let start: DateTime<Utc> = row.try_get_by_index(4)?;
    Ok(Open {
        what,
        issue: IssueId(row.try_get_by_index(0)?),
        building: BuildingId(row.try_get_by_index(1)?),
        number: row.try_get_by_index(2)?,
        object: row.try_get_by_index(6)?,
        task: None,
        start,
        limit,
        stops: vec![],
        due: row.try_get_by_index(5)?,
        promised: start,
    })
}

/// Open tasks that were given so many days; one whose day a party named itself moves by no table.
async fn tasks(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Open>> {
    let which = "t.due_at > ? and t.due_days is not null and t.state in ('dispatched','acknowledged','in_work')";
    let mut stops: HashMap<Uuid, Vec<Stop>> = HashMap::new();
    let text = format!(
        "select c.task_id, c.since, coalesce(c.ended_at, c.until_at_most) from clock_stops c join tasks t on t.id = c.task_id where {which} and c.ended_at is not null"
    );
    for row in db.query_all_raw(sql(db, &text, [Value::from(now)])).await? {
        stops.entry(row.try_get_by_index(0)?).or_default().push((row.try_get_by_index(1)?, row.try_get_by_index(2)?));
    }
    let granted = "from extensions e where e.task_id = t.id and e.decision = 'granted'";
    let text = format!(
        "select t.id, i.id, i.building_id, i.number, t.number, t.dispatched_at, t.due_days, t.due_at, \
         (select sum(e.days) {granted}), (select max(e.decided_at) {granted}) from tasks t join issues i on i.id = t.issue_id where {which}"
    );
    let rows = db.query_all_raw(sql(db, &text, [now.into()])).await?;
    let one = |row: &QueryResult| {
        let object: Uuid = row.try_get_by_index(0)?;
        let start: DateTime<Utc> = row.try_get_by_index(5)?;
        let (days, more): (i32, Option<i64>) = (row.try_get_by_index(6)?, row.try_get_by_index(8)?);
        let decided: Option<DateTime<Utc>> = row.try_get_by_index(9)?;
        Ok(Open {
            what: Promised::Task,
            issue: IssueId(row.try_get_by_index(1)?),
            building: BuildingId(row.try_get_by_index(2)?),
            number: row.try_get_by_index(3)?,
            object,
            task: Some(row.try_get_by_index(4)?),
            start,
            limit: Limit::WorkingDays(days.unsigned_abs() + more.unwrap_or_default().unsigned_abs() as u32),
            stops: stops.get(&object).cloned().unwrap_or_default(),
            due: row.try_get_by_index(7)?,
            promised: decided.unwrap_or(start).max(start),
        })
    };
    rows.iter().map(one).collect()
}
