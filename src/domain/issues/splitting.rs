//! Splitting: what is a trouble of its own becomes a matter of its own. Reports about it go along; one that speaks of both
//! stands behind both. Undone by merging the two again.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::reasons::{self, SplitReason};
use super::{ActiveModel, Issue, IssueState, Opening, next_number, opened, public_words};
use crate::domain::attachments;
use crate::domain::buildings::Place;
use crate::domain::categories::Category;
use crate::domain::journal::Entry;
use crate::domain::links::{self, How};
use crate::domain::proofs;
use crate::domain::reports::{self, Report};
use crate::domain::times;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::search;
use crate::kernel::text;

/// What is to become a matter of its own.
pub struct Part<'a> {
    /// Its working title.
    pub title: &'a str,
    pub place: &'a Place,
    pub category: &'a Category,
    /// Reports that speak of nothing else.
    pub moved: Vec<Report>,
    /// Reports that speak of both.
    pub copied: Vec<Report>,
    /// Why: one of [`SplitReason`].
    pub why: &'a str,
    /// Why, in words to those whose reports go along.
    pub words: &'a str,
}

impl Issue {
    /// What a council deliberates, or what is said to be done, is split no more.
    pub(super) fn splittable(&self) -> Result<(), Refusal> {
        if matches!(self.state, IssueState::Received | IssueState::Accepted | IssueState::InWork | IssueState::LongTerm) {
            return Ok(());
        }
        Err(Refusal::new("issue_state").with("verb", "@verbs.split").with("state", format!("@states.{}", self.state.as_str())))
    }
}

/// Splits a part off; gives the old matter and the new one. The new one is in the same hands, and its clock began when the first
/// of its reporters wrote: nobody waits anew. Its result is due no later than the old one's.
pub async fn split(act: &Act, issue: Issue, part: Part<'_>) -> Result<(Issue, Issue)> {
    issue.ask_holder(act)?;
    issue.splittable()?;
    let title = text::words("title", part.title, 2, 40)?;
    let chosen = || part.moved.iter().chain(&part.copied);
    let Some(began) = chosen().map(|r| r.created_at).min() else { return Err(Refusal::new("split_nothing").at("reports").into()) };
    if chosen().any(|r| r.issue_id != issue.id || r.withdrawn_at.is_some()) {
        return Err(Error::NotFound);
    }
    if part.moved.len() as i32 >= issue.reports {
        return Err(Refusal::new("split_all").at("reports").into());
    }
    let why: SplitReason = reasons::chosen(part.why)?;
    let new = open(act, &issue, &part, title, began).await?;
    let (message, words) = reasons::note(act, &new, part.words).await?;
    links::keep(act, &new, How::SplitFrom, &issue).await?;
    let (moved, copied, reason) = (part.moved.len() as i32, part.copied.len() as i32, Some(why));
    act.journal(issue.on_self(), &Entry::IssueSplit { into: new.id, number: new.number, moved, copied, reason }).await?;
    let off = Entry::IssueSplitOff { from: issue.id, number: issue.number, moved, copied, reason, words: Some(words) };
    act.journal(new.on_self(), &off).await?;
    for report in part.moved {
        let (id, on) = (report.id, report.on_self());
        let mut row: reports::ActiveModel = report.into();
        row.issue_id = Set(new.id);
        row.update(act.tx()).await?;
        proofs::follow(act, &[id], new.id).await?;
        act.journal(on, &Entry::ReportMoved { report: id, from_number: issue.number, to_number: new.number }).await?;
    }
    for report in part.copied {
        reports::copy(act, &report, &new).await?;
    }
    attachments::follow(act, new.id).await?;
    let new = new.recounted(act).await?;
    let issue = issue.recounted(act).await?;
    let behind: Vec<_> = reports::of_issue(act.tx(), new.id).await?.iter().map(|r| r.id).collect();
    new.tell_why(act, "split", &behind, why.as_str(), message).await?;
    Ok((issue, new))
}

async fn open(act: &Act, from: &Issue, part: &Part<'_>, title: String, began: DateTimeUtc) -> Result<Issue> {
    let number = next_number(act, from.building_id).await?;
    let Part { place, category, .. } = part;
    let owed = times::at(act.tx(), from.building_id, began).await?.of(category);
    let opening = Opening { building: from.building_id, number, place, category, owed, words: &title, holder: from.holder_id };
    let mut row = opened(began, &act.calendar(), opening);
    let result = [row.result_due.take().flatten(), from.result_due].into_iter().flatten().min();
    row.id = Set(super::IssueId(act.fresh()));
    row.result_due = Set(result);
    row.moved_at = Set(act.at);
    row.level = Set(from.level);
    row.person_id = Set(from.person_id);
    row.accepted_at = Set(from.accepted_at);
    row.state = Set(if from.state == IssueState::Received { IssueState::Received } else { IssueState::Accepted });
    let new: Issue = ActiveModel::insert(row, act.tx()).await?;
    search::index(act, new.id, &public_words(category, place)).await?;
    Ok(new)
}
