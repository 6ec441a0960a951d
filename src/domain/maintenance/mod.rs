//! Maintenance 定期保养: what is done again and again. A plan says what, where, by whom and how often; a job makes each of its
//! rounds once, as a matter with one task.

mod reading;
mod rounds;
mod schedule;
mod writing;

pub use reading::{Done, Round, Standing, late_at_desk, rounds, rounds_of};
pub use rounds::{MADE_FROM, make_due, plan_of};
pub use schedule::{LIFT_DAYS, Rhythm, Schedule};
pub use writing::{END_MAX, SAFETY_MAX, STEPS_LENGTH, TITLE_MAX, WORDS_MAX, Written, ask_keeper, write};

use chrono::NaiveDate;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::buildings::{self, Place};
use super::categories;
use super::journal::Planned;
use crate::kernel::dates;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, MaintenancePlanId, OrganisationId, PersonId, PlaceId};
use crate::kernel::journal::On;
use crate::kernel::text::TextHash;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maintenance_plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MaintenancePlanId,
    pub building_id: BuildingId,
    /// Within its building, from 1.
    pub number: i32,
    /// Where; none is the building.
    pub place_id: Option<PlaceId>,
    /// Its kind of trouble's code: what it is there to prevent.
    pub category: String,
    /// Who does it.
    pub organisation_id: OrganisationId,
    /// In whose hands each round comes; none where the roster says.
    pub person_id: Option<PersonId>,
    /// What the public reads.
    pub title: String,
    /// What is to be done: the words of each round's task.
    pub words: String,
    /// Its steps, a line each.
    pub steps: String,
    /// What to mind; for those who work on it.
    pub safety: String,
    pub salt: Vec<u8>,
    pub rhythm: Rhythm,
    /// Days, working days, or the day of the month.
    pub every: i32,
    /// The first day of the schedule as it is now (`YYYY-MM-DD`).
    pub first_day: String,
    /// The first day of which no round is written yet.
    pub next_day: String,
    /// Working days in which a round is to be done; 0 is the same day.
    pub within_days: i32,
    pub made_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    pub made_by: Option<PersonId>,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_why: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Plan;

/// A plan and its place.
#[derive(Clone, Debug)]
pub struct Placed {
    pub plan: Plan,
    pub place: Option<Place>,
}

impl Model {
    fn on_self(&self) -> On {
        On::new("maintenance_plan", self.id).in_building(self.building_id)
    }

    /// How often.
    pub fn schedule(&self) -> Schedule {
        Schedule { rhythm: self.rhythm, every: self.every.unsigned_abs().max(1) }
    }

    /// The first day of which no round is written yet; none once it has ended.
    pub fn next(&self) -> Option<NaiveDate> {
        dates::parse(&self.next_day).filter(|_| self.ended_at.is_none())
    }

    /// Its steps, a line each.
    pub fn step_lines(&self) -> Vec<&str> {
        self.steps.lines().collect()
    }

    /// The name of its kind.
    pub fn category_name(&self, lang: Lang) -> String {
        categories::name(&self.category, lang)
    }

    /// Whether it is about lifts, for which the law says how often.
    pub fn of_lifts(&self) -> bool {
        writing::of_lifts(&self.category)
    }

    fn planned(&self) -> Planned {
        Planned {
            number: self.number,
            category: self.category.clone(),
            place: self.place_id,
            organisation: self.organisation_id,
            rhythm: self.rhythm,
            every: self.every,
            first: self.first_day.clone(),
            within: self.within_days,
            words: TextHash::of(&self.salt, &[&*self.title, &self.words, &self.steps, &self.safety].join("\n\n")),
        }
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Plan> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }
}

async fn placed(db: &impl ConnectionTrait, plans: Vec<Plan>) -> Result<Vec<Placed>> {
    let places = buildings::places_with_outer(db, plans.iter().filter_map(|p| p.place_id).collect()).await?;
    let of = |p: &Plan| places.iter().find(|x| Some(x.id) == p.place_id).cloned();
    Ok(plans.into_iter().map(|plan| Placed { place: of(&plan), plan }).collect())
}

/// Those of a building: what runs, the next first; then what has ended.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Placed>> {
    let mut all = Entity::find().filter(Column::BuildingId.eq(building)).order_by_asc(Column::NextDay).order_by_asc(Column::Number).all(db).await?;
    all.sort_by_key(|p| p.ended_at.is_some());
    placed(db, all).await
}

/// One by its number in a building.
pub async fn by_number(db: &impl ConnectionTrait, building: BuildingId, number: i32) -> Result<Placed> {
    let one = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)?;
    placed(db, vec![one]).await?.pop().ok_or(Error::NotFound)
}

/// Loads a plan for an act and locks its row, so that a second act on it waits and then sees the first.
async fn hold(act: &crate::kernel::act::Act, id: MaintenancePlanId) -> Result<Plan> {
    use sea_orm::QuerySelect as _;
    let mut q = Entity::find_by_id(id);
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}
