//! The first step, which counts what no story tells one by one: the reports.

use super::{Part, Step, Teller};
use crate::domain::issues::ClosedBy;
use crate::domain::journal::Reader;
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

/// When it will be looked at again, said with the step after which it was promised.
pub(super) fn promise_check(t: &Teller<'_>, steps: &mut [Step], on: &str) {
    if let Some(last) = steps.last_mut() {
        last.body.push(t.say("check_on", &[("day", &t.kept_day(on))]));
    }
}
