//! A report that speaks of two troubles: a copy of it stands behind the second, with a receipt of its own that its writer
//! reaches from the first. Where both stand behind one matter again, the copy counts no more.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{Column, Entity, Release, Report, ReportKind, receipts, reporter};
use crate::domain::attachments;
use crate::domain::categories::Limit;
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, ReportId};
use crate::kernel::text;

/// Puts a copy of a report behind another matter. What is owed to its writer stays owed: the dates are those of the original.
pub(in crate::domain) async fn copy(act: &Act, report: &Report, to: &Issue) -> Result<Report> {
    let keys = act.house().keys();
    let id = ReportId(act.fresh());
    let (code, round) = receipts::unused_code(act, id).await?;
    let words = report.words.clone();
    let mut row: super::ActiveModel = report.clone().into();
    row.id = Set(id);
    row.copy_of_id = Set(Some(report.id));
    row.issue_id = Set(to.id);
    row.filed_issue_id = Set(to.id);
    row.place_id = Set(to.place_id);
    row.category = Set(to.category.clone());
    row.kind = Set(ReportKind::New);
    row.words_salt = Set(words.as_ref().map(|_| text::salt()));
    row.public_words = Set(None);
    row.release = Set(if words.is_some() { Release::Waiting } else { Release::Nothing });
    row.release_due = Set(words.map(|_| Limit::WorkingDays(2).from(act.at, &act.calendar()).at));
    row.released_at = Set(None);
    row.released_by = Set(None);
    row.receipt_hash = Set(receipts::receipt_hash(&receipts::receipt_of(keys, id)));
    row.code_hash = Set(receipts::code_hash(keys, &code));
    row.code_round = Set(round);
    row.form_key = Set(None);
    row.form_digest = Set(None);
    row.answer = Set(None);
    row.answered_at = Set(None);
    row.rating = Set(None);
    row.rating_words = Set(None);
    row.rating_salt = Set(None);
    row.rated_at = Set(None);
    let copy: Report = row.insert(act.tx()).await?;
    reporter::copy_row(act, report.id, id).await?;
    attachments::copy(act, report.id, &copy).await?;
    act.journal(copy.on_self(), &Entry::ReportCopied { report: id, of: report.id, words: copy.words_hash() }).await?;
    Ok(copy)
}

/// The copies of a report, oldest first.
pub async fn copies(db: &impl ConnectionTrait, report: ReportId) -> Result<Vec<Report>> {
    Ok(Entity::find().filter(Column::CopyOfId.eq(report)).order_by_asc(Column::Id).all(db).await?)
}

/// Where a copy and its original stand behind the same matter, the copy counts no more.
pub(in crate::domain) async fn fold(act: &Act, issue: IssueId) -> Result<()> {
    let text = "update reports set withdrawn_at = ?, folded_into_id = ? where issue_id = ? and withdrawn_at is null \
                and copy_of_id in (select o.id from reports o where o.issue_id = ? and o.withdrawn_at is null)";
    act.tx().execute_raw(sql(act.tx(), text, [act.at.into(), issue.0.into(), issue.0.into(), issue.0.into()])).await?;
    Ok(())
}

/// Where they stand behind two matters again, both count.
pub(in crate::domain) async fn unfold(act: &Act, issue: IssueId) -> Result<()> {
    let text = "update reports set withdrawn_at = null, folded_into_id = null where folded_into_id = ? \
                and not exists (select 1 from reports o where o.id = reports.copy_of_id and o.issue_id = reports.issue_id)";
    act.tx().execute_raw(sql(act.tx(), text, [issue.0.into()])).await?;
    Ok(())
}
