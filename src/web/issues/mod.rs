//! A building's matters.

pub mod work;

use rocket::Route;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    work::routes()
}
