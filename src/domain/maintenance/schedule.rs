//! On which days a plan has its rounds. Each follows from the one before it, so that late work pushes nothing.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::kernel::calendar::Calendar;
use crate::kernel::error::Refusal;

vocabulary! {
    /// What the distance between two rounds is counted in.
    Rhythm {
        /// Every so many days.
        Days = "days",
        /// Every so many working days.
        WorkingDays = "working_days",
        /// On this day of each month; in a shorter month on its last.
        MonthDay = "month_day",
    }
}

/// Most natural days between two maintenances of a lift (TSG T5002-2017, annex A: at least every fifteen days).
pub const LIFT_DAYS: i64 = 15;

/// So far back and ahead of a day a schedule is looked at, in days. A year whose notice is not out yet knows no holidays: those of
/// the last two years stand for them.
const LOOKED_AT: u64 = 730;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub rhythm: Rhythm,
    /// Days, working days, or the day of the month.
    pub every: u32,
}

/// A day of a month, or its last.
fn in_month(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (28..=day.max(28)).rev().chain([day]).find_map(|d| NaiveDate::from_ymd_opt(year, month, d.min(day)))
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

fn working_from(day: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let mut day = day;
    while !calendar.is_working(day) && day < NaiveDate::MAX {
        day = next(day);
    }
    day
}

impl Schedule {
    /// Looks at what somebody asked for.
    pub fn new(rhythm: Rhythm, every: i32) -> Result<Self, Refusal> {
        let most = match rhythm {
            Rhythm::Days => 730,
            Rhythm::WorkingDays => 500,
            Rhythm::MonthDay => 31,
        };
        match u32::try_from(every) {
            Ok(n) if (1..=most).contains(&n) => Ok(Self { rhythm, every: n }),
            _ => Err(Refusal::new("plan_every").with("max", most).at("every")),
        }
    }

    /// The first round on or after a day.
    pub fn begins(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        match self.rhythm {
            Rhythm::Days => day,
            Rhythm::WorkingDays => working_from(day, calendar),
            Rhythm::MonthDay => match in_month(day.year(), day.month(), self.every) {
                Some(this) if this >= day => this,
                _ => self.in_next_month(day),
            },
        }
    }

    fn in_next_month(self, day: NaiveDate) -> NaiveDate {
        let (year, month) = if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
        in_month(year, month, self.every).unwrap_or(NaiveDate::MAX)
    }

    /// The round after that of a day.
    pub fn after(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        match self.rhythm {
            Rhythm::Days => day.checked_add_days(Days::new(self.every.into())).unwrap_or(NaiveDate::MAX),
            Rhythm::WorkingDays => (0..self.every).fold(day, |d, _| working_from(next(d), calendar)),
            Rhythm::MonthDay => self.in_next_month(day),
        }
    }

    /// The longest that two rounds lie apart within two years of a day, in natural days.
    pub fn longest(self, around: NaiveDate, calendar: &Calendar) -> i64 {
        let (span, end) = (Days::new(LOOKED_AT), around.checked_add_days(Days::new(LOOKED_AT)).unwrap_or(NaiveDate::MAX));
        let (mut day, mut longest) = (self.begins(around.checked_sub_days(span).unwrap_or(around), calendar), 0);
        while day < end {
            let after = self.after(day, calendar);
            longest = longest.max((after - day).num_days());
            day = after;
        }
        longest
    }
}
