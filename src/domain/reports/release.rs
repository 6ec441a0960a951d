//! Release: a visitor's words become public when the secretary or an editor says so, as written or as a summary.
//! A property manager is no gatekeeper of complaints about itself.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Release, Report, personal};
use crate::domain::hidings;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text;

impl Report {
    /// Fails with a conflict where somebody else has decided about these words meanwhile.
    pub fn still(self, release: Release) -> Result<Report> {
        if self.release == release { Ok(self) } else { Err(Error::Conflict) }
    }

    /// Makes the words public as they were written. What looks like a number or an address of somebody keeps them back.
    pub async fn release_as_written(self, act: &Act) -> Result<Report> {
        let words = self.words.clone().ok_or_else(|| Refusal::new("nothing_to_release"))?;
        personal::ask_none(&words, "words")?;
        self.released(act, Release::AsWritten, Some(words)).await
    }

    /// The same after a look at every such place: not each long number is somebody's.
    pub async fn release_all_the_same(self, act: &Act) -> Result<Report> {
        let words = self.words.clone().ok_or_else(|| Refusal::new("nothing_to_release"))?;
        self.released(act, Release::AsWritten, Some(words)).await
    }

    /// Makes a summary public in place of the words.
    pub async fn release_summary(self, act: &Act, summary: &str) -> Result<Report> {
        let summary = text::words("summary", summary, 1, 500)?;
        personal::ask_none(&summary, "summary")?;
        self.released(act, Release::Summary, Some(summary)).await
    }

    /// Keeps the words from the public, or takes them back; the report counts all the same.
    pub async fn withhold(self, act: &Act) -> Result<Report> {
        self.released(act, Release::Withheld, None).await
    }

    async fn released(self, act: &Act, how: Release, public: Option<String>) -> Result<Report> {
        if self.words.is_none() {
            return Err(Refusal::new("nothing_to_release").into());
        }
        let (on, id) = (self.on_self(), self.id);
        let report = self.show(act, how, public).await?;
        hidings::settle(act, id, how).await?;
        let entry = if how == Release::Withheld { Entry::WordsWithheld { report: id } } else { Entry::WordsReleased { report: id, how } };
        act.journal(on, &entry).await?;
        Ok(report)
    }

    /// What the public reads from now on.
    pub(in crate::domain) async fn show(self, act: &Act, how: Release, public: Option<String>) -> Result<Report> {
        let (id, was) = (self.id, self.release);
        let set = ActiveModel {
            release: Set(how),
            public_words: Set(public),
            released_at: Set(Some(act.at)),
            released_by: Set(act.actor.person()),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(id)).filter(Column::Release.eq(was)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        super::by_id(act.tx(), id).await
    }
}
