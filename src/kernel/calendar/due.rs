//! When a period ends.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use super::Calendar;

/// The longest period that is computed, in days (more than two centuries). No rule knows a longer one, and a slip of
/// the keyboard must neither hang the server nor run past the end of the calendar: longer periods end there.
pub const LONGEST: u32 = 100_000;

/// The end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Due {
    /// The first instant that is late: 00:00 of the day after `last_day`, at the calendar's offset.
    pub at: DateTime<Utc>,
    /// The last day, of which 24:00 is the end.
    pub last_day: NaiveDate,
    /// True when a day of the period lies in a year without a published table: the date may still move.
    pub provisional: bool,
}

impl Calendar {
    /// The end of `n` working days from an instant: days are counted from the day after the start (Civil Code 201),
    /// the hour of filing never matters, and the end is 24:00 of the `n`-th (203). `n` = 0 is 24:00 of the same day.
    pub fn due(&self, start: DateTime<Utc>, n: u32) -> Due {
        let filed = self.date_of(start);
        let mut day = filed.num_days_from_ce();
        for _ in 0..n.min(LONGEST) {
            day += 1;
            while !self.works(day) {
                day += 1;
            }
        }
        self.ending(filed, day)
    }

    /// As [`due`](Self::due), with a clock that was stopped between the given pairs of instants (from inclusive, to
    /// exclusive; they may overlap and need no order).
    ///
    /// **A working day counts if the clock was running at its 24:00.** So a stop that begins and ends on one day
    /// changes nothing, a stop over `k` ends of working days moves the end by `k` working days, and a period
    /// never ends while its clock stands. For a stop that still lasts give the present instant as its end: the answer
    /// is then "if it went on from now".
    pub fn due_with_stops(&self, start: DateTime<Utc>, n: u32, stops: &[(DateTime<Utc>, DateTime<Utc>)]) -> Due {
        let filed = self.date_of(start);
        let mut day = filed;
        for _ in 0..n.min(LONGEST) {
            day = self.next_working(day);
            while let Some(goes_on) = self.stopped_at_end_of(day, stops) {
                // Straight to the day on which the clock went on, or a day at least: a stop of years costs one step.
                day = self.first_working_from(goes_on).max(self.next_working(day));
                if day >= NaiveDate::MAX {
                    break;
                }
            }
        }
        self.ending(filed, day.num_days_from_ce())
    }

    /// The end of `n` natural days from a date, rolled to the next working day when the last one is off (Civil Code
    /// 203). Weekends count as days off. `n` = 0 is the day itself, unrolled.
    pub fn natural_due(&self, start: NaiveDate, n: u32) -> Due {
        let end = start.checked_add_days(Days::new(n.min(LONGEST).into())).unwrap_or(NaiveDate::MAX);
        let last = if n == 0 { end } else { self.first_working_from(end) };
        let mut due = self.ending(start, last.num_days_from_ce());
        // Of natural days only the last one asks the table.
        due.provisional = n > 0 && (self.is_provisional(end) || self.is_provisional(last));
        due
    }

    /// An end moved by `n` working days, for a clock that stood over the ends of so many. An instant within a day
    /// belongs to that day's 24:00.
    pub fn moved(&self, end: DateTime<Utc>, n: u32) -> DateTime<Utc> {
        if n == 0 {
            return end;
        }
        let mut day = self.date_of(end - chrono::Duration::microseconds(1));
        for _ in 0..n.min(LONGEST) {
            day = self.next_working(day);
        }
        self.end_of(day)
    }

    /// Ends of working days that lie in a stop (from inclusive, to exclusive): by so many it moves an end.
    pub fn ends_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
        let before = |at: DateTime<Utc>| self.date_of(at).pred_opt().unwrap_or(NaiveDate::MIN);
        self.working_days_between(before(from), before(to))
    }

    /// The day on which the clock went on, if it stood in the last moment of `day`.
    pub(super) fn stopped_at_end_of(&self, day: NaiveDate, stops: &[(DateTime<Utc>, DateTime<Utc>)]) -> Option<NaiveDate> {
        let end = self.end_of(day);
        stops.iter().filter(|(from, to)| *from < end && end <= *to).map(|(_, to)| self.date_of(*to)).max()
    }

    pub(super) fn next_working(&self, date: NaiveDate) -> NaiveDate {
        date.succ_opt().map_or(NaiveDate::MAX, |next| self.first_working_from(next))
    }

    fn first_working_from(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date.num_days_from_ce();
        while !self.works(day) {
            day += 1;
        }
        NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX)
    }

    fn ending(&self, filed: NaiveDate, day: i32) -> Due {
        let last_day = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX);
        let counted_from = filed.succ_opt().unwrap_or(filed).year();
        let provisional = last_day > filed && (counted_from..=last_day.year()).any(|y| self.years.binary_search(&y).is_err());
        Due { at: self.end_of(last_day), last_day, provisional }
    }
}
