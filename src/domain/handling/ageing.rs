//! What is in hand now, and for how many working days.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Scope;
use crate::domain::issues::IssueState;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::BuildingId;

/// The last working day of each age, the last one without end.
pub const AGES: [(u32, u32); 5] = [(0, 1), (2, 3), (4, 5), (6, 10), (11, u32::MAX)];

/// An open matter.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Held {
    pub building_id: BuildingId,
    pub number: i32,
    pub state: IssueState,
    pub received_at: DateTime<Utc>,
    pub next_due: Option<DateTime<Utc>>,
    /// The clock of one of its tasks stands.
    pub stands: bool,
}

impl Held {
    /// Working days since it came; the day itself is none of them.
    pub fn waited(&self, now: DateTime<Utc>, calendar: &Calendar) -> u32 {
        calendar.working_days_between(calendar.date_of(self.received_at), calendar.date_of(now))
    }

    /// Whether something of it should have been done by now.
    pub fn late(&self, now: DateTime<Utc>) -> bool {
        self.state != IssueState::Done && self.next_due.is_some_and(|due| due <= now)
    }
}

/// Everything open, the oldest first.
pub async fn held(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Held>> {
    let (within, values) = scope.within("i");
    let open: Vec<&str> = IssueState::ALL.iter().filter(|s| s.is_open()).map(|s| s.as_str()).collect();
    let text = format!(
        "select i.building_id as building_id, i.number as number, i.state as state, i.received_at as received_at, i.next_due as next_due, \
         exists (select 1 from tasks t join clock_stops s on s.task_id = t.id where t.issue_id = i.id and s.ended_at is null) as stands \
         from issues i where {within} and i.origin <> 'plan' and i.state in ({}) order by i.received_at, i.id",
        vec!["?"; open.len()].join(",")
    );
    let rows = db.query_all_raw(sql(db, &text, values.into_iter().chain(open.into_iter().map(Into::into)))).await?;
    Ok(rows.iter().map(|r| Held::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}
