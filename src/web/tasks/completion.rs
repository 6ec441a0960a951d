//! `…/tasks/{k}/completion`: done, with words and photographs.

use base64::Engine as _;
use rocket::{Route, get, post, routes};

use super::room::{At, hold_own};
use super::steps;
use crate::domain::attachments::Phase;
use crate::domain::tasks::TaskDeed;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::photos::{self, Limits, Prepared};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Work};
use crate::web::issues::work::{Room, Sheet};
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

/// Largest drawing that a signature may be, in bytes.
const SIGNATURE_MAX: usize = 200_000;

/// The signature drawn on the screen, as a picture on white; none where nobody signed.
async fn signed(sent: &Sent<'_>) -> Result<Option<Prepared>> {
    let Some(drawn) = sent.given("signature") else { return Ok(None) };
    let wrong = || Refusal::new("signature_unreadable").at("signature");
    let bytes = drawn.strip_prefix("data:image/png;base64,").filter(|b| b.len() <= SIGNATURE_MAX).ok_or_else(wrong)?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(bytes).map_err(|_| wrong())?;
    Ok(Some(photos::prepare_in_turn(bytes, Limits::default()).await?.map_err(|_| wrong())?))
}

async fn page(room: &Room<'_>, k: i32, form: FormState, kept: Vec<sealed::Shown>) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let mut sheet = Sheet::new(room, "tasks.completion", &at.path("completion"), form).task(at.task.version).fact("task", &at.task.words);
    if !at.task.measure.is_empty() {
        sheet = sheet.fact("measure", &at.task.measure);
    }
    let sheet = sheet.words("evidence", 2000).signature("signature").photos(kept).unless(at.refusal(TaskDeed::Finish));
    sheet.then("then_giver", &[]).then("then_reporters", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/completion")]
async fn new(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who), vec![]).await
}

#[post("/<_>/issues/<number>/tasks/<k>/completion", data = "<sent>")]
async fn create(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let received = Received::of(&who, &sent).await?;
    let done = async {
        // A photo that cannot be read is said, not left out.
        if let Some(fault) = received.faults.first() {
            return Err(fault.clone().into());
        }
        let signature = signed(&sent).await?;
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        if let Some(signature) = signature {
            task.picture(&act, &issue, Phase::Signature, vec![signature]).await?;
        }
        task.done(&act, &issue, sent.text("evidence"), received.good()).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => steps::settle(&who, number, k, &sent, Ok(()), "tasks.said.done").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let kept = received.keep(&who).await?;
            Ok(page(&Room::open(&who, number).await?, k, form, kept).await?.status(status))
        }
    }
}
