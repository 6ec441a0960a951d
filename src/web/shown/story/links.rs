//! What a matter has to do with others: merged and parted, split, linked, come back.

use super::{Part, Step, Teller, Way};
use crate::domain::issues::{MergeReason, SplitReason};
use crate::domain::journal::Entry;

/// The step of a line that names another matter; none for other lines.
pub(super) fn of(t: &Teller<'_>, entry: &Entry, step: &Step, by: &str) -> Option<Step> {
    let said = |mark: &'static str, key: &str, number: i32, n: i32| {
        let with = [("label", t.building.label(number)), ("n", n.to_string()), ("by", by.to_owned())];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        Some(Step { mark, head: t.say(key, &with), ways: vec![way(t, number)], ..step.clone() })
    };
    let why = |kind: &str, reason: Option<String>| reason.map(|r| t.say(&format!("{kind}_because.{r}"), &[])).into_iter();
    let because = |step: Option<Step>, kind: &str, reason: Option<String>| step.map(|s| Step { body: why(kind, reason).collect(), ..s });
    let merged = |reason: &Option<MergeReason>| reason.map(|r| r.to_string());
    let split = |reason: &Option<SplitReason>| reason.map(|r| r.to_string());
    match entry {
        Entry::IssueMerged { into_number, reports, reason, .. } => because(said("mrg", "merged", *into_number, *reports), "merged", merged(reason)),
        Entry::IssueTookIn { from_number, reports, reason, .. } => {
            let one = t.say("took_in_one", &[("label", &t.building.label(*from_number)), ("n", &reports.to_string())]);
            let body = vec![std::iter::once(one).chain(why("merged", merged(reason))).collect::<Vec<_>>().join(&t.say("gap", &[]))];
            Some(Step { mark: "mrg", head: t.say("took_in", &[("by", by)]), body, part: Part::TookIn, ..step.clone() })
        }
        Entry::IssueParted { from_number, reports, .. } => said("arrow", "parted", *from_number, *reports),
        Entry::IssueUnmerged { into_number, .. } => said("arrow", "unmerged", *into_number, 0),
        Entry::ReportMoved { from_number, to_number, .. } => {
            let with = [("from", t.building.label(*from_number)), ("to", t.building.label(*to_number))];
            Some(Step { head: t.say("report_moved", &[("from", &with[0].1), ("to", &with[1].1)]), ..step.clone() })
        }
        Entry::IssueSplit { number, moved, copied, reason, .. } => because(said("arrow", "split", *number, moved + copied), "split", split(reason)),
        Entry::IssueSplitOff { number, moved, copied, reason, .. } => {
            because(said("arrow", "split_off", *number, moved + copied), "split", split(reason))
        }
        Entry::IssueGathered { lead, .. } => said("agenda", "gathered", *lead, 0),
        Entry::TopicGathered { matters } => Some(Step { mark: "agenda", head: t.say("topic", &[("n", &matters.to_string())]), ..step.clone() }),
        Entry::IssueReturned { number, .. } => said("bad", "returned", *number, 0),
        Entry::IssueCameBack { number, .. } => said("bad", "came_back", *number, 0),
        Entry::IssueLinked { how, number, .. } => said("arrow", &format!("linked.{how}"), *number, 0),
        Entry::IssueUnlinked { number, .. } => said("wd", "unlinked", *number, 0),
        _ => None,
    }
}

fn way(t: &Teller<'_>, number: i32) -> Way {
    let label = t.building.label(number);
    Way { href: format!("/b/{}/issues/{number}", t.building.slug), word: t.say("merged_way", &[("label", &label)]) }
}
