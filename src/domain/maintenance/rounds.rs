//! Making rounds: the latest that is due, once, whoever looks first; those before it were missed.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{Plan, hold};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::issues;
use crate::domain::journal::Entry;
use crate::domain::organisations;
use crate::domain::tasks::{self, Due, NewTask};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{IssueId, MaintenancePlanId, MaintenanceRoundId};

/// The hour of its day from which a round is made: nobody's telephone rings for it at midnight.
pub const MADE_FROM: i64 = 6;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maintenance_rounds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MaintenanceRoundId,
    pub plan_id: MaintenancePlanId,
    pub day: String,
    /// None where it was never made.
    pub issue_id: Option<IssueId>,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The day whose rounds are made at an instant.
fn day_at(at: DateTime<Utc>, calendar: &Calendar) -> NaiveDate {
    calendar.date_of(at - Duration::hours(MADE_FROM))
}

/// Makes the rounds that are due, each plan's in a transaction of its own; gives of how many plans something was written.
pub async fn make_due(house: &House) -> Result<usize> {
    use super::{Column, Entity};
    let today = day_at(house.now(), &house.calendar()).to_string();
    let due = Entity::find().select_only().column(Column::Id).filter(Column::EndedAt.is_null()).filter(Column::NextDay.lte(today));
    let due: Vec<MaintenancePlanId> = due.order_by_asc(Column::NextDay).into_tuple().all(house.read()).await?;
    let (mut made, mut failed) = (0, None);
    for id in due {
        // A plan that fails must not keep the others waiting.
        match Box::pin(make(house, id)).await {
            Ok(true) => made += 1,
            Ok(false) => {}
            Err(e) => failed = Some(e),
        }
    }
    failed.map_or(Ok(made), Err)
}

/// What is due of a plan: read again under its lock, so that of two processes the second finds nothing.
async fn make(house: &House, id: MaintenancePlanId) -> Result<bool> {
    let act = house.act(Actor::System).await?;
    let plan = hold(&act, id).await?;
    let (calendar, mut days) = (act.calendar(), vec![]);
    let Some(mut next) = plan.next() else {
        act.undo().await?;
        return Ok(false);
    };
    while next <= day_at(act.at, &calendar) {
        days.push(next);
        next = plan.schedule().after(next, &calendar);
    }
    let Some((last, missed)) = days.split_last() else {
        act.undo().await?;
        return Ok(false);
    };
    for day in missed {
        if note(&act, &plan, *day, None).await? {
            act.journal(plan.on_self(), &Entry::MaintenanceMissed { number: plan.number, day: day.to_string() }).await?;
        }
    }
    plan.make(&act, *last).await?;
    let mut row: super::ActiveModel = plan.into();
    row.next_day = Set(next.to_string());
    row.update(act.tx()).await?;
    act.commit().await.map(|()| true)
}

/// Writes a round down; whether it is new.
async fn note(act: &Act, plan: &Plan, day: NaiveDate, issue: Option<IssueId>) -> Result<bool> {
    let row = ActiveModel {
        id: Set(MaintenanceRoundId(act.fresh())),
        plan_id: Set(plan.id),
        day: Set(day.to_string()),
        issue_id: Set(issue),
        made_at: Set(act.at),
    };
    let once = OnConflict::columns([Column::PlanId, Column::Day]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(once).exec_without_returning(act.tx()).await? == 1)
}

/// Where a plan for the whole building is done: where its list of places begins.
async fn somewhere(act: &Act, building: &Building) -> Result<Place> {
    let all = buildings::places(act.tx(), building.id).await?;
    all.into_iter().find(|p| p.retired_at.is_none()).ok_or_else(|| Error::broken("a plan in a building without places"))
}

impl Plan {
    async fn make(&self, act: &Act, day: NaiveDate) -> Result<()> {
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        let category = categories::find(&self.category).ok_or_else(|| Error::broken(format!("no kind {}", self.category)))?;
        let place = match self.place_id {
            Some(id) => buildings::place_by_id(act.tx(), id).await?,
            None => somewhere(act, &building).await?,
        };
        let manager = organisations::manager_of(act.tx(), building.id).await?;
        let does = organisations::by_id(act.tx(), self.organisation_id).await?;
        // Who has gone does nothing any more: the property manager sees to it.
        let does = manager.clone().filter(|_| does.retired_at.is_some()).unwrap_or(does);
        let holder = manager.map_or(does.id, |m| m.id);
        let issue = issues::open_round(act, &building, (&place, category), &self.title, holder).await?;
        if !note(act, self, day, Some(issue.id)).await? {
            return Err(Error::Conflict);
        }
        let made =
            Entry::RoundMade { number: issue.number, category: self.category.clone(), place: place.id, plan: self.number, day: day.to_string() };
        act.journal(issue.on_self(), &made).await?;
        let due = Due::Days(self.within_days.unsigned_abs());
        let new = NewTask { words: &self.words, measure: "", due, resolution: None, undertaking: None };
        let (issue, task) = tasks::dispatch(act, issue, &does, new).await?;
        task.furnish(act, &issue, &self.step_lines(), &self.safety, self.person_id).await.map(drop)
    }
}

/// The plan of a round's matter.
pub async fn plan_of(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<Plan>> {
    let Some(round) = Entity::find().filter(Column::IssueId.eq(issue)).one(db).await? else { return Ok(None) };
    Ok(super::Entity::find_by_id(round.plan_id).one(db).await?)
}

/// The day of a plan's last round, made or missed.
pub(super) async fn last_day(db: &impl ConnectionTrait, plan: MaintenancePlanId) -> Result<Option<NaiveDate>> {
    let last = Entity::find().filter(Column::PlanId.eq(plan)).order_by_desc(Column::Day).one(db).await?;
    Ok(last.and_then(|r| r.day.parse().ok()))
}
