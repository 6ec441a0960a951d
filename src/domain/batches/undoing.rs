//! Taking it back: each part on which nobody has acted since; the others stay as they are, and are named.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Batch, BatchVerb, Column, Entity, part, parts};
use crate::domain::issues::{self, Issue, IssueState, Seen};
use crate::domain::tasks;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Undone {
    /// How many were taken back.
    pub n: usize,
    /// Matters on which somebody has acted since, or whose reporters have been answered.
    pub left: Vec<Issue>,
}

/// Takes back what can be; refused where it was taken back before, or nothing can be.
pub async fn undo(act: &Act, batch: &Batch) -> Result<Undone> {
    if act.actor.person() != Some(batch.person_id) {
        return Err(Refusal::new("no_right").into());
    }
    if batch.told {
        return Err(Refusal::new("batch_told").into());
    }
    // Claimed first: of two clicks, one takes it back.
    let set = ActiveModel { undone_at: Set(Some(act.at)), ..Default::default() };
    let claimed = Entity::update_many().set(set).filter(Column::Id.eq(batch.id)).filter(Column::UndoneAt.is_null()).exec(act.tx()).await?;
    if claimed.rows_affected != 1 {
        return Err(Refusal::new("batch_undone").into());
    }
    let mut undone = Undone::default();
    for p in parts(act.tx(), batch.id).await? {
        let issue = issues::by_id(act.tx(), p.issue_id).await?;
        match back(act, batch.verb, &p, issue.clone()).await {
            Ok(()) => {
                let set = part::ActiveModel { undone: Set(true), ..Default::default() };
                let this = part::Entity::update_many().set(set).filter(part::Column::BatchId.eq(batch.id));
                this.filter(part::Column::Position.eq(p.position)).exec(act.tx()).await?;
                undone.n += 1;
            }
            Err(Error::Conflict | Error::Refused(_)) => undone.left.push(issue),
            Err(e) => return Err(e),
        }
    }
    if undone.n == 0 { Err(Refusal::new("batch_acted_on").into()) } else { Ok(undone) }
}

/// The verb backwards.
async fn back(act: &Act, verb: BatchVerb, p: &part::Model, issue: Issue) -> Result<()> {
    if let Some(id) = p.task_id {
        let task = tasks::by_id(act.tx(), id).await?;
        if task.version != p.version {
            return Err(Error::Conflict);
        }
        return match verb {
            BatchVerb::Accept => task.unacknowledge(act, &issue, p.former_id).await.map(drop),
            BatchVerb::Assign => task.assign(act, &issue, p.former_id).await.map(drop),
            BatchVerb::Transfer | BatchVerb::Answer => Err(Error::Conflict),
        };
    }
    let issue = issue.untouched_since(act, Seen { version: p.version, line: p.line }).await?;
    match verb {
        BatchVerb::Accept => {
            // Whoever has been answered knows that it was taken on.
            let given_on = issue.person_id != p.former_id && issue.person_id != act.actor.person();
            if issue.state != IssueState::Accepted || issue.first_answer_due.is_none() || given_on {
                return Err(Error::Conflict);
            }
            issue.unaccept(act, p.former_id).await.map(drop)
        }
        BatchVerb::Assign => issue.assign(act, p.former_id).await.map(drop),
        BatchVerb::Transfer => issue.take_offer_back(act).await.map(drop),
        BatchVerb::Answer => Err(Error::Conflict),
    }
}
