//! Tasks 处置任务: what one organisation must do by when.

mod assigning;
mod clock;
mod deeds;
mod extensions;
mod finding;
mod parts;
mod planned;
mod progress;
mod returning;
mod round;
mod state;
mod substeps;
mod visits;

pub(in crate::domain) use assigning::hand_over;
pub use assigning::in_hands;
pub use clock::{LONGEST_STOP, StopReason, clocks_run_due, stop, stops};
pub use deeds::{TaskAround, TaskDeed};
pub use extensions::{
    Decider, Decision, EXTENSIONS_MAX, Extension, ExtensionReason, extension_by_id, extensions, extensions_waiting, granted, granted_days, waiting,
};
pub use finding::{FINDING_MAX, Finding, finding, finding_pictures};
pub use parts::{PARTS_MAX, Part, parts};
pub use progress::{Progress, progress_of};
pub(in crate::domain) use returning::fall_away;
pub use round::{ROUND_MAX, open_of};
pub use state::{TaskState, TaskVerb};
pub use substeps::{STEPS_MAX, Step, steps, steps_of};
pub use visits::{NewVisit, Visit, VisitAnswer, visits, visits_waiting};

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::attachments::{self, Of, Phase};
use super::categories::Limit;
use super::issues::{self, Issue};
use super::journal::Entry;
use super::messages::{self, Voice};
use super::organisations::Organisation;
use super::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{self, IssueId, OrganisationId, PersonId, ResolutionId, TaskId, UndertakingId};
use crate::kernel::photos::Prepared;
use crate::kernel::text::{self, TextHash};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub issue_id: IssueId,
    /// Counts within the issue.
    pub number: i32,
    pub organisation_id: OrganisationId,
    pub person_id: Option<PersonId>,
    pub resolution_id: Option<ResolutionId>,
    pub undertaking_id: Option<UndertakingId>,
    pub state: TaskState,
    pub words: String,
    pub words_salt: Vec<u8>,
    /// How it will be seen that it is done.
    pub measure: String,
    pub evidence: Option<String>,
    pub evidence_salt: Option<Vec<u8>>,
    pub due_at: DateTimeUtc,
    pub due_days: Option<i32>,
    pub provisional: bool,
    pub dispatched_at: DateTimeUtc,
    pub acknowledged_at: Option<DateTimeUtc>,
    pub started_at: Option<DateTimeUtc>,
    pub done_at: Option<DateTimeUtc>,
    pub verified_at: Option<DateTimeUtc>,
    pub moved_at: DateTimeUtc,
    pub version: i32,
    /// What whoever carries it out should know before.
    pub safety: String,
    /// What it has cost in all, in fen.
    pub cost_fen: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Task;

/// Where a task comes from and how long it may take.
pub struct NewTask<'a> {
    pub words: &'a str,
    pub measure: &'a str,
    pub due: Due,
    pub resolution: Option<ResolutionId>,
    pub undertaking: Option<UndertakingId>,
}

/// When a task is due.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// So many working days from now; none is the end of today.
    Days(u32),
    /// At an instant that an undertaking named.
    At(DateTime<Utc>),
}

/// Most working days that a task may be given at once.
pub const DAYS_MAX: u32 = 60;

/// Dispatches a task to one organisation; the matter is in work from now on. Only the organisation responsible and the
/// secretary may, except where a resolution's tasks and signed undertakings begin by themselves.
pub async fn dispatch(act: &Act, issue: Issue, to: &Organisation, new: NewTask<'_>) -> Result<(Issue, Task)> {
    if new.resolution.is_none() {
        issue.ask_holder(act)?;
    }
    let words = text::words("words", new.words, 2, 1000)?;
    if let Due::Days(n) = new.due
        && n > DAYS_MAX
    {
        return Err(Refusal::new("days").with("max", DAYS_MAX).at("days").into());
    }
    let issue = issue.start(act).await?;
    let number = of_issue(act.tx(), issue.id).await?.len() as i32 + 1;
    let (row, hash) = row(act.at, &act.calendar(), issue.id, number, to.id, NewTask { words: &words, ..new })?;
    let task = row.insert(act.tx()).await?;
    act.journal(issue.on_self(), &Entry::TaskDispatched { task: task.id, number, to: to.id, due: task.due_at, words: hash }).await?;
    issue.tell_task(act, "task_dispatched", &task).await?;
    let task = task.route(act, &issue).await?;
    Ok((issue, task))
}

/// A task's row as it begins, and the hash that the journal keeps of its words.
pub(super) fn row(
    at: DateTimeUtc,
    calendar: &Calendar,
    issue: IssueId,
    number: i32,
    to: OrganisationId,
    new: NewTask<'_>,
) -> Result<(ActiveModel, TextHash), Refusal> {
    let (due_at, due_days, provisional) = match new.due {
        Due::Days(n) => {
            let until = Limit::WorkingDays(n).from(at, calendar);
            (until.at, Some(n as i32), until.provisional)
        }
        Due::At(at) => (at, None, false),
    };
    let (salt, hash) = text::salted(new.words);
    let row = ActiveModel {
        id: Set(TaskId(ids::fresh(at))),
        issue_id: Set(issue),
        number: Set(number),
        organisation_id: Set(to),
        person_id: Set(None),
        resolution_id: Set(new.resolution),
        undertaking_id: Set(new.undertaking),
        state: Set(TaskState::Dispatched),
        words: Set(new.words.to_owned()),
        words_salt: Set(salt),
        measure: Set(text::words("measure", new.measure, 0, 300)?),
        evidence: Set(None),
        evidence_salt: Set(None),
        due_at: Set(due_at),
        due_days: Set(due_days),
        provisional: Set(provisional),
        dispatched_at: Set(at),
        acknowledged_at: Set(None),
        started_at: Set(None),
        done_at: Set(None),
        verified_at: Set(None),
        moved_at: Set(at),
        version: Set(1),
        safety: Set(String::new()),
        cost_fen: Set(None),
    };
    Ok((row, hash))
}

/// Tasks of a matter, in the order of their numbers.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Task>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::Number).all(db).await?)
}

/// The tasks of several matters at once, for lists.
pub async fn of_issues(db: &impl ConnectionTrait, ids: Vec<IssueId>) -> Result<Vec<Task>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::IssueId.is_in(ids)).order_by_asc(Column::IssueId).order_by_asc(Column::Number).all(db).await?)
}

/// The stops that last of several tasks.
pub async fn standing_clocks(db: &impl ConnectionTrait, ids: Vec<TaskId>) -> Result<Vec<stop::Model>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(stop::Entity::find().filter(stop::Column::TaskId.is_in(ids)).filter(stop::Column::EndedAt.is_null()).all(db).await?)
}

/// Tasks that a resolution set.
pub async fn of_resolution(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Task>> {
    Ok(Entity::find().filter(Column::ResolutionId.eq(id)).order_by_asc(Column::Number).all(db).await?)
}

/// Tasks that several resolutions set.
pub async fn of_resolutions(db: &impl ConnectionTrait, ids: Vec<ResolutionId>) -> Result<Vec<Task>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ResolutionId.is_in(ids)).order_by_asc(Column::IssueId).order_by_asc(Column::Number).all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: TaskId) -> Result<Task> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Several by their ids.
pub async fn by_ids(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = TaskId>) -> Result<Vec<Task>> {
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// By its number within a matter.
pub async fn by_number(db: &impl ConnectionTrait, issue: IssueId, number: i32) -> Result<Task> {
    Entity::find().filter(Column::IssueId.eq(issue)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

impl Model {
    fn ask_own(&self, act: &Act) -> Result<(), Refusal> {
        match &act.actor {
            Actor::Person { organisation, .. } if *organisation == self.organisation_id => Ok(()),
            _ => Err(Refusal::new("only_own_task")),
        }
    }

    fn ask_giver(&self, act: &Act, issue: &Issue) -> Result<(), Refusal> {
        match &act.actor {
            // Whoever did the work does not verify it: neither the organisation nor the person, in whatever role.
            Actor::Person { id, organisation, .. } if *organisation == self.organisation_id || Some(*id) == self.person_id => {
                Err(Refusal::new("only_giver"))
            }
            Actor::Person { role, .. } if *role == Role::Secretary.as_str() => Ok(()),
            Actor::Person { organisation, .. } if Some(*organisation) == issue.holder_id => Ok(()),
            _ => Err(Refusal::new("only_giver")),
        }
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Task> {
        set.moved_at = Set(act.at);
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Takes it on.
    pub async fn acknowledge(self, act: &Act, issue: &Issue) -> Result<Task> {
        self.ask_own(act)?;
        let next = self.state.after(TaskVerb::Acknowledge)?;
        let set = ActiveModel { state: Set(next), acknowledged_at: Set(Some(act.at)), person_id: Set(act.actor.person()), ..Default::default() };
        let task = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TaskAcknowledged { number: task.number }).await?;
        Ok(task)
    }

    /// Begins.
    pub async fn begin(self, act: &Act, issue: &Issue) -> Result<Task> {
        self.ask_own(act)?;
        let next = self.state.after(TaskVerb::Start)?;
        let set = ActiveModel { state: Set(next), started_at: Set(Some(act.at)), person_id: Set(act.actor.person()), ..Default::default() };
        let task = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TaskStarted { number: task.number }).await?;
        Ok(task)
    }

    /// Done, with evidence in words and, if there are, pictures. A stopped clock runs again first.
    pub async fn done(self, act: &Act, issue: &Issue, evidence: &str, photos: Vec<Prepared>) -> Result<Task> {
        self.ask_own(act)?;
        let evidence = text::words("evidence", evidence, 4, 2000)?;
        self.ask_no_open_steps(act).await?;
        let task = self.run_clock(act, issue).await?;
        let next = task.state.after(TaskVerb::Finish)?;
        task.extension_lapses(act).await?;
        let photos = attachments::attach(act, issue.id, Of::Task(task.id, Phase::After), photos).await?;
        let (salt, hash) = text::salted(&evidence);
        let set = ActiveModel {
            state: Set(next),
            done_at: Set(Some(act.at)),
            evidence: Set(Some(evidence)),
            evidence_salt: Set(Some(salt)),
            ..Default::default()
        };
        let task = task.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TaskDone { number: task.number, evidence: hash, photos }).await?;
        issue.tell_holder_of(act, "task_done", &task).await?;
        if task.resolution_id.is_some() {
            issue.tell_secretary_of(act, "task_done", &task).await?;
        }
        Ok(task)
    }

    /// Somebody other than the doer has seen that it is done.
    pub async fn verify(self, act: &Act, issue: &Issue) -> Result<Task> {
        self.ask_giver(act, issue)?;
        let next = self.state.after(TaskVerb::Verify)?;
        let task = self.change(act, ActiveModel { state: Set(next), verified_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskVerified { number: task.number }).await?;
        Box::pin(issue.round_verified(act, &task)).await?;
        Ok(task)
    }

    /// Not done after all: back to work, with words.
    pub async fn send_back(self, act: &Act, issue: &Issue, words: &str) -> Result<Task> {
        self.ask_giver(act, issue)?;
        let words = text::words("words", words, 4, 1000)?;
        let next = self.state.after(TaskVerb::SendBack)?;
        // The next evidence takes its place; what was said first stays readable, and the journal's hash with it.
        messages::keep_evidence(act, &self).await?;
        let task = self.change(act, ActiveModel { state: Set(next), done_at: Set(None), ..Default::default() }).await?;
        let hash = messages::note(act, issue, Voice::Parties, &words).await?;
        act.journal(issue.on_self(), &Entry::TaskSentBack { number: task.number, words: hash }).await?;
        issue.tell_task(act, "task_sent_back", &task).await?;
        Ok(task)
    }
}

/// The matter of a task, for pages that start from the task.
pub async fn issue_of(db: &impl ConnectionTrait, task: &Task) -> Result<Issue> {
    issues::by_id(db, task.issue_id).await
}
