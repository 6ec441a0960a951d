//! `louyi demo`: a furnished district with two years of history, made only by calling the domain's verbs under a clock
//! that is set by hand. What it makes is described in `docs/demo.md`.

mod cue;
mod data;
mod furnish;
mod generated;
mod history;
mod lift_case;
mod photos;
mod rehearsal;
mod rhythm;
mod stage;
mod summary;
mod verbs;
mod world;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};

use indicatif::{ProgressBar, ProgressStyle};

use crate::kernel::act::House;
use crate::kernel::calendar::BEIJING;
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use crate::kernel::outbox;
use history::History;
use rhythm::Rhythm;

pub use cue::{Cue, Desk, Due, Paper, Player, Reporters, Sending, Session, Work};
pub use history::Said;
pub use photos::Picture;
pub use rehearsal::Rehearsal;
pub use stage::Stage;
pub use summary::Summary;

/// What to load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Generated issues beside the history.
    pub issues: u32,
    /// Whether to show on the terminal how far it is.
    pub progress: bool,
}

impl Options {
    /// A bar on the terminal for so many steps, or nothing to see.
    fn bar(&self, steps: u64) -> ProgressBar {
        if !self.progress {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::new(steps).with_style(style)
    }
}

/// Letters of so many last days are still to be read on the operator's page; earlier ones have long gone out.
const LETTERS_DAYS: i64 = 3;

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
    house.db().hurry(true).await?;
    let mut stage = Stage::new(house, clock);
    let from = founding(now);
    let world = furnish::furnish(&mut stage, from).await?;
    let mut rhythm = Rhythm::new(house.calendar(), history::SEED);
    let mut history = History::plan(world, &mut rhythm, from, now, options.issues)?;
    history.play(&mut stage, now, options).await?;
    clock.set(now);
    if options.issues > 0 {
        generated::load(house, &history.world, now, options).await?;
    }
    outbox::past(house.db(), now - Duration::days(LETTERS_DAYS)).await?;
    house.db().hurry(false).await?;
    summary::summarise(house, &history).await
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
