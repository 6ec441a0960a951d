//! What everybody reads: the plans of a building, and one of them with its rounds.

use chrono::{DateTime, Utc};
use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{address, day, place, rhythm, root, state};
use crate::domain::buildings::{self, Building};
use crate::domain::journal::{Entry, Planned};
use crate::domain::maintenance::{self, END_MAX, LIFT_DAYS, Placed, Plan, Round, Standing};
use crate::domain::organisations::{self, Organisation};
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::journal;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::shown::states::State;

pub(super) fn routes() -> Vec<Route> {
    routes![index, show]
}

/// Rounds of each plan that the list looks back at.
const LAST: i64 = 12;
/// Rounds on the page of a plan.
const ROUNDS: i64 = 60;

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    small: String,
    /// What is late or was missed.
    states: Vec<State>,
    last: Option<String>,
    next: Option<String>,
    ended: Option<String>,
}

#[derive(Serialize)]
struct Index {
    root: String,
    home: String,
    house: String,
    running: Vec<Row>,
    ended: Vec<Row>,
    /// The caller may make one.
    keeps: bool,
}

/// Whether the caller makes and ends plans here.
async fn keeps(db: &impl ConnectionTrait, who: &Caller, building: &Building) -> Result<bool> {
    let Some(signed) = &who.signed else { return Ok(false) };
    for m in signed.memberships.iter().filter(|m| m.role.may(Right::Maintain) && m.covers(building)) {
        match maintenance::ask_keeper(db, building, &m.actor()).await {
            Ok(()) => return Ok(true),
            Err(Error::Refused(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(false)
}

fn counted(rounds: &[&Round], standing: Standing) -> usize {
    rounds.iter().filter(|r| r.standing == standing).count()
}

fn row(who: &Caller, building: &Building, placed: &Placed, by: &str, rounds: &[&Round]) -> Row {
    let (plan, lang, now) = (&placed.plan, who.lang, who.house.now());
    let mut states = vec![];
    let mut mark = |mark, n: usize, key: &str| {
        if n > 0 {
            states.push(State { mark, word: lang.say(&format!("maintenance.{key}"), &[("n", &n.to_string())]).into(), class: "bad" });
        }
    };
    mark("late", counted(rounds, Standing::Late), "late");
    mark("bad", counted(rounds, Standing::Missed), "missed");
    let last = rounds.iter().filter(|r| r.standing.is_done()).filter_map(|r| r.done).map(|d| d.at).max();
    let ended =
        plan.ended_at.map(|at| lang.say("maintenance.ended_on", &[("day", &dates::short(dates::local(at).date(), dates::local(now).date(), lang))]));
    Row {
        href: address(building, plan.number),
        title: plan.title.clone(),
        small: [place(placed, lang), rhythm(plan.rhythm, plan.every, lang), by.to_owned()].join(&lang.t("maintenance.join")),
        states,
        last: last.map(|at| day(dates::local(at).date(), now, lang)),
        next: plan.next().map(|d| day(d, now, lang)),
        ended,
    }
}

fn name(all: &[Organisation], placed: &Placed, lang: Lang) -> String {
    all.iter().find(|o| o.id == placed.plan.organisation_id).map_or_else(String::new, |o| o.short(lang).to_owned())
}

#[get("/<building>/plans")]
async fn index(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let lang = who.lang;
    let building = buildings::by_slug(db, building).await?;
    let plans = maintenance::of_building(db, building.id).await?;
    let ids: Vec<_> = plans.iter().map(|p| p.plan.id).collect();
    let rounds = maintenance::rounds(db, &ids, who.house.now(), LAST).await?;
    let does = organisations::by_ids(db, plans.iter().map(|p| p.plan.organisation_id)).await?;
    let (mut running, mut ended) = (vec![], vec![]);
    for p in &plans {
        let own: Vec<&Round> = rounds.iter().filter(|r| r.plan == p.plan.id).collect();
        let row = row(&who, &building, p, &name(&does, p, lang), &own);
        if p.plan.ended_at.is_some() { ended.push(row) } else { running.push(row) }
    }
    let page = Index {
        home: format!("/b/{}", building.slug),
        root: root(&building),
        house: building.name(lang).to_owned(),
        running,
        ended,
        keeps: keeps(db, &who, &building).await?,
    };
    let frame = Frame::titled(lang.t("maintenance.heading")).of(&who, &building).class("pg-list");
    who.page(frame, "maintenance/index", &page)
}

#[derive(Serialize)]
struct Fact {
    term: String,
    value: String,
    href: Option<String>,
    small: Option<String>,
}

#[derive(Serialize)]
struct ShownRound {
    day: String,
    state: State,
    small: Option<String>,
    label: Option<String>,
    href: Option<String>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    own: String,
    title: String,
    states: Vec<State>,
    facts: Vec<Fact>,
    words: String,
    /// For those who do it, and those who keep the plan.
    steps: Vec<String>,
    safety: Option<String>,
    rounds: Vec<ShownRound>,
    /// How it was planned and changed, the latest first.
    story: Vec<Line>,
    /// There are more than stand here.
    most: Option<i64>,
    ended: Option<String>,
    /// The caller changes and ends it.
    keeps: bool,
    why_max: usize,
    version: i32,
    form: FormState,
}

#[derive(Serialize)]
struct Line {
    when: String,
    words: String,
}

/// How it was planned, changed and ended, from the journal. Rounds that were missed stand among the rounds.
async fn story(db: &impl ConnectionTrait, plan: &Plan, now: DateTime<Utc>, lang: Lang) -> Result<Vec<Line>> {
    let mut story = vec![];
    for line in journal::of_object(db, plan.id).await? {
        let said = |key: &str, p: &Planned| {
            let first = dates::parse(&p.first).map_or_else(|| p.first.clone(), |d| day(d, now, lang));
            lang.say(&format!("maintenance.story.{key}"), &[("rhythm", &rhythm(p.rhythm, p.every, lang)), ("first", &first)])
        };
        let words = match line.entry::<Entry>()? {
            Entry::MaintenancePlanned(p) => said("planned", &p),
            Entry::MaintenanceChanged(p) => said("changed", &p),
            Entry::MaintenanceEnded { .. } => lang.t("maintenance.story.ended"),
            _ => continue,
        };
        story.push(Line { when: dates::moment(line.at, now, lang), words });
    }
    story.reverse();
    Ok(story)
}

/// Whether the caller reads what is for those who do it.
fn does(who: &Caller, building: &Building, placed: &Placed) -> bool {
    let does = |s: &crate::web::caller::Signed| {
        s.memberships.iter().any(|m| m.organisation_id == placed.plan.organisation_id && m.role.may(Right::Work) && m.covers(building))
    };
    who.signed.as_ref().is_some_and(does)
}

fn shown(who: &Caller, building: &Building, r: &Round) -> ShownRound {
    let (lang, now) = (who.lang, who.house.now());
    let local = |at| day(dates::local(at).date(), now, lang);
    let due = |at: chrono::DateTime<chrono::Utc>| day(dates::local(at - chrono::Duration::minutes(1)).date(), now, lang);
    let small = match (r.standing, r.done, r.due) {
        (s, Some(d), _) if s.is_done() => {
            Some(lang.say(if d.verified { "maintenance.done_verified" } else { "maintenance.done_on" }, &[("day", &local(d.at))]))
        }
        (Standing::Late | Standing::UnderWay, _, Some(at)) => Some(lang.say("maintenance.due_on", &[("day", &due(at))])),
        (Standing::Missed, _, _) => Some(lang.t(if r.number.is_some() { "maintenance.given_up" } else { "maintenance.never_made" })),
        _ => None,
    };
    ShownRound {
        day: day(r.day, now, lang),
        state: state(r.standing, lang),
        small,
        label: r.number.map(|n| building.label(n)),
        href: r.number.map(|n| format!("/b/{}/issues/{n}", building.slug)),
    }
}

/// The page, also after an act on it was refused.
pub(super) async fn page(who: &Caller, building: &Building, number: i32, form: FormState) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let placed = maintenance::by_number(db, building.id, number).await?;
    let plan = &placed.plan;
    let rounds = maintenance::rounds_of(db, plan, now, ROUNDS + 1).await?;
    let by = organisations::by_id(db, plan.organisation_id).await?.name(lang).to_owned();
    let keeps = keeps(db, who, building).await?;
    let inside = keeps || does(who, building, &placed);
    let recent: Vec<&Round> = rounds.iter().take(LAST as usize).collect();
    let row = row(who, building, &placed, &by, &recent);
    let mut facts = vec![];
    let mut fact = |key: &str, value: String, small: Option<String>| {
        facts.push(Fact { term: lang.t(&format!("maintenance.facts.{key}")), value, href: None, small });
    };
    fact("place", place(&placed, lang), None);
    fact("kind", plan.category_name(lang), None);
    let law = plan.of_lifts().then(|| lang.say("maintenance.lift_law", &[("n", &LIFT_DAYS.to_string())]));
    fact("rhythm", rhythm(plan.rhythm, plan.every, lang), law);
    let within = match plan.within_days {
        0 => lang.t("maintenance.same_day"),
        n => lang.say("maintenance.within", &[("n", &n.to_string())]),
    };
    fact("within", within, None);
    fact("by", by, None);
    if let Some(last) = row.last {
        fact("last", last, None);
    }
    if let Some(next) = row.next {
        fact("next", next, None);
    }
    let ended = row.ended.map(|on| format!("{on}{}", plan.ended_why.as_deref().unwrap_or_default()));
    let page = Page {
        home: format!("/b/{}", building.slug),
        root: root(building),
        own: address(building, number),
        house: building.name(lang).to_owned(),
        title: plan.title.clone(),
        states: row.states,
        facts,
        words: plan.words.clone(),
        steps: if inside { plan.step_lines().into_iter().map(str::to_owned).collect() } else { vec![] },
        safety: Some(plan.safety.clone()).filter(|s| inside && !s.is_empty()),
        most: (rounds.len() as i64 > ROUNDS).then_some(ROUNDS),
        rounds: rounds.iter().take(ROUNDS as usize).map(|r| shown(who, building, r)).collect(),
        story: story(db, plan, now, lang).await?,
        ended,
        keeps: keeps && plan.ended_at.is_none(),
        why_max: END_MAX,
        version: plan.version,
        form,
    };
    let frame = Frame::titled(page.title.clone()).of(who, building).class("pg-list");
    who.page(frame, "maintenance/show", &page)
}

#[get("/<building>/plans/<number>", rank = 2)]
async fn show(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    page(&who, &building, number, FormState::fresh(&who)).await
}
