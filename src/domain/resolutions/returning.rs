//! What brings a resolution before its council again: its review, an objection, a task that stays late.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Resolution, ResolutionState, by_id};
use crate::domain::issues::{self, IssueState};
use crate::domain::meetings::items::{self, Competence, Item, NewItem, Source};
use crate::domain::motions;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

/// Puts the matter of a resolution on its council's list, with the question that follows from why; where the matter itself can no
/// longer come up, the resolution alone. What is on the list already stays as it is.
pub(in crate::domain) async fn back_on_list(act: &Act, r: &Resolution, source: Source) -> Result<Item> {
    let label = r.full_label(act.tx()).await?;
    let question = Lang::Zh.say(&format!("resolutions.question.{source}"), &[("label", &label)]);
    let issue = match r.issue_id {
        Some(id) => Some(issues::hold_by_id(act, id).await?),
        None => None,
    };
    let gone = |s| matches!(s, IssueState::Received | IssueState::Merged | IssueState::Declined | IssueState::Withdrawn);
    let Some(issue) = issue.filter(|i| !gone(i.state)) else {
        let council = r.council(act.tx()).await?;
        let new = NewItem { source, competence: Competence::Council, title: &r.title, question: &question, papers: "" };
        let item = items::raise(act, &council, new).await?;
        return withheld_likewise(act, r, item).await;
    };
    let item = items::propose(act, &issue, source).await?;
    if !item.question.is_empty() {
        return Ok(item);
    }
    let item = item.change(act, items::ActiveModel { question: Set(question), ..Default::default() }).await?;
    withheld_likewise(act, r, item).await
}

/// What was decided where outsiders do not read comes up again so.
async fn withheld_likewise(act: &Act, r: &Resolution, item: Item) -> Result<Item> {
    let (origin, _) = motions::by_id(act.tx(), r.motion_id).await?.meeting(act.tx()).await?;
    if origin.public || !item.public {
        return Ok(item);
    }
    let (ground, reason) = (origin.not_public_ground, origin.not_public_reason);
    let set = items::ActiveModel { public: Set(false), not_public_ground: Set(ground), not_public_reason: Set(reason), ..Default::default() };
    item.change(act, set).await
}

/// What the council wanted to look at again comes onto its list on that day, once. Gives how many.
pub async fn review_due(house: &House) -> Result<usize> {
    let today = house.calendar().date_of(house.now()).to_string();
    let due = Entity::find()
        .filter(Column::State.eq(ResolutionState::InForce))
        .filter(Column::ReviewedAt.is_null())
        .filter(Column::ReviewOn.lte(today))
        .order_by_asc(Column::ReviewOn);
    let mut n = 0;
    for r in due.all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let r = by_id(act.tx(), r.id).await?;
        if r.state != ResolutionState::InForce || r.reviewed_at.is_some() {
            act.undo().await?;
            continue;
        }
        match r.change(&act, ActiveModel { reviewed_at: Set(Some(act.at)), ..Default::default() }).await {
            Ok(r) => {
                back_on_list(&act, &r, Source::Review).await?;
                act.commit().await?;
                n += 1;
            }
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}
