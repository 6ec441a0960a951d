//! The checklist 清单 of a building: what there is to do before the first poster is hung, what of it is done, and what can
//! wait. Read off what is there; nobody ticks anything.

use chrono::Datelike as _;
use sea_orm::ConnectionTrait;

use super::buildings::{self, Building, PlaceKind};
use super::organisations::{self, OrganisationKind};
use super::persons;
use super::rights::Role;
use super::{categories, councils, incoming, tenancies, times};
use crate::kernel::act::House;
use crate::kernel::dates;
use crate::kernel::error::{Error, Result};
use crate::kernel::settings::LOOPBACK_URL;

/// One thing that a building needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// Names, address, duty telephone.
    Basics,
    /// Floors, and the places on them.
    Floors,
    /// The property manager.
    Manager,
    /// Somebody at the property manager's desk.
    Desk,
    /// Who looks after the property manager's people.
    Lead,
    /// A secretary: nobody else releases visitors' words.
    Secretary,
    /// What a poster's code points at.
    Address,
    Zones,
    Tenants,
    Representatives,
    Council,
    Letters,
    Incoming,
    Calendar,
    /// Times for each kind of trouble: the house's own, or what the council decided.
    Times,
    Posters,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Done,
    /// Without it no poster should hang.
    Missing,
    /// Good to have; it can follow.
    Later,
}

impl Item {
    /// In the order in which it is done.
    pub const ALL: &'static [Item] = &[
        Item::Basics,
        Item::Floors,
        Item::Manager,
        Item::Desk,
        Item::Secretary,
        Item::Address,
        Item::Letters,
        Item::Lead,
        Item::Zones,
        Item::Tenants,
        Item::Representatives,
        Item::Council,
        Item::Incoming,
        Item::Calendar,
        Item::Times,
        Item::Posters,
    ];

    /// Its name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Item::Basics => "basics",
            Item::Floors => "floors",
            Item::Manager => "manager",
            Item::Desk => "desk",
            Item::Lead => "lead",
            Item::Secretary => "secretary",
            Item::Address => "address",
            Item::Zones => "zones",
            Item::Tenants => "tenants",
            Item::Representatives => "representatives",
            Item::Council => "council",
            Item::Letters => "letters",
            Item::Incoming => "incoming",
            Item::Calendar => "calendar",
            Item::Times => "times",
            Item::Posters => "posters",
        }
    }

    /// Whether a poster must wait for it.
    pub fn needed(self) -> bool {
        matches!(self, Item::Basics | Item::Floors | Item::Manager | Item::Desk | Item::Secretary | Item::Address)
    }
}

/// One line of it.
#[derive(Clone, Debug)]
pub struct Line {
    pub item: Item,
    pub standing: Standing,
    /// What there is of it, in a number or a word.
    pub has: String,
}

/// The checklist of a building as it stands.
pub async fn of(house: &House, db: &impl ConnectionTrait, building: &Building) -> Result<Vec<Line>> {
    let places = buildings::places(db, building.id).await?;
    let count = |kind| places.iter().filter(|p| p.kind == kind).count();
    let manager = organisations::manager_of(db, building.id).await?;
    let here = persons::all_here(db, building).await?;
    let with = |role: Role| here.iter().filter(|m| m.role == role).count();
    let of_manager: Vec<_> = here.iter().filter(|m| manager.as_ref().is_some_and(|o| o.id == m.organisation_id) && m.role == Role::Staff).collect();
    let tenants = organisations::tenants(db, building.id).await?.len();
    let seated = tenancies::of_building(db, building.id).await?.len();
    let council = match councils::of_building(db, building.id).await {
        Ok(c) => c.seats(db).await?.iter().filter(|s| !s.vacant()).count(),
        Err(Error::NotFound) => 0,
        Err(e) => return Err(e),
    };
    let settings = house.settings();
    let public = settings.public_url.trim_end_matches('/');
    let year = dates::local(house.now()).date().year();
    let decided = times::versions(db, building.id).await?.len();
    let posters = buildings::posters(db, building.id).await?.len();
    let around = organisations::around(db, building.district_id, building.id).await?;
    let enterprises = around.iter().filter(|o| o.kind == OrganisationKind::Enterprise).count();
    let lines = Item::ALL.iter().map(|item| {
        let (done, has) = match item {
            Item::Basics => (!building.duty_phone.is_empty(), building.duty_phone.clone()),
            Item::Floors => (count(PlaceKind::Floor) > 0, count(PlaceKind::Floor).to_string()),
            Item::Manager => (manager.is_some(), manager.as_ref().map_or_else(String::new, |o| o.short.clone())),
            Item::Desk => (!of_manager.is_empty(), of_manager.len().to_string()),
            Item::Lead => (of_manager.iter().any(|m| m.lead), of_manager.iter().filter(|m| m.lead).count().to_string()),
            Item::Secretary => (with(Role::Secretary) > 0, with(Role::Secretary).to_string()),
            Item::Address => (public != LOOPBACK_URL && !local(public), public.to_owned()),
            Item::Zones => (count(PlaceKind::Zone) > 0, count(PlaceKind::Zone).to_string()),
            Item::Tenants => (seated > 0 || tenants > 0, enterprises.max(tenants).to_string()),
            Item::Representatives => (with(Role::Representative) > 0, with(Role::Representative).to_string()),
            Item::Council => (council > 0, council.to_string()),
            Item::Letters => (settings.mail_url.is_some(), settings.mail_from.clone()),
            Item::Incoming => (settings.mail_in_domain.is_some(), incoming::address_of(house, building).unwrap_or_default()),
            Item::Calendar => (house.calendar().years().contains(&year), year.to_string()),
            // There is always a time for each kind; whether the council wants others is its affair.
            Item::Times => (true, if decided > 0 { decided.to_string() } else { categories::all().len().to_string() }),
            Item::Posters => (posters > 0, posters.to_string()),
        };
        let standing = match (done, item.needed()) {
            (true, _) => Standing::Done,
            (false, true) => Standing::Missing,
            (false, false) => Standing::Later,
        };
        Line { item: *item, standing, has }
    });
    Ok(lines.collect())
}

/// An address that a phone in the lobby cannot open.
fn local(public: &str) -> bool {
    let host = public.split_once("://").map_or(public, |(_, h)| h);
    ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|l| host.starts_with(l))
}
