//! The council in the browser: who sits in it, what it has decided, what waits on its list. The same code serves a
//! building's council (`/b/…`) and a district's (`/d/…`).

pub(super) mod bench;
pub(super) mod drawn;
pub(super) mod items;
pub(super) mod lines;
mod rules;
mod seating;
mod show;
pub(super) mod sum;
mod topics;

/// Mounted at `/b` alone.
pub(super) fn routes_of_building() -> Vec<Route> {
    [seating::routes_of_building(), topics::routes_of_building()].concat()
}

use rocket::{Route, routes};
use sea_orm::ConnectionTrait;

use super::caller::Caller;
use super::frame::Frame;
use super::guards::At;
use crate::domain::buildings::{self, Building};
use crate::domain::councils::{self, Council};
use crate::domain::issues::Issue;
use crate::domain::meetings::{self, Meeting, MeetingState, publicity};
use crate::domain::persons;
use crate::domain::resolutions::Resolution;
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    [
        rules::routes(),
        routes![
            show::show,
            items::propose,
            items::nominate,
            items::show,
            items::prepare,
            items::list,
            items::defer,
            items::refer,
            items::withdraw,
            items::publicity
        ],
    ]
    .concat()
}

/// The council of an address.
pub(super) struct Here {
    at: At,
    /// Which.
    pub council: Council,
    /// `/b/tingqiao`.
    pub root: String,
}

impl Here {
    /// Reads it off the request's address.
    pub async fn of(caller: &Caller) -> Result<Self> {
        let at = At::of(caller, &caller.path).await?;
        let db = caller.house.read();
        let council = match &at {
            At::Building(b) => councils::of_building(db, b.id).await?,
            At::District(d) => councils::of_district(db, d.id).await?,
        };
        Ok(Self { root: at.root(), at, council })
    }

    /// The short name in its resolutions' numbers.
    pub fn short(&self) -> &str {
        match &self.at {
            At::Building(b) => &b.short,
            At::District(d) => &d.short,
        }
    }

    /// The building, where it is a building's council.
    pub fn building(&self) -> Option<&Building> {
        match &self.at {
            At::Building(b) => Some(b),
            At::District(_) => None,
        }
    }

    /// The building of a matter that is before this council: its own, or one of its district.
    pub async fn home(&self, db: &impl ConnectionTrait, issue: Option<&Issue>) -> Result<Option<Building>> {
        match (issue, &self.at) {
            (None, _) => Ok(None),
            (Some(_), At::Building(b)) => Ok(Some((**b).clone())),
            (Some(i), At::District(_)) => Ok(Some(buildings::by_id(db, i.building_id).await?)),
        }
    }

    /// A page of this council in its frame.
    pub fn frame(&self, caller: &Caller, title: impl Into<String>) -> Frame {
        let frame = Frame::titled(title).here("council");
        match &self.at {
            At::Building(b) => frame.of(caller, b),
            At::District(d) => frame.of_district(caller, d),
        }
    }

    /// Whether the caller has a right here.
    pub fn may(&self, caller: &Caller, right: Right) -> bool {
        caller.signed.as_ref().is_some_and(|s| match &self.at {
            At::Building(b) => persons::entitled(&s.memberships, right, b).is_some(),
            At::District(d) => persons::entitled_in_district(&s.memberships, right, d.id).is_some(),
        })
    }

    /// Whether the caller holds any role here, and so may read what is being prepared.
    pub fn inside(&self, caller: &Caller) -> bool {
        self.may(caller, Right::Desk)
    }

    /// Fails, as if there were nothing, for those without a role here.
    pub fn ask_inside(&self, caller: &Caller) -> Result<()> {
        if self.inside(caller) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Resolutions as the caller may read them: what was decided on an item that is not public, only those inside.
    pub async fn shown(&self, caller: &Caller, all: Vec<Resolution>) -> Result<Vec<Resolution>> {
        if self.inside(caller) { Ok(all) } else { publicity::veil(caller.house.read(), all, caller.lang).await }
    }

    /// A meeting by its number; a draft is there only for those who prepare it.
    pub async fn meeting(&self, caller: &Caller, number: i32) -> Result<Meeting> {
        let meeting = meetings::by_number(caller.house.read(), self.council.id, number).await?;
        let never_called = meeting.called_at.is_none() && matches!(meeting.state, MeetingState::Draft | MeetingState::Cancelled);
        if never_called && !self.may(caller, Right::Preside) {
            return Err(Error::NotFound);
        }
        Ok(meeting)
    }
}
