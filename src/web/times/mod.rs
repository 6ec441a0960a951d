//! `/b/{building}/times`: how soon an answer and a result are owed there, for everybody; and other times from a day on, as
//! its council has decided.

mod adopting;
mod reading;

use rocket::Route;

use crate::domain::categories::Limit;
use crate::kernel::i18n::Lang;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [adopting::routes(), reading::routes()].concat()
}

/// `5个工作日`.
fn words(limit: Limit, lang: Lang) -> String {
    let (key, n) = match limit {
        Limit::Hours(0) => ("at_once", 0),
        Limit::Hours(n) => ("hours", n),
        Limit::WorkingDays(n) => ("working_days", n),
        Limit::Days(n) => ("days", n),
    };
    lang.say(&format!("times.limit.{key}"), &[("n", &n.to_string())])
}
