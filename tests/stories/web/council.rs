//! The council's page and its list; and who may do what at the council's addresses.

use louyi::domain::rights::Right;
use rocket::http::Status;

use super::meetings::{COUNCIL, ITEM, MEETING, Room};
use crate::support::{Who, on_both};

const LIST: &str = "/b/tingqiao/council/items";

on_both! {
    async fn everybody_reads_who_sits_and_what_the_rules_say(town: Town) {
        let site = town.site().await;
        let page = site.visitor().reads(COUNCIL).await;
        assert!(page.says("汀桥楼宇治理议事会"));
        assert!(page.says("Member 3"), "{}", page.text());
        assert!(page.says("过半要有权席位赞成才通过"));
        assert!(page.forms().is_empty(), "a visitor proposes nothing: {:?}", page.forms());
        assert!(site.visitor().in_english().reads(COUNCIL).await.says("One vote per seat"));
        assert_eq!(site.visitor().opens("/b/nowhere/council").await.status, Status::NotFound);
        assert_eq!(site.visitor().opens("/b/yuntai/council").await.status, Status::NotFound, "that tower has no council");
    }

    async fn the_secretary_keeps_the_list(town: Town) {
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        // What is missing is said beside the field, and what was typed stays.
        let refused = secretary.fills(COUNCIL, LIST, &[("source", "member"), ("title", ""), ("papers", "写了很多")]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.says("还没写标题"), "{}", refused.text());
        assert_eq!(refused.form(LIST).expect("again").iter().find(|(n, _)| n == "papers").map(|(_, v)| v.as_str()), Some("写了很多"));
        let refused = secretary.fills(COUNCIL, LIST, &[("issue", "TQ-99")]).await;
        assert!(refused.says("这座楼没有这个号的事项"));

        for title in ["大堂租给快闪摊位", "请街道修路口", "夜里装修声", "母婴室"] {
            secretary.does(COUNCIL, LIST, &[("source", "member"), ("title", title), ("competence", "owners_vote")]).await;
        }
        let page = secretary.reads(COUNCIL).await;
        assert!(page.says("等着上会 4") && page.says("民法典第278条"), "{}", page.text());
        assert!(!site.visitor().reads(COUNCIL).await.says("快闪摊位"), "the list is the council's own");
        assert!(site.signed_in(&town.members[6]).await.reads(COUNCIL).await.says("快闪摊位"));

        let first = format!("{LIST}/1");
        let fields = [("title", "大堂租给快闪摊位"), ("question", "给业主什么意见？"), ("competence", "owners_vote"), ("papers", "租金归谁。")];
        secretary.does(&first, &first, &fields).await;
        assert!(secretary.reads(&first).await.says("给业主什么意见？"));
        let stale = secretary.reads(&first).await.form(&first).expect("a form");
        secretary.does(&first, &first, &fields).await;
        let stale: Vec<(&str, &str)> = stale.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let late = secretary.posts(&first, &stale).await;
        assert_eq!(late.status, Status::Conflict, "somebody else was first");

        let short = secretary.fills(&first, &format!("{first}/referral"), &[("words", "给")]).await;
        assert!(short.says("太短了"), "{}", short.text());
        secretary.does(&first, &format!("{first}/referral"), &[("words", "转给业主代表，附议事会意见")]).await;
        assert!(secretary.reads(&first).await.says("转交：转给业主代表，附议事会意见"));
        let past = secretary.fills(&format!("{LIST}/2"), &format!("{LIST}/2/deferral"), &[("to", "2026-11-01")]).await;
        assert!(past.says("日期要在今天以后"), "{}", past.text());
        secretary.does(&format!("{LIST}/2"), &format!("{LIST}/2/deferral"), &[("to", "2027-01-15")]).await;
        assert!(secretary.reads(&format!("{LIST}/5")).await.says("请街道修路口"), "it waits again");
        secretary.does(&format!("{LIST}/3"), &format!("{LIST}/3/withdrawal"), &[]).await;
        assert!(secretary.reads(COUNCIL).await.says("等着上会 2"));
        assert!(secretary.reads(&format!("{LIST}/3")).await.forms().is_empty(), "what has ended ends once");
    }

    async fn a_member_brings_something_up(town: Town) {
        let site = town.site().await;
        let member = site.signed_in(&town.members[6]).await;
        let to = "/b/tingqiao/council/nominations";
        let refused = member.fills(COUNCIL, to, &[("title", "电"), ("question", "要不要装？")]).await;
        assert!(refused.says("太短了"), "{}", refused.text());
        member.does(COUNCIL, to, &[("title", "大堂装充电柜"), ("question", "要不要装？")]).await;
        let list = site.signed_in(&town.secretary).await.reads(COUNCIL).await;
        assert!(list.says("大堂装充电柜") && list.says("成员提出"), "{}", list.text());
    }

    async fn a_meeting_is_called_in_time_or_not_at_all(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let (all, s) = ("/b/tingqiao/meetings", &room.secretary);
        for (when, kind, words) in [("2026-11-20T14:00", "regular", "开会时间要在以后"), ("never", "regular", "时间要写成"), ("2026-12-01T14:00", "party", "这一栏没看懂")] {
            let refused = s.fills(all, all, &[("kind", kind), ("starts_at", when), ("place", "南座18层")]).await;
            assert!(refused.says(words), "{when} {kind}: {}", refused.text());
            assert_eq!(refused.form(all).expect("again").iter().find(|(n, _)| n == "place").map(|(_, v)| v.as_str()), Some("南座18层"));
        }
        s.does(all, all, &[("kind", "regular"), ("starts_at", "2026-11-26T14:00"), ("place", "南座18层")]).await;
        let (to, notice) = (MEETING, "/b/tingqiao/meetings/1/notice");
        assert!(s.fills(to, notice, &[]).await.says("议程还是空的，先排一项"));
        s.does(to, &format!("{LIST}/1/listing"), &[]).await;
        assert!(s.fills(to, notice, &[]).await.says("通知要在会前至少5天发出"));
        s.does(to, "/b/tingqiao/meetings/1/cancellation", &[]).await;
        assert!(s.reads(COUNCIL).await.says("等着上会 1"), "its item waits again");
        s.does(all, all, &[("kind", "extraordinary"), ("starts_at", "2026-11-26T14:00"), ("place", "南座18层")]).await;
        let second = "/b/tingqiao/meetings/2";
        s.does(second, &format!("{LIST}/1/listing"), &[]).await;
        s.does(second, &format!("{second}/notice"), &[]).await;
        // What comes after the notice is discussed, not voted on.
        s.does(COUNCIL, LIST, &[("source", "member"), ("title", "临时加的一件")]).await;
        assert!(s.reads(&format!("{LIST}/2")).await.says("现在加上去的只讨论，不表决"), "it is said before");
        assert!(s.fills(second, &format!("{LIST}/2/listing"), &[]).await.says("要议的问题还没写"));
        s.does(&format!("{LIST}/2"), &format!("{LIST}/2"), &[("question", "要不要加？")]).await;
        s.does(second, &format!("{LIST}/2/listing"), &[]).await;
        // Well before the announced time nobody opens a session by a slip.
        town.it_is("2026-11-26 09:00");
        let session = format!("{second}/session");
        let early = room.convenor.fills(second, &session, &[]).await;
        assert_eq!(early.status, Status::UnprocessableEntity);
        assert!(early.says("离通知的时间还早"), "{}", early.text());
        assert!(early.form(&session).is_some());
        town.it_is("2026-11-26 13:50");
        assert!(!room.convenor.reads(second).await.body.contains("name=\"early\""));
        room.convenor.does(second, &format!("{second}/session"), &[]).await;
        let late = room.convenor.reads(&format!("{second}/live?item=2")).await;
        assert!(late.says("通知以后才加的，只讨论，不表决"));
        assert!(late.form(&format!("{second}/items/2/motions")).is_none());
        let open = room.convenor.fills(&format!("{second}/live"), &format!("{second}/closing"), &[]).await;
        assert!(open.says("第1, 2项还没有结果"), "{}", open.text());
        for p in [1, 2] {
            let item = format!("{second}/items/{p}");
            room.convenor.does(&format!("{second}/live?item={p}"), &format!("{item}/deferral"), &[("to", "2027-01-15")]).await;
        }
        room.convenor.does(&format!("{second}/live"), &format!("{second}/closing"), &[]).await;
        assert!(site.visitor().reads(second).await.says("已散会"));
    }

    async fn who_may_do_what_at_the_councils_addresses(town: Town) {
        let site = town.site().await;
        let reso = "/b/tingqiao/resolutions/2026-1";
        let motion = format!("{ITEM}/motions/1");
        let rows: Vec<(String, Right)> = [
            (LIST.to_owned(), Right::Secretariat),
            ("/b/tingqiao/council/nominations".to_owned(), Right::Vote),
            (format!("{LIST}/1"), Right::Secretariat),
            (format!("{LIST}/1/listing"), Right::Secretariat),
            (format!("{LIST}/1/deferral"), Right::Secretariat),
            (format!("{LIST}/1/referral"), Right::Secretariat),
            (format!("{LIST}/1/withdrawal"), Right::Secretariat),
            ("/b/tingqiao/meetings".to_owned(), Right::Secretariat),
            (format!("{MEETING}/notice"), Right::Secretariat),
            (format!("{MEETING}/cancellation"), Right::Secretariat),
            (format!("{MEETING}/minutes"), Right::Secretariat),
            (format!("{MEETING}/session"), Right::Preside),
            (format!("{MEETING}/closing"), Right::Preside),
            (format!("{MEETING}/seats"), Right::Preside),
            (format!("{MEETING}/presence"), Right::Vote),
            (ITEM.to_owned(), Right::Secretariat),
            (format!("{ITEM}/deferral"), Right::Preside),
            (format!("{ITEM}/referral"), Right::Preside),
            (format!("{ITEM}/withdrawal"), Right::Preside),
            (format!("{ITEM}/recusals"), Right::Preside),
            (format!("{ITEM}/interest"), Right::Vote),
            (format!("{ITEM}/motions"), Right::Preside),
            (format!("{motion}/opening"), Right::Preside),
            (format!("{motion}/objections"), Right::Preside),
            (format!("{motion}/hands"), Right::Preside),
            (format!("{motion}/closing"), Right::Preside),
            (format!("{motion}/withdrawal"), Right::Preside),
            (format!("{motion}/votes"), Right::Vote),
            (format!("{ITEM}/undertakings"), Right::Preside),
            (format!("{ITEM}/undertakings/1"), Right::Work),
            (format!("{ITEM}/undertakings/1/withdrawal"), Right::Preside),
            (format!("{reso}/publication"), Right::Secretariat),
            (format!("{reso}/lapse"), Right::Secretariat),
            ("/b/tingqiao/issues/1/figures".to_owned(), Right::Secretariat),
            ("/b/tingqiao/issues/1/checks/1".to_owned(), Right::Secretariat),
        ]
        .into();
        let people: Vec<(&Who, bool)> = vec![
            (&town.staff, true),
            (&town.representative, true),
            (&town.officer, true),
            (&town.chamber_officer, true),
            (&town.secretary, true),
            (&town.convenor, true),
            (&town.members[6], true),
            (&town.editor, true),
            (&town.administrator, true),
            (&town.staff_elsewhere, false),
        ];
        for (who, here) in people {
            let reader = site.signed_in(who).await;
            let role: louyi::domain::rights::Role = who.actor.role().expect("a role").parse().expect("a role");
            for (path, right) in &rows {
                let status = reader.posts(path, &[]).await.status;
                // Signing is asked by organisation, not by building.
                let allowed = role.may(*right) && (here || *right == Right::Work);
                assert_eq!(status != Status::Forbidden, allowed, "{role} {path}: {status}");
            }
        }
        for (path, _) in &rows {
            assert_eq!(site.visitor().posts(path, &[]).await.status, Status::Unauthorized, "{path}");
        }
    }
}
