//! The one next act of a matter, for whoever looks at it: a page has one lamp.

use super::closing::effect_shown;
use super::{Issue, IssueState, Standing};
use crate::domain::effect_checks::Check;
use crate::domain::tasks::{Task, TaskState};
use crate::kernel::ids::OrganisationId;

/// What comes next, or what is waited for. A number is a task's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// It is offered: take it or say why not.
    Take,
    /// Nobody is responsible: the secretary finds somebody.
    Assign,
    Accept,
    /// A first answer is owed to at least one report.
    Answer,
    Dispatch,
    /// One's own task: take it on, begin, finish.
    Do(i32),
    /// Look whether it is done.
    Verify(i32),
    /// Given back: somebody else must have it.
    Redispatch(i32),
    Finish,
    /// Contested twice: the secretary decides whether it goes to the council.
    Nominate,
    /// The council confirms what its check has shown.
    Confirm,
    /// Look at the long-term plan again.
    Review,
    AwaitTask(i32),
    AwaitCouncil,
    AwaitCheck,
    AwaitReporters,
    AwaitHolder,
    /// It is over.
    Nothing,
}

impl Next {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Next::Take => "take",
            Next::Assign => "assign",
            Next::Accept => "accept",
            Next::Answer => "answer",
            Next::Dispatch => "dispatch",
            Next::Do(_) => "do",
            Next::Verify(_) => "verify",
            Next::Redispatch(_) => "redispatch",
            Next::Finish => "finish",
            Next::Nominate => "nominate",
            Next::Confirm => "confirm",
            Next::Review => "review",
            Next::AwaitTask(_) => "await_task",
            Next::AwaitCouncil => "await_council",
            Next::AwaitCheck => "await_check",
            Next::AwaitReporters => "await_reporters",
            Next::AwaitHolder => "await_holder",
            Next::Nothing => "nothing",
        }
    }

    /// Whether somebody else is at it.
    pub fn waits(self) -> bool {
        matches!(self, Next::AwaitTask(_) | Next::AwaitCouncil | Next::AwaitCheck | Next::AwaitReporters | Next::AwaitHolder | Next::Nothing)
    }
}

/// What the next act depends on beside the matter itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// Its tasks, by number.
    pub tasks: &'a [Task],
    /// Its effect checks, by day.
    pub checks: &'a [Check],
    /// Whether it is on the council's list or agenda already.
    pub nominated: bool,
    /// It is offered to a council: whether this is somebody who answers for that. None where it is offered to none.
    pub answers: Option<bool>,
}

impl Issue {
    /// The next act for somebody of an organisation who stands towards it like this.
    pub fn next(&self, standing: Standing, organisation: Option<OrganisationId>, around: Around<'_>) -> Next {
        if !self.state.is_open() {
            return Next::Nothing;
        }
        let own = around.tasks.iter().filter(|t| Some(t.organisation_id) == organisation && t.state.is_open()).min_by_key(|t| (t.due_at, t.number));
        match standing {
            _ if around.answers == Some(true) && self.offered_to_id.is_some() => Next::Take,
            Standing::Offered if around.answers.is_none() => Next::Take,
            Standing::Offered => Next::AwaitHolder,
            Standing::Tasked => own.map_or(Next::AwaitHolder, |t| Next::Do(t.number)),
            Standing::Presides if self.state == IssueState::Done => self.done_next(true, around.checks),
            Standing::Presides | Standing::Council | Standing::Onlooker => match self.handled(standing, None, around) {
                next if next.waits() => next,
                _ => Next::AwaitHolder,
            },
            Standing::Secretary | Standing::Holder => self.handled(standing, own, around),
        }
    }

    fn handled(&self, standing: Standing, own: Option<&Task>, around: Around<'_>) -> Next {
        let secretary = standing == Standing::Secretary;
        match self.state {
            IssueState::Received if self.holder_id.is_none() => Next::Assign,
            IssueState::Received => Next::Accept,
            _ if self.first_answer_due.is_some() => Next::Answer,
            IssueState::InWork if secretary && self.contested >= 2 && self.priority && !around.nominated => Next::Nominate,
            IssueState::OnAgenda => Next::AwaitCouncil,
            IssueState::LongTerm => Next::Review,
            IssueState::Done => self.done_next(secretary, around.checks),
            _ => self.worked(secretary, own, around.tasks),
        }
    }

    fn done_next(&self, confirms: bool, checks: &[Check]) -> Next {
        if checks.iter().any(|c| c.verdict.is_none()) {
            return Next::AwaitCheck;
        }
        match effect_shown(checks) {
            true if confirms => Next::Confirm,
            true => Next::AwaitCouncil,
            false => Next::AwaitReporters,
        }
    }

    fn worked(&self, secretary: bool, own: Option<&Task>, tasks: &[Task]) -> Next {
        if let Some(task) = own {
            return Next::Do(task.number);
        }
        // The holder looks at what others did; what the holder did itself, the secretary looks at.
        let of_holder = |t: &Task| Some(t.organisation_id) == self.holder_id;
        if let Some(t) = tasks.iter().find(|t| t.state == TaskState::Done && of_holder(t) == secretary) {
            return Next::Verify(t.number);
        }
        // Once another task has been dispatched, what was returned is history.
        if let Some(t) = tasks.iter().max_by_key(|t| t.number).filter(|t| t.state == TaskState::Returned) {
            return Next::Redispatch(t.number);
        }
        if let Some(t) = tasks.iter().filter(|t| t.state.is_open()).min_by_key(|t| (t.due_at, t.number)) {
            return Next::AwaitTask(t.number);
        }
        // After a contested "done" the work begins again with a task of its own.
        let since = self.done_at;
        let worked = tasks.iter().any(|t| matches!(t.state, TaskState::Done | TaskState::Verified) && since.is_none_or(|d| t.dispatched_at > d));
        if worked { Next::Finish } else { Next::Dispatch }
    }
}
