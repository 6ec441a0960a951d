//! When those who follow are told: in one letter on a working day's morning, or as soon as it happens. Whoever moves
//! `told_seq` on owes the letter; another process finds it moved.

use chrono::{DateTime, Duration, Timelike as _, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::json;

use super::{Column, Entity, Pace, Subscription, news};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::calendar::Calendar;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::journal;
use crate::kernel::outbox::Address;

/// The daily letter goes out at this hour of a working day…
pub const HOUR: u32 = 8;
/// …and this minute.
pub const MINUTE: u32 = 30;
/// A server that slept sends the morning's letters until the evening, and not at night.
const LATEST: u32 = 20;

/// On PostgreSQL an act may write a line before another one and finish after it: a line is told once no act that began
/// before it can still be open.
const SETTLES: i64 = 1;

/// The instant of this morning's letters, where now is a time to send them.
fn morning(now: DateTime<Utc>, calendar: &Calendar) -> Option<DateTime<Utc>> {
    let (today, local) = (calendar.date_of(now), dates::local(now));
    let begun = (local.hour(), local.minute()) >= (HOUR, MINUTE) && local.hour() < LATEST;
    let midnight = calendar.end_of(today.pred_opt()?);
    (begun && calendar.is_working(today)).then(|| midnight + Duration::minutes(i64::from(HOUR * 60 + MINUTE)))
}

/// Tells everybody for whom there is something new; gives how many were gone through.
pub async fn send_due(house: &House) -> Result<usize> {
    let mut moved = 0;
    if let Some(morning) = morning(house.now(), &house.calendar()) {
        let daily = Column::Pace.eq(Pace::Daily).and(Column::ConfirmedAt.is_not_null());
        let due = Entity::find().filter(daily.and(Column::ToldAt.lt(morning)));
        for s in due.all(house.read()).await? {
            moved += usize::from(tell(house, &s).await?);
        }
    }
    for s in moved_since(house).await? {
        moved += usize::from(tell(house, &s).await?);
    }
    Ok(moved)
}

/// Those who want to be told at once and in whose building something has happened since.
async fn moved_since(house: &House) -> Result<Vec<Subscription>> {
    use sea_orm::FromQueryResult as _;
    let db = house.read();
    let text = "select s.* from subscriptions s where s.pace = 'at_once' and s.confirmed_at is not null and exists \
                (select 1 from journal j where j.building_id = s.building_id and j.seq > s.told_seq and j.at <= ? \
                 and (s.issue_id is null or j.issue_id is not null))";
    let rows = db.query_all_raw(sql(db, text, [settled(house).into()])).await?;
    Ok(rows.iter().map(|r| Subscription::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}

fn settled(house: &House) -> DateTime<Utc> {
    house.now() - Duration::minutes(SETTLES)
}

/// A letter at the minute of a reporter's own act would say when they acted, which in public is said to the hour: it waits
/// until the hour is over. Once a day says no more than the day anyway.
fn ripe(line: &journal::Model, pace: Pace, now: DateTime<Utc>) -> bool {
    let of_somebody = matches!(line.actor.as_str(), "reporter" | "visitor");
    pace == Pace::Daily || !of_somebody || dates::rounded(line.at) + Duration::hours(1) <= now
}

async fn tell(house: &House, s: &Subscription) -> Result<bool> {
    let db = house.read();
    let Some(newest) = news::newest(db, s, settled(house)).await? else { return looked(house, s, s.told_seq, false).await };
    let what = s.followed(db).await?;
    let lines = news::lines(db, &what, s.told_seq, newest).await?;
    let green = lines.iter().find(|l| !ripe(l, s.pace, house.now())).map(|l| l.seq);
    let to = green.map_or(newest, |seq| seq - 1);
    if to <= s.told_seq {
        return Ok(false);
    }
    let any = lines.iter().any(|l| l.seq <= to && news::told(l));
    looked(house, s, to, any).await
}

/// Moves on to a line, and owes the letter where something is to be told; false where another process was first.
async fn looked(house: &House, s: &Subscription, to: i64, any: bool) -> Result<bool> {
    let act = house.act(Actor::System).await?;
    let mut rows = Entity::update_many()
        .col_expr(Column::ToldSeq, Expr::value(to))
        .col_expr(Column::ToldAt, Expr::value(act.at))
        .filter(Column::Id.eq(s.id))
        .filter(Column::ToldSeq.eq(s.told_seq))
        .filter(Column::ToldAt.eq(s.told_at));
    if any {
        rows = rows.col_expr(Column::SentAt, Expr::value(Some(act.at)));
    }
    if rows.exec(act.tx()).await?.rows_affected != 1 {
        act.undo().await?;
        return Ok(false);
    }
    if any {
        owe(&act, s, to).await?;
    }
    act.commit().await?;
    Ok(true)
}

async fn owe(act: &Act, s: &Subscription, to: i64) -> Result<()> {
    let data = json!({ "subscription": s.id, "after": s.told_seq, "to": to });
    match s.pace {
        Pace::Daily => act.owe("follow_daily", Address::Subscription(s.id), &data, None).await,
        Pace::AtOnce => act.owe("follow_news", Address::Subscription(s.id), &data, None).await,
    }
}
