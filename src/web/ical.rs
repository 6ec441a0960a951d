//! Calendars for phones (iCalendar, RFC 5545): days by which something is owed, and meetings to come. Events, since the
//! calendars that people carry do not show to-dos.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use rocket::http::ContentType;

/// When an event is.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// All of a day; it makes nobody busy.
    Day(NaiveDate),
    /// From an instant on.
    At(DateTime<Utc>),
    /// From one instant to another.
    Span(DateTime<Utc>, DateTime<Utc>),
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
}

/// The media type, section 8.1.
pub fn kind() -> ContentType {
    ContentType::new("text", "calendar").with_params(("charset", "utf-8"))
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

/// The whole calendar.
pub fn calendar(name: &str, events: &[Event]) -> String {
    let mut out = String::new();
    let mut put = |name: &str, value: &str| line(&mut out, name, value);
    put("BEGIN", "VCALENDAR");
    put("VERSION", "2.0");
    put("PRODID", "-//Louyi//Louyi//ZH");
    put("CALSCALE", "GREGORIAN");
    // RFC 7986, and what was there before it.
    put("NAME", &escaped(name));
    put("X-WR-CALNAME", &escaped(name));
    put("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
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
        }
        // What is announced makes nobody busy either.
        if !matches!(e.when, When::At(_)) {
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
        put("STATUS", if e.cancelled { "CANCELLED" } else { "CONFIRMED" });
        put("END", "VEVENT");
    }
    put("END", "VCALENDAR");
    out
}
