//! The next act on top of the page, and the other acts below it as words. What cannot be done now is said with its
//! reason, where one would look for it.

use serde::Serialize;

use super::room::Room;
use crate::domain::issues::{Deed, IssueState, Next};
use crate::web::dates;

/// In templates: `{{> work/next next=next}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Lamp {
    /// One sentence.
    pub heading: String,
    /// By when, or why nothing is to be done.
    pub small: Option<String>,
    /// The one button.
    pub button: Option<Button>,
    /// The second answer to the same question: an offer is taken or not.
    pub beside: Option<Button>,
    /// Somebody else is at it: then no lamp is lit.
    pub waits: bool,
}

/// A way to an act: a link to its page, or a form that does it at once.
#[derive(Clone, Debug, Serialize)]
pub struct Button {
    pub words: String,
    pub href: String,
    /// Sent by POST as it is.
    pub at_once: bool,
}

/// An act beside the next one.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub words: String,
    pub href: String,
    pub at_once: bool,
    /// Why not now.
    pub refused: Option<String>,
}

fn path(deed: Deed) -> (&'static str, bool) {
    match deed {
        Deed::Accept => ("acceptance", false),
        Deed::Ask => ("questions", false),
        Deed::Dispatch => ("tasks", false),
        Deed::Finish => ("completion", false),
        Deed::Offer => ("transfer", false),
        Deed::Take => ("transfer/acceptance", false),
        Deed::Refuse => ("transfer/refusal", false),
        Deed::Recategorise => ("category", false),
        Deed::Relocate => ("place", false),
        Deed::Merge => ("merge", false),
        Deed::Unmerge => ("unmerge", true),
        Deed::Split => ("split", false),
        Deed::Link => ("links", false),
        Deed::Shelve => ("long-term", false),
        Deed::Resume => ("resumption", true),
        Deed::Decline => ("declination", false),
        Deed::Nominate => ("nomination", false),
        Deed::Reopen => ("reopening", false),
        Deed::Confirm => ("confirmation", false),
    }
}

/// Where a next act is done, below the matter's address.
pub fn place_of(next: Next) -> String {
    match next {
        Next::Do(k) | Next::Verify(k) | Next::AwaitTask(k) => format!("tasks/{k}"),
        Next::Answer => "work#say-reporters".into(),
        next => match deed_of(next).map(path) {
            // What is done at once has its button on the working page.
            Some((path, false)) => path.into(),
            _ => "work".into(),
        },
    }
}

/// The deed behind a next act that is one.
fn deed_of(next: Next) -> Option<Deed> {
    Some(match next {
        Next::Take => Deed::Take,
        Next::Assign => Deed::Offer,
        Next::Accept => Deed::Accept,
        Next::Dispatch | Next::Redispatch(_) => Deed::Dispatch,
        Next::Finish => Deed::Finish,
        Next::Nominate => Deed::Nominate,
        Next::Confirm => Deed::Confirm,
        Next::Review => Deed::Resume,
        _ => return None,
    })
}

impl Room<'_> {
    fn button(&self, deed: Deed, key: &str) -> Button {
        let (path, at_once) = path(deed);
        Button { words: self.caller.lang.t(key), href: format!("{}/{path}", self.root()), at_once }
    }

    /// The next act.
    pub fn lamp(&self) -> Lamp {
        let (next, lang) = (self.next(), self.caller.lang);
        let key = format!("work.next.{}", next.as_str());
        let task = |k: i32| self.m.tasks.iter().find(|t| t.number == k);
        let (by, number) = match next {
            Next::Do(k) | Next::Verify(k) | Next::Redispatch(k) | Next::AwaitTask(k) => {
                (self.m.name(task(k).map(|t| t.organisation_id), lang), k.to_string())
            }
            _ => (self.m.name(self.m.issue.holder_id, lang), String::new()),
        };
        let n = self.m.issue.reports.to_string();
        let heading = lang.say(&key, &[("by", &by), ("k", &number), ("n", &n)]);
        let button = match next {
            Next::Do(k) | Next::Verify(k) | Next::AwaitTask(k) => {
                Some(Button { words: lang.t(&format!("{key}_button")), href: format!("{}/tasks/{k}", self.root()), at_once: false })
            }
            Next::Answer => Some(Button { words: lang.t(&format!("{key}_button")), href: "#say-reporters".into(), at_once: false }),
            next => deed_of(next).map(|d| self.button(d, &format!("{key}_button"))),
        };
        let beside = (next == Next::Take).then(|| self.button(Deed::Refuse, "work.deeds.refuse"));
        Lamp { heading, small: self.by_when(next), button, beside, waits: next.waits() }
    }

    fn by_when(&self, next: Next) -> Option<String> {
        let (issue, lang, now) = (&self.m.issue, self.caller.lang, self.caller.house.now());
        let due = |at| dates::due(at, now, &self.calendar(), lang).words;
        match next {
            Next::Take => issue.offered_until.map(due),
            Next::Do(k) | Next::AwaitTask(k) | Next::Verify(k) => self.m.tasks.iter().find(|t| t.number == k).map(|t| due(t.due_at)),
            Next::AwaitReporters => issue.confirm_due.map(due),
            Next::Review => {
                let day = issue.review_on.as_deref().and_then(dates::parse)?;
                Some(lang.say("work.next.review_on", &[("day", &dates::day(day, dates::local(now).date(), lang))]))
            }
            Next::AwaitCheck => {
                let planned = self.m.checks.iter().find(|c| c.verdict.is_none())?;
                let day = dates::parse(&planned.planned_on)?;
                Some(lang.say("work.next.check_on", &[("day", &dates::day(day, dates::local(now).date(), lang))]))
            }
            Next::Nothing => {
                let key = match issue.state {
                    IssueState::Closed => "work.next.over_closed",
                    IssueState::Merged => "work.next.over_merged",
                    IssueState::Withdrawn => "work.next.over_withdrawn",
                    _ => "work.next.over_declined",
                };
                Some(lang.t(key))
            }
            Next::AwaitCouncil => Some(lang.t("work.next.council_small")),
            _ => issue.next_due.map(due),
        }
    }

    /// The other acts, first those that can be done.
    pub fn ways(&self) -> Vec<Way> {
        let lamp = self.next();
        let party = self.sight.standing.is_party();
        let wanted = |d: &Deed| match d {
            // The lamp has it already, or it is an answer to an offer that nobody made.
            d if deed_of(lamp) == Some(*d) && !matches!(lamp, Next::Review) => false,
            Deed::Take | Deed::Refuse => self.m.issue.offered_to_id.is_some() && lamp != Next::Take,
            Deed::Unmerge => self.m.issue.merged_into_id.is_some(),
            Deed::Nominate => self.council,
            Deed::Resume => self.m.issue.state == IssueState::LongTerm && lamp != Next::Review,
            Deed::Reopen => !self.m.issue.state.is_open(),
            _ => party && self.m.issue.state.is_open(),
        };
        let way = |d: &Deed| {
            let (path, at_once) = path(*d);
            Way {
                words: self.caller.lang.t(&format!("work.deeds.{}", d.as_str())),
                href: format!("{}/{path}", self.root()),
                at_once,
                refused: self.refusal(*d),
            }
        };
        let mut ways: Vec<Way> = Deed::ALL.iter().filter(|d| wanted(d)).map(way).collect();
        ways.sort_by_key(|w| w.refused.is_some());
        ways
    }
}
