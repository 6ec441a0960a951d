//! Letters that go out together: what waits for one person's daily letter, and what one group is told.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult, Value};

use super::{CLAIM, DUE, Model, TRIES, due};
use crate::kernel::act::Act;
use crate::kernel::db::{Db, sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{ChannelId, OutboxId};

fn all(rows: &[QueryResult]) -> Result<Vec<Model>> {
    Ok(rows.iter().map(|r| Model::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(",")
}

fn values(ids: &[OutboxId]) -> impl Iterator<Item = Value> {
    ids.iter().map(|id| Value::from(id.0))
}

/// Claims everything that is due for the daily letter of one person, the oldest first; another process finds it claimed.
pub async fn claim_day(db: &Db, now: DateTime<Utc>) -> Result<Vec<Model>> {
    let r = db.read();
    // Looked for by reading first: a claim takes the write lock.
    if r.query_one_raw(sql(r, &format!("select 1 from outbox where waits and {DUE} limit 1"), due(now))).await?.is_none() {
        return Ok(vec![]);
    }
    let w = db.upkeep();
    let text = format!(
        "update outbox set claimed_until = ?, tries = tries + 1 where waits and {DUE} and person_id = \
         (select person_id from outbox where waits and {DUE} order by due_at, person_id limit 1) returning *"
    );
    let claim = std::iter::once((now + Duration::minutes(CLAIM)).into());
    let mut claimed = all(&w.query_all_raw(sql(w, &text, claim.chain(due(now)).chain(due(now)))).await?)?;
    claimed.sort_by_key(|l| (l.created_at, l.id));
    Ok(claimed)
}

/// Whether something is due for a group; a reading that costs nothing where there is none.
pub async fn any_due_of_channels(db: &Db, now: DateTime<Utc>) -> Result<bool> {
    let r = db.read();
    Ok(r.query_one_raw(sql(r, &format!("select 1 from outbox where channel_id is not null and {DUE} limit 1"), due(now))).await?.is_some())
}

/// What is due for a group, the oldest first.
pub async fn due_of_channel(db: &Db, channel: ChannelId, now: DateTime<Utc>, limit: u64) -> Result<Vec<Model>> {
    let r = db.read();
    let text = format!("select * from outbox where channel_id = ? and {DUE} order by created_at, id limit {limit}");
    all(&r.query_all_raw(sql(r, &text, std::iter::once(channel.0.into()).chain(due(now)))).await?)
}

/// Claims these.
pub async fn claim_these(db: &Db, ids: &[OutboxId], now: DateTime<Utc>) -> Result<()> {
    let w = db.upkeep();
    let text = format!("update outbox set claimed_until = ?, tries = tries + 1 where id in ({})", marks(ids.len()));
    w.execute_raw(sql(w, &text, std::iter::once((now + Duration::minutes(CLAIM)).into()).chain(values(ids)))).await?;
    Ok(())
}

/// Notes that these have gone out, all at once, or are for nobody.
pub async fn sent_together(db: &Db, ids: &[OutboxId], now: DateTime<Utc>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let w = db.upkeep();
    let text = format!("update outbox set sent_at = ?, claimed_until = null, last_error = null, data = '{{}}' where id in ({})", marks(ids.len()));
    w.execute_raw(sql(w, &text, std::iter::once(now.into()).chain(values(ids)))).await?;
    Ok(())
}

/// Notes that these claimed ones failed: they stay due, since it is the group that is left alone for a while. Those that were
/// tried too often, or that never can arrive, are given up and shown.
pub async fn failed_together(db: &Db, ids: &[OutboxId], why: &str, in_vain: bool, now: DateTime<Utc>) -> Result<()> {
    let w = db.upkeep();
    let most = if in_vain { 0 } else { TRIES };
    let text = format!(
        "update outbox set claimed_until = null, last_error = ?, given_up_at = case when tries >= {most} then ? else null end where id in ({})",
        marks(ids.len())
    );
    let why: String = why.chars().take(300).collect();
    w.execute_raw(sql(w, &text, [why.into(), now.into()].into_iter().chain(values(ids)))).await?;
    Ok(())
}

/// What a group was not told for so many days is news no more: it is given up and shown.
pub async fn give_up_old(db: &Db, days: i64, why: &str, now: DateTime<Utc>) -> Result<u64> {
    let before = now - Duration::days(days);
    let r = db.read();
    let old = "channel_id is not null and sent_at is null and given_up_at is null and created_at < ?";
    if r.query_one_raw(sql(r, &format!("select 1 from outbox where {old} limit 1"), [before.into()])).await?.is_none() {
        return Ok(0);
    }
    let w = db.upkeep();
    let text = format!("update outbox set given_up_at = ?, claimed_until = null, last_error = coalesce(last_error, ?) where {old}");
    Ok(w.execute_raw(sql(w, &text, [now.into(), why.into(), before.into()])).await?.rows_affected())
}

/// Takes everything owed to a group that is gone as being for nobody.
pub async fn settle_channel(act: &Act, channel: ChannelId) -> Result<()> {
    let tx = act.tx();
    let text = "update outbox set sent_at = ?, given_up_at = null, claimed_until = null, data = '{}' where channel_id = ? and sent_at is null";
    tx.execute_raw(sql(tx, text, [act.at.into(), channel.0.into()])).await?;
    Ok(())
}
