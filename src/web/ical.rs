//! Calendars over HTTP: what is written by [`crate::kernel::ical`], and as what it is sent.

use rocket::http::ContentType;

pub use crate::kernel::ical::{Event, When, calendar};

/// The media type (RFC 5545 section 8.1).
pub fn kind() -> ContentType {
    ContentType::new("text", "calendar").with_params(("charset", "utf-8"))
}
