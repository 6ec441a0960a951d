//! How an organisation's matters are handled, for whoever answers for it: one row a matter, and every number a count of such
//! rows, so that the list behind a number always agrees with it. Nothing is counted per person.

mod ageing;
mod case;
mod flow;
mod paces;
mod rate;

pub use ageing::{AGES, Held, held};
pub use case::{Case, Cut, cases};
pub use flow::{Week, weeks};
pub use paces::{By, DESK_HOURS, Group, groups, half, working_hours};
pub use rate::Rate;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};

use crate::domain::buildings::Building;
use crate::domain::effect_checks::Verdict;
use crate::domain::persons::Membership;
use crate::domain::rights::{Right, Role};
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, OrganisationId};

/// Whose matters, and where.
#[derive(Clone, Debug)]
pub struct Scope {
    pub buildings: Vec<BuildingId>,
    /// Those of one organisation; none means whoever is responsible.
    pub holders: Option<Vec<OrganisationId>>,
}

impl Scope {
    /// What somebody with these roles sees of buildings: the secretary every organisation's matters, others those of their own.
    pub fn of(memberships: &[Membership], buildings: &[&Building]) -> Self {
        let mine: Vec<&Membership> = memberships.iter().filter(|m| m.role.may(Right::Triage)).collect();
        let overseen = |b: &&&Building| mine.iter().any(|m| m.role == Role::Secretary && m.covers(b));
        let overseen: Vec<BuildingId> = buildings.iter().filter(overseen).map(|b| b.id).collect();
        if !overseen.is_empty() {
            return Self { buildings: overseen, holders: None };
        }
        let mut holders: Vec<OrganisationId> = mine.iter().map(|m| m.organisation_id).collect();
        holders.sort();
        holders.dedup();
        Self { buildings: buildings.iter().map(|b| b.id).collect(), holders: Some(holders) }
    }

    /// `building_id in (…) and holder_id in (…)` for this alias of `issues`, with its values.
    fn within(&self, issue: &str) -> (String, Vec<Value>) {
        let several = |n: usize| if n == 0 { "null".into() } else { vec!["?"; n].join(",") };
        let mut text = format!("{issue}.building_id in ({})", several(self.buildings.len()));
        let mut values: Vec<Value> = self.buildings.iter().map(|b| b.0.into()).collect();
        if let Some(holders) = &self.holders {
            text.push_str(&format!(" and {issue}.holder_id in ({})", several(holders.len())));
            values.extend(holders.iter().map(|h| Value::from(h.0)));
        }
        (text, values)
    }
}

/// Working days for which the clocks of tasks stood, of the matters received from one instant until another.
pub async fn stood(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    scope: &Scope,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<u32> {
    let (within, values) = scope.within("i");
    let text = format!(
        "select s.since, s.ended_at from clock_stops s join tasks t on t.id = s.task_id join issues i on i.id = t.issue_id \
         where {within} and i.import_id is null and i.origin <> 'plan' and i.received_at >= ? and i.received_at < ?"
    );
    let mut days = 0;
    for row in db.query_all_raw(sql(db, &text, values.into_iter().chain([from.into(), to.into()]))).await? {
        let (since, ended) = (row.try_get_by_index::<DateTime<Utc>>(0)?, row.try_get_by_index::<Option<DateTime<Utc>>>(1)?);
        days += calendar.working_days_between(calendar.date_of(since), calendar.date_of(ended.unwrap_or(now)));
    }
    Ok(days)
}

/// Whether what was done has an effect, of the resolutions on these matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    pub effective: i64,
    pub not: i64,
    /// Planned, the day has not come or nobody has measured.
    pub planned: i64,
}

/// The last check of each matter whose checks were planned for these days (`YYYY-MM-DD`, the second exclusive).
pub async fn effect(db: &impl ConnectionTrait, scope: &Scope, from: &str, to: &str) -> Result<Effect> {
    let (within, values) = scope.within("i");
    let text = format!(
        "select c.verdict, count(*) from effect_checks c join issues i on i.id = c.issue_id where {within} and c.planned_on >= ? and c.planned_on < ? \
         group by c.verdict"
    );
    let mut all = Effect::default();
    for row in db.query_all_raw(sql(db, &text, values.into_iter().chain([from.into(), to.into()]))).await? {
        let (verdict, n) = (row.try_get_by_index::<Option<Verdict>>(0)?, row.try_get_by_index::<i64>(1)?);
        match verdict {
            Some(Verdict::Effective) => all.effective += n,
            Some(_) => all.not += n,
            None => all.planned += n,
        }
    }
    Ok(all)
}
