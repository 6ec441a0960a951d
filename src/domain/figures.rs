//! Public figures of a building: numerator and denominator, never mixed, never a lone percentage. What was brought over from a
//! former system is in what is open, and in no other number: nobody here received it, answered it or closed it.

mod over_time;

pub use over_time::{FEWEST, Median, Month, Pace, months, paces};

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, DistrictId, IssueId};

/// What a building's page says in numbers, of the matters received since an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Matters received.
    pub received: i64,
    /// Reports that have had a first answer …
    pub answered: i64,
    /// … of so many reports.
    pub reports: i64,
    /// Matters said to be done (whatever came of it).
    pub done: i64,
    /// Closed by the reporter's or the council's word.
    pub confirmed: i64,
    /// Closed by silence.
    pub silent: i64,
    /// Open now, whenever received.
    pub open: i64,
    /// Open and late now.
    pub late: i64,
    /// Effect checks found effective …
    pub effective: i64,
    /// … of so many made.
    pub checked: i64,
}

/// Counts for a building.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Figures> {
    let id = sea_orm::Value::from(building.0);
    let text = "select \
        (select count(*) from issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan'), \
        (select count(*) from reports where building_id = ? and created_at >= ? and withdrawn_at is null and first_answered_at is not null and channel <> 'import'), \
        (select count(*) from reports where building_id = ? and created_at >= ? and withdrawn_at is null and channel <> 'import'), \
        (select count(*) from issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan' and done_at is not null), \
        (select count(*) from issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan' and state = 'closed' and closed_by in ('reporter','council')), \
        (select count(*) from issues where building_id = ? and received_at >= ? and import_id is null and origin <> 'plan' and state = 'closed' and closed_by = 'silence'), \
        (select count(*) from issues where building_id = ? and origin <> 'plan' and state in ('received','accepted','in_work','on_agenda','decided','done','long_term')), \
        (select count(*) from issues where building_id = ? and origin <> 'plan' and state in ('received','accepted','in_work','on_agenda','decided','long_term') and next_due <= ?), \
        (select count(*) from effect_checks e join issues i on i.id = e.issue_id where i.building_id = ? and e.verdict = 'effective'), \
        (select count(*) from effect_checks e join issues i on i.id = e.issue_id where i.building_id = ? and e.verdict is not null)";
    let (s, n) = (sea_orm::Value::from(since), sea_orm::Value::from(now));
    let mut values = vec![];
    for _ in 0..6 {
        values.extend([id.clone(), s.clone()]);
    }
    values.extend([id.clone(), id.clone(), n, id.clone(), id]);
    let Some(r) = db.query_one_raw(sql(db, text, values)).await? else { return Ok(Figures::default()) };
    let at = |i| r.try_get_by_index::<i64>(i);
    Ok(Figures {
        received: at(0)?,
        answered: at(1)?,
        reports: at(2)?,
        done: at(3)?,
        confirmed: at(4)?,
        silent: at(5)?,
        open: at(6)?,
        late: at(7)?,
        effective: at(8)?,
        checked: at(9)?,
    })
}

/// What one line says of a building.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Matters received since the instant.
    pub received: i64,
    /// Open now.
    pub open: i64,
    /// Open and late now.
    pub late: i64,
    /// Said to be done, of those received since …
    pub done: i64,
    /// … and closed by the reporter's or the council's word.
    pub confirmed: i64,
}

impl std::ops::Add for Brief {
    type Output = Brief;
    fn add(self, o: Brief) -> Brief {
        Brief {
            received: self.received + o.received,
            open: self.open + o.open,
            late: self.late + o.late,
            done: self.done + o.done,
            confirmed: self.confirmed + o.confirmed,
        }
    }
}

/// The same few counts for every building, or those of one district, in one query.
pub async fn of_buildings(
    db: &impl ConnectionTrait,
    district: Option<DistrictId>,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<HashMap<BuildingId, Brief>> {
    let mut text = String::from(
        "select b.id, \
        (select count(*) from issues i where i.building_id = b.id and i.received_at >= ? and i.import_id is null and i.origin <> 'plan'), \
        (select count(*) from issues i where i.building_id = b.id and i.origin <> 'plan' and i.state in ('received','accepted','in_work','on_agenda','decided','done','long_term')), \
        (select count(*) from issues i where i.building_id = b.id and i.origin <> 'plan' and i.state in ('received','accepted','in_work','on_agenda','decided','long_term') and i.next_due <= ?), \
        (select count(*) from issues i where i.building_id = b.id and i.received_at >= ? and i.import_id is null and i.origin <> 'plan' and i.done_at is not null), \
        (select count(*) from issues i where i.building_id = b.id and i.received_at >= ? and i.import_id is null and i.origin <> 'plan' and i.state = 'closed' and i.closed_by in ('reporter','council')) \
        from buildings b",
    );
    let mut values: Vec<sea_orm::Value> = vec![since.into(), now.into(), since.into(), since.into()];
    if let Some(d) = district {
        text.push_str(" where b.district_id = ?");
        values.push(d.0.into());
    }
    let mut all = HashMap::new();
    for r in db.query_all_raw(sql(db, &text, values)).await? {
        let at = |i| r.try_get_by_index::<i64>(i);
        all.insert(r.try_get_by_index(0)?, Brief { received: at(1)?, open: at(2)?, late: at(3)?, done: at(4)?, confirmed: at(5)? });
    }
    Ok(all)
}

/// Matters on one floor, for the section drawing.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FloorCount {
    pub tower: Option<String>,
    pub floor_order: Option<i32>,
    pub open: i64,
    pub late: i64,
    pub effective: i64,
}

/// Open, late and lately effective matters by floor.
pub async fn by_floor(db: &impl ConnectionTrait, building: BuildingId, now: DateTime<Utc>) -> Result<Vec<FloorCount>> {
    // Two ranges of two indexes, counted by place before any place is looked up: what is open, and what the council closed
    // in the last thirty days.
    let text = "select p.tower as tower, p.floor_order as floor_order, cast(sum(f.open) as bigint) as open, \
        cast(sum(f.late) as bigint) as late, cast(sum(f.effective) as bigint) as effective from (\
        select place_id, count(*) as open, sum(case when state <> 'done' and next_due <= ? then 1 else 0 end) as late, 0 as effective \
        from issues where building_id = ? and origin <> 'plan' and state not in ('closed','declined','merged','withdrawn') group by place_id \
        union all select place_id, 0, 0, count(*) from issues \
        where building_id = ? and closed_by = 'council' and closed_at >= ? and state = 'closed' group by place_id\
        ) f join places p on p.id = f.place_id where p.floor_order is not null group by p.tower, p.floor_order";
    let month = now - chrono::Duration::days(30);
    let rows = db.query_all_raw(sql(db, text, [now.into(), building.0.into(), building.0.into(), month.into()])).await?;
    Ok(rows.iter().map(|r| FloorCount::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}

/// On which days the reports of a matter came, and how many on each: for the columns per week.
pub async fn report_days(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<(NaiveDate, i64)>> {
    // The district's days: Shanghai has kept UTC+8 without summer time since 1991.
    let day = match db.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => "to_char(created_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')",
        _ => "date(created_at, '+8 hours')",
    };
    let text = format!("select {day} as day, count(*) from reports where issue_id = ? and withdrawn_at is null group by 1 order by 1");
    let mut days = vec![];
    for row in db.query_all_raw(sql(db, &text, [issue.0.into()])).await? {
        let day: String = row.try_get_by_index(0)?;
        let day = day.parse().map_err(|_| Error::broken(format!("not a day: {day}")))?;
        days.push((day, row.try_get_by_index(1)?));
    }
    Ok(days)
}

/// At which hours of the day how many reports of a matter came, over all its days; only hours with any.
pub async fn report_hours(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<(u32, u32)>> {
    let hour = match db.get_database_backend() {
        sea_orm::DatabaseBackend::Postgres => "cast(extract(hour from created_at at time zone 'Asia/Shanghai') as bigint)",
        _ => "cast(strftime('%H', created_at, '+8 hours') as integer)",
    };
    let text = format!("select {hour} as hour, count(*) from reports where issue_id = ? and withdrawn_at is null group by 1 order by 1");
    let rows = db.query_all_raw(sql(db, &text, [issue.0.into()])).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index::<i64>(0)? as u32, r.try_get_by_index::<i64>(1)? as u32))).collect()
}

/// What an operator watches, in Prometheus' text format: open matters by state, overdue clocks, letters owed.
pub async fn for_operators(house: &crate::kernel::act::House) -> Result<String> {
    use std::fmt::Write as _;
    let (db, now) = (house.read(), house.now());
    let mut out = String::from("# HELP louyi_issues Issues by state\n# TYPE louyi_issues gauge\n");
    for row in db.query_all_raw(sql(db, "select state, count(*) from issues group by state order by state", [])).await? {
        let _ = writeln!(out, "louyi_issues{{state=\"{}\"}} {}", row.try_get_by_index::<String>(0)?, row.try_get_by_index::<i64>(1)?);
    }
    let one = async |text: &str, values: Vec<sea_orm::Value>| -> Result<i64> {
        let row = db.query_one_raw(sql(db, text, values)).await?;
        Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
    };
    let late = one(
        "select count(*) from issues where state in ('received','accepted','in_work','on_agenda','decided','long_term') and next_due <= ?",
        vec![now.into()],
    )
    .await?;
    let owed = one("select count(*) from outbox where sent_at is null and given_up_at is null and due_at <= ?", vec![now.into()]).await?;
    let given_up = one("select count(*) from outbox where given_up_at is not null", vec![]).await?;
    // What somebody wants later, or with others, is not late before then.
    let oldest = "select min(due_at) from outbox where sent_at is null and given_up_at is null and due_at <= ?";
    let oldest = db.query_one_raw(sql(db, oldest, [now.into()])).await?;
    let oldest: Option<DateTime<Utc>> = oldest.map(|r| r.try_get_by_index(0)).transpose()?.flatten();
    let age = oldest.map_or(0, |at| (now - at).num_seconds().max(0));
    for (name, help, value) in [
        ("louyi_clocks_overdue", "Open issues whose next date has passed", late),
        ("louyi_outbox_depth", "Letters and messages due and not sent", owed),
        ("louyi_outbox_given_up", "Letters given up after the last try", given_up),
        ("louyi_outbox_age_seconds", "Age of the oldest letter owed", age),
    ] {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
    out.push_str(&house.sms().text());
    out.push_str("# HELP louyi_incoming_mails Mails that came in within ninety days, by what became of them\n# TYPE louyi_incoming_mails gauge\n");
    for (outcome, n) in super::incoming::counted(db).await? {
        let _ = writeln!(out, "louyi_incoming_mails{{outcome=\"{outcome}\"}} {n}");
    }
    out.push_str("# HELP louyi_database_connections Connections of the database's pools\n# TYPE louyi_database_connections gauge\n");
    for pool in house.db().pools() {
        for (state, n) in [("busy", pool.open.saturating_sub(pool.idle)), ("idle", pool.idle), ("max", pool.max)] {
            let _ = writeln!(out, "louyi_database_connections{{pool=\"{}\",state=\"{state}\"}} {n}", pool.name);
        }
    }
    Ok(out)
}
