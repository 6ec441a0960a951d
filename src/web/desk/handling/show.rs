//! The page of figures.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::parts::{Age, CELLS, Flatter, Number, Rated, Row, Shown, group_name};
use super::period::Period;
use super::{Asked, Query, headline};
use crate::domain::buildings::Building;
use crate::domain::handling::{self, By, DESK_HOURS, Held};
use crate::domain::issues::IssueState;
use crate::domain::links::RETURNS_DAYS;
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Triage};
use crate::web::shown::charts::{Figure, flow};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Weeks of what comes and goes.
const WEEKS: u64 = 10;
#[derive(Serialize)]
struct Link {
    word: String,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct Page {
    desk: String,
    heading: String,
    whose: String,
    cell: String,
    houses: Vec<Link>,
    periods: Vec<Link>,
    b: Option<String>,
    by_kind: Link,
    by_floor: Link,
    none: bool,
    numbers: Vec<Number>,
    rates: Vec<Rated>,
    held: String,
    ages: Vec<Age>,
    long_term: Option<String>,
    desk_all: String,
    flow: Option<Figure>,
    rows: Vec<Row>,
    /// Groups of too few to say how long they take.
    few: Vec<Row>,
    compared: String,
    hours_rule: String,
    again_rule: String,
    flatters: Vec<Flatter>,
    csv: String,
    xlsx: String,
}

#[get("/desk/figures?<query..>")]
async fn show(me: Holds<'_, Triage>, query: Query) -> Result<Answer> {
    let (lang, now, calendar) = (me.lang, me.house.now(), me.house.calendar());
    let today = calendar.date_of(now);
    let db = &me.house.reading().await?;
    let asked = Asked::of(&me, db, &query).await?;
    let (from, to) = asked.period.instants(&calendar);
    let cases = handling::cases(db, &asked.scope, from, to).await?;
    let (earlier, until) = asked.period.before().instants(&calendar);
    let before = handling::cases(db, &asked.scope, earlier, until).await?;
    let held = handling::held(db, &asked.scope).await?;
    let weeks = handling::weeks(db, &calendar, &asked.scope, now, WEEKS).await?;
    let (year, next_year) = (today.format("%Y-01-01").to_string(), today.format("%Y-12-32").to_string());
    let effect = handling::effect(db, &asked.scope, &year, &next_year).await?;
    let stood = handling::stood(db, &calendar, &asked.scope, from, to, now).await?;
    let groups = handling::groups(&calendar, asked.by, &cases, &before);
    let whose = match &asked.scope.holders {
        Some(of) => {
            let names = organisations::by_ids(db, of.iter().copied()).await?;
            names.iter().map(|o| o.short(lang).to_owned()).collect::<Vec<_>>().join(&lang.t("handling.join"))
        }
        None => lang.t("handling.everybody"),
    };
    let places: Vec<&str> = asked.buildings.iter().filter(|b| asked.scope.buildings.contains(&b.id)).map(|b| b.name(lang)).collect();
    let word = asked.period.word(today, lang);
    let name = |of: &str| group_name(asked.by, of, lang);
    let clauses = headline::clauses(&cases, &before, &groups, name, &calendar, lang);
    let heading = match clauses.is_empty() {
        true => lang.say("handling.heading", &[("period", &word)]),
        false => lang.say("handling.headline.all", &[("period", &word), ("clauses", &clauses.join(&lang.t("parts.comma")))]),
    };
    let view = Shown { asked: &asked, cases: &cases, lang };
    let open: Vec<&Held> = held.iter().filter(|h| h.state != IssueState::LongTerm).collect();
    let oldest = open.first().map(|h| h.waited(now, &calendar)).unwrap_or_default();
    let span = dates::short(asked.period.to().pred_opt().unwrap_or(today).min(today), today, lang);
    let page = Page {
        desk: asked.only.as_ref().map_or_else(|| "/desk".into(), |b| format!("/desk?b={b}")),
        whose: lang.say(
            "handling.whose",
            &[
                ("whose", &whose),
                ("places", &places.join(&lang.t("handling.join"))),
                ("from", &dates::short(asked.period.from, today, lang)),
                ("to", &span),
            ],
        ),
        cell: lang.t(if cases.len() as i64 > CELLS { "handling.cell_hundredth" } else { "handling.cell_one" }),
        houses: houses(&asked, lang),
        periods: Period::choices(today).into_iter().map(|p| Link { word: p.word(today, lang), href: p.name(), here: p == asked.period }).collect(),
        b: asked.only.clone(),
        by_kind: Link { word: lang.t("handling.by_kind"), href: asked.address("", &[("by", "")]), here: asked.by == By::Kind },
        by_floor: Link { word: lang.t("handling.by_floor"), href: asked.address("", &[("by", By::Floor.as_str())]), here: asked.by == By::Floor },
        none: cases.is_empty(),
        numbers: view.numbers(effect),
        rates: view.rates(),
        held: lang.say("handling.held", &[("n", &open.len().to_string())]),
        ages: view.ages(&open, now, &calendar),
        long_term: {
            let n = held.len() - open.len();
            let long = (n > 0).then(|| lang.say("handling.long_term", &[("n", &n.to_string())]));
            let late = (oldest > 0).then(|| lang.say("handling.oldest", &[("n", &oldest.to_string())]));
            Some([late, long].into_iter().flatten().collect::<Vec<_>>().join(&lang.t("handling.next_sentence"))).filter(|s| !s.is_empty())
        },
        desk_all: asked.only.as_ref().map_or_else(|| "/desk?view=all".into(), |b| format!("/desk?view=all&b={b}")),
        flow: flow::draw(&weeks, view.flow(&weeks, held.len() as i64), today, lang),
        rows: groups.iter().filter(|g| !g.is_few()).map(|g| view.row(g)).collect(),
        few: groups.iter().filter(|g| g.is_few()).map(|g| view.row(g)).collect(),
        compared: lang.say("handling.compared", &[("period", &asked.period.before().word(today, lang))]),
        hours_rule: lang.say("handling.hours_rule", &[("from", &DESK_HOURS.start.to_string()), ("to", &DESK_HOURS.end.to_string())]),
        again_rule: lang.say("handling.again_rule", &[("n", &RETURNS_DAYS.to_string())]),
        flatters: view.flatters(stood),
        csv: asked.address("/cases.csv", &[]),
        xlsx: asked.address("/cases.xlsx", &[]),
        heading,
    };
    let frame = Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-desk pg-figures");
    me.page(frame, "desk/handling", &page)
}

fn houses(asked: &Asked, lang: Lang) -> Vec<Link> {
    if asked.buildings.len() < 2 {
        return vec![];
    }
    let everywhere = Link { word: lang.t("desk.everywhere"), href: asked.address("", &[("b", "")]), here: asked.only.is_none() };
    let one =
        |b: &Building| Link { word: b.name(lang).to_owned(), href: asked.address("", &[("b", &b.slug)]), here: asked.only.as_ref() == Some(&b.slug) };
    std::iter::once(everywhere).chain(asked.buildings.iter().map(one)).collect()
}
