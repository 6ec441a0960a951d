//! The public ledger: for people a page per entry that says in words what was recorded and how to check it, for
//! verifiers the files of C2SP tlog-tiles.

mod files;
mod pages;

use rocket::Route;

pub(super) fn routes() -> Vec<Route> {
    [files::routes(), pages::routes()].concat()
}
