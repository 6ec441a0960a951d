//! Standing topics: what keeps coming back at one spot and hour, gathered, deliberated once, answered together.

use louyi::domain::meetings::items;
use louyi::domain::reports::Answer;
use louyi::domain::topics::{self, PartOfDay};
use louyi::kernel::outbox::Address;

use crate::support::{Told, Town, on_both, verbs::motion};

const PAGE: &str = "/b/tingqiao/council/topics";

/// Somebody reports a jam in the lobby at this instant, and wants to be told.
async fn a_jam(town: &Town, at: &str, who: &str) -> Told {
    town.it_is(at);
    town.says("排队排到门外").about("lift.queue").by_mail(who).files().await
}

async fn patterns(town: &Town) -> Vec<(PartOfDay, usize)> {
    let all = topics::recurring(town.house.read(), town.tower.id, town.house.now()).await.unwrap();
    all.iter().map(|r| (r.pattern.part, r.matters.len())).collect()
}

on_both! {
    async fn three_at_one_spot_and_hour_are_a_pattern(town: Town) {
        let first = a_jam(&town, "2026-11-23 08:40", "a@example.org").await;
        a_jam(&town, "2026-11-24 09:10", "b@example.org").await;
        assert_eq!(patterns(&town).await, []);
        // The same kind at noon, another kind in the morning, and what was declined are not of it.
        a_jam(&town, "2026-11-24 12:10", "c@example.org").await;
        town.it_is("2026-11-25 08:41");
        town.says("灯坏了").about("env.waste").files().await;
        assert_eq!(patterns(&town).await, []);
        let third = a_jam(&town, "2026-11-25 09:59", "d@example.org").await;
        assert_eq!(patterns(&town).await, [(PartOfDay::Morning, 3)]);
        // Merged it is one matter with the first, and no pattern any more; another one makes three again.
        town.staff.merges(third.matter, first.matter).await.unwrap();
        assert_eq!(patterns(&town).await, []);
        a_jam(&town, "2026-11-26 06:00", "e@example.org").await;
        assert_eq!(patterns(&town).await, [(PartOfDay::Morning, 3)]);
        // A year later nobody counts them any more.
        town.it_is("2027-12-01 08:00");
        assert_eq!(patterns(&town).await, []);
        assert!(town.now(first.matter).await.reports > 0);
    }

    async fn gathered_and_answered_by_one_decision(town: Town) {
        let jams = [
            a_jam(&town, "2026-11-23 08:40", "a@example.org").await,
            a_jam(&town, "2026-11-24 08:50", "b@example.org").await,
            a_jam(&town, "2026-11-25 09:10", "c@example.org").await,
        ];
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        assert!(secretary.reads("/b/tingqiao/council").await.body.contains(PAGE));
        let page = secretary.reads(PAGE).await;
        assert!(page.says("3件，3份报事，还开着3件") && page.says("早上6点到10点"), "{}", page.text());
        let to = secretary.does(PAGE, PAGE, &[]).await;
        assert_eq!(to, "/b/tingqiao/council/items/1");
        let item = items::open_of_issue(town.house.read(), jams[0].matter.0).await.unwrap().expect("the oldest leads");
        let others: Vec<_> = topics::of_item(town.house.read(), item.id).await.unwrap().iter().map(|i| i.id).collect();
        assert_eq!(others, [jams[1].matter.0, jams[2].matter.0]);
        // The item names them, each says where it has gone, and the page leads to the item.
        let item_page = secretary.reads(&to).await;
        assert!(item_page.says("这一题还包括") && item_page.body.contains("/issues/2"), "{}", item_page.text());
        let public = site.visitor().reads("/b/tingqiao/issues/2").await;
        assert!(public.says("合成一题") && public.body.contains("/b/tingqiao/issues/1"), "{}", public.text());
        let page = secretary.reads(PAGE).await;
        assert!(page.body.contains(&format!("href=\"{to}\"")) && page.form(PAGE).is_none(), "{}", page.text());
        // A fourth comes and is gathered into the same item; once more there is nothing to gather.
        let fourth = a_jam(&town, "2026-11-26 08:20", "d@example.org").await;
        let stale = secretary.reads(PAGE).await.form(PAGE).expect("a form");
        let stale: Vec<(&str, &str)> = stale.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(secretary.posts(PAGE, &stale).await.location.as_deref(), Some("/b/tingqiao/council/items/1"));
        let again = secretary.posts(PAGE, &stale).await;
        assert!(again.status.code >= 400 && again.says("都已经在这一题里了"), "{}", again.text());
        for (change, said) in [(("place", "Z99"), "地方"), (("part", "noon"), ""), (("category", "nothing"), "")] {
            let wrong: Vec<(&str, &str)> = stale.iter().map(|(n, v)| if *n == change.0 { change } else { (*n, *v) }).collect();
            let refused = secretary.posts(PAGE, &wrong).await;
            assert!((400..500).contains(&refused.status.code) && refused.says(said), "{change:?}: {} {}", refused.status, refused.text());
        }
        // One decision answers them all: the lead by its own story, the others by letter, each once.
        let session = town.council_meets_about(jams[0].matter).await;
        town.carries(&session, motion()).await;
        let mut told = town.letters("topic_decided").await;
        let reports = [jams[1].report, jams[2].report, fourth.report];
        told.retain(|a| matches!(a, Address::Report(r) if reports.contains(r)));
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(town.letters("topic_decided").await.len(), 3);
        for other in [jams[1].matter, jams[2].matter, fourth.matter] {
            assert!(town.now(other).await.state.is_open(), "each goes its own way");
        }
    }

    async fn what_is_closed_comes_along_but_does_not_lead(town: Town) {
        let jams = [
            a_jam(&town, "2026-11-23 08:40", "a@example.org").await,
            a_jam(&town, "2026-11-24 08:50", "b@example.org").await,
            a_jam(&town, "2026-11-25 09:10", "c@example.org").await,
        ];
        for jam in &jams {
            close(&town, jam).await;
        }
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        let page = secretary.reads(PAGE).await;
        assert!(page.says("都结了") && page.says("没有开着的可以领头") && page.form(PAGE).is_none(), "{}", page.text());
        let newest = a_jam(&town, "2026-12-08 08:30", "d@example.org").await;
        secretary.does(PAGE, PAGE, &[]).await;
        let item = items::open_of_issue(town.house.read(), newest.matter.0).await.unwrap().expect("the one that is open leads");
        assert_eq!(topics::of_item(town.house.read(), item.id).await.unwrap().len(), 3);
    }
}

async fn close(town: &Town, told: &Told) {
    let matter = told.matter;
    town.staff.accepts(matter, "收到").await.unwrap();
    let task = town.staff.dispatches(matter, &town.contractor, "疏导").await.unwrap();
    town.fitter.finishes(task.id, "加派了人手").await.unwrap();
    town.staff.says_done(matter, "加派了人手疏导").await.unwrap();
    town.holder_of(told).answers(told, Answer::Yes).await.unwrap();
    assert!(!town.now(matter).await.state.is_open());
}
