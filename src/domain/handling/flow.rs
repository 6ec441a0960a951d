//! What came in and what went out, week by week.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use sea_orm::ConnectionTrait;

use super::Scope;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};

/// A week from Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    pub monday: NaiveDate,
    /// Matters received.
    pub came: i64,
    /// Matters closed or declined.
    pub went: i64,
}

/// The last `n` weeks, this one included, oldest first.
pub async fn weeks(db: &impl ConnectionTrait, calendar: &Calendar, scope: &Scope, now: DateTime<Utc>, n: u64) -> Result<Vec<Week>> {
    let today = calendar.date_of(now);
    let this = today - Days::new(today.weekday().num_days_from_monday().into());
    let first = this - Days::new(7 * n.saturating_sub(1));
    let mut all: Vec<Week> = (0..n).map(|i| Week { monday: first + Days::new(7 * i), came: 0, went: 0 }).collect();
    let from = calendar.end_of(first - Days::new(1));
    let (within, values) = scope.within("i");
    // The district's days: Shanghai has kept UTC+8 without summer time since 1991.
    let day = |column: &str| match db.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => format!("to_char({column} at time zone 'Asia/Shanghai', 'YYYY-MM-DD')"),
        _ => format!("date({column}, '+8 hours')"),
    };
    let text = format!(
        "select {} as day, 0 as went, count(*) as n from issues i where {within} and i.import_id is null and i.origin <> 'plan' and i.state not in ('merged','withdrawn') \
         and i.received_at >= ? group by 1 union all select {}, 1, count(*) from issues i where {within} and i.import_id is null and i.origin <> 'plan' \
         and i.state in ('closed','declined') and i.closed_at >= ? group by 1",
        day("i.received_at"),
        day("i.closed_at")
    );
    let values = values.iter().cloned().chain([from.into()]).chain(values.iter().cloned()).chain([from.into()]);
    for row in db.query_all_raw(sql(db, &text, values.collect::<Vec<_>>())).await? {
        let (at, went, n): (String, i32, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let at: NaiveDate = at.parse().map_err(|_| Error::broken(format!("not a day: {at}")))?;
        let week = (at - first).num_days() / 7;
        if let Some(week) = usize::try_from(week).ok().and_then(|i| all.get_mut(i)) {
            *(if went == 1 { &mut week.went } else { &mut week.came }) += n;
        }
    }
    Ok(all)
}
