//! A state as mark and word. The words are PRODUCT's, the marks the sprite's; never colour alone.

use std::borrow::Cow;

use serde::Serialize;

use super::word;
use crate::domain::effect_checks::Verdict;
use crate::domain::issues::{ClosedBy, Issue, IssueState};
use crate::domain::tasks::TaskState;
use crate::kernel::i18n::Lang;

/// In templates: `<span class="state {{class}}">{{mark mark}}{{word}}</span>`.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// The icon of the sprite.
    pub mark: &'static str,
    /// The word beside it.
    pub word: Cow<'static, str>,
    /// `now`, `ok`, `bad`, `wait`, `dim`, `gone` or nothing.
    pub class: &'static str,
}

/// Of a matter. `into` is the label of the matter that it was merged into, where it is known.
pub fn issue(state: IssueState, closed_by: Option<ClosedBy>, into: Option<&str>, lang: Lang) -> State {
    let (mark, key, class) = match (state, closed_by) {
        (IssueState::Received, _) => ("reg", "states.received", ""),
        (IssueState::Accepted, _) => ("acc", "states.accepted", ""),
        (IssueState::InWork, _) => ("work", "states.in_work", "now"),
        (IssueState::OnAgenda, _) => ("agenda", "states.on_agenda", "now"),
        (IssueState::Decided, _) => ("reso", "states.decided", ""),
        (IssueState::Done, _) => ("done", "states.done", ""),
        (IssueState::Closed, Some(ClosedBy::Reporter)) => ("conf", "states.closed_reporter", ""),
        (IssueState::Closed, Some(ClosedBy::Council)) => ("council", "states.closed_council", ""),
        (IssueState::Closed, Some(ClosedBy::Silence)) => ("sil", "states.closed_silence", "dim"),
        (IssueState::Closed, Some(ClosedBy::Import)) => ("sil", "states.closed_import", "dim"),
        (IssueState::Closed, None) => ("conf", "states.closed", ""),
        (IssueState::LongTerm, _) => ("long", "states.long_term", ""),
        (IssueState::Declined, _) => ("dec", "states.declined", "dim"),
        (IssueState::Merged, _) => ("mrg", "states.merged", "dim"),
        (IssueState::Withdrawn, _) => ("wd", "states.withdrawn", "gone"),
    };
    let word = match into {
        Some(label) if state == IssueState::Merged => Cow::Owned(lang.say("states.merged_into", &[("label", label)])),
        _ => word(lang, key),
    };
    State { mark, word, class }
}

/// Of a matter that is loaded whole.
pub fn of(i: &Issue, into: Option<&str>, lang: Lang) -> State {
    issue(i.state, i.closed_by, into, lang)
}

/// Late, as a mark of its own beside the state.
pub fn late(left: String) -> State {
    State { mark: "late", word: Cow::Owned(left), class: "bad" }
}

/// Of a task; a clock that stands is said before the state.
pub fn task(state: TaskState, stopped: bool, lang: Lang) -> State {
    let (mark, key, class) = match state {
        s if stopped && s.is_open() => ("pause", "task_states.stopped", "wait"),
        TaskState::Dispatched => ("reg", "task_states.dispatched", ""),
        TaskState::Acknowledged => ("acc", "task_states.acknowledged", ""),
        TaskState::InWork => ("work", "task_states.in_work", "now"),
        TaskState::Done => ("done", "task_states.done", ""),
        TaskState::Verified => ("conf", "task_states.verified", ""),
        TaskState::Returned => ("dec", "task_states.returned", "dim"),
        TaskState::Cancelled => ("wd", "task_states.cancelled", "gone"),
    };
    State { mark, word: word(lang, key), class }
}

/// What a check found.
pub fn verdict(v: Verdict, lang: Lang) -> State {
    let (mark, key, class) = match v {
        Verdict::Effective => ("good", "verdicts.effective", "ok"),
        Verdict::Partly => ("partly", "verdicts.partly", ""),
        Verdict::Ineffective => ("bad", "verdicts.ineffective", "bad"),
    };
    State { mark, word: word(lang, key), class }
}
