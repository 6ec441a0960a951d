//! An enterprise's representative who speaks for many of its workers: one report, with how many they speak for. Counted
//! apart and never added to those who reported themselves: nobody can tell how many are in both.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::Channel;
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{IssueId, OrganisationId};

/// Most workers that one report can speak for, where it isn't known how many there are.
const MOST: i32 = 20_000;

/// For whom a report speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behalf {
    pub organisation: OrganisationId,
    /// How many of its workers have met the trouble.
    pub workers: i32,
}

/// A representative's word that so many of the enterprise's workers are concerned.
pub async fn represent(db: &impl ConnectionTrait, of: &Membership, workers: i32) -> Result<Behalf> {
    if of.role != Role::Representative {
        return Err(Refusal::new("no_right").into());
    }
    let organisation: Organisation = organisations::by_id(db, of.organisation_id).await?;
    let most = organisation.workers.unwrap_or(MOST).max(2);
    if !(2..=most).contains(&workers) {
        return Err(Refusal::new("behalf_count").with("max", most).at("behalf").into());
    }
    Ok(Behalf { organisation: organisation.id, workers })
}

impl Behalf {
    /// By which door it comes.
    pub const CHANNEL: Channel = Channel::Representative;
}

/// For how many workers enterprises have spoken on a matter. Where one speaks again, its largest number counts, once.
pub async fn represented(db: &impl ConnectionTrait, issue: IssueId) -> Result<i64> {
    let text = "select cast(coalesce(sum(n), 0) as bigint) from (select max(on_behalf_of) as n from reports \
                where issue_id = ? and withdrawn_at is null and on_behalf_of is not null group by represented_id) as spoken";
    let row = db.query_one_raw(sql(db, text, [issue.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// The same for several matters at once; one for which nobody spoke is not among them.
pub async fn represented_of(db: &impl ConnectionTrait, issues: &[IssueId]) -> Result<HashMap<IssueId, i64>> {
    let mut all = HashMap::new();
    if issues.is_empty() {
        return Ok(all);
    }
    let text = format!(
        "select issue_id, cast(sum(n) as bigint) from (select issue_id, max(on_behalf_of) as n from reports where issue_id in ({}) \
         and withdrawn_at is null and on_behalf_of is not null group by issue_id, represented_id) as spoken group by issue_id",
        vec!["?"; issues.len()].join(",")
    );
    for row in db.query_all_raw(sql(db, &text, issues.iter().map(|i| i.0.into()))).await? {
        all.insert(IssueId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
    }
    Ok(all)
}
