//! Hooks: what other programs of the operator bring in by HTTP. The door is a secret that both know.

mod mail;
mod sms;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};
use rocket::{Catcher, Route};

use super::problem;
use crate::kernel::act::House;
use crate::kernel::error::Error;

/// Mounted at `/hooks`.
pub(super) fn routes() -> Vec<Route> {
    [mail::routes(), sms::routes()].concat()
}

/// Registered at `/hooks`.
pub(super) fn catchers() -> Vec<Catcher> {
    problem::catchers()
}

/// Whoever shows the secret `LOUYI_HOOK_SECRET` as a bearer token. Where none is set, there is no such door.
pub struct Hook {
    /// The installation.
    pub house: House,
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer<'r>(req: &'r Request<'_>) -> Option<&'r str> {
    let (scheme, token) = req.headers().get_one("Authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Hook {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let Some(house) = req.rocket().state::<House>() else {
            return Outcome::Error((Status::InternalServerError, Error::broken("no house")));
        };
        let Some(secret) = &house.settings().hook_secret else {
            req.local_cache(|| Some("no_hook"));
            return Outcome::Error((Status::NotFound, Error::NotFound));
        };
        // Compared under a key, so that neither length nor beginning of the secret can be measured.
        let sealed = |text: &str| house.keys().derive("hook", &[text.as_bytes()]);
        let shown = bearer(req).unwrap_or_default();
        if subtle::ConstantTimeEq::ct_eq(&sealed(shown)[..], &sealed(secret.reveal())[..]).into() {
            return Outcome::Success(Hook { house: house.clone() });
        }
        Outcome::Error((Status::Unauthorized, Error::NotFound))
    }
}
