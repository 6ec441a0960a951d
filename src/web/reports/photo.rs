//! `POST /b/{building}/report/photos`: one photo, ahead of its form. Where the network is weak each travels by itself, and
//! again by itself; the form then carries its sealed name, which holds on this device only.

use rocket::http::{ContentType, Status};
use rocket::{Route, post, routes};
use serde::Serialize;

use super::{PHOTOS, building};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form;
use crate::web::guards::Anyone;
use crate::web::photos::receiving::Received;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![send]
}

#[derive(Default, Serialize)]
struct Stored {
    /// What the form carries as `kept`.
    sealed: Option<String>,
    /// Where the small picture is, for this device only.
    src: Option<String>,
    /// Why it was not stored, as a sentence.
    error: Option<String>,
}

#[post("/<_>/report/photos", data = "<sent>")]
async fn send(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    building(&who).await?;
    let (stored, status) = match store(&who, &sent).await {
        Ok(stored) => (stored, Status::Ok),
        Err(Error::Refused(refusal)) => (Stored { error: Some(form::sentence(who.lang, &refusal)), ..Stored::default() }, form::status_of(&refusal)),
        Err(e) => return Err(e),
    };
    Ok(Answer::bytes(ContentType::JSON, serde_json::to_vec(&stored)?).status(status).header("Cache-Control", "no-store"))
}

async fn store(who: &Anyone<'_>, sent: &Sent<'_>) -> Result<Stored> {
    sent.trusted()?;
    who.counted(PHOTOS.0, PHOTOS.1).await?;
    let received = Received::of(who, sent).await?;
    if let Some(fault) = received.faults.first() {
        return Err(fault.clone().into());
    }
    match received.keep(who).await?.pop() {
        Some(kept) => Ok(Stored { sealed: Some(kept.sealed), src: Some(kept.src), error: None }),
        None => Err(Refusal::new("empty").at("photos").into()),
    }
}
