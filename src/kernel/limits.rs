//! How often somebody may do something: hits counted per window of time in the database, so that many processes count
//! as one. Keys are derived under the server's key: no address and no device can be read back.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait as _;

use super::act::{Act, House};
use super::db::sql;
use super::error::{Refusal, Result};

/// One rule: what is counted, and how much of it is too much.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is counted; its own counter.
    pub what: &'static str,
    /// Length of the window.
    pub minutes: i64,
    /// Most hits within it.
    pub at_most: i32,
}

/// What an address is counted as: IPv6 by its network, since one household has 2⁶⁴ of them. None for this machine itself:
/// behind a proxy that does not say for whom it asks, everybody would be counted as one.
pub fn address(ip: Option<IpAddr>) -> Option<Vec<u8>> {
    match ip?.to_canonical() {
        ip if ip.is_loopback() => None,
        IpAddr::V4(ip) => Some(ip.octets().to_vec()),
        IpAddr::V6(ip) => Some(ip.octets()[..8].to_vec()),
    }
}

fn window(now: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    let length = minutes.max(1) * 60;
    DateTime::from_timestamp(now.timestamp() / length * length, 0).unwrap_or(now)
}

impl Limit {
    /// Counts one hit of somebody; refused where it is one too many, with the minutes that are left of the window.
    pub async fn hit(self, house: &House, who: &[u8]) -> Result<()> {
        let now = house.now();
        let since = window(now, self.minutes);
        let key = house.keys().derive("limit", &[self.what.as_bytes(), who]).to_vec();
        let w = house.db().upkeep();
        let text = "insert into rate_limits (key, window_start, hits) values (?, ?, 1) \
                    on conflict (key, window_start) do update set hits = rate_limits.hits + 1 returning hits";
        let row = w.query_one_raw(sql(w, text, [key.into(), since.into()])).await?;
        let hits: i32 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
        if hits <= self.at_most {
            return Ok(());
        }
        let left = (since + Duration::minutes(self.minutes) - now).num_seconds();
        Err(Refusal::new("too_often").with("minutes", (left / 60 + 1).max(1)).into())
    }

    /// When the window of an instant is over.
    pub fn over_at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        window(now, self.minutes) + Duration::minutes(self.minutes)
    }

    /// Whether so many hits were counted that one more is too many.
    pub async fn reached(self, house: &House, who: &[u8]) -> Result<bool> {
        let since = window(house.now(), self.minutes);
        let key = house.keys().derive("limit", &[self.what.as_bytes(), who]).to_vec();
        let db = house.read();
        let row = db.query_one_raw(sql(db, "select hits from rate_limits where key = ? and window_start = ?", [key.into(), since.into()])).await?;
        let hits: i32 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
        Ok(hits >= self.at_most)
    }

    /// The same, where there is somebody to count.
    pub async fn hit_if(self, house: &House, who: Option<Vec<u8>>) -> Result<()> {
        match who {
            Some(who) => self.hit(house, &who).await,
            None => Ok(()),
        }
    }
}

/// Days for which a counter is kept.
pub const KEPT_DAYS: i64 = 1;

/// Forgets windows that are over; gives how many.
pub async fn forget(act: &Act) -> Result<u64> {
    let before = act.at - Duration::days(KEPT_DAYS);
    Ok(act.tx().execute_raw(sql(act.tx(), "delete from rate_limits where window_start < ?", [before.into()])).await?.rows_affected())
}
