//! What the installation's own records say: database, clock, calendar, letters, ledger.

use chrono::{DateTime, Datelike as _, Duration, TimeZone as _, Utc};
use sea_orm::ConnectionTrait as _;

use super::{Line, bad, doubt, good, opening};
use crate::commands::ledger;
use crate::kernel::act::House;
use crate::kernel::backup::{Kind, postgres};
use crate::kernel::db::{Db, sql};
use crate::kernel::error::Result;
use crate::kernel::publog;

/// The database answers, and what it is.
pub(super) async fn database(db: &Db) -> Result<Line> {
    let text = if db.is_postgres() { "select current_setting('server_version')" } else { "select sqlite_version()" };
    let row = db.read().query_one_raw(sql(db.read(), text, [])).await?;
    let version: String = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let kind = if db.is_postgres() { Kind::Postgres } else { Kind::Sqlite };
    if !db.is_postgres() {
        let row = db.read().query_one_raw(sql(db.read(), "pragma quick_check(1)", [])).await?;
        let found: String = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
        if found != "ok" {
            return Ok(bad("database", &[("why", &found)]));
        }
    }
    Ok(good("database_good", &[("kind", kind.name()), ("version", &version)]))
}

/// Everything that needs a database brought up to date.
pub(super) async fn all(house: &House) -> Result<Vec<Line>> {
    let mut lines = vec![];
    match opening::own_keys(house).await {
        Ok(()) => lines.push(good("keys_fit", &[])),
        Err(e) => lines.push(bad("keys_foreign", &[("why", &e.to_string())])),
    }
    lines.push(clock(house).await?);
    lines.push(calendar(house));
    lines.push(letters(house).await?);
    lines.push(log(house).await?);
    if house.db().is_postgres() {
        match postgres::program("pg_dump") {
            Ok(path) => lines.push(good("pg_dump", &[("path", &path.display().to_string())])),
            Err(_) => lines.push(doubt("no_pg_dump", &[])),
        }
    }
    Ok(lines)
}

/// The machine's clock against what has been written already, and against the database's own.
async fn clock(house: &House) -> Result<Line> {
    let (now, db) = (house.now(), house.read());
    let zone = chrono::Local.from_utc_datetime(&now.naive_utc()).offset().to_string();
    let shown = now.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let row = db.query_one_raw(sql(db, "select at from journal order by seq desc limit 1", [])).await?;
    let last: Option<DateTime<Utc>> = row.map(|r| r.try_get_by_index(0)).transpose()?;
    if let Some(last) = last.filter(|last| *last > now + Duration::seconds(5)) {
        return Ok(bad("clock_behind", &[("now", &shown), ("last", &last.format("%Y-%m-%d %H:%M:%S UTC").to_string())]));
    }
    // The year of this program: a machine without a battery wakes up in 1970.
    if now.year() < 2026 {
        return Ok(bad("clock_wrong", &[("now", &shown)]));
    }
    if house.db().is_postgres() {
        let row = db.query_one_raw(sql(db, "select clock_timestamp()", [])).await?;
        let theirs: DateTime<Utc> = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or(now);
        let apart = (theirs - now).num_milliseconds().abs();
        if apart > 2000 {
            return Ok(doubt("clocks_apart", &[("seconds", &format!("{:.1}", apart as f64 / 1e3))]));
        }
    }
    Ok(good("clock", &[("now", &shown), ("zone", &zone)]))
}

fn calendar(house: &House) -> Line {
    let (calendar, now) = (house.calendar(), house.now());
    let today = calendar.date_of(now);
    let known = |year: i32| calendar.years().contains(&year);
    let (this, next) = (today.year(), today.year() + 1);
    if !known(this) {
        return doubt("calendar_missing", &[("year", &this.to_string())]);
    }
    // The notice for the next year comes in November.
    if today.month() == 12 && !known(next) {
        return doubt("calendar_missing", &[("year", &next.to_string())]);
    }
    good("calendar", &[("last", &calendar.years().last().map(ToString::to_string).unwrap_or_default())])
}

async fn letters(house: &House) -> Result<Line> {
    let db = house.read();
    let text = "select count(*), min(due_at) from outbox where sent_at is null and given_up_at is null and due_at <= ?";
    let (mut waiting, mut oldest) = (0_i64, None::<DateTime<Utc>>);
    if let Some(row) = db.query_one_raw(sql(db, text, [house.now().into()])).await? {
        waiting = row.try_get_by_index(0)?;
        oldest = row.try_get_by_index(1)?;
    }
    let row = db.query_one_raw(sql(db, "select count(*) from outbox where given_up_at is not null and sent_at is null", [])).await?;
    let given_up: i64 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let (n, lost) = (waiting.to_string(), given_up.to_string());
    Ok(if given_up > 0 {
        doubt("letters_given_up", &[("n", &lost)])
    } else if oldest.is_some_and(|at| house.now() - at > Duration::hours(1)) {
        doubt("letters_wait", &[("n", &n)])
    } else {
        good("letters", &[("n", &n)])
    })
}

/// Head, tiles and key of the ledger, every hash of it.
async fn log(house: &House) -> Result<Line> {
    let key = publog::signer(house)?.verifier().clone();
    Ok(match ledger::own(house, key).await {
        Ok(None) => good("ledger_empty", &[]),
        Ok(Some(report)) => good("ledger", &[("n", &report.checkpoint.size.to_string()), ("name", &report.checkpoint.origin)]),
        Err(e) => bad("ledger_broken", &[("why", &e.to_string())]),
    })
}
