//! What a matter owes next: the first answer to each report, the result, the confirmation.

use chrono::{DateTime, Utc};

use super::{Issue, IssueState};

impl Issue {
    /// Since when its clocks run: since it was received, or since it was brought over.
    pub fn clocks_from(&self) -> DateTime<Utc> {
        self.clock_from.unwrap_or(self.received_at)
    }

    /// The next thing due; nothing once it is closed, and nothing for the holder while reporters are asked.
    pub(super) fn due_next(&self) -> Option<DateTime<Utc>> {
        match self.state {
            IssueState::Done => [self.first_answer_due, self.confirm_due].into_iter().flatten().min(),
            s if !s.is_open() => None,
            // While the council deliberates or a plan stands, only answers to reports are owed day by day.
            IssueState::OnAgenda | IssueState::Decided | IssueState::LongTerm => self.first_answer_due,
            _ => [self.first_answer_due, self.result_due].into_iter().flatten().min(),
        }
    }

    /// Whether a date is one that is owed now.
    pub fn due_next_is(&self, due: Option<DateTime<Utc>>) -> bool {
        due.is_some() && self.state != IssueState::Done && (due == self.next_due || due == self.result_due && self.next_due.is_some())
    }

    /// Whether something is owed and late.
    pub fn late(&self, now: DateTime<Utc>) -> bool {
        self.state != IssueState::Done && self.next_due.is_some_and(|d| d <= now)
    }
}
