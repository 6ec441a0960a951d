//! Matters that my organisations hold or are offered, and the tasks that they have.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Cond, ExprTrait as _, NullOrdering, Order};
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{Desk, Hands, Line, Narrow, Scope, Span, View, What};
use crate::domain::issues::{self, Column, Entity, Issue, IssueState};
use crate::domain::rights::Right;
use crate::domain::tasks::{self, TaskState};
use crate::kernel::error::Result;
use crate::kernel::ids::IssueId;

fn open() -> Vec<IssueState> {
    IssueState::ALL.iter().copied().filter(|s| s.is_open()).collect()
}

/// Somebody else has to do something first: the reporters answer, or another organisation says whether it takes it.
fn waits() -> Expr {
    Expr::cust(
        "(issues.offered_to_id is not null \
          or exists (select 1 from messages m where m.issue_id = issues.id and m.question and m.answered_at is null))",
    )
}

/// The clock of a task stands still.
fn stands() -> Expr {
    Expr::cust("exists (select 1 from clock_stops c where c.task_id = tasks.id and c.ended_at is null)")
}

/// Matters held within a scope that a view shows; none for a view without any.
fn held((organisation, building): Scope, view: View, now: DateTimeUtc) -> Option<Select<Entity>> {
    let mut q = Entity::find().filter(Column::HolderId.eq(organisation));
    if let Some(b) = building {
        q = q.filter(Column::BuildingId.eq(b));
    }
    Some(match view {
        // Those whose reporters are being asked wait for nobody here, unless somebody joined since; what waits for others
        // comes back by itself when it is due all the same.
        View::Next => q
            .filter(Column::NextDue.is_not_null())
            .filter(Column::State.is_in(open()))
            .filter(Column::State.ne(IssueState::Done).or(Column::FirstAnswerDue.is_not_null()))
            .filter(waits().not().or(Column::NextDue.lte(now))),
        View::Waiting => q.filter(Column::State.is_in(open())).filter(waits()),
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

fn tasked((organisation, building): Scope, view: View, narrow: &Narrow) -> Option<Select<tasks::Entity>> {
    use tasks::Column as C;
    let open: Vec<TaskState> = TaskState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    let mut q = tasks::Entity::find().filter(C::OrganisationId.eq(organisation)).filter(C::State.is_in(open));
    let about = narrow.of_matter();
    if building.is_some() || !about.is_empty() {
        let of_task = Expr::col((Entity, Column::Id)).equals((tasks::Entity, C::IssueId));
        let mut there = Entity::find().select_only().column(Column::Id).filter(of_task).filter(about);
        if let Some(b) = building {
            there = there.filter(Column::BuildingId.eq(b));
        }
        q = q.filter(Expr::exists(there.into_query()));
    }
    Some(match view {
        View::Next => q.filter(stands().not()),
        View::All => q,
        View::Resolutions => q.filter(C::ResolutionId.is_not_null()),
        View::Waiting => q.filter(stands()),
        View::Offered | View::Confirm | View::Returned => return None,
    })
}

impl Desk<'_> {
    /// The three sources of a view, as far as the desk is narrowed and a span goes: held, offered, tasks.
    fn held(&self, scope: Scope, view: View, span: Option<Span>) -> Option<Select<Entity>> {
        let q = held(scope, view, self.parting.now)?.filter(self.narrow.of_matter()).filter(self.narrow.in_hands(Column::PersonId, self.person));
        Some(match span {
            None => q,
            Some(Span::First) => q.filter(Column::Priority.eq(true)),
            Some(span) => q.filter(Column::Priority.eq(false)).filter(self.parting.due(Column::NextDue, span)),
        })
    }

    fn offered(&self, scope: Scope, view: View, span: Option<Span>) -> Option<Select<Entity>> {
        // In nobody's hands here until it is taken.
        if !matches!(view, View::Next | View::Offered | View::All) || self.narrow.hands == Some(Hands::Mine) {
            return None;
        }
        let q = offered(scope).filter(self.narrow.of_matter());
        Some(span.map_or(q.clone(), |span| q.filter(self.parting.due(Column::OfferedUntil, span))))
    }

    fn tasked(&self, scope: Scope, view: View, span: Option<Span>) -> Option<Select<tasks::Entity>> {
        let q = tasked(scope, view, &self.narrow)?.filter(self.narrow.in_hands(tasks::Column::PersonId, self.person));
        Some(span.map_or(q.clone(), |span| q.filter(self.parting.due(tasks::Column::DueAt, span))))
    }

    pub(super) async fn matters(&self, view: View, span: Option<Span>, limit: u64) -> Result<Vec<Line>> {
        let db = &self.db;
        let mut lines = vec![];
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(q) = self.held(scope, view, span) {
                lines.extend(ordered(q, view).limit(limit).all(db).await?.into_iter().map(matter));
            }
            if let Some(q) = self.offered(scope, view, span) {
                let q = q.order_by_asc(Column::OfferedUntil).order_by_asc(Column::Id).limit(limit);
                lines.extend(q.all(db).await?.into_iter().map(|i| Line::new(i.offered_until, What::Offer(Box::new(i)))));
            }
        }
        let mut mine = vec![];
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(q) = self.tasked(scope, view, span) {
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

    /// How many matters and tasks of a view fall into each span: one question for each source.
    pub(super) async fn spread_matters(&self, view: View) -> Result<Vec<u64>> {
        let mut sums = vec![0; Span::ALL.len()];
        let mut add = |some: Vec<u64>| sums.iter_mut().zip(some).for_each(|(sum, n)| *sum += n);
        let first = |span: Span| Column::Priority.eq(span == Span::First);
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(q) = self.held(scope, view, None) {
                let within = |span| match span {
                    Span::First => Cond::all().add(first(span)),
                    span => Cond::all().add(first(span)).add(self.parting.due(Column::NextDue, span)),
                };
                add(self.spread(q, within).await?);
            }
            if let Some(q) = self.offered(scope, view, None) {
                add(self.spread(q, |span| self.parting.due(Column::OfferedUntil, span)).await?);
            }
        }
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(q) = self.tasked(scope, view, None) {
                add(self.spread(q, |span| self.parting.due(tasks::Column::DueAt, span)).await?);
            }
        }
        Ok(sums)
    }

    async fn spread<E: EntityTrait>(&self, q: Select<E>, within: impl Fn(Span) -> Cond) -> Result<Vec<u64>> {
        let one = |q: Select<E>, span: &Span| q.expr_as(Expr::case(within(*span), 1).finally(0).sum(), span.as_str());
        let q = Span::ALL.iter().fold(q.select_only(), one);
        let row = self.db.query_one_raw(q.build(self.db.get_database_backend())).await?;
        let Some(row) = row else { return Ok(vec![]) };
        let n = |i: usize| Ok(row.try_get_by_index::<Option<i64>>(i)?.unwrap_or_default().unsigned_abs());
        (0..Span::ALL.len()).map(n).collect()
    }

    pub(super) async fn count_matters(&self, view: View, span: Option<Span>) -> Result<u64> {
        let db = &self.db;
        let mut n = 0;
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(q) = self.held(scope, view, span) {
                n += q.count(db).await?;
            }
            if let Some(q) = self.offered(scope, view, span) {
                n += q.count(db).await?;
            }
        }
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(q) = self.tasked(scope, view, span) {
                n += q.count(db).await?;
            }
        }
        Ok(n)
    }
}

fn matter(issue: Issue) -> Line {
    Line { due: issue.next_due, first: issue.priority, what: What::Matter(Box::new(issue)) }
}
