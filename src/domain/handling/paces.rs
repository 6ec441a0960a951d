//! How long it takes, in working hours, by kind of trouble or by floor; and how often it comes back.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};

use super::{Case, Cut};
use crate::domain::figures::FEWEST;
use crate::kernel::calendar::Calendar;

/// The hours of a working day that count, from the first to before the second.
pub const DESK_HOURS: Range<u32> = 9..18;

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Kind,
    Floor,
}

impl By {
    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            By::Kind => "kind",
            By::Floor => "floor",
        }
    }

    /// A matter's group: a category's code, or `南座 18`; nothing where no floor is known.
    pub fn of(self, case: &Case) -> String {
        match self {
            By::Kind => case.category.clone(),
            By::Floor => [case.tower.as_deref(), case.floor.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    }
}

/// The matters of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub of: String,
    pub matters: i64,
    /// Working hours from the report to the word that it is done: of half of those done, and of nine in ten. None of fewer
    /// than five.
    pub half: Option<f64>,
    pub nine_tenths: Option<f64>,
    /// The half in the time before, for comparison.
    pub half_before: Option<f64>,
    /// Came back within ninety days.
    pub again: i64,
}

/// A fourth of them, and no fewer than so many, and it is said of a group that it keeps coming back.
const OFTEN: i64 = 3;

impl Group {
    /// Whether there are too few to say how long they take, or how often they come back.
    pub fn is_few(&self) -> bool {
        self.matters < FEWEST
    }

    /// Whether it keeps coming back.
    pub fn comes_back(&self) -> bool {
        !self.is_few() && self.again >= OFTEN && self.again * 4 >= self.matters
    }
}

/// Working hours between two instants.
pub fn working_hours(calendar: &Calendar, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    if to <= from {
        return 0.0;
    }
    let (first, last) = (calendar.date_of(from), calendar.date_of(to));
    let full = DESK_HOURS.len() as i64 * 3600;
    // How much of its day's hours has passed at an instant, seconds.
    let passed = |at: DateTime<Utc>| {
        let second = i64::from(at.with_timezone(&calendar.offset()).num_seconds_from_midnight());
        (second - i64::from(DESK_HOURS.start) * 3600).clamp(0, full)
    };
    let counted = |day: NaiveDate| i64::from(calendar.is_working(day));
    // The days after the first up to the last, the last as a whole; then what is missing of both ends.
    let whole = i64::from(calendar.working_days_between(first, last)) + counted(first);
    let seconds = whole * full - counted(first) * passed(from) - counted(last) * (full - passed(to));
    seconds as f64 / 3600.0
}

/// The value below or at which so many in a hundred lie (nearest rank); none of fewer than five. The values are sorted.
fn percentile(sorted: &[f64], hundredths: usize) -> Option<f64> {
    if (sorted.len() as i64) < FEWEST {
        return None;
    }
    sorted.get((sorted.len() * hundredths).div_ceil(100).saturating_sub(1)).copied()
}

fn hours<'c>(calendar: &Calendar, cases: impl Iterator<Item = &'c Case>) -> Vec<f64> {
    let mut hours: Vec<f64> = cases.filter_map(|c| Some(working_hours(calendar, c.received_at, c.done_at?))).collect();
    hours.sort_by(f64::total_cmp);
    hours
}

/// Within how many working hours half of those done were done.
pub fn half(calendar: &Calendar, cases: &[Case]) -> Option<f64> {
    percentile(&hours(calendar, cases.iter()), 50)
}

/// The groups, those with most matters first, beside what they were in the time before.
pub fn groups(calendar: &Calendar, by: By, cases: &[Case], before: &[Case]) -> Vec<Group> {
    fn apart(by: By, cases: &[Case]) -> BTreeMap<String, Vec<&Case>> {
        let mut all: BTreeMap<String, Vec<&Case>> = BTreeMap::new();
        cases.iter().for_each(|c| all.entry(by.of(c)).or_default().push(c));
        all
    }
    let earlier = apart(by, before);
    let one = |(of, some): (String, Vec<&Case>)| {
        let sorted = hours(calendar, some.iter().copied());
        Group {
            matters: some.len() as i64,
            half: percentile(&sorted, 50),
            nine_tenths: percentile(&sorted, 90),
            half_before: earlier.get(&of).and_then(|some| percentile(&hours(calendar, some.iter().copied()), 50)),
            again: some.iter().filter(|c| Cut::Again.holds(c)).count() as i64,
            of,
        }
    };
    let mut all: Vec<Group> = apart(by, cases).into_iter().map(one).collect();
    all.sort_by(|a, b| b.matters.cmp(&a.matters).then_with(|| a.of.cmp(&b.of)));
    all
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration, Timelike as _, Utc};

    use super::{DESK_HOURS, percentile, working_hours};
    use crate::kernel::calendar::Calendar;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn working_hours_pass_over_nights_weekends_and_holidays() {
        let c = Calendar::built_in().unwrap();
        let hours = |a: &str, b: &str| working_hours(&c, at(a), at(b));
        // Monday 23 November 2026.
        assert_eq!(hours("2026-11-23T10:00:00+08:00", "2026-11-23T12:30:00+08:00"), 2.5);
        assert_eq!(hours("2026-11-23T17:00:00+08:00", "2026-11-24T10:00:00+08:00"), 2.0);
        assert_eq!(hours("2026-11-27T17:00:00+08:00", "2026-11-30T10:00:00+08:00"), 2.0, "over a weekend");
        assert_eq!(hours("2026-11-28T10:00:00+08:00", "2026-11-29T10:00:00+08:00"), 0.0);
        assert_eq!(hours("2026-10-01T00:00:00+08:00", "2026-10-08T00:00:00+08:00"), 0.0, "National Day");
        assert_eq!(hours("2026-11-24T10:00:00+08:00", "2026-11-23T10:00:00+08:00"), 0.0, "never negative");
    }

    /// Minute by minute, against the days' arithmetic.
    #[test]
    fn working_hours_are_what_counting_minutes_gives() {
        let c = Calendar::built_in().unwrap();
        let mut seed = 7_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for _ in 0..200 {
            let from = at("2026-01-01T00:00:00+08:00") + Duration::minutes(below(500_000) as i64);
            let to = from + Duration::minutes(below(20_000) as i64);
            let counts = |t: &DateTime<Utc>| {
                let local = t.with_timezone(&c.offset());
                c.is_working(local.date_naive()) && DESK_HOURS.contains(&local.hour())
            };
            let minutes = (0..(to - from).num_minutes()).map(|m| from + Duration::minutes(m)).filter(counts).count();
            assert_eq!(working_hours(&c, from, to), minutes as f64 / 60.0, "{from} to {to}");
        }
    }

    #[test]
    fn percentiles_are_of_five_at_least_and_one_of_the_values() {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 50), None);
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!((percentile(&ten, 50), percentile(&ten, 90), percentile(&ten, 100)), (Some(5.0), Some(9.0), Some(10.0)));
    }
}
