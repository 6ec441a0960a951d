//! `…/declination`: it cannot be taken, why, and where to go instead.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::issues::{DECLINE_REASONS, Deed};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    // The public reads these sentences afterwards; whoever chooses reads them before.
    let reason = |r: &&str| Choice {
        value: (*r).to_owned(),
        label: lang.t(&format!("story.declined_because.{r}")),
        hint: Some(lang.t(&format!("story.declined_instead.{r}"))),
    };
    let sheet = Sheet::new(room, "work.declination", "declination", form).picks("reason", DECLINE_REASONS.iter().map(reason).collect());
    sheet.words("words", 1000).danger().unless(room.refusal(Deed::Decline)).answer().await
}

#[get("/<_>/issues/<number>/declination")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/declination", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.decline(&act, sent.text("reason"), sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.declined")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
