//! The life of an issue: its states, the verbs that move it, and the refusal of everything else by name.

use crate::kernel::error::Refusal;

vocabulary! {
    /// Where a matter stands. The only words for it.
    IssueState {
        Received = "received", Accepted = "accepted", InWork = "in_work", OnAgenda = "on_agenda", Decided = "decided", Done = "done",
        Closed = "closed", LongTerm = "long_term", Declined = "declined", Merged = "merged", Withdrawn = "withdrawn",
    }
}

vocabulary! {
    /// By whose word a matter was closed.
    ClosedBy {
        Reporter = "reporter", Council = "council", Silence = "silence",
        /// It was over when it was brought here from a former system: nobody here has closed it.
        Import = "import",
    }
}

/// What moves a matter from state to state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Somebody becomes responsible.
    Accept,
    /// Not ours, with a reason and another way.
    Decline,
    /// The only reporter takes it back.
    Withdraw,
    /// A task is dispatched.
    Start,
    /// Put on the agenda of a meeting, or back there after a failed check.
    Table,
    /// Taken off the agenda again.
    Untable,
    /// A resolution holds.
    Decide,
    /// The work is said to be done.
    Finish,
    /// Closed by whoever may.
    Close,
    /// Contested: back to work with priority.
    Contest,
    /// On the long-term list.
    Shelve,
    /// Back from the long-term list.
    Resume,
    /// Joined to another matter.
    Merge,
    /// Taken up again after closing.
    Reopen,
    /// Accepted by mistake, and nobody has acted on it since.
    Unaccept,
    /// A round of a plan that will not be done.
    GiveUp,
}

impl Verb {
    /// Every verb.
    pub const ALL: &'static [Verb] = &[
        Verb::Accept,
        Verb::Decline,
        Verb::Withdraw,
        Verb::Start,
        Verb::Table,
        Verb::Untable,
        Verb::Decide,
        Verb::Finish,
        Verb::Close,
        Verb::Contest,
        Verb::Shelve,
        Verb::Resume,
        Verb::Merge,
        Verb::Reopen,
        Verb::Unaccept,
        Verb::GiveUp,
    ];

    /// The word in refusals and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Accept => "accept",
            Verb::Decline => "decline",
            Verb::Withdraw => "withdraw",
            Verb::Start => "start",
            Verb::Table => "table",
            Verb::Untable => "untable",
            Verb::Decide => "decide",
            Verb::Finish => "finish",
            Verb::Close => "close",
            Verb::Contest => "contest",
            Verb::Shelve => "shelve",
            Verb::Resume => "resume",
            Verb::Merge => "merge",
            Verb::Reopen => "reopen",
            Verb::Unaccept => "unaccept",
            Verb::GiveUp => "give_up",
        }
    }
}

impl IssueState {
    /// Whether somebody still owes something.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Declined | Self::Merged | Self::Withdrawn)
    }

    /// The next state, or a refusal that names verb and state.
    pub fn after(self, verb: Verb) -> Result<IssueState, Refusal> {
        use IssueState::*;
        let next = match (self, verb) {
            (Received, Verb::Accept) => Accepted,
            (Received | Accepted, Verb::Decline) => Declined,
            (Received | Accepted, Verb::Withdraw) => Withdrawn,
            (Accepted | InWork | LongTerm, Verb::Start) => InWork,
            // The tasks of a resolution run while the matter is decided.
            (Decided, Verb::Start) => Decided,
            (Accepted | InWork | LongTerm | Decided | Done, Verb::Table) => OnAgenda,
            // A closed matter can come up again for its effect.
            (Closed, Verb::Table) => OnAgenda,
            (OnAgenda, Verb::Table) => OnAgenda,
            (OnAgenda, Verb::Untable) => Accepted,
            (OnAgenda, Verb::Decide) => Decided,
            (InWork | Decided, Verb::Finish) => Done,
            (Done, Verb::Close) => Closed,
            (Done, Verb::Contest) => InWork,
            (Accepted | InWork, Verb::Shelve) => LongTerm,
            (LongTerm, Verb::Resume) => Accepted,
            (Received | Accepted | InWork, Verb::Merge) => Merged,
            (Closed | Declined, Verb::Reopen) => Accepted,
            (Accepted, Verb::Unaccept) => Received,
            (Accepted | InWork | LongTerm, Verb::GiveUp) => Withdrawn,
            _ => {
                return Err(Refusal::new("issue_state")
                    .with("verb", format!("@verbs.{}", verb.as_str()))
                    .with("state", format!("@states.{}", self.as_str())));
            }
        };
        Ok(next)
    }
}
