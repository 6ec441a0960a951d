//! Erasing, at the reporter's wish: who it was, what they wrote wherever it stands, their pictures. The report still
//! counts, and the journal's salted hashes then say nothing any more. What a secretary or editor wrote in summary is
//! theirs, and stays.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{MayKnow, Release, Report, ReportKind, reporter};
use crate::domain::journal::Entry;
use crate::domain::{attachments, hidings, issues, messages, proofs};
use crate::kernel::act::Act;
use crate::kernel::error::Result;

/// Erases. The files of the pictures are given back, to be removed once the act is true.
pub async fn erase(act: &Act, report: Report) -> Result<Vec<String>> {
    let report = report.kept_by_its_holder()?;
    let (on, id) = (report.on_self(), report.id);
    reporter::erase_row(act, id).await?;
    messages::erase_of(act, &report).await?;
    if report.kind == ReportKind::New {
        // The working title was the first words of this report.
        issues::erase_title(act, report.filed_issue_id).await?;
    }
    let summary = report.release == Release::Summary;
    let mut row: super::ActiveModel = report.into();
    row.words = Set(None);
    row.words_salt = Set(None);
    if !summary {
        row.public_words = Set(None);
        row.release = Set(Release::Nothing);
    }
    row.rating_words = Set(None);
    row.rating_salt = Set(None);
    row.erased_at = Set(Some(act.at));
    row.following = Set(false);
    row.may_know = Set(MayKnow::Nobody);
    row.update(act.tx()).await?;
    hidings::erase_of(act, id).await?;
    proofs::take_back(act, id).await?;
    let mut files = attachments::erase_of(act, id).await?;
    for copy in super::copies(act.tx(), id).await?.into_iter().filter(|c| c.erased_at.is_none()) {
        files.extend(Box::pin(erase(act, copy)).await?);
    }
    act.journal(on, &Entry::ReporterErased { report: id }).await?;
    Ok(files)
}
