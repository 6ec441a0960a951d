//! Minutes through their pages: kept, sent, signed on members' own phones, remarked upon, adopted, downloaded as one file.

use rocket::http::Status;

use super::meetings::{ITEM, LIVE, LIVE_ITEM, MEETING, Room};
use crate::support::on_both;

const MINUTES: &str = "/b/tingqiao/meetings/1/minutes";

on_both! {
    async fn from_draft_to_file(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.signs_in(1..=3).await;
        room.convenor.does(LIVE_ITEM, &format!("{ITEM}/withdrawal"), &[]).await;
        room.convenor.does(LIVE, "/b/tingqiao/meetings/1/closing", &[]).await;
        let visitor = site.visitor();
        assert_eq!(visitor.opens(MINUTES).await.status, Status::NotFound);
        assert_eq!(room.members[0].opens(MINUTES).await.status, Status::NotFound, "nothing has been sent yet");
        // Too short is refused beside the field, and what was typed stays.
        let short = room.secretary.fills(MINUTES, MINUTES, &[("minutes", "短")]).await;
        assert!(short.fault("minutes-minutes").is_some(), "{}", short.text());
        room.secretary.does(MINUTES, MINUTES, &[("minutes", "金丝雀纪要：三席到会，撤下一题。")]).await;
        assert!(room.secretary.reads(MINUTES).await.body.contains("金丝雀纪要"), "the draft is kept");
        assert_eq!(room.members[0].opens(MINUTES).await.status, Status::NotFound, "and is the secretary's until it is sent");
        room.secretary.does(MINUTES, &format!("{MINUTES}/sending"), &[]).await;
        assert!(room.members[0].reads(MEETING).await.body.contains("/minutes\""));
        assert_eq!(room.members[5].opens(MINUTES).await.status, Status::NotFound, "who was not there signs nothing");
        assert_eq!(visitor.opens(MINUTES).await.status, Status::NotFound);
        let empty = room.members[1].fills(MINUTES, &format!("{MINUTES}/remarks"), &[]).await;
        assert!(empty.fault("remark-remark").is_some(), "{}", empty.text());
        room.members[1].does(MINUTES, &format!("{MINUTES}/remarks"), &[("remark", "应该写四席。")]).await;
        let early = room.secretary.reads(MINUTES).await;
        assert!(early.says("应该写四席") && early.says("到会3人，0人签了") && !early.says("定下纪要"), "{}", early.text());
        let why = room.secretary.fills(MINUTES, &format!("{MINUTES}/remarks/1"), &[("taken_up", "no")]).await;
        assert!(why.fault("answer-1-reply").is_some(), "{}", why.text());
        room.secretary.does(MINUTES, &format!("{MINUTES}/remarks/1"), &[("taken_up", "no"), ("reply", "签到的是三席。")]).await;
        assert!(room.members[1].reads(MINUTES).await.says("签到的是三席"));
        for n in [0, 1] {
            room.members[n].does(MINUTES, &format!("{MINUTES}/signature"), &[]).await;
        }
        assert!(room.members[0].reads(MINUTES).await.says("您已经签了"));
        room.secretary.does(MINUTES, &format!("{MINUTES}/adoption"), &[]).await;
        let public = visitor.reads(MINUTES).await;
        assert!(public.says("金丝雀纪要") && public.says("到会3人，2人签了") && !public.says("应该写四席"), "{}", public.text());
        let file = visitor.opens(&format!("{MINUTES}/file")).await;
        assert!(file.header("content-disposition").is_some_and(|h| h.contains("minutes-tingqiao-1.html")));
        assert!(file.body.contains("金丝雀纪要") && file.body.contains("<style>") && !file.body.contains("<script") && !file.body.contains("<link"), "{}", file.body);
        let english = site.visitor().in_english().opens(&format!("{MINUTES}/file")).await;
        assert!(english.body.contains("lang=\"en\"") && english.body.contains("2 of 3"), "{}", english.body);
    }
}
