//! A clock as boxes and a sentence, and day by day for 钟怎么算.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use crate::kernel::calendar::{Calendar, DayStep, Why};
use crate::kernel::i18n::Lang;
use crate::web::dates::{self, Due};

/// A time in which a clock stood: from inclusive, to exclusive.
pub type Stop = (DateTime<Utc>, DateTime<Utc>);

/// A box: one working day, or a dot for a day off.
#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    /// `p` passed, `t` today, `l` late, `s` stopped, `o` a day off, empty for one to come.
    pub class: &'static str,
    /// The day, for a pointer.
    pub label: String,
}

/// In templates: `{{> parts/clock clock}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Clock {
    /// The boxes, from the day after it began.
    pub boxes: Vec<Tick>,
    /// How much time is left, with the date.
    pub sentence: String,
    /// `zhu` late, `zhe` stopped, or nothing.
    pub class: &'static str,
    /// Where it is counted day by day.
    pub href: Option<String>,
    /// In halves, for a row.
    pub due: Due,
    /// It stands now: then no box is amber, and the page says why.
    pub stopped: bool,
    /// The calendar of a year in it is not out yet.
    pub provisional: bool,
}

/// More boxes than this say less than the sentence.
const BOXES: usize = 40;

/// The clock of something that began at `start` and is due at `end` (exclusive, as stored).
pub fn of(start: DateTime<Utc>, end: DateTime<Utc>, stops: &[Stop], now: DateTime<Utc>, calendar: &Calendar, lang: Lang) -> Clock {
    let (filed, today) = (calendar.date_of(start), calendar.date_of(now));
    let last = last_day(end, calendar);
    let stopped = stops.iter().any(|(from, to)| *from <= now && now <= *to);
    let until = if today > last { today } else { last };
    let mut boxes: Vec<Tick> = vec![];
    for day in filed.iter_days().skip(1).take_while(|d| *d <= until).take(BOXES + 1) {
        let class = match day {
            d if !calendar.is_working(d) => "o",
            d if stood(d, stops, calendar) => "s",
            d if d > last => "l",
            d if d == today && !stopped => "t",
            d if d < today => "p",
            _ => "",
        };
        boxes.push(Tick { class, label: dates::day(day, today, lang) });
    }
    // A day off after the end says nothing; more boxes than a glance counts say less than the sentence.
    while boxes.last().is_some_and(|b| b.class == "o") {
        boxes.pop();
    }
    if boxes.len() > BOXES {
        boxes.clear();
    }
    let due = dates::due(end, now, calendar, lang);
    let class = match (due.late, stopped) {
        (true, _) => "zhu",
        (_, true) => "zhe",
        _ => "",
    };
    Clock { boxes, sentence: due.words.clone(), class, href: None, due, stopped, provisional: calendar.is_provisional(last) }
}

/// The day of which 24:00 (or an hour before it) is the end.
pub fn last_day(end: DateTime<Utc>, calendar: &Calendar) -> NaiveDate {
    calendar.date_of(end - chrono::Duration::microseconds(1))
}

fn stood(day: NaiveDate, stops: &[Stop], calendar: &Calendar) -> bool {
    let end = calendar.end_of(day);
    stops.iter().any(|(from, to)| *from < end && end <= *to)
}

/// A row of the explanation.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// `z` the day of filing, `p` passed, `t` today, `o` off, `s` stopped, `l` late, `b` the last.
    pub class: &'static str,
    /// `11月18日 周三`.
    pub date: String,
    /// Why it counts or doesn't.
    pub why: String,
    /// `第2天`, or nothing.
    pub number: String,
}

/// Why a clock says what it says.
#[derive(Clone, Debug, Serialize)]
pub struct Count {
    /// `5个工作日，用了2天，停了1天，还剩3天`.
    pub sum: String,
    /// Day by day.
    pub days: Vec<Day>,
    /// Working days between start and end.
    pub working: u32,
    /// A year in it has no published calendar.
    pub provisional: bool,
}

/// Explains the clock of something that began at `start`, with `n` working days, stopped as given.
pub fn explain(start: DateTime<Utc>, n: u32, stops: &[Stop], now: DateTime<Utc>, calendar: &Calendar, lang: Lang) -> Count {
    let steps = calendar.explain_with_stops(start, n, stops);
    let today = calendar.date_of(now);
    let last = steps.last().map_or(today, |s| s.date);
    let (mut used, mut stopped) = (0u32, 0u32);
    let mut days = vec![];
    for step in &steps {
        match step.why {
            Why::Counted { .. } | Why::MakeUp { .. } if step.date <= today => used += 1,
            Why::Stopped { .. } => stopped += 1,
            _ => {}
        }
        days.push(row(step, today, last, lang));
    }
    let late = late_days(last, today, calendar);
    let late_in_all = if today > last { calendar.working_days_between(last, today) } else { 0 };
    let late_day = |d: NaiveDate, k: u32, why: String| Day {
        class: "l",
        date: dates::day(d, today, lang),
        why,
        number: lang.say("story.clock.late_day", &[("k", &k.to_string())]),
    };
    days.extend(late.iter().map(|(d, k)| late_day(*d, *k, String::new())));
    if late_in_all as usize > late.len() {
        days.push(late_day(today, late_in_all, lang.t("story.clock.late_end")));
    }
    let with = |key: &str, n: u32| lang.say(key, &[("n", &n.to_string())]);
    let mut parts = vec![with("story.clock.limit", n), with("story.clock.used", used)];
    if stopped > 0 {
        parts.push(with("story.clock.stopped", stopped));
    }
    parts.push(match late_in_all {
        0 if today > last => lang.t("dates.late_today"),
        0 => with("story.clock.left", n.saturating_sub(used)),
        k => with("story.clock.late", k),
    });
    let join = if lang == Lang::En { ", " } else { "，" };
    Count { sum: parts.join(join), days, working: n, provisional: steps.iter().any(|s| s.provisional) }
}

/// At most ten working days after the end: who waits longer knows it.
fn late_days(last: NaiveDate, today: NaiveDate, calendar: &Calendar) -> Vec<(NaiveDate, u32)> {
    let first = last.checked_add_days(Days::new(1)).unwrap_or(last);
    first.iter_days().take_while(|d| *d <= today).filter(|d| calendar.is_working(*d)).take(10).zip(1..).collect()
}

fn row(step: &DayStep<'_>, today: NaiveDate, last: NaiveDate, lang: Lang) -> Day {
    let class = match step.why {
        Why::Filed => "z",
        Why::Weekend | Why::Holiday { .. } => "o",
        Why::Stopped { .. } => "s",
        _ if step.date == today => "t",
        _ if step.date < today => "p",
        _ if step.date == last => "b",
        _ => "",
    };
    let number = |k: u32, key: &str| lang.say(key, &[("k", &k.to_string())]);
    let (why, number) = match step.why {
        Why::Filed => (lang.t("story.clock.filed"), String::new()),
        Why::Counted { k } => (String::new(), number(k, "story.clock.day")),
        Why::MakeUp { k, name } => (lang.say("story.clock.make_up", &[("name", &holiday(name, lang))]), number(k, "story.clock.day")),
        Why::Weekend => (lang.t("story.clock.weekend"), String::new()),
        Why::Holiday { name } => (holiday(name, lang), String::new()),
        Why::Stopped { k } => (lang.t("story.clock.stands"), number(k, "story.clock.stopped_day")),
    };
    let why = match (why.is_empty(), step.date == today, step.date == last) {
        (true, _, true) => lang.t("story.clock.end"),
        (true, true, _) => lang.t("story.clock.today"),
        (_, true, _) => format!("{why}{}", lang.t("story.clock.and_today")),
        _ => why,
    };
    Day { class, date: dates::day(step.date, today, lang), why, number }
}

/// A holiday as the calendar names it, in the language of the page.
pub fn holiday(name: &str, lang: Lang) -> String {
    let one = |name: &str| {
        let key = match name {
            "元旦" => "new_year",
            "春节" => "spring",
            "清明节" => "qingming",
            "劳动节" => "labour",
            "端午节" => "dragon_boat",
            "中秋节" => "mid_autumn",
            "国庆节" => "national",
            other => return other.to_owned(),
        };
        lang.t(&format!("story.holidays.{key}"))
    };
    super::listed(&name.split('、').map(one).collect::<Vec<_>>(), lang)
}
