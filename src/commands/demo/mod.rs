//! `louyi demo`: a furnished district with two years of history, made only by calling the domain's verbs under a clock
//! that is set by hand. What it makes is described in `docs/demo.md`.

mod data;
mod furnish;
mod stage;
mod summary;
mod world;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};

use crate::kernel::act::House;
use crate::kernel::calendar::BEIJING;
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use stage::Stage;
pub use summary::Summary;

/// What to load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Generated issues beside the history.
    pub issues: u32,
    /// Whether to show on the terminal how far it is.
    pub progress: bool,
}

/// The day on which the lift case ends: its dates are fixed, so no history can end before.
const LIFT_CASE_ENDS: (i32, u32, u32) = (2026, 6, 26);

/// Loads the district into an empty database. The house's clock stands, and `clock` is that clock; history ends at the
/// instant at which it stands now.
pub async fn load(house: &House, clock: &Clock, options: &Options) -> Result<Summary> {
    let now = clock.now();
    let (y, m, d) = LIFT_CASE_ENDS;
    if NaiveDate::from_ymd_opt(y, m, d).is_none_or(|day| house.calendar().date_of(now) <= day) {
        return Err(Error::broken(format!(
            "this machine's clock says {}; the demonstration's history runs until {y}-{m:02}-{d:02}",
            now.date_naive()
        )));
    }
    let mut stage = Stage::new(house, clock);
    let mut world = furnish::furnish(&mut stage, founding(now)).await?;
    for home in 0..world.homes.len() {
        let founded = at(world.homes[home].seats.founded, 14, 0);
        furnish::found_council(&mut stage, &mut world, founded, Some(home)).await?;
    }
    furnish::found_council(&mut stage, &mut world, at(data::district()?.council.founded, 14, 0), None).await?;
    stage.commit().await?;
    let _ = options;
    clock.set(now);
    summary::summarise(house, &world).await
}

/// Two years ago, and early enough for the lift case: a Monday morning.
fn founding(now: DateTime<Utc>) -> DateTime<Utc> {
    let early = NaiveDate::from_ymd_opt(2025, 1, 6).unwrap_or_default();
    let day = (now - Duration::days(730)).date_naive().min(early);
    let monday = day - Duration::days(chrono::Datelike::weekday(&day).num_days_from_monday().into());
    at(monday, 9, 0)
}

/// A time of day in the district.
fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    BEIJING.from_local_datetime(&day.and_time(time)).single().map(|t| t.to_utc()).unwrap_or_default()
}
