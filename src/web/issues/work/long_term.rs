//! `…/long-term` and `…/resumption`: onto the long-term list with a plan and a day to look again, and back from it.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::Sheet;
use super::show;
use crate::domain::issues::Deed;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, resume]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let sheet = Sheet::new(room, "work.long_term", "long-term", form).words("plan", 1000).day("review_on").unless(room.refusal(Deed::Shelve));
    sheet.then("then_told", &[]).then("then_open", &[]).answer().await
}

#[get("/<_>/issues/<number>/long-term")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/long-term", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.shelve(&act, sent.text("plan"), sent.text("review_on")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.shelved")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/resumption", data = "<sent>")]
async fn resume(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.resume(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.resumed")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}
