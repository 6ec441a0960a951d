//! `…/place`: where the trouble is, corrected. Promised dates stay.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::buildings;
use crate::domain::issues::Deed;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    form.values.entry("place".into()).or_insert_with(|| room.m.place.code.clone());
    let all = buildings::places(room.caller.house.read(), room.building.id).await?;
    let all = all.iter().map(|p| Choice::new(&p.code, p.full(lang))).collect();
    let sheet = Sheet::new(room, "work.place", "place", form).select("place", all).unless(room.refusal(Deed::Relocate));
    sheet.then("then_dates", &[]).answer().await
}

#[get("/<_>/issues/<number>/place")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/place", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let place = match buildings::place_by_code(act.tx(), issue.building_id, sent.text("place")).await {
            Err(Error::NotFound) => return Err(Refusal::new("empty").at("place").into()),
            found => found?,
        };
        issue.relocate(&act, &place).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.relocated")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
