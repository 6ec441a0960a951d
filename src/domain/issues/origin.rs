//! How a matter came to be. What comes from a plan is no complaint: it stands in no list of what people said, in no count, and
//! nobody is offered it. What is found at work is a trouble like any other, of which nobody has asked anything.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{ActiveModel, Column, Entity, Issue, IssueState, Opening, Verb, hold_by_id, next_number, opened, public_words};
use crate::domain::buildings::{Building, Place};
use crate::domain::categories::Category;
use crate::domain::journal::Entry;
use crate::domain::organisations;
use crate::domain::tasks::{self, Task, TaskState};
use crate::domain::times;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId};
use crate::kernel::search;

vocabulary! {
    /// How a matter came to be.
    Origin {
        /// Somebody reported it.
        Report = "report",
        /// A round of a maintenance plan.
        Plan = "plan",
        /// Somebody found it while at work.
        Found = "found",
    }
}

/// Opens the matter of a round: accepted, its title public as an announcement's is, and nothing owed but its task.
pub(in crate::domain) async fn open_round(
    act: &Act,
    building: &Building,
    (place, category): (&Place, &Category),
    title: &str,
    holder: OrganisationId,
) -> Result<Issue> {
    let number = next_number(act, building.id).await?;
    let owed = times::at(act.tx(), building.id, act.at).await?.of(category);
    let mut row =
        opened(act.at, &act.calendar(), Opening { building: building.id, number, place, category, owed, words: title, holder: Some(holder) });
    row.id = Set(super::IssueId(act.fresh()));
    row.origin = Set(Origin::Plan);
    row.state = Set(IssueState::Accepted);
    row.accepted_at = Set(Some(act.at));
    row.public_title = Set(Some(title.to_owned()));
    row.released_at = Set(Some(act.at));
    row.first_answer_due = Set(None);
    row.result_due = Set(None);
    row.next_due = Set(None);
    row.provisional = Set(false);
    // Searched by nobody: what people said is what is searched.
    Ok(row.insert(act.tx()).await?)
}

/// Opens the matter of something that was found. Nobody asked, so no first answer is owed; the result is, as for its kind.
pub(in crate::domain) async fn open_found(act: &Act, at: &Issue, place: &Place, category: &Category, words: &str) -> Result<Issue> {
    let number = next_number(act, at.building_id).await?;
    let holder = organisations::manager_of(act.tx(), at.building_id).await?.map(|o| o.id).or(at.holder_id);
    let owed = times::at(act.tx(), at.building_id, act.at).await?.of(category);
    let mut row = opened(act.at, &act.calendar(), Opening { building: at.building_id, number, place, category, owed, words, holder });
    row.id = Set(super::IssueId(act.fresh()));
    row.origin = Set(Origin::Found);
    row.first_answer_due = Set(None);
    let result = row.result_due.clone().take().flatten();
    row.next_due = Set(result);
    let issue = row.insert(act.tx()).await?;
    search::index(act, issue.id, &public_words(category, place)).await?;
    Ok(issue)
}

/// What was found in a building and has no public title yet, the longest waiting first.
pub async fn found_waiting(db: &impl ConnectionTrait, building: BuildingId, limit: u64) -> Result<Vec<Issue>> {
    let found = Entity::find().filter(Column::BuildingId.eq(building)).filter(Expr::cust("origin = 'found' and released_at is null"));
    let found = found.filter(Column::State.is_not_in([IssueState::Merged, IssueState::Declined]));
    Ok(found.order_by_asc(Column::ReceivedAt).limit(limit).all(db).await?)
}

impl Issue {
    /// Fails for a round: it takes in no report and goes into no other matter.
    pub(in crate::domain) fn ask_no_round(&self, field: Option<&'static str>) -> Result<(), Refusal> {
        match (self.origin, field) {
            (Origin::Plan, Some(field)) => Err(Refusal::new("of_a_plan").at(field)),
            (Origin::Plan, None) => Err(Refusal::new("of_a_plan")),
            _ => Ok(()),
        }
    }

    /// Somebody other than the doer has seen that a task is done: with it a round is.
    pub(in crate::domain) async fn round_verified(&self, act: &Act, task: &Task) -> Result<()> {
        if self.origin != Origin::Plan {
            return Ok(());
        }
        let issue = hold_by_id(act, self.id).await?;
        if issue.state != IssueState::InWork || tasks::of_issue(act.tx(), issue.id).await?.iter().any(|t| t.state.is_open()) {
            return Ok(());
        }
        issue.finish(act, task.organisation_id, task.evidence.as_deref().unwrap_or_default()).await.map(drop)
    }

    /// Its only task is cancelled: the round is given up, and stays readable as one that was missed.
    pub(in crate::domain) async fn round_cancelled(&self, act: &Act) -> Result<()> {
        if self.origin != Origin::Plan {
            return Ok(());
        }
        let issue = hold_by_id(act, self.id).await?;
        let all = tasks::of_issue(act.tx(), issue.id).await?;
        if all.iter().any(|t| !matches!(t.state, TaskState::Cancelled | TaskState::Returned)) {
            return Ok(());
        }
        let next = issue.state.after(Verb::GiveUp)?;
        let issue = issue.change(act, ActiveModel { state: Set(next), closed_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::RoundGivenUp).await?;
        Ok(())
    }
}
