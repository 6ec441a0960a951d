//! A building is founded: `/d/{district}/buildings/new`; and its names, address and telephone are said anew.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::buildings::{self, Basics, Common, NewBuilding};
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Administer, At, May};
use crate::web::sent::Sent;

/// Mounted at `/d`.
pub(in crate::web) fn routes_of_district() -> Vec<Route> {
    routes![new, create]
}

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    routes![basics, change]
}

#[derive(Serialize)]
struct New {
    root: String,
    district: String,
    form: FormState,
}

fn new_page(who: &May<'_, Administer>, form: FormState) -> Result<Answer> {
    let At::District(district) = &who.at else { return Err(Error::NotFound) };
    let page = New { root: who.at.root(), district: district.name(who.lang).to_owned(), form };
    let frame = Frame::titled(who.lang.t("buildings.found.title")).of_district(who, district).at_work().class("pg-found");
    who.page(frame, "buildings/new", &page)
}

#[get("/<_>/buildings/new")]
async fn new(who: May<'_, Administer>) -> Result<Answer> {
    let ticked = ["lobby", "toilets"].map(|n| (n, "1".to_owned()));
    new_page(&who, FormState::filled(&who, ticked))
}

#[post("/<_>/buildings", data = "<sent>")]
async fn create(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let At::District(district) = &who.at else { return Err(Error::NotFound) };
        let floors = buildings::floors::read(sent.text("floors"))?;
        let common = Common { lobby: sent.ticked("lobby"), toilets: sent.ticked("toilets"), pantry: sent.ticked("pantry") };
        let act = who.begin(&sent).await?;
        let new = NewBuilding {
            slug: sent.text("slug").trim(),
            code: sent.text("code").trim(),
            short: sent.text("short"),
            name: sent.text("name"),
            name_en: sent.text("name_en"),
            address: sent.text("address"),
            duty_phone: sent.text("duty_phone"),
            towers: "",
        };
        let building = district.found_building(&act, new).await?.add_floors(&act, &floors, common).await?;
        act.commit().await?;
        Ok(building)
    }
    .await;
    match done {
        Ok(b) => Ok(Answer::go(format!("/b/{}/founding", b.slug)).saying("buildings.found.said.founded")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(new_page(&who, form)?.status(status))
        }
    }
}

#[derive(Serialize)]
struct Said {
    root: String,
    house: String,
    code: String,
    slug: String,
    form: FormState,
}

fn basics_page(who: &May<'_, Administer>, form: FormState) -> Result<Answer> {
    let b = who.building()?;
    let page = Said { root: who.at.root(), house: b.name(who.lang).to_owned(), code: b.code.clone(), slug: b.slug.clone(), form };
    let frame = Frame::titled(who.lang.t("checklists.item.basics.name")).of(who, b).at_work().class("pg-found");
    who.page(frame, "buildings/basics", &page)
}

#[get("/<_>/founding/basics")]
async fn basics(who: May<'_, Administer>) -> Result<Answer> {
    let b = who.building()?;
    let values = [("name", &b.name), ("name_en", &b.name_en), ("short", &b.short), ("address", &b.address), ("duty_phone", &b.duty_phone)];
    basics_page(&who, FormState::filled(&who, values.map(|(n, v)| (n, v.clone()))))
}

#[post("/<_>/founding/basics", data = "<sent>")]
async fn change(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let new = Basics {
            short: sent.text("short"),
            name: sent.text("name"),
            name_en: sent.text("name_en"),
            address: sent.text("address"),
            duty_phone: sent.text("duty_phone"),
        };
        buildings::by_id(act.tx(), who.building()?.id).await?.change_basics(&act, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/founding", who.at.root())).saying("buildings.found.said.changed")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(basics_page(&who, form)?.status(status))
        }
    }
}
