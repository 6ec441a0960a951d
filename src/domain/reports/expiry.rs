//! What goes of a reporter by itself: how to reach them, once their matter has long been closed.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait as _;

use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;

/// Reports whose matter closed, or that were withdrawn, before an instant.
const OVER: &str = "select r.id from reports r join issues i on i.id = r.issue_id where i.closed_at < ? or r.withdrawn_at < ?";

/// Forgets name, telephone, mail, number for messages, floor and device of reporters whose matter closed before an instant; the organisation,
/// too, unless five or more stand behind the matter with it: so many are told in public as a number and point at nobody.
/// Gives how many reporters it touched; who has been forgotten already is not touched again.
pub async fn forget_contact(act: &Act, before: DateTime<Utc>) -> Result<u64> {
    let text = format!(
        "update reporters set name = null, phone = null, email = null, sms = null, floor = null, device_hash = null, erased_at = ? \
         where (name is not null or phone is not null or email is not null or sms is not null or floor is not null or device_hash is not null) \
         and report_id in ({OVER})"
    );
    let forgotten = act.tx().execute_raw(sql(act.tx(), &text, [act.at.into(), before.into(), before.into()])).await?.rows_affected();
    let few = "select count(*) from reporters w join reports o on o.id = w.report_id where w.organisation_id = reporters.organisation_id \
               and o.withdrawn_at is null and o.issue_id = (select own.issue_id from reports own where own.id = reporters.report_id)";
    let text = format!("update reporters set organisation_id = null where organisation_id is not null and report_id in ({OVER}) and ({few}) < 5");
    act.tx().execute_raw(sql(act.tx(), &text, [before.into(), before.into()])).await?;
    Ok(forgotten)
}
