//! `…/meetings/{n}/changes`: every screen in an open session is told soon that something happened there.

use rocket::http::Status;
use rocket::{Shutdown, get};

use crate::domain::meetings::MeetingState;
use crate::kernel::error::Result;
use crate::web::changes::{Events, Pace, Wanted, told};
use crate::web::councils::Here;
use crate::web::guards::Anyone;

/// Open to everybody, as the projector's page is: it says that something happened, and nothing else.
#[get("/<_>/meetings/<number>/changes")]
pub(super) async fn show(who: Anyone<'_>, number: i32, wanted: Option<Wanted>, end: Shutdown) -> Result<std::result::Result<Events, Status>> {
    let here = Here::of(&who).await?;
    let meeting = here.meeting(&who, number).await?;
    if wanted.is_none() || !matches!(meeting.state, MeetingState::Called | MeetingState::Open) {
        return Ok(Err(Status::NoContent));
    }
    let (district, building) = (Some(here.council.district_id), here.council.building_id);
    Ok(Ok(told(&who.house, Pace::Close, move |c| c.council && c.district == district && c.building == building, end)))
}
