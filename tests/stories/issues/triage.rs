//! Triage: somebody becomes responsible, or says who is, or says no and names another way.

use louyi::domain::issues::{IssueState, Level};
use louyi::domain::journal::Entry;
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::messages;
use louyi::kernel::outbox::Address;

use crate::support::{on_both, refusal, shanghai};

on_both! {
    async fn a_report_opens_a_matter_with_the_next_number(town: Town) {
        let first = town.reports("南座东电梯厅排队排到门外").await;
        let second = town.says("闸机刷不开").at(&town.gate).about("access.gate").files().await;
        let other = town.says("大堂灯坏了").at(&town.lobby_elsewhere).about("biz.other").files().await;
        let (a, b, c) = (town.now(first.matter).await, town.now(second.matter).await, town.now(other.matter).await);
        assert_eq!((a.number, b.number, c.number), (1, 2, 1), "numbers count per building");
        assert_eq!(town.tower.label(b.number), "TQ-2");
        assert_eq!(a.state, IssueState::Received);
        assert_eq!(a.holder_id, Some(town.manager.id), "the property manager holds what is new");
        assert_eq!(a.first_answer_due, Some(shanghai("2026-11-25 00:00")), "one working day after the day of filing");
        assert_eq!((a.reports, a.me_too), (1, 0));
        assert_eq!(town.story(first.matter).await, ["issue_received", "report_received"]);
        assert!(town.letters("issue_received").await.contains(&Address::Person(town.staff.id)), "the desk is told");
    }

    async fn staff_accept_and_answer(town: Town) {
        let told = town.says("电梯慢").by_mail("worker@example.com").files().await;
        town.lets_pass(chrono::Duration::hours(1));
        let issue = town.staff.accepts(told.matter, "已派人到现场看").await.unwrap();
        assert_eq!((issue.state, issue.accepted_at), (IssueState::Accepted, Some(town.house.now())));
        assert_eq!(issue.first_answer_due, None, "the first answer has been given");
        assert_eq!(town.report(&told).await.first_answered_at, Some(town.house.now()));
        assert_eq!(town.letters("message").await, [Address::Report(told.report)]);
        let said = messages::for_report(town.house.read(), told.matter.0, told.report).await.unwrap();
        assert_eq!(said[0].words.as_deref(), Some("已派人到现场看"));
        assert_eq!(refusal(town.staff.accepts(told.matter, "").await), "issue_state");
    }

    async fn accepting_without_words_leaves_the_answer_owed(town: Town) {
        let told = town.reports("电梯慢").await;
        let issue = town.staff.accepts(told.matter, "  ").await.unwrap();
        assert_eq!(issue.first_answer_due, Some(shanghai("2026-11-25 00:00")));
        assert_eq!(town.report(&told).await.first_answered_at, None);
    }

    async fn only_the_holder_or_the_secretary(town: Town) {
        let told = town.reports("电梯慢").await;
        for who in [&town.representative, &town.officer, &town.staff_elsewhere, &town.fitter, &town.convenor, &town.editor, &town.visitor()] {
            assert_eq!(refusal(who.accepts(told.matter, "收到").await), "only_holder");
        }
        town.secretary.accepts(told.matter, "收到，由物业处理").await.unwrap();
    }

    async fn declined_with_a_reason_and_another_way(town: Town) {
        let told = town.reports("公司拖欠加班费").await;
        assert_eq!(refusal(town.staff.declines(told.matter, "because", "请找劳动监察").await), "choose_reason");
        assert_eq!(refusal(town.staff.declines(told.matter, "legal_channel", "不行").await), "too_short");
        let issue = town.staff.declines(told.matter, "legal_channel", "劳动报酬请拨打12333").await.unwrap();
        assert_eq!((issue.state, issue.next_due), (IssueState::Declined, None));
        assert!(town.report(&told).await.first_answered_at.is_some(), "the reason is an answer");
        let issue = town.staff.reopens(told.matter).await.unwrap();
        assert_eq!((issue.state, issue.priority, issue.closed_at), (IssueState::Accepted, true, None));
    }

    async fn offered_and_taken_with_one_responsible_at_any_time(town: Town) {
        let told = town.says("门口共享单车堆成山").about("park.bike").files().await;
        let before = town.now(told.matter).await;
        assert_eq!(refusal(town.staff.offers(told.matter, &town.manager).await), "transfer_self");
        let issue = town.staff.offers(told.matter, &town.department).await.unwrap();
        assert_eq!(issue.holder_id, Some(town.manager.id), "the giver stays responsible");
        assert_eq!(issue.offered_until, Some(shanghai("2026-11-25 00:00")));
        assert_eq!(town.letters("transfer_offered").await, [Address::Person(town.officer.id)]);
        assert_eq!(refusal(town.representative.takes_over(told.matter).await), "only_offered");
        let issue = town.officer.takes_over(told.matter).await.unwrap();
        assert_eq!((issue.holder_id, issue.offered_to_id, issue.offered_until), (Some(town.department.id), None, None));
        assert_eq!((issue.state, issue.level), (IssueState::Accepted, Level::Department));
        assert_eq!((issue.first_answer_due, issue.result_due), (before.first_answer_due, before.result_due), "no clock restarts");
        assert_eq!(refusal(town.staff.accepts(told.matter, "").await), "only_holder");
        assert_eq!(refusal(town.officer.takes_over(told.matter).await), "nothing_offered");
    }

    async fn refused_twice_it_is_on_the_councils_list(town: Town) {
        let told = town.says("外卖柜堵住通道").about("access.delivery").files().await;
        town.staff.offers(told.matter, &town.department).await.unwrap();
        let issue = town.officer.refuses_transfer(told.matter).await.unwrap();
        assert_eq!((issue.holder_id, issue.transfers_refused), (Some(town.manager.id), 1));
        assert!(items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().is_none());
        town.staff.offers(told.matter, &town.chamber).await.unwrap();
        town.chamber_officer.refuses_transfer(told.matter).await.unwrap();
        let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("on the council's list");
        assert_eq!(item.source, Source::HandedOver);
        assert_eq!(items::backlog(town.house.read(), town.council.id).await.unwrap(), [item]);
    }

    async fn the_kind_is_corrected_and_no_date_moves(town: Town) {
        let told = town.reports("闸机前人太多").await;
        let before = town.now(told.matter).await;
        assert_eq!(refusal(town.staff.recategorises(told.matter, "lift.magic").await), "unknown_category");
        let issue = town.staff.recategorises(told.matter, "access.gate").await.unwrap();
        assert_eq!(issue.category, "access.gate");
        assert_eq!((issue.first_answer_due, issue.result_due), (before.first_answer_due, before.result_due));
        assert_eq!(town.last(told.matter).await, Entry::CategoryChanged { from: "lift.queue".into(), to: "access.gate".into() });
    }

    async fn shelved_with_a_plan_and_a_day_to_look_again(town: Town) {
        let told = town.reports("车位不够").await;
        assert_eq!(refusal(town.staff.shelves(told.matter, "改造地下二层", "2027-03-01").await), "issue_state");
        town.staff.accepts(told.matter, "收到").await.unwrap();
        for (day, key) in [("soon", "date"), ("2026-11-23", "date_past"), ("2026-11-22", "date_past")] {
            assert_eq!(refusal(town.staff.shelves(told.matter, "改造地下二层", day).await), key);
        }
        let issue = town.staff.shelves(told.matter, "改造地下二层", "2027-03-01").await.unwrap();
        assert_eq!((issue.state, issue.review_on.as_deref()), (IssueState::LongTerm, Some("2027-03-01")));
        let issue = town.staff.resumes(told.matter).await.unwrap();
        assert_eq!((issue.state, issue.review_on), (IssueState::Accepted, None));
        assert_eq!(town.story(told.matter).await.last().unwrap(), "issue_resumed");
    }

    async fn shelved_late_in_the_evening_today_is_still_today(town: Town) {
        let told = town.reports("车位不够").await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        town.it_is("2026-11-24 06:30");
        assert_eq!(refusal(town.staff.shelves(told.matter, "改造地下二层", "2026-11-24").await), "date_past");
    }
}
