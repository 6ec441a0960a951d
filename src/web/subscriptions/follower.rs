//! Who may call: whoever holds the address that stands in their letters.

use std::ops::Deref;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};

use crate::domain::subscriptions::{self, Followed, Subscription};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Result};
use crate::web::caller::Caller;
use crate::web::sent::Sent;

/// Somebody who follows: whoever has the address `/follow/{token}` of their letters.
pub struct Follower<'r> {
    caller: &'r Caller,
    /// What they asked for.
    pub subscription: Subscription,
    /// What it is about.
    pub followed: Followed,
    /// The token of the address.
    pub token: String,
}

impl Deref for Follower<'_> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl Follower<'_> {
    /// Begins an act of whoever holds the address.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(Actor::Visitor, sent).await
    }
    /// Begins an act that a mail program asks for without a form (RFC 8058): only the end of letters.
    pub async fn begin_one_click(&self) -> Result<Act> {
        self.caller.house.act(Actor::Visitor).await
    }
}

fn token_in<'r>(req: &'r Request<'_>) -> &'r str {
    req.uri().path().as_str().trim_start_matches("/follow/").split('/').next().unwrap_or_default()
}

async fn follower<'r>(caller: &'r Caller, token: &str) -> Result<Follower<'r>> {
    let token = token.to_owned();
    let subscription = subscriptions::by_token(caller.house.read(), &token).await?;
    let followed = subscription.followed(caller.house.read()).await?;
    Ok(Follower { caller, subscription, followed, token })
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Follower<'r> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller = rocket::outcome::try_outcome!(req.guard::<&Caller>().await);
        match follower(caller, token_in(req)).await {
            Ok(f) => Outcome::Success(f),
            // Once it has ended nothing is kept by which it could be told from an address that never was.
            Err(Error::NotFound) if subscriptions::is_token(token_in(req)) => Outcome::Error((Status::Gone, Error::NotFound)),
            Err(Error::NotFound) => Outcome::Error((Status::NotFound, Error::NotFound)),
            Err(e) => Outcome::Error((Status::InternalServerError, e)),
        }
    }
}
