//! Pages that say how Louyi itself is meant: privacy, accessibility; and the one that opens without a network.

use rocket::http::ContentType;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::assets;
use super::frame::Frame;
use super::guards::Anyone;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![privacy, accessibility, offline, worker]
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

/// Put aside by the worker at the first visit of a report form, and shown in its place where there is no network.
#[get("/offline")]
fn offline(who: Anyone<'_>) -> Result<Answer> {
    who.page(Frame::titled(who.lang.t("reports.offline.title")).class("pg-report"), "reports/offline", &Nothing {})
}

#[get("/sw.js")]
fn worker(_who: Anyone<'_>) -> Answer {
    Answer::bytes(ContentType::JavaScript, assets::worker().into_bytes()).header("Cache-Control", "no-cache")
}
