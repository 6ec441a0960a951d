//! `…/tasks/{k}/clock-stop` and `…/clock-run`: a task's clock stands only for a stated reason, and never for long. The
//! reporter's clock never stops.

use rocket::{Route, get, post, routes};

use super::room::{At, hold_own};
use super::steps;
use crate::domain::categories::Limit;
use crate::domain::tasks::{LONGEST_STOP, StopReason, TaskDeed};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Work};
use crate::web::issues::work::{Choice, Room, Sheet};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![stopping, stop, run]
}

async fn page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let at = At::of(room, k).await?;
    let reasons = StopReason::ALL.iter().map(|r| Choice {
        hint: Some(lang.t(&format!("tasks.stops.{}_hint", r.as_str()))),
        ..Choice::new(r.as_str(), lang.t(&format!("tasks.stops.{}", r.as_str())))
    });
    let until = dates::due(Limit::WorkingDays(LONGEST_STOP).from(now, &room.calendar()).at, now, &room.calendar(), lang).by;
    let sheet = Sheet::new(room, "tasks.clock_stop", &at.path("clock-stop"), form).task(at.task.version).fact("task", &at.task.words);
    let sheet = sheet.picks("reason", reasons.collect()).words("words", 500).unless(at.refusal(TaskDeed::StopClock));
    sheet.then("then_cap", &[("n", &LONGEST_STOP.to_string()), ("by", &until)]).then("then_reporter", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/clock-stop")]
async fn stopping(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/clock-stop", data = "<sent>")]
async fn stop(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        let reason: StopReason = sent.text("reason").parse().map_err(|_| Refusal::new("choose_reason").at("reason"))?;
        task.stop_clock(&act, &issue, reason, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.stopped").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/tasks/<k>/clock-run", data = "<sent>")]
async fn run(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        task.let_clock_run(&act, &issue).await?;
        act.commit().await
    }
    .await;
    steps::settle(&who, number, k, &sent, done, "tasks.said.running").await
}
