//! A list's filters, as they stand in its address: state, category, place or floor, text, and where it continues.

use rocket::FromForm;
use sea_orm::ConnectionTrait;
use url::form_urlencoded::Serializer;

use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::issues::{IssueState, PublicFilter};
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
    pub async fn narrow(&self, db: &impl ConnectionTrait, building: &Building, lang: Lang) -> Result<Narrowed> {
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
        let (places, place) = self.places(db, building, lang).await?;
        let text = given(&self.q).map(|q| q.chars().take(60).collect());
        Ok(Narrowed { filter: PublicFilter { states, category, places, text, after: self.after }, place })
    }

    async fn places(&self, db: &impl ConnectionTrait, building: &Building, lang: Lang) -> Result<(Option<Vec<PlaceId>>, Option<String>)> {
        let (code, floor) = (given(&self.place), given(&self.floor));
        if code.is_none() && floor.is_none() {
            return Ok((None, None));
        }
        let all = buildings::places(db, building.id).await?;
        if let Some(token) = floor {
            let (tower, order) = token.rsplit_once('/').ok_or(Error::NotFound)?;
            let order: i32 = order.parse().map_err(|_| Error::NotFound)?;
            let here: Vec<&Place> = all.iter().filter(|p| p.floor_order == Some(order) && p.tower.as_deref().unwrap_or_default() == tower).collect();
            let name = here.first().map(|p| zone(p, lang));
            return Ok((Some(here.iter().map(|p| p.id).collect()), name));
        }
        let place = all.iter().find(|p| Some(p.code.as_str()) == code).ok_or(Error::NotFound)?;
        let name = if place.let_to_one { zone(place, lang) } else { place.public(lang) };
        Ok((Some(buildings::covered(&all, place)), Some(name)))
    }

    /// Those words of the address that can be followed: what is told does not depend on a state, and a word is no place.
    pub fn followed(&self) -> String {
        Self { state: None, floor: None, q: None, after: None, ..self.clone() }.with(&[])
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
