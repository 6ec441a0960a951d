//! `/desk/changes`: a desk that stands open is told that something happened in one of the person's buildings.

use rocket::http::Status;
use rocket::{Route, Shutdown, get, routes};

use crate::domain::buildings;
use crate::kernel::error::Result;
use crate::kernel::ids::BuildingId;
use crate::web::changes::{Events, Pace, Wanted, told};
use crate::web::guards::SignedIn;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[get("/desk/changes")]
async fn show(me: SignedIn<'_>, wanted: Option<Wanted>, end: Shutdown) -> Result<std::result::Result<Events, Status>> {
    if wanted.is_none() {
        return Ok(Err(Status::NoContent));
    }
    let mut mine = buildings::all(me.house.read(), None).await?;
    mine.retain(|b| me.signed.memberships.iter().any(|m| m.covers(b)));
    let mine: Vec<BuildingId> = mine.into_iter().map(|b| b.id).collect();
    Ok(Ok(told(&me.house, Pace::Calm, move |c| c.building.is_some_and(|b| mine.contains(&b)), end)))
}
