//! `/b/{building}/channels`: chat groups that are told by a robot: added, tried out, changed, paused, removed. The robot's
//! address and secret are typed in and never shown again.

mod form;
mod index;
mod show;

use rocket::{Route, routes};

pub(super) use form::hours;

use super::guards::{Channels, May};
use crate::domain::buildings::Building;
use crate::domain::channels::Channel;
use crate::domain::organisations::{self, Organisation};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    routes![index::index, index::create, show::show, show::change, show::test, show::pause, show::resume, show::remove]
}

fn root(building: &Building) -> String {
    format!("/b/{}/channels", building.slug)
}

/// The organisations of and around a building.
async fn around(who: &May<'_, Channels>) -> Result<Vec<Organisation>> {
    let building = who.building()?;
    organisations::around(who.house.read(), building.district_id, building.id).await
}

/// Whose channel it is.
fn whose(channel: &Channel, around: &[Organisation], lang: Lang) -> String {
    match channel.organisation_id {
        None => lang.t("channels.council"),
        Some(id) => around.iter().find(|o| o.id == id).map(|o| o.short(lang).to_owned()).unwrap_or_default(),
    }
}
