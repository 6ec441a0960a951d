//! `louyi migrate`: brings the database up to date and ends; `serve` does the same by itself.

use super::{opening, out, spoken};
use crate::kernel::clock::Clock;
use crate::kernel::error::Result;
use crate::kernel::settings::Settings;

/// Opens, migrates, says where it stands.
pub async fn run() -> Result<()> {
    let house = opening::house(Settings::read()?, Clock::running()).await?;
    let version = house.db().version().await?.unwrap_or_default();
    out(&spoken().say("commands.migrate.done", &[("version", &version)]));
    house.db().clone().close().await
}
