//! Two who act at once: one wins, and the other is told that somebody was first.

use futures::future::join_all;
use louyi::domain::issues::{self, IssueState};
use louyi::domain::reports::Answer;
use louyi::kernel::act::Actor;

use crate::support::town::house;
use crate::support::{conflict, on_both};

on_both! {
    async fn the_second_of_two_is_told(town: Town) {
        let told = town.reports("电梯慢").await;
        // Both opened the page before either of them acted.
        let (ana, bo) = (town.now(told.matter).await, town.now(told.matter).await);
        town.staff.does(async |act| ana.accept(act, "我来处理").await).await.unwrap();
        let second = town.colleague.does(async |act| bo.decline(act, "out_of_scope", "这不归我们管").await).await;
        assert!(conflict(&second));
        let issue = town.now(told.matter).await;
        assert_eq!(issue.state, IssueState::Accepted);
        assert_eq!(town.story(told.matter).await, ["issue_received", "report_received", "issue_accepted", "message_sent", "first_answered"]);
    }

    async fn a_form_made_from_an_older_version_is_stale(town: Town) {
        let told = town.reports("电梯慢").await;
        let version = town.now(told.matter).await.version;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        assert!(conflict(&town.now(told.matter).await.unchanged_since(version)));
        assert!(town.now(told.matter).await.unchanged_since(version + 2).is_ok(), "accepting and answering were two changes");
    }

    async fn truly_at_once_from_two_processes(town: Town) {
        let told = town.reports("电梯慢").await;
        let folder = tempfile::tempdir().unwrap();
        let (here, there) = (town.house.clone(), house(&town.url, folder.path(), town.house.now()).await);
        let read = issues::by_id(here.read(), told.matter.0).await.unwrap();
        let outcomes = join_all([(&here, &town.staff), (&there, &town.colleague)].map(|(house, who)| {
            let read = read.clone();
            async move {
                let act = house.act(who.actor.clone()).await?;
                let issue = read.accept(&act, "").await?;
                act.commit().await?;
                Ok::<_, louyi::kernel::error::Error>(issue)
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|o| conflict(o)).count(), 1, "{outcomes:?}");
        assert_eq!(town.story(told.matter).await.iter().filter(|a| *a == "issue_accepted").count(), 1);
        there.db().clone().close().await.unwrap();
    }

    async fn many_report_at_once_and_each_has_its_own_number(town: Town) {
        let filed = join_all((0..12).map(|n| { let town = town.clone(); async move { town.says(&format!("第{n}个人")).files().await } })).await;
        let mut numbers = vec![];
        for told in &filed {
            numbers.push(town.now(told.matter).await.number);
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    }

    async fn many_join_at_once_and_all_are_counted(town: Town) {
        let first = town.reports("电梯排队").await;
        let joined = join_all((0..12).map(|_| { let town = town.clone(); async move { town.says("").says_me_too(first.matter).await } })).await;
        assert!(joined.iter().all(Result::is_ok), "nobody in the lift lobby is told to try again");
        let issue = town.now(first.matter).await;
        assert_eq!((issue.reports, issue.me_too), (13, 12));
    }

    async fn two_who_answer_at_once_see_each_other(town: Town) {
        let told = town.a_matter_done().await;
        let other = town.another_joins(told.matter).await;
        let answered = join_all([(&told, Answer::Yes), (&other, Answer::Yes)].map(|(t, a)| {
            let who = town.holder_of(t);
            async move { who.answers(t, a).await }
        }))
        .await;
        assert!(answered.iter().all(Result::is_ok), "{answered:?}");
        assert_eq!(town.now(told.matter).await.state, IssueState::Closed, "the second answer settled it");
    }

    async fn what_is_not_committed_never_was(town: Town) {
        let told = town.reports("电梯慢").await;
        let act = town.house.act(Actor::System).await.unwrap();
        issues::by_id(act.tx(), told.matter.0).await.unwrap().accept(&act, "收到").await.unwrap();
        drop(act);
        assert_eq!(town.now(told.matter).await.state, IssueState::Received);
        assert_eq!(town.story(told.matter).await.len(), 2);
        assert!(town.letters("message").await.is_empty());
    }
}
