//! The nightly clean-up: each kind once a night, by whichever process claims it, in one transaction with what it took away
//! and a line of the journal that counts it.

use chrono::{DateTime, Duration, Timelike as _, Utc};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::{CONTACT_DAYS, MEETING_DAYS, PHOTO_DAYS};
use crate::domain::journal::Entry;
use crate::domain::meetings::{apologies, speakers};
use crate::domain::{attachments, drafts, imports, incoming, proofs, reports, sessions, slips, subscriptions};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::journal::On;
use crate::kernel::{dates, files, limits, outbox};

vocabulary! {
    /// What one clean-up takes away.
    Cleaning {
        /// How to reach reporters, long after their matter has closed.
        Contact = "contact",
        /// Their photos that nobody released.
        Photos = "photos",
        Sessions = "sessions",
        /// Counters of who does something too often.
        Limits = "limits",
        /// Addresses that nobody confirmed.
        Subscriptions = "subscriptions",
        /// Letters sent long ago, drafts that nobody sent, files of imports, why somebody could not come to a meeting, and
        /// which guests spoke at one.
        Letters = "letters",
        /// What is left of slips that are over, and of proofs for matters that closed.
        Proofs = "proofs",
    }
}

/// From this hour on, by the district's own time, the night's work is done.
pub const HOUR: u32 = 3;

/// The night that is on or was last, by the day on which it ends; none before its hour.
fn night(now: DateTime<Utc>) -> Option<String> {
    let local = dates::local(now);
    (local.hour() >= HOUR).then(|| local.date().to_string())
}

/// Does what is left of this night's work; gives how many rows went.
pub async fn tonight(house: &House) -> Result<u64> {
    let Some(night) = night(house.now()) else { return Ok(0) };
    let mut gone = 0;
    let mut fault = None;
    for what in left(house, &night).await? {
        // One kind that fails must not keep the others waiting; it is tried again at the next step.
        match clean(house, &night, what).await {
            Ok(n) => gone += n,
            Err(e) => fault = Some(e),
        }
    }
    fault.map_or(Ok(gone), Err)
}

/// What nobody has done yet: read first, since a claim takes the write lock.
async fn left(house: &House, night: &str) -> Result<Vec<Cleaning>> {
    let db = house.read();
    let mut done = vec![];
    for row in db.query_all_raw(sql(db, "select what from cleanups where night = ?", [night.into()])).await? {
        done.push(row.try_get_by_index::<String>(0)?);
    }
    Ok(Cleaning::ALL.iter().copied().filter(|w| !done.iter().any(|d| d == w.as_str())).collect())
}

async fn clean(house: &House, night: &str, what: Cleaning) -> Result<u64> {
    let act = house.act(Actor::System).await?;
    let claim = "insert into cleanups (night, what, n, at) values (?, ?, 0, ?) on conflict (night, what) do nothing";
    let claimed = act.tx().execute_raw(sql(act.tx(), claim, [night.into(), what.as_str().into(), act.at.into()])).await?;
    if claimed.rows_affected() != 1 {
        act.undo().await?;
        return Ok(0);
    }
    let (n, pictures) = take_away(&act, what).await?;
    if n > 0 {
        let text = "update cleanups set n = ? where night = ? and what = ?";
        act.tx().execute_raw(sql(act.tx(), text, [(n as i64).into(), night.into(), what.as_str().into()])).await?;
        act.journal(On::new("cleanup", Uuid::nil()), &Entry::CleanedUp { what: what.as_str().into(), n }).await?;
    }
    act.commit().await?;
    files::remove(house, &pictures).await?;
    Ok(n)
}

async fn take_away(act: &Act, what: Cleaning) -> Result<(u64, Vec<String>)> {
    let before = |days| act.at - Duration::days(days);
    let n = match what {
        Cleaning::Contact => reports::forget_contact(act, before(CONTACT_DAYS)).await?,
        Cleaning::Photos => return attachments::forget_unreleased(act, before(PHOTO_DAYS)).await,
        Cleaning::Sessions => sessions::forget_over(act).await?,
        Cleaning::Limits => limits::forget(act).await?,
        Cleaning::Subscriptions => subscriptions::lapse_unconfirmed(act).await?,
        Cleaning::Letters => {
            let drafts = drafts::forget(act, before(drafts::KEPT_DAYS)).await? + imports::forget(act, before(imports::FILE_DAYS)).await?;
            let said = apologies::forget(act, before(MEETING_DAYS)).await? + speakers::forget(act, before(MEETING_DAYS)).await?;
            outbox::forget_sent(act).await? + incoming::forget(act, before(outbox::KEPT_DAYS)).await? + drafts + said
        }
        Cleaning::Proofs => slips::sweep(act).await? + proofs::sweep(act, before(CONTACT_DAYS)).await?,
    };
    Ok((n, vec![]))
}
