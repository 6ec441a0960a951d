//! A task's clock: it stands only for a stated reason, never longer than a cap, and its due date moves by the working
//! days on which it stood. The reporter's clock never stops.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Task};
use crate::domain::categories::Limit;
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ClockStopId, TaskId};
use crate::kernel::text;

/// The longest stop, in working days: then the clock runs again by itself.
pub const LONGEST_STOP: u32 = 10;

vocabulary! {
    /// Why a task's clock stands. The reporter's never does.
    StopReason { Reporter = "reporter", Council = "council", Part = "part" }
}

/// A time in which a task's clock stood.
pub mod stop {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "clock_stops")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ClockStopId,
        pub task_id: TaskId,
        pub reason: StopReason,
        pub words: String,
        pub words_salt: Vec<u8>,
        pub since: DateTimeUtc,
        /// A stop is capped: the clock runs again by itself.
        pub until_at_most: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The stops of a task's clock, oldest first.
pub async fn stops(db: &impl ConnectionTrait, task: TaskId) -> Result<Vec<stop::Model>> {
    Ok(stop::Entity::find().filter(stop::Column::TaskId.eq(task)).order_by_asc(stop::Column::Since).all(db).await?)
}

impl Task {
    /// Stops the task's clock for a stated reason, for [`LONGEST_STOP`] working days at most. The reporter's clock runs on.
    pub async fn stop_clock(self, act: &Act, issue: &Issue, reason: StopReason, words: &str) -> Result<Task> {
        self.ask_own(act)?;
        self.ask_running()?;
        if stops(act.tx(), self.id).await?.iter().any(|s| s.ended_at.is_none()) {
            return Err(Refusal::new("clock_stands").into());
        }
        let words = text::words("words", words, 4, 500)?;
        let until_at_most = Limit::WorkingDays(LONGEST_STOP).from(act.at, &act.calendar()).at;
        let (salt, hash) = text::salted(&words);
        let row = stop::ActiveModel {
            id: Set(ClockStopId(act.fresh())),
            task_id: Set(self.id),
            reason: Set(reason),
            words: Set(words),
            words_salt: Set(salt),
            since: Set(act.at),
            until_at_most: Set(until_at_most),
            ended_at: Set(None),
        };
        stop::Entity::insert(row).exec_without_returning(act.tx()).await?;
        let task = self.change(act, <ActiveModel as Default>::default()).await?;
        act.journal(issue.on_self(), &Entry::ClockStopped { number: task.number, reason, until_at_most, words: hash }).await?;
        Ok(task)
    }

    /// Whoever stopped the clock lets it run again.
    pub async fn let_clock_run(self, act: &Act, issue: &Issue) -> Result<Task> {
        self.ask_own(act)?;
        let before = self.version;
        let task = self.run_clock(act, issue).await?;
        if task.version == before { Err(Refusal::new("clock_runs").into()) } else { Ok(task) }
    }

    /// Lets the clock run again: the due date moves by the working days on which it stood.
    pub async fn run_clock(self, act: &Act, issue: &Issue) -> Result<Task> {
        let Some(open) = stops(act.tx(), self.id).await?.into_iter().find(|s| s.ended_at.is_none()) else { return Ok(self) };
        let ended = act.at.min(open.until_at_most);
        let since = open.since;
        let mut row: stop::ActiveModel = open.into();
        row.ended_at = Set(Some(ended));
        row.update(act.tx()).await?;
        let calendar = act.calendar();
        // The day on which it was given is none of its working days: a stop on it moves nothing.
        let counted = match self.due_days {
            Some(n) if n > 0 => since.max(calendar.end_of(calendar.date_of(self.dispatched_at))),
            _ => since,
        };
        // The end of the day on which it was stopped counts, too: without the cap, ten days would move it by eleven.
        let stood = if counted < ended { calendar.ends_between(counted, ended).min(LONGEST_STOP) } else { 0 };
        let due_at = calendar.moved(self.due_at, stood);
        let task = self.change(act, ActiveModel { due_at: Set(due_at), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::ClockStarted { number: task.number, due: due_at }).await?;
        Ok(task)
    }
}

impl Task {
    /// Moves its day; that it may is asked by whoever moves it.
    pub(in crate::domain) async fn redate(self, act: &Act, due: DateTimeUtc, provisional: bool) -> Result<Task> {
        self.change(act, ActiveModel { due_at: Set(due), provisional: Set(provisional), ..Default::default() }).await
    }
}

/// Lets the clocks run again that have stood for as long as a clock may; gives how many.
pub async fn clocks_run_due(house: &House) -> Result<usize> {
    let over = stop::Entity::find().filter(stop::Column::EndedAt.is_null()).filter(stop::Column::UntilAtMost.lte(house.now()));
    let mut n = 0;
    for stop in over.order_by_asc(stop::Column::UntilAtMost).all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let task = super::by_id(act.tx(), stop.task_id).await?;
        let issue = issues::hold_by_id(&act, task.issue_id).await?;
        let before = task.version;
        match task.run_clock(&act, &issue).await {
            // Another process was first: nothing stood any more.
            Ok(task) if task.version == before => act.undo().await?,
            Ok(task) => {
                issue.tell_task(&act, "clock_runs", &task).await?;
                act.commit().await?;
                n += 1;
            }
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}
