//! Logs go to standard error: plain lines on a terminal, one JSON object a line anywhere else.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Rocket writes three lines per request and an error for each 404: the access line says it in one. Its other words
/// matter only when something is wrong.
const SERVING: &str =
    "info,rocket=warn,rocket::server=off,rocket::launch=off,rocket::shield=off,hyper=warn,sqlx=warn,sea_orm=warn,sea_orm_migration=warn";
/// A command that ends by itself speaks through what it prints.
const OTHERWISE: &str = "warn,rocket::server=off";

/// Starts logging; `RUST_LOG` says what else is wanted.
pub fn start(serving: bool) {
    let usual = if serving { SERVING } else { OTHERWISE };
    let wanted = std::env::var("RUST_LOG").ok().filter(|w| !w.is_empty()).map_or_else(|| usual.to_owned(), |w| format!("rocket::server=off,{w}"));
    let filter = EnvFilter::try_new(&wanted).unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A subscriber that somebody else set stays; there is nothing to do about it.
    let _ = if std::io::stderr().is_terminal() {
        lines.with_target(false).compact().try_init().is_ok()
    } else {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init().is_ok()
    };
}
