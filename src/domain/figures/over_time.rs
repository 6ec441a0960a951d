//! How long things take and how much comes, over a year: medians by category and counts by month.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseBackend};

use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::BuildingId;

/// Fewer than these say nothing about how long something takes, and too much about somebody.
pub const FEWEST: i64 = 5;

/// A median, and of how many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// Elapsed time in seconds.
    pub seconds: f64,
    pub of: i64,
}

/// How long one category takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// The category's code.
    pub category: String,
    /// From report to first answer, of the reports that have had one.
    pub answer: Option<Median>,
    /// From the first report to the reporter's or the council's word that it is done, of the matters that closed by it.
    pub confirmed: Option<Median>,
}

/// The medians of what came since an instant, by category code. Those of fewer than [`FEWEST`] are left out.
pub async fn paces(db: &impl ConnectionTrait, building: BuildingId, since: DateTime<Utc>) -> Result<Vec<Pace>> {
    let answers = medians(
        db,
        ("created_at", "first_answered_at"),
        "reports where building_id = ? and created_at >= ? and withdrawn_at is null and first_answered_at is not null and channel <> 'import'",
        (building, since),
    )
    .await?;
    let confirmed = medians(
        db,
        ("received_at", "closed_at"),
        "issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan' and state = 'closed' and closed_by in ('reporter','council')",
        (building, since),
    )
    .await?;
    let mut codes: Vec<&String> = answers.iter().chain(&confirmed).map(|(c, _)| c).collect();
    codes.sort();
    codes.dedup();
    let of = |all: &[(String, Median)], code: &str| all.iter().find(|(c, _)| c == code).map(|(_, m)| *m);
    Ok(codes.into_iter().map(|c| Pace { category: c.clone(), answer: of(&answers, c), confirmed: of(&confirmed, c) }).collect())
}

async fn medians(
    db: &impl ConnectionTrait,
    (from, to): (&str, &str),
    what: &str,
    (building, since): (BuildingId, DateTime<Utc>),
) -> Result<Vec<(String, Median)>> {
    let seconds = match db.get_database_backend() {
        DatabaseBackend::Postgres => format!("extract(epoch from {to} - {from})::float8"),
        _ => format!("(julianday({to}) - julianday({from})) * 86400.0"),
    };
    // The middle one, or the two in the middle.
    let text = format!(
        "with x as (select category, {seconds} as s from {what}), \
         r as (select category, s, row_number() over (partition by category order by s) as k, count(*) over (partition by category) as n from x) \
         select category, n, avg(s) from r where k in ((n + 1) / 2, (n + 2) / 2) and n >= ? group by category, n"
    );
    let rows = db.query_all_raw(sql(db, &text, [building.0.into(), since.into(), FEWEST.into()])).await?;
    let read = |r: &sea_orm::QueryResult| Ok((r.try_get_by_index(0)?, Median { of: r.try_get_by_index(1)?, seconds: r.try_get_by_index(2)? }));
    rows.iter().map(read).collect()
}

/// One month: `2026-11`, matters received in it, and matters closed in it by the reporter's or the council's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    pub month: String,
    pub received: i64,
    pub confirmed: i64,
}

/// The months since an instant in which something was received or confirmed, oldest first.
pub async fn months(db: &impl ConnectionTrait, building: BuildingId, since: DateTime<Utc>) -> Result<Vec<Month>> {
    // The district's months: Shanghai has kept UTC+8 without summer time since 1991.
    let month = |at: &str| match db.get_database_backend() {
        DatabaseBackend::Postgres => format!("to_char({at} at time zone 'Asia/Shanghai', 'YYYY-MM')"),
        _ => format!("strftime('%Y-%m', {at}, '+8 hours')"),
    };
    let text = format!(
        "select m, cast(sum(r) as bigint), cast(sum(c) as bigint) from (\
         select {} as m, 1 as r, 0 as c from issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan' \
         union all select {}, 0, 1 from issues where building_id = ? and closed_at >= ? and import_id is null and origin <> 'plan' and state = 'closed' and closed_by in ('reporter','council')\
         ) x group by m order by m",
        month("received_at"),
        month("closed_at")
    );
    let rows = db.query_all_raw(sql(db, &text, [building.0.into(), since.into(), building.0.into(), since.into()])).await?;
    let read =
        |r: &sea_orm::QueryResult| Ok(Month { month: r.try_get_by_index(0)?, received: r.try_get_by_index(1)?, confirmed: r.try_get_by_index(2)? });
    rows.iter().map(read).collect()
}
