//! For those who run it: alive, ready, figures.

use rocket::http::{ContentType, Status};
use rocket::{Route, State, get, routes};

use super::answer::Answer;
use super::fairings::metrics::Metrics;
use crate::domain::figures;
use crate::kernel::act::House;
use crate::kernel::error::Result;

pub(super) fn routes() -> Vec<Route> {
    routes![healthz, readyz, metrics]
}

/// Alive: the process answers.
#[get("/healthz")]
fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: the database answers and is migrated.
#[get("/readyz")]
async fn readyz(house: &State<House>) -> (Status, &'static str) {
    match house.db().migrated().await {
        Ok(true) => (Status::Ok, "ready\n"),
        Ok(false) => (Status::ServiceUnavailable, "the database is not reachable or not migrated\n"),
        Err(_) => (Status::ServiceUnavailable, "the database is not reachable\n"),
    }
}

#[get("/metrics")]
async fn metrics(house: &State<House>, metrics: &State<Metrics>) -> Result<Answer> {
    let text = format!("{}{}", metrics.text()?, figures::for_operators(house).await?);
    Ok(Answer::bytes(ContentType::new("text", "plain").with_params([("version", "0.0.4"), ("charset", "utf-8")]), text.into_bytes()))
}
