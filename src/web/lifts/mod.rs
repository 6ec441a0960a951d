//! `…/council/items/{k}/lifts`: the forecast of a morning at the lifts, beside the item that it is evidence for.

mod form;
mod show;
pub(super) mod shown;

use rocket::{Route, routes};

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![show::show, show::keep, show::choose]
}
