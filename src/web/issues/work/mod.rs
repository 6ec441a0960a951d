//! The working side of a matter: what those who handle it see, and one file for each thing that they can do with it.

mod acceptance;
mod acting;
mod call_back;
mod category;
mod completion;
mod confirmation;
mod declination;
mod drafts;
mod identity;
mod lead;
mod links;
mod long_term;
mod meanwhile;
mod mentions;
mod merge;
mod messages;
mod next;
mod nomination;
mod picking;
mod place;
mod question;
mod reopening;
mod reports;
mod room;
mod said;
mod sheet;
mod show;
mod split;
mod suggested;
pub(in crate::web) mod transfer;
mod voices;

pub(in crate::web) use acting::{again, back, hold};
pub(in crate::web) use lead::Lead;
pub(in crate::web) use meanwhile::Meanwhile;
pub(in crate::web) use next::{Lamp, place_of};
pub(in crate::web) use reports::Photo;
pub(in crate::web) use room::Room;
pub(in crate::web) use sheet::{Choice, Sheet};

use rocket::Route;

/// Mounted at `/b`.
pub(in crate::web) fn routes() -> Vec<Route> {
    [
        acceptance::routes(),
        call_back::routes(),
        category::routes(),
        completion::routes(),
        confirmation::routes(),
        declination::routes(),
        drafts::routes(),
        identity::routes(),
        links::routes(),
        long_term::routes(),
        mentions::routes(),
        merge::routes(),
        messages::routes(),
        nomination::routes(),
        place::routes(),
        question::routes(),
        reopening::routes(),
        reports::routes(),
        show::routes(),
        split::routes(),
        transfer::routes(),
    ]
    .concat()
}
