//! The first answer is owed to each report, also to the 174th of a matter; what is due next follows from it.

use louyi::domain::issues::IssueState;
use louyi::domain::messages::Voice;

use crate::support::{on_both, shanghai};

on_both! {
    async fn each_report_is_owed_its_own_first_answer(town: Town) {
        let first = town.reports("电梯排队").await;
        town.staff.accepts(first.matter, "已在协调").await.unwrap();
        assert_eq!(town.now(first.matter).await.first_answer_due, None);
        town.it_is("2026-11-26 10:00");
        let second = town.another_joins(first.matter).await;
        assert_eq!(town.now(first.matter).await.first_answer_due, Some(shanghai("2026-11-28 00:00")), "owed anew, to the new one");
        town.it_is("2026-11-27 10:00");
        let third = town.another_joins(first.matter).await;
        assert_eq!(town.now(first.matter).await.first_answer_due, Some(shanghai("2026-11-28 00:00")), "the earliest counts");
        assert!(town.report(&first).await.first_answered_at.is_some());
        assert!(town.report(&second).await.first_answered_at.is_none());
        // A word between the parties answers nobody.
        town.staff.says(first.matter, Voice::Parties, "请提供班次").await.unwrap();
        assert!(town.report(&third).await.first_answered_at.is_none());
        town.staff.says(first.matter, Voice::Reporters, "周三与企业碰头").await.unwrap();
        for told in [&second, &third] {
            assert_eq!(town.report(told).await.first_answered_at, Some(town.house.now()));
        }
        assert_eq!(town.now(first.matter).await.first_answer_due, None);
    }

    async fn a_withdrawn_report_is_owed_nothing(town: Town) {
        let first = town.reports("电梯排队").await;
        town.it_is("2026-11-24 10:00");
        let second = town.another_joins(first.matter).await;
        let issue = town.holder_of(&first).withdraws(&first).await.unwrap();
        assert_eq!((issue.state, issue.reports, issue.me_too), (IssueState::Received, 1, 1));
        assert_eq!(issue.first_answer_due, Some(shanghai("2026-11-26 00:00")), "what is owed is owed to the other");
        let issue = town.holder_of(&second).withdraws(&second).await.unwrap();
        assert_eq!((issue.state, issue.reports), (IssueState::Withdrawn, 0), "it goes with its only reporter");
        assert_eq!((issue.first_answer_due, issue.next_due), (None, None));
    }

    async fn work_under_way_stays_when_the_reporter_goes(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let issue = town.holder_of(&told).withdraws(&told).await.unwrap();
        assert_eq!((issue.state, issue.reports), (IssueState::InWork, 0));
    }

    async fn what_is_due_next_is_the_desks_order(town: Town) {
        let told = town.reports("电梯排队").await;
        let issue = town.now(told.matter).await;
        assert_eq!(issue.next_due, issue.first_answer_due);
        let issue = town.staff.accepts(told.matter, "收到").await.unwrap();
        assert_eq!(issue.next_due, issue.result_due, "after the answer, the result");
        assert!(!issue.late(town.house.now()));
        assert!(issue.late(issue.result_due.unwrap()), "late from the first instant after the last day");
        town.secretary.nominates(told.matter).await.unwrap();
        let meeting = town.secretary.drafts_meeting(&town, 8).await.unwrap();
        town.secretary.lists(meeting.id, told.matter).await.unwrap();
        assert_eq!(town.now(told.matter).await.next_due, None, "while the council deliberates only answers are owed");
        town.another_joins(told.matter).await;
        let issue = town.now(told.matter).await;
        assert_eq!(issue.next_due, issue.first_answer_due);
        assert!(issue.next_due.is_some());
    }

    async fn done_asks_the_reporters_for_five_working_days(town: Town) {
        let told = town.a_matter_done().await;
        let issue = town.now(told.matter).await;
        assert_eq!(issue.confirm_due, Some(shanghai("2026-12-01 00:00")));
        assert_eq!((issue.next_due, issue.done_by_id), (issue.confirm_due, Some(town.manager.id)));
        assert!(!issue.late(issue.confirm_due.unwrap()), "a time for confirming that lapses is nobody's delay");
    }
}
