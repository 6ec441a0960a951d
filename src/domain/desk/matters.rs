//! Matters that my organisations hold or are offered, and the tasks that they have.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Cond, ExprTrait as _, NullOrdering, Order};
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{Desk, Hands, Line, Narrow, Scope, Span, View, What};
use crate::domain::issues::{self, Column, Entity, Issue, IssueState};
use crate::domain::rights::{Right, Role};
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

/// It is offered to a council.
fn to_council() -> Expr {
    Expr::cust("exists (select 1 from hand_overs h where h.issue_id = issues.id and h.state = 'asked' and h.council_id is not null)")
}

/// The clock of a task stands still.
fn stands() -> Expr {
    Expr::cust("exists (select 1 from clock_stops c where c.task_id = tasks.id and c.ended_at is null)")
}

/// Matters held within a scope.
fn held((organisation, building): Scope) -> Select<Entity> {
    let q = Entity::find().filter(Column::HolderId.eq(organisation));
    match building {
        Some(b) => q.filter(Column::BuildingId.eq(b)),
        None => q,
    }
}

/// Which of the matters held a view shows; none for a view without any. All of them are open.
fn shows(view: View, now: DateTimeUtc) -> Option<Cond> {
    let open = Cond::all().add(Column::State.is_in(open()));
    Some(match view {
        // Those whose reporters are being asked wait for nobody here, unless somebody joined since; what waits for others
        // comes back by itself when it is due all the same.
        View::Next => open
            .add(Column::NextDue.is_not_null())
            .add(Column::State.ne(IssueState::Done).or(Column::FirstAnswerDue.is_not_null()))
            .add(waits().not().or(Column::NextDue.lte(now))),
        View::Waiting => open.add(waits()),
        View::Confirm => Cond::all().add(Column::State.eq(IssueState::Done)),
        View::Returned => {
            let back =
                Column::Priority.eq(true).or(Expr::cust("exists (select 1 from tasks t where t.issue_id = issues.id and t.state = 'returned')"));
            Cond::all().add(Column::State.is_in([IssueState::Accepted, IssueState::InWork, IssueState::Decided])).add(back)
        }
        View::All => open,
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

/// Open tasks within a scope, of matters that the desk is narrowed to.
fn tasked((organisation, building): Scope, narrow: &Narrow) -> Select<tasks::Entity> {
    use tasks::Column as C;
    let open: Vec<TaskState> = TaskState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    let q = tasks::Entity::find().filter(C::OrganisationId.eq(organisation)).filter(C::State.is_in(open));
    let about = narrow.of_matter();
    if building.is_none() && about.is_empty() {
        return q;
    }
    let of_task = Expr::col((Entity, Column::Id)).equals((tasks::Entity, C::IssueId));
    let mut there = Entity::find().select_only().column(Column::Id).filter(of_task).filter(about);
    if let Some(b) = building {
        there = there.filter(Column::BuildingId.eq(b));
    }
    q.filter(Expr::exists(there.into_query()))
}

/// Which of the open tasks a view shows; none for a view without any.
fn shows_tasks(view: View) -> Option<Cond> {
    Some(match view {
        View::Next => Cond::all().add(stands().not()),
        View::All => Cond::all().add(Expr::val(1).eq(1)),
        View::Resolutions => Cond::all().add(tasks::Column::ResolutionId.is_not_null()),
        View::Waiting => Cond::all().add(stands()),
        View::Offered | View::Confirm | View::Returned => return None,
    })
}

impl Desk<'_> {
    /// The matters held, as far as the desk is narrowed.
    fn held(&self, scope: Scope) -> Select<Entity> {
        held(scope).filter(self.narrow.of_matter()).filter(self.narrow.in_hands(Column::PersonId, self.person))
    }

    /// Which of them are due within a span.
    fn held_within(&self, span: Option<Span>) -> Cond {
        match span {
            None => Cond::all(),
            Some(Span::First) => Cond::all().add(Column::Priority.eq(true)),
            Some(span) => Cond::all().add(Column::Priority.eq(false)).add(self.parting.due(Column::NextDue, span)),
        }
    }

    /// What is offered, in a view that shows it; in nobody's hands here until it is taken.
    fn offered(&self, scope: Scope, view: View, span: Option<Span>) -> Option<Select<Entity>> {
        if !matches!(view, View::Next | View::Offered | View::All) || self.narrow.hands == Some(Hands::Mine) {
            return None;
        }
        let q = offered(scope).filter(self.narrow.of_matter());
        // What is offered to a district's council waits for its secretary, not for everybody of the organisation.
        let keeps_office = self.memberships.iter().any(|m| m.role == Role::Secretary && m.district_id.is_some());
        let q = if keeps_office { q } else { q.filter(to_council().not()) };
        Some(span.map_or(q.clone(), |span| q.filter(self.parting.due(Column::OfferedUntil, span))))
    }

    /// The tasks, as far as the desk is narrowed.
    fn tasked(&self, scope: Scope) -> Select<tasks::Entity> {
        tasked(scope, &self.narrow).filter(self.narrow.in_hands(tasks::Column::PersonId, self.person))
    }

    /// Which of them are due within a span.
    fn tasks_within(&self, span: Option<Span>) -> Cond {
        span.map_or(Cond::all(), |span| self.parting.due(tasks::Column::DueAt, span))
    }

    pub(super) async fn matters(&self, view: View, span: Option<Span>, limit: u64) -> Result<Vec<Line>> {
        let db = &self.db;
        let mut lines = vec![];
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(shown) = shows(view, self.parting.now) {
                let q = self.held(scope).filter(shown).filter(self.held_within(span));
                lines.extend(ordered(q, view).limit(limit).all(db).await?.into_iter().map(matter));
            }
            if let Some(q) = self.offered(scope, view, span) {
                let q = q.order_by_asc(Column::OfferedUntil).order_by_asc(Column::Id).limit(limit);
                lines.extend(q.all(db).await?.into_iter().map(|i| Line::new(i.offered_until, What::Offer(Box::new(i)))));
            }
        }
        let mut mine = vec![];
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(shown) = shows_tasks(view) {
                let q = self.tasked(scope).filter(shown).filter(self.tasks_within(span));
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
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            if let Some(shown) = shows(view, self.parting.now) {
                let within = Span::ALL.iter().map(|span| self.held_within(Some(*span)));
                add(self.sums(self.held(scope).filter(shown), within).await?);
            }
            if let Some(q) = self.offered(scope, view, None) {
                add(self.sums(q, Span::ALL.iter().map(|span| self.parting.due(Column::OfferedUntil, *span))).await?);
            }
        }
        for scope in self.scopes(|r| r.may(Right::Work)) {
            if let Some(shown) = shows_tasks(view) {
                let within = Span::ALL.iter().map(|span| self.tasks_within(Some(*span)));
                add(self.sums(self.tasked(scope).filter(shown), within).await?);
            }
        }
        Ok(sums)
    }

    /// How many matters and tasks each view shows: one question for each source, which goes through what is open once.
    pub(super) async fn count_matters(&self, span: Option<Span>) -> Result<Vec<u64>> {
        let mut counts = vec![0; View::ALL.len()];
        let nothing = || Cond::all().add(Expr::val(1).eq(0));
        let mut add = |some: Vec<u64>| counts.iter_mut().zip(some).for_each(|(sum, n)| *sum += n);
        for scope in self.scopes(|r| r.may(Right::Triage)) {
            let shown = View::ALL.iter().map(|v| shows(*v, self.parting.now).unwrap_or_else(nothing));
            let q = self.held(scope).filter(Column::State.is_in(open())).filter(self.held_within(span));
            add(self.sums(q, shown).await?);
            if let Some(q) = self.offered(scope, View::Offered, span) {
                let n = q.count(&self.db).await?;
                add(View::ALL.iter().map(|v| if self.offered(scope, *v, span).is_some() { n } else { 0 }).collect());
            }
        }
        for scope in self.scopes(|r| r.may(Right::Work)) {
            let shown = View::ALL.iter().map(|v| shows_tasks(*v).unwrap_or_else(nothing));
            add(self.sums(self.tasked(scope).filter(self.tasks_within(span)), shown).await?);
        }
        Ok(counts)
    }

    /// How many rows of a question meet each condition.
    async fn sums<E: EntityTrait>(&self, q: Select<E>, conditions: impl Iterator<Item = Cond>) -> Result<Vec<u64>> {
        let one = |(q, n): (Select<E>, usize), c: Cond| (q.expr_as(Expr::case(c, 1).finally(0).sum(), format!("n{n}")), n + 1);
        let (q, n) = conditions.fold((q.select_only(), 0), one);
        let row = self.db.query_one_raw(q.build(self.db.get_database_backend())).await?;
        let Some(row) = row else { return Ok(vec![]) };
        let sum = |i: usize| Ok(row.try_get_by_index::<Option<i64>>(i)?.unwrap_or_default().unsigned_abs());
        (0..n).map(sum).collect()
    }
}

fn matter(issue: Issue) -> Line {
    Line { due: issue.next_due, first: issue.priority, what: What::Matter(Box::new(issue)) }
}
