//! The table of who may call what, by noun. A route without a row fails a test, and so does a row without a route.

mod accounts;
mod building;
mod bulletin;
mod council;
mod desk;
mod issues;
mod reports;
mod site;
mod tasks;

use louyi::domain::rights::Right;

/// Who may call.
#[derive(Clone, Copy)]
pub enum Who {
    /// Everybody.
    Open,
    /// Whoever holds the receipt in the address.
    Receipt,
    /// Whoever holds the address that stands in letters to those who follow.
    Follower,
    /// A program that shows a secret or a key.
    Bearer,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has the right in the building or district of the address.
    Right(Right),
    /// Whoever has the right anywhere; what it is about is asked by the verb.
    Anywhere(Right),
}

/// One route.
pub struct Row {
    pub method: &'static str,
    pub uri: &'static str,
    pub who: Who,
}

const fn row(method: &'static str, uri: &'static str, who: Who) -> Row {
    Row { method, uri, who }
}

const fn may(right: Right) -> Who {
    Who::Right(right)
}

const fn holds(right: Right) -> Who {
    Who::Anywhere(right)
}

/// Every route.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [accounts::ROWS, building::ROWS, bulletin::ROWS, council::ROWS, desk::ROWS, issues::ROWS, reports::ROWS, site::ROWS, tasks::ROWS]
        .into_iter()
        .flatten()
}
