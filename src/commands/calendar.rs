//! `louyi calendar load FILE`: the table of the year's holidays and worked weekends, once the notice is out.

use std::path::PathBuf;

use super::{opening, out, spoken};
use crate::domain::calendars;
use crate::kernel::act::Actor;
use crate::kernel::calendar::Calendar;
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use crate::kernel::settings::Settings;

/// What to do with the calendar.
#[derive(clap::Subcommand)]
pub enum Args {
    /// Load a table: a CSV file with the columns date,kind,name
    #[command(long_about = "Loads the working-day calendar: a CSV file with a line date,kind,name and one row per day that differs from \
        Monday to Friday; kind is holiday or workday.\n\n\
        It must know every year that the table in force knows. Clocks that start from now on count by it, in every process within a \
        minute; dates already promised stay. What was promised provisionally and would be another day by the new table is counted, and \
        moved only by an administrator on the page /calendars.")]
    Load {
        /// The table
        file: PathBuf,
    },
}

/// Loads it.
pub async fn run(args: Args) -> Result<()> {
    let Args::Load { file } = args;
    let text = std::fs::read_to_string(&file).map_err(|e| Error::broken(format!("{} cannot be read: {e}", file.display())))?;
    let house = opening::house(Settings::read()?, Clock::running()).await?;
    let act = house.act(Actor::System).await?;
    let name = file.file_name().map_or_else(|| "calendar".into(), |n| n.to_string_lossy().into_owned());
    let differing = match Calendar::parse(&text) {
        Ok(table) => calendars::differing(act.tx(), act.at, &calendars::in_force(act.tx()).await?, &table).await?,
        // What is wrong with it is said below, line by line.
        Err(_) => vec![],
    };
    let loose = differing.iter().filter(|m| m.was_provisional).count();
    let loaded = calendars::load(&act, &name, &text).await?;
    act.commit().await?;
    calendars::follow(&house).await?;
    let calendar = house.calendar();
    let (first, last) = (calendar.years().first(), calendar.years().last());
    let year = |y: Option<&i32>| y.map(ToString::to_string).unwrap_or_default();
    out(&spoken().say("commands.calendar.loaded", &[("version", &loaded.version.to_string()), ("first", &year(first)), ("last", &year(last))]));
    if !differing.is_empty() {
        let (n, loose) = (differing.len().to_string(), loose.to_string());
        out(&spoken().say("commands.calendar.differing", &[("n", &n), ("loose", &loose)]));
    }
    house.db().clone().close().await
}
