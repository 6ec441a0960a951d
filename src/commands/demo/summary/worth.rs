//! What is worth opening.

use sea_orm::ConnectionTrait;

use super::{ReceiptMade, ThingMade};
use crate::commands::demo::history::History;
use crate::commands::demo::world::World;
use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::issues::{self, Filter, Issue, IssueState};
use crate::domain::{editions, meetings, reports, resolutions};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

/// Keys of matters that a newcomer should look at, the lift case first.
const KEYS: [&str; 13] =
    ["lift", "kongtiao", "waimai", "fangke", "anniu", "diandongche", "jiaowei", "reshuiqi", "dengdai", "lianghui", "zaosheng", "tuilai", "lianlang"];
/// How many of the latest of a council or a bulletin are named.
const LATEST: u64 = 12;

fn issue(world: &World, i: &Issue) -> Option<ThingMade> {
    let b: &Building = world.homes.iter().map(|h| &h.building).find(|b| b.id == i.building_id)?;
    Some(ThingMade {
        label: b.label(i.number),
        title: i.title_for_public(Lang::Zh),
        title_en: categories::name(&i.category, Lang::En),
        state: i.state.as_str().into(),
        building: Some(b.slug.clone()),
        address: format!("/b/{}/issues/{}", b.slug, i.number),
    })
}

pub(super) async fn issues(house: &House, history: &History) -> Result<Vec<ThingMade>> {
    let (db, world) = (house.read(), &history.world);
    let mut out = vec![];
    for (id, _) in KEYS.iter().filter_map(|k| history.known(k)) {
        out.extend(issue(world, &issues::by_id(db, id).await?));
    }
    for state in IssueState::ALL {
        if out.iter().any(|t| t.state == state.as_str()) {
            continue;
        }
        for home in &world.homes {
            let filter = Filter { states: vec![*state], ..Filter::default() };
            if let Some(row) = issues::list(db, home.building.id, &filter, 1).await?.rows.first() {
                out.extend(issue(world, &issues::by_id(db, row.id).await?));
                break;
            }
        }
    }
    Ok(out)
}

/// Councils with their short name, slug and root address.
fn councils(world: &World) -> Vec<(&crate::domain::councils::Council, &str, Option<String>, String)> {
    let mut out = vec![];
    for home in &world.homes {
        if let Some(c) = &home.council {
            out.push((c, home.building.short.as_str(), Some(home.building.slug.clone()), format!("/b/{}", home.building.slug)));
        }
    }
    if let Some(c) = &world.council {
        out.push((c, world.district.short.as_str(), None, format!("/d/{}", world.district.slug)));
    }
    out
}

pub(super) async fn meetings(house: &House, world: &World) -> Result<Vec<ThingMade>> {
    let mut out = vec![];
    for (council, _, building, root) in councils(world) {
        for m in meetings::of_council(house.read(), council.id).await? {
            out.push(ThingMade {
                label: m.number.to_string(),
                title: format!("{}第{}次会议", council.name, m.number),
                title_en: format!("{}, meeting {}", council.name_en, m.number),
                state: m.state.as_str().into(),
                building: building.clone(),
                address: format!("{root}/meetings/{}", m.number),
            });
        }
    }
    Ok(out)
}

pub(super) async fn resolutions(house: &House, world: &World) -> Result<Vec<ThingMade>> {
    let mut out = vec![];
    for (council, short, building, root) in councils(world) {
        for r in resolutions::of_council(house.read(), council.id, 100).await? {
            out.push(ThingMade {
                label: r.label(short),
                title: r.title.clone(),
                title_en: format!("Resolution {}", r.address()),
                state: r.state.as_str().into(),
                building: building.clone(),
                address: format!("{root}/resolutions/{}", r.address()),
            });
        }
    }
    Ok(out)
}

pub(super) async fn editions(house: &House, world: &World) -> Result<Vec<ThingMade>> {
    let mut out = vec![];
    let of = world.homes.iter().map(|h| (Some(h.building.id), Some(h.building.slug.clone()), format!("/b/{}", h.building.slug)));
    for (building, slug, root) in of.chain([(None, None, format!("/d/{}", world.district.slug))]) {
        for e in editions::of(house.read(), world.district.id, building, LATEST).await? {
            let lead = lead_of(house.read(), &e).await?;
            out.push(ThingMade {
                label: e.number.to_string(),
                title: lead.map_or_else(|| e.title.clone(), |headline| format!("{} {headline}", e.title)),
                title_en: format!("Edition {}", e.number),
                state: e.state.as_str().into(),
                building: slug.clone(),
                address: format!("{root}/bulletin/{}", e.number),
            });
        }
    }
    Ok(out)
}

async fn lead_of(db: &impl ConnectionTrait, e: &editions::Edition) -> Result<Option<String>> {
    Ok(e.stories(db).await?.into_iter().next().map(|s| s.headline))
}

/// The first, and one in the middle, of matters in which a reporter has something to see or to do.
pub(super) async fn receipts(house: &House, history: &History) -> Result<Vec<ReceiptMade>> {
    let mut out = vec![];
    for (key, which) in [("lift", 0), ("lift", 173 - 6), ("dengdai", 4), ("dengdai", 5), ("zaosheng", 0), ("anniu", 2), ("jiaowei", 0)] {
        let Some((id, made)) = history.known(key) else { continue };
        let Some(report) = made.get(which) else { continue };
        let (issue_row, report) = (issues::by_id(house.read(), id).await?, reports::by_id(house.read(), *report).await?);
        let label = issue(&history.world, &issue_row).map(|t| t.label).unwrap_or_default();
        let address = format!("/r/{}", reports::receipt_of(house.keys(), report.id));
        out.push(ReceiptMade { issue: label, address, code: reports::code_of(house.keys(), report.id, report.code_round) });
    }
    Ok(out)
}
