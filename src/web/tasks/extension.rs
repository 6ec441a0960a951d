//! `…/tasks/{k}/extension` and `…/extension/ruling`: more time is asked for with a reason before the day, and granted or
//! refused by somebody else. Until then the clock runs on.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::room::{At, hold_own, hold_task};
use super::steps;
use crate::domain::issues::{Issue, Standing};
use crate::domain::rights::Role;
use crate::domain::tasks::{Decider, Extension, ExtensionReason, TaskDeed, extensions, waiting};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage, Work};
use crate::web::issues::work::{Choice, Room, Sheet};
use crate::web::sent::Sent;
use crate::web::shown::clock;

pub(super) fn routes() -> Vec<Route> {
    routes![asking, ask, deciding, decide]
}

/// Who decides, in words.
pub fn decider(decider: Decider, room: &Room<'_>) -> String {
    let lang = room.caller.lang;
    match decider {
        Decider::Holder => lang.say("tasks.deciders.holder", &[("by", &room.m.name(room.m.issue.holder_id, lang))]),
        Decider::Department => lang.t("tasks.deciders.department"),
    }
}

/// One that was asked for, on the page of its task.
#[derive(Serialize)]
pub struct Asked {
    head: String,
    words: Option<String>,
    /// What became of it, or who decides.
    ruling: String,
    answer: Option<String>,
    waits: bool,
}

/// What was asked for of more time for a task, in the order of asking.
pub fn asked(at: &At<'_, '_>) -> Vec<Asked> {
    let (room, lang, now) = (at.room, at.room.caller.lang, at.room.caller.house.now());
    let inside = room.sight.standing != Standing::Onlooker;
    let one = |e: &Extension| {
        let moment = |at| dates::moment(at, now, lang);
        let reason = lang.t(&format!("tasks.extension_reasons.{}", e.reason));
        let (by, days) = (room.m.name(Some(e.asked_for), lang), e.days.to_string());
        let ruling = match (e.decision, e.decided_at) {
            (Some(d), Some(at)) => {
                let new = e.due_after.map(|d| dates::until(d, now, lang)).unwrap_or_default();
                let with = [("by", room.m.name(e.decided_for, lang)), ("at", moment(at)), ("due", new)];
                let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
                lang.say(&format!("tasks.decided.{d}"), &with)
            }
            _ => lang.say("tasks.decided.waits", &[("by", &decider(e.decider, room))]),
        };
        Asked {
            head: lang.say("tasks.extension_head", &[("by", &by), ("at", &moment(e.asked_at)), ("n", &days), ("reason", &reason)]),
            words: Some(e.words.clone()).filter(|_| inside),
            ruling,
            answer: e.answer.clone().filter(|_| inside),
            waits: e.decision.is_none(),
        }
    };
    at.extensions.iter().map(one).collect()
}

async fn asking_page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let (lang, now, calendar) = (room.caller.lang, room.caller.house.now(), room.calendar());
    let at = At::of(room, k).await?;
    let today = dates::local(now).date();
    let longest = at.task.original_days(&at.extensions, &at.stops, &calendar);
    // Each choice says the day that it means.
    let days = (1..=longest).map(|n| {
        let until = dates::day(clock::last_day(calendar.moved(at.task.due_at, n), &calendar), today, lang);
        Choice::new(n.to_string(), lang.say("tasks.extension.until", &[("n", &n.to_string()), ("day", &until)]))
    });
    let reasons = ExtensionReason::ALL.iter().map(|r| Choice::new(r.as_str(), lang.t(&format!("tasks.extension_reasons.{r}"))));
    let due = dates::due(at.task.due_at, now, &calendar, lang).words;
    let sheet = Sheet::new(room, "tasks.extension", &at.path("extension"), form.clone()).task(at.task.version);
    let sheet = sheet.fact("task", &at.task.words).fact("due", due).picks("reason", reasons.collect()).select("days", days.collect());
    // What was typed a moment too late is not lost: what stands against it is said beside its field.
    let refused = if form.summary.is_empty() { at.refusal(TaskDeed::Extend) } else { None };
    let sheet = sheet.words("words", 500).unless(refused).then("then_runs", &[]);
    let sheet = sheet.then("then_decides", &[("by", &decider(at.task.next_decider(&at.extensions), room))]);
    sheet.then("then_reporters", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/extension")]
async fn asking(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    asking_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/extension", data = "<sent>")]
async fn ask(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        let reason: ExtensionReason = sent.text("reason").parse().map_err(|_| Refusal::new("choose_reason").at("reason"))?;
        let days = sent.read("days").map_err(|_| Refusal::new("extension_choose").at("days"))?;
        task.ask_extension(&act, &issue, reason, days, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.extension_asked").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(asking_page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}

async fn deciding_page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let (lang, now, calendar) = (room.caller.lang, room.caller.house.now(), room.calendar());
    let at = At::of(room, k).await?;
    let by = room.m.name(Some(at.task.organisation_id), lang);
    let mut sheet = Sheet::new(room, "tasks.ruling", &at.path("extension/ruling"), form.clone()).task(at.task.version);
    sheet = sheet.fact("by", &by);
    let refused = at.refusal(TaskDeed::DecideExtension);
    // What was asked is read by whoever decides, also where they have no other part in the matter.
    if let Some(e) = waiting(&at.extensions).filter(|_| refused.is_none()) {
        sheet = sheet.fact("task", &at.task.words);
        let until = |end| dates::day(clock::last_day(end, &calendar), dates::local(now).date(), lang);
        let new = until(calendar.moved(at.task.due_at, e.days.unsigned_abs()));
        let asked = [("n", e.days.to_string()), ("from", until(at.task.due_at)), ("to", new)];
        let asked: Vec<(&str, &str)> = asked.iter().map(|(k, v)| (*k, v.as_str())).collect();
        sheet = sheet.fact("days", lang.say("tasks.ruling.moves", &asked));
        sheet = sheet.fact("reason", lang.t(&format!("tasks.extension_reasons.{}", e.reason))).fact("words", &e.words);
    }
    let choices = ["granted", "refused"].map(|r| Choice::new(r, lang.t(&format!("tasks.decisions.{r}"))));
    let sheet = sheet.picks("ruling", choices.into()).words("answer", 500).unless(refused.filter(|_| form.summary.is_empty()));
    sheet.then("then_granted", &[]).then("then_refused", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/extension/ruling")]
async fn deciding(who: May<'_, Triage>, number: i32, k: i32) -> Result<Answer> {
    deciding_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

/// For which organisation somebody decides about it: the one responsible, or their own department.
fn speaks<'w>(who: &'w May<'_, Triage>, open: Option<&'w Extension>) -> impl Fn(&Issue) -> Option<OrganisationId> {
    let department = open.filter(|e| e.decider == Decider::Department).map(|_| {
        let mine = |m: &&crate::domain::persons::Membership| m.role == Role::Department && who.building().is_ok_and(|b| m.covers(b));
        who.signed.memberships.iter().find(mine).map(|m| m.organisation_id)
    });
    move |issue| department.unwrap_or(issue.holder_id)
}

#[post("/<_>/issues/<number>/tasks/<k>/extension/ruling", data = "<sent>")]
async fn decide(who: May<'_, Triage>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let mut said = "tasks.said.extension_granted";
    let done = async {
        let room = Room::open(&who, number).await?;
        let asked = extensions(who.house.read(), room.m.tasks.iter().filter(|t| t.number == k).map(|t| t.id)).await?;
        let (act, issue, task) = hold_task(&who, number, k, &sent, speaks(&who, waiting(&asked))).await?;
        match sent.text("ruling") {
            "granted" => task.grant_extension(&act, &issue, sent.text("answer")).await?,
            "refused" => {
                said = "tasks.said.extension_refused";
                task.refuse_extension(&act, &issue, sent.text("answer")).await?
            }
            _ => return Err(Refusal::new("unknown_choice").at("ruling").into()),
        };
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), said).await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(deciding_page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}
