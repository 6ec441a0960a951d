//! Councils 议事会: seats held by organisations, and rules of procedure as data with versions.

mod seating;

pub(in crate::domain) use seating::hand_over;
pub use seating::{SEATS_MAX, found_for, of_person};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::buildings::{Building, District};
use super::journal::Entry;
use super::votes::tally::{self, Procedure, Threshold};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, CouncilId, DistrictId, OrganisationId, PersonId, RulesId, SeatId};
use crate::kernel::journal::On;

vocabulary! {
    /// What a seat stands for; one vote per seat, however many workers.
    SeatClass {
        Party = "party", Property = "property", Developer = "developer", Owner = "owner", Enterprise = "enterprise",
        Residents = "residents", Street = "street",
    }
}

vocabulary! {
    /// Of what the majority is a share.
    Basis { All = "all", Present = "present" }
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

/// Rules of procedure 议事规则; a meeting keeps the version under which it was called.
pub mod rules {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rules")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: RulesId,
        pub council_id: CouncilId,
        pub version: i32,
        pub basis: Basis,
        pub majority_num: i32,
        pub majority_den: i32,
        pub majority_strict: bool,
        pub quorum_num: i32,
        pub quorum_den: i32,
        pub allow_proxy: bool,
        /// Natural days between notice and a regular meeting.
        pub notice_days: i32,
        pub urgent_notice_hours: i32,
        pub meeting_months: i32,
        pub minutes_days: i32,
        pub publish_days: i32,
        /// Natural days on display before an ordinary action holds.
        pub display_days: i32,
        pub display_days_major: i32,
        pub objection_answer_days: i32,
        pub confirm_days: i32,
        /// Days after the last task on which the effect is checked, `30,90`.
        pub follow_up_days: String,
        pub petition_workers: i32,
        pub in_force_from: DateTimeUtc,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl Model {
        /// What the count of a vote needs of these rules.
        pub fn procedure(&self) -> Result<Procedure> {
            let basis = match self.basis {
                Basis::All => tally::Basis::All,
                Basis::Present => tally::Basis::Present,
            };
            let threshold = Threshold::new(self.majority_num.unsigned_abs(), self.majority_den.unsigned_abs(), self.majority_strict)
                .ok_or_else(|| Error::broken("rules with a majority that nobody or everybody reaches"))?;
            // A quorum is more than its share (过半数), as for owners' committees.
            let quorum = Threshold::new(self.quorum_num.unsigned_abs(), self.quorum_den.unsigned_abs(), true)
                .ok_or_else(|| Error::broken("rules with a quorum that nobody or everybody reaches"))?;
            Ok(Procedure { basis, threshold, quorum, allow_proxy: self.allow_proxy })
        }
    }
}

pub use Model as Council;
pub use rules::Model as Rules;
pub use seat::Model as Seat;

impl Model {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name, &self.name_en)
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

    /// The rules in force.
    pub async fn rules(&self, db: &impl ConnectionTrait) -> Result<Rules> {
        rules::Entity::find()
            .filter(rules::Column::CouncilId.eq(self.id))
            .order_by_desc(rules::Column::Version)
            .one(db)
            .await?
            .ok_or_else(|| Error::broken("a council without rules"))
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

/// Rules by id: those under which a meeting was called.
pub async fn rules_by_id(db: &impl ConnectionTrait, id: RulesId) -> Result<Rules> {
    rules::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
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
            since: Set(act.at),
            ended_at: Set(None),
        };
        seat::Entity::insert(row).exec_without_returning(act.tx()).await?;
    }
    act.journal(council.on("council", council.id), &Entry::CouncilFounded { seats: seats.len() as i32 }).await?;
    council.adopt_default_rules(act).await?;
    Ok(council)
}

impl Model {
    /// The default rules; sources of analogy: 上海市住宅物业管理规定 art. 26, 北京市物业管理条例 art. 35, 37, 45,
    /// 杭州市物业管理条例 art. 17-20.
    async fn adopt_default_rules(&self, act: &Act) -> Result<Rules> {
        let row = rules::ActiveModel {
            id: Set(RulesId(act.fresh())),
            council_id: Set(self.id),
            version: Set(1),
            basis: Set(Basis::All),
            majority_num: Set(1),
            majority_den: Set(2),
            majority_strict: Set(true),
            quorum_num: Set(1),
            quorum_den: Set(2),
            allow_proxy: Set(false),
            notice_days: Set(5),
            urgent_notice_hours: Set(24),
            meeting_months: Set(2),
            minutes_days: Set(3),
            publish_days: Set(5),
            display_days: Set(3),
            display_days_major: Set(7),
            objection_answer_days: Set(5),
            confirm_days: Set(5),
            follow_up_days: Set("30,90".into()),
            petition_workers: Set(10),
            in_force_from: Set(act.at),
            created_at: Set(act.at),
        };
        let rules = row.insert(act.tx()).await?;
        act.journal(self.on("rules", rules.id), &Entry::RulesAdopted { version: 1 }).await?;
        Ok(rules)
    }
}
