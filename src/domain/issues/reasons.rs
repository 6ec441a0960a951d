//! Why matters are joined and parted: a word from a short list for everybody, a sentence for those whose report changed its number.

use super::Issue;
use crate::domain::messages::{self, Voice};
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::MessageId;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Why one matter joins another.
    MergeReason {
        /// Somebody else has reported the same trouble.
        Same = "same",
        /// Two troubles, one cause.
        OneCause = "one_cause",
        /// Only done together does it help.
        OneRemedy = "one_remedy",
        /// The same person has sent it again.
        Twice = "twice",
    }
}

vocabulary! {
    /// Why a part becomes a matter of its own.
    SplitReason {
        /// It has nothing to do with the rest.
        AnotherTrouble = "another_trouble",
        /// The same kind of trouble, and not there.
        AnotherPlace = "another_place",
        /// Somebody else has to do it.
        AnotherParty = "another_party",
        /// It need not wait for the rest, or the rest for it.
        OwnPace = "own_pace",
    }
}

/// The reason that was chosen from the list.
pub(super) fn chosen<R: std::str::FromStr>(given: &str) -> Result<R, Refusal> {
    given.parse().map_err(|_| Refusal::new("choose_reason").at("reason"))
}

/// Keeps the words with a matter, for its reporters. They are no first answer: that a matter has changed its number answers nobody.
pub(super) async fn note(act: &Act, issue: &Issue, words: &str) -> Result<(MessageId, TextHash)> {
    let words = text::words("words", words, 4, 1000)?;
    messages::note_hashed(act, issue, Voice::Reporters, &words).await
}
