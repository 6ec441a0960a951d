//! What goes of slips by itself, and the order in which the rest lies.

use chrono::Duration;
use sea_orm::{ConnectionTrait as _, DatabaseBackend};

use super::KEPT_DAYS;
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::Result;

/// Batches that proved nothing any more before a day.
const OVER: &str = "select id from slip_batches where ended_on < ? or valid_until < ?";

/// Takes away slips, devices' secrets and addresses of batches that have long been over; gives how many.
pub(in crate::domain) async fn sweep(act: &Act) -> Result<u64> {
    let before = dates::local(act.at - Duration::days(KEPT_DAYS)).date().to_string();
    let mut gone = 0;
    for table in ["slips", "slip_credentials", "slip_addresses"] {
        let text = format!("delete from {table} where batch_id in ({OVER})");
        gone += act.tx().execute_raw(sql(act.tx(), &text, [before.as_str().into(), before.as_str().into()])).await?.rows_affected();
    }
    for (table, key) in [("slips", "code"), ("slip_credentials", "secret"), ("slip_addresses", "address")] {
        shuffle(act, table, key).await?;
    }
    Ok(gone)
}

/// PostgreSQL keeps rows in the order of writing: each night they are written anew, in the order of hashes. SQLite keeps
/// these tables by their key, and so never in any other order.
pub(in crate::domain) async fn shuffle(act: &Act, table: &str, key: &str) -> Result<()> {
    if act.tx().get_database_backend() == DatabaseBackend::Postgres {
        // Whoever would write meanwhile waits, or what they look for would be neither the old row nor the new one.
        act.tx().execute_unprepared(&format!("lock table {table} in share row exclusive mode")).await?;
        let text = format!("with all_rows as (delete from {table} returning *) insert into {table} select * from all_rows order by {key}");
        act.tx().execute_unprepared(&text).await?;
    }
    Ok(())
}
