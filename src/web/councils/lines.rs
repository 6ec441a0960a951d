//! Meetings and resolutions as lines of a list.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Here;
use super::drawn::{meeting_mark, resolution_mark};
use crate::domain::effect_checks;
use crate::domain::meetings::Meeting;
use crate::domain::resolutions::Resolution;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::shown::states::{self, State};

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

/// A resolution in a list.
#[derive(Serialize)]
pub struct ResolutionLine {
    pub label: String,
    pub href: String,
    pub title: String,
    pub when: String,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    /// The last check's verdict, where one was made.
    pub effect: Option<State>,
}

/// A resolution with the verdict of its last check.
pub async fn resolution_line(caller: &Caller, here: &Here, r: &Resolution) -> Result<ResolutionLine> {
    let lang = caller.lang;
    let checks = effect_checks::of_resolution(caller.house.read(), r.id).await?;
    let verdict = checks.iter().rev().find_map(|c| c.verdict);
    let (mark, class) = resolution_mark(r.state);
    Ok(ResolutionLine {
        label: r.label(here.short()),
        href: format!("{}/resolutions/{}", here.root, r.address()),
        title: r.title.clone(),
        when: dates::short(dates::local(r.adopted_at).date(), dates::local(caller.house.now()).date(), lang),
        state: lang.t(&format!("resolutions.state.{}", r.state.as_str())),
        mark,
        class,
        effect: verdict.map(|v| states::verdict(v, lang)),
    })
}
