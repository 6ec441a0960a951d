//! An announcement in a few lines, as lists, a building's page and the report form show it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::announcements::{Placed, Stage};
use crate::domain::buildings::Building;
use crate::kernel::i18n::Lang;
use crate::web::shown::states::State;
use crate::web::shown::word;

/// Who is about to report reads of what begins within so many days.
pub const KNOWN_DAYS: i64 = 3;

/// One, ready to be shown.
#[derive(Clone, Serialize)]
pub struct Brief {
    pub href: String,
    pub title: String,
    /// From when to when.
    pub when: String,
    /// Where.
    pub place: String,
    /// The kind of trouble that it explains.
    pub kind: Option<String>,
    pub state: State,
}

/// `/b/tingqiao/announcements/3`.
pub fn address(building: &Building, number: i32) -> String {
    format!("/b/{}/announcements/{number}", building.slug)
}

/// How it stands, as mark and word.
pub(super) fn stage(stage: Stage, lang: Lang) -> State {
    let (mark, key, class) = match stage {
        Stage::Running => ("work", "announcements.stage.running", "now"),
        Stage::Coming => ("pub", "announcements.stage.coming", ""),
        Stage::Over => ("conf", "announcements.stage.over", "dim"),
        Stage::EndedEarly => ("conf", "announcements.stage.ended_early", "dim"),
        Stage::CalledOff => ("wd", "announcements.stage.called_off", "gone"),
    };
    State { mark, word: word(lang, key), class }
}

/// One of a building.
pub(super) fn brief(a: &Placed, building: &Building, now: DateTime<Utc>, lang: Lang) -> Brief {
    let own = &a.announcement;
    Brief {
        href: address(building, own.number),
        title: own.title.clone(),
        when: own.when(now, lang),
        place: a.places_in_words(lang),
        kind: own.category_name(lang),
        state: stage(own.stage(now), lang),
    }
}

/// Some of a building.
pub fn briefs(all: &[Placed], building: &Building, now: DateTime<Utc>, lang: Lang) -> Vec<Brief> {
    all.iter().map(|a| brief(a, building, now, lang)).collect()
}
