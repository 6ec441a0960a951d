//! Calendars for phones (iCalendar, RFC 5545): days by which something is owed, and meetings to come. Events, since the
//! calendars that people carry do not show to-dos.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};

/// When an event is.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// All of a day; it makes nobody busy.
    Day(NaiveDate),
    /// From an instant on.
    At(DateTime<Utc>),
    /// From one instant to another.
    Span(DateTime<Utc>, DateTime<Utc>),
    /// The same on the clocks of Shanghai: people meet there, wherever their calendar is.
    Meeting(DateTime<Utc>, DateTime<Utc>),
}

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Stays the same as long as the matter does, and tells no time (section 3.8.4.7).
    pub uid: String,
    pub when: When,
    pub summary: String,
    pub words: String,
    pub place: Option<String>,
    pub address: String,
    /// When what it says last changed.
    pub changed: DateTime<Utc>,
    /// Which version of it this is (section 3.8.7.4).
    pub version: i32,
    pub cancelled: bool,
    /// Who calls it: a name and an address (section 3.8.4.3).
    pub organizer: Option<(String, String)>,
}

/// TEXT, section 3.3.11.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace("\r\n", "\n").replace('\n', "\\n")
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A content line: at most 75 octets, then CRLF and a blank (section 3.1), never within a character.
fn line(out: &mut String, name: &str, value: &str) {
    let mut length = 0;
    for c in name.chars().chain([':']).chain(value.chars().filter(|c| !c.is_control())) {
        if length + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The time zone of the buildings. China has had one offset since 1991, and no summer time.
const SHANGHAI: &str = "Asia/Shanghai";

fn shanghai(at: DateTime<Utc>) -> String {
    at.with_timezone(&crate::kernel::calendar::BEIJING).format("%Y%m%dT%H%M%S").to_string()
}

/// One event in a file of its own, which somebody loads or finds in a letter: PUBLISH (RFC 5546 section 3.2.1), since nothing is
/// asked back by it; whether somebody comes is said on the meeting's page. The cancellation is published like any change.
pub fn published(name: &str, event: &Event) -> String {
    write(name, std::slice::from_ref(event), Some("PUBLISH"))
}

/// The whole calendar.
pub fn calendar(name: &str, events: &[Event]) -> String {
    write(name, events, None)
}

fn write(name: &str, events: &[Event], method: Option<&str>) -> String {
    let mut out = String::new();
    let mut put = |name: &str, value: &str| line(&mut out, name, value);
    put("BEGIN", "VCALENDAR");
    put("VERSION", "2.0");
    put("PRODID", "-//Louyi//Louyi//ZH");
    put("CALSCALE", "GREGORIAN");
    if let Some(method) = method {
        put("METHOD", method);
    }
    // RFC 7986, and what was there before it.
    put("NAME", &escaped(name));
    put("X-WR-CALNAME", &escaped(name));
    put("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
    if events.iter().any(|e| matches!(e.when, When::Meeting(..))) {
        for (name, value) in [
            ("BEGIN", "VTIMEZONE"),
            ("TZID", SHANGHAI),
            ("BEGIN", "STANDARD"),
            ("DTSTART", "19910915T010000"),
            ("TZOFFSETFROM", "+0900"),
            ("TZOFFSETTO", "+0800"),
            ("TZNAME", "CST"),
            ("END", "STANDARD"),
            ("END", "VTIMEZONE"),
        ] {
            put(name, value);
        }
    }
    for e in events {
        put("BEGIN", "VEVENT");
        put("UID", &e.uid);
        put("DTSTAMP", &utc(e.changed));
        put("SEQUENCE", &e.version.to_string());
        match e.when {
            When::Day(day) => put("DTSTART;VALUE=DATE", &day.format("%Y%m%d").to_string()),
            When::At(at) => put("DTSTART", &utc(at)),
            When::Span(from, to) => {
                put("DTSTART", &utc(from));
                put("DTEND", &utc(to));
            }
            When::Meeting(from, to) => {
                put(&format!("DTSTART;TZID={SHANGHAI}"), &shanghai(from));
                put(&format!("DTEND;TZID={SHANGHAI}"), &shanghai(to));
            }
        }
        // What is announced makes nobody busy either.
        if !matches!(e.when, When::At(_) | When::Meeting(..)) {
            put("TRANSP", "TRANSPARENT");
        }
        put("SUMMARY", &escaped(&e.summary));
        let mut words = e.words.clone();
        let _ = write!(words, "\n{}", e.address);
        put("DESCRIPTION", &escaped(words.trim_start()));
        if let Some(place) = &e.place {
            put("LOCATION", &escaped(place));
        }
        put("URL", &e.address);
        if let Some((name, address)) = &e.organizer {
            // A parameter's value is quoted; it cannot hold quotes (section 3.2).
            put(&format!("ORGANIZER;CN=\"{}\"", name.replace('"', "")), &format!("mailto:{address}"));
        }
        put("STATUS", if e.cancelled { "CANCELLED" } else { "CONFIRMED" });
        put("END", "VEVENT");
    }
    put("END", "VCALENDAR");
    out
}
