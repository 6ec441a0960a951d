//! Following 关注: asking for letters beside what the public reads, and the page by which they are begun, slowed and ended.

mod asking;
mod follower;
mod keeping;

use rocket::Route;
use serde::Serialize;

use crate::domain::subscriptions::Pace;
use crate::kernel::i18n::Lang;

pub use follower::Follower;

/// Mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    keeping::routes()
}

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    asking::routes()
}

/// One of the two paces.
#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    hint: String,
}

fn paces(lang: Lang) -> Vec<Choice> {
    let one = |p: &Pace| Choice {
        value: p.as_str(),
        label: lang.t(&format!("subscriptions.pace.{}", p.as_str())),
        hint: lang.t(&format!("subscriptions.pace.{}_hint", p.as_str())),
    };
    Pace::ALL.iter().map(one).collect()
}
