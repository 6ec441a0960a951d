//! Undertakings through the pages: read, signed, changed, refused, taken back.

use rocket::http::Status;

use super::meetings::{COUNCIL, ITEM, LIVE_ITEM, Room};
use crate::support::browser::Chosen;
use crate::support::on_both;

const FIRST: &str = "/b/tingqiao/meetings/1/items/1/undertakings/1";
const ASK: [(&str, &str); 4] = [("organisation", "sunflower"), ("words", "15台打卡机移到闸机之前"), ("measure", "秘书到场数"), ("due", "2026-12-20")];

on_both! {
    async fn a_party_reads_and_asks_for_other_words(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(ITEM, &format!("{ITEM}/undertakings"), &ASK).await;
        let wei = site.signed_in(&town.representative).await;
        let page = wei.reads(FIRST).await;
        for part in ["向日葵科技的承诺", "15台打卡机移到闸机之前", "12月20日", "秘书到场数", "1项承诺，签了0项，还不成立"] {
            assert!(page.says(part), "{part}: {}", page.text());
        }
        // Others inside read it, without the form; nobody outside does.
        assert!(room.members[6].reads(FIRST).await.form(FIRST).is_none());
        assert_eq!(site.visitor().opens(FIRST).await.status, Status::NotFound);

        // Words are asked for, and kept when they are too short.
        let short = wei.fills(FIRST, FIRST, &[("answer", "change"), ("reply", "改")]).await;
        assert_eq!(short.status, Status::UnprocessableEntity);
        assert!(short.says("太短了"), "{}", short.text());
        assert_eq!(short.form(FIRST).expect("again").iter().find(|(n, _)| n == "reply").map(|(_, v)| v.as_str()), Some("改"));
        wei.does(FIRST, FIRST, &[("answer", "change"), ("reply", "改成12台，三台要留在楼上")]).await;
        assert!(room.secretary.reads(ITEM).await.says("改成12台，三台要留在楼上"));

        // The secretary takes it back and asks anew.
        room.secretary.does(FIRST, &format!("{FIRST}/withdrawal"), &[]).await;
        assert!(wei.reads(FIRST).await.form(FIRST).is_none());
        let mut anew = ASK;
        anew[1].1 = "12台打卡机移到闸机之前";
        room.secretary.does(ITEM, &format!("{ITEM}/undertakings"), &anew).await;
        let second = "/b/tingqiao/meetings/1/items/1/undertakings/2";
        let unvouched = wei.fills(second, second, &[("answer", "sign")]).await;
        assert!(unvouched.says("您有权代表单位答应"), "{}", unvouched.text());
        wei.does(second, second, &[("answer", "sign"), ("vouch", "1")]).await;
        assert!(wei.reads(second).await.says("1项承诺，都签了"));
    }

    async fn signed_on_paper_with_the_sheet(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(ITEM, &format!("{ITEM}/undertakings"), &ASK).await;
        // The sheet to sign is among the forms.
        let forms = room.secretary.reads("/b/tingqiao/meetings/1/paper").await;
        assert!(forms.says("承诺书 第1次会议第1项第1份") && forms.says("15台打卡机移到闸机之前") && forms.says("单位盖章"), "{}", forms.text());
        let form = format!("{FIRST}/paper");
        let wei = site.signed_in(&town.representative).await;
        assert!(wei.reads(FIRST).await.form(&form).is_none() && room.members[6].reads(FIRST).await.form(&form).is_none());
        let fields = room.secretary.reads(FIRST).await.form(&form).expect("a form");
        let fields = |name: &'static str| {
            let mut all: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| *n != "name").collect();
            all.push(("name", name));
            all
        };
        let sheet: &[u8] = b"%PDF-1.4 signed";
        for (name, bytes, wrong) in [("", sheet, "enter-name"), ("许望舒", b"GIF89a" as &[u8], "enter-scan"), ("许望舒", b"", "enter-scan")] {
            let chosen = Chosen { field: "scan", name: "sheet.pdf", bytes };
            let again = room.secretary.uploads(&form, &fields(name), &[chosen]).await;
            assert!(again.status == Status::UnprocessableEntity && again.body.contains(&format!("{wrong}-error")), "{name}: {}", again.text());
            assert!(name.is_empty() || again.body.contains(name), "what was typed is kept");
        }
        let sent = room.secretary.uploads(&form, &fields("许望舒"), &[Chosen { field: "scan", name: "sheet.pdf", bytes: sheet }]).await;
        assert_eq!(sent.location.as_deref(), Some(FIRST), "{}", sent.text());
        let page = room.secretary.reads(FIRST).await;
        assert!(page.says("许望舒在纸上签的") && page.says("1项承诺，都签了") && page.body.contains("/meetings/1/scans/1"), "{}", page.text());
        // The party's own people are told, and read the sheet; outsiders do not.
        assert_eq!(town.letters("undertaking_entered").await, [louyi::kernel::outbox::Address::Person(town.representative.id)]);
        assert!(wei.reads(FIRST).await.body.contains("/meetings/1/scans/1"));
        assert_eq!(site.visitor().opens("/b/tingqiao/meetings/1/scans/1").await.status, Status::NotFound);
        // Answered is answered: neither again on paper nor by the party.
        let twice = room.secretary.uploads(&form, &fields("许望舒"), &[Chosen { field: "scan", name: "sheet.pdf", bytes: sheet }]).await;
        assert!(matches!(twice.status, Status::Conflict | Status::UnprocessableEntity), "{}", twice.text());
        assert!(wei.reads(FIRST).await.form(FIRST).is_none());
    }

    async fn only_the_party_itself_answers(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(ITEM, &format!("{ITEM}/undertakings"), &ASK).await;
        let wei = site.signed_in(&town.representative).await;
        let form = wei.reads(FIRST).await.form(FIRST).expect("a form");
        for other in [&town.neighbour, &town.staff, &town.staff_elsewhere] {
            let other = site.signed_in(other).await;
            let own = other.opens(COUNCIL).await;
            assert_eq!(own.status, Status::Ok);
            // Even with a token of their own they would have no form here: the domain says no.
            let fields: Vec<(&str, &str)> = form.iter().filter(|(n, _)| n != "token").map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let refused = other.posts(FIRST, &fields).await;
            assert_ne!(refused.status, Status::SeeOther);
        }
        for without in [&town.secretary, &town.convenor, &town.members[6], &town.editor] {
            let refused = site.signed_in(without).await.posts(FIRST, &[]).await;
            assert_eq!(refused.status, Status::Forbidden);
        }
        assert_eq!(site.visitor().posts(FIRST, &[]).await.status, Status::Unauthorized);
    }

    async fn a_refused_agreement_goes_back_to_the_list(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.convenor.does(LIVE_ITEM, &format!("{ITEM}/undertakings"), &ASK).await;
        room.signs_in([1, 2, 3, 4, 6, 7, 8, 9]).await;
        room.puts(&[]).await;
        room.opens_vote(1, "consensus").await;
        room.closes_vote(1).await;
        let reso = "/b/tingqiao/resolutions/2026-1";
        let wei = site.signed_in(&town.representative).await;
        wei.does(FIRST, FIRST, &[("answer", "refuse"), ("reply", "总部不同意移动打卡机")]).await;
        let page = room.secretary.reads(reso).await;
        assert!(page.says("总部不同意移动打卡机") && page.says("还不成立"), "{}", page.text());
        room.secretary.does(reso, &format!("{reso}/lapse"), &[]).await;
        assert!(room.secretary.reads(reso).await.says("未成立"));
        assert!(room.secretary.reads(COUNCIL).await.says("等着上会 1"), "{}", room.secretary.reads(COUNCIL).await.text());
        // What did not come to hold can no longer be published.
        assert!(room.secretary.reads(reso).await.forms().is_empty());
    }
}
