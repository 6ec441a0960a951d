//! When things happen: rush hours, seasons, holidays, and the working hours of those who answer. The same chances at
//! every loading, so that the demonstration is the same for everybody.

use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, Timelike as _, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::at;
use crate::kernel::calendar::Calendar;

/// Reports by hour of the day: most when people arrive, a second hill at noon, a third when they leave.
const HOURS: [u32; 24] = [0, 0, 0, 0, 0, 0, 1, 3, 11, 24, 11, 7, 9, 8, 8, 8, 7, 7, 7, 5, 3, 2, 1, 0];
/// Matters by month: heat, cold, and the quiet of the Spring Festival.
const MONTHS: [u32; 12] = [11, 7, 10, 10, 10, 11, 14, 14, 11, 9, 10, 11];
/// The desk is manned from nine to six.
const OPENS: u32 = 9;
const CLOSES: u32 = 18;

/// The calendar and a source of chance.
pub struct Rhythm {
    pub calendar: Arc<Calendar>,
    chance: StdRng,
}

impl Rhythm {
    /// Chances follow from the seed.
    pub fn new(calendar: Arc<Calendar>, seed: u64) -> Self {
        Self { calendar, chance: StdRng::seed_from_u64(seed) }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { self.chance.random_range(0..n) }
    }

    /// A number between two, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.chance.random_range(least..=most.max(least))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, p: u32) -> bool {
        self.chance.random_range(0..100) < p
    }

    /// One of several.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        of.get(self.below(of.len()))
    }

    /// The place in a list of weights that a throw falls on.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let all: u32 = weights.clone().sum();
        let mut throw = self.chance.random_range(0..all.max(1));
        for (i, w) in weights.enumerate() {
            if throw < w {
                return i;
            }
            throw -= w;
        }
        0
    }

    /// Random bytes, as a device's mark.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.chance.random::<[u8; 16]>().to_vec()
    }

    /// So many instants between two, as reports come in, in order.
    pub fn instants(&mut self, n: usize, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let (first, last) = (self.calendar.date_of(from), self.calendar.date_of(to));
        let days: Vec<NaiveDate> = first.iter_days().take_while(|d| *d <= last).collect();
        let calendar = self.calendar.clone();
        let length = days.len().max(1) as u32;
        let weight = |i: usize, d: &NaiveDate| {
            let day = if !calendar.is_working(*d) { 12 } else { [125, 105, 100, 100, 90, 100, 100][d.weekday().num_days_from_monday() as usize] };
            // Posters are found little by little: twice as many at the end as at the beginning.
            day * MONTHS[d.month0() as usize] * (length + i as u32) / length
        };
        // Sums up to each day: a throw is looked up, not counted through.
        let mut sum = 0;
        let sums: Vec<u64> = days
            .iter()
            .enumerate()
            .map(|(i, d)| {
                sum += u64::from(weight(i, d));
                sum
            })
            .collect();
        let mut out = Vec::with_capacity(n);
        // An instant may fall before the beginning or after the end of the first or last day: thrown again.
        while out.len() < n {
            let throw = self.chance.random_range(0..sum.max(1));
            let t = self.on(days[sums.partition_point(|s| *s <= throw).min(days.len() - 1)]);
            if (from..to).contains(&t) {
                out.push(t);
            } else if days.len() < 3 && self.percent(5) {
                // A window in which hardly anybody is awake.
                out.push(from + (to - from) / 2);
            }
        }
        out.sort();
        out
    }

    /// An hour of that day, as reports come in.
    pub fn on(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let hour = self.weighted(HOURS.iter().copied()) as u32;
        at(day, hour, self.below(60) as u32) + Duration::seconds(self.between(0, 59))
    }

    /// So many minutes of the desk's working hours later.
    pub fn work(&mut self, from: DateTime<Utc>, least: i64, most: i64) -> DateTime<Utc> {
        let mut left = self.between(least, most);
        let mut t = from;
        loop {
            let day = self.calendar.date_of(t);
            let (opens, closes) = (at(day, OPENS, 0), at(day, CLOSES, 0));
            if self.calendar.is_working(day) && t < closes {
                let begins = t.max(opens);
                let fits = (closes - begins).num_minutes();
                if left < fits {
                    return begins + Duration::minutes(left) + Duration::seconds(self.between(0, 59));
                }
                left -= fits;
            }
            t = at(day.checked_add_days(Days::new(1)).unwrap_or(day), OPENS, 0);
        }
    }

    /// Minutes later, whatever the hour: for what cannot wait for the morning.
    pub fn soon(&mut self, from: DateTime<Utc>, least: i64, most: i64) -> DateTime<Utc> {
        from + Duration::minutes(self.between(least, most)) + Duration::seconds(self.between(0, 59))
    }

    /// So many working days on, at a working hour.
    pub fn days(&mut self, from: DateTime<Utc>, least: i64, most: i64) -> DateTime<Utc> {
        let minutes = i64::from((CLOSES - OPENS) * 60);
        self.work(from, least * minutes, most * minutes)
    }

    /// The month of an instant, 1 to 12.
    pub fn month(&self, t: DateTime<Utc>) -> u32 {
        self.calendar.date_of(t).month()
    }

    /// The minute of the day, for those who do not answer at night.
    pub fn awake(&mut self, t: DateTime<Utc>) -> DateTime<Utc> {
        let local = t.with_timezone(&self.calendar.offset());
        if (7..23).contains(&local.hour()) { t } else { at(local.date_naive(), 7, 30) + Duration::minutes(self.between(0, 90)) }
    }
}
