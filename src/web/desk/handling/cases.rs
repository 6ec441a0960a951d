//! The matters behind a number, as a page and as a table to take along.

use rocket::tokio::task::spawn_blocking;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::parts::group_name;
use super::{Asked, Query};
use crate::domain::categories;
use crate::domain::handling::{self, Case, Cut, working_hours};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Triage};
use crate::web::sheet;
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![list, csv, xlsx]
}

/// Most rows of the page; the table to take along has all.
const MOST: usize = 300;

#[derive(Serialize)]
struct Line {
    label: String,
    href: String,
    title: String,
    small: String,
    state: State,
    received: String,
    done: String,
}

#[derive(Serialize)]
struct Page {
    back: String,
    heading: String,
    counted: String,
    lines: Vec<Line>,
    csv: String,
    xlsx: String,
}

async fn asked(me: &Holds<'_, Triage>, query: &Query) -> Result<(Asked, Cut, Vec<Case>)> {
    let db = &me.house.reading().await?;
    let asked = Asked::of(me, db, query).await?;
    let (from, to) = asked.period.instants(&me.house.calendar());
    let mut cases = handling::cases(db, &asked.scope, from, to).await?;
    let cut = query.of.as_deref().and_then(Cut::named).unwrap_or(Cut::All);
    let group = query.group.as_deref().filter(|g| !g.is_empty()).map(|g| if g == "-" { "" } else { g });
    cases.retain(|c| cut.holds(c) && group.is_none_or(|g| asked.by.of(c) == g));
    Ok((asked, cut, cases))
}

#[get("/desk/figures/cases?<query..>")]
async fn list(me: Holds<'_, Triage>, query: Query) -> Result<Answer> {
    let (lang, now) = (me.lang, me.house.now());
    let today = me.house.calendar().date_of(now);
    let (asked, cut, cases) = asked(&me, &query).await?;
    let group = query.group.as_deref().filter(|g| !g.is_empty());
    let what = lang.t(&format!("handling.cuts.{}", cut.as_str()));
    let period = asked.period.word(today, lang);
    let heading = match group {
        Some(g) => {
            let of = group_name(asked.by, if g == "-" { "" } else { g }, lang);
            lang.say("handling.cuts_of", &[("period", &period), ("what", &what), ("of", &of)])
        }
        None => lang.say("handling.cuts_all", &[("period", &period), ("what", &what)]),
    };
    let line = |c: &Case| {
        let b = asked.buildings.iter().find(|b| b.id == c.building_id)?;
        let day = |at| dates::short(dates::local(at).date(), today, lang);
        Some(Line {
            label: b.label(c.number),
            href: format!("/b/{}/issues/{}/work", b.slug, c.number),
            title: c.title(lang),
            small: small(c, cut, lang),
            state: states::issue(c.state, c.closed_by, None, lang),
            received: day(c.received_at),
            done: c.done_at.map(day).unwrap_or_default(),
        })
    };
    let more = [("of", cut.as_str()), ("group", query.group.as_deref().unwrap_or_default())];
    let page = Page {
        back: asked.address("", &[]),
        counted: match cases.len() {
            n if n > MOST => lang.say("handling.counted_most", &[("n", &n.to_string()), ("most", &MOST.to_string())]),
            n => lang.say("handling.counted", &[("n", &n.to_string())]),
        },
        lines: cases.iter().rev().take(MOST).filter_map(line).collect(),
        csv: asked.address("/cases.csv", &more),
        xlsx: asked.address("/cases.xlsx", &more),
        heading,
    };
    me.page(Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-desk pg-figures"), "desk/cases", &page)
}

/// Kind, floor, and what the cut counts of the matter where it counts reports.
fn small(c: &Case, cut: Cut, lang: Lang) -> String {
    let n = |key: &str, n: i64| (n > 0).then(|| lang.say(&format!("handling.said.{key}"), &[("n", &n.to_string())]));
    let said: Vec<Option<String>> = match cut {
        Cut::Judged => vec![n("yes", c.yes), n("half", c.half), n("no", c.no)],
        Cut::Rated => vec![n("satisfied", c.satisfied), n("basically", c.basically), n("dissatisfied", c.dissatisfied)],
        _ => vec![n("reports", c.reports)],
    };
    let place = [c.tower.as_deref(), c.floor.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [Some(categories::name(&c.category, lang)), Some(place).filter(|p| !p.is_empty())].into_iter().chain(said);
    parts.flatten().collect::<Vec<_>>().join(&lang.t("parts.comma"))
}

const COLUMNS: [&str; 20] = [
    "label",
    "building",
    "title",
    "category",
    "tower",
    "floor",
    "state",
    "closed_by",
    "received",
    "result_due",
    "done",
    "closed",
    "working_hours",
    "reports",
    "answered",
    "yes",
    "half",
    "no",
    "contested",
    "again",
];

/// A row for a spreadsheet: days and hours at the district's time.
fn record(c: &Case, asked: &Asked, calendar: &Calendar, lang: Lang) -> Vec<String> {
    let b = asked.buildings.iter().find(|b| b.id == c.building_id);
    let at = |at: chrono::DateTime<chrono::Utc>| dates::local(at).format("%Y-%m-%d %H:%M").to_string();
    let yes = |yes: bool| if yes { "1" } else { "0" }.to_owned();
    vec![
        b.map_or_else(String::new, |b| b.label(c.number)),
        b.map_or_else(String::new, |b| b.name(lang).to_owned()),
        c.title(lang),
        categories::name(&c.category, lang),
        c.tower.clone().unwrap_or_default(),
        c.floor.clone().unwrap_or_default(),
        states::issue(c.state, c.closed_by, None, lang).word.into_owned(),
        c.closed_by.map_or_else(String::new, |by| by.as_str().to_owned()),
        at(c.received_at),
        c.result_due.map(at).unwrap_or_default(),
        c.done_at.map(at).unwrap_or_default(),
        c.closed_at.map(at).unwrap_or_default(),
        c.done_at.map_or_else(String::new, |d| format!("{:.2}", working_hours(calendar, c.received_at, d))),
        c.reports.to_string(),
        (c.reports - c.unanswered).to_string(),
        c.yes.to_string(),
        c.half.to_string(),
        c.no.to_string(),
        c.contested.to_string(),
        yes(Cut::Again.holds(c)),
    ]
}

async fn table(me: &Holds<'_, Triage>, query: &Query) -> Result<(String, Vec<String>, Vec<Vec<String>>)> {
    let (asked, _, cases) = asked(me, query).await?;
    let calendar = me.house.calendar();
    let head = COLUMNS.iter().map(|c| me.lang.t(&format!("handling.columns.{c}"))).collect();
    Ok((format!("louyi-{}", asked.period.name()), head, cases.iter().map(|c| record(c, &asked, &calendar, me.lang)).collect()))
}

#[get("/desk/figures/cases.csv?<query..>")]
async fn csv(me: Holds<'_, Triage>, query: Query) -> Result<Answer> {
    let (name, head, rows) = table(&me, &query).await?;
    Ok(Answer::bytes(sheet::csv_type(), sheet::csv(&head, rows)?).named(&format!("{name}.csv")).header("Cache-Control", "private, no-store"))
}

#[get("/desk/figures/cases.xlsx?<query..>")]
async fn xlsx(me: Holds<'_, Triage>, query: Query) -> Result<Answer> {
    let (name, head, rows) = table(&me, &query).await?;
    let body = spawn_blocking(move || sheet::xlsx(&head, &rows)).await.map_err(|e| Error::broken(e.to_string()))??;
    Ok(Answer::bytes(sheet::xlsx_type(), body).named(&format!("{name}.xlsx")).header("Cache-Control", "private, no-store"))
}
