//! Bulletins 楼报: editions to read on a phone and to print as a newspaper, and the desk where they are made.

mod editing;
mod reading;

use rocket::Route;

/// Of all buildings, mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    reading::everywhere()
}

/// Of one building or district, mounted at `/b` and at `/d`.
pub(super) fn routes_below() -> Vec<Route> {
    [reading::routes(), editing::routes()].concat()
}

use super::caller::Caller;
use super::frame::Frame;
use super::guards::At;
use crate::domain::editions::{self, Edition};
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, DistrictId};

/// Whose bulletin: a district's, or one of its buildings'.
fn whose(at: &At) -> (DistrictId, Option<BuildingId>) {
    match at {
        At::Building(b) => (b.district_id, Some(b.id)),
        At::District(d) => (d.id, None),
    }
}

async fn by_number(caller: &Caller, at: &At, number: i32) -> Result<Edition> {
    let (district, building) = whose(at);
    editions::by_number(caller.house.read(), district, building, number).await
}

fn frame(caller: &Caller, at: &At, title: String) -> Frame {
    let frame = Frame::titled(title).here("bulletin");
    match at {
        At::Building(b) => frame.of(caller, b),
        At::District(d) => frame.of_district(caller, d),
    }
}
