//! Who and what there is, by the names that the data use.

use std::collections::HashMap;

use super::data;
use crate::domain::buildings::{Building, District, Place, PlaceKind, Poster};
use crate::domain::councils::{Council, Seat};
use crate::domain::organisations::Organisation;
use crate::domain::persons::{Membership, Person};
use crate::domain::rights::Role;
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganisationId, PersonId, PlaceId};

/// The furnished district.
#[derive(Clone)]
pub struct World {
    pub district: District,
    /// Title of the district's bulletin.
    pub bulletin: String,
    pub homes: Vec<Home>,
    /// By name.
    pub people: HashMap<String, Person>,
    /// By slug.
    pub organisations: HashMap<String, Organisation>,
    /// Roles, each with the name of who holds it.
    pub roles: Vec<(String, Membership)>,
    /// The district's council, once founded.
    pub council: Option<Council>,
}

/// A building with what belongs to it.
#[derive(Clone)]
pub struct Home {
    pub building: Building,
    /// Title of its bulletin.
    pub bulletin: String,
    pub places: Vec<Place>,
    pub posters: Vec<Poster>,
    pub manager: Organisation,
    pub tenants: Vec<Organisation>,
    /// Its council, once founded.
    pub council: Option<Council>,
    /// Who will sit in it.
    pub seats: data::Council,
}

fn missing(what: &str, name: &str) -> Error {
    Error::broken(format!("the demonstration's data name no {what} {name}"))
}

impl World {
    /// A building by its slug.
    pub fn home(&self, slug: &str) -> Result<usize> {
        self.homes.iter().position(|h| h.building.slug == slug).ok_or_else(|| missing("building", slug))
    }

    /// An organisation by its slug.
    pub fn organisation(&self, slug: &str) -> Result<&Organisation> {
        self.organisations.get(slug).ok_or_else(|| missing("organisation", slug))
    }

    /// An organisation by its id.
    pub fn organisation_of(&self, id: OrganisationId) -> Result<&Organisation> {
        self.organisations.values().find(|o| o.id == id).ok_or_else(|| Error::broken("an organisation that is not in the data"))
    }

    /// A person by name.
    pub fn person(&self, name: &str) -> Result<&Person> {
        self.people.get(name).ok_or_else(|| missing("person", name))
    }

    /// Somebody in one of their roles.
    pub fn actor(&self, name: &str, role: Role) -> Result<Actor> {
        let held = self.roles.iter().find(|(n, m)| n == name && m.role == role);
        held.map(|(_, m)| m.actor()).ok_or_else(|| missing(role.as_str(), name))
    }

    /// Somebody who does the work of an organisation; `turn` goes around among them. Where nobody is appointed for work,
    /// whoever speaks for it.
    pub fn worker(&self, organisation: &Organisation, turn: usize) -> Result<Actor> {
        use Role::*;
        let of = |m: &&Membership| m.organisation_id == organisation.id;
        let mut all: Vec<&Membership> = self.roles.iter().map(|(_, m)| m).filter(of).collect();
        if all.iter().any(|m| matches!(m.role, Staff | Representative | Department | Association)) {
            all.retain(|m| matches!(m.role, Staff | Representative | Department | Association));
        }
        let one = all.get(turn % all.len().max(1)).ok_or_else(|| missing("worker of", &organisation.slug))?;
        Ok(one.actor())
    }

    /// Whoever holds a seat, in that role.
    pub fn member(&self, seat: &Seat, person: PersonId) -> Result<Actor> {
        let held = self.roles.iter().find(|(_, m)| m.person_id == person && m.role == Role::Member && m.organisation_id == seat.organisation_id);
        held.map(|(_, m)| m.actor()).ok_or_else(|| Error::broken("a seat without a member"))
    }

    /// The name of somebody.
    pub fn name_of(&self, person: PersonId) -> &str {
        self.people.values().find(|p| p.id == person).map_or("", |p| p.name.as_str())
    }

    /// The council of a building, or of the district.
    pub fn council_of(&self, home: Option<usize>) -> Result<&Council> {
        let council = match home {
            Some(i) => self.homes[i].council.as_ref(),
            None => self.council.as_ref(),
        };
        council.ok_or_else(|| Error::broken("a council meets before it was founded"))
    }

    /// Who holds a role in a building, or in the whole district.
    pub fn holder(&self, home: Option<usize>, role: Role) -> Result<Actor> {
        let building = home.map(|i| self.homes[i].building.id);
        let held = self.roles.iter().find(|(_, m)| m.role == role && m.building_id == building);
        held.map(|(_, m)| m.actor()).ok_or_else(|| missing(role.as_str(), home.map_or("district", |i| &self.homes[i].building.slug)))
    }

    /// The council's secretary of a building.
    pub fn secretary(&self, home: usize) -> Result<Actor> {
        self.holder(Some(home), Role::Secretary)
    }
}

impl Home {
    /// A place by its code.
    pub fn place(&self, code: &str) -> Result<&Place> {
        self.places.iter().find(|p| p.code == code).ok_or_else(|| missing("place", code))
    }

    /// The places of these kinds.
    pub fn places_of(&self, kinds: &[PlaceKind]) -> Vec<&Place> {
        self.places.iter().filter(|p| kinds.contains(&p.kind)).collect()
    }

    /// The poster at a place, if one hangs there.
    pub fn poster_at(&self, place: PlaceId) -> Option<&Poster> {
        self.posters.iter().find(|p| p.place_id == place)
    }
}
