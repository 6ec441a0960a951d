//! Councils 议事会: seats held by organisations, and rules of procedure as data with versions.

pub mod rules;
mod seating;

pub(in crate::domain) use seating::hand_over;
pub use seating::{Given, SEATS_MAX, found_for, of_person};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::buildings::{self, Building, District};
use super::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, CouncilId, DistrictId, OrganisationId, PersonId, ResolutionId, SeatId};
use crate::kernel::journal::On;

vocabulary! {
    /// What a seat stands for; one vote per seat, however many workers.
    SeatClass {
        Party = "party", Property = "property", Developer = "developer", Owner = "owner", Enterprise = "enterprise",
        Residents = "residents", Street = "street",
    }
}

vocabulary! {
    /// How large an enterprise is: a seat says for which of them it speaks.
    Size { Small = "small", Medium = "medium", Large = "large" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "councils")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CouncilId,
    pub district_id: DistrictId,
    /// None for a district's council.
    pub building_id: Option<BuildingId>,
    pub name: String,
    pub name_en: String,
    pub last_meeting: i32,
    pub founded_on: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A seat 席位.
pub mod seat {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seats")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SeatId,
        pub council_id: CouncilId,
        pub number: i32,
        pub class: SeatClass,
        pub organisation_id: OrganisationId,
        pub person_id: Option<PersonId>,
        pub deputy_id: Option<PersonId>,
        /// Of an enterprise.
        pub size: Option<Size>,
        /// The last day of the term, where one was set.
        pub term_until: Option<String>,
        /// The decision that gave it.
        pub resolution_id: Option<ResolutionId>,
        pub since: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl Model {
        /// Whether this person may sit here: the holder, or the standing deputy.
        pub fn of_person(&self, id: PersonId) -> bool {
            self.person_id == Some(id) || self.deputy_id == Some(id)
        }
        /// A seat without holder and deputy counts nowhere.
        pub fn vacant(&self) -> bool {
            self.person_id.is_none() && self.deputy_id.is_none()
        }
    }
}

pub use Model as Council;
pub use rules::{Basis, Model as Rules, Weight, by_id as rules_by_id};
pub use seat::Model as Seat;

impl Model {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name, &self.name_en)
    }

    /// Where its pages begin: `/b/tingqiao`, `/d/qingtang`.
    pub async fn root(&self, db: &impl ConnectionTrait) -> Result<String> {
        Ok(match self.building_id {
            Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
            None => format!("/d/{}", buildings::district_by_id(db, self.district_id).await?.slug),
        })
    }

    /// What the journal notes about it.
    pub fn on(&self, object: &'static str, id: impl Into<Uuid>) -> On {
        let on = On::new(object, id).in_district(self.district_id);
        match self.building_id {
            Some(b) => on.in_building(b),
            None => on,
        }
    }

    /// The seats that exist now, by number.
    pub async fn seats(&self, db: &impl ConnectionTrait) -> Result<Vec<Seat>> {
        Ok(seat::Entity::find()
            .filter(seat::Column::CouncilId.eq(self.id))
            .filter(seat::Column::EndedAt.is_null())
            .order_by_asc(seat::Column::Number)
            .all(db)
            .await?)
    }

    /// The seats that existed at an instant, by number.
    pub async fn seats_at(&self, db: &impl ConnectionTrait, then: DateTimeUtc) -> Result<Vec<Seat>> {
        Ok(seat::Entity::find()
            .filter(seat::Column::CouncilId.eq(self.id))
            .filter(seat::Column::Since.lte(then))
            .filter(seat::Column::EndedAt.is_null().or(seat::Column::EndedAt.gt(then)))
            .order_by_asc(seat::Column::Number)
            .all(db)
            .await?)
    }
}

/// The council of a building.
pub async fn of_building(db: &impl ConnectionTrait, id: BuildingId) -> Result<Council> {
    Entity::find().filter(Column::BuildingId.eq(id)).one(db).await?.ok_or(Error::NotFound)
}

/// The councils of a district's buildings, in the order of founding.
pub async fn of_buildings(db: &impl ConnectionTrait, id: DistrictId) -> Result<Vec<Council>> {
    Ok(Entity::find()
        .filter(Column::DistrictId.eq(id))
        .filter(Column::BuildingId.is_not_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

/// The council of a district itself.
pub async fn of_district(db: &impl ConnectionTrait, id: DistrictId) -> Result<Council> {
    Entity::find().filter(Column::DistrictId.eq(id)).filter(Column::BuildingId.is_null()).one(db).await?.ok_or(Error::NotFound)
}

/// The councils of these buildings, and of their districts.
pub async fn around(db: &impl ConnectionTrait, buildings: &[Building]) -> Result<Vec<Council>> {
    use sea_orm::sea_query::ExprTrait as _;
    let districts = buildings.iter().map(|b| b.district_id);
    let of_district = Column::BuildingId.is_null().and(Column::DistrictId.is_in(districts));
    Ok(Entity::find().filter(Column::BuildingId.is_in(buildings.iter().map(|b| b.id)).or(of_district)).all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: CouncilId) -> Result<Council> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// A seat to be filled at the founding.
pub struct NewSeat {
    pub class: SeatClass,
    pub organisation: OrganisationId,
    pub person: Option<PersonId>,
    pub deputy: Option<PersonId>,
}

/// Founds a council with its seats and the default rules of procedure.
pub async fn found(act: &Act, district: &District, building: Option<&Building>, name: &str, name_en: &str, seats: Vec<NewSeat>) -> Result<Council> {
    let row = ActiveModel {
        id: Set(CouncilId(act.fresh())),
        district_id: Set(district.id),
        building_id: Set(building.map(|b| b.id)),
        name: Set(name.into()),
        name_en: Set(name_en.into()),
        last_meeting: Set(0),
        founded_on: Set(act.calendar().date_of(act.at).to_string()),
        created_at: Set(act.at),
    };
    let council = row.insert(act.tx()).await?;
    for (i, s) in seats.iter().enumerate() {
        let row = seat::ActiveModel {
            id: Set(SeatId(act.fresh())),
            council_id: Set(council.id),
            number: Set(i as i32 + 1),
            class: Set(s.class),
            organisation_id: Set(s.organisation),
            person_id: Set(s.person),
            deputy_id: Set(s.deputy),
            size: Set(None),
            term_until: Set(None),
            resolution_id: Set(None),
            since: Set(act.at),
            ended_at: Set(None),
        };
        seat::Entity::insert(row).exec_without_returning(act.tx()).await?;
    }
    act.journal(council.on("council", council.id), &Entry::CouncilFounded { seats: seats.len() as i32 }).await?;
    rules::adopt_default(act, &council).await?;
    Ok(council)
}
