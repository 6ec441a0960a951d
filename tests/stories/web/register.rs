//! The register through its pages, and a motion's terms through its form.

use louyi::domain::resolutions::take_effect_due;
use rocket::http::Status;

use super::meetings::{LIVE_ITEM, Room};
use super::objections::{RESO, displayed};
use crate::support::on_both;

const REGISTER: &str = "/b/tingqiao/council/resolutions";

on_both! {
    async fn the_register_is_read_narrowed_and_taken_along(town: Town) {
        let site = town.site().await;
        let terms = [("force_until", "2027-06-30"), ("review_on", "2027-03-01"), ("measurer", "city-order"), ("closed_words", "夜间门禁密码另发"), ("closed_reason", "关系大楼安全")];
        let _room = displayed(&town, &site, &terms).await;
        let visitor = site.visitor();
        assert!(visitor.reads(REGISTER).await.says("这样筛下来一份也没有"), "on display, and not in force");
        assert!(visitor.reads(&format!("{REGISTER}?state=adopted")).await.says("汀桥〔2026〕第1号"));
        town.it_is("2026-12-08 09:00");
        assert_eq!(take_effect_due(&town.house).await.expect("runs"), 1);
        let page = visitor.reads(REGISTER).await;
        assert!(page.says("施行的共1份") && page.says("汀桥〔2026〕第1号") && page.says("过了自动失效"), "{}", page.text());
        assert!(visitor.reads(&format!("{REGISTER}?on=2026-12-01")).await.says("一份也没有"), "a week ago it did not hold");
        assert!(visitor.reads(&format!("{REGISTER}?year=2026&category=lift.queue&q=打卡机")).await.says("汀桥〔2026〕第1号"));
        assert!(visitor.reads(&format!("{REGISTER}?category=env.toilet")).await.says("一份也没有"));
        assert_eq!(visitor.opens(&format!("{REGISTER}?organisation=nobody")).await.status, Status::NotFound);
        assert_eq!(visitor.opens(&format!("{REGISTER}?after=x")).await.status, Status::NotFound);
        for bad in ["?on=2026-13-40", "?year=abc", "?state=gone", "?q=%25%27%22"] {
            assert_eq!(visitor.opens(&format!("{REGISTER}{bad}")).await.status, Status::Ok, "{bad}");
        }
        let csv = visitor.reads(&format!("{REGISTER}.csv")).await;
        assert!(csv.body.contains("汀桥〔2026〕第1号") && csv.body.contains("2027-06-30"), "{}", csv.body);
        let json: serde_json::Value = serde_json::from_str(&visitor.reads(&format!("{REGISTER}.json")).await.body).expect("JSON");
        assert_eq!((json["resolutions"][0]["state"].as_str(), json["resolutions"][0]["review"].as_str()), (Some("in_force"), Some("2027-03-01")));
        assert!(visitor.reads("/b/tingqiao/council").await.body.contains(REGISTER) && visitor.reads("/b/tingqiao").await.body.contains(REGISTER));
        // Its own page: what is not public, and why.
        let page = visitor.reads(RESO).await;
        assert!(page.says("关系大楼安全") && !page.says("门禁密码") && page.says("街道城管办来量"), "{}", page.text());
        assert!(site.signed_in(&town.neighbour).await.reads(RESO).await.says("夜间门禁密码另发"));
        assert!(!visitor.reads("/b/tingqiao/meetings/1/items/1/motions/1").await.says("门禁密码"));
        for kind in ["csv", "json"] {
            assert!(!visitor.reads(&format!("{REGISTER}.{kind}?state=all")).await.body.contains("门禁密码"), "{kind}");
        }
    }

    async fn what_is_wrong_with_a_motions_terms_stands_beside_its_field(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let put = "/b/tingqiao/meetings/1/items/1/motions";
        let good = [("title", "打卡机前移"), ("words", "打卡机移到一层闸机之前，先打卡后候梯。"), ("no_action", "各家照新的流程走。")];
        for (field, value, also) in [
            ("force_until", "昨天", None),
            ("review_on", "2026-11-01", None),
            ("closed_words", "夜间门禁密码另发", Some("closed_reason")),
            ("task_1_words", "贴时刻表", Some("task_1_organisation")),
            ("task_2_organisation", "nobody", None),
            ("measurer", "nobody", None),
        ] {
            let fields: Vec<(&str, &str)> = good.iter().copied().chain([(field, value)]).collect();
            let page = room.convenor.fills(LIVE_ITEM, put, &fields).await;
            let at = also.unwrap_or(field);
            assert_eq!(page.status, Status::UnprocessableEntity, "{field}: {}", page.text());
            assert!(page.fault(at).is_some() || page.fault(&format!("put-{at}")).is_some(), "{field}: {}", page.body);
            assert!(page.body.contains("先打卡后候梯"), "{field}: what was typed is kept");
        }
        let tenant = [("task_1_organisation", "sunflower"), ("task_1_words", "改班次"), ("task_1_due", "2026-12-20"), ("task_1_measure", "看记录")];
        let fields: Vec<(&str, &str)> = good.iter().copied().chain(tenant).collect();
        let page = room.convenor.fills(LIVE_ITEM, put, &fields).await;
        assert!(page.says("请他们签承诺"), "{}", page.text());
    }
}
