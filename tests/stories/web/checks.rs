//! Figures and effect checks through the pages: measured, judged by the rule, and back to the council by itself.

use louyi::domain::issues::IssueState;
use louyi::domain::tasks;
use rocket::http::Status;

use super::meetings::{COUNCIL, ITEM, LIVE_ITEM, Room};
use crate::support::on_both;

/// A resolution that promises 13.9 → 5.0 minutes holds, its one task is done, the first check is due.
async fn a_check_is_due(room: &Room<'_>, site: &crate::support::browser::Site) -> String {
    let town = &room.town;
    room.meets().await;
    let ask = [("organisation", "tq-property"), ("words", "两部梯直达10层以上"), ("measure", "运行记录"), ("due", "2026-12-20")];
    room.convenor.does(LIVE_ITEM, &format!("{ITEM}/undertakings"), &ask).await;
    room.signs_in([1, 2, 3, 4, 6, 7, 8, 9]).await;
    room.puts(&[("figure", "wait_median"), ("unit", "分钟"), ("before", "13.9"), ("target", "5"), ("check_days", "14,42")]).await;
    room.opens_vote(1, "consensus").await;
    room.closes_vote(1).await;
    let ana = site.signed_in(&town.staff).await;
    let page = format!("{ITEM}/undertakings/1");
    ana.does(&page, &page, &[("answer", "sign"), ("vouch", "1")]).await;
    let task = tasks::of_issue(town.house.read(), room.matter.0).await.expect("tasks").pop().expect("a task");
    town.staff.finishes(task.id, "运行两周，记录在案").await.expect("finished");
    town.staff.says_done(room.matter, "两部梯已经直达").await.expect("done");
    town.it_is("2026-12-15 10:00");
    format!("/b/tingqiao/issues/{}", town.now(room.matter).await.number)
}

on_both! {
    async fn figures_are_kept_as_they_were_typed(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let page = format!("/b/tingqiao/issues/{}/figures", town.now(room.matter).await.number);
        let good = [("figure", "wait_median"), ("value", "18.4"), ("unit", "分钟"), ("phase", "before"), ("sample", "20"), ("source", "秘书和物业一起读数")];
        for (field, wrong) in [("value", "十八"), ("value", "1.2345"), ("value", ""), ("unit", ""), ("source", ""), ("sample", "-3"), ("figure", "speed")] {
            let mut fields = good.to_vec();
            fields.iter_mut().filter(|(n, _)| *n == field).for_each(|f| f.1 = wrong);
            let refused = room.secretary.fills(&page, &page, &fields).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{field}={wrong}");
            let again = refused.form(&page).expect("the form again");
            assert_eq!(again.iter().find(|(n, _)| n == "source").map(|(_, v)| v.as_str()), Some(if field == "source" { wrong } else { "秘书和物业一起读数" }));
        }
        room.secretary.does(&page, &page, &good).await;
        let public = site.visitor().reads(&page).await;
        assert!(public.says("18.4分钟") && public.says("秘书和物业一起读数"), "{}", public.text());
        assert!(public.forms().is_empty());
        assert!(site.visitor().in_english().reads(&page).await.says("18.4 min"));
    }

    async fn a_check_that_reaches_the_target_is_effective(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let issue = a_check_is_due(&room, &site).await;
        let page = format!("{issue}/checks/1");
        let due = room.secretary.reads(&page).await;
        assert!(due.says("会前 13.9，目标 5.0分钟") && due.says("该核验了"), "{}", due.text());
        assert!(site.visitor().reads(&page).await.form(&page).is_none());
        let wrong = room.secretary.fills(&page, &page, &[("after", "4.65"), ("words", "二十人计时")]).await;
        assert!(wrong.says("小数点后最多1位"), "{}", wrong.text());
        room.secretary.does(&page, &page, &[("after", "4.6"), ("words", "二十人计时，中位4.6分钟")]).await;
        let made = site.visitor().reads(&page).await;
        assert!(made.says("13.9 → 4.6分钟，目标 5.0，达到了") && made.says("有效"), "{}", made.text());
        let reso = site.visitor().reads("/b/tingqiao/resolutions/2026-1").await;
        assert!(reso.says("有效"), "{}", reso.text());
        // Made once.
        let again = room.secretary.posts(&page, &[("after", "1"), ("words", "再来一次")]).await;
        assert_ne!(again.status, Status::SeeOther);
        assert_eq!(town.now(room.matter).await.state, IssueState::Done);
    }

    async fn a_failed_check_puts_the_matter_back_on_the_list(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let issue = a_check_is_due(&room, &site).await;
        let page = format!("{issue}/checks/1");
        room.secretary.does(&page, &page, &[("after", "12.8"), ("words", "排队没有变短")]).await;
        let made = room.secretary.reads(&page).await;
        assert!(made.says("没达到") && made.says("自动回到议事会的清单"), "{}", made.text());
        assert_eq!(town.now(room.matter).await.state, IssueState::OnAgenda);
        let list = room.secretary.reads(COUNCIL).await;
        assert!(list.says("核验没见效，下次必议"), "{}", list.text());
        // The check planned for later fell away with it.
        assert_eq!(room.secretary.opens(&format!("{issue}/checks/2")).await.status, Status::NotFound);
    }

    async fn from_the_story_to_the_ledger_and_back(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let issue = a_check_is_due(&room, &site).await;
        let visitor = site.visitor();
        assert!(!visitor.reads(&issue).await.says("两部梯直达10层以上”"), "what is not published yet is not quoted");
        let reso = "/b/tingqiao/resolutions/2026-1";
        room.secretary.does(reso, &format!("{reso}/publication"), &[]).await;
        let page = format!("{issue}/checks/1");
        room.secretary.does(&page, &page, &[("after", "4.6"), ("words", "二十人计时，中位4.6分钟")]).await;
        let story = visitor.reads(&issue).await;
        assert!(story.says("“两部梯直达10层以上”"), "what was promised: {}", story.text());
        story.shows(reso).shows(&format!("{reso}#effect"));
        // The last stop of the chain is what came of it, and leads back.
        let stop = scraper::Selector::parse(".chain li:last-child a").expect("a selector");
        let html = scraper::Html::parse_document(&story.body);
        let entry = html.select(&stop).next().and_then(|a| a.value().attr("href")).expect("a last stop").to_owned();
        let recorded = visitor.reads(&entry).await;
        assert!(recorded.says("核验"), "{}", recorded.text());
        recorded.shows(&format!("href=\"{issue}\"")).shows(&format!("href=\"{reso}\""));
        visitor.reads("/ledger/entries/0").await.shows(&format!("href=\"{issue}\"")).shows(&format!("href=\"{reso}\""));
        // So does the undertaking.
        let promise = visitor.reads(&format!("{ITEM}/undertakings/1")).await;
        promise.shows(&format!("href=\"{reso}\"")).shows(&format!("href=\"{issue}\"")).shows("href=\"/b/tingqiao/council\"").shows("class=\"mast\"");
    }
}
