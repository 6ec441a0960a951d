//! `/b/{building}/owners`: the owners' roll, for the council's secretary: one unit by a form, all by a list that is looked at first;
//! names of people only when asked for, with a line in the journal.

mod changing;
mod index;

use rocket::{Route, routes};

pub(super) fn routes() -> Vec<Route> {
    routes![index::index, index::template, changing::check, changing::enter, changing::set, changing::remove, changing::names, changing::erase]
}

/// 1/100 m² as square metres, exactly: `120.35㎡`.
pub(super) fn square_metres(area: u64) -> String {
    format!("{}.{:02}㎡", area / 100, area % 100)
}
