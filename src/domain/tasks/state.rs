//! The life of a task: its states, the verbs that move it, and the refusal of everything else by name.

use crate::kernel::error::Refusal;

vocabulary! {
    /// Where a task stands.
    TaskState {
        Dispatched = "dispatched", Acknowledged = "acknowledged", InWork = "in_work", Done = "done", Verified = "verified",
        Returned = "returned", Cancelled = "cancelled",
    }
}

/// What moves a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskVerb {
    Acknowledge,
    Start,
    Finish,
    Verify,
    SendBack,
    Return,
    Cancel,
    /// Acknowledged by mistake, and nobody has acted on it since.
    Unacknowledge,
}

impl TaskVerb {
    /// Every verb.
    pub const ALL: &'static [TaskVerb] = &[
        TaskVerb::Acknowledge,
        TaskVerb::Start,
        TaskVerb::Finish,
        TaskVerb::Verify,
        TaskVerb::SendBack,
        TaskVerb::Return,
        TaskVerb::Cancel,
        TaskVerb::Unacknowledge,
    ];
    /// The word in refusals and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            TaskVerb::Acknowledge => "acknowledge",
            TaskVerb::Start => "start",
            TaskVerb::Finish => "finish",
            TaskVerb::Verify => "verify",
            TaskVerb::SendBack => "send_back",
            TaskVerb::Return => "return",
            TaskVerb::Cancel => "cancel",
            TaskVerb::Unacknowledge => "unacknowledge",
        }
    }
}

impl TaskState {
    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Dispatched | Self::Acknowledged | Self::InWork)
    }

    /// The next state, or a refusal that names verb and state.
    pub fn after(self, verb: TaskVerb) -> Result<TaskState, Refusal> {
        use TaskState::*;
        Ok(match (self, verb) {
            (Dispatched, TaskVerb::Acknowledge) => Acknowledged,
            (Dispatched | Acknowledged, TaskVerb::Start) => InWork,
            (Dispatched | Acknowledged | InWork, TaskVerb::Finish) => Done,
            (Done, TaskVerb::Verify) => Verified,
            (Done, TaskVerb::SendBack) => InWork,
            (Dispatched | Acknowledged, TaskVerb::Return) => Returned,
            (Dispatched | Acknowledged | InWork | Returned, TaskVerb::Cancel) => Cancelled,
            (Acknowledged, TaskVerb::Unacknowledge) => Dispatched,
            _ => {
                return Err(Refusal::new("task_state")
                    .with("verb", format!("@task_verbs.{}", verb.as_str()))
                    .with("state", format!("@task_states.{}", self.as_str())));
            }
        })
    }
}
