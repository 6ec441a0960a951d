//! A month, a quarter or a year, by its name in the address.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};

use crate::kernel::calendar::Calendar;
use crate::kernel::i18n::Lang;

/// Whole months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// 1, 3 or 12.
    months: u32,
}

impl Period {
    /// The month of a day.
    pub fn month_of(day: NaiveDate) -> Self {
        Self { from: day.with_day(1).unwrap_or(day), months: 1 }
    }

    /// `2026-11`, `2026-Q4`, `2026`.
    pub fn named(name: &str) -> Option<Self> {
        let (year, rest) = name.split_once('-').unwrap_or((name, ""));
        let year: i32 = year.parse().ok().filter(|y| (2000..2200).contains(y))?;
        let (month, months) = match rest.strip_prefix('Q') {
            Some(quarter) => (quarter.parse::<u32>().ok().filter(|q| (1..=4).contains(q))? * 3 - 2, 3),
            None if rest.is_empty() => (1, 12),
            None => (rest.parse().ok()?, 1),
        };
        Some(Self { from: NaiveDate::from_ymd_opt(year, month, 1)?, months })
    }

    /// Its name.
    pub fn name(self) -> String {
        let (y, m) = (self.from.year(), self.from.month());
        match self.months {
            12 => y.to_string(),
            3 => format!("{y}-Q{}", m.div_ceil(3)),
            _ => format!("{y}-{m:02}"),
        }
    }

    /// `11月`, `2025年第4季度`, `2026年`.
    pub fn word(self, today: NaiveDate, lang: Lang) -> String {
        let (y, m) = (self.from.year().to_string(), self.from.month());
        match self.months {
            12 => lang.say("handling.year", &[("y", &y)]),
            3 => lang.say("handling.quarter", &[("y", &y), ("q", &m.div_ceil(3).to_string())]),
            _ if self.from.year() == today.year() => lang.t(&format!("dates.month_{m}")),
            _ => lang.say("handling.month", &[("y", &y), ("m", &lang.t(&format!("dates.month_{m}")))]),
        }
    }

    /// The day after its last.
    pub fn to(self) -> NaiveDate {
        self.from.checked_add_months(Months::new(self.months)).unwrap_or(self.from)
    }

    /// As long, just before.
    pub fn before(self) -> Self {
        Self { from: self.from.checked_sub_months(Months::new(self.months)).unwrap_or(self.from), ..self }
    }

    /// From its first instant to its end, exclusive.
    pub fn instants(self, calendar: &Calendar) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| calendar.end_of(day.checked_sub_days(Days::new(1)).unwrap_or(day));
        (midnight(self.from), midnight(self.to()))
    }

    /// The last twelve months, the last four quarters, this year and the last.
    pub fn choices(today: NaiveDate) -> Vec<Period> {
        let month = Self::month_of(today);
        let quarter = Self { from: NaiveDate::from_ymd_opt(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).unwrap_or(today), months: 3 };
        let year = Self { from: NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today), months: 12 };
        let back = |first: Period, n: usize| std::iter::successors(Some(first), |p| Some(p.before())).take(n);
        back(month, 12).chain(back(quarter, 4)).chain(back(year, 2)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn names_are_read_back_and_what_is_no_period_is_none() {
        for name in ["2026-11", "2026-02", "2025-Q4", "2026-Q1", "2024"] {
            assert_eq!(Period::named(name).unwrap().name(), name);
        }
        for name in ["", "2026-13", "2026-Q5", "2026-Q0", "99999", "now", "2026-0", "2026-11-1"] {
            assert_eq!(Period::named(name), None, "{name}");
        }
        assert_eq!(Period::named("2026-Q1").unwrap().before().name(), "2025-Q4");
        assert_eq!(Period::named("2026-01").unwrap().before().name(), "2025-12");
    }
}
