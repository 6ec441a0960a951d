//! An enterprise's representative who speaks for many of its workers: one report, with how many they speak for. Counted
//! apart and never added to those who reported themselves: nobody can tell how many are in both.

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

/// For how many workers enterprises have spoken on a matter in `issues` under this alias, as a column. Where one speaks
/// again, its largest number counts, once.
pub(in crate::domain) fn represented_of(issue: &str) -> String {
    format!(
        "(select cast(coalesce(sum(n), 0) as bigint) from (select max(x.on_behalf_of) as n from reports x where x.issue_id = {issue}.id \
         and x.withdrawn_at is null and x.on_behalf_of is not null group by x.represented_id) as spoken)"
    )
}

/// The same of one matter.
pub async fn represented(db: &impl ConnectionTrait, issue: IssueId) -> Result<i64> {
    let text = format!("select {} from issues i where i.id = ?", represented_of("i"));
    let row = db.query_one_raw(sql(db, &text, [issue.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
}
