//! Objecting, dissenting, replying and answering through the resolution's page.

use rocket::http::Status;

use super::meetings::Room;
use crate::support::browser::Site;
use crate::support::{Town, on_both};

pub const RESO: &str = "/b/tingqiao/resolutions/2026-1";

/// A resolution on display, carried by name with one against.
pub async fn displayed<'s>(town: &Town, site: &'s Site, fields: &[(&str, &str)]) -> Room<'s> {
    let room = Room::with_a_matter(town, site).await;
    room.meets().await;
    room.signs_in(1..=13).await;
    room.puts(fields).await;
    room.opens_vote(1, "named").await;
    room.vote(1, [1, 2, 3, 4, 6, 7, 8, 9], "yes").await;
    room.vote(1, [10], "no").await;
    room.closes_vote(1).await;
    room.secretary.does(RESO, &format!("{RESO}/publication"), &[]).await;
    room
}

on_both! {
    async fn a_party_objects_and_the_secretary_answers(town: Town) {
        let site = town.site().await;
        let room = displayed(&town, &site, &[]).await;
        let neighbour = site.signed_in(&town.neighbour).await;
        let (object, answer) = (format!("{RESO}/objections"), format!("{RESO}/objections/1/answer"));
        assert!(site.visitor().reads(RESO).await.form(&object).is_none());
        let short = neighbour.fills(RESO, &object, &[("words", "不行")]).await;
        assert_eq!(short.status, Status::UnprocessableEntity);
        assert!(short.says("不行") && short.fault("object-words").is_some(), "{}", short.text());
        neighbour.does(RESO, &object, &[("words", "闸机外没有插座，十五台机器放不下。")]).await;
        let page = site.visitor().reads(RESO).await;
        assert!(page.says("有单位提了异议") && page.says("十五台机器放不下") && page.says("答复期限"), "{}", page.text());
        assert!(room.secretary.reads("/desk").await.says("异议要答复"));
        room.secretary.does(RESO, &answer, &[("answer", "十二月十日再议，请到场说明。")]).await;
        let page = site.visitor().reads(RESO).await;
        assert!(page.says("十二月十日再议") && !page.says("答复期限"), "{}", page.text());
        assert!(room.secretary.reads(RESO).await.form(&answer).is_none());
        assert!(site.signed_in(&town.staff_elsewhere).await.reads(RESO).await.form(&object).is_none());
    }

    async fn a_dissent_and_a_reply_stand_on_the_page(town: Town) {
        let site = town.site().await;
        let room = displayed(&town, &site, &[("task_1_organisation", "tq-property"), ("task_1_words", "闸机外拉线"), ("task_1_due", "2026-12-30"), ("task_1_measure", "现场看"), ("no_action", "")]).await;
        let (dissent, reply, parties) = (format!("{RESO}/dissent"), format!("{RESO}/reply"), format!("{RESO}/parties"));
        assert!(room.members[0].reads(RESO).await.form(&dissent).is_none(), "who voted for it has nothing to dissent from");
        room.members[9].does(RESO, &dissent, &[("words", "先试一个月再定。")]).await;
        let staff = site.signed_in(&town.staff).await;
        staff.does(RESO, &reply, &[("words", "拉线要停电半天，放在周末。")]).await;
        let neighbour = site.signed_in(&town.neighbour).await;
        assert!(neighbour.reads(RESO).await.form(&reply).is_none());
        room.secretary.does(RESO, &parties, &[("organisation", "egret")]).await;
        neighbour.does(RESO, &reply, &[("words", "我们支持，请贴出日期。")]).await;
        let page = site.visitor().reads(RESO).await;
        assert!(page.says("不同意见") && page.says("先试一个月再定") && page.says("放在周末") && page.says("请贴出日期"), "{}", page.text());
        assert!(page.says("施行以后开始") && page.says("闸机外拉线"), "{}", page.text());
        let json = site.visitor().reads("/b/tingqiao/council/resolutions.json?state=all").await;
        assert!(json.body.contains("先试一个月再定") && json.body.contains("\"reply\""), "{}", json.body);
    }

    async fn nothing_of_an_adopted_resolution_can_be_changed_by_any_form(town: Town) {
        let site = town.site().await;
        let _room = displayed(&town, &site, &[]).await;
        let allowed = ["dissent", "lapse", "objections", "answer", "parties", "publication", "reply"];
        for (method, path) in site.routes() {
            if path.contains("/resolutions/") && method != rocket::http::Method::Get {
                let last = path.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
                assert!(allowed.contains(&last), "{method} {path}: does it change what was adopted?");
            }
        }
    }
}
