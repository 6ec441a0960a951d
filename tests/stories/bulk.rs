//! Many matters at once: lived in memory, written in blocks, and the same afterwards as those that came one by one.

use chrono::Duration;
use louyi::domain::categories;
use louyi::domain::issues::bulk::{self, Begin, Ground, Life, Spoken};
use louyi::domain::issues::{self, ClosedBy, Filter, IssueState};
use louyi::domain::reports::{self, Answer, Channel, MayKnow, ReportKind};
use louyi::domain::tasks::{self, TaskVerb};
use louyi::kernel::act::{Act, Actor};
use louyi::kernel::db::execute_all;
use louyi::kernel::journal;

use crate::support::{Matter, on_both, refusal};

/// More than a search collects before it goes through the list instead.
const MANY: i32 = 1200;

fn said(words: Option<&str>) -> Spoken<'_> {
    Spoken { words, channel: Channel::Poster, may_know: MayKnow::Nobody }
}

async fn written(act: &Act, lives: Vec<Life<'_>>) {
    let indexes = bulk::make_way(act).await.expect("sets the indexes aside");
    let statements = bulk::Writer::of(act).await.expect("reads").statements(lives);
    execute_all(act.tx(), statements).await.expect("writes");
    indexes.put_back(act.tx()).await.expect("puts them back");
}

on_both! {
    async fn lives_are_kept_as_if_each_had_been_lived_here(town: Town) {
        let (calendar, keys) = (town.house.calendar(), town.house.keys().clone());
        let ground = Ground { calendar: &calendar, keys: &keys, confirm_days: 5 };
        let category = categories::find("lift.queue").expect("a category");
        let staff = &town.staff.actor;
        let before = town.reports("一件照常来的").await;
        let start = town.house.now() - Duration::days(60);
        let act = town.house.act(Actor::System).await.expect("begins");
        let first = bulk::reserve(&act, town.tower.id, MANY).await.expect("reserves");
        assert_eq!(first, 2, "numbers follow those that are taken");
        let mut lives = vec![];
        for n in 0..MANY {
            let at = start + Duration::minutes(i64::from(n));
            let begin = Begin { building: town.tower.id, number: first + n, place: &town.lobby, category, holder: town.manager.id };
            let mut life = Life::begin(&ground, at, begin, said(Some("二十分钟等不到电梯"))).expect("begins");
            if n % 3 == 0 {
                life.report(&ground, at + Duration::minutes(5), ReportKind::MeToo, said(None)).expect("joins");
                life.accept(at + Duration::hours(1), staff, "收到").expect("accepts");
                life.release(at + Duration::hours(2), &town.secretary.actor, "候梯太久").expect("releases");
                life.dispatch(&ground, at + Duration::hours(3), staff, town.manager.id, "加开一部梯", 5).expect("dispatches");
                for (k, verb) in [TaskVerb::Acknowledge, TaskVerb::Start, TaskVerb::Finish].into_iter().enumerate() {
                    life.work(at + Duration::hours(4 + k as i64), staff, verb, "开了，量过").expect("works");
                }
                life.done(&ground, at + Duration::hours(8), staff, "开了，量过").expect("is done");
                life.answer(at + Duration::hours(9), 0, Answer::Yes).expect("answers");
                let due = life.confirm_due().expect("a time");
                life.settle(due).expect("settles");
                assert_eq!(life.state(), IssueState::Closed);
                assert_eq!(refusal(life.accept(due, staff, "收到")), "issue_state", "the same states, the same refusals");
            }
            lives.push(life);
        }
        written(&act, lives).await;
        act.commit().await.expect("keeps");

        let db = town.house.read();
        let issue = issues::by_number(db, town.tower.id, first).await.expect("is there");
        assert_eq!((issue.state, issue.closed_by, issue.reports, issue.me_too), (IssueState::Closed, Some(ClosedBy::Reporter), 2, 1));
        let lines = journal::of_issue(db, issue.id).await.expect("reads");
        assert!(lines.windows(2).all(|w| w[0].at <= w[1].at), "its story is in order");
        let acts: Vec<&str> = lines.iter().map(|l| l.act.as_str()).collect();
        assert_eq!(acts[..4], ["issue_received", "report_received", "report_received", "issue_accepted"]);
        assert_eq!(acts.last(), Some(&"issue_closed"));
        let behind = reports::of_issue(db, issue.id).await.expect("reads");
        let receipt = reports::receipt_of(&keys, behind[1].id);
        assert_eq!(reports::by_receipt(db, &receipt).await.expect("is found").id, behind[1].id);
        let code = reports::code_of(&keys, behind[1].id, behind[1].code_round);
        assert_eq!(reports::by_code(db, &keys, &code).await.expect("is found").id, behind[1].id);
        assert_eq!(tasks::of_issue(db, issue.id).await.expect("reads").len(), 1);
        let found = Filter { text: Some("候梯太久".into()), states: vec![IssueState::Closed], ..Filter::default() };
        assert_eq!(issues::list(db, town.tower.id, &found, 1000).await.expect("lists").rows.len(), MANY as usize / 3);
        // And life goes on: the next number, the next joining.
        let after = town.another_joins(before.matter).await;
        assert!(!after.again);
        let next = town.reports("下一件").await;
        assert_eq!(town.now(next.matter).await.number, first + MANY);
    }

    async fn one_trouble_under_two_numbers(town: Town) {
        let (calendar, keys) = (town.house.calendar(), town.house.keys().clone());
        let ground = Ground { calendar: &calendar, keys: &keys, confirm_days: 5 };
        let category = categories::find("lift.queue").expect("a category");
        let staff = &town.staff.actor;
        let start = town.house.now() - Duration::days(3);
        let act = town.house.act(Actor::System).await.expect("begins");
        let first = bulk::reserve(&act, town.tower.id, 2).await.expect("reserves");
        let begin = |number| Begin { building: town.tower.id, number, place: &town.lobby, category, holder: town.manager.id };
        let mut into = Life::begin(&ground, start, begin(first), said(Some("等不到电梯"))).expect("begins");
        let mut from = Life::begin(&ground, start + Duration::minutes(9), begin(first + 1), said(Some("又等不到"))).expect("begins");
        from.report(&ground, start + Duration::minutes(20), ReportKind::MeToo, said(None)).expect("joins");
        into.accept(start + Duration::hours(1), staff, "收到").expect("accepts");
        from.merge_into(start + Duration::hours(2), staff, &mut into).expect("merges");
        assert_eq!(refusal(from.accept(start + Duration::hours(3), staff, "收到")), "issue_state");
        written(&act, vec![into, from]).await;
        act.commit().await.expect("keeps");
        let db = town.house.read();
        let (into, from) =
            (issues::by_number(db, town.tower.id, first).await.expect("is there"), issues::by_number(db, town.tower.id, first + 1).await.expect("is"));
        assert_eq!((from.state, from.merged_into_id, from.reports), (IssueState::Merged, Some(into.id), 0));
        assert_eq!((into.state, into.reports, into.me_too), (IssueState::Accepted, 3, 1));
        assert!(into.first_answer_due.is_some(), "those who came along wait for their first answer");
        assert_eq!(reports::of_issue(db, into.id).await.expect("reads").len(), 3);
        // It is undone as any other is.
        town.staff.unmerges(Matter(from.id)).await.expect("parts");
        assert_eq!(issues::by_number(db, town.tower.id, first + 1).await.expect("is").reports, 2);
        assert_eq!(issues::by_number(db, town.tower.id, first).await.expect("is").reports, 1);
    }
}
