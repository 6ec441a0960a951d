//! The first page: find a building.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::frame::Frame;
use super::guards::Anyone;
use crate::domain::buildings;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Page {
    buildings: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    address: String,
    href: String,
}

#[get("/")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let all = buildings::all(who.house.read(), None).await?;
    let lines = all.iter().map(|b| Line { name: b.name(who.lang).to_owned(), address: b.address.clone(), href: format!("/b/{}", b.slug) });
    let page = Page { buildings: lines.collect() };
    who.page(Frame::titled(who.lang.t("home.title")).here("buildings").class("pg-home"), "home/show", &page)
}
