//! The outcome before the path: one sentence, in phrases that are never broken between lines.

use super::Teller;
use crate::domain::effect_checks::Verdict;
use crate::domain::issues::{ClosedBy, IssueState, Origin};
use crate::domain::journal::Entry;
use crate::web::dates;
use crate::web::shown::{charts, decimal};

/// What has come of it so far.
pub fn outcome(t: &Teller<'_>) -> Vec<String> {
    let issue = &t.m.issue;
    let by = t.name(issue.holder_id);
    let parts = |key: &str, with: &[(&str, &str)]| -> Vec<String> { t.say(&format!("outcome.{key}"), with).split('|').map(str::to_owned).collect() };
    match issue.state {
        IssueState::Closed if t.m.effective() => measured(t).unwrap_or_else(|| parts("closed_council", &[])),
        IssueState::Closed => match issue.closed_by {
            Some(ClosedBy::Council) => parts("closed_council", &[]),
            Some(ClosedBy::Import) => parts("closed_import", &[]),
            Some(ClosedBy::Silence) => parts("closed_silence", &[("by", &t.name(issue.done_by_id.or(issue.holder_id)))]),
            _ => parts("closed_reporter", &[("by", &t.name(issue.done_by_id.or(issue.holder_id)))]),
        },
        IssueState::Done if t.m.effective() => measured(t).unwrap_or_default(),
        IssueState::Done => {
            let done = t.name(issue.done_by_id.or(issue.holder_id));
            match (t.m.checks.iter().find(|c| c.verdict.is_none()), issue.confirm_due) {
                (Some(c), _) => parts("done_check", &[("by", &done), ("day", &t.kept_day(&c.planned_on))]),
                (None, Some(due)) if issue.origin == Origin::Plan => {
                    parts("round_done", &[("by", &done), ("until", &dates::until(due, t.now, t.lang))])
                }
                (None, Some(due)) => parts("done", &[("by", &done), ("until", &dates::until(due, t.now, t.lang))]),
                (None, None) => parts("done_soon", &[("by", &done)]),
            }
        }
        IssueState::Decided => {
            let title = t.m.resolutions.last().map(|r| r.title.clone()).unwrap_or_default();
            parts("decided", &[("title", &title)])
        }
        IssueState::OnAgenda => {
            let failed = t.m.last_check().is_some_and(|c| c.verdict == Some(Verdict::Ineffective) || (c.last && c.verdict == Some(Verdict::Partly)));
            let coming = t.m.meetings.iter().find(|m| m.starts_at > t.now);
            let moved = coming.is_some_and(|m| m.moved_from.is_some());
            let at = coming.map(|m| dates::moment(m.starts_at, t.now, t.lang));
            match (failed, at) {
                (true, Some(at)) => parts("again_at", &[("at", &at)]),
                (true, None) => parts("again", &[]),
                (false, Some(at)) if moved => parts("on_agenda_moved", &[("at", &at)]),
                (false, Some(at)) => parts("on_agenda_at", &[("at", &at)]),
                (false, None) => parts("on_agenda", &[]),
            }
        }
        IssueState::InWork | IssueState::Accepted => match issue.result_due {
            Some(due) if due <= t.now => parts("late", &[("by", &by), ("until", &dates::until(due, t.now, t.lang))]),
            Some(due) => parts("in_work", &[("by", &by), ("until", &dates::until(due, t.now, t.lang))]),
            None => parts("in_work_open", &[("by", &by)]),
        },
        IssueState::Received => match issue.first_answer_due {
            Some(due) if due <= t.now => parts("received_late", &[("by", &by), ("until", &dates::until(due, t.now, t.lang))]),
            Some(due) => parts("received", &[("by", &by), ("until", &dates::until(due, t.now, t.lang))]),
            None => parts("received_soon", &[("by", &by)]),
        },
        IssueState::LongTerm => {
            let day = issue.review_on.as_deref().map(|d| t.kept_day(d)).unwrap_or_default();
            parts("long_term", &[("day", &day)])
        }
        IssueState::Declined => {
            let reason =
                t.m.lines.iter().rev().find_map(|l| if let Entry::IssueDeclined { reason, .. } = &l.entry { Some(reason.clone()) } else { None });
            let why = reason.map(|r| t.say(&format!("declined_because.{r}"), &[])).unwrap_or_default();
            parts("declined", &[("by", &by), ("why", &why)])
        }
        IssueState::Merged => {
            let last = t.m.lines.iter().rev().find_map(|l| match &l.entry {
                Entry::IssueMerged { into_number, reason, .. } => Some((*into_number, *reason)),
                _ => None,
            });
            let (into, reason) = last.unwrap_or_default();
            let label = t.building.label(into);
            match reason {
                Some(r) => parts("merged_because", &[("label", &label), ("why", &t.say(&format!("merged_because.{r}"), &[]))]),
                None => parts("merged", &[("label", &label)]),
            }
        }
        IssueState::Withdrawn if issue.origin == Origin::Plan => parts("round_given_up", &[]),
        IssueState::Withdrawn => parts("withdrawn", &[]),
    }
}

/// `打卡机移到门禁之前，候梯时长从18.4分钟到4.6分钟。`
fn measured(t: &Teller<'_>) -> Option<Vec<String>> {
    let check = t.m.last_check()?;
    let title = t.m.resolutions.iter().find(|r| r.id == check.resolution_id).map(|r| r.title.clone())?;
    let (before, after) = (check.before_value?, check.after_value?);
    let with = [
        ("title", title),
        ("figure", t.lang.t(&format!("charts.figures.{}", check.figure.as_str()))),
        ("before", decimal(before, check.decimals)),
        ("after", decimal(after, check.decimals)),
        ("unit", charts::unit(&check.unit, t.lang)),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Some(t.say("outcome.measured", &with).split('|').map(str::to_owned).collect())
}
