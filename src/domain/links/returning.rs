//! What comes back: the same kind of trouble at the same place, soon after it was closed there.

use chrono::Duration;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{How, Linked, keep};
use crate::domain::issues::{self, Issue, IssueState, Origin};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::Result;

/// What comes back to the same place within so many days of its closing was not a success.
pub const RETURNS_DAYS: i64 = 90;

/// Links a matter that has just come to the last one of its kind that was closed at its place within [`RETURNS_DAYS`].
pub(in crate::domain) async fn note_return(act: &Act, issue: &Issue) -> Result<()> {
    use issues::Column;
    let closed = issues::Entity::find()
        .filter(Column::PlaceId.eq(issue.place_id))
        .filter(Column::Category.eq(&issue.category))
        .filter(Column::ClosedAt.gte(issue.received_at - Duration::days(RETURNS_DAYS)))
        .filter(Column::State.eq(IssueState::Closed))
        .filter(Column::Origin.ne(Origin::Plan))
        .filter(Column::Id.ne(issue.id));
    let Some(former) = closed.order_by_desc(Column::ClosedAt).limit(1).one(act.tx()).await? else { return Ok(()) };
    keep(act, issue, How::Returns, &former).await?;
    act.journal(issue.on_self(), &Entry::IssueReturned { former: former.id, number: former.number }).await?;
    act.journal(former.on_self(), &Entry::IssueCameBack { again: issue.id, number: issue.number }).await?;
    Ok(())
}

/// The matter that this one is the return of, the last closed where there are several.
pub fn former_of(linked: &[Linked]) -> Option<&Issue> {
    linked.iter().filter(|l| l.how == How::Returns).map(|l| &l.other).max_by_key(|i| i.closed_at)
}
