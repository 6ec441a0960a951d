//! Matters that my organisations hold or are offered, and the tasks that they have.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, NullOrdering, Order};
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{Desk, Line, Scope, View, What};
use crate::domain::issues::{self, Column, Entity, Issue, IssueState};
use crate::domain::rights::Right;
use crate::domain::tasks::{self, TaskState};
use crate::kernel::error::Result;
use crate::kernel::ids::IssueId;

fn open() -> Vec<IssueState> {
    IssueState::ALL.iter().copied().filter(|s| s.is_open()).collect()
}

/// Matters held within a scope that a view shows; none for a view without any.
fn held((organisation, building): Scope, view: View) -> Option<Select<Entity>> {
    let mut q = Entity::find().filter(Column::HolderId.eq(organisation));
    if let Some(b) = building {
        q = q.filter(Column::BuildingId.eq(b));
    }
    Some(match view {
        // Those whose reporters are being asked wait for nobody here, unless somebody joined since.
        View::Next => q
            .filter(Column::NextDue.is_not_null())
            .filter(Column::State.is_in(open()))
            .filter(Column::State.ne(IssueState::Done).or(Column::FirstAnswerDue.is_not_null())),
        View::Waiting => q
            .filter(Column::State.is_in(open()))
            .filter(Expr::cust("exists (select 1 from messages m where m.issue_id = issues.id and m.question and m.answered_at is null)")),
        View::Confirm => q.filter(Column::State.eq(IssueState::Done)),
        View::Returned => q
            .filter(Column::State.is_in([IssueState::Accepted, IssueState::InWork, IssueState::Decided]))
            .filter(Column::Priority.eq(true).or(Expr::cust("exists (select 1 from tasks t where t.issue_id = issues.id and t.state = 'returned')"))),
        View::All => q.filter(Column::State.is_in(open())),
        View::Offered | View::Resolutions => return None,
    })
}

/// In the order of the index `issues_desk`; only a view that also has undated lines sorts for itself.
fn ordered(q: Select<Entity>, view: View) -> Select<Entity> {
    let q = match view {
        View::Next => q.order_by_desc(Column::Priority).order_by_asc(Column::NextDue),
        View::Confirm => q.order_by_asc(Column::NextDue),
        _ => q.order_by_desc(Column::Priority).order_by_with_nulls(Column::NextDue, Order::Asc, NullOrdering::Last),
    };
    q.order_by_asc(Column::Id)
}

fn offered((organisation, building): Scope) -> Select<Entity> {
    let mut q = Entity::find().filter(Column::OfferedToId.eq(organisation)).filter(Column::State.is_in(open()));
    if let Some(b) = building {
        q = q.filter(Column::BuildingId.eq(b));
    }
    q
}

fn tasked((organisation, building): Scope, view: View) -> Option<Select<tasks::Entity>> {
    use tasks::Column as C;
    let open: Vec<TaskState> = TaskState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    let mut q = tasks::Entity::find().filter(C::OrganisationId.eq(organisation)).filter(C::State.is_in(open));
    if let Some(b) = building {
        let of_task = Expr::col((Entity, Column::Id)).equals((tasks::Entity, C::IssueId));
        let there = Entity::find().select_only().column(Column::Id).filter(of_task).filter(Column::BuildingId.eq(b)).into_query();
        q = q.filter(Expr::exists(there));
    }
    Some(match view {
        View::Next | View::All => q,
        View::Resolutions => q.filter(C::ResolutionId.is_not_null()),
        View::Waiting => {
            q.filter(Expr::cust("exists (select 1 from clock_stops c where c.task_id = tasks.id and c.ended_at is null and c.reason = 'reporter')"))
        }
        View::Offered | View::Confirm | View::Returned => return None,
    })
}

impl Desk<'_> {
    pub(super) async fn matters(&self, view: View, limit: u64) -> Result<Vec<Line>> {
        let db = self.house.read();
        let mut lines = vec![];
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(q) = held(scope, view) {
                lines.extend(ordered(q, view).limit(limit).all(db).await?.into_iter().map(matter));
            }
            if matches!(view, View::Next | View::Offered | View::All) {
                let q = offered(scope).order_by_asc(Column::OfferedUntil).order_by_asc(Column::Id).limit(limit);
                lines.extend(q.all(db).await?.into_iter().map(|i| Line::new(i.offered_until, What::Offer(Box::new(i)))));
            }
        }
        let mut mine = vec![];
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(q) = tasked(scope, view) {
                mine.extend(q.order_by_asc(tasks::Column::DueAt).order_by_asc(tasks::Column::Id).limit(limit).all(db).await?);
            }
        }
        let ids: Vec<IssueId> = mine.iter().map(|t| t.issue_id).collect();
        let issues = issues::by_ids(db, ids).await?;
        lines.extend(mine.into_iter().filter_map(|t| {
            let issue = issues.iter().find(|i| i.id == t.issue_id)?.clone();
            Some(Line::new(Some(t.due_at), What::Task(Box::new(t), Box::new(issue))))
        }));
        Ok(lines)
    }

    pub(super) async fn count_matters(&self, view: View) -> Result<u64> {
        let db = self.house.read();
        let mut n = 0;
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(q) = held(scope, view) {
                n += q.count(db).await?;
            }
            if matches!(view, View::Next | View::Offered | View::All) {
                n += offered(scope).count(db).await?;
            }
        }
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(q) = tasked(scope, view) {
                n += q.count(db).await?;
            }
        }
        Ok(n)
    }
}

fn matter(issue: Issue) -> Line {
    Line { due: issue.next_due, first: issue.priority, what: What::Matter(Box::new(issue)) }
}
