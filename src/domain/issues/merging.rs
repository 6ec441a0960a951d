//! Merging: a matter joins another with every report, message, picture and follower; it can be undone, because each
//! report keeps the number that it was filed under.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QuerySelect as _};

use super::reasons::{self, MergeReason};
use super::{ActiveModel, Column, Entity, Issue, IssueState, Verb};
use crate::domain::attachments;
use crate::domain::journal::Entry;
use crate::domain::meetings::items;
use crate::domain::proofs;
use crate::domain::reports::{self, Report};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{IssueId, ReportId};

/// Joins `from` to `into`, for a [`MergeReason`] and with words to those who reported it. The earlier result date wins; the first
/// answer stays owed to each report. Work under way is finished or cancelled first: a task belongs to the matter that it was
/// dispatched for.
pub async fn merge(act: &Act, from: Issue, into: Issue, why: &str, words: &str) -> Result<(Issue, Issue)> {
    from.ask_holder(act)?;
    from.ask_no_round(None)?;
    into.ask_no_round(Some("into"))?;
    if from.id == into.id {
        return Err(Refusal::new("merge_self").at("into").into());
    }
    if from.building_id != into.building_id {
        return Err(Refusal::new("merge_elsewhere").at("into").into());
    }
    if !into.state.is_open() {
        return Err(Refusal::new("merge_closed").at("into").into());
    }
    let next = from.state.after(Verb::Merge)?;
    from.ask_no_open_tasks(act).await?;
    let why: MergeReason = reasons::chosen(why)?;
    // Said under the number that they know: whoever stands behind the other one has nothing to learn from it.
    let (message, words) = reasons::note(act, &from, words).await?;
    let moved = from.reports;
    let came = reports::Entity::find().select_only().column(reports::Column::Id).filter(reports::Column::IssueId.eq(from.id));
    let came: Vec<ReportId> = came.into_tuple().all(act.tx()).await?;
    reports::Entity::update_many()
        .col_expr(reports::Column::IssueId, Expr::value(into.id))
        .filter(reports::Column::IssueId.eq(from.id))
        .exec(act.tx())
        .await?;
    proofs::merge(act, from.id, into.id).await?;
    reports::fold(act, into.id).await?;
    attachments::follow(act, into.id).await?;
    let before = from.state.as_str().to_owned();
    let set = ActiveModel {
        state: Set(next),
        state_before: Set(Some(before)),
        merged_into_id: Set(Some(into.id)),
        offered_to_id: Set(None),
        offered_until: Set(None),
        ..Default::default()
    };
    crate::domain::hand_overs::end_open(act, from.id, crate::domain::hand_overs::HandOverState::TakenBack).await?;
    let earlier = [from.result_due, into.result_due].into_iter().flatten().min();
    let from = from.change(act, set).await?.recounted(act).await?;
    let into = into.change(act, ActiveModel { result_due: Set(earlier), ..Default::default() }).await?.recounted(act).await?;
    let (reason, reports) = (Some(why), moved);
    let merged = Entry::IssueMerged { into: into.id, into_number: into.number, reports, reason, words: Some(words) };
    act.journal(from.on_self(), &merged).await?;
    act.journal(into.on_self(), &Entry::IssueTookIn { from: from.id, from_number: from.number, reports, reason }).await?;
    // What waited on the council's list goes along.
    if let Some(item) = items::open_of_issue(act.tx(), from.id).await? {
        item.carry(act, &from, &into).await?;
    }
    into.tell_why(act, "merged", &came, why.as_str(), message).await?;
    Ok((from, into))
}

/// Undoes a merge: the reports that were filed under this number, or under one that had been merged into it, go back
/// to it, also where the matter that took it in has been merged further.
pub async fn unmerge(act: &Act, from: Issue) -> Result<Issue> {
    let mut into = super::hold_by_id(act, from.merged_into_id.ok_or_else(|| Refusal::new("not_merged"))?).await?;
    while let Some(further) = into.merged_into_id {
        into = super::hold_by_id(act, further).await?;
    }
    into.ask_holder(act)?;
    let filed = family(act, from.id).await?;
    let back = reports::Entity::find().select_only().column(reports::Column::Id).filter(reports::Column::IssueId.eq(into.id));
    let back: Vec<ReportId> = back.filter(reports::Column::FiledIssueId.is_in(filed.clone())).into_tuple().all(act.tx()).await?;
    proofs::follow(act, &back, from.id).await?;
    reports::Entity::update_many()
        .col_expr(reports::Column::IssueId, Expr::value(from.id))
        .filter(reports::Column::IssueId.eq(into.id))
        .filter(reports::Column::FiledIssueId.is_in(filed))
        .exec(act.tx())
        .await?;
    reports::unfold(act, into.id).await?;
    attachments::follow(act, from.id).await?;
    let back: IssueState = from.state_before.as_deref().unwrap_or("accepted").parse()?;
    let set = ActiveModel { state: Set(back), state_before: Set(None), merged_into_id: Set(None), ..Default::default() };
    let from = from.change(act, set).await?.recounted(act).await?;
    let into = into.recounted(act).await?;
    act.journal(from.on_self(), &Entry::IssueUnmerged { into_number: into.number, back_to: back }).await?;
    act.journal(into.on_self(), &Entry::IssueParted { from: from.id, from_number: from.number, reports: from.reports }).await?;
    Ok(from)
}

/// A matter and those that it went into, one after the other.
pub(in crate::domain) async fn up_from(db: &impl ConnectionTrait, id: IssueId) -> Result<Vec<IssueId>> {
    let mut all = vec![id];
    let mut last = Some(id);
    while let Some(id) = last {
        let next: Option<Option<IssueId>> = Entity::find_by_id(id).select_only().column(Column::MergedIntoId).into_tuple().one(db).await?;
        last = next.flatten();
        all.extend(last);
    }
    Ok(all)
}

/// A matter and all that were merged into it, directly or by way of another.
pub(in crate::domain) async fn family(act: &Act, id: IssueId) -> Result<Vec<IssueId>> {
    let mut all = vec![id];
    let mut newest = vec![id];
    while !newest.is_empty() {
        newest =
            Entity::find().select_only().column(Column::Id).filter(Column::MergedIntoId.is_in(newest)).into_tuple::<IssueId>().all(act.tx()).await?;
        all.extend(&newest);
    }
    Ok(all)
}

/// Moves one report that is about something else to the matter it belongs to.
pub async fn move_report(act: &Act, report: Report, from: Issue, to: Issue) -> Result<()> {
    from.ask_holder(act)?;
    if report.issue_id != from.id {
        return Err(Error::NotFound);
    }
    to.ask_no_round(Some("into"))?;
    if !to.state.is_open() || to.building_id != from.building_id || to.id == from.id {
        return Err(Refusal::new("merge_closed").at("into").into());
    }
    let (on, id) = (report.on_self(), report.id);
    let mut row: reports::ActiveModel = report.into();
    row.issue_id = Set(to.id);
    row.update(act.tx()).await?;
    proofs::follow(act, &[id], to.id).await?;
    attachments::follow(act, to.id).await?;
    let moved = Entry::ReportMoved { report: id, from_number: from.number, to_number: to.number };
    act.journal(on, &moved).await?;
    act.journal(on.of_issue(to.id), &moved).await?;
    from.recounted(act).await?;
    to.recounted(act).await?;
    Ok(())
}
