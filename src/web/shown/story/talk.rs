//! What was said on a matter, and what came of asking.

use super::{Step, Teller};
use crate::domain::call_backs::CallResult;
use crate::domain::journal::Entry;
use crate::domain::messages::Voice;
use crate::web::shown::matter::Line;

pub(super) fn talk(t: &Teller<'_>, line: &Line, entry: &Entry, step: &Step) -> Option<Step> {
    let by = t.name(line.by);
    let (mark, key) = match entry {
        Entry::QuestionAsked { .. } => ("agenda", "question_asked"),
        Entry::QuestionAnswered { .. } => ("acc", "question_answered"),
        Entry::MessageSent { voice: Voice::Reporters, .. } if line.by.is_some() => ("acc", "message_to_reporters"),
        Entry::MessageSent { voice: Voice::Reporters, .. } => ("acc", "message_of_reporter"),
        Entry::MessageSent { voice: Voice::Parties, .. } => ("acc", "message_to_parties"),
        Entry::MessageWithheld { .. } => ("dec", "message_withheld"),
        Entry::MessageShownAgain { .. } => ("eye", "message_shown_again"),
        Entry::MessageEdited { .. } => ("acc", "message_edited"),
        Entry::TitleReleased { .. } => ("eye", "title_released"),
        Entry::CallBackMade { result: Some(CallResult::Fixed), .. } => ("conf", "called_fixed"),
        Entry::CallBackMade { result: Some(CallResult::Basically), .. } => ("partly", "called_basically"),
        Entry::CallBackMade { result: Some(CallResult::NotFixed), .. } => ("no", "called_not_fixed"),
        Entry::CallBackMade { result: None, .. } => ("acc", "called_nobody"),
        _ => return None,
    };
    Some(Step { mark, head: t.say(key, &[("by", &by)]), ..step.clone() })
}
