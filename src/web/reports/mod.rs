//! Filing: the form behind a poster's code, and "me too". Nobody needs an account; a form that fails loses nothing.

mod crush;
mod filing;
mod form;
mod known;
mod me_too;
mod photo;
mod similar;
mod taken_down;
mod where_from;
mod who;

pub(super) use who::counted_sms;

use rocket::Route;

use super::caller::Caller;
use super::guards::At;
use crate::domain::buildings::Building;
use crate::domain::reports::{self, Filed};
use crate::kernel::error::{Error, Result};
use crate::kernel::limits::Limit;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [filing::routes(), me_too::routes(), photo::routes(), similar::routes(), taken_down::routes()].concat()
}

/// How often one device may file something new in an hour, and one address: a tower's network is one address.
const FILED: (Limit, Limit) = (Limit { what: "report-device", minutes: 60, at_most: 20 }, Limit { what: "report-address", minutes: 60, at_most: 60 });
/// The same for "me too": when a lift stops, hundreds have met the same thing.
const JOINED: (Limit, Limit) =
    (Limit { what: "me-too-device", minutes: 60, at_most: 40 }, Limit { what: "me-too-address", minutes: 60, at_most: 1200 });

/// How many photos may be sent ahead of their forms.
const PHOTOS: (Limit, Limit) = (Limit { what: "photo-device", minutes: 60, at_most: 60 }, Limit { what: "photo-address", minutes: 60, at_most: 600 });

async fn building(caller: &Caller) -> Result<Building> {
    match At::of(caller, &caller.path).await? {
        At::Building(b) => Ok(*b),
        At::District(_) => Err(Error::NotFound),
    }
}

/// What the database keeps of a form's key: bound to the device, so that a key alone leads nobody to a receipt.
fn form_key(caller: &Caller, key: Option<&str>, about: &str) -> Option<Vec<u8>> {
    key.map(|key| caller.house.keys().derive("form-key", &[&caller.device(), key.as_bytes(), about.as_bytes()]).to_vec())
}

/// Where the receipt is: the reporter's own page, or, where somebody wrote it down for them, the page to hand it over from.
fn receipt(caller: &Caller, building: &Building, for_another: bool, filed: &Filed) -> String {
    if for_another {
        let handle = reports::handle_of(caller.house.keys(), filed.report.id);
        return format!("/b/{}/issues/{}/taken-down/{handle}", building.slug, filed.issue.number);
    }
    format!("/r/{}", filed.receipt)
}
