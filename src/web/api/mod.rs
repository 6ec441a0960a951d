//! `/api/v1`: for devices. JSON in, JSON out, faults as `application/problem+json`.

mod reports;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};
use rocket::{Catcher, Route};

use super::hooks::bearer;
use super::problem;
use crate::domain::devices::{self, DeviceKey};
use crate::kernel::act::House;
use crate::kernel::error::Error;

/// Mounted at `/api/v1`.
pub(super) fn routes() -> Vec<Route> {
    reports::routes()
}

/// Registered at `/api`.
pub(super) fn catchers() -> Vec<Catcher> {
    problem::catchers()
}

/// A device that shows a key which holds.
pub struct Device {
    /// The installation.
    pub house: House,
    /// Its key.
    pub key: DeviceKey,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Device {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let Some(house) = req.rocket().state::<House>() else {
            return Outcome::Error((Status::InternalServerError, Error::broken("no house")));
        };
        match devices::by_key(house.read(), bearer(req).unwrap_or_default()).await {
            Ok(Some(key)) => Outcome::Success(Device { house: house.clone(), key }),
            Ok(None) => Outcome::Error((Status::Unauthorized, Error::NotFound)),
            Err(e) => {
                tracing::error!(%e, "a key could not be looked up");
                Outcome::Error((Status::InternalServerError, e))
            }
        }
    }
}

/// The key under which a device sends something once (draft-ietf-httpapi-idempotency-key-header).
pub struct Once<'r>(pub Option<&'r str>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Once<'r> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        // The draft has it as a string in quotes; without them it is the same key.
        let given = req.headers().get_one("Idempotency-Key").map(|k| k.trim().trim_matches('"'));
        Outcome::Success(Once(given.filter(|k| !k.is_empty() && k.len() <= 200 && k.bytes().all(|b| b.is_ascii_graphic()))))
    }
}
