//! Closing: "closed" is not "fixed". Only the reporters, the council or the lapse of the stated time close a matter.

use futures::future::join_all;
use louyi::domain::issues::{self, ClosedBy, IssueState};
use louyi::domain::journal::Entry;
use louyi::domain::reports::Answer;
use louyi::kernel::outbox::Address;

use crate::support::town::house;
use crate::support::{Matter, Told, Town, on_both, refusal, shanghai};

/// Yes, half, no, silent → what follows.
const TABLE: [(usize, usize, usize, usize, &str); 18] = [
    (1, 0, 0, 0, "reporter"),
    (0, 0, 1, 0, "contested"),
    (0, 0, 0, 1, "silence"),
    (0, 0, 0, 5, "silence"),
    (0, 1, 0, 0, "silence"),
    (0, 3, 0, 2, "silence"),
    (1, 0, 0, 9, "reporter"),
    (1, 5, 0, 0, "reporter"),
    (0, 0, 1, 9, "contested"),
    (0, 5, 1, 0, "contested"),
    (1, 0, 1, 0, "contested"),
    (1, 0, 1, 7, "contested"),
    (2, 0, 1, 0, "reporter"),
    (2, 0, 2, 3, "contested"),
    (3, 1, 2, 1, "reporter"),
    (2, 0, 3, 0, "contested"),
    (9, 0, 8, 0, "reporter"),
    (8, 9, 8, 0, "contested"),
];

#[test]
fn the_rule_as_a_table() {
    for (yes, half, no, silent, expected) in TABLE {
        let n = |x: usize| x as u64;
        let verdict = issues::Tally { yes: n(yes), half: n(half), no: n(no), silent: n(silent) }.verdict();
        let word = match verdict {
            issues::Settlement::Confirmed => "reporter",
            issues::Settlement::Contested => "contested",
            issues::Settlement::Silence => "silence",
        };
        assert_eq!(word, expected, "{yes} yes, {half} half, {no} no, {silent} silent");
    }
}

/// A matter that is done, with so many behind it.
async fn done_with(town: &Town, reporters: usize) -> (Matter, Vec<Told>) {
    let first = town.a_matter_done().await;
    let mut all = vec![first.clone()];
    for _ in 1..reporters {
        all.push(town.another_joins(first.matter).await);
    }
    (first.matter, all)
}

on_both! {
    async fn through_the_database_at_the_end_of_the_time(town: Town) {
        for (yes, half, no, silent, expected) in [(1, 0, 0, 2, "reporter"), (0, 1, 0, 1, "silence"), (1, 0, 1, 1, "contested"), (0, 0, 0, 2, "silence")] {
            let (matter, reporters) = done_with(&town, yes + half + no + silent).await;
            let answers = [(yes, Answer::Yes), (half, Answer::Half), (no, Answer::No)].into_iter().flat_map(|(n, a)| std::iter::repeat_n(a, n));
            for (told, answer) in reporters.iter().zip(answers) {
                town.holder_of(told).answers(told, answer).await.unwrap();
            }
            assert_eq!(town.now(matter).await.state, IssueState::Done, "the time runs");
            assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 0);
            town.lets_working_days_pass(5);
            assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 1);
            assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 0, "a second run finds nothing to settle");
            let issue = town.now(matter).await;
            let n = |x: usize| x as u64;
            if expected == "contested" {
                assert_eq!((issue.state, issue.priority, issue.contested, issue.confirm_due), (IssueState::InWork, true, 1, None));
                assert_eq!(town.last(matter).await, Entry::IssueContested { yes: n(yes), half: n(half), no: n(no), times: 1 });
            } else {
                let by: ClosedBy = expected.parse().unwrap();
                assert_eq!((issue.state, issue.closed_by, issue.closed_at), (IssueState::Closed, Some(by), Some(town.house.now())));
                assert_eq!(town.last(matter).await, Entry::IssueClosed { by, yes: n(yes), half: n(half), no: n(no), silent: n(silent) });
            }
        }
    }

    async fn the_only_reporter_settles_it_at_once(town: Town) {
        let told = town.a_matter_done().await;
        let issue = town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        assert_eq!((issue.state, issue.closed_by), (IssueState::Closed, Some(ClosedBy::Reporter)));
        let told = town.a_matter_done().await;
        let issue = town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        assert_eq!((issue.state, issue.priority), (IssueState::InWork, true));
        assert!(town.letters("contested").await.contains(&Address::Person(town.staff.id)));
    }

    async fn half_is_neither_and_lets_the_time_run(town: Town) {
        let told = town.a_matter_done().await;
        let issue = town.holder_of(&told).answers(&told, Answer::Half).await.unwrap();
        assert_eq!(issue.state, IssueState::Done, "nobody who answered may be called silent before the time is over");
        // And an answer can be changed until then.
        let issue = town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        assert_eq!(issue.state, IssueState::Closed);
    }

    async fn neither_early_nor_late_answers_count(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        assert_eq!(refusal(town.holder_of(&told).answers(&told, Answer::Yes).await), "not_done_yet");
        let told = town.a_matter_done().await;
        town.it_is("2026-11-30 23:59");
        let other = town.another_joins(told.matter).await;
        town.holder_of(&other).answers(&other, Answer::Yes).await.unwrap();
        town.it_is("2026-12-01 00:00");
        assert_eq!(refusal(town.holder_of(&told).answers(&told, Answer::No).await), "confirm_over");
        // However late it is settled, by the answers that were in time.
        town.it_is("2026-12-09 10:00");
        assert_eq!(issues::lapse_due(&town.house).await.unwrap(), 1);
        assert_eq!(town.now(told.matter).await.closed_by, Some(ClosedBy::Reporter));
    }

    async fn staff_cannot_close(town: Town) {
        let told = town.a_matter_done().await;
        for who in [&town.staff, &town.representative, &town.editor, &town.louyi()] {
            assert_eq!(refusal(who.confirms_for_the_council(told.matter).await), "only_council");
        }
        assert_eq!(refusal(town.secretary.confirms_for_the_council(told.matter).await), "no_effect_shown");
    }

    async fn contested_twice_the_secretary_is_told(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        assert!(!town.letters("contested").await.contains(&Address::Person(town.secretary.id)));
        town.staff.says_done(told.matter, "又修了一次，请再看").await.unwrap();
        assert_eq!(town.report(&told).await.answer, None, "a new question begins without the old answers");
        let issue = town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        assert_eq!(issue.contested, 2);
        assert!(town.letters("contested").await.contains(&Address::Person(town.secretary.id)));
    }

    async fn the_councils_rules_set_the_time(town: Town) {
        use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
        let mut rules: louyi::domain::councils::rules::ActiveModel = town.council.rules(town.house.read()).await.unwrap().into();
        rules.confirm_days = Set(7);
        rules.update(town.house.db().upkeep()).await.unwrap();
        let told = town.a_matter_done().await;
        assert_eq!(town.now(told.matter).await.confirm_due, Some(shanghai("2026-12-03 00:00")));
    }

    async fn reopened_and_its_reporters_are_told(town: Town) {
        let told = town.says("电梯又响").by_mail("w@example.com").files().await;
        town.staff.accepts(told.matter, "").await.unwrap();
        let task = town.staff.dispatches(told.matter, &town.contractor, "检查").await.unwrap();
        town.fitter.finishes(task.id, "已经修好了").await.unwrap();
        town.staff.says_done(told.matter, "已经修好了").await.unwrap();
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        assert_eq!(refusal(town.representative.reopens(told.matter).await), "only_holder");
        let issue = town.staff.reopens(told.matter).await.unwrap();
        assert_eq!((issue.state, issue.closed_by, issue.closed_at, issue.priority), (IssueState::Accepted, None, None, true));
        assert_eq!(town.letters("reopened").await, [Address::Report(told.report)]);
    }

    async fn two_processes_settle_it_once(town: Town) {
        let (matter, _) = done_with(&town, 2).await;
        town.lets_working_days_pass(5);
        let folder = tempfile::tempdir().unwrap();
        let other = house(&town.url, folder.path(), town.house.now()).await;
        let settled = join_all([issues::lapse_due(&town.house), issues::lapse_due(&other)]).await;
        assert_eq!(settled.into_iter().map(Result::unwrap).sum::<usize>(), 1);
        assert_eq!(town.story(matter).await.iter().filter(|a| *a == "issue_closed").count(), 1);
        other.db().clone().close().await.unwrap();
    }
}
