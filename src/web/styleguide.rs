//! Every component in every state, light and dark.

use rocket::{Route, get, routes};

use super::answer::Answer;
use super::frame::Frame;
use super::guards::Anyone;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[get("/styleguide")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let page = serde_json::json!({ "theme": who.theme, "size": who.size });
    who.page(Frame::titled(who.lang.t("styleguide.title")).class("pg-style"), "styleguide/show", &page)
}
