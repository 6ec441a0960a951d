//! `…/links`: what a matter has to do with another one of the building, said and taken back.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::merge::{named, near, with_choices};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use super::show;
use crate::domain::issues::{self, Deed};
use crate::domain::links::{self, How};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, end]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    let how = |h: &How| Choice { hint: Some(lang.t(&format!("links.hint.{h}"))), ..Choice::new(h.as_str(), lang.t(&format!("links.say.{h}"))) };
    let sheet = Sheet::new(room, "work.link", "links", form).picks("how", How::SAID.iter().map(how).collect());
    let sheet = with_choices(sheet, near(room).await?).unless(room.refusal(Deed::Link));
    sheet.then("then_both", &[]).then("then_dates", &[]).answer().await
}

#[get("/<_>/issues/<number>/links")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/links", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let how: How = sent.text("how").parse().map_err(|_| crate::kernel::error::Refusal::new("choose_how").at("how"))?;
        let other = named(&act, &issue, &sent).await?;
        links::join(&act, &issue, how, &other).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.linked")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/links/end", data = "<sent>")]
async fn end(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let other = issues::hold(&act, issue.building_id, sent.read("other")?).await?;
        links::part(&act, &issue, sent.read("how")?, &other).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.unlinked")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}
