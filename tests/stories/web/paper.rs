//! Paper: forms that are printed, a meeting that was held on them and is entered afterwards, scans of its sheets.

use rocket::http::Status;

use super::meetings::{COUNCIL, ITEM, LIVE, LIVE_ITEM, MEETING, Room};
use crate::support::browser::Chosen;
use crate::support::on_both;

const NEW: &str = "/b/tingqiao/paper-meetings/new";
const ENTER: &str = "/b/tingqiao/paper-meetings";
const SCANS: &str = "/b/tingqiao/meetings/1/scans";

on_both! {
    async fn forms_are_printed_with_a_code_per_seat(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.puts(&[]).await;
        let page = room.secretary.reads("/b/tingqiao/meetings/1/paper").await;
        assert!(page.says("签到表") && page.says("记名票") && page.says("不记名票") && page.says("附：候梯记录"), "{}", page.text());
        let codes: Vec<&str> = page.body.split("<p class=\"mono\">").skip(1).filter_map(|p| p.split('<').next()).collect();
        let mut different = codes.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!((codes.len(), different.len()), (26, 26), "thirteen by name, thirteen without");
        let again = room.convenor.reads("/b/tingqiao/meetings/1/paper").await;
        assert!(codes.iter().all(|c| again.body.contains(c)), "printed again they are the same");
        assert_ne!(room.members[5].opens("/b/tingqiao/meetings/1/paper").await.status, Status::Ok);
    }

    async fn a_meeting_held_on_paper_is_entered_afterwards(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let held = |from, until| vec![("kind", "regular"), ("from", from), ("until", until), ("place", "南座18层")];
        let ahead = room.secretary.fills(NEW, ENTER, &held("2026-11-20T14:00", "2026-12-20T15:00")).await;
        assert!(ahead.fault("paper-until").is_some() && ahead.body.contains("2026-11-20T14:00"), "{}", ahead.text());
        let turned = room.secretary.fills(NEW, ENTER, &held("2026-11-20T15:00", "2026-11-20T14:00")).await;
        assert!(turned.fault("paper-until").is_some(), "{}", turned.text());
        assert_eq!(room.secretary.does(NEW, ENTER, &held("2026-11-20T14:00", "2026-11-20T15:30")).await, MEETING);
        room.secretary.does(MEETING, "/b/tingqiao/council/items/1/listing", &[]).await;
        let page = room.secretary.reads(MEETING).await;
        assert!(page.says("纸上开的会，开到15:30") && !page.says("发通知"), "{}", page.text());
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/session", &[]).await;
        let seats = "/b/tingqiao/meetings/1/seats";
        room.secretary.does(LIVE, seats, &[("everybody", "room")]).await;
        room.secretary.does(LIVE_ITEM, &format!("{ITEM}/referral"), &[("words", "转给业主大会决定。")]).await;
        room.secretary.does(LIVE, "/b/tingqiao/meetings/1/closing", &[]).await;
        let draft = room.secretary.reads("/b/tingqiao/meetings/1/minutes").await;
        assert!(draft.body.contains("2026年11月20日") && draft.body.contains("15:30散会") && draft.body.contains("转给业主大会决定"), "{}", draft.body);
        let lines = louyi::kernel::journal::of_object(town.house.read(), louyi::domain::meetings::by_number(town.house.read(), town.council.id, 1).await.expect("there").id.0).await.expect("lines");
        assert!(lines.iter().any(|l| l.act == "meeting_entered"), "who entered it, and when");
        assert!(site.visitor().reads(MEETING).await.says("补录"));
        assert!(site.visitor().reads(COUNCIL).await.body.contains(MEETING));
    }

    async fn scans_are_for_members_until_they_are_made_public(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let form = room.secretary.reads(MEETING).await.form(SCANS).expect("a form");
        let send = async |bytes: &'static [u8]| {
            let mut fields: Vec<(&str, &str)> = form.iter().filter(|(n, _)| n != "scan" && n != "title").map(|(n, v)| (n.as_str(), v.as_str())).collect();
            fields.push(("title", "签到表"));
            room.secretary.uploads(SCANS, &fields, &[Chosen { field: "scan", name: "sheet.pdf", bytes }]).await
        };
        let wrong = send(b"MZ is no scan").await;
        assert!(wrong.says("只收 PDF、JPEG、PNG"), "{}", wrong.text());
        assert_eq!(send(b"%PDF-1.7 sheet").await.status, Status::SeeOther);
        let one = format!("{SCANS}/1");
        assert_eq!(site.visitor().opens(&one).await.status, Status::NotFound);
        assert_eq!(room.members[3].opens(&one).await.body, "%PDF-1.7 sheet");
        room.secretary.does(MEETING, &one, &[("public", "yes")]).await;
        let public = site.visitor().opens(&one).await;
        assert!(public.status == Status::Ok && public.header("content-disposition").is_some_and(|h| h.starts_with("attachment")));
    }
}
