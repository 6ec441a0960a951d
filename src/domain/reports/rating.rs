//! Satisfaction: asked once a matter is said to be done, and after it closed. It says how people were treated; whether the
//! thing is fixed is another question, and the two are never mixed.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Rating, Report};
use crate::domain::issues::{Issue, IssueState};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::text::{self, TextHash};

/// Longest reason, in characters.
const REASON_MAX: usize = 300;

impl Report {
    /// Why its holder cannot rate now.
    pub fn ask_ratable(&self, issue: &Issue) -> Result<(), Refusal> {
        match issue.state {
            _ if self.withdrawn_at.is_some() => Err(Refusal::new("report_withdrawn")),
            _ if self.erased_at.is_some() => Err(Refusal::new("report_erased")),
            IssueState::Done | IssueState::Closed | IssueState::Declined | IssueState::LongTerm => Ok(()),
            _ => Err(Refusal::new("rating_early")),
        }
    }

    /// Says how satisfied its holder is; may be changed. Dissatisfied without a reason teaches nobody anything, so it is asked.
    pub async fn rate(self, act: &Act, issue: &Issue, rating: Rating, why: &str) -> Result<()> {
        self.ask_ratable(issue)?;
        let least = usize::from(rating == Rating::Dissatisfied);
        let why = Some(text::words("why", why, least, REASON_MAX)?).filter(|w| !w.is_empty());
        let salt = why.as_ref().map(|_| text::salt());
        let hash = why.as_ref().zip(salt.as_ref()).map(|(w, s)| TextHash::of(s, w));
        let (on, id) = (self.on_self(), self.id);
        let mut row: ActiveModel = self.into();
        row.rating = Set(Some(rating));
        row.rating_words = Set(why);
        row.rating_salt = Set(salt);
        row.rated_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::SatisfactionGiven { report: id, rating, words: hash }).await?;
        Ok(())
    }
}
