//! Districts, buildings, the places in them, and the posters that hang there.

mod changing;
pub mod floors;
mod founding;
mod placing;
mod posters;

pub use changing::Basics;
pub use floors::TowerFloors;
pub(in crate::domain) use founding::slug as checked_slug;
pub use founding::{NewBuilding, NewDistrict, NewPlace, found_district};
pub(in crate::domain) use placing::Plan;
pub use placing::{Common, NewPlaces};
pub use posters::{Poster, brought, poster, poster_by_code, posters, scanned};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{DatabaseBackend, QueryOrder as _, QuerySelect as _};

use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, DistrictId, PlaceId};

/// A business district 商圈.
pub mod district {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "districts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DistrictId,
        pub slug: String,
        pub code: String,
        pub short: String,
        pub name: String,
        pub name_en: String,
        pub street: String,
        pub street_en: String,
        /// China has no daylight saving: an offset says all.
        pub utc_offset_minutes: i32,
        pub jurisdiction: String,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl Model {
        /// Its name in a language.
        pub fn name(&self, lang: Lang) -> &str {
            lang.pick(&self.name, &self.name_en)
        }
    }
}

/// An office tower or complex 楼宇.
pub mod building {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "buildings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: BuildingId,
        pub district_id: DistrictId,
        pub slug: String,
        /// Latin letters before issue numbers: `TQ`.
        pub code: String,
        /// Short name in resolutions' numbers: 汀桥.
        pub short: String,
        pub name: String,
        pub name_en: String,
        pub address: String,
        pub duty_phone: String,
        /// Towers with their floors, `南座:-2:36,北座:-2:28`, for the section drawing.
        pub towers: String,
        pub last_issue_number: i32,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl Model {
        /// Its name in a language.
        pub fn name(&self, lang: Lang) -> &str {
            lang.pick(&self.name, &self.name_en)
        }
    }
}

vocabulary! {
    /// What a place is.
    PlaceKind {
        Tower = "tower", Floor = "floor", Zone = "zone", Lobby = "lobby", LiftBank = "lift_bank", Lift = "lift", Room = "room",
        Gate = "gate", Corridor = "corridor", Stair = "stair", Parking = "parking", Outdoor = "outdoor", Toilet = "toilet", Pantry = "pantry",
    }
}

/// A place in a building 点位: a tree of towers, floors, lobbies, rooms.
pub mod place {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "places")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PlaceId,
        pub building_id: BuildingId,
        pub parent_id: Option<PlaceId>,
        pub kind: PlaceKind,
        pub code: String,
        pub name: String,
        pub name_en: String,
        pub tower: Option<String>,
        /// As people say it: `B1`, `18`, `12A`.
        pub floor: Option<String>,
        /// From the ground: 1 is the first floor, -1 the first basement.
        pub floor_order: Option<i32>,
        /// Let to a single unit: then the public reads only its zone.
        pub let_to_one: bool,
        pub position: i32,
        pub retired_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl Model {
        /// Its own name in a language.
        pub fn name(&self, lang: Lang) -> &str {
            lang.pick(&self.name, &self.name_en)
        }
        /// Tower, floor and name in one line: `南座1F东电梯厅`.
        pub fn full(&self, lang: Lang) -> String {
            words(self.tower.as_deref(), self.floor.as_deref(), self.name(lang), lang)
        }
        /// The floor as its plate says it: `1F`, `B1`.
        pub fn floor_plate(&self) -> Option<String> {
            self.floor.as_ref().map(|f| if f.starts_with('B') { f.clone() } else { format!("{f}F") })
        }
        /// The tower in a language.
        pub fn tower_name(&self, lang: Lang) -> Option<String> {
            self.tower.as_ref().map(|t| tower_name(t, lang))
        }
        /// What the public reads: the zone only, where the place is let to a single unit.
        pub fn public(&self, lang: Lang) -> String {
            public_words(self.tower.as_deref(), self.floor.as_deref(), self.name(lang), self.let_to_one, lang)
        }
    }
    /// Tower, floor and name in one line.
    pub fn words(tower: Option<&str>, floor: Option<&str>, name: &str, lang: Lang) -> String {
        let gap = if lang == Lang::En { " " } else { "" };
        let mut out = tower.map(|t| tower_name(t, lang)).unwrap_or_default();
        if let Some(floor) = floor {
            if !out.is_empty() {
                out.push_str(gap);
            }
            out.push_str(floor);
            if !floor.starts_with('B') {
                out.push('F');
            }
        }
        if !name.is_empty() {
            if !out.is_empty() {
                out.push_str(gap);
            }
            out.push_str(name);
        }
        out
    }
    /// The same as the public reads it: the zone only, where the place is let to a single unit.
    pub fn public_words(tower: Option<&str>, floor: Option<&str>, name: &str, let_to_one: bool, lang: Lang) -> String {
        words(tower, floor, if let_to_one { "" } else { name }, lang)
    }
    /// A tower's name in a language.
    pub fn tower_name(tower: &str, lang: Lang) -> String {
        match tower {
            _ if lang == Lang::Zh => tower.to_owned(),
            "南座" => "South Tower".into(),
            "北座" => "North Tower".into(),
            "东座" => "East Tower".into(),
            "西座" => "West Tower".into(),
            "主楼" => "Main Tower".into(),
            other => other.to_owned(),
        }
    }
}

pub use building::Model as Building;
pub use district::Model as District;
pub use place::Model as Place;

/// A building by its slug.
pub async fn by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Building> {
    building::Entity::find().filter(building::Column::Slug.eq(slug)).one(db).await?.ok_or(Error::NotFound)
}

/// The same, held until the act ends where more than one act can run at a time: of two who number, place or invite in it at once
/// the second sees what the first has done. What only names the building does not wait.
pub async fn hold(act: &Act, id: BuildingId) -> Result<Building> {
    let mut one = building::Entity::find_by_id(id);
    if act.tx().get_database_backend() == DatabaseBackend::Postgres {
        one = one.lock(LockType::NoKeyUpdate);
    }
    one.one(act.tx()).await?.ok_or(Error::NotFound)
}

/// A building by its id.
pub async fn by_id(db: &impl ConnectionTrait, id: BuildingId) -> Result<Building> {
    building::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// A district by its slug.
pub async fn district_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<District> {
    district::Entity::find().filter(district::Column::Slug.eq(slug)).one(db).await?.ok_or(Error::NotFound)
}

/// A district by its id.
pub async fn district_by_id(db: &impl ConnectionTrait, id: DistrictId) -> Result<District> {
    district::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Every district, by name.
pub async fn districts(db: &impl ConnectionTrait) -> Result<Vec<District>> {
    Ok(district::Entity::find().order_by_asc(district::Column::Slug).all(db).await?)
}

/// Every building, or those of one district, in the order of founding.
pub async fn all(db: &impl ConnectionTrait, of: Option<DistrictId>) -> Result<Vec<Building>> {
    let mut q = building::Entity::find().order_by_asc(building::Column::CreatedAt).order_by_asc(building::Column::Slug);
    if let Some(d) = of {
        q = q.filter(building::Column::DistrictId.eq(d));
    }
    Ok(q.all(db).await?)
}

/// Buildings whose name, address, code or slug holds these words, in the order of founding.
pub async fn found(db: &impl ConnectionTrait, words: &str, limit: u64) -> Result<Vec<Building>> {
    use sea_orm::QuerySelect as _;
    use sea_orm::sea_query::{ExprTrait as _, Func, LikeExpr};
    let typed: String = words.trim().to_lowercase().chars().take(60).collect();
    let escaped: String = typed.chars().flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
    let like = |column: building::Column| {
        let lower = sea_orm::sea_query::Expr::expr(Func::lower(sea_orm::sea_query::Expr::col(column)));
        lower.like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
    };
    let any = [
        building::Column::Name,
        building::Column::NameEn,
        building::Column::Short,
        building::Column::Address,
        building::Column::Code,
        building::Column::Slug,
    ]
    .into_iter()
    .fold(sea_orm::Condition::any(), |any, column| any.add(like(column)));
    Ok(building::Entity::find()
        .filter(any)
        .order_by_asc(building::Column::CreatedAt)
        .order_by_asc(building::Column::Slug)
        .limit(limit)
        .all(db)
        .await?)
}

/// The places of a building that are in use, from the top floor down.
pub async fn places(db: &impl ConnectionTrait, id: BuildingId) -> Result<Vec<Place>> {
    Ok(place::Entity::find()
        .filter(place::Column::BuildingId.eq(id))
        .filter(place::Column::RetiredAt.is_null())
        .order_by_asc(place::Column::Position)
        .order_by_asc(place::Column::Code)
        .all(db)
        .await?)
}

/// A place by its code within a building.
pub async fn place_by_code(db: &impl ConnectionTrait, id: BuildingId, code: &str) -> Result<Place> {
    place::Entity::find().filter(place::Column::BuildingId.eq(id)).filter(place::Column::Code.eq(code)).one(db).await?.ok_or(Error::NotFound)
}

/// A place by its id.
pub async fn place_by_id(db: &impl ConnectionTrait, id: PlaceId) -> Result<Place> {
    place::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Places with everything that they lie in: enough to tell whether one of them is in another.
pub async fn places_with_outer(db: &impl ConnectionTrait, ids: Vec<PlaceId>) -> Result<Vec<Place>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let text = format!(
        "with recursive outer_places(id, parent_id) as (select id, parent_id from places where id in ({}) \
         union select p.id, p.parent_id from places p join outer_places o on p.id = o.parent_id) select id from outer_places",
        vec!["?"; ids.len()].join(",")
    );
    let rows = db.query_all_raw(sql(db, &text, ids.into_iter().map(|id| id.0.into()))).await?;
    let mut all = vec![];
    for row in rows {
        all.push(PlaceId(row.try_get_by_index(0)?));
    }
    places_by_ids(db, all).await
}

/// Several places at once, for lists that name them.
pub async fn places_by_ids(db: &impl ConnectionTrait, ids: Vec<PlaceId>) -> Result<Vec<Place>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(place::Entity::find().filter(place::Column::Id.is_in(ids)).all(db).await?)
}

/// A place and everything in it, of all places of its building. What happens in one unit's rooms is public by its zone
/// only: there it is the zone.
pub fn covered(all: &[Place], place: &Place) -> Vec<PlaceId> {
    if place.let_to_one {
        return all.iter().filter(|p| p.tower == place.tower && p.floor_order == place.floor_order).map(|p| p.id).collect();
    }
    let mut inside = vec![place.id];
    let mut i = 0;
    while let Some(id) = inside.get(i).copied() {
        inside.extend(all.iter().filter(|p| p.parent_id == Some(id) && !inside.contains(&p.id)).map(|p| p.id).collect::<Vec<_>>());
        i += 1;
    }
    inside
}

impl Building {
    /// `TQ-214`.
    pub fn label(&self, number: i32) -> String {
        format!("{}-{number}", self.code)
    }

    /// Towers with their lowest and highest floor.
    pub fn tower_floors(&self) -> Vec<(String, i32, i32)> {
        self.towers
            .split(',')
            .filter_map(|t| {
                let mut p = t.split(':');
                Some((p.next()?.to_owned(), p.next()?.parse().ok()?, p.next()?.parse().ok()?))
            })
            .collect()
    }
}
