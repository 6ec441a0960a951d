//! What goes of proofs by itself: keys, marks and spent tokens of matters that closed long ago. Without its key no token can
//! be spent, so none needs to be remembered.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait as _;

use crate::domain::slips;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;

/// Takes away what is left of matters that closed before an instant; gives how many rows went.
pub(in crate::domain) async fn sweep(act: &Act, before: DateTime<Utc>) -> Result<u64> {
    let mut gone = 0;
    for table in ["proof_keys", "proof_marks", "spent_tokens"] {
        let text = format!("delete from {table} where issue_id in (select id from issues where closed_at < ?)");
        gone += act.tx().execute_raw(sql(act.tx(), &text, [before.into()])).await?.rows_affected();
    }
    for (table, key) in [("proof_marks", "mark"), ("spent_tokens", "token"), ("proofs", "report")] {
        slips::shuffle(act, table, key).await?;
    }
    Ok(gone)
}
