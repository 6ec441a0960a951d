//! `/b/{building}/figures`: a year in numbers: what came and what was confirmed by month, and how long each kind of thing
//! takes, each with its denominator.

use chrono::{DateTime, Months, Utc};
use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::buildings::month;
use super::call_backs::{WEEKS, sums};
use super::frame::Frame;
use super::guards::Anyone;
use super::shown::charts::{Figure, months};
use crate::domain::call_backs::{self, Found};
use crate::domain::figures::{self, FEWEST, Median};
use crate::domain::{buildings, categories};
use crate::kernel::dates;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Row {
    category: String,
    href: String,
    answer: Option<Took>,
    confirmed: Option<Took>,
}

#[derive(Serialize)]
struct Took {
    time: String,
    of: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    since: String,
    figure: Option<Figure>,
    rows: Vec<Row>,
    rule: String,
    /// What was found where nobody had answered.
    called: Option<Called>,
}

#[derive(Serialize)]
struct Called {
    sum: String,
    found: Option<String>,
}

/// Eleven months before the first of this one: twelve columns.
fn a_year(now: DateTime<Utc>) -> DateTime<Utc> {
    month(month(now).checked_sub_months(Months::new(11)).unwrap_or(now) + chrono::Duration::days(1))
}

fn took(m: Median, lang: Lang) -> Took {
    let (minutes, hours) = (m.seconds / 60.0, m.seconds / 3600.0);
    let (key, n) = match () {
        () if minutes < 90.0 => ("minutes", format!("{minutes:.0}")),
        () if hours < 48.0 => ("hours", format!("{hours:.1}")),
        () => ("days", format!("{:.1}", hours / 24.0)),
    };
    Took { time: lang.say(&format!("figures.{key}"), &[("n", &n)]), of: lang.say("figures.of", &[("n", &m.of.to_string())]) }
}

#[get("/<building>/figures")]
async fn show(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let (lang, now) = (who.lang, who.house.now());
    let db = &who.house.reading().await?;
    let building = buildings::by_slug(db, building).await?;
    let since = a_year(now);
    let root = format!("/b/{}", building.slug);
    let row = |p: figures::Pace| Row {
        category: categories::name(&p.category, lang),
        href: format!("{root}/issues?category={}", p.category),
        answer: p.answer.map(|m| took(m, lang)),
        confirmed: p.confirmed.map(|m| took(m, lang)),
    };
    let weeks = call_backs::weeks(db, building.id, WEEKS).await?;
    let called = (!weeks.is_empty()).then(|| sums(Found::of(&weeks), lang)).map(|(sum, found)| Called { sum, found });
    let page = Page {
        called,
        house: building.name(lang).to_owned(),
        since: dates::day(dates::local(since).date(), dates::local(now).date(), lang),
        figure: months::draw(&figures::months(db, building.id, since).await?, lang),
        rows: figures::paces(db, building.id, since).await?.into_iter().map(row).collect(),
        rule: lang.say("figures.rule", &[("n", &FEWEST.to_string())]),
        home: root,
    };
    let frame = Frame::titled(lang.say("figures.title", &[("building", &page.house)])).of(&who, &building).class("pg-text");
    who.page(frame, "figures/show", &page)
}
