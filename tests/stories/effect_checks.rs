//! Effect checks: done is not yet effective; a remedy that failed goes back to the council with its history.

use chrono::Duration;
use louyi::domain::effect_checks::{self, Check, Figure, NewMeasurement, Phase, Verdict, judge};
use louyi::domain::issues::{self, ClosedBy, IssueState};
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::motions::NewMotion;
use louyi::domain::reports::Answer;
use louyi::domain::resolutions::Resolution;
use louyi::domain::tasks;
use louyi::kernel::error::Result;
use louyi::kernel::publog;

use crate::support::{Matter, Told, Town, on_both, refusal, verbs};

#[test]
fn the_verdict_follows_from_the_figures() {
    use Verdict::{Effective, Ineffective, Partly};
    // Before, target, after: the lift case in tenths of a minute, then figures that should grow.
    for (before, target, after, expected) in [
        (Some(184), 50, 139, Ineffective),
        (Some(139), 50, 46, Effective),
        (Some(139), 50, 50, Effective),
        (Some(184), 50, 117, Partly),
        (Some(184), 50, 118, Ineffective),
        (Some(184), 50, 184, Ineffective),
        (Some(184), 50, 190, Ineffective),
        (Some(184), 50, -10, Effective),
        (Some(10), 20, 20, Effective),
        (Some(10), 20, 25, Effective),
        (Some(10), 20, 15, Partly),
        (Some(10), 20, 14, Ineffective),
        (Some(10), 20, 9, Ineffective),
        (Some(10), 20, 0, Ineffective),
        (Some(5), 5, 5, Effective),
        (Some(5), 5, 6, Ineffective),
        (Some(0), 0, 0, Effective),
        (None, 50, 50, Effective),
        (None, 50, 51, Ineffective),
        (Some(i64::MAX), i64::MIN, -1, Partly),
    ] {
        assert_eq!(judge(before, target, after), expected, "{before:?} → {target}: {after}");
    }
}

async fn checks(town: &Town, matter: Matter) -> Vec<Check> {
    effect_checks::of_issue(town.house.read(), matter.0).await.unwrap()
}

async fn makes(town: &Town, check: &Check, after: i64) -> Result<Check> {
    town.secretary
        .does(async |act| {
            let issue = issues::hold_by_id(act, check.issue_id).await?;
            effect_checks::by_id(act.tx(), check.id).await?.make(act, issue, after, "早高峰计时二十人").await.map(|(c, _)| c)
        })
        .await
}

/// Decided with one undertaking of the property manager, whose task is done on the day before the matter is said to be.
async fn done_under_a_resolution(town: &Town) -> (Told, Resolution) {
    let told = town.reports("早高峰候梯太久").await;
    let r = decided(town, told.matter).await;
    let task = tasks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    town.staff.finishes(task.id, "已经调整完毕").await.unwrap();
    town.lets_pass(Duration::days(1));
    town.staff.says_done(told.matter, "措施已经落实").await.unwrap();
    (told, r)
}

async fn decided(town: &Town, matter: Matter) -> Resolution {
    let session = town.council_meets_about(matter).await;
    let due = town.house.now() + Duration::days(30);
    let u = town.secretary.asks_to_sign(session.item, &town.manager, "调整运行方案", due).await.unwrap();
    town.staff.signs(u.id).await.unwrap();
    let r = town.carries(&session, NewMotion { promise: Some(verbs::promise()), check_days: "14,42", ..verbs::motion() }).await;
    town.convenor.closes(session.meeting).await.unwrap();
    r
}

fn day(town: &Town, days: i64) -> String {
    town.house.calendar().date_of(town.house.now() + Duration::days(days)).to_string()
}

on_both! {
    async fn planned_from_the_day_of_the_last_task(town: Town) {
        let (told, r) = done_under_a_resolution(&town).await;
        let planned = checks(&town, told.matter).await;
        let rows: Vec<_> = planned.iter().map(|c| (c.planned_on.clone(), c.last, c.before_value, c.target_value, c.verdict)).collect();
        assert_eq!(rows, [(day(&town, 13), false, Some(139), Some(50), None), (day(&town, 41), true, Some(139), Some(50), None)]);
        assert!(planned.iter().all(|c| c.resolution_id == r.id && c.figure == Figure::WaitMedian && c.decimals == 1));
    }

    async fn it_stays_open_until_the_last_check_and_then_the_council_confirms(town: Town) {
        let (told, _) = done_under_a_resolution(&town).await;
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        assert_eq!(town.now(told.matter).await.state, IssueState::Done);
        town.lets_pass(Duration::days(13));
        assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 0);
        assert_eq!(refusal(town.secretary.confirms_for_the_council(told.matter).await), "check_outstanding");
        let planned = checks(&town, told.matter).await;
        assert_eq!(makes(&town, &planned[0], 70).await.unwrap().verdict, Some(Verdict::Partly));
        assert_eq!(town.now(told.matter).await.state, IssueState::Done, "partly, and not the last one");
        assert_eq!(refusal(makes(&town, &planned[0], 40).await), "check_made");
        town.lets_pass(Duration::days(28));
        let made = makes(&town, &planned[1], 46).await.unwrap();
        assert_eq!((made.verdict, made.after_value, made.checked_by), (Some(Verdict::Effective), Some(46), Some(town.secretary.id)));
        assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 0, "now it is the council's");
        let closed = town.convenor.confirms_for_the_council(told.matter).await.unwrap();
        assert_eq!((closed.state, closed.closed_by), (IssueState::Closed, Some(ClosedBy::Council)));
    }

    async fn a_check_is_public_in_the_ledger(town: Town) {
        let (told, _) = done_under_a_resolution(&town).await;
        let made = makes(&town, &checks(&town, told.matter).await[0], 46).await.unwrap();
        let entry = publog::about(town.house.read(), made.id).await.unwrap().pop().expect("an entry");
        assert_eq!(Some(entry.position), made.ledger_index);
        let facts = serde_json::from_str::<serde_json::Value>(&entry.body).unwrap()["facts"].clone();
        assert_eq!((facts["before"].as_i64(), facts["after"].as_i64(), facts["verdict"].as_str()), (Some(139), Some(46), Some("effective")));
        assert!(!entry.body.contains("早高峰计时"));
    }

    async fn a_remedy_that_failed_goes_back_to_the_council(town: Town) {
        let (told, first) = done_under_a_resolution(&town).await;
        let planned = checks(&town, told.matter).await;
        town.lets_pass(Duration::days(13));
        makes(&town, &planned[0], 139).await.unwrap();
        let issue = town.now(told.matter).await;
        assert_eq!((issue.state, issue.confirm_due), (IssueState::OnAgenda, None));
        let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("on the council's list");
        assert_eq!(item.source, Source::FailedCheck);
        assert_eq!(checks(&town, told.matter).await.len(), 1, "what was still planned falls away");
        // The second deliberation, the second remedy, and only its own checks count.
        let second = decided_again(&town, told.matter).await;
        assert_ne!(first.id, second.id);
        let task = tasks::of_resolution(town.house.read(), second.id).await.unwrap().remove(0);
        town.staff.finishes(task.id, "打卡机已经前移").await.unwrap();
        town.staff.says_done(told.matter, "打卡机已经前移").await.unwrap();
        let planned: Vec<Check> = checks(&town, told.matter).await.into_iter().filter(|c| c.verdict.is_none()).collect();
        assert_eq!(planned.len(), 2);
        makes(&town, &planned[0], 46).await.unwrap();
        makes(&town, &planned[1], 44).await.unwrap();
        town.secretary.confirms_for_the_council(told.matter).await.unwrap();
    }

    async fn partly_is_not_enough_at_the_end(town: Town) {
        let (told, _) = done_under_a_resolution(&town).await;
        let planned = checks(&town, told.matter).await;
        makes(&town, &planned[0], 46).await.unwrap();
        makes(&town, &planned[1], 90).await.unwrap();
        assert_eq!(town.now(told.matter).await.state, IssueState::OnAgenda);
        assert_eq!(refusal(town.secretary.confirms_for_the_council(told.matter).await), "no_effect_shown", "the earlier success does not count any more");
    }

    async fn contested_under_a_resolution_it_is_worked_on_and_checked_anew(town: Town) {
        let (told, _) = done_under_a_resolution(&town).await;
        let issue = town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        assert_eq!((issue.state, issue.contested), (IssueState::InWork, 1), "a planned check does not silence the reporter");
        let planned = checks(&town, told.matter).await;
        assert_eq!(refusal(makes(&town, &planned[0], 46).await), "check_state");
        town.lets_pass(Duration::days(5));
        let task = town.staff.dispatches(told.matter, &town.contractor, "再调一次").await.unwrap();
        town.fitter.finishes(task.id, "又调整了一次").await.unwrap();
        town.staff.says_done(told.matter, "又调整了一次").await.unwrap();
        assert_eq!(checks(&town, told.matter).await.len(), 2, "planned anew, not twice");
    }

    async fn contested_by_several_at_the_end_of_their_time(town: Town) {
        let (told, _) = done_under_a_resolution(&town).await;
        let other = town.another_joins(told.matter).await;
        town.holder_of(&other).answers(&other, Answer::No).await.unwrap();
        town.lets_working_days_pass(5);
        assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 1);
        assert_eq!(town.now(told.matter).await.state, IssueState::InWork);
    }

    async fn figures_are_kept_with_the_matter(town: Town) {
        let told = town.reports("早高峰候梯太久").await;
        for (value, phase) in [(184, Phase::Before), (139, Phase::AfterFailed), (46, Phase::After)] {
            town.secretary
                .gets(async |act| {
                    let issue = issues::by_id(act.tx(), told.matter.0).await?;
                    let new = NewMeasurement {
                        figure: Figure::WaitMedian,
                        label: "候梯中位数",
                        unit: "分钟",
                        decimals: 1,
                        value,
                        phase,
                        sample: Some(20),
                        source: "秘书现场计时",
                    };
                    effect_checks::measure(act, &issue, new).await
                })
                .await;
            town.lets_pass(Duration::days(30));
        }
        let kept = effect_checks::measurements(town.house.read(), told.matter.0).await.unwrap();
        assert_eq!(kept.iter().map(|m| m.value).collect::<Vec<_>>(), [184, 139, 46]);
        assert_eq!(kept[0].measured_on, "2026-11-23");
    }
}

/// The matter is before the council already: only the next meeting is needed.
async fn decided_again(town: &Town, matter: Matter) -> Resolution {
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
    let item = town.secretary.lists(meeting, matter).await.unwrap().id;
    town.secretary.calls(meeting).await.unwrap();
    town.lets_pass(Duration::days(8));
    town.convenor.opens(meeting).await.unwrap();
    let due = town.house.now() + Duration::days(30);
    let u = town.secretary.asks_to_sign(item, &town.manager, "打卡机前移", due).await.unwrap();
    town.staff.signs(u.id).await.unwrap();
    let session = verbs::Session { matter, meeting, item };
    town.carries(&session, NewMotion { promise: Some(verbs::promise()), check_days: "14,42", ..verbs::motion() }).await
}
