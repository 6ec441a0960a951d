//! Every component in every state, light and dark.

use rocket::{Route, get, routes};

use super::answer::Answer;
use super::errors;
use super::frame::Frame;
use super::guards::Anyone;
use super::issues::list::specimen;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![show, list, error]
}

#[get("/styleguide")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let page = serde_json::json!({ "theme": who.theme, "size": who.size, "errors": errors::TOLD });
    who.page(Frame::titled(who.lang.t("styleguide.title")).class("pg-style"), "styleguide/show", &page)
}

/// A list with constant rows: to look at, and for the bench to compare the real one with.
#[get("/styleguide/list")]
async fn list(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("issues.heading")).class("pg-list"), "issues/list", specimen(who.lang))
}

/// The page of an error without the error: answered as any page, so that nobody's figures count it.
#[get("/styleguide/errors/<status>")]
async fn error(who: Anyone<'_>, status: &str) -> Result<Answer> {
    errors::specimen(&who, status.parse().unwrap_or_default())
}
