//! Founding: a district, its buildings, and the places in them. Codes and slugs stand on posters and in addresses for
//! ever, so they are looked at before anything is written.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, QuerySelect as _};

use super::changing::telephone;
use super::{Building, District, Place, PlaceKind, building, district, place};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{BuildingId, DistrictId, PlaceId};
use crate::kernel::journal::On;
use crate::kernel::text;

/// A business district to be founded.
pub struct NewDistrict<'a> {
    pub slug: &'a str,
    pub code: &'a str,
    pub short: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    pub street: &'a str,
    pub street_en: &'a str,
    /// Whose rules hold there, `CN-SH`.
    pub jurisdiction: &'a str,
}

/// A building to be founded.
pub struct NewBuilding<'a> {
    pub slug: &'a str,
    pub code: &'a str,
    pub short: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    pub address: &'a str,
    pub duty_phone: &'a str,
    /// `南座:-2:36,北座:-2:28`.
    pub towers: &'a str,
}

/// A place to be added.
pub struct NewPlace<'a> {
    pub parent: Option<PlaceId>,
    pub kind: PlaceKind,
    pub code: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    pub tower: Option<&'a str>,
    /// As people say it; its order follows from it.
    pub floor: Option<&'a str>,
    pub let_to_one: bool,
}

/// Lower-case letters, digits and hyphens, as they stand in addresses.
pub(in crate::domain) fn slug(raw: &str) -> Result<String, Refusal> {
    let fits = (2..=40).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits { Ok(raw.to_owned()) } else { Err(Refusal::new("slug").at("slug")) }
}

/// Capital letters, as they stand before numbers.
fn code(raw: &str) -> Result<String, Refusal> {
    let fits = (1..=6).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_uppercase());
    if fits { Ok(raw.to_owned()) } else { Err(Refusal::new("code_letters").at("code")) }
}

fn taken(the_slug: bool) -> Refusal {
    if the_slug { Refusal::new("known_already").at("slug") } else { Refusal::new("code_taken").at("code") }
}

/// 1 is the first floor, -1 the first basement; `12A` lies where 12 does.
pub(super) fn floor_order(floor: &str) -> Result<i32, Refusal> {
    let (sign, digits) = floor.strip_prefix('B').map_or((1, floor), |below| (-1, below));
    let digits = digits.trim_end_matches(|c: char| c.is_ascii_uppercase());
    digits.parse::<i32>().ok().filter(|n| (1..=200).contains(n)).map(|n| sign * n).ok_or_else(|| Refusal::new("floor").at("floor"))
}

/// Founds a district.
pub async fn found_district(act: &Act, new: NewDistrict<'_>) -> Result<District> {
    let (slug, code) = (slug(new.slug)?, code(new.code)?);
    let known = district::Column::Slug.eq(&slug).or(district::Column::Code.eq(&code));
    if let Some(other) = district::Entity::find().filter(known).one(act.tx()).await? {
        return Err(taken(other.slug == slug).into());
    }
    let row = district::ActiveModel {
        id: Set(DistrictId(act.fresh())),
        slug: Set(slug),
        code: Set(code),
        short: Set(text::words("short", new.short, 1, 20)?),
        name: Set(text::words("name", new.name, 1, 60)?),
        name_en: Set(text::words("name_en", new.name_en, 1, 80)?),
        street: Set(text::words("street", new.street, 1, 60)?),
        street_en: Set(text::words("street_en", new.street_en, 1, 80)?),
        utc_offset_minutes: Set(BEIJING.local_minus_utc() / 60),
        jurisdiction: Set(new.jurisdiction.into()),
        created_at: Set(act.at),
    };
    let district = row.insert(act.tx()).await?;
    act.journal(On::new("district", district.id).in_district(district.id), &Entry::DistrictFounded).await?;
    Ok(district)
}

impl District {
    /// Founds a building in this district; its issues count from 1.
    pub async fn found_building(&self, act: &Act, new: NewBuilding<'_>) -> Result<Building> {
        let (slug, code) = (slug(new.slug)?, code(new.code)?);
        let known = building::Column::Slug.eq(&slug).or(building::Column::Code.eq(&code));
        if let Some(other) = building::Entity::find().filter(known).one(act.tx()).await? {
            return Err(taken(other.slug == slug).into());
        }
        let row = building::ActiveModel {
            id: Set(BuildingId(act.fresh())),
            district_id: Set(self.id),
            slug: Set(slug),
            code: Set(code),
            short: Set(text::words("short", new.short, 1, 20)?),
            name: Set(text::words("name", new.name, 1, 60)?),
            name_en: Set(text::words("name_en", new.name_en, 1, 80)?),
            address: Set(text::words("address", new.address, 1, 120)?),
            duty_phone: Set(telephone("duty_phone", new.duty_phone)?),
            towers: Set(text::words("towers", new.towers, 0, 200)?),
            last_issue_number: Set(0),
            created_at: Set(act.at),
        };
        let building = row.insert(act.tx()).await?;
        let on = On::new("building", building.id).in_building(building.id).in_district(self.id);
        act.journal(on, &Entry::BuildingFounded { code: building.code.clone() }).await?;
        Ok(building)
    }
}

impl Building {
    /// Adds a place below those that are already there.
    pub async fn add_place(&self, act: &Act, new: NewPlace<'_>) -> Result<Place> {
        let last: Option<i32> = place::Entity::find()
            .select_only()
            .column_as(place::Column::Position.max(), "last")
            .filter(place::Column::BuildingId.eq(self.id))
            .into_tuple::<Option<i32>>()
            .one(act.tx())
            .await?
            .flatten();
        self.put_place(act, new, last.unwrap_or(0) + 1).await
    }

    /// Adds a place at a position in the building's order.
    pub(super) async fn put_place(&self, act: &Act, new: NewPlace<'_>, position: i32) -> Result<Place> {
        let row = place::ActiveModel {
            id: Set(PlaceId(act.fresh())),
            building_id: Set(self.id),
            parent_id: Set(new.parent),
            kind: Set(new.kind),
            code: Set(text::words("code", new.code, 1, 20)?),
            name: Set(text::words("name", new.name, 0, 40)?),
            name_en: Set(text::words("name_en", new.name_en, 0, 60)?),
            tower: Set(new.tower.map(Into::into)),
            floor_order: Set(new.floor.map(floor_order).transpose()?),
            floor: Set(new.floor.map(Into::into)),
            let_to_one: Set(new.let_to_one),
            position: Set(position),
            retired_at: Set(None),
            created_at: Set(act.at),
        };
        let place = row.insert(act.tx()).await?;
        act.journal(On::new("place", place.id).in_building(self.id), &Entry::PlaceAdded { kind: place.kind }).await?;
        Ok(place)
    }
}
