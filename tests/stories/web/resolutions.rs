//! Resolutions through the pages: numbered, published, superseded.

use louyi::domain::resolutions::take_effect_due;
use rocket::http::Status;

use super::meetings::{COUNCIL, LIVE_ITEM, MEETING, Room};
use crate::support::on_both;

on_both! {
    async fn one_that_nobody_must_act_on_comes_into_force_and_is_superseded(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.secretary.does(COUNCIL, "/b/tingqiao/council/items", &[("source", "member"), ("title", "再议一次"), ("question", "改不改？")]).await;
        room.drafts().await;
        room.secretary.does(MEETING, "/b/tingqiao/council/items/2/listing", &[]).await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        town.it_is("2026-12-01 13:55");
        room.convenor.does(MEETING, "/b/tingqiao/meetings/1/session", &[]).await;
        room.signs_in([1, 2, 3, 4, 5, 6, 7]).await;
        room.puts(&[]).await;
        room.opens_vote(1, "consensus").await;
        room.closes_vote(1).await;
        // By consensus nobody is counted, so no sum is written.
        let meeting = site.visitor().reads(MEETING).await;
        assert!(meeting.says("7席在场，没有人反对") && !meeting.says("有权 →"), "{}", meeting.text());
        let first = "/b/tingqiao/resolutions/2026-1";
        room.secretary.does(first, &format!("{first}/publication"), &[]).await;
        assert!(room.secretary.reads(first).await.form(&format!("{first}/publication")).is_none(), "published once");
        town.it_is("2026-12-08 09:00");
        assert_eq!(take_effect_due(&town.house).await.expect("runs"), 1);
        assert!(site.visitor().reads(first).await.says("施行中"));

        // A second one takes its place.
        let (second, live) = ("/b/tingqiao/meetings/1/items/2", "/b/tingqiao/meetings/1/live?item=2");
        let fields = [("title", "改为移到大堂"), ("words", "打卡机改放大堂东侧，不再放闸机前。"), ("reasons", "闸机前太挤。"), ("no_action", "各家照新的流程走。"), ("supersedes", "2026-1")];
        room.convenor.does(live, &format!("{second}/motions"), &fields).await;
        room.convenor.does(live, &format!("{second}/motions/1/opening"), &[("method", "consensus")]).await;
        room.convenor.does(live, &format!("{second}/motions/1/closing"), &[]).await;
        let next = "/b/tingqiao/resolutions/2026-2";
        assert!(room.secretary.reads(next).await.says("汀桥〔2026〕第1号"), "it names what it supersedes");
        room.secretary.does(next, &format!("{next}/publication"), &[]).await;
        town.it_is("2026-12-15 09:00");
        assert_eq!(take_effect_due(&town.house).await.expect("runs"), 1);
        let old = site.visitor().reads(first).await;
        assert!(old.says("已被取代") && old.body.contains(next), "{}", old.text());
        for wrong in ["2026-3", "2026", "x-y", "2026-1-1"] {
            assert_eq!(site.visitor().opens(&format!("/b/tingqiao/resolutions/{wrong}")).await.status, Status::NotFound, "{wrong}");
        }
        assert!(room.convenor.reads(LIVE_ITEM).await.says("已决议"));
    }
}
