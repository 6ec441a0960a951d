//! What was made, as `--json` prints it. The shape is described in `docs/demo.md` and stays.

use std::collections::HashSet;

use chrono::Duration;
use serde::Serialize;

use super::history::History;
use super::world::World;
use crate::domain::councils;
use crate::domain::persons::{self, Membership};
use crate::domain::sessions;
use crate::kernel::act::{Actor, House};
use crate::kernel::error::Result;
use crate::kernel::publog;

mod worth;

/// Days for which the printed sign-in links hold; each opens one session.
const LINK_DAYS: i64 = 7;

/// The whole document.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Version of this document's shape.
    pub louyi_demo: u32,
    /// The instant at which history ends.
    pub now: String,
    pub public_url: String,
    pub district: DistrictMade,
    pub buildings: Vec<BuildingMade>,
    pub people: Vec<PersonMade>,
    /// Worth opening: the lift case first, then what is on the desks, then one of each state that was not named yet.
    pub issues: Vec<ThingMade>,
    pub meetings: Vec<ThingMade>,
    pub resolutions: Vec<ThingMade>,
    pub editions: Vec<ThingMade>,
    /// Receipts of reporters, as they would hold them in their hand.
    pub receipts: Vec<ReceiptMade>,
    pub ledger: LedgerMade,
}

/// Something with a page of its own.
#[derive(Clone, Debug, Serialize)]
pub struct ThingMade {
    /// `TQ-214`, `汀桥〔2026〕第9号`, `8`, `12`.
    pub label: String,
    pub title: String,
    pub title_en: String,
    /// Its state, in the words of the code.
    pub state: String,
    /// Slug of the building; none where it is the district's.
    pub building: Option<String>,
    pub address: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ReceiptMade {
    /// The issue's label.
    pub issue: String,
    pub address: String,
    /// To be typed at `/r`.
    pub code: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct DistrictMade {
    pub slug: String,
    pub name: String,
    pub name_en: String,
    pub address: String,
    pub council: Option<CouncilMade>,
}

#[derive(Clone, Debug, Serialize)]
pub struct BuildingMade {
    pub slug: String,
    pub code: String,
    pub short: String,
    pub name: String,
    pub name_en: String,
    pub address: String,
    pub issues: i32,
    pub posters: Vec<PosterMade>,
    pub council: Option<CouncilMade>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PosterMade {
    pub code: String,
    pub place: String,
    pub place_en: String,
    pub address: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct CouncilMade {
    pub name: String,
    pub address: String,
    pub seats: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct PersonMade {
    pub name: String,
    pub name_en: String,
    pub email: Option<String>,
    pub organisation: String,
    pub roles: Vec<RoleMade>,
    /// Whether a seat in a council is theirs: deputies only stand in.
    pub seat: bool,
    /// Opens a session once.
    pub sign_in: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct RoleMade {
    pub role: String,
    /// Slug of the building; none where it holds in the whole district.
    pub building: Option<String>,
    pub organisation: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct LedgerMade {
    pub address: String,
    pub size: u64,
}

/// Looks at what there is, and makes a sign-in link for everybody with a role.
pub async fn summarise(house: &House, history: &History) -> Result<Summary> {
    use crate::kernel::i18n::Lang::{En, Zh};
    let (db, world) = (house.read(), &history.world);
    let mut buildings = vec![];
    for home in &world.homes {
        let b = crate::domain::buildings::by_id(db, home.building.id).await?;
        let posters = home.posters.iter().filter_map(|p| Some((&p.code, home.places.iter().find(|place| place.id == p.place_id)?)));
        let posters = posters.map(|(code, place)| PosterMade {
            code: code.clone(),
            place: place.full(Zh),
            place_en: place.full(En),
            address: format!("/q/{code}"),
        });
        let address = format!("/b/{}", b.slug);
        buildings.push(BuildingMade {
            issues: b.last_issue_number,
            posters: posters.collect(),
            council: council(house, home.council.as_ref(), &address).await?,
            address,
            slug: b.slug,
            code: b.code,
            short: b.short,
            name: b.name,
            name_en: b.name_en,
        });
    }
    let d = &world.district;
    let address = format!("/d/{}", d.slug);
    Ok(Summary {
        louyi_demo: 1,
        now: house.now().to_rfc3339(),
        public_url: house.settings().public_url.clone(),
        district: DistrictMade {
            slug: d.slug.clone(),
            name: d.name.clone(),
            name_en: d.name_en.clone(),
            council: council(house, world.council.as_ref(), &address).await?,
            address,
        },
        buildings,
        people: people(house, world).await?,
        issues: worth::issues(house, history).await?,
        meetings: worth::meetings(house, world).await?,
        resolutions: worth::resolutions(house, world).await?,
        editions: worth::editions(house, world).await?,
        receipts: worth::receipts(house, history).await?,
        ledger: LedgerMade { address: "/ledger".into(), size: publog::head(db).await?.map_or(0, |h| h.size) },
    })
}

async fn council(house: &House, council: Option<&councils::Council>, root: &str) -> Result<Option<CouncilMade>> {
    let Some(c) = council else { return Ok(None) };
    let seats = c.seats(house.read()).await?.len();
    Ok(Some(CouncilMade { name: c.name.clone(), address: format!("{root}/council"), seats }))
}

async fn people(house: &House, world: &World) -> Result<Vec<PersonMade>> {
    let organisation = |m: &Membership| world.organisations.values().find(|o| o.id == m.organisation_id).map_or("", |o| o.short.as_str()).to_owned();
    let building = |m: &Membership| world.homes.iter().find(|h| m.building_id == Some(h.building.id)).map(|h| h.building.slug.clone());
    let mut all: Vec<&persons::Person> = world.people.values().collect();
    all.sort_by_key(|p| p.id);
    let mut seated = HashSet::new();
    for council in world.homes.iter().filter_map(|h| h.council.as_ref()).chain(world.council.as_ref()) {
        seated.extend(council.seats(house.read()).await?.into_iter().filter_map(|s| s.person_id));
    }
    let act = house.act(Actor::System).await?;
    let mut out = vec![];
    for p in all {
        let roles: Vec<&Membership> = world.roles.iter().filter(|(n, _)| *n == p.name).map(|(_, m)| m).collect();
        let Some(first) = roles.first() else { continue };
        let token = sessions::make_link(&act, p, Duration::days(LINK_DAYS)).await?;
        out.push(PersonMade {
            name: p.name.clone(),
            name_en: p.name_en.clone(),
            email: p.email.clone(),
            organisation: organisation(first),
            roles: roles.iter().map(|m| RoleMade { role: m.role.as_str().into(), building: building(m), organisation: organisation(m) }).collect(),
            seat: seated.contains(&p.id),
            sign_in: house.settings().address(&format!("/sign-in/{token}")),
        });
    }
    act.commit().await?;
    Ok(out)
}
