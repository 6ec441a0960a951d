//! `/d/{district}/themes`: what a district's councils have decided about one kind of trouble, building by building, and whether it
//! helped; and the search through resolutions and minutes.

use rocket::{FromForm, Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::councils::drawn::resolution_mark;
use super::dates;
use super::effect_checks::value;
use super::frame::Frame;
use super::guards::Anyone;
use super::meetings::dossier::Crumb;
use super::shown::decimal;
use super::shown::states::{self, State};
use crate::domain::buildings::{self, District};
use crate::domain::categories::{self, Category};
use crate::domain::effect_checks::Verdict;
use crate::domain::resolutions::{self, Decided, Hit};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

/// Mounted at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![index, show]
}

#[derive(Serialize)]
struct ThemeLine {
    href: String,
    name: String,
    small: String,
}

#[derive(Serialize)]
struct Group {
    name: String,
    href: String,
    themes: Vec<ThemeLine>,
}

#[derive(Serialize)]
struct Found {
    href: String,
    label: String,
    title: String,
    council: String,
    when: String,
}

#[derive(Serialize)]
struct Index {
    district: String,
    action: String,
    q: String,
    found: Vec<Found>,
    searched: bool,
    groups: Vec<Group>,
}

#[derive(FromForm)]
struct Asked {
    q: Option<String>,
}

fn group_name(group: &str, lang: Lang) -> String {
    lang.t(&format!("reports.groups.{group}"))
}

fn found(h: &Hit, district: &District, who: &Anyone<'_>) -> Found {
    let lang = who.lang;
    let root = h.slug.as_ref().map_or_else(|| format!("/d/{}", district.slug), |s| format!("/b/{s}"));
    let short = h.short.as_deref().unwrap_or(&district.short);
    let when = dates::full_day(h.at, lang);
    let (href, label, title) = match (h.year.zip(h.serial), h.meeting) {
        (Some((year, serial)), _) => (format!("{root}/resolutions/{year}-{serial}"), resolutions::number(short, year, serial), h.title.clone()),
        (None, meeting) => {
            let n = meeting.unwrap_or_default();
            (format!("{root}/meetings/{n}/minutes"), lang.t("themes.minutes"), lang.say("meetings.nth", &[("n", &n.to_string())]))
        }
    };
    Found { href, label, title, council: lang.pick(&h.council, &h.council_en).to_owned(), when }
}

/// `GET /d/{district}/themes`.
#[get("/<district>/themes?<asked..>")]
async fn index(who: Anyone<'_>, district: &str, asked: Asked) -> Result<Answer> {
    let (db, lang) = (who.house.read(), who.lang);
    let district = buildings::district_by_slug(db, district).await?;
    let root = format!("/d/{}/themes", district.slug);
    let q = asked.q.unwrap_or_default().trim().chars().take(60).collect::<String>();
    let hits = resolutions::search(db, district.id, &q).await?;
    let mut groups: Vec<Group> = vec![];
    let known = resolutions::themes(db, district.id).await?;
    for category in categories::all() {
        let Some(t) = known.iter().find(|t| t.category == category.code) else { continue };
        let name = group_name(&category.group, lang);
        if groups.last().is_none_or(|g| g.name != name) {
            groups.push(Group { name, href: format!("{root}/{}", category.group), themes: vec![] });
        }
        let with =
            [("n", t.resolutions), ("buildings", t.buildings), ("checked", t.checked), ("effective", t.effective)].map(|(k, n)| (k, n.to_string()));
        let with: Vec<(&str, &str)> = with.iter().map(|(k, n)| (*k, n.as_str())).collect();
        let key = if t.checked > 0 { "themes.line_checked" } else { "themes.line" };
        if let Some(group) = groups.last_mut() {
            group.themes.push(ThemeLine {
                href: format!("{root}/{}", category.code),
                name: category.name(lang).to_owned(),
                small: lang.say(key, &with),
            });
        }
    }
    let page = Index {
        district: district.name(lang).to_owned(),
        found: hits.iter().map(|h| found(h, &district, &who)).collect(),
        searched: !q.is_empty(),
        q,
        groups,
        action: root,
    };
    who.page(Frame::titled(lang.t("themes.title")).of_district(&who, &district).here("council").class("pg-themes"), "themes/index", &page)
}

/// One attempt at a matter.
#[derive(Serialize)]
pub struct Attempt {
    pub href: String,
    pub label: String,
    pub title: String,
    pub when: String,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    pub verdict: Option<State>,
    /// `18.4 → 4.6分钟，目标5分钟`.
    pub sum: Option<String>,
    /// It did not help, and something else was tried after it.
    pub failed: bool,
}

/// A resolution of a theme as one attempt.
pub fn attempt(d: &Decided, today: chrono::NaiveDate, lang: Lang) -> Attempt {
    let (mark, class) = resolution_mark(d.state);
    let decimals = d.decimals.unwrap_or(0);
    let write = |v: Option<i64>| v.map_or_else(|| "—".to_owned(), |v| decimal(v, decimals));
    let sum = d.unit.as_deref().filter(|_| d.verdict.is_some()).map(|unit| {
        let figure = d.figure.map(|f| lang.t(&format!("charts.figures.{}", f.as_str()))).unwrap_or_default();
        let with = [
            ("figure", figure),
            ("before", write(d.before_value)),
            ("after", write(d.after_value)),
            ("target", write(d.target_value)),
            ("unit", value::unit(unit, lang)),
        ];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        lang.say("themes.sum", &with)
    });
    Attempt {
        href: format!("/b/{}/resolutions/{}-{}", d.slug, d.year, d.serial),
        label: resolutions::number(&d.short, d.year, d.serial),
        title: d.title.clone(),
        when: dates::short(dates::local(d.adopted_at).date(), today, lang),
        state: lang.t(&format!("resolutions.state.{}", d.state)),
        mark,
        class,
        verdict: d.verdict.map(|v| states::verdict(v, lang)),
        sum,
        failed: d.verdict == Some(Verdict::Ineffective),
    }
}

#[derive(Serialize)]
struct Matter {
    href: String,
    label: String,
    title: String,
    attempts: Vec<Attempt>,
}

#[derive(Serialize)]
struct House {
    name: String,
    href: String,
    matters: Vec<Matter>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    heading: String,
    district: String,
    summary: String,
    houses: Vec<House>,
    index: String,
}

/// `GET /d/{district}/themes/{category}`: a kind's code, or a group of kinds.
#[get("/<district>/themes/<theme>")]
async fn show(who: Anyone<'_>, district: &str, theme: &str) -> Result<Answer> {
    let (db, lang, today) = (who.house.read(), who.lang, dates::local(who.house.now()).date());
    let district = buildings::district_by_slug(db, district).await?;
    let chosen: Vec<&Category> = categories::all().iter().filter(|c| c.code == theme || c.group == theme).collect();
    let first = chosen.first().ok_or(Error::NotFound)?;
    let heading = if first.code == theme { first.name(lang).to_owned() } else { group_name(theme, lang) };
    let codes: Vec<&str> = chosen.iter().map(|c| c.code.as_str()).collect();
    let all = resolutions::of_theme(db, district.id, &codes).await?;
    let mut houses: Vec<House> = vec![];
    let (mut at, mut on) = (None, None);
    for d in &all {
        if at != Some(d.building_id) {
            houses.push(House {
                name: lang.pick(&d.building, &d.building_en).to_owned(),
                href: format!("/b/{}/council/resolutions?state=all", d.slug),
                matters: vec![],
            });
            (at, on) = (Some(d.building_id), None);
        }
        let Some(house) = houses.last_mut() else { continue };
        if on != Some(d.issue_id) {
            let title = d.issue_title.clone().filter(|t| !t.is_empty()).unwrap_or_else(|| categories::name(&d.category, lang));
            let (label, href) = (format!("{}-{}", d.code, d.issue_number), format!("/b/{}/issues/{}", d.slug, d.issue_number));
            house.matters.push(Matter { href, label, title, attempts: vec![] });
            on = Some(d.issue_id);
        }
        if let Some(matter) = house.matters.last_mut() {
            matter.attempts.push(attempt(d, today, lang));
        }
    }
    let verdict = |v: Verdict| all.iter().filter(|d| d.verdict == Some(v)).count().to_string();
    let with = [
        ("n", all.len().to_string()),
        ("buildings", houses.len().to_string()),
        ("effective", verdict(Verdict::Effective)),
        ("partly", verdict(Verdict::Partly)),
        ("ineffective", verdict(Verdict::Ineffective)),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let index = format!("/d/{}/themes", district.slug);
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("themes.title"), index.clone()), Crumb::here(heading.clone())],
        summary: lang.say("themes.summary", &with),
        district: district.name(lang).to_owned(),
        heading,
        houses,
        index,
    };
    who.page(Frame::titled(page.heading.clone()).of_district(&who, &district).here("council").class("pg-themes"), "themes/show", &page)
}
