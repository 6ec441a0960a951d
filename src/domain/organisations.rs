//! Organisations 单位: property managers, enterprises, associations, departments, stations.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::buildings::{Building, District, checked_slug};
use super::journal::Entry;
use super::levels::Level;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, DistrictId, OrganisationId};
use crate::kernel::journal::On;
use crate::kernel::text;

vocabulary! {
    /// What an organisation is.
    OrganisationKind {
        PropertyManager = "property_manager", Enterprise = "enterprise", Contractor = "contractor", Owner = "owner",
        Association = "association", Department = "department", Station = "station", Residents = "residents",
    }
}

vocabulary! {
    /// How large an organisation is, by those who work there.
    SizeClass {
        /// Up to 49.
        Small = "small",
        /// 50 to 299.
        Middle = "middle",
        /// 300 to 999.
        Large = "large",
        /// 1,000 and more.
        Huge = "huge",
    }
}

impl SizeClass {
    /// The class of a number of workers.
    pub fn of(workers: i32) -> Self {
        match workers {
            ..50 => SizeClass::Small,
            50..300 => SizeClass::Middle,
            300..1_000 => SizeClass::Large,
            _ => SizeClass::Huge,
        }
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
    /// How large, where nobody has said how many work there.
    pub size: Option<SizeClass>,
    /// At which level it acts, where that does not follow from its kind.
    pub level: Option<Level>,
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

impl Model {
    /// Whether it can be responsible for a matter: then it reads what reporters wrote, which no enterprise, owner or
    /// neighbour ever does. They are given tasks, or asked for an undertaking.
    pub fn takes_over(&self) -> bool {
        use OrganisationKind::*;
        matches!(self.kind, PropertyManager | Contractor | Association | Department | Station)
    }

    /// Whether it can be asked to do something in this building.
    pub fn is_around(&self, building: &Building) -> bool {
        self.retired_at.is_none() && self.district_id == building.district_id && self.building_id.is_none_or(|b| b == building.id)
    }
}

/// An organisation to be added.
pub struct NewOrganisation<'a> {
    pub kind: OrganisationKind,
    pub slug: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    pub short: &'a str,
    pub short_en: &'a str,
    pub workers: Option<i32>,
    pub email: Option<&'a str>,
}

/// Adds an organisation to a building, or to the whole district.
pub async fn add(act: &Act, district: &District, building: Option<&Building>, new: NewOrganisation<'_>) -> Result<Organisation> {
    let slug = checked_slug(new.slug)?;
    if Entity::find().filter(Column::DistrictId.eq(district.id)).filter(Column::Slug.eq(&slug)).one(act.tx()).await?.is_some() {
        return Err(Refusal::new("known_already").at("slug").into());
    }
    let row = ActiveModel {
        id: Set(OrganisationId(act.fresh())),
        district_id: Set(district.id),
        building_id: Set(building.map(|b| b.id)),
        kind: Set(new.kind),
        slug: Set(slug),
        name: Set(text::words("name", new.name, 1, 60)?),
        name_en: Set(text::words("name_en", new.name_en, 1, 80)?),
        short: Set(text::words("short", new.short, 1, 30)?),
        short_en: Set(text::words("short_en", new.short_en, 1, 60)?),
        workers: Set(new.workers),
        email: Set(new.email.map(Into::into)),
        created_at: Set(act.at),
        retired_at: Set(None),
        size: Set(new.workers.map(SizeClass::of)),
        level: Set(None),
    };
    let organisation = row.insert(act.tx()).await?;
    let on = On::new("organisation", organisation.id).in_district(district.id);
    let on = building.map_or(on, |b| on.in_building(b.id));
    act.journal(on, &Entry::OrganisationAdded { kind: organisation.kind }).await?;
    Ok(organisation)
}

impl Model {
    /// Says how large it is: how many work there, or its class alone.
    pub async fn sized(self, act: &Act, workers: Option<i32>, size: Option<SizeClass>) -> Result<Organisation> {
        let mut row: ActiveModel = self.into();
        if let Some(n) = workers {
            row.workers = Set(Some(n));
        }
        row.size = Set(workers.map(SizeClass::of).or(size));
        Ok(row.update(act.tx()).await?)
    }

    /// Says at which level it acts. A matter that it holds stays at the level at which it took it.
    pub async fn at_level(self, act: &Act, level: Level) -> Result<Organisation> {
        if !self.takes_over() {
            return Err(Refusal::new("level_not_theirs").at("level").into());
        }
        if self.acts_at() == level {
            return Ok(self);
        }
        let on = On::new("organisation", self.id).in_district(self.district_id);
        let on = self.building_id.map_or(on, |b| on.in_building(b));
        let mut row: ActiveModel = self.into();
        row.level = Set(Some(level));
        let organisation = row.update(act.tx()).await?;
        act.journal(on, &Entry::OrganisationLevelSet { level }).await?;
        Ok(organisation)
    }

    /// It is gone: asked for nothing from now on, while what it did stays. Refused where somebody still acts for it.
    pub async fn retire(self, act: &Act) -> Result<()> {
        if self.retired_at.is_some() {
            return Ok(());
        }
        let people = super::persons::of_organisation_whole(act.tx(), self.id).await?;
        if people > 0 {
            return Err(Refusal::new("organisation_people").with("n", people).into());
        }
        if super::issues::held_open(act.tx(), self.id).await? > 0 {
            return Err(Refusal::new("organisation_holds").into());
        }
        let (id, on) = (self.id, On::new("organisation", self.id).in_district(self.district_id));
        let on = self.building_id.map_or(on, |b| on.in_building(b));
        let mut row: ActiveModel = self.into();
        row.retired_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        super::tenancies::end_of(act, id).await?;
        act.journal(on, &Entry::OrganisationRetired).await.map(drop)
    }
}

/// A slug that is free in a district, made of Latin words where there are any.
pub async fn free_slug(db: &impl ConnectionTrait, district: DistrictId, words: &str, otherwise: &str) -> Result<String> {
    let mut slug = String::new();
    for c in words.chars().map(|c| c.to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') && slug.len() < 30 => slug.push('-'),
            _ => {}
        }
        if slug.len() >= 34 {
            break;
        }
    }
    let slug = slug.trim_matches('-').to_owned();
    let wanted = if slug.len() < 2 { otherwise.chars().take(34).collect() } else { slug };
    let begins = Column::Slug.starts_with(wanted.as_str());
    let taken = Entity::find().filter(Column::DistrictId.eq(district)).filter(begins).all(db).await?;
    let free = |s: &str| taken.iter().all(|o| o.slug != s);
    if free(&wanted) {
        return Ok(wanted);
    }
    Ok((2..).map(|n| format!("{wanted}-{n}")).find(|s| free(s)).unwrap_or(wanted))
}

/// By its id.
pub async fn by_id(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Organisation> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// By its slug in a district.
pub async fn by_slug(db: &impl ConnectionTrait, district: DistrictId, slug: &str) -> Result<Organisation> {
    Entity::find().filter(Column::DistrictId.eq(district)).filter(Column::Slug.eq(slug)).one(db).await?.ok_or(Error::NotFound)
}

/// One that a form names by its slug, among those that can be asked in a building.
pub async fn named(db: &impl ConnectionTrait, building: &Building, field: &'static str, slug: &str) -> Result<Organisation> {
    match by_slug(db, building.district_id, slug.trim()).await {
        Ok(o) if o.is_around(building) => Ok(o),
        Ok(_) | Err(Error::NotFound) => Err(Refusal::new("choose_organisation").at(field).into()),
        Err(e) => Err(e),
    }
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

/// Those of a district and of all its buildings, by kind and name: who can be asked to do something by its council.
pub async fn of_district(db: &impl ConnectionTrait, district: DistrictId) -> Result<Vec<Organisation>> {
    Ok(Entity::find()
        .filter(Column::DistrictId.eq(district))
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
