//! Why a period ends when it ends: day by day, for the page behind 钟怎么算.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Calendar, Kind};

/// One day of a period, in the order of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DayStep<'c> {
    /// The day, at the calendar's offset.
    pub date: NaiveDate,
    /// What it does in the count.
    pub why: Why<'c>,
    /// True when the day's year has no published table.
    pub provisional: bool,
}

/// What a day does in the count. Numbers count from 1; names are those of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why<'c> {
    /// The day of filing: not counted (Civil Code 201).
    Filed,
    /// An ordinary working day, the `k`-th.
    Counted { k: u32 },
    /// A weekend day worked by the holiday notice (调休), the `k`-th.
    MakeUp { k: u32, name: &'c str },
    /// A Saturday or Sunday that no notice names.
    Weekend,
    /// A day off by the notice.
    Holiday { name: &'c str },
    /// A working day at whose 24:00 the clock stood, the `k`-th such day.
    Stopped { k: u32 },
}

impl Calendar {
    /// Every day from the day of filing to the last day of `n` working days; the last step is the `n`-th counted day.
    pub fn explain(&self, start: DateTime<Utc>, n: u32) -> Vec<DayStep<'_>> {
        self.explain_with_stops(start, n, &[])
    }

    /// As [`explain`](Self::explain), for a clock that was stopped as in [`due_with_stops`](Self::due_with_stops).
    pub fn explain_with_stops(&self, start: DateTime<Utc>, n: u32, stops: &[(DateTime<Utc>, DateTime<Utc>)]) -> Vec<DayStep<'_>> {
        let filed = self.date_of(start);
        let last = self.due_with_stops(start, n, stops).last_day;
        let (mut counted, mut stopped) = (0, 0);
        let days = filed.iter_days().take_while(|day| *day <= last);
        days.take(super::LONGEST as usize * 2)
            .map(|date| {
                let row = self.listed(date);
                let why = if date == filed {
                    Why::Filed
                } else if !self.is_working(date) {
                    row.map_or(Why::Weekend, |row| Why::Holiday { name: &row.name })
                } else if self.stopped_at_end_of(date, stops).is_some() {
                    stopped += 1;
                    Why::Stopped { k: stopped }
                } else {
                    counted += 1;
                    match row {
                        Some(row) if row.kind == Kind::Workday => Why::MakeUp { k: counted, name: &row.name },
                        _ => Why::Counted { k: counted },
                    }
                };
                DayStep { date, why, provisional: self.is_provisional(date) }
            })
            .collect()
    }
}
