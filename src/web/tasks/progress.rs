//! `…/tasks/{k}/progress`: how far it has come, in words and pictures, before it is done.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::room::{At, hold_own};
use super::steps::settle;
use crate::domain::attachments::{Attachment, Phase};
use crate::domain::tasks;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Work};
use crate::web::issues::work::{Photo, Room, Sheet};
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

#[derive(Serialize)]
struct Line {
    when: String,
    words: String,
}

/// What was said of a task before it was done. In templates: `{{#with progress}}`.
#[derive(Serialize)]
pub struct Said {
    lines: Vec<Line>,
    photos: Vec<Photo>,
    /// Where whoever has it says more.
    way: Option<String>,
}

/// For those who work on the matter.
pub async fn of(at: &At<'_, '_>, pictures: &[Attachment]) -> Result<Option<Said>> {
    let (room, task) = (at.room, at.task);
    if !room.sight.standing.is_party() {
        return Ok(None);
    }
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let all = tasks::progress_of(room.caller.house.read(), vec![task.id]).await?;
    let mine = room.memberships.iter().any(|m| m.covers(room.building) && m.organisation_id == task.organisation_id);
    let of_task = pictures.iter().filter(|a| a.task_id == Some(task.id) && a.phase == Some(Phase::Progress));
    Ok(Some(Said {
        lines: all.into_iter().map(|p| Line { when: dates::moment(p.created_at, now, lang), words: p.words }).collect(),
        photos: of_task.map(|a| Photo::of(a, lang.t("tasks.progress.photo"))).collect(),
        way: (mine && task.state.is_open()).then(|| format!("{}/{}", room.root(), at.path("progress"))),
    }))
}

async fn page(room: &Room<'_>, k: i32, form: FormState, kept: Vec<sealed::Shown>) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let sheet = Sheet::new(room, "tasks.progress", &at.path("progress"), form).task(at.task.version).fact("task", &at.task.words);
    sheet.words("words", 1000).photos(kept).then("then_board", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/progress")]
async fn new(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who), vec![]).await
}

#[post("/<_>/issues/<number>/tasks/<k>/progress", data = "<sent>")]
async fn create(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let received = Received::of(&who, &sent).await?;
    let done = async {
        if let Some(fault) = received.faults.first() {
            return Err(fault.clone().into());
        }
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        task.report_progress(&act, &issue, sent.text("words"), received.good()).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => settle(&who, number, k, &sent, Ok(()), "tasks.said.progress").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let kept = received.keep(&who).await?;
            Ok(page(&Room::open(&who, number).await?, k, form, kept).await?.status(status))
        }
    }
}
