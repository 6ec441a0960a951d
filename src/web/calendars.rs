//! `/calendars`: the tables of working days. One is looked at before it is loaded: what is wrong with which line, and which
//! open dates would be others. Loading moves none of them; what was promised provisionally is moved by an act of its own.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Administer, Holds};
use super::sent::Sent;
use crate::domain::buildings::{self, Building};
use crate::domain::calendars::{self, Moved, Promised, TableFault};
use crate::kernel::calendar::{Calendar, CalendarFault};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::text;

pub(super) fn routes() -> Vec<Route> {
    routes![index, check, create, moves]
}

/// Dates and faults that the page spells out; the rest is counted.
const MOST: usize = 50;
/// Largest table, in bytes: two centuries of holidays are a fraction of it.
const LARGEST: usize = 100_000;

#[derive(Serialize)]
struct Version {
    name: String,
    source: String,
    years: String,
    /// It is the one in force.
    here: bool,
}

#[derive(Serialize)]
struct Row {
    label: String,
    href: String,
    what: String,
    from: String,
    to: String,
    note: String,
}

#[derive(Serialize)]
struct Dates {
    words: String,
    rows: Vec<Row>,
    more: Option<String>,
    digest: String,
}

/// A table that can be loaded, and what would come of it.
#[derive(Serialize)]
struct Checked {
    source: String,
    body: String,
    years: String,
    dates: Dates,
}

#[derive(Serialize)]
struct Page {
    versions: Vec<Version>,
    faults: Vec<String>,
    more_faults: Option<String>,
    checked: Option<Checked>,
    /// What was promised provisionally and is known by now.
    moves: Option<Dates>,
    form: FormState,
}

/// What an upload came to.
enum Looked {
    Nothing,
    Faults(Vec<TableFault>),
    Good { source: String, body: String, table: Calendar },
}

fn years(of: &Calendar, lang: Lang) -> String {
    match (of.years().first(), of.years().last()) {
        (Some(first), Some(last)) => lang.say("calendars.years", &[("first", &first.to_string()), ("last", &last.to_string())]),
        _ => String::new(),
    }
}

fn fault(of: &TableFault, lang: Lang) -> String {
    let line = |key: &str, line: u64, value: &str| lang.say(&format!("calendars.fault.{key}"), &[("line", &line.to_string()), ("value", value)]);
    match of {
        TableFault::Line(CalendarFault::Header) => lang.t("calendars.fault.header"),
        TableFault::Line(CalendarFault::Row { line: n }) => line("row", *n, ""),
        TableFault::Line(CalendarFault::Date { line: n, date }) => line("date", *n, date),
        TableFault::Line(CalendarFault::Kind { line: n, kind }) => line("kind", *n, kind),
        TableFault::Line(CalendarFault::Twice { date }) => line("twice", 0, &date.to_string()),
        TableFault::Line(CalendarFault::Empty) => lang.t("calendars.fault.empty"),
        TableFault::Missing(years) => {
            let years: Vec<String> = years.iter().map(ToString::to_string).collect();
            line("missing", 0, &years.join(lang.pick("、", ", ")))
        }
    }
}

fn shown(who: &Holds<'_, Administer>, moves: &[Moved], houses: &[Building], key: &str) -> Dates {
    let (lang, now) = (who.lang, who.house.now());
    let until = |at| dates::until(at, now, lang);
    let row = |m: &Moved| {
        let building = houses.iter().find(|b| b.id == m.building)?;
        let root = format!("/b/{}/issues/{}", building.slug, m.number);
        let (href, what) = match (m.what, m.task) {
            (Promised::Task, Some(k)) => (format!("{root}/tasks/{k}"), lang.say("tasks.crumb", &[("k", &k.to_string())])),
            (what, _) => (format!("{root}/clock"), lang.t(&format!("calendars.what.{}", what.as_str()))),
        };
        let note = if m.was_provisional { "calendars.provisional" } else { "calendars.certain" };
        Some(Row { label: building.label(m.number), href, what, from: until(m.from), to: until(m.to), note: lang.t(note) })
    };
    let (n, loose) = (moves.len(), moves.iter().filter(|m| m.was_provisional).count());
    let with = [("n", n.to_string()), ("loose", loose.to_string()), ("firm", (n - loose).to_string())];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Dates {
        words: lang.say(&format!("calendars.{key}{}", if n == 0 { "_none" } else { "" }), &with),
        rows: moves.iter().take(MOST).filter_map(row).collect(),
        more: (n > MOST).then(|| lang.say("calendars.more", &[("n", &(n - MOST).to_string())])),
        digest: calendars::digest(moves),
    }
}

async fn page(who: &Holds<'_, Administer>, looked: Looked, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (&who.house.reading().await?, who.lang, who.house.now());
    let in_force = calendars::in_force(db).await?;
    let houses = buildings::all(db, None).await?;
    let loaded = calendars::all(db).await?;
    let mut versions = vec![];
    for (i, m) in loaded.iter().enumerate() {
        let table = Calendar::parse(&m.body).map_err(|e| Error::broken(e.to_string()))?;
        let with = [("n", m.version.to_string()), ("at", dates::moment(m.loaded_at, now, lang))];
        let name = lang.say("calendars.version", &with.each_ref().map(|(k, v)| (*k, v.as_str())));
        versions.push(Version { name, source: m.source.clone(), years: years(&table, lang), here: i == 0 });
    }
    let built_in = Calendar::built_in().map_err(|e| Error::broken(e.to_string()))?;
    let here = loaded.is_empty();
    versions.push(Version { name: lang.t("calendars.built_in"), source: String::new(), years: years(&built_in, lang), here });
    let movable = calendars::movable(db, now, &in_force).await?;
    let (mut faults, mut more_faults, mut checked) = (vec![], None, None);
    match looked {
        Looked::Nothing => {}
        Looked::Faults(all) => {
            faults = all.iter().take(MOST).map(|f| fault(f, lang)).collect();
            more_faults = (all.len() > MOST).then(|| lang.say("calendars.more_faults", &[("n", &(all.len() - MOST).to_string())]));
        }
        Looked::Good { source, body, table } => {
            let differing = calendars::differing(db, now, &in_force, &table).await?;
            let dates = shown(who, &differing, &houses, "would_differ");
            checked = Some(Checked { source, body, years: years(&table, lang), dates });
        }
    }
    let moves = (!movable.is_empty()).then(|| shown(who, &movable, &houses, "can_move"));
    let page = Page { versions, faults, more_faults, checked, moves, form };
    who.page(Frame::titled(lang.t("calendars.title")).at_work().here("calendars").class("pg-desk"), "calendars/index", &page)
}

#[get("/calendars")]
async fn index(who: Holds<'_, Administer>) -> Result<Answer> {
    page(&who, Looked::Nothing, FormState::fresh(&who)).await
}

/// The table of a form: a file that was chosen, or the text of one that was looked at before.
fn table(sent: &Sent<'_>) -> Result<String, Refusal> {
    let text = match sent.files("table").next() {
        Some(upload) => {
            let bytes = upload.bytes.as_ref().filter(|b| b.len() <= LARGEST).ok_or_else(|| Refusal::new("table_large").at("table"))?;
            String::from_utf8(bytes.clone()).map_err(|_| Refusal::new("table_encoding").at("table"))?
        }
        None => sent.text("body").to_owned(),
    };
    if text.trim().is_empty() { Err(Refusal::new("table_choose").at("table")) } else { Ok(text) }
}

/// Looks at a table: what is wrong with it, and otherwise what would differ. Nothing is loaded yet.
#[post("/calendars/check", data = "<sent>")]
async fn check(who: Holds<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let looked = async {
        sent.trusted()?;
        let source = text::words("source", sent.text("source"), 2, calendars::SOURCE_MAX)?;
        let body = table(&sent)?;
        Ok::<_, Error>((source, calendars::check(who.house.read(), &body).await?, body))
    }
    .await;
    match looked {
        Ok((source, Ok(table), body)) => {
            let form = FormState::filled(&who, [("source", source.clone())]);
            page(&who, Looked::Good { source, body, table }, form).await
        }
        Ok((source, Err(faults), _)) => {
            let mut form = FormState::filled(&who, [("source", source)]);
            form.fault(who.lang, &Refusal::new("table_faults").with("n", faults.len()).at("table"));
            Ok(page(&who, Looked::Faults(faults), form).await?.status(Status::UnprocessableEntity))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, Looked::Nothing, form).await?.status(status))
        }
    }
}

#[post("/calendars", data = "<sent>")]
async fn create(who: Holds<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let source = text::words("source", sent.text("source"), 2, calendars::SOURCE_MAX)?;
        let body = table(&sent)?;
        if let Err(faults) = calendars::check(act.tx(), &body).await? {
            return Err(Refusal::new("table_faults").with("n", faults.len()).at("table").into());
        }
        calendars::load(&act, &source, &body).await?;
        act.commit().await?;
        calendars::follow(&who.house).await
    }
    .await;
    after(&who, &sent, done, "calendars.said.loaded").await
}

#[post("/calendars/moves", data = "<sent>")]
async fn moves(who: Holds<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        // Another process may have loaded a newer table than the one by which this one counts.
        calendars::follow(&who.house).await?;
        let act = who.begin(&sent).await?;
        calendars::move_dates(&act, sent.text("digest")).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "calendars.said.moved").await
}

async fn after(who: &Holds<'_, Administer>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go("/calendars").saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, Looked::Nothing, form).await?.status(status))
        }
    }
}
