//! Departures 离任: somebody leaves an organisation in a building after a last day. What is in their hands goes to a colleague,
//! or back to the organisation's queue, and what they had in its roster ends, in one act with the end of their role; nothing stays
//! with one who has left.

use chrono::{Datelike as _, Duration, NaiveDate};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::buildings::{self, Building};
use super::invitations::Reach;
use super::journal::Entry;
use super::persons::{self, Membership, Person, Scope};
use super::rights::Role;
use super::{councils, duty, issues, sessions, tasks};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, DepartureId, OrganisationId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::outbox::Address;

/// Days ahead for which a last day can be set.
pub const AHEAD_DAYS: i64 = 366;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "departures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartureId,
    pub building_id: BuildingId,
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    /// Who takes over; none: the organisation's queue.
    pub successor_id: Option<PersonId>,
    /// The last day in the role, `2026-11-30`.
    pub last_day: String,
    pub decided_at: DateTimeUtc,
    pub decided_by: Option<PersonId>,
    pub done_at: Option<DateTimeUtc>,
    pub cancelled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Departure;

/// What is in somebody's hands for an organisation in a building.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub issues: u64,
    pub tasks: u64,
    pub seats: u64,
}

/// Counts it.
pub async fn held(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<Held> {
    Ok(Held {
        issues: issues::in_hands(db, building, organisation, person).await?,
        tasks: tasks::in_hands(db, building, organisation, person).await?,
        seats: councils::of_person(db, building, organisation, person).await?.len() as u64,
    })
}

/// Those of a building that are set and not yet done.
pub async fn set_here(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Departure>> {
    let open = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::DoneAt.is_null()).filter(Column::CancelledAt.is_null());
    Ok(open.order_by_asc(Column::LastDay).all(db).await?)
}

/// The memberships of somebody in an organisation that hold in a building.
fn theirs(all: &[Membership], building: &Building, organisation: OrganisationId) -> Vec<Membership> {
    all.iter().filter(|m| m.organisation_id == organisation && m.covers(building)).cloned().collect()
}

/// Sets a last day. Where it is today, they have left at once; else they work until it is over.
pub async fn set(
    act: &Act,
    building: &Building,
    person: &Person,
    organisation: OrganisationId,
    last_day: NaiveDate,
    successor: Option<PersonId>,
) -> Result<Departure> {
    let today = dates::local(act.at).date();
    if last_day < today {
        return Err(Refusal::new("last_day_past").at("last_day").into());
    }
    if last_day > today + Duration::days(AHEAD_DAYS) || last_day.year() > 9_999 {
        return Err(Refusal::new("date_far").with("max", AHEAD_DAYS).at("last_day").into());
    }
    let held = persons::memberships(act.tx(), person.id).await?;
    let ending = theirs(&held, building, organisation);
    if ending.is_empty() {
        return Err(Error::NotFound);
    }
    ask_not_last(act, building, person.id, &ending).await?;
    ask_successor(act, building, person.id, organisation, successor).await?;
    if set_here(act.tx(), building.id).await?.iter().any(|d| d.person_id == person.id && d.organisation_id == organisation) {
        return Err(Refusal::new("departure_set").into());
    }
    let row = ActiveModel {
        id: Set(DepartureId(act.fresh())),
        building_id: Set(building.id),
        person_id: Set(person.id),
        organisation_id: Set(organisation),
        successor_id: Set(successor),
        last_day: Set(last_day.to_string()),
        decided_at: Set(act.at),
        decided_by: Set(act.actor.person()),
        done_at: Set(None),
        cancelled_at: Set(None),
    };
    let departure = row.insert(act.tx()).await?;
    act.journal(departure.on_self(), &Entry::DepartureSet { organisation, last_day: departure.last_day.clone(), successor }).await?;
    if last_day == today {
        return departure.carry_out(act).await;
    }
    Ok(departure)
}

/// A house is never without somebody who can let people in.
async fn ask_not_last(act: &Act, building: &Building, person: PersonId, ending: &[Membership]) -> Result<()> {
    if !ending.iter().any(|m| m.role == Role::Administrator) {
        return Ok(());
    }
    let leaving = set_here(act.tx(), building.id).await?;
    let stays = |id: &PersonId| *id != person && !leaving.iter().any(|d| d.person_id == *id);
    let others = persons::holders(act.tx(), building, Role::Administrator).await?;
    if others.iter().any(stays) { Ok(()) } else { Err(Refusal::new("last_administrator").into()) }
}

async fn ask_successor(act: &Act, building: &Building, person: PersonId, organisation: OrganisationId, successor: Option<PersonId>) -> Result<()> {
    let Some(to) = successor else { return Ok(()) };
    let here = persons::all_here(act.tx(), building).await?;
    if to == person || !here.iter().any(|m| m.person_id == to && m.organisation_id == organisation) {
        return Err(Refusal::new("successor_not_theirs").at("successor").into());
    }
    Ok(())
}

/// Gives a successor the roles that somebody leaves: whoever replaces, can do what the one before did.
pub async fn replace(act: &Act, building: &Building, reach: Reach, person: &Person, organisation: OrganisationId, by: &Person) -> Result<()> {
    let held = persons::memberships(act.tx(), by.id).await?;
    for m in theirs(&persons::memberships(act.tx(), person.id).await?, building, organisation) {
        // A seat's role comes with the seat; and nobody gives what is not theirs to give.
        if m.role == Role::Member || !reach.covers(organisation, m.role) {
            continue;
        }
        if let Some(own) = held.iter().find(|h| h.organisation_id == organisation && h.role == m.role && h.covers(building)) {
            own.clone().name_lead(act, own.lead || m.lead).await?;
            continue;
        }
        let scope = match (m.building_id, m.district_id) {
            (None, Some(d)) => Scope::District(d),
            _ => Scope::Building(building.id),
        };
        let given = by.appoint(act, organisation, m.role, scope).await?;
        given.name_lead(act, m.lead).await?;
    }
    Ok(())
}

impl Model {
    fn on_self(&self) -> On {
        On::new("person", self.person_id).in_building(self.building_id)
    }

    /// Takes it back while it is not yet done.
    pub async fn cancel(self, act: &Act) -> Result<()> {
        let set = ActiveModel { cancelled_at: Set(Some(act.at)), ..Default::default() };
        self.settle(act, set).await?;
        act.journal(self.on_self(), &Entry::DepartureCancelled { organisation: self.organisation_id }).await.map(drop)
    }

    /// Of two who settle it, one does.
    async fn settle(&self, act: &Act, set: ActiveModel) -> Result<()> {
        let open =
            Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::DoneAt.is_null()).filter(Column::CancelledAt.is_null());
        if open.exec(act.tx()).await?.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
    }

    /// Ends the roles, hands over what is held, ends the sessions; and closes the account where no other role is left.
    async fn carry_out(self, act: &Act) -> Result<Departure> {
        self.settle(act, ActiveModel { done_at: Set(Some(act.at)), ..Default::default() }).await?;
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        let (organisation, from) = (self.organisation_id, self.person_id);
        let held = persons::memberships(act.tx(), from).await?;
        for m in theirs(&held, &building, organisation) {
            m.end(act).await?;
        }
        // Whoever was to take over may have left meanwhile.
        let to = match self.successor_id {
            Some(id) if persons::at_work(act.tx(), organisation, &building).await?.contains(&id) => Some(id),
            _ => None,
        };
        let seated = match self.successor_id {
            Some(id) if persons::all_here(act.tx(), &building).await?.iter().any(|m| m.person_id == id && m.organisation_id == organisation) => {
                Some(id)
            }
            _ => None,
        };
        let left = persons::memberships(act.tx(), from).await?;
        let (mut n_issues, mut n_tasks) = (0, 0);
        // A role for the whole district ends in all its buildings.
        for b in buildings::all(act.tx(), Some(building.district_id)).await? {
            let still = left.iter().any(|m| m.organisation_id == organisation && m.covers(&b));
            if still {
                continue;
            }
            let to =
                if b.id == building.id || persons::at_work(act.tx(), organisation, &b).await?.iter().any(|id| Some(*id) == to) { to } else { None };
            duty::leave(act, b.id, organisation, from).await?;
            n_issues += issues::hand_over(act, b.id, organisation, from, to).await?;
            n_tasks += tasks::hand_over(act, b.id, organisation, from, to).await?;
        }
        let seats = councils::hand_over(act, &building, organisation, from, seated).await?;
        let entry = Entry::DepartureDone { from, to: to.or(seated), organisation, issues: n_issues, tasks: n_tasks, seats };
        act.journal(self.on_self(), &entry).await?;
        if let Some(to) = to.filter(|_| n_issues + n_tasks > 0) {
            let data = json!({ "organisation": organisation, "building": building.id, "n": n_issues + n_tasks, "link": "/desk?hands=mine" });
            act.owe("handed_over", Address::Person(to), &data, None).await?;
        }
        sessions::revoke_all(act, from, None).await?;
        if left.is_empty() {
            forget(act, from).await?;
            persons::by_id(act.tx(), from).await?.close(act).await?;
        }
        Entity::find_by_id(self.id).one(act.tx()).await?.ok_or(Error::NotFound)
    }
}

/// What was theirs alone goes with them: links to sign in by, what they began to write, how they arranged their desk.
async fn forget(act: &Act, person: PersonId) -> Result<()> {
    for table in ["sign_in_links", "drafts", "saved_views", "helps_seen"] {
        act.tx().execute_raw(sql(act.tx(), &format!("delete from {table} where person_id = ?"), [person.0.into()])).await?;
    }
    Ok(())
}

/// Carries out what fell due: whose last day is over. Gives how many.
pub async fn carry_out_due(house: &House) -> Result<usize> {
    let today = dates::local(house.now()).date().to_string();
    let due = Entity::find().filter(Column::DoneAt.is_null()).filter(Column::CancelledAt.is_null()).filter(Column::LastDay.lt(today));
    let mut n = 0;
    for departure in due.order_by_asc(Column::LastDay).all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        match departure.carry_out(&act).await {
            Ok(_) => {
                act.commit().await?;
                n += 1;
            }
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}
