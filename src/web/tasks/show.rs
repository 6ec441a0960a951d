//! `…/tasks/{k}`: one task, its clock day by day, its evidence, and what comes next.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::extension::{self, Asked};
use super::finding;
use super::particulars::{self, Particulars};
use super::progress;
use super::room::{At, words};
use super::visits;
use crate::domain::attachments::{self, Phase};
use crate::domain::issues::Standing;
use crate::domain::tasks::{TaskDeed, TaskState, granted, granted_days, waiting};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Desk, May};
use crate::web::issues::work::{Lamp, Lead, Photo, Room};
use crate::web::shown::clock::{self, Clock, Count};
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// A way to a deed: a link to its page, or a button that does it.
#[derive(Serialize)]
struct Way {
    words: String,
    href: String,
    at_once: bool,
    danger: bool,
    refused: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    term: String,
    value: String,
    href: Option<String>,
    small: Option<String>,
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    form: FormState,
    version: i32,
    line: i64,
    task: i32,
    number: i32,
    words: String,
    by: String,
    state: State,
    open: bool,
    heading: String,
    next: Option<Way>,
    /// Nothing more to do with the task: what comes next in the whole matter.
    onward: Option<Lamp>,
    ways: Vec<Way>,
    refused: Vec<Way>,
    clock: Clock,
    standing: Option<String>,
    count: Option<Count>,
    /// What was granted, in the order of granting: under the count.
    moved: Vec<String>,
    extensions: Vec<Asked>,
    facts: Vec<Fact>,
    evidence: Option<String>,
    photos: Vec<Photo>,
    particulars: Option<Particulars>,
    /// How far it had come, as it was said.
    progress: Option<progress::Said>,
    visits: Vec<visits::Shown>,
    /// Where a tenant is asked for a time.
    visit: Option<String>,
    /// Where whoever has it says what else was found.
    find: Option<String>,
}

fn path(deed: TaskDeed) -> (&'static str, bool) {
    match deed {
        TaskDeed::Acknowledge => ("acknowledgement", true),
        TaskDeed::Start => ("start", true),
        TaskDeed::Finish => ("completion", false),
        TaskDeed::StopClock => ("clock-stop", false),
        TaskDeed::RunClock => ("clock-run", true),
        TaskDeed::Extend => ("extension", false),
        TaskDeed::DecideExtension => ("extension/ruling", false),
        TaskDeed::GiveBack => ("return", false),
        TaskDeed::Verify => ("verification", true),
        TaskDeed::SendBack => ("send-back", false),
        TaskDeed::Cancel => ("cancellation", false),
    }
}

/// The one next deed of whoever looks.
fn next(at: &At<'_, '_>) -> Option<TaskDeed> {
    // What one gave oneself needs no taking on.
    let own = at.room.sight.standing == Standing::Holder && Some(at.task.organisation_id) == at.room.m.issue.holder_id;
    let wanted: &[TaskDeed] = match at.task.state {
        TaskState::Dispatched | TaskState::Acknowledged if own => &[TaskDeed::Finish],
        TaskState::Dispatched => &[TaskDeed::Acknowledge],
        TaskState::Acknowledged => &[TaskDeed::Start],
        TaskState::InWork => &[TaskDeed::Finish],
        TaskState::Done => &[TaskDeed::Verify],
        TaskState::Returned => &[TaskDeed::Cancel],
        TaskState::Verified | TaskState::Cancelled => &[],
    };
    // Whoever can grant more time is asked before anything else.
    [TaskDeed::DecideExtension].iter().chain(wanted).copied().find(|d| at.refused(*d).is_none())
}

fn way(at: &At<'_, '_>, deed: TaskDeed) -> Way {
    let (path, at_once) = path(deed);
    Way {
        words: at.room.caller.lang.t(&format!("tasks.deeds.{}", deed.as_str())),
        href: format!("{}/{}", at.room.root(), at.path(path)),
        at_once,
        danger: deed == TaskDeed::Cancel,
        refused: at.refusal(deed),
    }
}

/// Its days one by one: as it was given, and what was granted on top.
fn count(at: &At<'_, '_>) -> Option<Count> {
    let (room, lang) = (at.room, at.room.caller.lang);
    let given = at.task.due_days?.unsigned_abs();
    let more = granted_days(&at.extensions);
    if given + more == 0 {
        return None;
    }
    let mut count = clock::explain(at.task.dispatched_at, given + more, &at.stood(), room.caller.house.now(), &room.calendar(), lang);
    if let Some(first) = count.days.first_mut() {
        first.why = lang.t("tasks.first_day");
    }
    let last = lang.say("story.clock.day", &[("k", &given.to_string())]);
    if let Some(day) = count.days.iter_mut().find(|d| more > 0 && d.number == last) {
        day.why = lang.t("tasks.first_end");
    }
    Some(count)
}

/// The page, also after an act on it was refused.
pub async fn page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let at = At::of(room, k).await?;
    let task = at.task;
    let next = next(&at);
    let shown = |d: &&TaskDeed| {
        Some(**d) != next
            && (**d != TaskDeed::DecideExtension || waiting(&at.extensions).is_some())
            && (**d != TaskDeed::RunClock || at.stands().is_some())
            && (**d != TaskDeed::StopClock || at.stands().is_none())
    };
    let (ways, refused): (Vec<Way>, Vec<Way>) = TaskDeed::ALL.iter().filter(shown).map(|d| way(&at, *d)).partition(|w| w.refused.is_none());
    let by = room.m.name(Some(task.organisation_id), lang);
    let moment = |at| dates::moment(at, now, lang);
    let mut facts = vec![];
    let mut fact = |key: &str, value: Option<String>, href: Option<String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            facts.push(Fact { term: lang.t(&format!("tasks.facts.{key}")), value, href, small: None });
        }
    };
    let inside = room.sight.standing != Standing::Onlooker;
    fact("measure", Some(task.measure.clone()).filter(|_| inside), None);
    fact("dispatched", Some(moment(task.dispatched_at)), None);
    fact("acknowledged", task.acknowledged_at.map(moment), None);
    fact("started", task.started_at.map(moment), None);
    fact("done", task.done_at.map(moment), None);
    fact("verified", task.verified_at.map(moment), None);
    if let Some(r) = room.m.resolutions.iter().find(|r| Some(r.id) == task.resolution_id) {
        fact("resolution", Some(r.title.clone()), Some(format!("{}/resolutions/{}", room.m.root_of(r.council_id, room.building), r.address())));
    }
    let evidence = task.evidence.clone().filter(|_| inside);
    let pictures = attachments::of_issue(room.caller.house.read(), room.m.issue.id).await?;
    let photos = pictures
        .iter()
        .filter(|a| inside && a.task_id == Some(task.id) && a.phase.is_none_or(|p| p == Phase::After))
        .map(|a| Photo::of(a, lang.t("tasks.photo")))
        .collect();
    let standing = at.stands().filter(|_| inside).map(|s| {
        let until = dates::due(s.until_at_most, now, &room.calendar(), lang).by;
        let reason = lang.t(&format!("tasks.stops.{}", s.reason.as_str()));
        lang.say("tasks.standing", &[("reason", &reason), ("words", &s.words), ("by", &until)])
    });
    let count = count(&at);
    let day = |end| dates::day(clock::last_day(end, &room.calendar()), dates::local(now).date(), lang);
    let moved = granted(&at.extensions).filter_map(|e| {
        let with = [("from", day(e.due_before)), ("n", e.days.to_string()), ("to", day(e.due_after?))];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        Some(lang.say("tasks.moved", &with))
    });
    let moved = moved.collect();
    let key = next.map_or_else(|| format!("tasks.heading.{}", task.state.as_str()), |d| format!("tasks.next.{}", d.as_str()));
    let heading = lang.say(&key, &[("by", &by)]);
    let crumb = lang.say("tasks.crumb", &[("k", &task.number.to_string())]);
    let page = Page {
        lead: room.lead(Some(crumb)),
        version: room.seen.version,
        line: room.seen.line,
        task: task.version,
        number: task.number,
        words: words(room, task),
        state: states::task(task.state, at.stands().is_some(), lang),
        open: task.state.is_open(),
        onward: (next.is_none() && !task.state.is_open() && room.sight.standing.is_party()).then(|| room.lamp()),
        next: next.map(|d| way(&at, d)),
        ways,
        refused,
        clock: at.clock(),
        standing,
        count,
        moved,
        extensions: extension::asked(&at),
        facts,
        evidence,
        photos,
        particulars: particulars::of(&at, &form, &pictures).await?,
        progress: progress::of(&at, &pictures).await?,
        visits: visits::of(&at).await?,
        find: finding::refused(&at).is_none().then(|| format!("{}/{}", room.root(), at.path("finding"))),
        visit: (room.sight.standing.is_party() && task.state.is_open()).then(|| format!("{}/{}", room.root(), at.path("visit"))),
        heading,
        by,
        form,
    };
    room.caller.page(room.frame(&page.heading), "tasks/show", &page)
}

#[get("/<_>/issues/<number>/tasks/<k>")]
async fn show(who: May<'_, Desk>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}
