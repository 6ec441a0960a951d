//! `/desk/round`: one's tasks floor by floor, each with what it needs and its next step, on one page that still opens where
//! there is no network. What is done there without one waits on the device and is sent afterwards; who was overtaken is told.

use rocket::{Route, get, routes};
use serde::Serialize;

use crate::domain::buildings;
use crate::domain::issues::{self, Issue};
use crate::domain::rights::Right;
use crate::domain::tasks::{self, Step, Task, TaskState};
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;
use crate::kernel::journal;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Work};
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Stop {
    label: String,
    href: String,
    words: String,
    measure: String,
    safety: String,
    /// What is still to be ticked.
    steps: Vec<Tick>,
    state: State,
    due: String,
    late: bool,
    /// It is in the reader's own hands.
    mine: bool,
    /// What can be done with it from here: taken on, begun, said to be done.
    acknowledge: bool,
    begin: bool,
    /// Where steps are open, once these are ticked.
    finish: bool,
    version: i32,
    line: i64,
    task: i32,
}

/// A step that is open, and where it is ticked off.
#[derive(Serialize)]
struct Tick {
    words: String,
    /// None while nobody has taken the task on.
    href: Option<String>,
}

#[derive(Serialize)]
struct Floor {
    name: String,
    stops: Vec<Stop>,
}

#[derive(Serialize)]
struct Page {
    floors: Vec<Floor>,
    n: usize,
    at: String,
    /// Whose round it is: what waits on a phone is sent by whoever did it, never by whoever signs in next.
    whose: String,
    form: FormState,
}

#[get("/desk/round")]
async fn show(who: Holds<'_, Work>) -> Result<Answer> {
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let works = || who.signed.memberships.iter().filter(|m| m.role.may(Right::Work));
    let mut organisations: Vec<OrganisationId> = works().map(|m| m.organisation_id).collect();
    organisations.sort();
    organisations.dedup();
    let open = tasks::open_of(db, organisations).await?;
    let matters = issues::by_ids(db, open.iter().map(|t| t.issue_id).collect()).await?;
    let places = buildings::places_by_ids(db, matters.iter().map(|i| i.place_id).collect()).await?;
    let houses = buildings::all(db, None).await?;
    let steps = tasks::steps_of(db, open.iter().map(|t| t.id).collect()).await?;
    let lines = journal::last_of_issues(db, matters.iter().map(|i| i.id).collect()).await?;
    let calendar = who.house.calendar();
    let own = Some(who.signed.person.id);
    let stop = |t: &Task, i: &Issue| {
        let house = houses.iter().find(|b| b.id == i.building_id)?;
        if !works().any(|m| m.organisation_id == t.organisation_id && m.covers(house)) {
            return None;
        }
        let due = dates::due(t.due_at, now, &calendar, lang);
        let open = |s: &&Step| s.task_id == t.id && s.done_at.is_none();
        let href = format!("/b/{}/issues/{}/tasks/{}", house.slug, i.number, t.number);
        let taken_on = matches!(t.state, TaskState::Acknowledged | TaskState::InWork);
        let tick = |s: &Step| Tick { words: s.words.clone(), href: taken_on.then(|| format!("{href}/steps/{}/tick", s.position)) };
        Some(Stop {
            steps: steps.iter().filter(open).map(tick).collect(),
            label: house.label(i.number),
            words: t.words.clone(),
            measure: t.measure.clone(),
            safety: t.safety.clone(),
            state: states::task(t.state, false, lang),
            late: due.late,
            due: due.words,
            mine: t.person_id == own,
            acknowledge: t.state == TaskState::Dispatched,
            begin: t.state == TaskState::Acknowledged,
            finish: t.state == TaskState::InWork,
            href,
            version: i.version,
            line: lines.get(&i.id).copied().unwrap_or_default(),
            task: t.version,
        })
    };
    // From the top, as one walks, what belongs to no tower last; within a floor what is due first.
    let mut all: Vec<(&Task, &Issue)> = open.iter().filter_map(|t| Some((t, matters.iter().find(|i| i.id == t.issue_id)?))).collect();
    let place_of = |i: &Issue| places.iter().find(|p| p.id == i.place_id);
    all.sort_by_key(|(t, i)| {
        let place = place_of(i);
        (
            i.building_id,
            place.is_none_or(|p| p.tower.is_none()),
            place.and_then(|p| p.tower.clone()),
            std::cmp::Reverse(place.and_then(|p| p.floor_order)),
            i.place_id,
            t.due_at,
        )
    });
    let mut floors: Vec<Floor> = vec![];
    for (task, issue) in all {
        let Some(stop) = stop(task, issue) else { continue };
        let house = houses.iter().find(|b| b.id == issue.building_id).map(|b| b.name(lang)).unwrap_or_default();
        let name = lang.say("receipts.place", &[("building", house), ("place", &place_of(issue).map(|p| p.full(lang)).unwrap_or_default())]);
        match floors.last_mut().filter(|f| f.name == name) {
            Some(floor) => floor.stops.push(stop),
            None => floors.push(Floor { name, stops: vec![stop] }),
        }
    }
    let n = floors.iter().map(|f| f.stops.len()).sum();
    let whose = hex::encode(&who.house.keys().derive("round", &[who.signed.person.id.0.as_bytes()])[..8]);
    let page = Page { floors, n, at: dates::moment(now, now, lang), whose, form: FormState::fresh(&who) };
    who.page(Frame::titled(lang.t("round.title")).here("desk").at_work().class("pg-rounds"), "desk/round", &page)
}
