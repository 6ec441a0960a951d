//! Announcements as they are read: with their places, by what they touch.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{Announcement, Column, Entity, at};
use crate::domain::buildings::{self, Building, Place, PlaceKind};
use crate::domain::categories;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{AnnouncementId, BuildingId, PlaceId};

/// One with its places.
#[derive(Clone, Debug)]
pub struct Placed {
    pub announcement: Announcement,
    /// None means the whole building.
    pub places: Vec<Place>,
}

impl Placed {
    /// Where, as the public reads it: `南座12F、北座12F`, `整座楼`.
    pub fn places_in_words(&self, lang: Lang) -> String {
        if self.places.is_empty() {
            return lang.t("announcements.everywhere");
        }
        let names: Vec<String> = self.places.iter().map(|p| p.public(lang)).collect();
        names.join(&lang.t("announcements.join"))
    }

    /// Whether it says something about what somebody asks for: a place (that it covers, or that holds one of its places),
    /// and a kind of trouble of its group. What is not asked for does not narrow. `all` are the places of the building.
    pub fn touches(&self, all: &[Place], place: Option<&Place>, category: Option<&str>) -> bool {
        let group = |code: &str| categories::find(code).map(|c| c.group.as_str());
        let of_kind = category.is_none_or(|asked| self.announcement.category.as_deref().is_some_and(|c| group(c) == group(asked)));
        let here = place.is_none_or(|asked| self.places.is_empty() || self.places.iter().any(|p| meet(all, p, asked)));
        of_kind && here
    }
}

/// Whether one of two places is in the other; a floor holds everything on it.
fn meet(all: &[Place], announced: &Place, asked: &Place) -> bool {
    let floor = |p: &Place| matches!(p.kind, PlaceKind::Floor | PlaceKind::Zone);
    let same_floor = announced.floor_order.is_some() && announced.floor_order == asked.floor_order && announced.tower == asked.tower;
    let tower = |whole: &Place, part: &Place| whole.kind == PlaceKind::Tower && whole.tower.is_some() && whole.tower == part.tower;
    (same_floor && (floor(announced) || floor(asked)))
        || tower(announced, asked)
        || buildings::covered(all, announced).contains(&asked.id)
        || (asked.kind != PlaceKind::Tower && buildings::covered(all, asked).contains(&announced.id))
}

/// Those of a building with their places, in the order given.
pub async fn placed(db: &impl ConnectionTrait, all: Vec<Announcement>) -> Result<Vec<Placed>> {
    if all.is_empty() {
        return Ok(vec![]);
    }
    let rows = at::Entity::find().filter(at::Column::AnnouncementId.is_in(all.iter().map(|a| a.id))).all(db).await?;
    let mut named = buildings::places_by_ids(db, rows.iter().map(|r| r.place_id).collect()).await?;
    named.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
    let mut of: HashMap<AnnouncementId, Vec<PlaceId>> = HashMap::new();
    for r in rows {
        of.entry(r.announcement_id).or_default().push(r.place_id);
    }
    let of = |a: &Announcement| named.iter().filter(|p| of.get(&a.id).is_some_and(|ids| ids.contains(&p.id))).cloned().collect();
    Ok(all.into_iter().map(|a| Placed { places: of(&a), announcement: a }).collect())
}

/// What holds in a building now or will: what runs first, then what comes, the next one first.
pub async fn current(db: &impl ConnectionTrait, id: BuildingId, now: DateTime<Utc>) -> Result<Vec<Placed>> {
    let open = Entity::find().filter(Column::BuildingId.eq(id)).filter(Column::EndsAt.gt(now)).filter(Column::EndedAt.is_null());
    placed(db, open.order_by_asc(Column::StartsAt).order_by_asc(Column::Number).all(db).await?).await
}

/// The newest of a building that are over, by their end.
pub async fn over(db: &impl ConnectionTrait, id: BuildingId, now: DateTime<Utc>, limit: u64) -> Result<Vec<Placed>> {
    let over = Entity::find().filter(Column::BuildingId.eq(id)).filter(Column::EndsAt.lte(now).or(Column::EndedAt.is_not_null()));
    placed(db, over.order_by_desc(Column::EndsAt).order_by_desc(Column::Number).limit(limit).all(db).await?).await
}

/// Those that changed last, for a feed.
pub async fn latest(db: &impl ConnectionTrait, id: BuildingId, limit: u64) -> Result<Vec<Placed>> {
    let all = Entity::find().filter(Column::BuildingId.eq(id)).order_by_desc(Column::ChangedAt).order_by_desc(Column::Number).limit(limit);
    placed(db, all.all(db).await?).await
}

/// When one of a building changed last.
pub async fn last_changed(db: &impl ConnectionTrait, id: BuildingId) -> Result<Option<DateTime<Utc>>> {
    let last = Entity::find().filter(Column::BuildingId.eq(id)).order_by_desc(Column::ChangedAt).one(db).await?;
    Ok(last.map(|a| a.changed_at))
}

/// By its number, with its places.
pub async fn by_number(db: &impl ConnectionTrait, id: BuildingId, number: i32) -> Result<Placed> {
    let one = Entity::find().filter(Column::BuildingId.eq(id)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)?;
    placed(db, vec![one]).await?.pop().ok_or(Error::NotFound)
}

/// By ids, with their places.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<AnnouncementId>) -> Result<Vec<Placed>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    placed(db, Entity::find().filter(Column::Id.is_in(ids)).all(db).await?).await
}

/// What somebody who reports here should know first: what runs, and what begins within these days.
pub async fn known(
    db: &impl ConnectionTrait,
    building: &Building,
    place: Option<&Place>,
    category: Option<&str>,
    now: DateTime<Utc>,
    days: i64,
) -> Result<Vec<Placed>> {
    let mut near: Vec<Placed> =
        current(db, building.id, now).await?.into_iter().filter(|a| a.announcement.starts_at <= now + Duration::days(days)).collect();
    // The kind first: most of what is typed is about something else, and no place need be read for it.
    near.retain(|a| a.touches(&[], None, category));
    if near.is_empty() {
        return Ok(near);
    }
    // Whether one place is in another is seen from what they lie in.
    let named = near.iter().flat_map(|a| a.places.iter().map(|p| p.id)).chain(place.map(|p| p.id));
    let all = if place.is_some() { buildings::places_with_outer(db, named.collect()).await? } else { vec![] };
    near.retain(|a| a.touches(&all, place, category));
    Ok(near)
}
