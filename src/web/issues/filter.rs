//! A list's filters, as they stand in its address: state, category, place or floor, text, and where it continues.

use rocket::FromForm;
use url::form_urlencoded::Serializer;

use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::issues::{IssueState, PublicFilter};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::PlaceId;

/// The address as it was asked for. Lengths are bounded by the request itself.
#[derive(Clone, Debug, Default, FromForm)]
pub struct Asked {
    /// `open`, `over`, or a state's own word.
    pub state: Option<String>,
    /// A category's code.
    pub category: Option<String>,
    /// A place's code: this place and everything in it.
    pub place: Option<String>,
    /// `南座/18`: everything on that floor.
    pub floor: Option<String>,
    /// Words.
    pub q: Option<String>,
    /// The last matter of the page before.
    pub after: Option<i32>,
}

/// The states that one word of the address stands for.
pub const TABS: &[(&str, &[IssueState])] = &[
    (
        "open",
        &[
            IssueState::Received,
            IssueState::Accepted,
            IssueState::InWork,
            IssueState::OnAgenda,
            IssueState::Decided,
            IssueState::Done,
            IssueState::LongTerm,
        ],
    ),
    ("on_agenda", &[IssueState::OnAgenda]),
    ("done", &[IssueState::Done]),
    ("closed", &[IssueState::Closed]),
    ("long_term", &[IssueState::LongTerm]),
    ("over", &[IssueState::Declined, IssueState::Merged, IssueState::Withdrawn]),
];

/// A filter with what the page says about it.
pub struct Narrowed {
    /// For the query.
    pub filter: PublicFilter,
    /// The place or floor in words.
    pub place: Option<String>,
}

fn given(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|v| !v.is_empty())
}

impl Asked {
    /// The words of the address in the domain's terms; an address that names what doesn't exist is not found.
    pub async fn narrow(&self, house: &House, building: &Building, lang: Lang) -> Result<Narrowed> {
        let states = match given(&self.state) {
            None => vec![],
            Some(word) => match TABS.iter().find(|(name, _)| *name == word) {
                Some((_, states)) => states.to_vec(),
                None => vec![word.parse::<IssueState>().map_err(|_| Error::NotFound)?],
            },
        };
        let category = match given(&self.category) {
            None => None,
            Some(code) => Some(categories::find(code).ok_or(Error::NotFound)?.code.clone()),
        };
        let (places, place) = self.places(house, building, lang).await?;
        let text = given(&self.q).map(|q| q.chars().take(60).collect());
        Ok(Narrowed { filter: PublicFilter { states, category, places, text, after: self.after }, place })
    }

    async fn places(&self, house: &House, building: &Building, lang: Lang) -> Result<(Option<Vec<PlaceId>>, Option<String>)> {
        let (code, floor) = (given(&self.place), given(&self.floor));
        if code.is_none() && floor.is_none() {
            return Ok((None, None));
        }
        let all = buildings::places(house.read(), building.id).await?;
        if let Some(token) = floor {
            let (tower, order) = token.rsplit_once('/').ok_or(Error::NotFound)?;
            let order: i32 = order.parse().map_err(|_| Error::NotFound)?;
            let here: Vec<&Place> = all.iter().filter(|p| p.floor_order == Some(order) && p.tower.as_deref().unwrap_or_default() == tower).collect();
            let name = here.first().map(|p| zone(p, lang));
            return Ok((Some(here.iter().map(|p| p.id).collect()), name));
        }
        let place = all.iter().find(|p| Some(p.code.as_str()) == code).ok_or(Error::NotFound)?;
        if place.let_to_one {
            // What happens in one unit's rooms is public by its zone only: the list is the zone's.
            let ids = all.iter().filter(|p| p.tower == place.tower && p.floor_order == place.floor_order).map(|p| p.id).collect();
            return Ok((Some(ids), Some(zone(place, lang))));
        }
        Ok((Some(within(&all, place.id)), Some(place.public(lang))))
    }

    /// The words of the address again, with some of them replaced; an empty value leaves one out.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let own = [("state", &self.state), ("category", &self.category), ("place", &self.place), ("floor", &self.floor), ("q", &self.q)];
        let mut query = Serializer::new(String::new());
        for (name, value) in own {
            let changed = changes.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
            if let Some(v) = changed.or(given(value)).filter(|v| !v.is_empty()) {
                query.append_pair(name, v);
            }
        }
        for (name, value) in changes.iter().filter(|(n, v)| *n == "after" && !v.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

fn zone(place: &Place, lang: Lang) -> String {
    buildings::place::words(place.tower.as_deref(), place.floor.as_deref(), "", lang)
}

/// A place and everything in it. A place let to one unit within a larger one counts by the larger.
fn within(all: &[Place], root: PlaceId) -> Vec<PlaceId> {
    let mut inside = vec![root];
    let mut i = 0;
    while let Some(id) = inside.get(i).copied() {
        inside.extend(all.iter().filter(|p| p.parent_id == Some(id) && !inside.contains(&p.id)).map(|p| p.id).collect::<Vec<_>>());
        i += 1;
    }
    inside
}
