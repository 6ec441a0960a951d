//! `…/work`: one matter at work. The next act first, then three voices, what was reported, the tasks, the clock, who is
//! responsible, who reported, the story.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::lead::Lead;
use super::meanwhile::Meanwhile;
use super::next::{Lamp, Way};
use super::reports::{Photo, Reported, Shown, reported};
use super::room::Room;
use super::suggested::{self, Suggested};
use super::voices::{self, Column};
use crate::domain::attachments;
use crate::domain::hand_overs;
use crate::domain::issues::{Deed, Origin, Standing};
use crate::domain::messages::mentions;
use crate::domain::messages::{self, Voice};
use crate::domain::persons::{self, Membership};
use crate::domain::reports::choices;
use crate::domain::rights::{Right, Role};
use crate::domain::tasks;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Desk, May};
use crate::web::shown::clock::Clock;
use crate::web::shown::hands::Hands;
use crate::web::shown::linked;
use crate::web::shown::pressed::{self, Pressing};
use crate::web::shown::proven::{self, Proven};
use crate::web::shown::story::Story;
use crate::web::tasks::Brief;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    form: FormState,
    /// The voice whose form was refused: its fields' ids begin with it.
    at: Option<&'static str>,
    version: i32,
    line: i64,
    meanwhile: Option<Meanwhile>,
    next: Lamp,
    suggested: Vec<Suggested>,
    ways: Vec<Way>,
    refused: Vec<Way>,
    voices: Vec<Column>,
    message: String,
    drafts: String,
    /// Somebody has called the reader here.
    called: Option<Called>,
    onlooker: Option<String>,
    /// Pictures of what was found at work, for the parties.
    found: Vec<Photo>,
    reports: Vec<Shown>,
    more_reports: Option<String>,
    words: bool,
    party: bool,
    tasks: Vec<Brief>,
    tasks_count: String,
    dispatch: Option<String>,
    clock: Option<Clock>,
    clock_words: String,
    pressing: Option<Pressing>,
    count: Option<String>,
    links: Vec<linked::Shown>,
    /// Where a link is said, and taken back; for those who may.
    link: Option<String>,
    unlink: Option<String>,
    hands: Hands,
    report: Option<String>,
    /// Who of the organisation responsible has it in hand, for their colleagues.
    person: Option<String>,
    assign: Option<String>,
    who: Vec<String>,
    proven: Option<Proven>,
    story: Story,
    release: Option<String>,
}

/// What calls the reader and is not read yet.
#[derive(Serialize)]
struct Called {
    words: String,
    href: String,
    reading: String,
}

/// Reports that the page shows; the others are one page away.
const REPORTS: usize = 5;

/// The page, also after a form on it was refused.
pub async fn page(room: &Room<'_>, form: FormState, open: Option<Voice>) -> Result<Answer> {
    let Reported { shown, readable, order } = reported(room, REPORTS).await?;
    let spoken = form.id.as_deref().and_then(|f| f.strip_prefix("say-")).and_then(|v| v.parse::<Voice>().ok()).or(open);
    let meanwhile = if form.conflict { Some(Meanwhile::of(room, &form, &[("work.meanwhile.words", "words")]).await?) } else { None };
    let (ways, refused) = room.ways().into_iter().partition(|w| w.refused.is_none());
    let tasks = crate::web::tasks::briefs(room).await?;
    let done = room.m.tasks.iter().filter(|t| !t.state.is_open()).count();
    let (clock, clock_words) = room.own_clock();
    let calls = match &room.caller.signed {
        Some(s) => mentions::waiting(room.caller.house.read(), s.person.id, Some(room.m.issue.id)).await?,
        None => vec![],
    };
    let lang = room.caller.lang;
    let may_link = room.refusal(Deed::Link).is_none();
    let page = Page {
        at: form.id.as_deref().filter(|f| f.starts_with("say-")).and(spoken).map(Voice::as_str),
        lead: room.lead(None),
        version: room.seen.version,
        line: room.seen.line,
        meanwhile,
        next: room.lamp(),
        suggested: suggested::of(room).await?,
        ways,
        refused,
        voices: voices::columns(room, &order, &calls, &form, spoken).await?,
        message: format!("{}/messages", room.root()),
        drafts: format!("{}/drafts", room.root()),
        called: calls.first().map(|first| called(room, first, calls.len())),
        onlooker: (!room.sight.standing.is_party()).then(|| onlooker(room)),
        more_reports: (room.sight.words && readable > shown.len()).then(|| format!("{}/work/reports", room.root())),
        found: found(room).await?,
        reports: if room.sight.words { shown } else { vec![] },
        words: room.sight.words,
        party: room.sight.standing.is_party(),
        tasks_count: format!("{done}/{}", room.m.tasks.len()),
        tasks,
        dispatch: room.sight.speaks(Voice::Reporters).then(|| format!("{}/tasks", room.root())),
        clock,
        clock_words,
        pressing: pressed::pressing(room).await?,
        count: room.m.issue.result_due.map(|_| format!("{}/clock", room.root())),
        links: linked::of(&room.m.links, room.building, room.sight.words, lang),
        link: may_link.then(|| format!("{}/links", room.root())),
        unlink: may_link.then(|| format!("{}/links/end", room.root())),
        hands: room.hands(),
        report: report(room),
        person: person(room).await?,
        assign: assigns(room),
        who: if room.sight.standing.is_party() { who(room).await? } else { vec![] },
        proven: proven::of(room.caller, room.caller.house.read(), &room.m.issue).await?,
        story: room.story(),
        release: releases(room).then(|| format!("{}/release", room.root())),
        form,
    };
    room.caller.page(room.frame(&page.lead.title), "work/show", &page)
}

async fn found(room: &Room<'_>) -> Result<Vec<Photo>> {
    let issue = &room.m.issue;
    if issue.origin != Origin::Found || !room.sight.standing.is_party() {
        return Ok(vec![]);
    }
    let all = attachments::of_issue(room.caller.house.read(), issue.id).await?;
    let alt = room.caller.lang.t("work.found_photo");
    Ok(tasks::finding_pictures(issue, &all).into_iter().map(|a| Photo::of(a, alt.clone())).collect())
}

fn called(room: &Room<'_>, first: &mentions::Call, n: usize) -> Called {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let at = dates::moment(first.called_at, now, lang);
    Called {
        words: lang.say("work.mentions.called", &[("n", &n.to_string()), ("at", &at)]),
        href: format!("#m-{}", messages::handle_of(room.caller.house.keys(), first.message_id)),
        reading: format!("{}/mentions/reading", room.root()),
    }
}

fn releases(room: &Room<'_>) -> bool {
    room.memberships.iter().any(|m| m.covers(room.building) && m.role.may(Right::Release))
}

fn onlooker(room: &Room<'_>) -> String {
    let lang = room.caller.lang;
    let council = room.memberships.iter().any(|m| m.covers(room.building) && matches!(m.role, Role::Member | Role::Convenor | Role::Editor));
    let key = if council { "work.onlooker_council" } else { "work.onlooker" };
    lang.say(key, &[("by", &room.m.name(room.m.issue.holder_id, lang))])
}

/// Where a report that the caller's organisation owes is given.
fn report(room: &Room<'_>) -> Option<String> {
    let holds = room.sight.standing <= Standing::Holder;
    (holds && hand_overs::owed(&room.handed, &room.m.issue).is_some()).then(|| format!("{}/transfer/report", room.root()))
}

/// Who has it in hand: their own organisation knows, nobody else needs to.
async fn person(room: &Room<'_>) -> Result<Option<String>> {
    let colleague = room.memberships.iter().any(|m| Some(m.organisation_id) == room.m.issue.holder_id);
    let Some(id) = room.m.issue.person_id.filter(|_| colleague) else { return Ok(None) };
    let person = persons::by_id(room.caller.house.read(), id).await?;
    Ok(Some(room.caller.lang.say("work.hand.person", &[("name", person.name(room.caller.lang))])))
}

/// Where it is put into somebody's hands, for those who may.
fn assigns(room: &Room<'_>) -> Option<String> {
    let issue = &room.m.issue;
    let speaks = |m: &&Membership| m.covers(room.building) && m.role.may(Right::Triage) && Some(m.organisation_id) == issue.holder_id;
    let mine = issue.state.is_open() && room.memberships.iter().any(|m| speaks(&m));
    mine.then(|| format!("/desk/batches/new?verb=assign&pick={}&back={}/work", room.building.label(issue.number), room.root()))
}

/// How many reported, and whom they let know; never who.
async fn who(room: &Room<'_>) -> Result<Vec<String>> {
    let lang = room.caller.lang;
    let c = choices(room.caller.house.read(), room.m.issue.id).await?;
    let line = |key: &str, n: u64| (n > 0).then(|| lang.say(&format!("work.who.{key}"), &[("n", &n.to_string())]));
    Ok([line("nobody", c.nobody), line("secretary", c.secretary), line("manager", c.secretary_and_manager)].into_iter().flatten().collect())
}

#[get("/<_>/issues/<number>/work?<voice>")]
async fn show(who: May<'_, Desk>, number: i32, voice: Option<&str>) -> Result<Answer> {
    let open = voice.and_then(|v| v.parse().ok());
    page(&Room::open(&who, number).await?, FormState::fresh(&who), open).await
}
