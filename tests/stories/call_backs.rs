//! Silence is no yes: each week a few of the matters that silence closed are drawn, so that anybody can draw them again, and
//! the secretary finds out.

use chrono::Duration;
use louyi::domain::call_backs::{self, CallResult, Found, Reached};
use louyi::domain::issues::{self, IssueState};
use louyi::domain::journal::Entry;
use louyi::kernel::error::Result;
use louyi::kernel::outbox::Address;
use rocket::http::Status;

use crate::support::town::house;
use crate::support::{Matter, Town, Who, on_both, refusal};

/// So many matters that silence closed, in one week.
async fn silence_closes(town: &Town, n: usize) -> Vec<Matter> {
    let mut all = vec![];
    for _ in 0..n {
        all.push(town.a_matter_done().await.matter);
    }
    town.lets_working_days_pass(5);
    town.lets_pass(Duration::hours(1));
    assert_eq!(issues::lapse_due(&town.house).await.expect("a round"), n);
    all
}

async fn next_week(town: &Town) {
    town.lets_pass(Duration::days(7));
    call_backs::draw_due(&town.house).await.expect("drawn");
}

async fn records(who: &Who, matter: Matter, reached: Reached, result: Option<CallResult>, words: &str) -> Result<issues::Issue> {
    who.does(async |act| {
        let issue = issues::hold_by_id(act, matter.0).await?;
        let call = call_backs::of_issue(act.tx(), issue.id).await?.expect("drawn");
        call.record(act, issue, reached, result, words).await
    })
    .await
}

async fn found(town: &Town) -> Found {
    Found::of(&call_backs::weeks(town.house.read(), town.tower.id, 12).await.expect("read"))
}

#[test]
fn a_tenth_but_at_least_three_and_at_most_twenty() {
    let sizes = [(0, 0), (1, 1), (2, 2), (3, 3), (30, 3), (31, 4), (100, 10), (200, 20), (5_000, 20)];
    for (closed, drawn) in sizes {
        assert_eq!(call_backs::sample_size(closed), drawn, "of {closed}");
    }
}

#[test]
fn the_order_is_a_hash_that_any_tool_makes() {
    // printf 'root\n2026-W48\nTQ-214' | sha256sum
    assert_eq!(call_backs::rank("root", "2026-W48", "TQ-214"), "27660850d30f22059e3e91c23be35c1487a9d0a69abf52d68b8f3496ebe9d15f");
}

on_both! {
    async fn drawn_once_and_so_that_anybody_draws_the_same(town: Town) {
        let closed = silence_closes(&town, 5).await;
        assert_eq!(call_backs::draw_due(&town.house).await.unwrap(), 0, "the week is not over");
        town.lets_pass(Duration::days(7));
        let folder = tempfile::tempdir().unwrap();
        let other = house(&town.url, folder.path(), town.house.now()).await;
        let drawn = futures::future::join_all([call_backs::draw_due(&town.house), call_backs::draw_due(&other)]).await;
        assert_eq!(drawn.into_iter().map(Result::unwrap).sum::<usize>(), 1, "two processes draw once");
        other.db().clone().close().await.unwrap();
        let weeks = call_backs::weeks(town.house.read(), town.tower.id, 12).await.unwrap();
        let [(week, calls)] = weeks.as_slice() else { panic!("{weeks:?}") };
        assert_eq!((week.closed, week.drawn, calls.len()), (5, 3, 3));
        let numbers: Vec<i32> = week.numbers.split(',').map(|n| n.parse().unwrap()).collect();
        let again = call_backs::draw(&week.ledger_root, &week.week, &town.tower, &numbers);
        let mut shown = vec![];
        for call in calls {
            assert!(closed.contains(&Matter(call.issue_id)));
            shown.push(town.now(Matter(call.issue_id)).await.number);
        }
        assert_eq!(shown, again);
        town.lets_pass(Duration::days(7));
        assert_eq!(call_backs::draw_due(&town.house).await.unwrap(), 0, "nothing was closed in that week");
    }

    async fn what_reporters_confirmed_is_not_drawn(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, louyi::domain::reports::Answer::Yes).await.unwrap();
        next_week(&town).await;
        assert!(call_backs::of_issue(town.house.read(), told.matter.0).await.unwrap().is_none());
    }

    async fn not_fixed_is_taken_up_again_with_priority(town: Town) {
        let all = silence_closes(&town, 3).await;
        next_week(&town).await;
        let [one, two, three] = all.as_slice() else { panic!() };
        for who in [&town.staff, &town.convenor, &town.editor] {
            assert_eq!(refusal(records(who, *one, Reached::Spoke, Some(CallResult::Fixed), "").await), "only_secretary");
        }
        assert_eq!(refusal(records(&town.secretary, *one, Reached::Spoke, None, "").await), "call_result_missing");
        let fixed = records(&town.secretary, *one, Reached::Spoke, Some(CallResult::Fixed), "不响了").await.unwrap();
        assert_eq!((fixed.state, fixed.closed_by), (IssueState::Closed, Some(issues::ClosedBy::Silence)), "asked or not, it was silence that closed it");
        records(&town.secretary, *two, Reached::Nobody, Some(CallResult::Fixed), "").await.unwrap();
        let again = records(&town.secretary, *three, Reached::Looked, Some(CallResult::NotFixed), "还在响").await.unwrap();
        assert_eq!((again.state, again.priority, again.closed_by), (IssueState::Accepted, true, None));
        assert_eq!(town.letters("called_back").await, [Address::Person(town.staff.id), Address::Person(town.colleague.id)]);
        assert!(town.story(*three).await.ends_with(&["call_back_made".into(), "issue_reopened".into()]));
        assert!(matches!(town.last(*two).await, Entry::CallBackMade { reached: Reached::Nobody, result: None, .. }));
        assert!(matches!(records(&town.secretary, *one, Reached::Nobody, None, "").await, Err(louyi::kernel::error::Error::Conflict)));
        let f = found(&town).await;
        assert_eq!(f, Found { closed: 3, drawn: 3, reached: 2, nobody: 1, fixed: 1, basically: 0, not_fixed: 1 });
    }

    async fn on_the_desk_through_the_page_and_in_public_figures(town: Town) {
        let all = silence_closes(&town, 1).await;
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        let public = "/b/tingqiao/call-backs";
        assert!(site.visitor().reads(public).await.says("还没有抽过"));
        next_week(&town).await;
        assert!(secretary.reads("/desk").await.says("回访"));
        let page = "/b/tingqiao/issues/1/call-back";
        assert!(secretary.reads(page).await.says("默认办结的，问一声"));
        let refused = secretary.fills(page, page, &[("reached", "spoke"), ("words", "他说还响")]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.fault("result").is_some() && refused.says("他说还响"), "{}", refused.text());
        secretary.does(page, page, &[("reached", "spoke"), ("result", "not_fixed"), ("words", "他说还响")]).await;
        assert_eq!(town.now(all[0]).await.state, IssueState::Accepted);
        assert!(!secretary.reads("/desk").await.says("去问"));
        assert!(secretary.reads(page).await.says("记过了"));
        assert_eq!(secretary.opens("/b/tingqiao/issues/99/call-back").await.status, Status::NotFound);
        let visitor = site.visitor();
        for path in [public, "/b/tingqiao/figures"] {
            let page = visitor.reads(path).await;
            assert!(page.says("默认办结1件，抽了1件：问到1件") && page.says("没好1件") && !page.says("他说还响"), "{path}: {}", page.text());
            assert!(!site.visitor().in_english().reads(path).await.body.contains('⟨'), "{path}");
        }
        assert!(!secretary.in_english().reads(page).await.body.contains('⟨'));
    }
}
