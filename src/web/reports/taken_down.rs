//! `/b/{building}/issues/{number}/taken-down/{handle}`: the receipt of what somebody at the desk wrote down for another,
//! to be read out, scanned or printed, and nothing else.

use rocket::{Route, get, routes};
use serde::Serialize;

use crate::domain::buildings;
use crate::domain::issues;
use crate::domain::reports;
use crate::kernel::error::{Error, Result};
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::frame::Frame;
use crate::web::guards::{May, Triage};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Page {
    label: String,
    place: String,
    code: String,
    qr: String,
    follow: String,
    work: String,
    another: String,
}

#[get("/<_>/issues/<number>/taken-down/<handle>")]
async fn show(desk: May<'_, Triage>, number: i32, handle: &str) -> Result<Answer> {
    let (building, db, lang, keys) = (desk.building()?, desk.house.read(), desk.lang, desk.house.keys());
    let issue = issues::by_number(db, building.id, number).await?;
    let report = reports::by_handle(db, keys, issue.id, handle).await?;
    let (receipt, code) = report.to_hand_over(db, keys, desk.house.now(), desk.signed.person.id).await?;
    let place = buildings::place_by_id(db, report.place_id).await?;
    let settings = desk.house.settings();
    let page = Page {
        label: building.label(issue.number),
        place: lang.say("receipts.place", &[("building", building.name(lang)), ("place", &place.full(lang))]),
        code,
        qr: qr::svg(&settings.address(&format!("/r/{receipt}"))).map_err(|e| Error::broken(e.to_string()))?,
        follow: lang.say("reports.taken_down.where", &[("address", &settings.address("/r"))]),
        work: format!("/b/{}/issues/{}/work", building.slug, issue.number),
        another: format!("/b/{}/report", building.slug),
    };
    let frame = Frame::titled(lang.say("reports.taken_down.title", &[("label", &page.label)])).of(&desk, building).at_work().class("pg-taken");
    Ok(desk.page(frame, "reports/taken_down", &page)?.header("Cache-Control", "no-store"))
}
