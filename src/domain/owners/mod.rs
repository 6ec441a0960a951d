//! The owners' roll 业主名册: who holds which exclusive unit of a building, and how large it is, by versions. A vote keeps the version
//! that held when it was announced. Names of people stand in rows of their own, which can be erased and count nowhere.

mod list;
mod names;
mod roll;

pub use list::{Planned, ROWS_MAX, Row, RowFault, Whom, area, headings, plan};
pub use names::{erase_name, read_names};
pub use roll::{Held, enter, latest, of_version, remove, set};

use sea_orm::entity::prelude::*;

use crate::domain::buildings::Building;
use crate::domain::organisations;
use crate::domain::votes::owners;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, OrganisationId, OwnerHolderId, OwnerUnitId, PersonId};
use crate::kernel::journal::On;

vocabulary! {
    /// Who holds units.
    HolderKind {
        /// An owner that is an organisation of this house.
        Organisation = "organisation",
        /// Known by a label only: people, or an organisation that is not here.
        Household = "household",
        /// The developer, with all that it has not sold or not handed over.
        Developer = "developer",
    }
}

/// A version of the roll, with its sums.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_rolls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub building_id: BuildingId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub units: i32,
    pub holders: i32,
    /// 1/100 m², parking spaces included.
    pub area: i64,
    pub made_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A holder 户: one person of the count, of one unit or of many.
pub mod holder {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "owner_holders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OwnerHolderId,
        pub building_id: BuildingId,
        pub number: i32,
        pub kind: HolderKind,
        pub organisation_id: Option<OrganisationId>,
        /// As the roll calls it, 户号; the slug of an organisation; empty for the developer.
        pub label: String,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// As which person of the count it votes.
        pub fn counted(&self) -> owners::Holder {
            match self.kind {
                HolderKind::Developer => owners::Holder::Developer,
                HolderKind::Organisation | HolderKind::Household => owners::Holder::Owner(u64::from(self.number.unsigned_abs())),
            }
        }
    }
}

/// An exclusive unit as it was held from one version until another.
pub mod unit {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "owner_units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OwnerUnitId,
        pub building_id: BuildingId,
        pub holder_id: OwnerHolderId,
        pub unit: String,
        /// 1/100 m².
        pub area: i64,
        /// A parking space that is an exclusive unit.
        pub parking: bool,
        /// How many own it together; they have one opinion.
        pub co_owners: i32,
        pub from_version: i32,
        pub until_version: Option<i32>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use Model as Roll;
pub use holder::Model as Holder;
pub use unit::Model as Unit;

impl Holder {
    /// What it is called on pages: never a person's name.
    pub async fn called(&self, db: &impl ConnectionTrait, lang: Lang) -> Result<String> {
        Ok(match (self.kind, self.organisation_id) {
            (HolderKind::Developer, _) => lang.t("owners.developer"),
            (_, Some(id)) => organisations::by_id(db, id).await?.name(lang).to_owned(),
            (_, None) => self.label.clone(),
        })
    }
}

fn on(building: &Building) -> On {
    On::new("owner_roll", building.id).in_building(building.id).in_district(building.district_id)
}
