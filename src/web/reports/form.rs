//! The form itself: where one stands, what is known there, what kind of thing it is, what happened, who may know.

use std::collections::HashSet;

use serde::Serialize;

use super::where_from::WhereFrom;
use super::who::Asked;
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories::{self, Category};
use crate::domain::issues::{self, Issue, IssueState};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::photos::sealed;
use crate::web::shown::states::{self, State};

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
    place: Option<String>,
    /// Options, as they stand in the page: several hundred in a tower.
    places: String,
    known: Vec<Known>,
    tiles: Vec<Tile>,
    more: Vec<Group>,
    more_open: bool,
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

#[derive(Serialize)]
struct Known {
    title: String,
    href: String,
    action: String,
    state: State,
    words: String,
}

/// The page.
pub async fn page(caller: &Caller, shown: Shown<'_>) -> Result<Answer> {
    let Shown { building, from, form, kept } = shown;
    let (db, lang) = (caller.house.read(), caller.lang);
    let place = from.place.as_ref();
    let known = match place {
        Some(p) => issues::open_at_place(db, p.id, 4).await?.iter().map(|i| known(caller, building, i)).collect(),
        None => vec![],
    };
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
        place: place.map(|p| p.code.clone()),
        places: if place.is_none() { places(caller, building).await? } else { String::new() },
        known,
        more_open: more.iter().any(|g| g.options.iter().any(|o| o.chosen)),
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

/// What is known here already, with enough to judge whether it is the same.
fn known(caller: &Caller, building: &Building, issue: &Issue) -> Known {
    let lang = caller.lang;
    let href = format!("/b/{}/issues/{}", building.slug, issue.number);
    let n = issue.reports.to_string();
    let words = match issue.next_due {
        Some(due) if issue.state != IssueState::Done && !issue.late(caller.house.now()) => {
            let due = dates::due(due, caller.house.now(), &caller.house.calendar(), lang);
            lang.say("reports.known_due", &[("n", &n), ("left", &due.left)])
        }
        _ => lang.say("reports.known", &[("n", &n)]),
    };
    Known { title: issue.title_for_public(lang), action: format!("{href}/me-too"), href, state: states::of(issue, None, lang), words }
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

/// Every place of the building, tower by tower, for those who came without a poster.
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
