//! Placing: floors by a list, with what is on each of them; zones, rooms, lifts on one floor or on several; and places out
//! of use. All of one list, or nothing.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::floors::{TowerFloors, towers};
use super::founding::NewPlace;
use super::{Building, Place, PlaceKind, building, place, places};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::PlaceId;
use crate::kernel::journal::On;
use crate::kernel::text;

/// What is on every floor.
#[derive(Clone, Copy, Debug, Default)]
pub struct Common {
    pub lobby: bool,
    pub toilets: bool,
    pub pantry: bool,
}

/// Places of one kind: these names, on each of these floors.
pub struct NewPlaces<'a> {
    pub kind: PlaceKind,
    /// Several are separated by commas: `A区、B区`.
    pub names: &'a str,
    pub names_en: &'a str,
    /// None: beside all towers, or in the only one.
    pub tower: Option<&'a str>,
    /// A list as floors are written; empty for what is on no floor.
    pub floors: &'a str,
}

/// Most places that are added at once.
pub const PLACES_MAX: usize = 500;

/// The letter by which a place's code says what it is.
fn letter(kind: PlaceKind) -> &'static str {
    use PlaceKind::*;
    match kind {
        Tower | Floor => "",
        Zone => "Z",
        Lobby => "H",
        LiftBank => "B",
        Lift => "L",
        Room => "R",
        Gate => "G",
        Corridor => "C",
        Stair => "S",
        Parking => "K",
        Outdoor => "O",
        Toilet => "W",
        Pantry => "P",
    }
}

/// What has been placed so far: codes that are taken, the next position, floors by tower.
pub(in crate::domain) struct Plan<'b> {
    building: &'b Building,
    codes: HashMap<String, PlaceId>,
    floors: HashMap<(Option<String>, String), PlaceId>,
    roots: HashMap<String, (PlaceId, String)>,
    last: i32,
}

impl<'b> Plan<'b> {
    /// Of a building as it is now.
    pub async fn of(act: &Act, building: &'b Building) -> Result<Plan<'b>> {
        // Codes stay taken: they stand in addresses.
        let all = place::Entity::find().filter(place::Column::BuildingId.eq(building.id)).all(act.tx()).await?;
        let mut plan = Plan { building, codes: HashMap::new(), floors: HashMap::new(), roots: HashMap::new(), last: 0 };
        for p in &all {
            plan.know(p);
        }
        Ok(plan)
    }

    fn know(&mut self, p: &Place) {
        self.last = self.last.max(p.position);
        self.codes.insert(p.code.clone(), p.id);
        if p.retired_at.is_some() {
            return;
        }
        match (p.kind, &p.tower, &p.floor) {
            (PlaceKind::Tower, Some(tower), _) => drop(self.roots.insert(tower.clone(), (p.id, p.code.clone()))),
            (PlaceKind::Floor, tower, Some(floor)) => drop(self.floors.insert((tower.clone(), floor.clone()), p.id)),
            _ => {}
        }
    }

    /// The place of a floor, if it is there.
    pub fn floor(&self, tower: Option<&str>, floor: &str) -> Option<PlaceId> {
        self.floors.get(&(tower.map(str::to_owned), floor.to_owned())).copied()
    }

    fn free(&self, wanted: String) -> String {
        if !self.codes.contains_key(&wanted) {
            return wanted;
        }
        (2..).map(|n| format!("{wanted}{n}")).find(|c| !self.codes.contains_key(c)).unwrap_or(wanted)
    }

    /// The code of a tower: a point of the compass where it is named by one, else the first letter that is free.
    fn tower_code(&self, name: &str) -> String {
        let compass = [('东', "E"), ('南', "S"), ('西', "W"), ('北', "N")].iter().find(|(c, _)| name.starts_with(*c)).map(|(_, l)| *l);
        let own = name.chars().next().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase().to_string());
        let wanted = compass.map(str::to_owned).or(own).into_iter().chain(('A'..='Z').map(String::from));
        wanted.into_iter().find(|c| !self.codes.contains_key(c)).unwrap_or_else(|| "T".into())
    }

    async fn root(&mut self, act: &Act, tower: &str) -> Result<(PlaceId, String)> {
        if let Some(root) = self.roots.get(tower) {
            return Ok(root.clone());
        }
        let code = self.tower_code(tower);
        let new =
            NewPlace { parent: None, kind: PlaceKind::Tower, code: &code, name: "", name_en: "", tower: Some(tower), floor: None, let_to_one: false };
        let id = self.add(act, new).await?.id;
        Ok((id, code))
    }

    /// Adds a place at the end of the order.
    pub async fn add(&mut self, act: &Act, new: NewPlace<'_>) -> Result<Place> {
        let place = self.building.put_place(act, new, self.last + 1).await?;
        self.know(&place);
        Ok(place)
    }

    /// Adds a place on a floor, with a code made from where it is and what it is.
    pub async fn on_floor(&mut self, act: &Act, kind: PlaceKind, tower: Option<&str>, floor: &str, name: (&str, &str), alone: bool) -> Result<Place> {
        let code = match tower.and_then(|t| self.roots.get(t)) {
            Some((_, code)) => format!("{code}{floor}-{}", letter(kind)),
            None => format!("{floor}-{}", letter(kind)),
        };
        let (parent, code) = (self.floor(tower, floor), self.free(code));
        self.add(act, NewPlace { parent, kind, code: &code, name: name.0, name_en: name.1, tower, floor: Some(floor), let_to_one: alone }).await
    }
}

impl Plan<'_> {
    /// Adds a unit, let to one tenant until another moves in too; its code is its number where that is free.
    pub async fn room(&mut self, act: &Act, tower: Option<&str>, floor: &str, number: &str, name: &str, zone: Option<PlaceId>) -> Result<Place> {
        let before = tower.and_then(|t| self.roots.get(t)).map_or("", |(_, c)| c.as_str());
        let number: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(12).collect();
        let code = if number.is_empty() { format!("{before}{floor}-{}", letter(PlaceKind::Room)) } else { format!("{before}{number}") };
        let (parent, code) = (zone.or_else(|| self.floor(tower, floor)), self.free(code));
        let name_en = if name.ends_with('室') { format!("unit {number}") } else { String::new() };
        self.add(act, NewPlace { parent, kind: PlaceKind::Room, code: &code, name, name_en: &name_en, tower, floor: Some(floor), let_to_one: true })
            .await
    }
}

impl Building {
    /// Adds floors, from the top down, with what is on each; a floor that is there already is refused by name.
    pub async fn add_floors(self, act: &Act, list: &[TowerFloors], common: Common) -> Result<Building> {
        let building = self.clone();
        let mut plan = Plan::of(act, &building).await?;
        let mut spans = self.tower_floors();
        for t in list {
            let tower = t.tower.as_deref();
            // A building is one tower without a name, or towers that all have one.
            let mixed = match tower {
                Some(_) => plan.floors.keys().any(|(t, _)| t.is_none()),
                None => !plan.roots.is_empty(),
            };
            if mixed {
                return Err(Refusal::new("tower_nameless").at("floors").into());
            }
            let root = match tower {
                Some(name) => Some(plan.root(act, name).await?),
                None => None,
            };
            for (floor, _) in &t.floors {
                if plan.floor(tower, floor).is_some() {
                    return Err(Refusal::new("floor_known")
                        .with("floor", place::words(tower, Some(floor), "", crate::kernel::i18n::Lang::Zh))
                        .at("floors")
                        .into());
                }
                let code = plan.free(root.as_ref().map_or_else(|| floor.clone(), |(_, c)| format!("{c}{floor}")));
                let parent = root.as_ref().map(|(id, _)| *id);
                let new =
                    NewPlace { parent, kind: PlaceKind::Floor, code: &code, name: "", name_en: "", tower, floor: Some(floor), let_to_one: false };
                plan.add(act, new).await?;
                if floor == "1" && common.lobby {
                    plan.on_floor(act, PlaceKind::Lobby, tower, floor, ("大堂", "entrance hall"), false).await?;
                }
                for (wanted, kind, name) in [
                    (common.lobby, PlaceKind::Lobby, ("电梯厅", "lift lobby")),
                    (common.toilets, PlaceKind::Toilet, ("卫生间", "toilets")),
                    (common.pantry, PlaceKind::Pantry, ("茶水间", "pantry")),
                ] {
                    if wanted {
                        plan.on_floor(act, kind, tower, floor, name, false).await?;
                    }
                }
            }
            let (low, high) = (t.floors.last().map_or(1, |f| f.1), t.floors.first().map_or(1, |f| f.1));
            match spans.iter_mut().find(|(name, ..)| name == tower.unwrap_or_default()) {
                Some((_, l, h)) => (*l, *h) = ((*l).min(low), (*h).max(high)),
                None => spans.push((tower.unwrap_or_default().to_owned(), low, high)),
            }
        }
        let span = text::words("floors", &towers(&spans), 0, 200)?;
        let mut row: building::ActiveModel = self.into();
        row.towers = Set(span);
        Ok(row.update(act.tx()).await?)
    }

    /// Adds places of one kind: each name on each floor. Gives how many.
    pub async fn add_places(&self, act: &Act, new: NewPlaces<'_>) -> Result<usize> {
        if matches!(new.kind, PlaceKind::Tower | PlaceKind::Floor) {
            return Err(Refusal::new("unknown_choice").at("kind").into());
        }
        let split =
            |list: &str| -> Vec<String> { list.split([',', '，', '、', ';', '；', '\n']).map(text::clean).filter(|n| !n.is_empty()).collect() };
        let (names, english) = (split(new.names), split(new.names_en));
        if names.is_empty() {
            return Err(Refusal::new("empty").at("names").into());
        }
        if !english.is_empty() && english.len() != names.len() {
            return Err(Refusal::new("names_differ").with("zh", names.len()).with("en", english.len()).at("names_en").into());
        }
        for n in &names {
            text::words("names", n, 1, 40)?;
        }
        let mut plan = Plan::of(act, self).await?;
        let tower = new.tower.map(str::trim).filter(|t| !t.is_empty());
        if tower.is_some_and(|t| !plan.roots.contains_key(t)) {
            return Err(Refusal::new("unknown_choice").at("tower").into());
        }
        let floors: Vec<String> = match text::clean(new.floors).as_str() {
            "" => vec![],
            typed => super::floors::read(typed)?.into_iter().flat_map(|t| t.floors).map(|(f, _)| f).collect(),
        };
        if let Some(unknown) = floors.iter().find(|f| plan.floor(tower, f).is_none()) {
            let key = if tower.is_none() && !plan.roots.is_empty() { "floor_which_tower" } else { "floor_not_there" };
            return Err(Refusal::new(key).with("floor", unknown).at("floors").into());
        }
        if names.len() * floors.len().max(1) > PLACES_MAX {
            return Err(Refusal::new("places_most").with("max", PLACES_MAX).at("floors").into());
        }
        let here = places(act.tx(), self.id).await?;
        let mut n = 0;
        for floor in floors.iter().map(Some).chain(floors.is_empty().then_some(None)) {
            for (i, name) in names.iter().enumerate() {
                let same = |p: &&Place| p.kind == new.kind && p.tower.as_deref() == tower && p.floor.as_ref() == floor && p.name == *name;
                if let Some(p) = here.iter().find(same) {
                    return Err(Refusal::new("place_known").with("place", p.full(crate::kernel::i18n::Lang::Zh)).at("names").into());
                }
                let en = english.get(i).map_or("", String::as_str);
                match floor {
                    Some(f) => drop(plan.on_floor(act, new.kind, tower, f, (name, en), false).await?),
                    None => {
                        let root = tower.and_then(|t| plan.roots.get(t)).cloned();
                        let code = plan.free(format!("{}{}", root.as_ref().map_or("", |(_, c)| c), letter(new.kind)));
                        let parent = root.map(|(id, _)| id);
                        let new = NewPlace { parent, kind: new.kind, code: &code, name, name_en: en, tower, floor: None, let_to_one: false };
                        plan.add(act, new).await?;
                    }
                }
                n += 1;
            }
        }
        Ok(n)
    }
}

impl Place {
    /// Takes a place out of use, with its posters' codes leading to the building from now on. Whatever lies in it stays.
    pub async fn retire(self, act: &Act, building: &Building) -> Result<()> {
        if self.retired_at.is_some() {
            return Ok(());
        }
        let inside = place::Entity::find().filter(place::Column::ParentId.eq(self.id)).filter(place::Column::RetiredAt.is_null());
        if inside.one(act.tx()).await?.is_some() {
            return Err(Refusal::new("place_not_empty").with("place", self.full(crate::kernel::i18n::Lang::Zh)).at("place").into());
        }
        if self.building_id != building.id {
            return Err(Error::NotFound);
        }
        let id = self.id;
        let mut row: place::ActiveModel = self.into();
        row.retired_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(On::new("place", id).in_building(building.id), &Entry::PlaceRetired).await?;
        Ok(())
    }

    /// Says whether it is let to one unit alone.
    pub(in crate::domain) async fn let_alone(self, act: &Act, alone: bool) -> Result<()> {
        if self.let_to_one == alone {
            return Ok(());
        }
        let mut row: place::ActiveModel = self.into();
        row.let_to_one = Set(alone);
        row.update(act.tx()).await?;
        Ok(())
    }
}
