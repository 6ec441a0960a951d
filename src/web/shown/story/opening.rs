//! The first step, which counts what no story tells one by one: the reports.

use super::{Part, Step, Teller, Way};
use crate::domain::issues::{ClosedBy, Origin};
use crate::domain::journal::{Entry, Reader};
use crate::domain::reports::Release;
use crate::web::dates;

/// Quotations beside the first step; the others stand below on the page.
const QUOTES: usize = 3;

/// `498份报事，说的是同一件事`.
pub(super) fn reports(t: &Teller<'_>) -> Step {
    let issue = &t.m.issue;
    let n = issue.reports.to_string();
    let many = issue.reports > 1;
    // Public times of reports say the hour, no more.
    let first = match t.reader {
        Reader::Public | Reader::Reporter => dates::rounded(issue.received_at),
        Reader::Party | Reader::Secretary => issue.received_at,
    };
    let day = t.day(first);
    if issue.origin != Origin::Report && issue.reports == 0 {
        return unasked(t, day);
    }
    let mut body = vec![];
    if many {
        if t.m.units > 0 {
            body.push(t.say("reports.units", &[("n", &t.m.units.to_string())]));
        }
        body.push(t.say("reports.first", &[("at", &dates::moment(first, t.now, t.lang))]));
        if issue.me_too > 0 {
            body.push(t.say("reports.me_too", &[("n", &issue.me_too.to_string())]));
        }
    } else if issue.import_id.is_some() {
        body.push(t.say("reports.imported_at", &[("day", &day)]));
        if let Some(at) = issue.closed_at.filter(|_| issue.closed_by == Some(ClosedBy::Import)) {
            body.push(t.say("reports.imported_over", &[("day", &t.day(at))]));
        }
    } else {
        body.push(t.say("reports.at", &[("at", &dates::moment(first, t.now, t.lang))]));
    }
    if t.m.represented > 0 {
        body.push(t.say("reports.represented", &[("n", &t.m.represented.to_string())]));
    }
    let erased = t.m.voices.iter().filter(|v| v.erased_at.is_some()).count();
    if erased > 0 {
        body.push(t.say("reports.erased", &[("n", &erased.to_string())]));
    }
    let quotes = t.m.voices.iter().filter(|v| v.release == Release::AsWritten).filter_map(|v| v.public_words.clone()).take(QUOTES).collect();
    let summaries = t.m.voices.iter().filter(|v| v.release == Release::Summary).filter_map(|v| v.public_words.as_deref()).take(QUOTES);
    body.extend(summaries.map(|words| t.say("reports.summary", &[("words", words)])));
    Step {
        class: "done",
        mark: "reg",
        id: Some("reports"),
        when: if many { t.say("reports.since", &[("day", &day)]) } else { day },
        head: match (many, issue.import_id) {
            (true, _) => t.say("reports.many", &[("n", &n)]),
            (false, Some(_)) => t.say("reports.imported", &[]),
            (false, None) => t.say("reports.one", &[]),
        },
        body,
        quotes,
        part: Part::Alone,
        ..Step::default()
    }
}

/// Nobody has reported it: it comes from a plan, or was found at work.
fn unasked(t: &Teller<'_>, day: String) -> Step {
    let step = Step { class: "done", mark: "reg", id: Some("reports"), when: day, part: Part::Alone, ..Step::default() };
    let came = t.m.lines.iter().find_map(|l| match &l.entry {
        Entry::RoundMade { plan, day, .. } => {
            let way = Way { href: format!("/b/{}/plans/{plan}", t.building.slug), word: t.say("reports.plan_way", &[]) };
            Some((t.say("reports.planned", &[]), t.say("reports.planned_day", &[("day", &t.kept_day(day))]), way))
        }
        Entry::IssueFound { at_number, .. } => {
            let label = t.building.label(*at_number);
            let way = Way { href: format!("/b/{}/issues/{at_number}", t.building.slug), word: t.say("merged_way", &[("label", &label)]) };
            Some((t.say("reports.found", &[]), t.say("reports.found_at", &[("label", &label)]), way))
        }
        _ => None,
    });
    let Some((head, body, way)) = came else { return step };
    Step { head, body: vec![body], ways: vec![way], ..step }
}

/// When it will be looked at again, said with the step after which it was promised.
pub(super) fn promise_check(t: &Teller<'_>, steps: &mut [Step], on: &str) {
    if let Some(last) = steps.last_mut() {
        last.body.push(t.say("check_on", &[("day", &t.kept_day(on))]));
    }
}
