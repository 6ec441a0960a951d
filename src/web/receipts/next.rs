//! Whose turn it is, by when, and why just then.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::categories::{self, Limit};
use crate::domain::issues::IssueState;
use crate::domain::tasks::Task;
use crate::domain::times::History;
use crate::web::dates;
use crate::web::guards::Holder;
use crate::web::shown::clock::{self, Clock, Count};
use crate::web::shown::matter::Matter;

/// The next step.
#[derive(Serialize)]
pub struct Next {
    /// Whose turn it is.
    who: String,
    /// What they owe.
    what: String,
    /// By when, where there is a date.
    clock: Option<Clock>,
    /// Why just then.
    why: Option<String>,
    /// Day by day.
    count: Option<Count>,
    /// It is the reporter's own turn.
    yours: bool,
}

impl Next {
    fn of(who: String, what: String) -> Self {
        Self { who, what, clock: None, why: None, count: None, yours: false }
    }

    fn until(mut self, holder: &Holder<'_>, start: DateTime<Utc>, end: Option<DateTime<Utc>>) -> Self {
        let calendar = holder.house.calendar();
        self.clock = end.map(|end| clock::of(start, end, &[], holder.house.now(), &calendar, holder.lang));
        self
    }

    /// Says how the date came about, where the limit of today's categories still explains it.
    fn because(mut self, holder: &Holder<'_>, limit: Option<Limit>, start: DateTime<Utc>, end: Option<DateTime<Utc>>) -> Self {
        let (calendar, lang) = (holder.house.calendar(), holder.lang);
        let Some(limit) = limit.filter(|l| Some(l.from(start, &calendar).at) == end) else { return self };
        let (key, n) = match limit {
            Limit::Hours(0) => ("now", 0),
            Limit::Hours(n) => ("hours", n),
            Limit::WorkingDays(n) => ("working_days", n),
            Limit::Days(n) => ("days", n),
        };
        self.why = Some(lang.say(&format!("receipts.why.{key}"), &[("n", &n.to_string())]));
        if let Limit::WorkingDays(n) = limit {
            self.count = Some(clock::explain(start, n, &[], holder.house.now(), &calendar, lang));
        }
        self
    }
}

/// Looks at the report and its matter; nothing where nobody owes anything any more.
pub fn of(holder: &Holder<'_>, m: &Matter, question: bool, times: &History) -> Option<Next> {
    let (lang, issue, report) = (holder.lang, &holder.issue, &holder.report);
    let t = |key: &str| lang.t(&format!("receipts.next.{key}"));
    if report.withdrawn_at.is_some() || !issue.state.is_open() {
        return None;
    }
    let by = m.name(issue.holder_id, lang);
    let yours = |what: &str| Next { yours: true, ..Next::of(t("you"), t(what)) };
    if issue.state == IssueState::Done {
        let since = issue.done_at.unwrap_or(issue.moved_at);
        let next = if report.answer.is_some() { Next::of(t("others"), t("others_answer")) } else { yours("confirm") };
        return Some(next.until(holder, since, issue.confirm_due));
    }
    if question {
        return Some(yours("answer"));
    }
    if report.first_answered_at.is_none() {
        let (start, end) = (report.created_at, Some(report.first_answer_due));
        let limit = categories::find(&report.category).map(|c| times.owed(report.created_at, c).first);
        let next = Next::of(by, t("first_answer")).because(holder, limit, start, end);
        return Some(if limit == Some(Limit::Hours(0)) { next } else { next.until(holder, start, end) });
    }
    Some(match issue.state {
        IssueState::OnAgenda => {
            let coming = m.meetings.iter().find(|x| x.starts_at > holder.house.now());
            let at = coming.map(|x| dates::moment(x.starts_at, holder.house.now(), lang));
            let what = at.map_or_else(|| t("council"), |at| lang.say("receipts.next.council_at", &[("at", &at)]));
            Next::of(t("the_council"), what)
        }
        IssueState::Decided => match m.tasks.iter().filter(|x| x.state.is_open()).min_by_key(|x| x.due_at) {
            Some(task) => Next::of(m.name(Some(task.organisation_id), lang), t("task")).until(holder, began(task), Some(task.due_at)),
            None => Next::of(t("the_council"), t("check")),
        },
        IssueState::LongTerm => {
            let day = issue.review_on.as_deref().and_then(dates::parse);
            let day = day.map(|d| dates::short(d, dates::local(holder.house.now()).date(), lang)).unwrap_or_default();
            Next::of(by, lang.say("receipts.next.review", &[("day", &day)]))
        }
        _ => {
            let limit = categories::find(&issue.category).map(|c| times.owed(issue.received_at, c).result);
            let (start, end) = (issue.received_at, issue.result_due);
            Next::of(by, t("result")).until(holder, start, end).because(holder, limit, start, end)
        }
    })
}

fn began(task: &Task) -> DateTime<Utc> {
    task.dispatched_at
}
