//! The working-day calendar of mainland China: which days count, when a period of days ends, and why.
//!
//! Sources: the State Council's yearly holiday notice (the table), Civil Code art. 201 (the first day is not
//! counted), art. 203 (a period ends at 24:00 of its last day; a last day off moves to the next working day).
//! China has had no daylight saving since 1992, so a fixed offset of +08:00 is exact.

mod due;
mod explain;
mod table;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};

pub use due::{Due, LONGEST};
pub use explain::{DayStep, Why};
pub use table::{CalendarFault, Kind};

use table::Row;

/// Standard time of China, +08:00.
pub const BEIJING: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => panic!("eight hours is a valid offset"),
};

const BUILT_IN: &str = include_str!("../../data/cn-workdays.csv");

/// Which days are working days. Made once from the table and then only read; a few kilobytes.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The listed days, in order.
    rows: Vec<Row>,
    /// Day number (days since 31 December of year 0) of bit 0 of `bits`.
    first: i32,
    /// One bit per day of the years from the first to the last listed one; set = working day.
    bits: Vec<u64>,
    /// The years that have at least one row, in order.
    years: Vec<i32>,
    offset: FixedOffset,
}

impl Calendar {
    /// Reads the table: a header `date,kind,name`, then one row per day that differs from Monday-to-Friday, `kind`
    /// being `holiday` or `workday` (a weekend day that is worked, 调休). The order of rows is free.
    ///
    /// # Errors
    /// A [`CalendarFault`] that names the line: a table that is half understood would move deadlines silently.
    pub fn parse(text: &str) -> Result<Self, CalendarFault> {
        let rows = table::read(text)?;
        let (first, bits) = table::bits(&rows);
        let mut years: Vec<i32> = rows.iter().map(|r| r.date.year()).collect();
        years.dedup();
        Ok(Self { rows, first, bits, years, offset: BEIJING })
    }

    /// Everything that is wrong with a table, in the order of its lines; nothing for one that can be read.
    pub fn faults(text: &str) -> Vec<CalendarFault> {
        table::faults(text)
    }

    /// The same table without the years after one: what was known before their notices came out.
    #[must_use]
    pub fn known_until(&self, year: i32) -> Self {
        let rows: Vec<Row> = self.rows.iter().filter(|r| r.date.year() <= year).cloned().collect();
        let (first, bits) = table::bits(&rows);
        let years = self.years.iter().copied().filter(|y| *y <= year).collect();
        Self { rows, first, bits, years, offset: self.offset }
    }

    /// The table that the binary carries, and its text: what holds until a newer one is loaded.
    ///
    /// # Errors
    /// A [`CalendarFault`] if the file in the source tree is broken, which a test would have said first.
    pub fn built_in() -> Result<Self, CalendarFault> {
        Self::parse(BUILT_IN)
    }

    /// A calendar that knows only weekends: every answer is provisional.
    pub fn weekends_only() -> Self {
        Self { rows: vec![], first: 0, bits: vec![], years: vec![], offset: BEIJING }
    }

    /// The same table for another fixed offset from UTC.
    #[must_use]
    pub fn at_offset(mut self, offset: FixedOffset) -> Self {
        self.offset = offset;
        self
    }

    /// The offset whose midnights divide the days.
    pub fn offset(&self) -> FixedOffset {
        self.offset
    }

    /// True for Monday to Friday not listed as `holiday`, and for a weekend day listed as `workday`.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.works(date.num_days_from_ce())
    }

    /// What the table calls this day (`国庆节`), for days off and for weekend days worked; None for unlisted days.
    pub fn day_name(&self, date: NaiveDate) -> Option<&str> {
        self.listed(date).map(|row| &*row.name)
    }

    /// True when the table has no row of this date's year: the notice is not out or not loaded, and the answer
    /// rests on weekends alone (shown as 暂按周末推算).
    pub fn is_provisional(&self, date: NaiveDate) -> bool {
        self.years.binary_search(&date.year()).is_err()
    }

    /// The years that the table covers, in order.
    pub fn years(&self) -> &[i32] {
        &self.years
    }

    /// Working days after `from` up to and including `to` (exclusive start, inclusive end): days left when `from` is
    /// today and `to` the last day, days late when `from` is the last day and `to` today. 0 when `to` is not later.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = from.num_days_from_ce() + 1..=to.num_days_from_ce();
        days.filter(|day| self.works(*day)).count() as u32
    }

    /// The calendar day of an instant, at this calendar's offset.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        // Saturating: an instant at the very end of time may lie beyond the last date of its own offset.
        at.naive_utc().checked_add_offset(self.offset).map_or(NaiveDate::MAX, |local| local.date())
    }

    /// 24:00 of a day, which is 00:00 of the next: the exclusive instant at which the day is over.
    pub fn end_of(&self, date: NaiveDate) -> DateTime<Utc> {
        date.checked_add_days(Days::new(1))
            .and_then(|next| self.offset.from_local_datetime(&next.and_time(NaiveTime::MIN)).single())
            .map_or(DateTime::<Utc>::MAX_UTC, |midnight| midnight.to_utc())
    }

    fn works(&self, day: i32) -> bool {
        let bit = day.wrapping_sub(self.first) as u32 as usize;
        match self.bits.get(bit / 64) {
            Some(word) => word >> (bit % 64) & 1 == 1,
            None => table::is_weekday(day),
        }
    }

    fn listed(&self, date: NaiveDate) -> Option<&Row> {
        self.rows.binary_search_by_key(&date, |row| row.date).ok().map(|i| &self.rows[i])
    }
}
