//! Tenancies 租用: which enterprise sits in which unit, or on which floor. One at a time by a form, or all by a list that is
//! looked at whole: what is wrong is said row by row, and nothing is half done.

mod list;

pub use list::{Planned, ROWS_MAX, Row, RowFault, headings, move_in, plan};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::buildings::{self, Building, Place, PlaceKind};
use super::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PlaceId, TenancyId};
use crate::kernel::journal::On;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenancies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenancyId,
    pub building_id: BuildingId,
    pub organisation_id: OrganisationId,
    pub place_id: PlaceId,
    pub since: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Tenancy;

/// Those that hold in a building, in the order in which they began.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Tenancy>> {
    let open = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::EndedAt.is_null());
    Ok(open.order_by_asc(Column::Since).order_by_asc(Column::Id).all(db).await?)
}

impl Model {
    fn on_self(&self) -> On {
        On::new("tenancy", self.id).in_building(self.building_id)
    }

    /// It moves out.
    pub async fn end(self, act: &Act) -> Result<()> {
        let (on, entry) = (self.on_self(), Entry::TenancyEnded { organisation: self.organisation_id, place: self.place_id });
        let place = self.place_id;
        let ended = ActiveModel { ended_at: Set(Some(act.at)), ..Default::default() };
        let open = Entity::update_many().set(ended).filter(Column::Id.eq(self.id)).filter(Column::EndedAt.is_null());
        if open.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        act.journal(on, &entry).await?;
        settle(act, &buildings::place_by_id(act.tx(), place).await?).await
    }
}

/// A tenancy of a unit that is named by its place's code and by its tenant's slug.
pub async fn named(db: &impl ConnectionTrait, building: &Building, place: &str, tenant: &str) -> Result<Tenancy> {
    let place = buildings::place_by_code(db, building.id, place).await?;
    let tenant = super::organisations::by_slug(db, building.district_id, tenant).await?;
    let open = Entity::find().filter(Column::PlaceId.eq(place.id)).filter(Column::OrganisationId.eq(tenant.id)).filter(Column::EndedAt.is_null());
    open.one(db).await?.ok_or(Error::NotFound)
}

/// An organisation sits at a place from now on.
async fn begin(act: &Act, building: BuildingId, organisation: OrganisationId, place: &Place) -> Result<Tenancy> {
    let row = ActiveModel {
        id: Set(TenancyId(act.fresh())),
        building_id: Set(building),
        organisation_id: Set(organisation),
        place_id: Set(place.id),
        since: Set(act.at),
        ended_at: Set(None),
    };
    let tenancy = row.insert(act.tx()).await?;
    act.journal(tenancy.on_self(), &Entry::TenancyBegan { organisation, place: place.id }).await?;
    settle(act, place).await?;
    Ok(tenancy)
}

/// A unit that one enterprise alone sits in is named to the public by its floor only.
async fn settle(act: &Act, place: &Place) -> Result<()> {
    if place.kind != PlaceKind::Room {
        return Ok(());
    }
    let here = Entity::find().filter(Column::PlaceId.eq(place.id)).filter(Column::EndedAt.is_null()).count(act.tx()).await?;
    let place = buildings::place_by_id(act.tx(), place.id).await?;
    // An empty unit keeps what it was: its last tenant's trouble is still its own.
    if here == 0 { Ok(()) } else { place.let_alone(act, here == 1).await }
}

/// An organisation that is gone sits nowhere.
pub(super) async fn end_of(act: &Act, organisation: OrganisationId) -> Result<()> {
    let open = Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::EndedAt.is_null());
    for tenancy in open.all(act.tx()).await? {
        tenancy.end(act).await?;
    }
    Ok(())
}
