//! `/b/{building}/call-backs`: each week's draw: of how many, which ones, what was found; and how anybody draws it again.

use chrono::{Days, NaiveDate, Weekday};
use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::frame::Frame;
use super::guards::Anyone;
use crate::domain::buildings;
use crate::domain::call_backs::{self, CallBack, Found, Week};
use crate::domain::issues::{self, Issue};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// Draws that the page shows.
pub(super) const WEEKS: u64 = 12;

#[derive(Serialize)]
struct One {
    label: String,
    href: String,
    /// What was found, by the word of the result alone.
    word: String,
    /// Where the secretary writes it down.
    ask: Option<String>,
}

#[derive(Serialize)]
struct Draw {
    week: String,
    sum: String,
    found: Option<String>,
    drawn: Vec<One>,
    root: String,
    size: i64,
    numbers: String,
    line: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    sum: Option<String>,
    found: Option<String>,
    weeks: Vec<Draw>,
}

/// Numbers with what they are of: how many were drawn and asked, and what was found at those. A part of which there is
/// none is left out; what is said adds up without it.
pub(super) fn sums(f: Found, lang: Lang) -> (String, Option<String>) {
    let some = |parts: &[(&str, u64)]| {
        let said = parts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| lang.say(&format!("call_backs.{key}"), &[("n", &n.to_string())]));
        said.collect::<Vec<_>>().join(&lang.t("parts.comma"))
    };
    let asked = some(&[("part.reached", f.reached), ("part.nobody", f.nobody), ("part.waiting", f.drawn - f.reached - f.nobody)]);
    let sum = lang.say("call_backs.sum", &[("closed", &f.closed.to_string()), ("drawn", &f.drawn.to_string()), ("parts", &asked)]);
    let found = some(&[("part.fixed", f.fixed), ("part.basically", f.basically), ("part.not_fixed", f.not_fixed)]);
    (sum, (f.reached > 0).then(|| lang.say("call_backs.found", &[("reached", &f.reached.to_string()), ("parts", &found)])))
}

/// `第47周，11月16日至22日`; a name that is no week stands as it is.
fn named(week: &str, today: NaiveDate, lang: Lang) -> String {
    let read = || {
        let (year, n) = week.split_once("-W")?;
        let monday = NaiveDate::from_isoywd_opt(year.parse().ok()?, n.parse().ok()?, Weekday::Mon)?;
        let day = |d| dates::short(d, today, lang);
        Some(lang.say("call_backs.week", &[("n", n.trim_start_matches('0')), ("from", &day(monday)), ("to", &day(monday + Days::new(6)))]))
    };
    read().unwrap_or_else(|| week.to_owned())
}

fn word(call: &CallBack, lang: Lang) -> String {
    match (call.reached, call.result) {
        (None, _) => lang.t("call_backs.waits"),
        (_, Some(found)) => lang.t(&format!("call_backs.result.{found}")),
        (Some(reached), None) => lang.t(&format!("call_backs.reached.{reached}")),
    }
}

#[get("/<building>/call-backs")]
async fn index(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let lang = who.lang;
    let building = buildings::by_slug(db, building).await?;
    let weeks = call_backs::weeks(db, building.id, WEEKS).await?;
    let about = issues::by_ids(db, weeks.iter().flat_map(|(_, calls)| calls).map(|c| c.issue_id).collect()).await?;
    let asks = who.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, Right::Secretariat, &building).is_some());
    let one = |c: &CallBack| {
        let issue: &Issue = about.iter().find(|i| i.id == c.issue_id)?;
        let href = format!("/b/{}/issues/{}", building.slug, issue.number);
        let ask = (asks && c.reached.is_none()).then(|| format!("{href}/call-back"));
        Some(One { label: building.label(issue.number), href, word: word(c, lang), ask })
    };
    let draw = |(week, calls): &(Week, Vec<CallBack>)| {
        let (sum, found) = sums(Found::of(&[(week.clone(), calls.clone())]), lang);
        let first = calls.first().and_then(|c| about.iter().find(|i| i.id == c.issue_id));
        let label = first.map_or_else(String::new, |i| building.label(i.number));
        Draw {
            week: named(&week.week, dates::local(who.house.now()).date(), lang),
            sum,
            found,
            drawn: calls.iter().filter_map(one).collect(),
            line: format!("printf '%s\\n%s\\n%s' '{}' '{}' '{label}' | sha256sum", week.ledger_root, week.week),
            root: week.ledger_root.clone(),
            size: week.ledger_size,
            numbers: week.numbers.split(',').filter_map(|n| n.parse().ok()).map(|n| building.label(n)).collect::<Vec<_>>().join(" "),
        }
    };
    let all = sums(Found::of(&weeks), lang);
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        sum: (!weeks.is_empty()).then_some(all.0),
        found: all.1.filter(|_| !weeks.is_empty()),
        weeks: weeks.iter().map(draw).collect(),
    };
    let frame = Frame::titled(lang.t("call_backs.title")).of(&who, &building).here("issues").class("pg-text");
    who.page(frame, "call_backs/index", &page)
}
