//! A building's matters: as everybody reads them, and as those who work on them do.

mod clock;
mod feeds;
pub mod filter;
pub mod list;
mod show;
mod single;
pub mod work;

use rocket::Route;

use crate::domain::buildings::{self, Building};
use crate::domain::issues::{self, Issue};
use crate::kernel::error::Result;
use sea_orm::ConnectionTrait;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [list::routes(), feeds::routes(), single::routes(), clock::routes(), show::routes(), work::routes()].concat()
}

/// The building and the matter of an address.
async fn of_address(db: &impl ConnectionTrait, building: &str, number: i32) -> Result<(Building, Issue)> {
    let building = buildings::by_slug(db, building).await?;
    let issue = issues::by_number(db, building.id, number).await?;
    Ok((building, issue))
}
