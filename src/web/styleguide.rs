//! Every component in every state, light and dark.

use rocket::{Route, get, routes};

use super::answer::Answer;
use super::frame::Frame;
use super::guards::Anyone;
use super::issues::list::specimen;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![show, list]
}

#[get("/styleguide")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let page = serde_json::json!({ "theme": who.theme, "size": who.size });
    who.page(Frame::titled(who.lang.t("styleguide.title")).class("pg-style"), "styleguide/show", &page)
}

/// A list with constant rows: to look at, and for the bench to compare the real one with.
#[get("/styleguide/list")]
async fn list(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("issues.heading")).class("pg-list"), "issues/list", specimen(who.lang))
}
