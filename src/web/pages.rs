//! Pages that say how Louyi itself is meant: privacy, accessibility; and the one that opens without a network.

use rocket::http::ContentType;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::assets;
use super::frame::Frame;
use super::guards::Anyone;
use crate::domain::retention::{self, Kept};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![privacy, accessibility, offline, worker]
}

#[derive(Serialize)]
struct Nothing {}

/// What is kept of somebody, in a row.
#[derive(Serialize)]
struct Row {
    what: String,
    why: String,
    law: String,
    who: String,
    long: String,
}

#[derive(Serialize)]
struct Privacy {
    rows: Vec<Row>,
    nightly: String,
}

fn row(kept: &Kept, lang: Lang) -> Row {
    let of = |part: &str| lang.t(&format!("pages.privacy.row.{}.{part}", kept.key));
    let (span, n) = kept.long.words();
    Row {
        what: of("what"),
        why: of("why"),
        law: lang.say("pages.privacy.law", &[("n", &kept.article.to_string())]),
        who: of("who"),
        long: lang.say(&format!("pages.privacy.span.{span}"), &[("n", &n.to_string())]),
    }
}

#[get("/privacy")]
fn privacy(who: Anyone<'_>) -> Result<Answer> {
    let lang = who.lang;
    let rows = retention::KEPT.iter().map(|k| row(k, lang)).collect();
    let nightly = lang.say("pages.privacy.nightly", &[("hour", &retention::HOUR.to_string())]);
    who.page(Frame::titled(lang.t("pages.privacy.title")).class("pg-text"), "pages/privacy", &Privacy { rows, nightly })
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
