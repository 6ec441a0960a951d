//! What may be done with a task now, and by whom: the same answers that the verbs give, for a page that says them
//! before anybody has tried.

use chrono::{DateTime, Utc};

use super::{Extension, Task, TaskState, TaskVerb, waiting};
use crate::domain::categories::Limit;
use crate::domain::issues::Issue;
use crate::domain::persons::Membership;
use crate::domain::rights::{Right, Role};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Refusal;

/// Something that can be done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskDeed {
    Acknowledge,
    Start,
    Finish,
    StopClock,
    RunClock,
    Extend,
    DecideExtension,
    GiveBack,
    Verify,
    SendBack,
    Cancel,
}

impl TaskDeed {
    /// Every deed, in the order of a page.
    pub const ALL: &'static [TaskDeed] = &[
        TaskDeed::Acknowledge,
        TaskDeed::Start,
        TaskDeed::Finish,
        TaskDeed::StopClock,
        TaskDeed::RunClock,
        TaskDeed::Extend,
        TaskDeed::DecideExtension,
        TaskDeed::GiveBack,
        TaskDeed::Verify,
        TaskDeed::SendBack,
        TaskDeed::Cancel,
    ];

    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskDeed::Acknowledge => "acknowledge",
            TaskDeed::Start => "start",
            TaskDeed::Finish => "finish",
            TaskDeed::StopClock => "stop_clock",
            TaskDeed::RunClock => "run_clock",
            TaskDeed::Extend => "extend",
            TaskDeed::DecideExtension => "decide_extension",
            TaskDeed::GiveBack => "give_back",
            TaskDeed::Verify => "verify",
            TaskDeed::SendBack => "send_back",
            TaskDeed::Cancel => "cancel",
        }
    }

    /// Whether it is for whoever has the task, rather than for whoever gave it.
    pub fn is_doers(self) -> bool {
        !matches!(self, TaskDeed::Verify | TaskDeed::SendBack | TaskDeed::Cancel | TaskDeed::DecideExtension)
    }
}

/// What the answer depends on beside the task itself.
#[derive(Clone, Copy)]
pub struct TaskAround<'a> {
    pub issue: &'a Issue,
    /// All tasks of the matter.
    pub tasks: &'a [Task],
    /// Its clock stands.
    pub stands: bool,
    /// Its own extensions, in the order of asking.
    pub extensions: &'a [Extension],
    /// The roles that somebody holds in the building.
    pub roles: &'a [&'a Membership],
    pub calendar: &'a Calendar,
    pub now: DateTime<Utc>,
}

impl Task {
    /// Whether somebody with these roles may do it now; if not, why.
    pub fn may_now(&self, deed: TaskDeed, around: TaskAround<'_>) -> Result<(), Refusal> {
        if deed.is_doers() {
            if !around.roles.iter().any(|m| m.role.may(Right::Work) && m.organisation_id == self.organisation_id) {
                return Err(Refusal::new("only_own_task"));
            }
        } else if deed == TaskDeed::DecideExtension {
            return self.decidable(around);
        } else {
            self.gives(deed, around)?;
        }
        match deed {
            TaskDeed::Acknowledge => self.moves(TaskVerb::Acknowledge),
            TaskDeed::Start => self.moves(TaskVerb::Start),
            TaskDeed::Finish => self.moves(TaskVerb::Finish),
            TaskDeed::Verify => self.moves(TaskVerb::Verify),
            TaskDeed::SendBack => self.moves(TaskVerb::SendBack),
            TaskDeed::Cancel => self.moves(TaskVerb::Cancel),
            TaskDeed::StopClock if around.stands => Err(Refusal::new("clock_stands")),
            TaskDeed::StopClock => self.ask_running(),
            TaskDeed::RunClock if around.stands => Ok(()),
            TaskDeed::RunClock => Err(Refusal::new("clock_runs")),
            TaskDeed::Extend => self.extendable(around.extensions, around.now),
            TaskDeed::DecideExtension => Ok(()),
            TaskDeed::GiveBack => self.returnable(around.tasks, around.calendar, around.now).and_then(|()| self.moves(TaskVerb::Return)),
        }
    }

    fn moves(&self, verb: TaskVerb) -> Result<(), Refusal> {
        self.state.after(verb).map(|_| ())
    }

    /// Only a task under way has a clock.
    pub(super) fn ask_running(&self) -> Result<(), Refusal> {
        self.ask_running_for("@task_verbs.stop")
    }

    pub(super) fn ask_running_for(&self, verb: &str) -> Result<(), Refusal> {
        if self.state.is_open() {
            return Ok(());
        }
        Err(Refusal::new("task_state").with("verb", verb).with("state", format!("@task_states.{}", self.state.as_str())))
    }

    /// Given back once in a matter, within a working day; what was signed, never.
    pub(super) fn returnable(&self, tasks: &[Task], calendar: &Calendar, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.undertaking_id.is_some() {
            return Err(Refusal::new("undertaken"));
        }
        if Limit::WorkingDays(1).from(self.dispatched_at, calendar).at <= now {
            return Err(Refusal::new("return_late"));
        }
        if tasks.iter().any(|t| t.state == TaskState::Returned && t.organisation_id == self.organisation_id) {
            return Err(Refusal::new("returned_before"));
        }
        Ok(())
    }

    /// Of several roles the first that decides speaks; where none does, the last says why.
    fn decidable(&self, around: TaskAround<'_>) -> Result<(), Refusal> {
        let open = waiting(around.extensions).ok_or_else(|| Refusal::new("extension_none"))?;
        let ask = |m: &&Membership| open.ask_decides(around.issue, Some(m.person_id), Some(m.organisation_id), m.role);
        let said = around.roles.iter().map(ask).reduce(|a, b| if a.is_ok() { a } else { b });
        said.unwrap_or_else(|| Err(Refusal::new("no_right")))
    }

    fn gives(&self, deed: TaskDeed, around: TaskAround<'_>) -> Result<(), Refusal> {
        let secretary = |m: &&&Membership| m.role == Role::Secretary;
        let holder = |m: &&&Membership| m.role.may(Right::Triage) && Some(m.organisation_id) == around.issue.holder_id;
        if deed == TaskDeed::Cancel {
            let may = around.roles.iter().any(|m| secretary(&m) || holder(&m));
            return if may { Ok(()) } else { Err(Refusal::new("only_holder")) };
        }
        // Whoever did the work does not verify it.
        let other = |m: &&&Membership| m.organisation_id != self.organisation_id && Some(m.person_id) != self.person_id;
        let may = around.roles.iter().any(|m| (secretary(&m) || holder(&m)) && other(&m));
        if may { Ok(()) } else { Err(Refusal::new("only_giver")) }
    }
}
