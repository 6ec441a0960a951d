//! Pages that say how Louyi itself is meant: privacy, accessibility.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::frame::Frame;
use super::guards::Anyone;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![privacy, accessibility]
}

#[derive(Serialize)]
struct Nothing {}

#[get("/privacy")]
fn privacy(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("pages.privacy.title")).class("pg-text"), "pages/privacy", &Nothing {})
}

#[get("/accessibility")]
fn accessibility(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("pages.accessibility.title")).class("pg-text"), "pages/accessibility", &Nothing {})
}
