//! `…/council/rules`: the rules of procedure and how they came to be what they are, for everybody; a new version, as the council has
//! decided it, by its secretary.

mod adopting;
mod show;
mod words;

pub(super) use adopting::{choices, chosen, decisions};
pub(super) use words::in_words;

use rocket::{Route, routes};

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![show::show, adopting::new, adopting::create]
}
