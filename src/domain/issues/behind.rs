//! Who stands behind a matter beside those who reported it: two numbers that are never added to the reports or to each other.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::domain::{proofs, reports};
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::IssueId;

/// What rows say beside the number of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Of the reports, those of people who have proven where they work, as of the last midnight.
    pub proven: i64,
    /// Workers for whom enterprises speak.
    pub represented: i64,
}

/// Both as columns `proven` and `represented` of a question about `issues i`; its first value is [`proofs::today`].
pub(super) fn columns() -> String {
    format!("{} as proven, {} as represented", proofs::proven_of("i"), reports::represented_of("i"))
}

/// Of several matters, in one question; one behind which nobody stands is not among them.
pub async fn behind(db: &impl ConnectionTrait, now: DateTime<Utc>, issues: &[IssueId]) -> Result<HashMap<IssueId, Behind>> {
    let mut all = HashMap::new();
    if issues.is_empty() {
        return Ok(all);
    }
    let text = format!("select {}, i.id from issues i where i.id in ({})", columns(), vec!["?"; issues.len()].join(","));
    let values = std::iter::once(proofs::today(now)).chain(issues.iter().map(|i| i.0.into()));
    for row in db.query_all_raw(sql(db, &text, values)).await? {
        let of = Behind { proven: row.try_get_by_index(0)?, represented: row.try_get_by_index(1)? };
        if of != Behind::default() {
            all.insert(IssueId(row.try_get_by_index(2)?), of);
        }
    }
    Ok(all)
}
