//! What Louyi itself counts for a check: reports of the same kind at the same place before the decision, after the last task, and in
//! the same weeks of the year before; matters of that kind that came up again there within ninety days.

use chrono::{DateTime, Days, Utc};
use sea_orm::ConnectionTrait;

use super::Check;
use super::chance::{self, Count};
use crate::domain::issues::Issue;
use crate::domain::{resolutions, tasks};
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::Result;

/// The longest time that is compared, in days: twelve weeks.
pub const LONGEST: u32 = 84;
/// Something that comes back within so many days has come back.
pub const AGAIN_DAYS: u64 = 90;
/// The same weeks of the year before: whole weeks, so that weekdays meet weekdays.
const YEAR: u64 = 364;

/// The counts, and what they come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// In the days before the decision.
    pub before: Count,
    /// In as many days after the last task, as far as they are over.
    pub after: Count,
    /// In the same days of the year before as those after; none where Louyi had no report of this building yet.
    pub year_before: Option<Count>,
    /// Matters of the same kind at the same place since then, within ninety days.
    pub again: u32,
    /// The chance of so large a fall if nothing had changed.
    pub chance: Option<f64>,
}

async fn one(db: &impl ConnectionTrait, text: &str, values: Vec<sea_orm::Value>) -> Result<u32> {
    let row = db.query_one_raw(sql(db, text, values)).await?;
    let n: i64 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

async fn reports(db: &impl ConnectionTrait, issue: &Issue, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<u32> {
    let text = "select count(*) from reports r join issues i on i.id = r.issue_id where i.building_id = ? and i.category = ? and i.place_id = ? \
        and r.created_at >= ? and r.created_at < ? and r.withdrawn_at is null and r.channel <> 'import'";
    let values = vec![issue.building_id.0.into(), issue.category.as_str().into(), issue.place_id.0.into(), from.into(), until.into()];
    one(db, text, values).await
}

/// Counts for a check; none while there is no whole day after the last task.
pub async fn counted(db: &impl ConnectionTrait, check: &Check, issue: &Issue, now: DateTime<Utc>, calendar: &Calendar) -> Result<Option<Counted>> {
    let resolution = resolutions::by_id(db, check.resolution_id).await?;
    let done = tasks::of_resolution(db, resolution.id).await?.iter().filter_map(|t| t.done_at).max().or(issue.done_at);
    let Some(done) = done else { return Ok(None) };
    // Whole days: from the morning after the last task to the last midnight, or to the day on which it was checked.
    let first = calendar.date_of(done) + Days::new(1);
    let today = calendar.date_of(check.checked_at.unwrap_or(now));
    let days = u32::try_from((today - first).num_days()).unwrap_or(0).min(LONGEST);
    if days == 0 {
        return Ok(None);
    }
    let midnight = |day: chrono::NaiveDate| calendar.end_of(day - Days::new(1));
    let (from, until) = (midnight(first), midnight(first + Days::new(u64::from(days))));
    let decided = midnight(calendar.date_of(resolution.adopted_at));
    let earlier = midnight(calendar.date_of(resolution.adopted_at) - Days::new(u64::from(LONGEST)));
    let before = Count { n: reports(db, issue, earlier, decided).await?, days: LONGEST };
    let after = Count { n: reports(db, issue, from, until).await?, days };
    let shift = |at: DateTime<Utc>| at - chrono::Duration::days(YEAR as i64);
    let known = "select count(*) from reports where building_id = ? and created_at < ? and channel <> 'import'";
    let known = one(db, known, vec![issue.building_id.0.into(), shift(from).into()]).await? > 0;
    let year_before = if known { Some(Count { n: reports(db, issue, shift(from), shift(until)).await?, days }) } else { None };
    let again = "select count(*) from issues where building_id = ? and category = ? and place_id = ? and id <> ? and received_at >= ? and received_at < ? \
        and state not in ('declined','withdrawn','merged') and import_id is null and origin <> 'plan'";
    let again_until = midnight(first + Days::new(AGAIN_DAYS)).min(until.max(now));
    let place =
        vec![issue.building_id.0.into(), issue.category.as_str().into(), issue.place_id.0.into(), issue.id.0.into(), from.into(), again_until.into()];
    let again = one(db, again, place).await?;
    Ok(Some(Counted { before, after, year_before, again, chance: chance::of_fall(before, after) }))
}
