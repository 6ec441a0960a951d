//! The form itself: where one stands, what is known there, what kind of thing it is, what happened, who may know.

use std::collections::HashSet;

use serde::Serialize;

use super::known::{self, Known};
use super::where_from::WhereFrom;
use super::who::Asked;
use crate::domain::announcements;
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories::{self, Category};
use crate::domain::issues::{self, Unsent};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::announcements::{Brief, KNOWN_DAYS, briefs};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::photos::sealed;

/// Open matters of the place that the page shows, and those that it counts.
const SHOWN: usize = 2;
const LISTED: usize = 20;

/// What the page is made from.
pub struct Shown<'a> {
    pub building: &'a Building,
    pub from: WhereFrom,
    pub form: FormState,
    pub kept: Vec<sealed::Shown>,
}

#[derive(Serialize)]
struct Page {
    action: String,
    home: String,
    house: String,
    floor: Option<String>,
    heading: String,
    other_lang: &'static str,
    other_href: String,
    duty_phone: String,
    duty_tel: String,
    poster: String,
    /// Whether the place is known, and can only be changed.
    placed: bool,
    place: Option<String>,
    /// Options, as they stand in the page: several hundred in a tower.
    places: String,
    /// What the desk has said beforehand about this place.
    announced: Vec<Brief>,
    known: Vec<Known>,
    /// How many more are open here than are shown.
    more_known: usize,
    list: String,
    ask: String,
    chosen_kind: String,
    chosen_code: bool,
    tiles: Vec<Tile>,
    more: Vec<Group>,
    kept: Vec<sealed::Shown>,
    #[serde(flatten)]
    asked: Asked,
    keep: String,
    form: FormState,
}

#[derive(Serialize)]
struct Group {
    label: String,
    options: Vec<Tile>,
}

#[derive(Serialize)]
struct Tile {
    value: String,
    label: String,
    urgent: bool,
    chosen: bool,
}

/// The page.
pub async fn page(caller: &Caller, shown: Shown<'_>) -> Result<Answer> {
    let Shown { building, from, form, kept } = shown;
    let (db, lang) = (caller.house.read(), caller.lang);
    let place = from.place.as_ref();
    let unsent = Unsent { building, place, category: None, words: "" };
    let here = if place.is_some() { issues::similar(db, caller.house.now(), &unsent, LISTED).await? } else { vec![] };
    let value = |name: &str| form.values.get(name).map(String::as_str).unwrap_or_default();
    let (tiles, more) = kinds(place, value("category"), lang);
    let other = if lang == Lang::Zh { "en" } else { "zh-CN" };
    let tower = place.and_then(|p| p.tower_name(lang));
    let page = Page {
        action: format!("/b/{}/report", building.slug),
        home: format!("/b/{}", building.slug),
        house: match &tower {
            Some(tower) => lang.say("reports.house", &[("building", building.name(lang)), ("tower", tower)]),
            None => building.name(lang).to_owned(),
        },
        floor: place.and_then(Place::floor_plate),
        heading: place.map_or_else(|| lang.t("reports.heading"), |p| p.name(lang).to_owned()),
        other_lang: other,
        other_href: format!("{}?{}{}lang={other}", caller.path, caller.query, if caller.query.is_empty() { "" } else { "&" }),
        duty_tel: building.duty_phone.chars().filter(char::is_ascii_digit).collect(),
        duty_phone: building.duty_phone.clone(),
        poster: from.poster.as_ref().map(|p| p.code.clone()).unwrap_or_default(),
        placed: place.is_some(),
        place: place.map(|p| p.code.clone()),
        places: places(caller, building).await?,
        announced: announced(caller, building, place).await?,
        more_known: here.len().saturating_sub(SHOWN),
        known: known::of(caller, caller.house.read(), building, &here[..here.len().min(SHOWN)]).await?,
        list: place
            .map(|p| {
                format!(
                    "/b/{}/issues?state=open&place={}",
                    building.slug,
                    url::form_urlencoded::byte_serialize(p.code.as_bytes()).collect::<String>()
                )
            })
            .unwrap_or_default(),
        chosen_kind: categories::find(value("category")).map_or_else(|| lang.t("reports.guess_for_me"), |c| c.name(lang).to_owned()),
        chosen_code: !value("category").is_empty(),
        ask: format!("/b/{}/report/similar", building.slug),
        tiles,
        more,
        kept,
        asked: Asked::of(caller, building, &form).await?,
        keep: format!("report-{}-{}", building.slug, place.map_or("", |p| &p.code)),
        form,
    };
    let frame = Frame::titled(lang.say("reports.title", &[("place", &page.heading)])).of(caller, building).class("pg-report");
    caller.page(frame, "reports/form", &page)
}

/// Most announcements that stand above the form.
const ANNOUNCED: usize = 3;

/// What is announced for a place; without one, for the building.
async fn announced(caller: &Caller, building: &Building, place: Option<&Place>) -> Result<Vec<Brief>> {
    let now = caller.house.now();
    let mut known = announcements::known(caller.house.read(), building, place, None, now, KNOWN_DAYS).await?;
    known.truncate(ANNOUNCED);
    Ok(briefs(&known, building, now, caller.lang))
}

/// The kinds that are likely here, what was asked for among them, and all others in their groups.
fn kinds(place: Option<&Place>, chosen: &str, lang: Lang) -> (Vec<Tile>, Vec<Group>) {
    let tile = |c: &Category| Tile { value: c.code.clone(), label: c.name(lang).to_owned(), urgent: c.emergency, chosen: c.code == chosen };
    let likely = categories::likely(place.map(|p| p.kind));
    let first: HashSet<&str> = likely.iter().map(|c| c.code.as_str()).collect();
    let mut more: Vec<(&str, Group)> = vec![];
    for c in categories::all().iter().filter(|c| !first.contains(c.code.as_str())) {
        match more.last_mut() {
            Some((group, g)) if *group == c.group => g.options.push(tile(c)),
            _ => more.push((&c.group, Group { label: lang.t(&format!("reports.groups.{}", c.group)), options: vec![tile(c)] })),
        }
    }
    (likely.into_iter().map(tile).collect(), more.into_iter().map(|(_, g)| g).collect())
}

/// Every place of the building, tower by tower: for those who came without a poster, or stand elsewhere.
async fn places(caller: &Caller, building: &Building) -> Result<String> {
    use std::fmt::Write as _;
    let lang = caller.lang;
    let mut groups: Vec<(String, String)> = vec![];
    for p in buildings::places(caller.house.read(), building.id).await? {
        let label = p.tower_name(lang).unwrap_or_else(|| building.name(lang).to_owned());
        let at = groups.iter().position(|(l, _)| *l == label).unwrap_or_else(|| {
            groups.push((label, String::new()));
            groups.len() - 1
        });
        let name = handlebars::html_escape(&p.full(lang));
        let _ = write!(groups[at].1, r#"<option value="{}">{name}</option>"#, handlebars::html_escape(&p.code));
    }
    let group = |(label, options): (String, String)| format!(r#"<optgroup label="{}">{options}</optgroup>"#, handlebars::html_escape(&label));
    Ok(groups.into_iter().map(group).collect())
}
