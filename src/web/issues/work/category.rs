//! `…/category`: the kind of trouble, corrected. Promised dates stay.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::categories;
use crate::domain::issues::Deed;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    form.values.entry("category".into()).or_insert_with(|| room.m.issue.category.clone());
    let all = categories::all().iter().map(|c| Choice::new(&c.code, c.name(lang))).collect();
    let sheet = Sheet::new(room, "work.category", "category", form).select("category", all).unless(room.refusal(Deed::Recategorise));
    sheet.then("then_dates", &[]).answer().await
}

#[get("/<_>/issues/<number>/category")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/category", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.recategorise(&act, sent.text("category")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.recategorised")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
