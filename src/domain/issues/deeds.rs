//! What may be asked of a matter now, and by whom: the same answers that the verbs give, for a page that says them
//! before anybody has tried.

use super::closing::effect_shown;
use super::{Around, Issue, Standing, Verb};
use crate::kernel::error::Refusal;

/// Something that those who handle a matter can do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    Accept,
    Ask,
    Dispatch,
    Finish,
    Offer,
    Take,
    Refuse,
    Recategorise,
    Relocate,
    Merge,
    Unmerge,
    Split,
    Link,
    Shelve,
    Resume,
    Decline,
    Nominate,
    Reopen,
    Confirm,
}

impl Deed {
    /// Every deed, in the order of a page.
    pub const ALL: &'static [Deed] = &[
        Deed::Take,
        Deed::Refuse,
        Deed::Accept,
        Deed::Ask,
        Deed::Dispatch,
        Deed::Finish,
        Deed::Offer,
        Deed::Merge,
        Deed::Split,
        Deed::Link,
        Deed::Recategorise,
        Deed::Relocate,
        Deed::Shelve,
        Deed::Resume,
        Deed::Nominate,
        Deed::Decline,
        Deed::Confirm,
        Deed::Reopen,
        Deed::Unmerge,
    ];

    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Deed::Accept => "accept",
            Deed::Ask => "ask",
            Deed::Dispatch => "dispatch",
            Deed::Finish => "finish",
            Deed::Offer => "offer",
            Deed::Take => "take",
            Deed::Refuse => "refuse",
            Deed::Recategorise => "recategorise",
            Deed::Relocate => "relocate",
            Deed::Merge => "merge",
            Deed::Unmerge => "unmerge",
            Deed::Split => "split",
            Deed::Link => "link",
            Deed::Shelve => "shelve",
            Deed::Resume => "resume",
            Deed::Decline => "decline",
            Deed::Nominate => "nominate",
            Deed::Reopen => "reopen",
            Deed::Confirm => "confirm",
        }
    }
}

impl Issue {
    /// Whether somebody who stands towards it like this may do it now; if not, why.
    pub fn may_now(&self, deed: Deed, standing: Standing, around: Around<'_>) -> Result<(), Refusal> {
        match deed {
            Deed::Take | Deed::Refuse => match (self.offered_to_id, around.answers) {
                (None, _) => Err(Refusal::new("nothing_offered")),
                (Some(_), Some(false)) => Err(Refusal::new("only_district_secretary")),
                (Some(_), None) if standing != Standing::Offered => Err(Refusal::new("only_offered")),
                _ if deed == Deed::Take => self.offerable(),
                _ => Ok(()),
            },
            Deed::Nominate if around.nominated => Err(Refusal::new("nominated_already")),
            Deed::Nominate => self.nominable(),
            Deed::Confirm => self.confirmable(standing, around),
            _ if standing > Standing::Holder => Err(Refusal::new("only_holder")),
            Deed::Accept if self.holder_id.is_none() => Err(Refusal::new("no_holder")),
            Deed::Accept => self.moves(Verb::Accept),
            Deed::Ask | Deed::Recategorise | Deed::Relocate | Deed::Link => Ok(()),
            Deed::Split => self.splittable(),
            Deed::Dispatch => self.moves(Verb::Start),
            Deed::Finish => self.moves(Verb::Finish).and_then(|()| no_open_tasks(around)),
            Deed::Offer => self.offerable(),
            Deed::Merge => self.moves(Verb::Merge).and_then(|()| no_open_tasks(around)),
            Deed::Unmerge if self.merged_into_id.is_none() => Err(Refusal::new("not_merged")),
            Deed::Unmerge => Ok(()),
            Deed::Shelve => self.moves(Verb::Shelve),
            Deed::Resume => self.moves(Verb::Resume),
            Deed::Decline => self.moves(Verb::Decline),
            Deed::Reopen => self.moves(Verb::Reopen),
        }
    }

    fn moves(&self, verb: Verb) -> Result<(), Refusal> {
        self.state.after(verb).map(|_| ())
    }

    fn confirmable(&self, standing: Standing, around: Around<'_>) -> Result<(), Refusal> {
        if !matches!(standing, Standing::Secretary | Standing::Presides) {
            return Err(Refusal::new("only_council"));
        }
        if around.checks.iter().any(|c| c.verdict.is_none()) {
            return Err(Refusal::new("check_outstanding"));
        }
        if !effect_shown(around.checks) {
            return Err(Refusal::new("no_effect_shown"));
        }
        self.moves(Verb::Close)
    }
}

fn no_open_tasks(around: Around<'_>) -> Result<(), Refusal> {
    match around.tasks.iter().filter(|t| t.state.is_open()).count() {
        0 => Ok(()),
        n => Err(Refusal::new("tasks_open").with("n", n)),
    }
}
