//! A building's matters: as everybody reads them, and as those who work on them do.

mod clock;
mod export;
mod feeds;
pub mod filter;
pub mod list;
mod show;
mod single;
pub mod work;

use rocket::Route;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [list::routes(), feeds::routes(), export::routes(), single::routes(), clock::routes(), show::routes(), work::routes()].concat()
}
