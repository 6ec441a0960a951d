//! On which days: vectors, and every rhythm against a slow and obvious reckoning.

use chrono::{Datelike as _, Days, NaiveDate};
use louyi::domain::maintenance::{LIFT_DAYS, Rhythm, Schedule};

use crate::support::calendar;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn every(rhythm: Rhythm, n: i32) -> Schedule {
    Schedule::new(rhythm, n).unwrap()
}

/// The first days of a schedule.
fn days(schedule: Schedule, first: &str, n: usize) -> Vec<String> {
    let calendar = calendar();
    let mut day = schedule.begins(date(first), &calendar);
    let mut all = vec![];
    for _ in 0..n {
        all.push(day.to_string());
        day = schedule.after(day, &calendar);
    }
    all
}

#[test]
fn vectors() {
    assert_eq!(days(every(Rhythm::Days, 14), "2026-11-23", 3), ["2026-11-23", "2026-12-07", "2026-12-21"]);
    // A Saturday is no day off for a lift.
    assert_eq!(days(every(Rhythm::Days, 14), "2026-11-28", 2), ["2026-11-28", "2026-12-12"]);
    // National Day 2026 is off from Thursday the first to Wednesday the seventh; the tenth is a Saturday that is worked.
    assert_eq!(days(every(Rhythm::WorkingDays, 1), "2026-09-30", 4), ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"]);
    assert_eq!(days(every(Rhythm::WorkingDays, 5), "2026-09-28", 2), ["2026-09-28", "2026-10-10"]);
    // It begins on a working day.
    assert_eq!(days(every(Rhythm::WorkingDays, 5), "2026-10-03", 1), ["2026-10-08"]);
    // Month ends: the last day of a shorter month, and not pulled along.
    assert_eq!(days(every(Rhythm::MonthDay, 31), "2026-11-23", 5), ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]);
    assert_eq!(days(every(Rhythm::MonthDay, 29), "2028-01-30", 2), ["2028-02-29", "2028-03-29"]);
    assert_eq!(days(every(Rhythm::MonthDay, 1), "2026-11-01", 2), ["2026-11-01", "2026-12-01"]);
    assert_eq!(days(every(Rhythm::MonthDay, 1), "2026-11-02", 1), ["2026-12-01"]);
}

#[test]
fn what_is_refused() {
    for (rhythm, n) in
        [(Rhythm::Days, 0), (Rhythm::Days, -1), (Rhythm::Days, 731), (Rhythm::WorkingDays, 501), (Rhythm::MonthDay, 32), (Rhythm::MonthDay, 0)]
    {
        assert_eq!(Schedule::new(rhythm, n).unwrap_err().key, "plan_every", "{rhythm} {n}");
    }
}

#[test]
fn how_far_lifts_lie_apart() {
    let calendar = calendar();
    let from = date("2026-01-05");
    let longest = |rhythm, n| every(rhythm, n).longest(from, &calendar);
    assert_eq!(longest(Rhythm::Days, 15), LIFT_DAYS);
    assert!(longest(Rhythm::Days, 16) > LIFT_DAYS);
    assert!(longest(Rhythm::MonthDay, 15) == 31);
    assert!(longest(Rhythm::WorkingDays, 10) > LIFT_DAYS, "over a long holiday ten working days are more than a fortnight");
    assert!(longest(Rhythm::WorkingDays, 4) <= LIFT_DAYS);
}

/// The same, day by day: nothing clever.
fn slow(schedule: Schedule, day: NaiveDate) -> NaiveDate {
    let calendar = calendar();
    let mut passed = 0;
    let mut at = day;
    loop {
        at = at.succ_opt().unwrap();
        match schedule.rhythm {
            Rhythm::Days => passed += 1,
            Rhythm::WorkingDays => passed += u32::from(calendar.is_working(at)),
            Rhythm::MonthDay => {
                let last = at.succ_opt().unwrap().month() != at.month();
                let hit = at.day() == schedule.every || (last && at.day() < schedule.every);
                if hit && at.month() != day.month() {
                    return at;
                }
                continue;
            }
        }
        if passed == schedule.every {
            return at;
        }
    }
}

#[test]
fn agrees_with_the_slow_reckoning() {
    let calendar = calendar();
    for (rhythm, most) in [(Rhythm::Days, 40), (Rhythm::WorkingDays, 23), (Rhythm::MonthDay, 31)] {
        for n in 1..=most {
            let schedule = every(rhythm, n);
            for start in (0..730).step_by(17) {
                let first = date("2025-12-20").checked_add_days(Days::new(start)).unwrap();
                let day = schedule.begins(first, &calendar);
                assert!(day >= first && (day - first).num_days() < 32, "{rhythm} {n} from {first}: {day}");
                let next = schedule.after(day, &calendar);
                assert_eq!(next, slow(schedule, day), "{rhythm} {n} after {day}");
                assert!(next > day);
            }
        }
    }
}
