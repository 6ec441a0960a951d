//! The first page: find a building, and what goes on.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::buildings::{Leads, edition_line, month};
use super::districts::{self, House};
use super::frame::Frame;
use super::guards::Anyone;
use crate::domain::buildings::{self, Building};
use crate::domain::editions;
use crate::domain::figures::{self, Brief};
use crate::kernel::error::Result;
use crate::web::dates;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Up to so many buildings are shown without asking; beyond, a name narrows them.
const SHOWN: usize = 40;
/// Answers to a search.
const FOUND: u64 = 40;

#[derive(Serialize)]
struct Part {
    href: String,
    name: String,
    lead: Vec<String>,
    houses: Vec<House>,
}

#[derive(Serialize)]
struct Page {
    q: String,
    searched: bool,
    found: Vec<House>,
    districts: Vec<Part>,
    since: String,
    editions: Vec<Leads>,
    empty: bool,
}

#[get("/?<q>")]
async fn show(who: Anyone<'_>, q: Option<&str>) -> Result<Answer> {
    let db = who.house.read();
    let (lang, now) = (who.lang, who.house.now());
    let q = q.map(str::trim).unwrap_or_default();
    let since = month(now);
    let counts = figures::of_buildings(db, None, since, now).await?;
    let of = |b: &Building| counts.get(&b.id).copied().unwrap_or_default();
    let found = if q.is_empty() { vec![] } else { buildings::found(db, q, FOUND).await? };
    let all = buildings::all(db, None).await?;
    let few = all.len() <= SHOWN;
    let mut parts = vec![];
    for d in buildings::districts(db).await? {
        let own: Vec<&Building> = all.iter().filter(|b| b.district_id == d.id).collect();
        let sum = own.iter().map(|b| of(b)).fold(Brief::default(), |a, b| a + b);
        let houses = if few && q.is_empty() { own.iter().map(|b| districts::house(b, of(b), lang)).collect() } else { vec![] };
        parts.push(Part { href: format!("/d/{}", d.slug), name: d.name(lang).to_owned(), lead: districts::lead(own.len(), sum, lang), houses });
    }
    let mut newest = vec![];
    for e in editions::newest(db, 4).await? {
        let root = match e.building_id {
            Some(id) => all.iter().find(|b| b.id == id).map(|b| (format!("/b/{}", b.slug), b.name(lang).to_owned())),
            None => {
                let d = buildings::district_by_id(db, e.district_id).await?;
                Some((format!("/d/{}", d.slug), d.name(lang).to_owned()))
            }
        };
        if let Some((root, name)) = root {
            let small = format!("{name} {}", edition_line(e.number, e.published_at, now, lang));
            newest.push(Leads { href: format!("{root}/bulletin/{}", e.number), words: e.title, small });
        }
    }
    let page = Page {
        q: q.to_owned(),
        searched: !q.is_empty(),
        found: found.iter().map(|b| districts::house(b, of(b), lang)).collect(),
        districts: parts,
        since: dates::short(dates::local(since).date(), dates::local(now).date(), lang),
        editions: newest,
        empty: all.is_empty(),
    };
    who.page(Frame::titled(lang.t("home.title")).here("buildings").class("pg-home"), "home/show", &page)
}
