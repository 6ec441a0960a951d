//! Supervision through its pages: on the street's desk, on the matter's page, and a note with a day.

use louyi::domain::messages::Voice;
use louyi::domain::{reminders, supervisions};
use rocket::http::Status;

use crate::support::on_both;

const PAGE: &str = "/b/tingqiao/issues/1/supervision";
const WORK: &str = "/b/tingqiao/issues/1/work";

on_both! {
    async fn reported_taken_up_and_done(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        town.staff.says(told.matter, Voice::Reporters, "已派人检查").await.unwrap();
        for now in ["2026-11-27 09:00", "2026-11-30 08:30"] {
            town.it_is(now);
            reminders::send_due(&town.house).await.unwrap();
        }
        let site = town.site().await;
        let officer = site.signed_in(&town.officer).await;
        assert!(officer.reads(PAGE).await.says("没有报到街道的"));
        assert!(!officer.reads("/desk").await.says("已报街道督办"));
        town.it_is("2026-12-04 09:00");
        reminders::send_due(&town.house).await.unwrap();
        assert_eq!(supervisions::raise_due(&town.house).await.unwrap(), 1);
        let officer = site.signed_in(&town.officer).await;
        let desk = officer.reads("/desk").await;
        assert!(desk.says("督办") && desk.says("恒升电梯的1号单") && desk.says("已催办两次，12月4日已报街道督办"), "{}", desk.text());
        assert!(desk.body.contains(PAGE));
        let page = officer.reads(PAGE).await;
        assert!(page.says("已催办两次，12月4日已报街道督办") && !page.says("检查2号梯"), "{}", page.text());
        let page = officer.fills(PAGE, PAGE, &[("words", "请修好并回话"), ("by_day", "2026-12-03")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("日期要在今天以后"), "{}", page.text());
        page.shows("请修好并回话");
        officer.does(PAGE, PAGE, &[("words", "请修好并回话"), ("by_day", "2026-12-08")]).await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.reads(WORK).await;
        let text = page.text();
        for said in ["恒升电梯的1号单：已催办两次，12月4日已报街道督办，街道要12月8日前有结果", "请修好并回话", "街道城管办督办：12月8日前要有结果"] {
            assert!(page.says(said), "{said}: {text}");
        }
        let desk = fitter.reads("/desk").await;
        assert!(desk.says("已催办两次，12月4日已报街道督办"), "{}", desk.text());
        let receipt = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(receipt.says("恒升电梯的1号单晚了几天，报了街道督办") && !receipt.says("请修好并回话"), "{}", receipt.text());
        assert!(!site.visitor().reads("/b/tingqiao/issues/1").await.says("督办"));
        let onlooker = site.signed_in(&town.neighbour).await.reads(WORK).await;
        assert!(!onlooker.says("请修好并回话"), "{}", onlooker.text());
        town.fitter.finishes(task.id, "导靴换好了").await.unwrap();
        assert!(!officer.reads("/desk").await.says("已报街道督办"));
    }
}
