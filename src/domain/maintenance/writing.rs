//! Making a plan, changing it forward, ending it.

use chrono::{Duration, NaiveDate};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, LIFT_DAYS, Plan, Rhythm, Schedule, hold, rounds};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::journal::Entry;
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons;
use crate::domain::reports::personal;
use crate::domain::rights::Role;
use crate::domain::tasks::{DAYS_MAX, STEPS_MAX};
use crate::kernel::act::{Act, Actor};
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{MaintenancePlanId, PersonId, PlaceId};
use crate::kernel::text::{self, TextHash};

/// Longest title, in characters.
pub const TITLE_MAX: usize = 40;
/// Longest words about what is to be done, in characters.
pub const WORDS_MAX: usize = 500;
/// Longest note about what to mind, in characters; as long as a task's.
pub const SAFETY_MAX: usize = 300;
/// Longest list of steps, in characters.
pub const STEPS_LENGTH: usize = 2000;
/// Longest reason for ending one, in characters.
pub const END_MAX: usize = 300;
/// Most plans of a building that run: more is another system's business.
const MOST: u64 = 200;
/// Days ahead on which one can begin.
const AHEAD: i64 = 400;

/// What somebody writes.
pub struct Written<'a> {
    pub title: &'a str,
    pub words: &'a str,
    /// A line each.
    pub steps: &'a str,
    pub safety: &'a str,
    pub category: &'a str,
    /// None is the building.
    pub place: Option<&'a Place>,
    pub organisation: &'a Organisation,
    pub person: Option<PersonId>,
    pub rhythm: Rhythm,
    pub every: i32,
    /// The first round is on it, or on the next day of the rhythm.
    pub first_day: &'a str,
    /// Working days in which each is to be done.
    pub within: i32,
}

/// Whether a kind of work is about lifts.
pub(super) fn of_lifts(category: &str) -> bool {
    category.starts_with("lift.")
}

/// Administrators may, and the building's property manager.
pub async fn ask_keeper(db: &impl ConnectionTrait, building: &Building, actor: &Actor) -> Result<()> {
    let manager = || organisations::manager_of(db, building.id);
    match actor.role() {
        Some(role) if role == Role::Administrator.as_str() => Ok(()),
        Some(role) if role == Role::Staff.as_str() && manager().await?.map(|o| o.id) == actor.organisation() => Ok(()),
        _ => Err(Refusal::new("only_plan_keeper").into()),
    }
}

/// The same, looked at.
struct Checked {
    title: String,
    words: String,
    steps: String,
    safety: String,
    category: String,
    place: Option<PlaceId>,
    schedule: Schedule,
    first: NaiveDate,
}

impl Written<'_> {
    /// `last` is the day of the last round, where there was one.
    async fn checked(&self, act: &Act, building: &Building, last: Option<NaiveDate>) -> Result<Checked> {
        let title = text::words("title", self.title, 2, TITLE_MAX)?.replace('\n', " ");
        let words = text::words("words", self.words, 2, WORDS_MAX)?;
        personal::ask_none(&title, "title")?;
        personal::ask_none(&words, "words")?;
        let steps = self.steps()?;
        let safety = text::words("safety", self.safety, 0, SAFETY_MAX)?;
        let category = categories::named(self.category).map_err(|r| r.at("category"))?.code.clone();
        if self.place.is_some_and(|p| p.building_id != building.id || p.retired_at.is_some()) {
            return Err(Refusal::new("unknown_place").at("place").into());
        }
        if self.place.is_none() && buildings::places(act.tx(), building.id).await?.is_empty() {
            return Err(Refusal::new("unknown_place").at("place").into());
        }
        if !self.organisation.takes_over() || !self.organisation.is_around(building) {
            return Err(Refusal::new("choose_organisation").at("organisation").into());
        }
        if let Some(person) = self.person
            && !persons::at_work(act.tx(), self.organisation.id, building).await?.contains(&person)
        {
            return Err(Refusal::new("assign_not_theirs").at("person").into());
        }
        if !u32::try_from(self.within).is_ok_and(|n| n <= DAYS_MAX) {
            return Err(Refusal::new("days").with("max", DAYS_MAX).at("within").into());
        }
        let (schedule, calendar) = (Schedule::new(self.rhythm, self.every)?, act.calendar());
        let first = dates::parse(self.first_day.trim()).ok_or_else(|| Refusal::new("date").at("first_day"))?;
        let first = schedule.begins(first, &calendar);
        if first > calendar.date_of(act.at) + Duration::days(AHEAD) {
            return Err(Refusal::new("too_far_ahead").at("first_day").into());
        }
        if of_lifts(&category) {
            if schedule.longest(first, &calendar) > LIFT_DAYS {
                return Err(Refusal::new("lift_days").with("max", LIFT_DAYS).at("every").into());
            }
            if last.is_some_and(|last| (first - last).num_days() > LIFT_DAYS) {
                return Err(Refusal::new("lift_days").with("max", LIFT_DAYS).at("first_day").into());
            }
        }
        Ok(Checked { title, words, steps, safety, category, place: self.place.map(|p| p.id), schedule, first })
    }

    fn steps(&self) -> Result<String, Refusal> {
        let all = text::words("steps", self.steps, 0, STEPS_LENGTH)?;
        let lines: Vec<&str> = all.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        if lines.len() > STEPS_MAX {
            return Err(Refusal::new("steps_many").with("max", STEPS_MAX).at("steps"));
        }
        for line in &lines {
            text::words("steps", line, 2, 200)?;
        }
        Ok(lines.join("\n"))
    }
}

/// A new plan starts today at the earliest.
fn not_past(act: &Act, first: NaiveDate) -> Result<(), Refusal> {
    if first < act.calendar().date_of(act.at) { Err(Refusal::new("plan_past").at("first_day")) } else { Ok(()) }
}

/// Makes a plan.
pub async fn write(act: &Act, building: &Building, written: &Written<'_>) -> Result<Plan> {
    ask_keeper(act.tx(), building, &act.actor).await?;
    buildings::hold(act, building.id).await?;
    let new = written.checked(act, building, None).await?;
    not_past(act, new.first)?;
    let here = Entity::find().filter(Column::BuildingId.eq(building.id));
    if here.clone().filter(Column::EndedAt.is_null()).count(act.tx()).await? >= MOST {
        return Err(Refusal::new("plans_most").with("n", MOST).at("title").into());
    }
    let last = here.order_by_desc(Column::Number).one(act.tx()).await?;
    let row = ActiveModel {
        id: Set(MaintenancePlanId(act.fresh())),
        building_id: Set(building.id),
        number: Set(last.map_or(1, |p| p.number + 1)),
        place_id: Set(new.place),
        category: Set(new.category),
        organisation_id: Set(written.organisation.id),
        person_id: Set(written.person),
        title: Set(new.title),
        words: Set(new.words),
        steps: Set(new.steps),
        safety: Set(new.safety),
        salt: Set(text::salt()),
        rhythm: Set(new.schedule.rhythm),
        every: Set(written.every),
        first_day: Set(new.first.to_string()),
        next_day: Set(new.first.to_string()),
        within_days: Set(written.within),
        made_at: Set(act.at),
        changed_at: Set(act.at),
        made_by: Set(act.actor.person()),
        ended_at: Set(None),
        ended_why: Set(None),
        version: Set(1),
    };
    let plan = row.insert(act.tx()).await?;
    act.journal(plan.on_self(), &Entry::MaintenancePlanned(plan.planned())).await?;
    Ok(plan)
}

impl Plan {
    fn ask_running(&self) -> Result<(), Refusal> {
        if self.ended_at.is_some() { Err(Refusal::new("plan_ended")) } else { Ok(()) }
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Plan> {
        set.version = Set(self.version + 1);
        set.changed_at = Set(act.at);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        Entity::find_by_id(self.id).one(act.tx()).await?.ok_or(Error::NotFound)
    }

    /// Changes it from its next round on; rounds that were made stay as they are.
    pub async fn correct(self, act: &Act, building: &Building, written: &Written<'_>) -> Result<Plan> {
        ask_keeper(act.tx(), building, &act.actor).await?;
        let plan = hold(act, self.id).await?.unchanged_since(self.version)?;
        plan.ask_running()?;
        let last = rounds::last_day(act.tx(), plan.id).await?;
        let new = written.checked(act, building, last).await?;
        if Some(new.first) != plan.next() {
            not_past(act, new.first)?;
            if last.is_some_and(|last| new.first <= last) {
                return Err(Refusal::new("plan_past").at("first_day").into());
            }
        }
        let set = ActiveModel {
            place_id: Set(new.place),
            category: Set(new.category),
            organisation_id: Set(written.organisation.id),
            person_id: Set(written.person),
            title: Set(new.title),
            words: Set(new.words),
            steps: Set(new.steps),
            safety: Set(new.safety),
            rhythm: Set(new.schedule.rhythm),
            every: Set(written.every),
            first_day: Set(new.first.to_string()),
            next_day: Set(new.first.to_string()),
            within_days: Set(written.within),
            ..Default::default()
        };
        let plan = plan.change(act, set).await?;
        act.journal(plan.on_self(), &Entry::MaintenanceChanged(plan.planned())).await?;
        Ok(plan)
    }

    /// Ends it, with a reason that everybody reads. What was made is still to be done.
    pub async fn end(self, act: &Act, building: &Building, why: &str) -> Result<Plan> {
        ask_keeper(act.tx(), building, &act.actor).await?;
        let plan = hold(act, self.id).await?.unchanged_since(self.version)?;
        plan.ask_running()?;
        let why = text::words("why", why, 2, END_MAX)?;
        personal::ask_none(&why, "why")?;
        let words = TextHash::of(&plan.salt, &why);
        let plan = plan.change(act, ActiveModel { ended_at: Set(Some(act.at)), ended_why: Set(Some(why)), ..Default::default() }).await?;
        act.journal(plan.on_self(), &Entry::MaintenanceEnded { number: plan.number, words }).await?;
        Ok(plan)
    }
}
