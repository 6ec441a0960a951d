//! Furnishing: the district, its towers with places and posters, organisations with people, and the councils.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::data;
use super::stage::Stage;
use super::world::{Home, World};
use crate::domain::buildings::{self, Building, District, NewBuilding, NewDistrict, NewPlace, Place, PlaceKind};
use crate::domain::councils::{self, Council, NewSeat};
use crate::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind};
use crate::domain::persons::{self, Membership, Person, Scope};
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::PlaceId;

/// Founds everything but the councils, from this instant on.
pub async fn furnish(stage: &mut Stage, at: DateTime<Utc>) -> Result<World> {
    let data = data::district()?;
    let act = stage.act(at, Actor::System).await?;
    let district = buildings::found_district(
        act,
        NewDistrict {
            slug: &data.slug,
            code: &data.code,
            short: &data.short,
            name: &data.name,
            name_en: &data.name_en,
            street: &data.street,
            street_en: &data.street_en,
            jurisdiction: &data.jurisdiction,
        },
    )
    .await?;
    let mut crowd = Crowd::default();
    let mut homes = vec![];
    for (i, home) in data::buildings()?.into_iter().enumerate() {
        // An hour apart: buildings are listed in the order of their founding.
        let act = stage.act(at + Duration::hours(i as i64 + 1), Actor::System).await?;
        homes.push(building(act, &district, home, &mut crowd).await?);
    }
    let act = stage.act(at + Duration::hours(6), Actor::System).await?;
    for o in &data.organisations {
        crowd.organisation(act, &district, None, o).await?;
    }
    crowd.appoint_all(act, &district, &homes).await?;
    stage.commit().await?;
    let Crowd { people, organisations, roles, .. } = crowd;
    let world = World { district, bulletin: data.bulletin, homes, people, organisations, roles, council: None };
    Ok(world)
}

/// Founds the council of a building, or of the district, and gives those who sit in it their role.
pub async fn found_council(stage: &mut Stage, world: &mut World, at: DateTime<Utc>, home: Option<usize>) -> Result<Council> {
    let act = stage.act(at, Actor::System).await?;
    let of_district;
    let data = match home {
        Some(i) => &world.homes[i].seats,
        None => {
            of_district = data::district()?.council;
            &of_district
        }
    };
    let building = home.map(|i| &world.homes[i].building);
    let scope = building.map_or(Scope::District(world.district.id), |b| Scope::Building(b.id));
    let (mut seats, mut roles) = (vec![], vec![]);
    for s in &data.seats {
        let organisation = world.organisation(&s.organisation)?.id;
        let person = world.person(&s.person)?;
        let deputy = s.deputy.as_deref().map(|d| world.person(d)).transpose()?;
        for p in [Some(person), deputy].into_iter().flatten() {
            roles.push((p.name.clone(), p.appoint(act, organisation, Role::Member, scope).await?));
        }
        seats.push(NewSeat { class: s.class, organisation, person: Some(person.id), deputy: deputy.map(|d| d.id) });
    }
    let council = councils::found(act, &world.district, building, &data.name, &data.name_en, seats).await?;
    world.roles.extend(roles);
    match home {
        Some(i) => world.homes[i].council = Some(council.clone()),
        None => world.council = Some(council.clone()),
    }
    Ok(council)
}

/// People and organisations as they are added; roles are given at the end, when every building is known.
#[derive(Default)]
struct Crowd {
    people: HashMap<String, Person>,
    organisations: HashMap<String, Organisation>,
    roles: Vec<(String, Membership)>,
    wanted: Vec<(String, String, String)>,
}

impl Crowd {
    async fn organisation(&mut self, act: &Act, district: &District, building: Option<&Building>, new: &data::Organisation) -> Result<Organisation> {
        let added = NewOrganisation {
            kind: new.kind,
            slug: &new.slug,
            name: &new.name,
            name_en: &new.name_en,
            short: &new.short,
            short_en: &new.short_en,
            workers: None,
            email: Some(&format!("office@{}.example", new.slug)),
        };
        let mut organisation = organisations::add(act, district, building, added).await?;
        if let Some(level) = new.level {
            organisation = organisation.at_level(act, level).await?;
        }
        for p in &new.people {
            self.person(act, &new.slug, &p.name, &p.name_en).await?;
            self.wanted.extend(p.roles.iter().map(|r| (p.name.clone(), new.slug.clone(), r.clone())));
        }
        self.organisations.insert(new.slug.clone(), organisation.clone());
        Ok(organisation)
    }

    async fn enterprise(&mut self, act: &Act, district: &District, building: &Building, new: &data::Enterprise) -> Result<Organisation> {
        let data::Enterprise(slug, short, short_en, workers, person, person_en) = new;
        let added = NewOrganisation {
            kind: OrganisationKind::Enterprise,
            slug,
            name: short,
            name_en: short_en,
            short,
            short_en,
            workers: Some(*workers),
            email: Some(&format!("office@{slug}.example")),
        };
        let organisation = organisations::add(act, district, Some(building), added).await?;
        self.person(act, slug, person, person_en).await?;
        self.wanted.push((person.clone(), slug.clone(), Role::Representative.as_str().into()));
        self.organisations.insert(slug.clone(), organisation.clone());
        Ok(organisation)
    }

    async fn person(&mut self, act: &Act, organisation: &str, name: &str, name_en: &str) -> Result<()> {
        let email = format!("{}@{organisation}.example", name_en.to_lowercase().replace(' ', "."));
        let person = persons::add(act, name, name_en, Some(&email), Lang::Zh).await?;
        self.people.insert(name.into(), person);
        Ok(())
    }

    async fn appoint_all(&mut self, act: &Act, district: &District, homes: &[Home]) -> Result<()> {
        for (name, slug, role) in std::mem::take(&mut self.wanted) {
            let (role, place) = role.split_once('@').map_or((role.as_str(), None), |(r, p)| (r, Some(p)));
            let role: Role = role.parse()?;
            let organisation = &self.organisations[&slug];
            let building = match place {
                Some(slug) => homes.iter().find(|h| h.building.slug == slug).map(|h| h.building.id),
                None => organisation.building_id,
            };
            let scope = building.map_or(Scope::District(district.id), Scope::Building);
            let membership = self.people[&name].appoint(act, organisation.id, role, scope).await?;
            self.roles.push((name, membership));
        }
        Ok(())
    }
}

async fn building(act: &Act, district: &District, data: data::Building, crowd: &mut Crowd) -> Result<Home> {
    let towers: Vec<String> = data.towers.iter().map(|t| format!("{}:-2:{}", t.name, t.highest)).collect();
    let new = NewBuilding {
        slug: &data.slug,
        code: &data.code,
        short: &data.short,
        name: &data.name,
        name_en: &data.name_en,
        address: &data.address,
        duty_phone: &data.duty_phone,
        towers: &towers.join(","),
    };
    let building = district.found_building(act, new).await?;
    let mut places = vec![];
    for tower in &data.towers {
        floors(act, &building, tower, &mut places).await?;
    }
    let mut posters = vec![];
    for p in &data.places {
        let parent = p.tower.as_ref().and_then(|t| places.iter().find(|x: &&Place| x.kind == PlaceKind::Tower && x.tower.as_ref() == Some(t)));
        let parent = parent.map(|t| t.id);
        let (tower, floor) = (p.tower.as_deref(), p.floor.as_deref());
        let new = NewPlace { parent, kind: p.kind, code: &p.code, name: &p.name, name_en: &p.name_en, tower, floor, let_to_one: false };
        let place = building.add_place(act, new).await?;
        if let Some(code) = &p.poster {
            posters.push(building.hang_poster(act, &place, Some(code)).await?);
        }
        places.push(place);
    }
    let mut manager = None;
    for o in &data.organisations {
        let added = crowd.organisation(act, district, Some(&building), o).await?;
        if added.kind == OrganisationKind::PropertyManager {
            manager = Some(added);
        }
    }
    let manager = manager.ok_or_else(|| Error::broken(format!("{} has no property manager", data.slug)))?;
    let mut tenants = vec![];
    for e in &data.enterprises {
        tenants.push(crowd.enterprise(act, district, &building, e).await?);
    }
    Ok(Home { building, bulletin: data.bulletin, places, posters, manager, tenants, council: None, seats: data.council })
}

/// A tower and its ordinary floors: lobby, toilets, a pantry on every other one; a zone where one unit rents the floor.
async fn floors(act: &Act, building: &Building, tower: &data::Tower, places: &mut Vec<Place>) -> Result<()> {
    use PlaceKind::{Floor, Lobby, Pantry, Toilet, Tower, Zone};
    let mut add = async |parent: Option<PlaceId>, kind, code: &str, name: &str, name_en: &str, floor: Option<&str>, let_to_one| {
        let new = NewPlace { parent, kind, code, name, name_en, tower: Some(&tower.name), floor, let_to_one };
        let place = building.add_place(act, new).await?;
        let id = place.id;
        places.push(place);
        Ok::<PlaceId, Error>(id)
    };
    let c = &tower.code;
    let root = add(None, Tower, c, "", "", None, false).await?;
    for n in (2..=tower.highest).rev() {
        let f = n.to_string();
        let f = Some(f.as_str());
        let floor = add(Some(root), Floor, &format!("{c}{n}"), "", "", f, false).await?;
        add(Some(floor), Lobby, &format!("{c}{n}-H"), "电梯厅", "lift lobby", f, false).await?;
        add(Some(floor), Toilet, &format!("{c}{n}-W"), "卫生间", "toilets", f, false).await?;
        if n % 2 == 0 {
            add(Some(floor), Pantry, &format!("{c}{n}-P"), "茶水间", "pantry", f, false).await?;
        }
        if tower.let_to_one.contains(&n) {
            add(Some(floor), Zone, &format!("{c}{n}-Z"), "办公区", "offices", f, true).await?;
        }
    }
    Ok(())
}
