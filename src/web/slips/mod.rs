//! Slips 凭条: making and ending batches of them, and redeeming one. What a device holds lies in a cookie that goes nowhere
//! but below `/slip`: the page of a receipt never sees it.

mod batches;
mod holding;
mod sheet;

use rocket::Route;
use rocket::http::{Cookie, SameSite};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};

use super::caller;
use crate::kernel::act::House;
use crate::kernel::limits::Limit;

/// Mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    holding::routes()
}

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    batches::routes()
}

/// How often one device, and one address, may try a code.
const TRIES: (Limit, Limit) = (Limit { what: "slip-device", minutes: 15, at_most: 10 }, Limit { what: "slip-address", minutes: 15, at_most: 120 });

const NAME: &str = "slip";

/// What this device holds, if anything.
pub struct OnDevice(pub Option<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for OnDevice {
    type Error = ();

    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, ()> {
        Outcome::Success(Self(req.cookies().get(NAME).map(|c| c.value().to_owned()).filter(|v| !v.is_empty())))
    }
}

/// The cookie that holds it, for as long as browsers keep one; an empty one takes it away.
fn cookie(house: &House, secret: String) -> Cookie<'static> {
    let days = if secret.is_empty() { 0 } else { 400 };
    Cookie::build((NAME, secret))
        .path("/slip")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(caller::https(house))
        .max_age(rocket::time::Duration::days(days))
        .build()
}
