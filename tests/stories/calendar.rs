//! The working-day calendar against worked examples and against a slow, obvious counterpart.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeZone, Utc, Weekday};
use louyi::kernel::calendar::{BEIJING, Calendar, CalendarFault, Why};
use proptest::prelude::*;

const TABLE: &str = include_str!("../../data/cn-workdays.csv");

fn china() -> Calendar {
    Calendar::parse(TABLE).expect("the shipped table is whole")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
    BEIJING.from_local_datetime(&local).single().expect("a fixed offset has no gaps").to_utc()
}

#[test]
fn working_days_d01_to_d17() {
    let calendar = china();
    let vectors = [
        ("D01", "2026-11-23 09:12", 1, "2026-11-24", "2026-11-24T16:00:00Z"),
        ("D02", "2026-11-23 23:59", 1, "2026-11-24", "2026-11-24T16:00:00Z"),
        ("D03", "2026-11-27 18:40", 1, "2026-11-30", "2026-11-30T16:00:00Z"),
        ("D04", "2026-02-13 17:00", 1, "2026-02-14", "2026-02-14T16:00:00Z"),
        ("D05", "2026-02-14 09:00", 1, "2026-02-24", "2026-02-24T16:00:00Z"),
        ("D06", "2026-02-12 10:00", 5, "2026-02-26", "2026-02-26T16:00:00Z"),
        ("D07", "2026-02-15 08:00", 1, "2026-02-24", "2026-02-24T16:00:00Z"),
        ("D08", "2026-09-18 15:00", 5, "2026-09-24", "2026-09-24T16:00:00Z"),
        ("D09", "2026-09-19 12:00", 1, "2026-09-20", "2026-09-20T16:00:00Z"),
        ("D10", "2026-09-24 09:00", 5, "2026-10-09", "2026-10-09T16:00:00Z"),
        ("D11", "2026-09-30 20:00", 1, "2026-10-08", "2026-10-08T16:00:00Z"),
        ("D12", "2026-09-30 09:00", 5, "2026-10-13", "2026-10-13T16:00:00Z"),
        ("D13", "2026-04-30 10:00", 3, "2026-05-08", "2026-05-08T16:00:00Z"),
        ("D14", "2025-12-31 10:00", 2, "2026-01-05", "2026-01-05T16:00:00Z"),
        ("D15", "2026-01-26 09:30", 15, "2026-02-14", "2026-02-14T16:00:00Z"),
        ("D16", "2020-01-23 10:00", 5, "2020-02-07", "2020-02-07T16:00:00Z"),
        ("D17", "2023-12-29 16:00", 1, "2024-01-02", "2024-01-02T16:00:00Z"),
    ];
    for (name, start, n, last_day, utc) in vectors {
        let due = calendar.due(at(start), n);
        assert_eq!(due.last_day, day(last_day), "{name}");
        assert_eq!(due.at, utc.parse::<DateTime<Utc>>().expect("an instant"), "{name}");
        assert!(!due.provisional, "{name}");
        assert_eq!(calendar.due_with_stops(at(start), n, &[]), due, "{name}");
        assert_eq!(calendar.explain(at(start), n).last().map(|step| step.date), Some(due.last_day), "{name}");
    }
}

#[test]
fn natural_days_roll_over_days_off() {
    let calendar = china();
    for (start, n, last_day) in [
        ("2026-11-23", 7, "2026-11-30"),
        ("2026-09-24", 7, "2026-10-08"),
        ("2026-11-24", 4, "2026-11-30"),
        ("2026-02-07", 7, "2026-02-14"),
        ("2026-02-08", 7, "2026-02-24"),
    ] {
        assert_eq!(calendar.natural_due(day(start), n).last_day, day(last_day), "{start} + {n}");
    }
}

#[test]
fn days_left_and_zero_days() {
    let calendar = china();
    assert_eq!(calendar.working_days_between(day("2026-09-30"), day("2026-10-10")), 3);
    assert_eq!(calendar.working_days_between(day("2026-10-10"), day("2026-09-30")), 0);
    assert_eq!(calendar.due(at("2026-11-28 10:00"), 0).last_day, day("2026-11-28"));
}

#[test]
fn working_days_of_each_year() {
    let calendar = china();
    for (year, days) in [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
        let last = |y: i32| NaiveDate::from_ymd_opt(y, 12, 31).expect("a date");
        assert_eq!(calendar.working_days_between(last(year - 1), last(year)), days, "{year}");
    }
    assert_eq!(calendar.years(), [2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026]);
}

#[test]
fn a_year_without_notice_is_provisional() {
    let calendar = china();
    assert!(calendar.is_provisional(day("2027-10-01")) && !calendar.is_provisional(day("2026-10-01")));
    assert!(calendar.is_working(day("2027-10-01")), "a Friday, as far as anybody knows");
    assert!(!calendar.due(at("2026-12-30 10:00"), 1).provisional);
    assert!(calendar.due(at("2026-12-31 10:00"), 1).provisional);
    assert!(calendar.natural_due(day("2026-12-25"), 10).provisional);
    assert!(Calendar::weekends_only().due(at("2026-09-30 10:00"), 1).provisional);
}

#[test]
fn every_day_is_explained() {
    let calendar = china();
    let steps = calendar.explain(at("2026-09-30 09:00"), 5);
    let why: Vec<Why<'_>> = steps.iter().map(|step| step.why).collect();
    let holiday = Why::Holiday { name: "国庆节" };
    let mut expected = vec![Why::Filed];
    expected.extend([holiday; 7]);
    expected.extend([Why::Counted { k: 1 }, Why::Counted { k: 2 }, Why::MakeUp { k: 3, name: "国庆节" }, Why::Weekend]);
    expected.extend([Why::Counted { k: 4 }, Why::Counted { k: 5 }]);
    assert_eq!(why, expected);
    assert_eq!(calendar.day_name(day("2026-10-10")), Some("国庆节"));
    assert_eq!(calendar.day_name(day("2026-10-11")), None);
}

#[test]
fn a_stopped_clock_moves_the_end_by_the_working_days_it_stood_through() {
    let calendar = china();
    let start = at("2026-11-18 10:00");
    let due = |stops: &[(&str, &str)]| {
        let stops: Vec<_> = stops.iter().map(|(from, to)| (at(from), at(to))).collect();
        calendar.due_with_stops(start, 5, &stops).last_day
    };
    assert_eq!(due(&[]), day("2026-11-25"));
    assert_eq!(due(&[("2026-11-20 17:10", "2026-11-23 11:00")]), day("2026-11-26"), "one working day's end, over a weekend");
    assert_eq!(due(&[("2026-11-20 09:00", "2026-11-20 17:00")]), day("2026-11-25"), "within a day: nothing");
    assert_eq!(due(&[("2026-11-20 00:00", "2026-11-21 00:00")]), day("2026-11-26"), "exactly one day");
    assert_eq!(due(&[("2026-11-21 00:00", "2026-11-23 00:00")]), day("2026-11-25"), "a weekend only");
    assert_eq!(due(&[("2026-11-25 16:00", "2026-12-01 09:00")]), day("2026-12-01"), "never ends while the clock stands");
    assert_eq!(due(&[("2026-11-19 10:00", "2026-11-20 10:00"), ("2026-11-19 08:00", "2026-11-20 09:00")]), day("2026-11-26"), "overlap");
    let still = [(at("2026-11-20 10:00"), DateTime::<Utc>::MAX_UTC)];
    assert!(calendar.due_with_stops(start, 5, &still).last_day > day("9999-12-31"), "a stop without end has no due date");

    let stops = [(at("2026-11-20 17:10"), at("2026-11-23 11:00"))];
    let why: Vec<Why<'_>> = calendar.explain_with_stops(start, 5, &stops).into_iter().map(|step| step.why).collect();
    assert_eq!(why[2..6], [Why::Stopped { k: 1 }, Why::Weekend, Why::Weekend, Why::Counted { k: 2 }]);
    assert_eq!(why.last(), Some(&Why::Counted { k: 5 }));
}

#[test]
fn a_broken_table_is_refused_with_its_line() {
    let fault = |text: &str| Calendar::parse(text).expect_err("broken");
    assert_eq!(fault("day,kind\n"), CalendarFault::Header);
    assert_eq!(fault("date,kind,name\n"), CalendarFault::Empty);
    assert_eq!(fault("date,kind,name\n2026-13-01,holiday,x\n"), CalendarFault::Date { line: 2, date: "2026-13-01".into() });
    assert_eq!(fault("date,kind,name\n2026-01-01,rest,x\n"), CalendarFault::Kind { line: 2, kind: "rest".into() });
    assert_eq!(fault("date,kind,name\n2026-01-01,holiday\n"), CalendarFault::Row { line: 2 });
    let twice = "date,kind,name\n2026-01-01,holiday,x\n2026-01-01,workday,x\n";
    assert_eq!(fault(twice), CalendarFault::Twice { date: day("2026-01-01") });
    assert!(Calendar::parse("\u{feff}date,kind,name\r\n2026-01-04,workday,元旦\r\n").is_ok(), "as a spreadsheet saves it");
}

#[test]
fn absurd_input_ends() {
    let calendar = china();
    calendar.due(DateTime::<Utc>::MAX_UTC, u32::MAX);
    calendar.due(DateTime::<Utc>::MIN_UTC, 3);
    calendar.natural_due(NaiveDate::MAX, u32::MAX);
    calendar.explain(DateTime::<Utc>::MAX_UTC, 3);
    assert_eq!(calendar.end_of(NaiveDate::MAX), DateTime::<Utc>::MAX_UTC);
}

/// The same rules, read off the table line by line for each day.
mod slowly {
    use super::*;

    pub fn works(date: NaiveDate) -> bool {
        let listed = TABLE.lines().find(|line| line.starts_with(&date.to_string()));
        match listed.and_then(|line| line.split(',').nth(1)) {
            Some(kind) => kind == "workday",
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// So many natural days, rolled to the next working day.
    pub fn natural(start: NaiveDate, n: u32) -> NaiveDate {
        let mut date = start + Days::new(n.into());
        while n > 0 && !works(date) {
            date = date + Days::new(1);
        }
        date
    }

    /// A day moved by so many working days.
    pub fn moved(mut date: NaiveDate, n: u32) -> NaiveDate {
        for _ in 0..n {
            date = date + Days::new(1);
            while !works(date) {
                date = date + Days::new(1);
            }
        }
        date
    }

    pub fn due(start: DateTime<Utc>, n: u32, stops: &[(DateTime<Utc>, DateTime<Utc>)]) -> NaiveDate {
        let mut date = start.with_timezone(&BEIJING).date_naive();
        let mut counted = 0;
        while counted < n {
            date = date + Days::new(1);
            let last_second = BEIJING.from_local_datetime(&date.and_hms_opt(23, 59, 59).expect("a time")).unwrap().to_utc();
            let stood = stops.iter().any(|(from, to)| *from <= last_second && last_second < *to);
            counted += u32::from(works(date) && !stood);
        }
        date
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn agrees_with_the_slow_one(seconds in 1_546_300_800i64..1_830_297_600, n in 0u32..40, stops in prop::collection::vec((0i64..1_200_000, 0i64..900_000), 0..4)) {
        let calendar = china();
        let start = DateTime::from_timestamp(seconds, 0).expect("within range");
        let later = |s: i64| DateTime::from_timestamp(seconds + s, 0).expect("within range");
        let stops: Vec<_> = stops.into_iter().map(|(from, length)| (later(from), later(from + length))).collect();
        let due = calendar.due_with_stops(start, n, &stops);
        prop_assert_eq!(due.last_day, slowly::due(start, n, &stops));
        prop_assert_eq!(calendar.due(start, n).last_day, slowly::due(start, n, &[]));
        let steps = calendar.explain_with_stops(start, n, &stops);
        let counted = steps.iter().filter(|s| matches!(s.why, Why::Counted { .. } | Why::MakeUp { .. })).count();
        prop_assert_eq!(counted as u32, n);
        prop_assert_eq!(steps.last().map(|s| s.date), Some(due.last_day));
        let filed = calendar.date_of(start);
        prop_assert_eq!(calendar.working_days_between(filed, calendar.due(start, n).last_day), n);
        prop_assert_eq!(calendar.is_working(filed), slowly::works(filed));
    }

    /// Natural days and moved ends, by the same slow counterpart.
    #[test]
    fn natural_days_and_moved_ends_agree_with_the_slow_one(seconds in 1_546_300_800i64..1_830_297_600, n in 0u32..40, within in 0i64..86_400) {
        let calendar = china();
        let start = DateTime::from_timestamp(seconds, 0).expect("within range");
        let date = calendar.date_of(start);
        prop_assert_eq!(calendar.natural_due(date, n).last_day, slowly::natural(date, n));
        let end = calendar.end_of(date);
        let ends = if n == 0 { end } else { calendar.end_of(slowly::moved(date, n)) };
        prop_assert_eq!(calendar.moved(end, n), ends);
        // An end within the day belongs to its 24:00.
        let inside = end - chrono::Duration::seconds(within);
        if n > 0 && within > 0 {
            prop_assert_eq!(calendar.moved(inside, n), ends);
        }
        prop_assert_eq!(calendar.ends_between(end - chrono::Duration::seconds(1), ends), if slowly::works(date) || n > 0 { n + u32::from(slowly::works(date)) } else { 0 });
    }
}
