//! Tasks: dispatched to one organisation with a date and a measure, taken on, carried out with evidence, verified by
//! somebody else.

mod clock;
mod completion;
mod dispatch;
mod extension;
mod finding;
mod particulars;
mod progress;
mod returning;
mod room;
mod show;
mod steps;
mod visits;

pub use room::{Brief, briefs};

use rocket::Route;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [
        clock::routes(),
        completion::routes(),
        dispatch::routes(),
        extension::routes(),
        finding::routes(),
        particulars::routes(),
        progress::routes(),
        returning::routes(),
        show::routes(),
        steps::routes(),
        visits::routes(),
    ]
    .concat()
}
