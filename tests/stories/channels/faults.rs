//! Robots that misbehave, processes that die, clocks that are put back.

use super::*;
use crate::support::robot::Mood;
use louyi::kernel::robots::Failure;

/// Lets the house's clock go on.
fn later(house: &House, seconds: i64) {
    assert!(house.clock().set(house.now() + Duration::seconds(seconds)));
}

#[test]
fn what_an_answer_means_is_decided_by_its_code() {
    use louyi::kernel::robots::{Maker, Robot as One};
    let one = |maker| One::read(maker, "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", "", &Settings::default()).expect("a robot");
    crate::support::wait_for(async {
        let robot = Robot::start().await;
        let settings = Settings { robot_hosts: Some(robot.host()), ..Settings::default() };
        let out = louyi::kernel::robots::outgoing(&settings).expect("a client");
        let at = crate::support::shanghai("2026-11-23 09:12");
        for (kind, said, meant) in [
            (RobotKind::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#, "ok"),
            (RobotKind::Feishu, r#"{"code":0,"msg":"success"}"#, "ok"),
            (RobotKind::Feishu, r#"{"StatusCode":0,"StatusMessage":"success"}"#, "ok"),
            (RobotKind::Wecom, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#, "later"),
            (RobotKind::Wecom, r#"{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}"#, "never"),
            (RobotKind::Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "refused"),
            (RobotKind::Dingtalk, r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#, "later"),
            (RobotKind::Dingtalk, r#"{"errcode":310000,"errmsg":"sign not match"}"#, "refused"),
            (RobotKind::Feishu, r#"{"code":11232,"msg":"too many request"}"#, "later"),
            (RobotKind::Feishu, r#"{"code":19024,"msg":"Key Words Not Found"}"#, "refused"),
            (RobotKind::Wecom, "<html>busy</html>", "later"),
            (RobotKind::Wecom, "{}", "later"),
            (RobotKind::Wecom, "[]", "later"),
            (RobotKind::Wecom, "", "later"),
        ] {
            robot.will(&[Mood::Says(said)]);
            let own = Channel::read_robot(kind, &address(kind, &robot), "", &settings).expect("a robot");
            let became = own.send(&out, louyi::kernel::robots::Content::Text("x"), at).await;
            let word = match &became {
                Ok(()) => "ok",
                Err(Failure::Later(..)) => "later",
                Err(Failure::Never(_)) => "never",
                Err(Failure::Refused(_)) => "refused",
            };
            assert_eq!(word, meant, "{said}: {became:?}");
            if said.contains("130101") {
                assert!(matches!(&became, Err(Failure::Later(_, Some(wait))) if *wait >= Duration::minutes(10)), "{became:?}");
            }
        }
        for (status, meant) in [(500, "later"), (503, "later"), (429, "later"), (301, "refused"), (404, "refused"), (403, "refused")] {
            robot.will(&[Mood::Answers(status, "Retry-After: 90\r\n".into())]);
            let own = Channel::read_robot(RobotKind::Wecom, &address(RobotKind::Wecom, &robot), "", &settings).expect("a robot");
            let became = own.send(&out, louyi::kernel::robots::Content::Text("x"), at).await;
            match became {
                Err(Failure::Later(_, wait)) => assert_eq!((meant, wait), ("later", Some(Duration::seconds(90))), "{status}"),
                Err(Failure::Refused(_)) => assert_eq!(meant, "refused", "{status}"),
                other => panic!("{status}: {other:?}"),
            }
        }
        // A robot that repeats its key is not quoted.
        robot.will(&[Mood::Says(r#"{"errcode":93000,"errmsg":"invalid 693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa from 1.2.3.4"}"#)]);
        let own = Channel::read_robot(RobotKind::Wecom, &address(RobotKind::Wecom, &robot), "", &settings).expect("a robot");
        let why = own.send(&out, louyi::kernel::robots::Content::Text("x"), at).await.expect_err("refused");
        assert!(!why.words().contains(KEY) && why.words().contains("invalid …"), "{why:?}");
        assert_eq!(one(Maker::Wecom).maker, Maker::Wecom);
    });
}

on_both! {
    /// Answers that are no yes are tried again, later and later; a robot that keeps failing leaves letters that an administrator
    /// sees, with why, and sends again.
    async fn a_robot_that_is_ill_is_asked_again_and_then_shown(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        town.reports("灯坏了").await;
        let mut moods = vec![
            Mood::Says(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#),
            Mood::Answers(503, "Retry-After: 300\r\n".into()),
            Mood::Chatters,
            Mood::BreaksOff,
        ];
        moods.extend((0..4).map(|_| Mood::Answers(500, String::new())));
        robot.will(&moods);
        round(&house).await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 1, "it is left alone");
        let row = owed(&town, &channel).await.remove(0);
        assert_eq!((row.tries, row.sent_at, row.claimed_until), (1, None, None));
        assert!(row.last_error.expect("why").contains("45009"));
        assert_eq!(now(&town, &channel).await.ready_at, house.now() + Duration::seconds(60));
        later(&house, 60);
        round(&house).await;
        assert_eq!(now(&town, &channel).await.ready_at, house.now() + Duration::seconds(300), "as it asked");
        for n in 3..=8 {
            later(&house, 4000);
            round(&house).await;
            assert_eq!(robot.heard().len(), n);
        }
        let row = owed(&town, &channel).await.remove(0);
        assert!(row.given_up_at.is_some() && row.tries == outbox::TRIES && row.last_error.is_some());
        assert_eq!(now(&town, &channel).await.state, ChannelState::Active, "ill is not gone");
        later(&house, 4000);
        round(&house).await;
        assert_eq!(robot.heard().len(), 8);
        town.administrator.gets(async |act| louyi::domain::letters::send_again(act, row.id).await).await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 9);
        assert!(owed(&town, &channel).await[0].sent_at.is_some());
    }

    /// A robot that hangs is not waited for, and holds up nobody's letters.
    async fn a_robot_that_hangs_is_not_waited_for(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        robot.will(&[Mood::Hangs]);
        town.reports("灯坏了").await;
        round(&house).await;
        let row = owed(&town, &channel).await.remove(0);
        assert_eq!(row.last_error.as_deref(), Some("no answer in time"));
        later(&house, 61);
        round(&house).await;
        assert!(owed(&town, &channel).await[0].sent_at.is_some());
    }

    /// Refused three times in a row, a channel pauses by itself and says so; nothing that waits is lost.
    async fn a_robot_that_refuses_pauses_its_channel(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Dingtalk, &robot).await;
        // Of what comes to be late in these days it is not told.
        town.house.db().upkeep().execute_unprepared("delete from channel_topics where topic <> 'new_issue'").await.expect("one topic");
        let inward = format!("Location: http://127.0.0.1:{}/inside\r\n", robot.port);
        robot.will(&[
            Mood::Says(r#"{"errcode":310000,"errmsg":"keywords not in content"}"#),
            Mood::Answers(302, inward),
            Mood::Says(r#"{"errcode":300001,"errmsg":"token is not exist"}"#),
        ]);
        town.reports("灯坏了").await;
        for _ in 0..5 {
            round(&house).await;
            later(&house, 4000);
        }
        assert_eq!(robot.heard().len(), 3, "and the redirect was not followed: {:?}", robot.heard().iter().map(|s| &s.path).collect::<Vec<_>>());
        let broken = now(&town, &channel).await;
        assert_eq!((broken.state, broken.refusals), (ChannelState::Broken, 3));
        assert!(broken.last_error.as_deref().is_some_and(|e| e.contains("300001")));
        town.reports("水漏了").await;
        assert_eq!(owed(&town, &channel).await.iter().filter(|l| l.sent_at.is_none() && l.given_up_at.is_none()).count(), 2, "it waits");
        let version = broken.version;
        town.staff.gets(async |act| broken.clone().resume(act, version).await).await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 5);
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
        // Broken for days: what waited is given up, shown, and sent in one message by the administrator.
        robot.will(&[Mood::Answers(404, String::new()), Mood::Answers(404, String::new()), Mood::Answers(404, String::new())]);
        for _ in 0..6 {
            town.reports("门坏了").await;
        }
        for _ in 0..3 {
            round(&house).await;
            later(&house, 4000);
        }
        later(&house, 4 * 24 * 3600);
        round(&house).await;
        let backlog = channels::backlog(town.house.read(), channel.id).await.expect("a backlog");
        assert_eq!((backlog.waiting, backlog.given_up), (0, 6));
        let broken = now(&town, &channel).await;
        let version = broken.version;
        town.staff.gets(async |act| broken.clone().resume(act, version).await).await;
        town.house.clock().set(house.now());
        let n = town.administrator.gets(async |act| louyi::domain::letters::send_all_again(act, channel.id).await).await;
        assert_eq!(n, 6);
        let before = robot.heard().len();
        round(&house).await;
        assert_eq!(robot.heard().len(), before + 1, "one message of six");
        assert!(robot.heard()[before].text.contains("【楼议】6件事"), "{}", robot.heard()[before].text);
    }

    /// More than a robot takes waits and comes in one message: no flood, nothing lost, nothing twice.
    async fn what_waits_at_the_limit_comes_together(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        for n in 0..20 {
            town.says("灯坏了").on_device(&n.to_string()).files().await;
            round(&house).await;
        }
        assert_eq!(robot.heard().len(), 20);
        for n in 20..50 {
            town.says("灯坏了").on_device(&n.to_string()).files().await;
        }
        round(&house).await;
        assert_eq!(robot.heard().len(), 20, "twenty a minute");
        later(&house, 59);
        round(&house).await;
        assert_eq!(robot.heard().len(), 20);
        later(&house, 2);
        round(&house).await;
        let heard = robot.heard();
        let rest: String = heard[20..].iter().map(|s| s.text.as_str()).collect();
        for n in 21..=50 {
            assert_eq!(rest.matches(&format!("TQ-{n} ")).count(), 1, "TQ-{n} once in {rest}");
        }
        assert!(heard.len() <= 26, "thirty in a few messages, not in thirty: {}", heard.len() - 20);
        for said in &heard[20..] {
            assert!(said.body["markdown"]["content"].as_str().expect("markdown").len() <= 4096);
        }
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
    }

    /// Two processes beside one another tell each thing once; one that died in the call is followed by another, and the message
    /// says that it may have been told before.
    async fn two_processes_tell_each_thing_once(town: Town) {
        let robot = Robot::start().await;
        let (a, b) = (telling(&town, &robot).await, telling(&town, &robot).await);
        let channel = group(&town.staff, &a, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        for n in 0..3 {
            town.says("灯坏了").on_device(&n.to_string()).files().await;
        }
        let (x, y) = rocket::tokio::join!(jobs::round(&a), jobs::round(&b));
        x.expect("a round");
        y.expect("a round");
        round(&a).await;
        let all: String = robot.heard().iter().map(|s| s.text.as_str()).collect();
        for n in 1..=3 {
            assert_eq!(all.matches(&format!("TQ-{n} ")).count(), 1, "{all}");
        }
        // A third one took hold, called, and was killed before it could note the answer.
        let told = town.says("水漏了").on_device("9").files().await;
        let held = channels::claim(&a).await.expect("claims").expect("the channel");
        assert_eq!(channels::hold(&a, &held).await.expect("holds"), None);
        let row = owed(&town, &channel).await.into_iter().find(|l| l.sent_at.is_none()).expect("owed");
        outbox::claim_these(a.db(), &[row.id], a.now()).await.expect("claimed");
        round(&b).await;
        assert_eq!(robot.heard().len(), 3, "it is in somebody's hands");
        later(&b, 5 * 60);
        round(&b).await;
        assert_eq!(robot.heard().len(), 4, "visibly again, never lost");
        assert!(robot.heard()[3].text.contains("可能说过了"), "{}", robot.heard()[3].text);
        assert_eq!(town.now(told.matter).await.number, 4);
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
    }

    /// A clock that is put back tells nothing twice and holds nothing up for longer than it was wrong by a little.
    async fn a_clock_that_is_put_back_harms_nothing(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        town.reports("灯坏了").await;
        round(&house).await;
        let right = house.now();
        // A year ahead: something fails there, something is claimed there.
        assert!(house.clock().set(right + Duration::days(365)));
        town.house.clock().set(house.now());
        robot.will(&[Mood::Answers(500, String::new())]);
        town.reports("水漏了").await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 2);
        assert!(house.clock().set(right + Duration::seconds(10)));
        town.house.clock().set(house.now());
        round(&house).await;
        assert_eq!(robot.heard().len(), 3, "what a wrong clock put off does not wait for it");
        town.reports("门坏了").await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 4);
        let all: String = robot.heard().iter().map(|s| s.text.as_str()).collect();
        assert_eq!((all.matches("TQ-1 ").count(), all.matches("TQ-3 ").count()), (1, 1));
        // An hour back: nothing comes again.
        assert!(house.clock().set(right - Duration::hours(1)));
        round(&house).await;
        assert_eq!(robot.heard().len(), 4);
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
    }
}
