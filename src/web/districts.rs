//! A business district: its buildings with their figures, its council, its bulletin.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::buildings::{Leads, edition_line, month};
use super::caller::Caller;
use super::frame::Frame;
use super::guards::Anyone;
use crate::domain::buildings::{self, Building, District};
use crate::domain::councils;
use crate::domain::editions::{self, EditionState};
use crate::domain::figures::{self, Brief};
use crate::domain::hand_overs::{self, HandOver, HandOverState};
use crate::domain::issues::Issue;
use crate::domain::levels::Level;
use crate::domain::organisations;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::web::dates;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// A building in one line, with numerators and denominators.
#[derive(Serialize)]
pub struct House {
    pub href: String,
    pub name: String,
    pub address: String,
    pub open: String,
    pub received: String,
    pub confirmed: String,
    pub late: Option<String>,
    /// The lamp is lit where something is open.
    pub class: &'static str,
}

#[derive(Serialize)]
struct Page {
    street: String,
    name: String,
    lead: Vec<String>,
    since: String,
    houses: Vec<House>,
    council: Option<Leads>,
    councils: Vec<Leads>,
    editions: Vec<Leads>,
    /// Matters that went beyond their building, or are asked to.
    away: Vec<Away>,
}

/// A matter beyond its building, as everybody may read it.
#[derive(Serialize)]
struct Away {
    label: String,
    href: String,
    title: String,
    /// Who is responsible, at which level, since when; who is asked.
    words: String,
    /// By when an answer or a report is due.
    due: Option<String>,
    late: bool,
}

/// Most of them that the page shows.
const AWAY: u64 = 20;

async fn away(who: &Caller, district: &District, all: &[Building]) -> Result<Vec<Away>> {
    let (db, lang, now, calendar) = (who.house.read(), who.lang, who.house.now(), who.house.calendar());
    let rows = hand_overs::away(db, district.id, AWAY).await?;
    let named: Vec<OrganisationId> = rows.iter().flat_map(|(i, h)| [i.holder_id, Some(h.to_id)]).flatten().collect();
    let parties = organisations::by_ids(db, named).await?;
    let name = |id| parties.iter().find(|o| Some(o.id) == id).map_or_else(|| lang.t("story.somebody"), |o| o.short(lang).to_owned());
    let line = |(i, h): (Issue, HandOver)| {
        let b = all.iter().find(|b| b.id == i.building_id)?;
        let asked = h.state == HandOverState::Asked;
        let day = dates::short(dates::local(h.answered_at.unwrap_or(h.asked_at)).date(), dates::local(now).date(), lang);
        let key = if asked { "districts.away_asked" } else { "districts.away_now" };
        let level = |l: Level| lang.t(&format!("hands.levels.{l}"));
        let with = [("level", level(h.to_level)), ("to", name(Some(h.to_id))), ("from", name(i.holder_id)), ("day", day)];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let end = if asked { Some(h.answer_due) } else { h.report_due() };
        let due = end.map(|end| dates::due(end, now, &calendar, lang));
        let due_key = if asked { "districts.away_answer" } else { "districts.away_report" };
        Some(Away {
            label: b.label(i.number),
            href: format!("/b/{}/issues/{}", b.slug, i.number),
            title: i.title_for_public(lang),
            words: lang.say(key, &with),
            late: due.as_ref().is_some_and(|d| d.late),
            due: due.map(|d| lang.say(due_key, &[("by", &d.words)])),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// One line of a building.
pub fn house(b: &Building, f: Brief, lang: Lang) -> House {
    let say = |key: &str, n: i64| lang.say(&format!("districts.{key}"), &[("n", &n.to_string())]);
    House {
        href: format!("/b/{}", b.slug),
        name: b.name(lang).to_owned(),
        address: b.address.clone(),
        open: say("open", f.open),
        received: say("received", f.received),
        confirmed: lang.say("districts.confirmed", &[("a", &f.confirmed.to_string()), ("b", &f.done.to_string())]),
        late: (f.late > 0).then(|| say("late", f.late)),
        class: if f.open > 0 { "now" } else { "done" },
    }
}

/// `四座楼，这个月说了…` in phrases.
pub fn lead(buildings: usize, f: Brief, lang: Lang) -> Vec<String> {
    let with =
        [("buildings", buildings as i64), ("received", f.received), ("open", f.open), ("late", f.late), ("confirmed", f.confirmed), ("done", f.done)]
            .map(|(k, n)| (k, n.to_string()));
    let with: Vec<(&str, &str)> = with.iter().map(|(k, n)| (*k, n.as_str())).collect();
    lang.say("districts.lead", &with).split('|').map(str::to_owned).collect()
}

#[get("/<district>")]
async fn show(who: Anyone<'_>, district: &str) -> Result<Answer> {
    let db = who.house.read();
    let (lang, now) = (who.lang, who.house.now());
    let district = buildings::district_by_slug(db, district).await?;
    let all = buildings::all(db, Some(district.id)).await?;
    let counts = figures::of_buildings(db, Some(district.id), month(now), now).await?;
    let of = |b: &Building| counts.get(&b.id).copied().unwrap_or_default();
    let sum = all.iter().map(of).fold(Brief::default(), |a, b| a + b);
    let root = format!("/d/{}", district.slug);
    let council = match councils::of_district(db, district.id).await {
        Ok(c) => Some(Leads { href: format!("{root}/council"), words: c.name(lang).to_owned(), small: lang.t("districts.own_council") }),
        Err(Error::NotFound) => None,
        Err(e) => return Err(e),
    };
    let mut councils = vec![];
    for c in councils::of_buildings(db, district.id).await? {
        if let Some(b) = all.iter().find(|b| Some(b.id) == c.building_id) {
            councils.push(Leads { href: format!("/b/{}/council", b.slug), words: c.name(lang).to_owned(), small: b.name(lang).to_owned() });
        }
    }
    let editions = editions::of(db, district.id, None, 6).await?;
    let editions = editions
        .into_iter()
        .filter(|e| e.state == EditionState::Published)
        .take(3)
        .map(|e| Leads { href: format!("{root}/bulletin/{}", e.number), small: edition_line(e.number, e.published_at, now, lang), words: e.title })
        .collect();
    let page = Page {
        street: lang.pick(&district.street, &district.street_en).to_owned(),
        name: district.name(lang).to_owned(),
        lead: lead(all.len(), sum, lang),
        since: crate::web::dates::short(crate::web::dates::local(month(now)).date(), crate::web::dates::local(now).date(), lang),
        houses: all.iter().map(|b| house(b, of(b), lang)).collect(),
        council,
        councils,
        editions,
        away: away(&who, &district, &all).await?,
    };
    let frame = Frame::titled(page.name.clone()).of_district(&who, &district).here("buildings").class("pg-district");
    who.page(frame, "districts/show", &page)
}
