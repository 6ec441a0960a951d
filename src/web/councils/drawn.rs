//! How each state of the council's nouns is drawn: the mark of the sprite, and the class of its colour.

use crate::domain::meetings::MeetingState;
use crate::domain::meetings::items::Item;
use crate::domain::motions::{Motion, MotionState};
use crate::domain::resolutions::ResolutionState;
use crate::domain::undertakings::UndertakingState;

/// How a meeting's state is drawn.
pub fn meeting_mark(state: MeetingState) -> (&'static str, &'static str) {
    match state {
        MeetingState::Draft => ("reg", "dim"),
        MeetingState::Called => ("agenda", ""),
        MeetingState::Open => ("work", "now"),
        MeetingState::Closed => ("conf", ""),
        MeetingState::Cancelled => ("wd", "gone"),
    }
}

/// How an item's state is drawn.
pub fn item_mark(item: &Item) -> (&'static str, &'static str) {
    use crate::domain::meetings::items::ItemState::*;
    match item.state {
        Proposed => ("reg", "dim"),
        Listed => ("agenda", ""),
        Discussed => ("done", ""),
        Decided => ("reso", ""),
        Referred => ("mrg", ""),
        Deferred => ("pause", "wait"),
        Withdrawn => ("wd", "gone"),
    }
}

/// How a motion is drawn: by its state, and once it is closed by what came of it.
pub fn motion_mark(m: &Motion) -> (&'static str, &'static str) {
    match (m.state, m.outcome) {
        (MotionState::Draft, _) => ("reg", ""),
        (MotionState::Open, _) => ("work", "now"),
        (MotionState::Withdrawn, _) => ("wd", "gone"),
        (MotionState::Closed, Some(o)) if o.carried() => ("conf", ""),
        (MotionState::Closed, _) => ("dec", "dim"),
    }
}

/// How a party's answer is drawn.
pub fn undertaking_mark(state: UndertakingState) -> (&'static str, &'static str) {
    match state {
        UndertakingState::Asked => ("reg", ""),
        UndertakingState::Signed => ("conf", ""),
        UndertakingState::ChangesAsked => ("ask", ""),
        UndertakingState::Refused => ("bad", "bad"),
        UndertakingState::Lapsed => ("wd", "gone"),
    }
}

/// How a resolution's state is drawn.
pub fn resolution_mark(state: ResolutionState) -> (&'static str, &'static str) {
    match state {
        ResolutionState::Adopted => ("reso", ""),
        ResolutionState::InForce => ("conf", ""),
        ResolutionState::Superseded | ResolutionState::Repealed | ResolutionState::Expired => ("mrg", "dim"),
        ResolutionState::Lapsed => ("dec", "gone"),
    }
}
