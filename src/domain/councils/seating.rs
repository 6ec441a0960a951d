//! Who sits in a council: seats that come, are filled anew, and go. What was decided keeps who decided it: presence and votes
//! name people themselves.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::rules::{self, Weight};
use super::{Council, NewSeat, Seat, SeatClass, Size, seat};
use crate::domain::buildings::{self, Building, District};
use crate::domain::journal::Entry;
use crate::domain::meetings::{self, MeetingState};
use crate::domain::persons::{self, Scope};
use crate::domain::resolutions::{self, Resolution};
use crate::domain::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, CouncilId, OrganisationId, PersonId, SeatId};
use crate::kernel::text;

/// What else a seat may say of itself.
#[derive(Default)]
pub struct Given<'a> {
    /// Of an enterprise.
    pub size: Option<Size>,
    /// The last day of its term.
    pub until: Option<NaiveDate>,
    /// The decision about seats that it rests on.
    pub resolution: Option<&'a Resolution>,
}

/// Most seats of a council.
pub const SEATS_MAX: usize = 60;

/// Founds a building's council, with seats that stay to be filled.
pub async fn found_for(act: &Act, district: &District, building: &Building, name: &str, name_en: &str) -> Result<Council> {
    let name = text::words("name", name, 2, 40)?;
    let name_en = text::words("name_en", name_en, 2, 80)?;
    buildings::hold(act, building.id).await?;
    match super::of_building(act.tx(), building.id).await {
        Err(Error::NotFound) => super::found(act, district, Some(building), &name, &name_en, vec![]).await,
        Ok(_) => Err(Refusal::new("council_known").into()),
        Err(e) => Err(e),
    }
}

impl Council {
    /// Seats do not change under those who are voting.
    async fn ask_no_session(&self, act: &Act) -> Result<()> {
        let open = meetings::of_council(act.tx(), self.id).await?.iter().any(|m| m.state == MeetingState::Open);
        if open { Err(Refusal::new("seats_in_session").into()) } else { Ok(()) }
    }

    /// Once a council has decided anything, who sits in it is itself decided.
    async fn ask_decided(&self, act: &Act, resolution: Option<&Resolution>) -> Result<()> {
        match resolution {
            Some(r) => rules::decided(act, self, r, Weight::Seats).await,
            None if resolutions::of_council(act.tx(), self.id, 1).await?.is_empty() => Ok(()),
            None => Err(Refusal::new("seats_undecided").at("resolution").into()),
        }
    }

    async fn ask_fitting(&self, act: &Act, building: &Building, new: &NewSeat) -> Result<()> {
        if new.person.is_some() && new.person == new.deputy {
            return Err(Refusal::new("deputy_same").at("deputy").into());
        }
        let here = persons::all_here(act.tx(), building).await?;
        for (field, person) in [("person", new.person), ("deputy", new.deputy)] {
            let Some(id) = person else { continue };
            if !here.iter().any(|m| m.person_id == id && m.organisation_id == new.organisation) {
                return Err(Refusal::new("seat_not_theirs").at(field).into());
            }
        }
        Ok(())
    }

    /// One person, one vote.
    async fn ask_unseated(&self, act: &Act, person: Option<PersonId>, number: Option<i32>) -> Result<()> {
        let Some(person) = person else { return Ok(()) };
        match self.seats(act.tx()).await?.iter().find(|s| s.person_id == Some(person) && Some(s.number) != number) {
            Some(other) => Err(Refusal::new("seat_person_twice").with("seat", other.number).at("person").into()),
            None => Ok(()),
        }
    }

    /// Whoever sits in a council is its member.
    async fn make_members(&self, act: &Act, building: &Building, new: &NewSeat) -> Result<()> {
        for id in [new.person, new.deputy].into_iter().flatten() {
            let held = persons::memberships(act.tx(), id).await?;
            if !held.iter().any(|m| matches!(m.role, Role::Member | Role::Convenor) && m.covers(building)) {
                persons::by_id(act.tx(), id).await?.appoint(act, new.organisation, Role::Member, Scope::Building(building.id)).await?;
            }
        }
        Ok(())
    }

    /// Adds a seat with the next number; numbers are never used again.
    pub async fn add_seat(&self, act: &Act, building: &Building, new: NewSeat, given: Given<'_>) -> Result<Seat> {
        buildings::hold(act, building.id).await?;
        self.ask_no_session(act).await?;
        self.ask_decided(act, given.resolution).await?;
        if given.size.is_some() && new.class != SeatClass::Enterprise {
            return Err(Refusal::new("seat_size").at("size").into());
        }
        if given.until.is_some_and(|d| d <= act.calendar().date_of(act.at)) {
            return Err(Refusal::new("seat_term").at("until").into());
        }
        self.ask_fitting(act, building, &new).await?;
        self.ask_unseated(act, new.person, None).await?;
        if self.seats(act.tx()).await?.len() >= SEATS_MAX {
            return Err(Refusal::new("seats_most").with("max", SEATS_MAX).into());
        }
        let last: Option<i32> = seat::Entity::find()
            .select_only()
            .column_as(seat::Column::Number.max(), "last")
            .filter(seat::Column::CouncilId.eq(self.id))
            .into_tuple::<Option<i32>>()
            .one(act.tx())
            .await?
            .flatten();
        let row = seat::ActiveModel {
            id: Set(SeatId(act.fresh())),
            council_id: Set(self.id),
            number: Set(last.unwrap_or(0) + 1),
            class: Set(new.class),
            organisation_id: Set(new.organisation),
            person_id: Set(new.person),
            deputy_id: Set(new.deputy),
            size: Set(given.size),
            term_until: Set(given.until.map(|d| d.to_string())),
            resolution_id: Set(given.resolution.map(|r| r.id)),
            since: Set(act.at),
            ended_at: Set(None),
        };
        let seat = row.insert(act.tx()).await?;
        act.journal(self.on("seat", seat.id), &Entry::SeatAdded { seat: seat.number, organisation: seat.organisation_id }).await?;
        if seat.person_id.is_some() || seat.deputy_id.is_some() {
            act.journal(self.on("seat", seat.id), &Entry::SeatFilled { seat: seat.number, person: seat.person_id, deputy: seat.deputy_id }).await?;
        }
        self.make_members(act, building, &new).await?;
        Ok(seat)
    }

    /// A seat by its number.
    pub async fn seat(&self, db: &impl ConnectionTrait, number: i32) -> Result<Seat> {
        self.seats(db).await?.into_iter().find(|s| s.number == number).ok_or(Error::NotFound)
    }

    /// Fills a seat anew: its holder, its standing deputy, or nobody.
    pub async fn fill(&self, act: &Act, building: &Building, seat: Seat, person: Option<PersonId>, deputy: Option<PersonId>) -> Result<()> {
        self.ask_no_session(act).await?;
        let new = NewSeat { class: seat.class, organisation: seat.organisation_id, person, deputy };
        self.ask_fitting(act, building, &new).await?;
        self.ask_unseated(act, new.person, Some(seat.number)).await?;
        self.put(act, seat, person, deputy).await?;
        self.make_members(act, building, &new).await
    }

    async fn put(&self, act: &Act, seat: Seat, person: Option<PersonId>, deputy: Option<PersonId>) -> Result<()> {
        if (seat.person_id, seat.deputy_id) == (person, deputy) {
            return Ok(());
        }
        let (id, number) = (seat.id, seat.number);
        let mut row: seat::ActiveModel = seat.into();
        row.person_id = Set(person);
        row.deputy_id = Set(deputy);
        row.update(act.tx()).await?;
        act.journal(self.on("seat", id), &Entry::SeatFilled { seat: number, person, deputy }).await.map(drop)
    }

    /// Ends a seat; what was voted from it stands.
    pub async fn end_seat(&self, act: &Act, seat: Seat, resolution: Option<&Resolution>) -> Result<()> {
        self.ask_no_session(act).await?;
        self.ask_decided(act, resolution).await?;
        let (id, number) = (seat.id, seat.number);
        let mut row: seat::ActiveModel = seat.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(self.on("seat", id), &Entry::SeatEnded { seat: number }).await.map(drop)
    }
}

/// The seats of a building's council in which somebody sits, or stands by, for an organisation.
pub async fn of_person(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<Vec<Seat>> {
    let council = match super::of_building(db, building).await {
        Ok(c) => c,
        Err(Error::NotFound) => return Ok(vec![]),
        Err(e) => return Err(e),
    };
    held(db, council.id, organisation, person).await
}

async fn held(db: &impl ConnectionTrait, council: CouncilId, organisation: OrganisationId, person: PersonId) -> Result<Vec<Seat>> {
    let theirs = seat::Column::PersonId.eq(person).or(seat::Column::DeputyId.eq(person));
    Ok(seat::Entity::find()
        .filter(seat::Column::CouncilId.eq(council))
        .filter(seat::Column::OrganisationId.eq(organisation))
        .filter(seat::Column::EndedAt.is_null())
        .filter(theirs)
        .order_by_asc(seat::Column::Number)
        .all(db)
        .await?)
}

/// Somebody leaves their seats, to another or to nobody; gives how many. This also happens while a council meets: whoever has
/// left votes no more.
pub(in crate::domain) async fn hand_over(
    act: &Act,
    building: &Building,
    organisation: OrganisationId,
    from: PersonId,
    to: Option<PersonId>,
) -> Result<u32> {
    let council = match super::of_building(act.tx(), building.id).await {
        Ok(c) => c,
        Err(Error::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let mut n = 0;
    for seat in held(act.tx(), council.id, organisation, from).await? {
        let (person, deputy) = (seat.person_id, seat.deputy_id);
        // Nobody sits and deputises for themselves: the deputy's place then stays empty.
        let next = |was: Option<PersonId>, other: Option<PersonId>| if was == Some(from) { to.filter(|t| other != Some(*t)) } else { was };
        let holder = next(person, None);
        let deputy = if deputy == holder { None } else { next(deputy, holder) };
        council.put(act, seat, holder, deputy).await?;
        n += 1;
    }
    if let (Some(to), true) = (to, n > 0) {
        let new = NewSeat { class: SeatClass::Enterprise, organisation, person: Some(to), deputy: None };
        council.make_members(act, building, &new).await?;
    }
    Ok(n)
}
