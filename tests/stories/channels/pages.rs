//! The pages of channels, of what was given up, and of one's own wishes.

use super::*;
use crate::support::browser::Site;
use crate::support::robot::Mood;
use louyi::domain::telling::{self, Matter, Wish};
use rocket::http::Status;

const ROOT: &str = "/b/tingqiao/channels";

on_both! {
    /// Added, tried out, changed, paused, removed, all by forms; the key is on no page.
    async fn a_group_is_added_tried_and_removed(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let site = Site::of(&house).await;
        let staff = site.signed_in(&town.staff).await;
        staff.reads("/b/tingqiao").await.shows(&format!("href=\"{ROOT}\""));
        staff.reads(ROOT).await.shows("还没有接上的群");
        let whole = address(RobotKind::Wecom, &robot);
        // What is wrong is said beside its field, and what was typed stays.
        let wrong = staff.fills(ROOT, ROOT, &[("kind", "wecom"), ("name", "工程部群"), ("address", "https://evil.example/cgi-bin/webhook/send?key=1234567890")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert!(wrong.fault("address").expect("beside it").contains("qyapi.weixin.qq.com"));
        wrong.shows("value=\"工程部群\"");
        let wrong = staff.fills(ROOT, ROOT, &[("kind", ""), ("name", "工程部群"), ("address", &whole)]).await;
        assert!(wrong.fault("kind").is_some());
        let wrong = staff.fills(ROOT, ROOT, &[("kind", "wecom"), ("name", "工程部群"), ("address", &whole), ("quiet_from", "20"), ("quiet_to", "")]).await;
        assert!(wrong.fault("quiet_to").is_some());
        let next = staff.does(ROOT, ROOT, &[("kind", "wecom"), ("name", "工程部群"), ("address", &whole)]).await;
        assert_eq!(next, format!("{ROOT}/1"));
        let page = staff.reads(&next).await;
        page.shows("127.0.0.1 …5aaa").hides(KEY).shows("通着");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        // A real message, and what the robot said.
        let tried = staff.fills(&next, &format!("{next}/test"), &[]).await;
        assert_eq!(tried.status, Status::Ok);
        tried.shows("机器人收下了");
        assert_eq!(robot.heard()[0].text, r#"{"msgtype":"text","text":{"content":"【楼议】“工程部群”接上了。以后有事在这里说。"}}"#);
        robot.will(&[Mood::Says(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#)]);
        let tried = staff.fills(&next, &format!("{next}/test"), &[]).await;
        tried.shows("机器人不收：93000 invalid webhook url").shows("地址里的 key 不对");
        for _ in 0..6 {
            staff.fills(&next, &format!("{next}/test"), &[]).await;
        }
        assert_eq!(staff.fills(&next, &format!("{next}/test"), &[]).await.status, Status::TooManyRequests);
        assert_eq!(staff.posts(&format!("{next}/test"), &[("words", "x")]).await.status, Status::Conflict, "without the form's token");
        // Changed: another name, fewer topics; of two at once one wins and the other keeps what was typed.
        staff.does(&next, &next, &[("name", "工程部夜班"), ("language", "en")]).await;
        let stale = staff.fills(&next, &next, &[("version", "1"), ("name", "晚到的")]).await;
        assert_eq!(stale.status, Status::Conflict);
        stale.shows("value=\"晚到的\"");
        let channel = channels::by_number(town.house.read(), town.tower.id, 1).await.expect("the channel");
        assert_eq!((channel.name.as_str(), channel.lang()), ("工程部夜班", Lang::En));
        staff.does(&next, &format!("{next}/pause"), &[]).await;
        staff.reads(&next).await.shows("停的时候发生的事");
        staff.does(&next, &format!("{next}/resumption"), &[]).await;
        let unsure = staff.fills(&next, &format!("{next}/removal"), &[]).await;
        assert_eq!(unsure.status, Status::Conflict);
        assert_eq!(staff.does(&next, &format!("{next}/removal"), &[("sure", "yes")]).await, ROOT);
        assert_eq!(staff.opens(&next).await.status, Status::NotFound);
    }

    /// Another organisation's group is not there for those who do not see to it; an administrator sees all.
    async fn others_do_not_see_a_group(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let site = Site::of(&house).await;
        group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        group(&town.secretary, &house, &town, None, RobotKind::Feishu, &robot).await;
        for (who, first, second) in [
            (&town.colleague, Status::Ok, Status::NotFound),
            (&town.fitter, Status::NotFound, Status::NotFound),
            (&town.secretary, Status::NotFound, Status::Ok),
            (&town.representative, Status::NotFound, Status::NotFound),
            (&town.administrator, Status::Ok, Status::Ok),
            (&town.editor, Status::Forbidden, Status::Forbidden),
        ] {
            let reader = site.signed_in(who).await;
            assert_eq!((reader.opens(&format!("{ROOT}/1")).await.status, reader.opens(&format!("{ROOT}/2")).await.status), (first, second));
        }
        let admin = site.signed_in(&town.administrator).await;
        let page = admin.reads(ROOT).await;
        page.shows("汀桥物业的群").shows("议事会的群").shows("-council");
        site.signed_in(&town.representative).await.reads(ROOT).await.hides("汀桥物业的群").hides("议事会的群");
    }

    /// What no group could be told is on the administrator's page with why; one or all of a group are sent again.
    async fn what_was_given_up_is_seen_and_sent_again(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let site = Site::of(&house).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        for n in 0..4 {
            town.says("灯坏了").on_device(&n.to_string()).files().await;
        }
        robot.will(&vec![Mood::Says(r#"{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}"#); 4]);
        round(&house).await;
        let admin = site.signed_in(&town.administrator).await;
        let page = admin.reads("/letters").await;
        page.shows("给群“汀桥物业的群”").shows("新事项").shows("40058 markdown.content exceed max length 4096").shows("“汀桥物业的群”的4条都再发一次");
        site.signed_in(&town.staff).await.reads(&format!("{ROOT}/1")).await.shows("没发出去").shows("放弃4条");
        admin.does("/letters", "/letters/given-up", &[]).await;
        round(&house).await;
        assert_eq!(owed(&town, &channel).await.iter().filter(|l| l.sent_at.is_some()).count(), 1);
        admin.does("/letters", "/letters/given-up/all", &[]).await;
        round(&house).await;
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
        admin.reads("/letters").await.hides("40058");
        assert_eq!(admin.posts("/letters/given-up/all", &[("channel", "x")]).await.status, Status::NotFound);
    }

    /// One's own wishes: what can be chosen, what cannot and why.
    async fn somebody_says_how_to_be_told(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        staff.reads("/me").await.shows("href=\"/me/telling\"");
        let page = staff.reads("/me/telling").await;
        page.shows("会议通知要送到每个席位").hides("name=\"about_meeting\"");
        assert_eq!(page.form("/me/telling").expect("a form").iter().find(|(n, _)| n == "about_new").map(|(_, v)| v.as_str()), Some("at_once"));
        staff.does("/me/telling", "/me/telling", &[("about_new", "daily"), ("about_progress", "never"), ("quiet_from", "20"), ("quiet_to", "7")]).await;
        let now = telling::of(town.house.read(), town.staff.id).await.expect("wishes");
        assert_eq!((now.wish(Matter::New), now.wish(Matter::Progress), now.wish(Matter::Late)), (Wish::Daily, Wish::Never, Wish::AtOnce));
        assert_eq!(now.quiet, Some(Quiet { from: 20, to: 7 }));
        for (field, value, at) in [
            ("about_late", "never", "about_late"),
            ("about_new", "sometimes", "about_new"),
            ("digest_hour", "6", "digest_hour"),
            ("digest_hour", "x", "digest_hour"),
            ("quiet_to", "", "quiet_to"),
            ("quiet_to", "20", "quiet_to"),
            ("quiet_from", "99", "quiet_from"),
        ] {
            let answer = staff.fills("/me/telling", "/me/telling", &[(field, value)]).await;
            assert_eq!(answer.status, Status::UnprocessableEntity, "{field}={value}");
            assert!(answer.fault(at).is_some(), "{field}={value}: {}", answer.text());
        }
        assert_eq!(telling::of(town.house.read(), town.staff.id).await.expect("wishes"), now);
    }

    /// A letter is called by what it says, in both languages, and not by its code.
    async fn what_was_given_up_is_named_in_words(town: Town) {
        town.says("灯坏了").by_mail("lin@example.org").files().await;
        town.house.db().upkeep().execute_unprepared("update outbox set given_up_at = created_at, last_error = '550 no'").await.expect("given up");
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        admin.reads("/letters").await.shows("回执").shows("新事项").hides("issue_received").hides("⟨");
        admin.reads("/letters?lang=en").await.shows("new issue").hides("issue_received").hides("⟨");
    }
}
