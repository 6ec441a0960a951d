//! Verbs of matters and tasks.

use crate::commands::demo::cue::{Desk, Work};
use crate::domain::attachments;
use crate::domain::effect_checks;
use crate::domain::issues::{self, Report};
use crate::domain::meetings::items::Source;
use crate::domain::messages;
use crate::domain::reports;
use crate::domain::tasks::{self, Due, NewTask};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, TaskId};
use crate::kernel::photos::Prepared;

pub(super) async fn on_matter(act: &Act, id: IssueId, what: Desk<'_>) -> Result<()> {
    let issue = issues::hold_by_id(act, id).await?;
    match what {
        Desk::ReleaseTitle { title, summary } => issue.release(act, title, summary).await.map(drop),
        Desk::ReleaseWords { report, summary } => {
            let report = reports::by_id(act.tx(), report).await?;
            match summary {
                Some(words) => report.release_summary(act, words).await.map(drop),
                None => report.release_as_written(act).await.map(drop),
            }
        }
        Desk::ReleasePhoto(photo) => attachments::by_id(act.tx(), photo).await?.release(act, issue.building_id).await,
        Desk::Accept(answer) => issue.accept(act, answer).await.map(drop),
        Desk::Decline { reason, words } => issue.decline(act, reason, words).await.map(drop),
        Desk::Offer { to, reason, words } => issue.offer(act, to, reason, words).await.map(drop),
        Desk::TakeOver(day) => issue.take_over(act, Report { on: day, after_result: true }).await.map(drop),
        Desk::Refuse { reason, words } => issue.refuse_transfer(act, reason, words).await.map(drop),
        Desk::Shelve { plan, review_on } => issue.shelve(act, plan, review_on).await.map(drop),
        Desk::Resume => issue.resume(act).await.map(drop),
        Desk::MergeInto { other, reason, words } => {
            let into = issues::hold_by_id(act, other).await?;
            issues::merge(act, issue, into, reason, words).await.map(drop)
        }
        Desk::Reopen => issue.reopen(act).await.map(drop),
        Desk::Ask(words) => messages::ask(act, issue, words).await.map(drop),
        // Whom it names, it calls.
        Desk::Say(voice, words) if words.contains('@') => messages::send(act, issue, voice, words, false).await.map(drop),
        Desk::Say(voice, words) => messages::say(act, issue, voice, words).await.map(drop),
        Desk::Nominate => issue.nominate(act, Source::Issue).await.map(drop),
        Desk::Dispatch { to, words, days } => {
            let new = NewTask { words, measure: "", due: Due::Days(days), resolution: None, undertaking: None };
            tasks::dispatch(act, issue, to, new).await.map(drop)
        }
        Desk::Done { by, evidence } => issue.done(act, by.id, evidence).await.map(drop),
        Desk::Measure(figure) => effect_checks::measure(act, &issue, figure).await.map(drop),
        Desk::Check { check, after, words } => effect_checks::by_id(act.tx(), check).await?.make(act, issue, after, words).await.map(drop),
        Desk::Confirm => issue.confirm_by_council(act).await.map(drop),
    }
}

pub(super) async fn on_task(act: &Act, id: TaskId, what: Work<'_>, photos: Vec<Prepared>) -> Result<()> {
    let task = tasks::by_id(act.tx(), id).await?;
    let issue = issues::hold_by_id(act, task.issue_id).await?;
    match what {
        Work::Acknowledge => task.acknowledge(act, &issue).await.map(drop),
        Work::Begin => task.begin(act, &issue).await.map(drop),
        Work::StopClock(reason, words) => task.stop_clock(act, &issue, reason, words).await.map(drop),
        Work::RunClock => task.run_clock(act, &issue).await.map(drop),
        Work::Done { evidence, .. } => task.done(act, &issue, evidence, photos).await.map(drop),
        Work::SendBack(words) => task.send_back(act, &issue, words).await.map(drop),
        Work::Verify => task.verify(act, &issue).await.map(drop),
    }
}
