//! What is told, when, to whom, and what never is.

use louyi::domain::reports::MayKnow;
use rocket::tokio;

use super::{by, follows, link, mails, narrow, posting, round, rows};
use crate::support::on_both;
use crate::support::smtp::Sink;

const LIN: &str = "lin@example.org";
const CANARY: &str = "金丝雀在三十六层唱歌";

on_both! {
    /// Monday's news come on Tuesday morning in one letter, once, whoever sends; without news there is none.
    async fn one_letter_a_day_and_never_two(town: Town) {
        let sink = Sink::start().await;
        let (house, other) = (posting(&town, &sink).await, posting(&town, &sink).await);
        let site = town.site().await;
        let told = town.says(CANARY).files().await;
        follows(&site, &house, &sink, "/b/tingqiao/follow?issue=1", LIN, "daily").await;
        let asked = mails(&sink, LIN).len();
        town.lets_pass(chrono::Duration::minutes(30));
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        town.secretary.releases(told.matter, "早上等电梯要二十分钟", "").await.expect("released");
        assert_eq!(by(&house, &sink, "2026-11-23 20:00", LIN).await.len(), asked, "nothing on the same day");
        assert_eq!(by(&house, &sink, "2026-11-24 08:29", LIN).await.len(), asked, "nothing before half past eight");
        town.it_is("2026-11-24 08:31");
        let (a, b) = tokio::join!(louyi::jobs::round(&house), louyi::jobs::round(&other));
        a.expect("a round");
        b.expect("a round");
        let all = mails(&sink, LIN);
        assert_eq!(all.len(), asked + 1, "once, by two processes");
        let mail = &all[asked];
        let body = mail.body();
        assert_eq!(mail.header("Subject").as_deref(), Some("1件有新进展：TQ-1 早上等电梯要二十分钟"));
        assert!(body.contains("TQ-1 早上等电梯要二十分钟") && body.contains("东电梯厅，已受理"), "{body}");
        assert!(body.contains("11月23日 汀桥物业受理，说好") && body.contains("https://louyi.example/b/tingqiao/issues/1"), "{body}");
        assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        assert!(mail.header("List-Unsubscribe").is_some_and(|h| h.ends_with("/unsubscribe>")), "{}", mail.source);
        assert_eq!(by(&house, &sink, "2026-11-24 15:00", LIN).await.len(), asked + 1, "not again in the afternoon");
        assert_eq!(by(&house, &sink, "2026-11-25 09:00", LIN).await.len(), asked + 1, "nothing new, no letter");
        town.it_is("2026-11-27 15:00");
        town.staff.dispatches(told.matter, &town.contractor, "把门机修好").await.expect("dispatched");
        assert_eq!(by(&house, &sink, "2026-11-28 09:00", LIN).await.len(), asked + 1, "Saturday is nobody's working day");
        let all = by(&house, &sink, "2026-11-30 08:45", LIN).await;
        assert!(all.len() == asked + 2 && all[asked + 1].body().contains("派给恒升电梯"), "{}", all[asked + 1].body());
    }

    /// Rounds of a plan are no news of a building; what is found at one is.
    async fn what_comes_from_a_plan_is_no_news(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        follows(&site, &house, &sink, "/b/tingqiao/follow", LIN, "at_once").await;
        let asked = mails(&sink, LIN).len();
        let (_, _, task) = crate::maintenance::a_round(&town).await;
        town.fitter.on_task(task.id, async |act, t, i| t.acknowledge(act, i).await).await.expect("taken on");
        assert_eq!(by(&house, &sink, "2026-11-23 12:01", LIN).await.len(), asked);
        let category = louyi::domain::categories::named("env.waste").expect("a kind");
        town.fitter
            .on_task(task.id, async |act, t, i| t.found(act, i, louyi::domain::tasks::Finding { place: &town.gate, category, words: CANARY, photos: vec![] }).await)
            .await
            .expect("found");
        let all = by(&house, &sink, "2026-11-23 14:01", LIN).await;
        assert!(all.len() == asked + 1 && all[asked].body().contains("干活的人发现的"), "{:?}", all.last().map(|m| m.body()));
        assert!(!all[asked].source.contains(CANARY) && !all[asked].body().contains("东区电梯保养"));
    }

    /// At once means minutes; what a reporter does waits until nobody can read the minute off the letter.
    async fn at_once_without_saying_when_somebody_reported(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        follows(&site, &house, &sink, "/b/tingqiao/follow", LIN, "at_once").await;
        let asked = mails(&sink, LIN).len();
        town.it_is("2026-11-23 10:05");
        let told = town.says(CANARY).files().await;
        assert_eq!(by(&house, &sink, "2026-11-23 10:58", LIN).await.len(), asked, "the hour is not over");
        let all = by(&house, &sink, "2026-11-23 11:01", LIN).await;
        assert!(all.len() == asked + 1 && all[asked].body().contains("有人报来"), "{:?}", all.last());
        assert_eq!(all[asked].header("Subject").as_deref(), Some("有新进展：TQ-1 候梯太久"));
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        assert_eq!(by(&house, &sink, "2026-11-23 11:01", LIN).await.len(), asked + 1);
        let all = by(&house, &sink, "2026-11-23 11:03", LIN).await;
        assert!(all.len() == asked + 2 && all[asked + 1].body().contains("汀桥物业受理"), "two minutes later");
        round(&house).await;
        assert_eq!(mails(&sink, LIN).len(), asked + 2);
    }

    /// An announcement is news to who follows the building, its place or its kind of trouble, and to nobody else.
    async fn what_is_announced_is_told_to_those_whom_it_touches(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let told = town.says(CANARY).files().await;
        let follow = "/b/tingqiao/follow";
        for (query, mail, pace) in [
            ("", LIN, "at_once"),
            ("?place=S1E", "wu@example.org", "at_once"),
            ("?place=S18", "floor18@example.org", "at_once"),
            ("?category=lift.queue", "queue@example.org", "daily"),
            ("?category=hvac.temp", "cold@example.org", "daily"),
            ("?issue=1", "one@example.org", "at_once"),
        ] {
            follows(&site, &house, &sink, &format!("{follow}{query}"), mail, pace).await;
        }
        let asked = sink.mails().len();
        town.it_is("2026-11-23 10:00");
        let staff = site.signed_in(&town.staff).await;
        let fields = [
            ("title", "3号梯保养，停用"),
            ("words", "请走西厅。"),
            ("category", "lift.fault"),
            ("place", "S1E"),
            ("starts", "2026-11-28T09:00"),
            ("ends", "2026-11-28T12:00"),
        ];
        let (new, all, one) = ("/b/tingqiao/announcements/new", "/b/tingqiao/announcements", "/b/tingqiao/announcements/1");
        staff.does(new, all, &fields).await;
        let letter = by(&house, &sink, "2026-11-23 10:02", LIN).await.pop().expect("a letter");
        assert_eq!(letter.header("Subject").as_deref(), Some("有新进展：公告：3号梯保养，停用"));
        let body = letter.body();
        assert!(body.contains("11月28日 周六 09:00–12:00，南座1F东电梯厅") && body.contains("请走西厅。"), "{body}");
        assert!(body.contains("汀桥物业发的公告") && body.contains("https://louyi.example/b/tingqiao/announcements/1"), "{body}");
        assert_eq!(mails(&sink, "wu@example.org").len(), 2, "who follows the place");
        assert_eq!(sink.mails().len(), asked + 2, "nobody else, and the daily one not yet");
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        staff.does(&format!("{one}/edit"), one, &[("ends", "2026-11-28T16:00")]).await;
        let digest = by(&house, &sink, "2026-11-24 08:31", "queue@example.org").await.pop().expect("a letter");
        let body = digest.body();
        let (at, matter) = (body.find("3号梯保养").expect("told"), body.find("TQ-1").expect("told"));
        assert!(at < matter && body.contains("09:00–16:00") && body.contains("汀桥物业改过"), "what will not work comes first: {body}");
        staff.does(one, &format!("{one}/ending"), &[]).await;
        let off = by(&house, &sink, "2026-11-24 08:40", LIN).await.pop().expect("a letter");
        assert!(off.body().contains("撤下，不做了"), "{}", off.body());
        assert_eq!(mails(&sink, "floor18@example.org").len(), 1, "another place");
        assert_eq!(mails(&sink, "cold@example.org").len(), 1, "another kind of trouble");
    }

    /// A place is followed with what is in it, a category wherever it is; other matters are no news.
    async fn a_place_and_a_category(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        follows(&site, &house, &sink, "/b/tingqiao/follow?place=S1E", LIN, "at_once").await;
        follows(&site, &house, &sink, "/b/tingqiao/follow?category=lift.queue", "wu@example.org", "at_once").await;
        follows(&site, &house, &sink, "/b/yuntai/follow", "far@example.org", "at_once").await;
        let asked = sink.mails().len();
        assert_eq!(asked, 3);
        let here = town.says("排到门外").files().await;
        let gate = town.says("闸机慢").at(&town.gate).files().await;
        town.it_is("2026-11-23 10:30");
        round(&house).await;
        let body = |to: &str| mails(&sink, to).last().map(|m| m.body()).unwrap_or_default();
        assert!(body(LIN).contains("TQ-1") && !body(LIN).contains("TQ-2"), "{}", body(LIN));
        assert!(body("wu@example.org").contains("TQ-1") && body("wu@example.org").contains("TQ-2"), "{}", body("wu@example.org"));
        assert_eq!(mails(&sink, "far@example.org").len(), 1, "another tower");
        assert_ne!(here.matter, gate.matter);
    }

    /// Whoever followed a matter that went into another one is told how that goes on.
    async fn a_merged_matter_keeps_its_followers(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let (one, two) = (town.says("排到门外").files().await, town.says("又排队").files().await);
        town.staff.accepts(one.matter, "马上看").await.expect("accepted");
        follows(&site, &house, &sink, "/b/tingqiao/follow?issue=2", LIN, "at_once").await;
        town.it_is("2026-11-23 10:05");
        town.staff.merges(two.matter, one.matter).await.expect("merged");
        let all = by(&house, &sink, "2026-11-23 10:10", LIN).await;
        assert!(all.last().is_some_and(|m| m.body().contains("并入TQ-1")), "{:?}", all.last());
        town.staff.dispatches(one.matter, &town.contractor, "修门机").await.expect("dispatched");
        let all = by(&house, &sink, "2026-11-23 10:20", LIN).await;
        assert!(all.last().is_some_and(|m| m.body().contains("TQ-1") && m.body().contains("派给恒升电梯")), "{:?}", all.last());
    }

    /// Somebody who must stay unknown is in no letter to those who follow: no word, no name, no room of a single unit.
    async fn no_letter_says_more_than_its_reader_may_know(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        follows(&site, &house, &sink, "/b/tingqiao/follow", LIN, "at_once").await;
        let english = site.visitor().in_english();
        english.does("/b/tingqiao/follow", "/b/tingqiao/follow", &[("email", "ann@example.org"), ("pace", "at_once")]).await;
        round(&house).await;
        let own = link(&mails(&sink, "ann@example.org")[0]);
        english.does(&own, &own, &[]).await;
        let told = town
            .says(CANARY)
            .at(&town.unit)
            .named("林晓棠", "13800000000")
            .by_mail("self@example.org")
            .may_be_known_to(MayKnow::Nobody)
            .files()
            .await;
        town.staff.accepts(told.matter, "金丝雀收到").await.expect("accepted");
        town.staff.asks(told.matter, "金丝雀在几层").await.expect("asked");
        let task = town.staff.dispatches(told.matter, &town.contractor, "捉金丝雀").await.expect("dispatched");
        town.fitter.finishes(task.id, "金丝雀飞了").await.expect("done");
        town.staff.says_done(told.matter, "金丝雀不在了").await.expect("said done");
        town.it_is("2026-11-23 12:30");
        round(&house).await;
        for (to, sentence, stands) in [(LIN, "汀桥物业说办好了", "已办待确认"), ("ann@example.org", "tq-property says it is done", "done, to be confirmed")] {
            let mail = mails(&sink, to).pop().expect("a letter");
            assert!(mail.body().contains(sentence) && mail.body().contains(stands), "{}", mail.body());
            for secret in ["金丝雀", "林晓棠", "13800000000", "1801", "self@example.org", "09:12", &told.receipt] {
                assert!(!mail.body().contains(secret) && !mail.header("Subject").is_some_and(|s| s.contains(secret)), "{secret}: {}", mail.body());
            }
        }
        assert_eq!(mails(&sink, "ann@example.org").pop().and_then(|m| m.header("Content-Language")).as_deref(), Some("en"));
        for table in ["journal", "ledger_entries", "outbox", "kept_mails"] {
            assert!(!town.rows_of(table).await.contains("example.org"), "an address stands in {table}");
        }
        assert_eq!(rows(&town).await, 2);
    }

    /// News to all who follow leave room: who wants to sign in is not the ten-thousandth in line. What is more comes later, once.
    async fn nobody_waits_behind_a_crowd(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let told = town.says(CANARY).files().await;
        for n in 0..10 {
            follows(&site, &house, &sink, "/b/tingqiao/follow?issue=1", &format!("follower{n}@example.org"), "at_once").await;
        }
        town.it_is("2026-11-23 11:00");
        round(&house).await;
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        town.it_is("2026-11-23 11:03");
        let before = sink.mails().len();
        let few = narrow(&town, &sink, 4).await;
        round(&few).await;
        let came = || sink.mails().into_iter().skip(before).flat_map(|m| m.to).collect::<Vec<_>>();
        let news = || came().iter().filter(|to| to.starts_with("follower")).count();
        assert_eq!(news(), 3, "{:?}", came());
        town.administrator
            .gets(async |act| {
                let person = louyi::domain::persons::by_id(act.tx(), town.secretary.id).await?;
                louyi::domain::sessions::mail_link(act, &person, None).await
            })
            .await;
        round(&few).await;
        assert!(came().contains(&"secretary@louyi.example".to_owned()), "{:?}", came());
        for _ in 0..4 {
            town.lets_pass(chrono::Duration::minutes(1));
            round(&few).await;
        }
        let mut all: Vec<String> = came().into_iter().filter(|to| to.starts_with("follower")).collect();
        all.sort();
        let n = all.len();
        all.dedup();
        assert_eq!((n, all.len()), (10, 10), "each once, and nothing lost");
    }
}
