//! `…/tasks/{k}/return`, `…/send-back`, `…/cancellation`: not ours, says who has it; not done, or no longer needed, says
//! who gave it. Each wants a reason, and none can be taken back.

use rocket::{Route, get, post, routes};

use super::room::{At, hold_given, hold_own, hold_task};
use super::steps;
use crate::domain::tasks::TaskDeed;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage, Work};
use crate::web::issues::work::{Room, Sheet};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![giving_back, give_back, sending_back, send_back, cancelling, cancel]
}

async fn return_page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let sheet = Sheet::new(room, "tasks.give_back", &at.path("return"), form).task(at.task.version).fact("task", &at.task.words);
    sheet.words("words", 1000).danger().unless(at.refusal(TaskDeed::GiveBack)).then("then_once", &[]).then("then_giver", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/return")]
async fn giving_back(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    return_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/return", data = "<sent>")]
async fn give_back(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        task.give_back(&act, &issue, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.given_back").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(return_page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}

async fn send_page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let mut sheet = Sheet::new(room, "tasks.send_back", &at.path("send-back"), form).task(at.task.version).fact("task", &at.task.words);
    if let Some(evidence) = &at.task.evidence {
        sheet = sheet.fact("evidence", evidence);
    }
    sheet.words("words", 1000).danger().unless(at.refusal(TaskDeed::SendBack)).then("then_again", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/send-back")]
async fn sending_back(who: May<'_, Triage>, number: i32, k: i32) -> Result<Answer> {
    send_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/send-back", data = "<sent>")]
async fn send_back(who: May<'_, Triage>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_given(&who, number, k, &sent).await?;
        task.send_back(&act, &issue, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.sent_back").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(send_page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}

async fn cancel_page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let by = room.m.name(Some(at.task.organisation_id), room.caller.lang);
    let sheet = Sheet::new(room, "tasks.cancel", &at.path("cancellation"), form).task(at.task.version);
    let sheet = sheet.fact("by", by).fact("task", &at.task.words).words("words", 1000).danger().unless(at.refusal(TaskDeed::Cancel));
    sheet.then("then_over", &[]).then("then_open", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/cancellation")]
async fn cancelling(who: May<'_, Triage>, number: i32, k: i32) -> Result<Answer> {
    cancel_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/cancellation", data = "<sent>")]
async fn cancel(who: May<'_, Triage>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        // Whoever is responsible for the matter cancels its own tasks too.
        let (act, issue, task) = hold_task(&who, number, k, &sent, |i| i.holder_id).await?;
        task.cancel(&act, &issue, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.cancelled").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(cancel_page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}
