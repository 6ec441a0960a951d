//! A task within the room of its matter: what the matter's page says of it in brief, and how an act on it begins.

use serde::Serialize;

use crate::domain::issues::{self, Issue, Standing};
use crate::domain::tasks::{self, Extension, Task, TaskAround, TaskDeed, stop};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::dates::{self, Due};
use crate::web::form;
use crate::web::guards::{May, Needs};
use crate::web::issues::work::{Room, hold};
use crate::web::sent::Sent;
use crate::web::shown::clock::{self, Clock};
use crate::web::shown::states::{self, State};

/// A task in a list of its matter. In templates: `{{> tasks/brief this}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    number: i32,
    href: String,
    by: String,
    /// One's own.
    mine: bool,
    words: String,
    state: State,
    due: Due,
    open: bool,
    standing: Option<String>,
    /// From a signed undertaking.
    undertaken: bool,
    /// More time is asked for, or was granted.
    extension: Option<String>,
}

/// The tasks of a matter, by number.
pub async fn briefs(room: &Room<'_>) -> Result<Vec<Brief>> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let standing = tasks::standing_clocks(room.caller.house.read(), room.m.tasks.iter().map(|t| t.id).collect()).await?;
    let brief = |t: &Task| {
        let stop = standing.iter().find(|s| s.task_id == t.id && s.until_at_most > now);
        Brief {
            number: t.number,
            href: format!("{}/tasks/{}", room.root(), t.number),
            by: room.m.name(Some(t.organisation_id), lang),
            mine: room.organisation() == Some(t.organisation_id),
            words: words(room, t),
            state: states::task(t.state, stop.is_some(), lang),
            due: dates::due(t.due_at, now, &room.calendar(), lang),
            open: t.state.is_open(),
            standing: stop.map(|s| lang.t(&format!("tasks.stops.{}", s.reason.as_str()))),
            undertaken: t.undertaking_id.is_some(),
            extension: extended(&of_task(room, t)).map(|key| lang.t(key)),
        }
    };
    Ok(room.m.tasks.iter().map(brief).collect())
}

fn of_task(room: &Room<'_>, task: &Task) -> Vec<Extension> {
    room.m.extensions.iter().filter(|e| e.task_id == task.id).cloned().collect()
}

/// What a list says of a task's extensions.
fn extended(all: &[Extension]) -> Option<&'static str> {
    match (tasks::waiting(all), tasks::granted(all).count()) {
        (Some(_), _) => Some("tasks.extension_waits"),
        (None, 0) => None,
        (None, 1) => Some("tasks.extended_once"),
        (None, _) => Some("tasks.extended_twice"),
    }
}

/// What the task is; how it is carried out concerns those who work on it and the council.
pub fn words(room: &Room<'_>, task: &Task) -> String {
    if room.sight.standing == Standing::Onlooker { room.caller.lang.t("tasks.closed") } else { task.words.clone() }
}

/// A task, with the stops of its clock.
pub struct At<'s, 'r> {
    pub room: &'s Room<'r>,
    pub task: &'s Task,
    pub stops: Vec<stop::Model>,
    /// In the order of asking.
    pub extensions: Vec<Extension>,
}

impl<'s, 'r> At<'s, 'r> {
    /// By its number in the room's matter.
    pub async fn of(room: &'s Room<'r>, number: i32) -> Result<Self> {
        let task = room.m.tasks.iter().find(|t| t.number == number).ok_or(Error::NotFound)?;
        let stops = tasks::stops(room.caller.house.read(), task.id).await?;
        Ok(Self { room, task, stops, extensions: of_task(room, task) })
    }

    /// Whether its clock stands now.
    pub fn stands(&self) -> Option<&stop::Model> {
        self.stops.iter().find(|s| s.ended_at.is_none())
    }

    /// The times in which it stood.
    pub fn stood(&self) -> Vec<clock::Stop> {
        self.stops.iter().map(|s| (s.since, s.ended_at.unwrap_or(s.until_at_most))).collect()
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        let room = self.room;
        clock::of(self.task.dispatched_at, self.task.due_at, &self.stood(), room.caller.house.now(), &room.calendar(), room.caller.lang)
    }

    /// Why something cannot be done with it now.
    pub fn refused(&self, deed: TaskDeed) -> Option<Refusal> {
        let room = self.room;
        let roles: Vec<_> = room.memberships.iter().filter(|m| m.covers(room.building)).collect();
        let around = TaskAround {
            issue: &room.m.issue,
            tasks: &room.m.tasks,
            stands: self.stands().is_some(),
            extensions: &self.extensions,
            roles: &roles,
            calendar: &room.calendar(),
            now: room.caller.house.now(),
        };
        self.task.may_now(deed, around).err()
    }

    /// The same in words.
    pub fn refusal(&self, deed: TaskDeed) -> Option<String> {
        self.refused(deed).map(|r| form::sentence(self.room.caller.lang, &r))
    }

    /// Its address below the matter's.
    pub fn path(&self, rest: &str) -> String {
        format!("tasks/{}/{rest}", self.task.number)
    }
}

/// Begins an act on a task for an organisation; a conflict where the task has moved since the page was made.
pub async fn hold_task<R: Needs>(
    who: &May<'_, R>,
    number: i32,
    k: i32,
    sent: &Sent<'_>,
    whose: impl Fn(&Issue) -> Option<OrganisationId>,
) -> Result<(Act, Issue, Task)> {
    let (act, issue) = hold(who, number, sent, whose).await?;
    let task = tasks::by_number(act.tx(), issue.id, k).await?;
    let version: i32 = sent.read("task")?;
    if task.version == version { Ok((act, issue, task)) } else { Err(Error::Conflict) }
}

async fn doer<R: Needs>(who: &May<'_, R>, number: i32, k: i32) -> Result<OrganisationId> {
    let db = who.house.read();
    let issue = issues::by_number(db, who.building()?.id, number).await?;
    Ok(tasks::by_number(db, issue.id, k).await?.organisation_id)
}

/// For whoever has the task.
pub async fn hold_own<R: Needs>(who: &May<'_, R>, number: i32, k: i32, sent: &Sent<'_>) -> Result<(Act, Issue, Task)> {
    let mine = doer(who, number, k).await?;
    hold_task(who, number, k, sent, |_| Some(mine)).await
}

/// For whoever gave it: the organisation responsible, or the secretary where that is the one who did it.
pub async fn hold_given<R: Needs>(who: &May<'_, R>, number: i32, k: i32, sent: &Sent<'_>) -> Result<(Act, Issue, Task)> {
    let doer = doer(who, number, k).await?;
    hold_task(who, number, k, sent, |i| i.holder_id.filter(|h| *h != doer)).await
}
