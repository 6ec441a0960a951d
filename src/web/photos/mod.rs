//! Photographs: received with a form, kept while it fails, shown to those who may see them.

pub mod covering;
pub mod receiving;
pub mod sealed;
mod showing;

use rocket::Route;

pub(super) fn routes() -> Vec<Route> {
    showing::routes()
}
