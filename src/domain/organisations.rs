//! Organisations 单位: property managers, enterprises, associations, departments, stations.

use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, DistrictId, OrganisationId};

vocabulary! {
    /// What an organisation is.
    OrganisationKind {
        PropertyManager = "property_manager", Enterprise = "enterprise", Contractor = "contractor", Owner = "owner",
        Association = "association", Department = "department", Station = "station", Residents = "residents",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    pub district_id: DistrictId,
    /// Where it sits or works; none for those of the whole district.
    pub building_id: Option<BuildingId>,
    pub kind: OrganisationKind,
    pub slug: String,
    pub name: String,
    pub name_en: String,
    pub short: String,
    pub short_en: String,
    /// People who work there, as it says itself.
    pub workers: Option<i32>,
    pub email: Option<String>,
    pub created_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Organisation;

impl Model {
    /// Full name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name, &self.name_en)
    }
    /// Short name in a language; never shortened into letters.
    pub fn short(&self, lang: Lang) -> &str {
        lang.pick(&self.short, &self.short_en)
    }
}

/// By its id.
pub async fn by_id(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Organisation> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// By its slug in a district.
pub async fn by_slug(db: &impl ConnectionTrait, district: DistrictId, slug: &str) -> Result<Organisation> {
    Entity::find().filter(Column::DistrictId.eq(district)).filter(Column::Slug.eq(slug)).one(db).await?.ok_or(Error::NotFound)
}

/// Several at once, for pages that name them.
pub async fn by_ids(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = OrganisationId>) -> Result<Vec<Organisation>> {
    let mut ids: Vec<OrganisationId> = ids.into_iter().collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// The property manager of a building.
pub async fn manager_of(db: &impl ConnectionTrait, building: BuildingId) -> Result<Option<Organisation>> {
    Ok(Entity::find()
        .filter(Column::BuildingId.eq(building))
        .filter(Column::Kind.eq(OrganisationKind::PropertyManager))
        .filter(Column::RetiredAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .one(db)
        .await?)
}

/// Those of a building and of the whole district, by kind and name: who can be asked to do something there.
pub async fn around(db: &impl ConnectionTrait, district: DistrictId, building: BuildingId) -> Result<Vec<Organisation>> {
    Ok(Entity::find()
        .filter(Column::DistrictId.eq(district))
        .filter(Column::BuildingId.eq(building).or(Column::BuildingId.is_null()))
        .filter(Column::RetiredAt.is_null())
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::Slug)
        .all(db)
        .await?)
}

/// The tenants of a building, largest first.
pub async fn tenants(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Organisation>> {
    Ok(Entity::find()
        .filter(Column::BuildingId.eq(building))
        .filter(Column::Kind.eq(OrganisationKind::Enterprise))
        .filter(Column::RetiredAt.is_null())
        .order_by_desc(Column::Workers)
        .order_by_asc(Column::Slug)
        .all(db)
        .await?)
}
