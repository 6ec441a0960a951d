//! Meetings as lines of a list.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Here;
use super::drawn::meeting_mark;
use crate::domain::meetings::Meeting;
use crate::kernel::i18n::Lang;
use crate::web::dates;

/// A meeting in a list.
#[derive(Serialize)]
pub struct MeetingLine {
    pub number: i32,
    pub href: String,
    pub when: String,
    pub place: String,
    pub kind: String,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    pub agenda: usize,
}

impl MeetingLine {
    pub fn of(here: &Here, m: &Meeting, agenda: usize, now: DateTime<Utc>, lang: Lang) -> Self {
        let (mark, class) = meeting_mark(m.state);
        Self {
            number: m.number,
            href: format!("{}/meetings/{}", here.root, m.number),
            when: dates::appointment(m.starts_at, now, lang),
            place: m.place.clone(),
            kind: lang.t(&format!("meetings.kind.{}", m.kind.as_str())),
            state: lang.t(&format!("meeting_states.{}", m.state.as_str())),
            mark,
            class,
            agenda,
        }
    }
}
