//! Guards: who may call a handler is the type of its argument, so that no handler can be written without saying it.

mod holder;

pub use holder::Holder;

use std::marker::PhantomData;
use std::ops::Deref;

use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};

use super::caller::{Caller, Signed};
use super::sent::Sent;
use crate::domain::buildings::{self, Building, District};
use crate::domain::persons::{self, Membership, Person};
use crate::domain::rights::Right;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;

/// Open to everybody.
pub struct Anyone<'r>(&'r Caller);

impl Deref for Anyone<'_> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.0
    }
}

impl Anyone<'_> {
    /// Begins an act of a visitor.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.0.begin(Actor::Visitor, sent).await
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Anyone<'r> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        req.guard::<&Caller>().await.map(Anyone)
    }
}

/// Anybody who is signed in and holds a role.
pub struct SignedIn<'r> {
    caller: &'r Caller,
    /// The person and their roles.
    pub signed: &'r Signed,
}

impl Deref for SignedIn<'_> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl SignedIn<'_> {
    /// The person.
    pub fn person(&self) -> &Person {
        &self.signed.person
    }
    /// Begins an act on one's own account, in the first of one's roles; who has none yet can still sign out.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(self.signed.memberships.first().map_or(Actor::Visitor, Membership::actor), sent).await
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn<'r> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller = rocket::outcome::try_outcome!(req.guard::<&Caller>().await);
        match &caller.signed {
            Some(signed) => Outcome::Success(SignedIn { caller, signed }),
            None => Outcome::Error((Status::Unauthorized, Error::NotFound)),
        }
    }
}

/// A right, as a type.
pub trait Needs: Send + Sync + 'static {
    /// Which one.
    const RIGHT: Right;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name;
        impl Needs for $name { const RIGHT: Right = Right::$name; }
    )+};
}

rights! {
    /// See [`Right::Desk`].
    Desk,
    /// See [`Right::Triage`].
    Triage,
    /// See [`Right::Roster`].
    Roster,
    /// See [`Right::Work`].
    Work,
    /// See [`Right::Supervise`].
    Supervise,
    /// See [`Right::Nominate`].
    Nominate,
    /// See [`Right::Release`].
    Release,
    /// See [`Right::Hide`].
    Hide,
    /// See [`Right::Secretariat`].
    Secretariat,
    /// See [`Right::Preside`].
    Preside,
    /// See [`Right::Vote`].
    Vote,
    /// See [`Right::Edit`].
    Edit,
    /// See [`Right::Announce`].
    Announce,
    /// See [`Right::Posters`].
    Posters,
    /// See [`Right::Slips`].
    Slips,
    /// See [`Right::Channels`].
    Channels,
    /// See [`Right::Seats`].
    Seats,
    /// See [`Right::People`].
    People,
    /// See [`Right::Import`].
    Import,
    /// See [`Right::Maintain`].
    Maintain,
    /// See [`Right::Administer`].
    Administer,
}

/// Where an address below `/b/{building}` or `/d/{district}` is.
pub enum At {
    /// In a building.
    Building(Box<Building>),
    /// In a district as a whole.
    District(Box<District>),
}

impl At {
    /// Reads it off an address.
    pub async fn of(caller: &Caller, path: &str) -> Result<At> {
        let mut parts = path.trim_start_matches('/').split('/');
        let db = caller.house.read();
        match (parts.next(), parts.next()) {
            (Some("b"), Some(slug)) => Ok(At::Building(Box::new(buildings::by_slug(db, slug).await?))),
            (Some("d"), Some(slug)) => Ok(At::District(Box::new(buildings::district_by_slug(db, slug).await?))),
            _ => Err(Error::NotFound),
        }
    }

    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        match self {
            At::Building(b) => b.name(lang),
            At::District(d) => d.name(lang),
        }
    }

    /// As it is called for short.
    pub fn short(&self) -> &str {
        match self {
            At::Building(b) => &b.short,
            At::District(d) => &d.short,
        }
    }

    /// `/b/tingqiao`.
    pub fn root(&self) -> String {
        match self {
            At::Building(b) => format!("/b/{}", b.slug),
            At::District(d) => format!("/d/{}", d.slug),
        }
    }
}

/// A person with the right `R` in the building or district of the address.
pub struct May<'r, R: Needs> {
    caller: &'r Caller,
    /// The person and their roles.
    pub signed: &'r Signed,
    /// The role that gives the right here.
    pub membership: Membership,
    /// Where.
    pub at: At,
    right: PhantomData<R>,
}

impl<R: Needs> Deref for May<'_, R> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl<R: Needs> May<'_, R> {
    /// The building of the address.
    pub fn building(&self) -> Result<&Building> {
        match &self.at {
            At::Building(b) => Ok(b),
            At::District(_) => Err(Error::NotFound),
        }
    }

    /// The role with this right that speaks for an organisation, or else the first.
    pub fn membership_for(&self, organisation: Option<OrganisationId>) -> &Membership {
        let roles = R::RIGHT.roles();
        let here = |m: &&Membership| match &self.at {
            At::Building(b) => m.covers(b),
            At::District(d) => m.district_id == Some(d.id),
        };
        let fits = |m: &&Membership| roles.contains(&m.role) && Some(m.organisation_id) == organisation;
        self.signed.memberships.iter().filter(here).find(fits).unwrap_or(&self.membership)
    }

    /// Begins an act in this role.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(self.membership.actor(), sent).await
    }

    /// Begins an act in another of the person's roles; the rule of its page has found which.
    pub(super) async fn caller_begin(&self, actor: Actor, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(actor, sent).await
    }

    /// Begins an act for an organisation, where the person speaks for it.
    pub async fn begin_for(&self, organisation: Option<OrganisationId>, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(self.membership_for(organisation).actor(), sent).await
    }
}

#[rocket::async_trait]
impl<'r, R: Needs> FromRequest<'r> for May<'r, R> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller = rocket::outcome::try_outcome!(req.guard::<&Caller>().await);
        let at = match At::of(caller, req.uri().path().as_str()).await {
            Ok(at) => at,
            Err(Error::NotFound) => return Outcome::Error((Status::NotFound, Error::NotFound)),
            Err(e) => return Outcome::Error((Status::InternalServerError, e)),
        };
        let Some(signed) = &caller.signed else { return Outcome::Error((Status::Unauthorized, Error::NotFound)) };
        let held = match &at {
            At::Building(b) => persons::entitled(&signed.memberships, R::RIGHT, b),
            At::District(d) => persons::entitled_in_district(&signed.memberships, R::RIGHT, d.id),
        };
        match held.cloned() {
            Some(membership) => Outcome::Success(May { caller, signed, membership, at, right: PhantomData }),
            None => {
                req.local_cache(|| Some(super::errors::Missing(R::RIGHT)));
                Outcome::Error((Status::Forbidden, Refusal::new("no_right").into()))
            }
        }
    }
}

/// A person who holds the right `R` for some organisation, wherever that is: a tenant signs what a district's council asks
/// of it too. The rule itself asks for which organisation the person speaks.
pub struct Holds<'r, R: Needs> {
    caller: &'r Caller,
    /// The person and their roles.
    pub signed: &'r Signed,
    first: Membership,
    right: PhantomData<R>,
}

impl<R: Needs> Deref for Holds<'_, R> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        self.caller
    }
}

impl<R: Needs> Holds<'_, R> {
    /// Begins an act in the first role that gives the right.
    pub async fn begin(&self, sent: &Sent<'_>) -> Result<Act> {
        self.caller.begin(self.first.actor(), sent).await
    }

    /// Begins an act in one of the person's own roles.
    pub async fn begin_as(&self, actor: Actor, sent: &Sent<'_>) -> Result<Act> {
        if !self.signed.memberships.iter().any(|m| m.actor() == actor) {
            return Err(Refusal::new("no_right").into());
        }
        self.caller.begin(actor, sent).await
    }

    /// Begins an act for an organisation, where the person speaks for it.
    pub async fn begin_for(&self, organisation: OrganisationId, sent: &Sent<'_>) -> Result<Act> {
        let fits = |m: &&Membership| m.role.may(R::RIGHT) && m.organisation_id == organisation;
        self.caller.begin(self.signed.memberships.iter().find(fits).unwrap_or(&self.first).actor(), sent).await
    }
}

#[rocket::async_trait]
impl<'r, R: Needs> FromRequest<'r> for Holds<'r, R> {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller = rocket::outcome::try_outcome!(req.guard::<&Caller>().await);
        let Some(signed) = &caller.signed else { return Outcome::Error((Status::Unauthorized, Error::NotFound)) };
        match signed.memberships.iter().find(|m| m.role.may(R::RIGHT)).cloned() {
            Some(first) => Outcome::Success(Holds { caller, signed, first, right: PhantomData }),
            None => {
                req.local_cache(|| Some(super::errors::Missing(R::RIGHT)));
                Outcome::Error((Status::Forbidden, Refusal::new("no_right").into()))
            }
        }
    }
}
