//! `POST /hooks/mail`: a mail as it came over the wire, brought by the operator's mail server.

use rocket::data::{Data, ToByteUnit as _};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, post, routes};
use serde::Serialize;

use super::Hook;
use crate::domain::incoming::{self, BYTES_MAX, Door, Outcome};
use crate::kernel::error::Error;
use crate::web::problem::Problem;

pub(super) fn routes() -> Vec<Route> {
    routes![brought]
}

/// What became of it. No receipt: whoever brings mail is not its writer.
#[derive(Serialize)]
struct Brought {
    outcome: Outcome,
    reason: Option<String>,
    issue: Option<String>,
    /// It had come before, and was not taken twice.
    again: bool,
}

#[post("/mail", data = "<mail>")]
async fn brought(hook: Hook, mail: Data<'_>) -> Result<Json<Brought>, Problem> {
    let raw = mail.open(BYTES_MAX.bytes()).into_bytes().await.map_err(|e| Error::broken(e.to_string()))?;
    let whole = raw.is_complete();
    let raw = raw.into_inner();
    if !whole {
        incoming::receive_beginning(&hook.house, Door::Hook, raw, BYTES_MAX + 1, None).await?;
        return Err(Problem::new(Status::PayloadTooLarge, "mail.too_large"));
    }
    let taken = incoming::receive(&hook.house, Door::Hook, raw, None).await?;
    let reason = taken.reason.clone().unwrap_or_default();
    match taken.outcome {
        // Nobody else can say it to whoever wrote it.
        Outcome::Refused if !taken.answered && reason == "too_often" => Err(Problem::new(Status::TooManyRequests, "mail.too_often")),
        Outcome::Refused if !taken.answered => Err(Problem::new(Status::UnprocessableEntity, &format!("mail.{reason}"))),
        outcome => Ok(Json(Brought { outcome, reason: taken.reason, issue: taken.label, again: taken.again })),
    }
}
