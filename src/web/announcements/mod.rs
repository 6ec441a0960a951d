//! `/b/{building}/announcements`: what is known beforehand: written, corrected, ended by the desk; read and printed by anybody.

mod brief;
mod print;
mod reading;
mod writing;

use rocket::Route;

pub use brief::{Brief, KNOWN_DAYS, address, briefs};

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    [reading::routes(), writing::routes(), print::routes()].concat()
}
