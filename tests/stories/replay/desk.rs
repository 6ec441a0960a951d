//! What is done to matters and tasks, on their pages.

use chrono::{DateTime, Utc};
use louyi::commands::demo::{Desk, Work};
use louyi::domain::{attachments, effect_checks, issues, reports, tasks};
use louyi::kernel::act::Actor;
use louyi::kernel::ids::{IssueId, TaskId};

use super::forms::{Fields, does};
use super::pages::Pages;

/// A whole number of the smallest unit as people write it: `184` with one decimal is `18.4`.
pub fn decimal(value: i64, decimals: i32) -> String {
    let places = decimals.unsigned_abs() as usize;
    if places == 0 {
        return value.to_string();
    }
    let digits = format!("{:0>width$}", value.abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    format!("{}{whole}.{part}", if value < 0 { "-" } else { "" })
}

impl Pages<'_> {
    pub async fn desk(&mut self, at: DateTime<Utc>, actor: &Actor, id: IssueId, what: Desk<'_>) {
        let (db, keys) = (self.house.read().clone(), self.house.keys().clone());
        let root = self.matter(id).await;
        let own = |path: &str| (format!("{root}/{path}"), format!("{root}/{path}"));
        let on = |page: &str, path: &str| (format!("{root}/{page}"), format!("{root}/{path}"));
        let text = str::to_owned;
        let ((page, action), fields): ((String, String), Fields) = match what {
            Desk::ReleaseTitle { title, summary } => (own("release"), vec![("title", text(title)), ("summary", text(summary))]),
            Desk::ReleaseWords { report, summary } => {
                let path = format!("reports/{}/release", reports::handle_of(&keys, report));
                // In the building's queue as long as it is among the first there, else on the matter's own page.
                let building = issues::by_id(&db, id).await.expect("the matter").building_id;
                let first = reports::waiting_for_release(&db, building, 20).await.expect("the queue");
                let mut way = on("release", &path);
                if first.iter().any(|r| r.id == report) {
                    way.0 = format!("{}/release", root.split("/issues/").next().expect("the building"));
                }
                match summary {
                    Some(words) => (way, vec![("how", text("summary")), ("summary", text(words))]),
                    None => (way, vec![("how", text("as_written"))]),
                }
            }
            Desk::ReleasePhoto(photo) => {
                let photo = attachments::by_id(&db, photo).await.expect("the picture");
                (on("release", &format!("photos/{}/release", &photo.hash[..12])), vec![])
            }
            Desk::Accept(answer) => (own("acceptance"), vec![("answer", text(answer))]),
            Desk::MergeInto { other, reason, words } => {
                let other = issues::by_id(&db, other).await.expect("the matter");
                (own("merge"), vec![("other", format!("TQ-{}", other.number)), ("reason", text(reason)), ("words", text(words))])
            }
            Desk::Say(voice, words) => (on("work", "messages"), vec![("voice", text(voice.as_str())), ("words", text(words))]),
            Desk::Nominate => (own("nomination"), vec![]),
            Desk::Dispatch { to, words, days } => (own("tasks"), vec![("to", to.slug.clone()), ("words", text(words)), ("days", days.to_string())]),
            Desk::Done { by, evidence } => (own("completion"), vec![("by", by.slug.clone()), ("evidence", text(evidence))]),
            Desk::Measure(m) => {
                let mut fields = vec![
                    ("figure", text(m.figure.as_str())),
                    ("label", text(m.label)),
                    ("unit", text(m.unit)),
                    ("value", decimal(m.value, m.decimals)),
                    ("phase", text(m.phase.as_str())),
                    ("source", text(m.source)),
                ];
                fields.extend(m.sample.map(|n| ("sample", n.to_string())));
                (own("figures"), fields)
            }
            Desk::Check { check, after, words } => {
                let all = effect_checks::of_issue(&db, id).await.expect("checks");
                let k = all.iter().position(|c| c.id == check).expect("planned");
                (own(&format!("checks/{}", k + 1)), vec![("after", decimal(after, all[k].decimals)), ("words", text(words))])
            }
            Desk::Confirm => (own("confirmation"), vec![]),
            Desk::Decline { .. }
            | Desk::Offer { .. }
            | Desk::TakeOver(_)
            | Desk::Refuse { .. }
            | Desk::Shelve { .. }
            | Desk::Resume
            | Desk::Reopen
            | Desk::Ask(_) => panic!("the lift case has no such step"),
        };
        does(self.at(at, actor).await, &page, &action, fields, &[]).await;
    }

    pub async fn work(&mut self, at: DateTime<Utc>, actor: &Actor, id: TaskId, what: Work<'_>) {
        let task = tasks::by_id(self.house.read(), id).await.expect("the task");
        let root = format!("{}/tasks/{}", self.matter(task.issue_id).await, task.number);
        let mut photos = vec![];
        let (page, path, fields): (&str, &str, Fields) = match what {
            Work::Acknowledge => ("", "/acknowledgement", vec![]),
            Work::Begin => ("", "/start", vec![]),
            Work::Verify => ("", "/verification", vec![]),
            Work::Done { evidence, photos: shown } => {
                photos = self.files(shown);
                ("/completion", "/completion", vec![("evidence", evidence.to_owned())])
            }
            Work::StopClock(..) | Work::RunClock | Work::SendBack(_) => panic!("the lift case has no such step"),
        };
        does(self.at(at, actor).await, &format!("{root}{page}"), &format!("{root}{path}"), fields, &photos).await;
    }
}
