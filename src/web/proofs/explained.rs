//! `/proof`: in plain words, what is proven, to whom one stays unknown, and what does not hold.

use rocket::{Route, get, routes};
use serde::Serialize;

use crate::domain::slips::{FEW, VALID_DAYS};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Page {
    few: i64,
    days: u64,
}

#[get("/proof")]
fn show(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("proofs.explained.title")).class("pg-text"), "proofs/explained", &Page { few: FEW, days: VALID_DAYS })
}
