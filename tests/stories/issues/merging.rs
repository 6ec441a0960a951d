//! Merging keeps everything and can be undone, also when the matter that took another in was merged further.

use louyi::domain::issues::{IssueState, MergeReason};
use louyi::domain::journal::Entry;
use louyi::domain::meetings::items;
use louyi::domain::messages::{self, Voice};
use louyi::domain::reports;
use louyi::kernel::journal;

use crate::support::{Matter, Town, on_both, refusal};

/// Reports and "me too" as counted, and as they really stand.
async fn counts(town: &Town, matter: Matter) -> (i32, i32) {
    let issue = town.now(matter).await;
    let behind = reports::of_issue(town.house.read(), matter.0).await.unwrap();
    assert_eq!(issue.reports as usize, behind.len());
    assert_eq!(issue.me_too as usize, behind.iter().filter(|r| r.kind == reports::ReportKind::MeToo).count());
    (issue.reports, issue.me_too)
}

on_both! {
    async fn merged_and_parted_with_right_counts(town: Town) {
        let a = town.says("一号梯排队").by_mail("a@example.com").files().await;
        town.another_joins(a.matter).await;
        let b = town.reports("二号梯排队").await;
        town.another_joins(b.matter).await;
        town.another_joins(b.matter).await;
        town.staff.accepts(a.matter, "看到了").await.unwrap();
        town.staff.merges(a.matter, b.matter).await.unwrap();
        assert_eq!(counts(&town, b.matter).await, (5, 3));
        assert_eq!(counts(&town, a.matter).await, (0, 0));
        let merged = town.now(a.matter).await;
        assert_eq!((merged.state, merged.merged_into_id, merged.next_due), (IssueState::Merged, Some(b.matter.0), None));
        assert_eq!(town.report(&a).await.issue_id, b.matter.0);
        assert_eq!(town.report(&a).await.filed_issue_id, a.matter.0, "the number it was filed under stays known");
        let letters = town.letters("merged").await;
        assert_eq!(letters, [louyi::kernel::outbox::Address::Report(a.report)], "who came along is told");
        // Somebody joins afterwards: they belong to the matter that took it in.
        town.another_joins(b.matter).await;
        let parted = town.staff.unmerges(a.matter).await.unwrap();
        assert_eq!((parted.state, parted.merged_into_id), (IssueState::Accepted, None));
        assert_eq!(counts(&town, a.matter).await, (2, 1));
        assert_eq!(counts(&town, b.matter).await, (4, 3));
        assert_eq!(town.story(a.matter).await.last().unwrap(), "issue_unmerged");
        assert_eq!(town.story(b.matter).await.last().unwrap(), "issue_parted");
        assert_eq!(refusal(town.staff.unmerges(a.matter).await), "not_merged");
    }

    async fn a_merge_of_merges_comes_apart_in_any_order(town: Town) {
        let (a, b, c) = (town.reports("甲").await, town.reports("乙").await, town.reports("丙").await);
        town.staff.merges(a.matter, b.matter).await.unwrap();
        town.staff.merges(b.matter, c.matter).await.unwrap();
        assert_eq!(counts(&town, c.matter).await, (3, 0));
        // The inner one first.
        town.staff.unmerges(a.matter).await.unwrap();
        assert_eq!((counts(&town, a.matter).await, counts(&town, c.matter).await), ((1, 0), (2, 0)));
        town.staff.merges(a.matter, b.matter).await.expect_err("what is merged takes nothing in");
        town.staff.unmerges(b.matter).await.unwrap();
        town.staff.merges(a.matter, b.matter).await.unwrap();
        town.staff.merges(b.matter, c.matter).await.unwrap();
        // The outer one first: what had been merged into it goes along.
        town.staff.unmerges(b.matter).await.unwrap();
        assert_eq!((counts(&town, b.matter).await, counts(&town, c.matter).await), ((2, 0), (1, 0)));
        town.staff.unmerges(a.matter).await.unwrap();
        for m in [a.matter, b.matter, c.matter] {
            assert_eq!(counts(&town, m).await, (1, 0));
        }
    }

    async fn what_cannot_be_merged(town: Town) {
        let a = town.reports("甲").await;
        let b = town.reports("乙").await;
        let far = town.says("丙").at(&town.lobby_elsewhere).files().await;
        assert_eq!(refusal(town.staff.merges(a.matter, a.matter).await), "merge_self");
        assert_eq!(refusal(town.staff.merges(a.matter, far.matter).await), "merge_elsewhere");
        assert_eq!(refusal(town.representative.merges(a.matter, b.matter).await), "only_holder");
        town.staff.declines(b.matter, "repeat", "已经有同样的事项").await.unwrap();
        assert_eq!(refusal(town.staff.merges(a.matter, b.matter).await), "merge_closed");
        let (work, task) = town.a_matter_in_work().await;
        assert_eq!(refusal(town.staff.merges(work.matter, a.matter).await), "tasks_open");
        town.fitter.finishes(task.id, "已经处理好").await.unwrap();
        town.staff.merges(work.matter, a.matter).await.unwrap();
    }

    async fn the_earlier_result_and_each_first_answer_stay_owed(town: Town) {
        let a = town.says("漏水").about("util.water").files().await;
        town.lets_pass(chrono::Duration::hours(3));
        let b = town.reports("电梯排队").await;
        let (before, due) = (town.now(a.matter).await, town.now(b.matter).await);
        assert!(before.result_due < due.result_due);
        town.staff.accepts(b.matter, "收到").await.unwrap();
        town.staff.merges(a.matter, b.matter).await.unwrap();
        let into = town.now(b.matter).await;
        assert_eq!(into.result_due, before.result_due);
        assert_eq!(into.first_answer_due, before.first_answer_due, "the report that came along has had no answer yet");
    }

    async fn what_was_said_before_the_merge_is_still_read(town: Town) {
        let a = town.reports("甲").await;
        let b = town.reports("乙").await;
        town.staff.accepts(a.matter, "对甲说的话").await.unwrap();
        town.staff.accepts(b.matter, "对乙说的话").await.unwrap();
        town.staff.merges(a.matter, b.matter).await.unwrap();
        town.staff.says(b.matter, Voice::Reporters, "对大家说的话").await.unwrap();
        let read = |told: crate::support::Told| {
            let town = town.clone();
            async move {
                let issue = town.report(&told).await.issue_id;
                let all = messages::for_report(town.house.read(), issue, told.report).await.unwrap();
                all.into_iter().filter_map(|m| m.words).collect::<Vec<_>>()
            }
        };
        assert_eq!(read(a).await, ["对甲说的话", "对乙说的话", "说的是同一件事，并到一起办", "对大家说的话"]);
        assert_eq!(read(b).await, ["对乙说的话", "对大家说的话"]);
    }

    async fn why_is_asked_and_told_to_those_who_come_along(town: Town) {
        let a = town.says("门厅的灯一闪一闪").by_mail("a@example.com").files().await;
        let b = town.says("门厅太暗").by_mail("b@example.com").files().await;
        assert_eq!(refusal(town.staff.merges_because(a.matter, b.matter, "", "灯修好就亮了").await), "choose_reason");
        assert_eq!(refusal(town.staff.merges_because(a.matter, b.matter, "boring", "灯修好就亮了").await), "choose_reason");
        assert_eq!(refusal(town.staff.merges_because(a.matter, b.matter, "one_cause", "").await), "empty");
        assert_eq!(town.now(a.matter).await.state, IssueState::Received, "nothing was done");
        town.staff.merges_because(a.matter, b.matter, "one_cause", "灯修好，门厅就亮了").await.unwrap();
        let line = journal::of_issue(town.house.read(), a.matter.0).await.unwrap().pop().unwrap();
        assert!(!line.data.contains("灯修好") && line.data.contains("one_cause"), "{}", line.data);
        let Entry::IssueMerged { reason, words: Some(_), .. } = line.entry().unwrap() else { panic!("{}", line.data) };
        assert_eq!(reason, Some(MergeReason::OneCause));
        let letter = town.letter_of("merged").await;
        assert_eq!(letter.to, "a@example.com", "whoever stood there before has nothing to learn");
        assert!(letter.body.contains("是一个毛病引起的。") && letter.body.contains("写给您：\n“灯修好，门厅就亮了”"), "{}", letter.body);
        // An answer it is not: each is still owed one.
        let owed = reports::of_issue(town.house.read(), b.matter.0).await.unwrap();
        assert!(owed.iter().all(|r| r.first_answered_at.is_none()) && owed.len() == 2);
    }

    async fn what_was_said_at_each_number_is_read_at_the_last(town: Town) {
        let (a, b, c) = (town.reports("甲").await, town.reports("乙").await, town.reports("丙").await);
        town.staff.merges_because(a.matter, b.matter, "same", "甲并到乙").await.unwrap();
        town.staff.merges_because(b.matter, c.matter, "twice", "乙并到丙").await.unwrap();
        let said = messages::for_report(town.house.read(), c.matter.0, a.report).await.unwrap();
        assert_eq!(said.into_iter().filter_map(|m| m.words).collect::<Vec<_>>(), ["甲并到乙", "乙并到丙"]);
    }

    async fn lines_of_before_it_was_asked_are_still_read(town: Town) {
        let before = format!(r#"{{"act":"issue_merged","into":"{}","into_number":2,"reports":1}}"#, town.tower.id.0);
        let entry: Entry = serde_json::from_str(&before).unwrap();
        assert!(matches!(entry, Entry::IssueMerged { reason: None, words: None, .. }));
    }

    async fn what_waited_for_the_council_goes_along(town: Town) {
        let a = town.reports("甲").await;
        let b = town.reports("乙").await;
        town.secretary.nominates(a.matter).await.unwrap();
        town.staff.merges(a.matter, b.matter).await.unwrap();
        assert!(items::open_of_issue(town.house.read(), a.matter.0).await.unwrap().is_none());
        assert!(items::open_of_issue(town.house.read(), b.matter.0).await.unwrap().is_some());
    }

    async fn one_report_moves_to_where_it_belongs(town: Town) {
        let a = town.reports("电梯排队").await;
        let stray = town.says("其实是空调太冷").joins(a.matter).await;
        let b = town.says("空调太冷").about("hvac.temp").files().await;
        town.staff.moves_report(&stray, b.matter).await.unwrap();
        assert_eq!((counts(&town, a.matter).await, counts(&town, b.matter).await), ((1, 0), (2, 1)));
        for m in [a.matter, b.matter] {
            assert_eq!(town.story(m).await.last().unwrap(), "report_moved", "both stories say so");
        }
        assert_eq!(refusal(town.staff.moves_report(&stray, b.matter).await), "merge_closed");
        assert_eq!(refusal(town.representative.moves_report(&stray, a.matter).await), "only_holder");
    }
}
