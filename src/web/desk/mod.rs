//! `/desk`: what the signed-in person must do next, over all their roles. Lists are addresses; each row ends in its one
//! next act, and several can be done at once.

mod asked;
mod batches;
mod changes;
mod export;
mod handling;
mod known;
mod round;
mod rows;
mod saved;
mod show;

use rocket::Route;

pub(super) fn routes() -> Vec<Route> {
    [show::routes(), batches::routes(), changes::routes(), export::routes(), handling::routes(), round::routes(), saved::routes()].concat()
}
