//! Release: a visitor's words become public when the secretary or an editor says so, as written or as a summary.
//! A property manager is no gatekeeper of complaints about itself.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Release, Report};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::text;

impl Report {
    /// Makes the words public as they were written.
    pub async fn release_as_written(self, act: &Act) -> Result<Report> {
        let words = self.words.clone().ok_or_else(|| Refusal::new("nothing_to_release"))?;
        self.released(act, Release::AsWritten, Some(words)).await
    }

    /// Makes a summary public in place of the words.
    pub async fn release_summary(self, act: &Act, summary: &str) -> Result<Report> {
        let summary = text::words("summary", summary, 1, 500)?;
        self.released(act, Release::Summary, Some(summary)).await
    }

    /// Keeps the words from the public; the report counts all the same.
    pub async fn withhold(self, act: &Act) -> Result<Report> {
        self.released(act, Release::Withheld, None).await
    }

    async fn released(self, act: &Act, how: Release, public: Option<String>) -> Result<Report> {
        let on = self.on_self();
        let id = self.id;
        let mut row: ActiveModel = self.into();
        row.release = Set(how);
        row.public_words = Set(public);
        row.released_at = Set(Some(act.at));
        row.released_by = Set(act.actor.person());
        let report = row.update(act.tx()).await?;
        let entry = if how == Release::Withheld { Entry::WordsWithheld { report: id } } else { Entry::WordsReleased { report: id, how } };
        act.journal(on, &entry).await?;
        Ok(report)
    }
}
