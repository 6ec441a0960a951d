//! A matter of a former system: what is known of its past, and nothing that did not happen here.

use sea_orm::TryIntoModel as _;

use super::{Begin, Ground, Life, Spoken};
use crate::domain::issues::{ClosedBy, IssueState, Opening, opened};
use crate::domain::journal::Entry;
use crate::domain::reports::{self, Channel, MayKnow, Rating, Release, ReportKind};
use crate::domain::times::Owed;
use crate::kernel::act::Actor;
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, IssueId};
use chrono::{DateTime, Utc};

/// What the former system knew.
pub struct Past<'p> {
    pub import: ImportId,
    /// What the building promises now: it holds for what is open.
    pub owed: Owed,
    pub words: &'p str,
    pub filed: DateTime<Utc>,
    /// Over since then; open without.
    pub closed: Option<DateTime<Utc>>,
    pub rating: Option<Rating>,
}

impl<'a> Life<'a> {
    /// Brought over now. What was over stays so, by nobody's word here and without a clock; what is open gets its clocks from
    /// now, since nobody here has promised anything before. Its words wait for nobody's release: they are kept back until
    /// somebody entitled takes them up.
    pub fn past(ground: &Ground<'_>, now: DateTime<Utc>, actor: &Actor, new: Begin<'a>, past: Past<'_>) -> Result<Self> {
        let Begin { building, number, place, category, holder } = new;
        let Past { import, owed, words, filed, closed, rating } = past;
        let mut issue =
            opened(now, ground.calendar, Opening { building, number, place, category, owed, words, holder: Some(holder) }).try_into_model()?;
        (issue.import_id, issue.clock_from, issue.received_at, issue.reports) = (Some(import), Some(now), filed, 1);
        let said = Spoken { words: Some(words), channel: Channel::Import, may_know: MayKnow::Nobody };
        let mut report = reports::bulk::prepare(now, ground.calendar, ground.keys, (&issue, place, category), ReportKind::New, said)?;
        (report.created_at, report.following, report.first_answer_due) = (filed, false, issue.first_answer_due.unwrap_or(now));
        (report.release, report.release_due) = (Release::Withheld, None);
        if let Some(at) = closed {
            (issue.state, issue.closed_by, issue.closed_at, issue.moved_at) = (IssueState::Closed, Some(ClosedBy::Import), Some(at), at);
            (issue.first_answer_due, issue.result_due, issue.next_due, issue.provisional) = (None, None, None, false);
            report.first_answer_due = filed;
        }
        if let Some(rating) = rating {
            (report.rating, report.rated_at) = (Some(rating), Some(closed.unwrap_or(filed)));
        }
        let mut life = Self { issue, place, category, reports: vec![], tasks: vec![], messages: vec![], lines: vec![], title: None };
        let entry = Entry::IssueImported { number, category: category.code.clone(), place: place.id, report: report.id, words: report.words_hash() };
        life.note(now, actor, &entry)?;
        life.reports.push(report);
        Ok(life)
    }

    /// Its id.
    pub fn id(&self) -> IssueId {
        self.issue.id
    }
}
