//! Instants and days in words, at the district's own time.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, Timelike as _, Utc, Weekday};

use crate::kernel::calendar::{BEIJING, Calendar};
use crate::kernel::i18n::Lang;

/// The wall clock's reading.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&BEIJING).naive_local()
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}

/// `11月25日`, with the year where it is not this one.
pub fn short(day: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    let (y, m, d) = (day.year().to_string(), day.month(), day.day().to_string());
    let month = if lang == Lang::En { lang.t(&format!("dates.month_{m}")) } else { m.to_string() };
    let key = if day.year() == today.year() { "dates.short" } else { "dates.short_year" };
    lang.say(key, &[("y", &y), ("m", &month), ("d", &d)])
}

/// `11月25日 周三`.
pub fn day(day: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    let date = short(day, today, lang);
    lang.say("dates.day", &[("date", &date), ("weekday", &lang.t(&format!("dates.{}", weekday(day.weekday()))))])
}

/// `11月25日 09:31`.
pub fn moment(at: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let t = local(at);
    let date = short(t.date(), local(now).date(), lang);
    lang.say("dates.moment", &[("date", &date), ("time", &t.format("%H:%M").to_string())])
}

/// `11月25日 周三 14:00`, for what people come to.
pub fn appointment(at: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let t = local(at);
    let date = day(t.date(), local(now).date(), lang);
    lang.say("dates.moment", &[("date", &date), ("time", &t.format("%H:%M").to_string())])
}

/// `2026年11月25日 周三 09:31`, for papers and print.
pub fn full(at: DateTime<Utc>, lang: Lang) -> String {
    let t = local(at);
    let year_ago = NaiveDate::from_ymd_opt(t.year() - 1, 1, 1).unwrap_or_default();
    let date = day(t.date(), year_ago, lang);
    lang.say("dates.moment", &[("date", &date), ("time", &t.format("%H:%M").to_string())])
}

/// `2026年6月26日 周五`, for the head of a paper.
pub fn full_day(at: DateTime<Utc>, lang: Lang) -> String {
    let t = local(at);
    day(t.date(), NaiveDate::from_ymd_opt(t.year() - 1, 1, 1).unwrap_or_default(), lang)
}

/// The full hour before: public times of reports say no more.
pub fn rounded(at: DateTime<Utc>) -> DateTime<Utc> {
    at.with_minute(0).and_then(|t| t.with_second(0)).and_then(|t| t.with_nanosecond(0)).unwrap_or(at)
}

/// Something due, in words.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Due {
    /// `11月25日 周三 24:00前，还有2天`.
    pub words: String,
    /// Its first half.
    pub by: String,
    /// Its second half: `还有2天`, `晚了1天`.
    pub left: String,
    /// The time has passed.
    pub late: bool,
    /// It ends today.
    pub today: bool,
}

/// `11月25日 周三 24:00`: an end (exclusive, as stored) without counting towards it.
pub fn until(end: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let (last, time) = last_moment(end);
    lang.say("dates.until", &[("date", &day(last.date(), local(now).date(), lang)), ("time", &time)])
}

/// `11月28日 周六 09:00–12:00`, over midnight `11月28日 周六 22:00 – 11月29日 周日 06:00`; the end is exclusive, as stored.
pub fn span(from: DateTime<Utc>, end: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let (last, to) = last_moment(end);
    let start = local(from);
    if last.date() == start.date() {
        let date = day(start.date(), local(now).date(), lang);
        return lang.say("dates.span", &[("date", &date), ("from", &start.format("%H:%M").to_string()), ("to", &to)]);
    }
    lang.say("dates.span_days", &[("from", &appointment(from, now, lang)), ("to", &until(end, now, lang))])
}

/// The day that an end belongs to and its time: 00:00 is said as 24:00 of the day before.
fn last_moment(end: DateTime<Utc>) -> (NaiveDateTime, String) {
    if local(end).time() == chrono::NaiveTime::MIN {
        return (local(end - Duration::minutes(1)), "24:00".to_owned());
    }
    let last = local(end);
    (last, last.format("%H:%M").to_string())
}

/// An end (exclusive, as stored) in words; days left and days late are working days.
pub fn due(end: DateTime<Utc>, now: DateTime<Utc>, calendar: &Calendar, lang: Lang) -> Due {
    let midnight = local(end).time() == chrono::NaiveTime::MIN;
    let today = local(now).date();
    let (last, time) = last_moment(end);
    let by = lang.say("dates.by", &[("date", &day(last.date(), today, lang)), ("time", &time)]);
    let late = end <= now;
    let left = if late {
        match calendar.working_days_between(last.date(), today) {
            0 => lang.t("dates.late_today"),
            n => lang.say("dates.late", &[("n", &n.to_string())]),
        }
    } else if last.date() == today {
        let minutes = (end - now).num_minutes();
        if midnight { lang.t("dates.left_today") } else { hours(minutes, lang) }
    } else if !midnight && (end - now).num_hours() < 36 {
        // A limit in hours runs through nights and days off.
        hours((end - now).num_minutes(), lang)
    } else {
        match calendar.working_days_between(today, last.date()) {
            0 if calendar.is_working(today) => lang.t("dates.left_off_after_today"),
            0 => lang.t("dates.left_off"),
            n => lang.say("dates.left", &[("n", &n.to_string())]),
        }
    };
    let words = lang.say("dates.due", &[("by", &by), ("left", &left)]);
    Due { words, by, left, late, today: last.date() == today }
}

fn hours(minutes: i64, lang: Lang) -> String {
    match minutes {
        m if m < 60 => lang.say("dates.left_minutes", &[("n", &m.to_string())]),
        // Of three hours a half matters.
        m if m < 180 && m % 60 > 0 => lang.say("dates.left_hours_minutes", &[("n", &(m / 60).to_string()), ("m", &(m % 60).to_string())]),
        m => lang.say("dates.left_hours", &[("n", &(m / 60).to_string())]),
    }
}

/// A day kept as text, `2026-05-09`.
pub fn parse(day: &str) -> Option<NaiveDate> {
    day.parse().ok()
}

/// 24:00 of a day that a form named, as the exclusive instant.
pub fn end_of_day(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.succ_opt()?.and_time(chrono::NaiveTime::MIN).and_local_timezone(BEIJING).single().map(|t| t.to_utc())
}

/// A day and time that a form named (`2026-12-03T15:00`, as `datetime-local` sends it).
pub fn at(typed: &str) -> Option<DateTime<Utc>> {
    let t = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").or_else(|_| NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M:%S")).ok()?;
    t.and_local_timezone(BEIJING).single().map(|t| t.to_utc())
}
