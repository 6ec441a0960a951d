//! Duty through its pages: kept by an organisation's own staff, read with names by colleagues, with hours by everybody.

use louyi::domain::duty;
use rocket::http::Status;

use crate::support::on_both;

const DUTY: &str = "/b/tingqiao/duty";
const EDIT: &str = "/b/tingqiao/duty/edit";

on_both! {
    async fn kept_and_read(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let (ana, bo) = (duty::handle(town.house.keys(), town.staff.id), duty::handle(town.house.keys(), town.colleague.id));
        let page = site.visitor().reads(DUTY).await;
        assert!(page.says("还没排班") && page.says("021-5550-0100") && !page.says("排班 /"), "{}", page.text());
        assert!(staff.reads("/desk").await.body.contains(DUTY));
        let shifts = format!("{DUTY}/shifts");
        // Wrong: the error stands beside its field, and what was typed is kept.
        let page = staff.fills(EDIT, &shifts, &[("person", &ana), ("from", "08:00"), ("to", "20:00")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.body.contains("id=\"shift-on-error\"") && page.says("请点哪几天"), "{}", page.text());
        assert!(page.body.contains(&format!("value=\"{ana}\" selected")));
        let days: Vec<(&str, &str)> = ["on_mon", "on_tue", "on_wed", "on_thu", "on_fri"].map(|d| (d, "1")).into();
        let with = |person: &'static str, more: &[(&'static str, &'static str)]| [&days[..], &[("person", person)], more].concat();
        let (ana, bo): (&'static str, &'static str) = (ana.leak(), bo.leak());
        staff.does(EDIT, &shifts, &with(ana, &[("from", "08:00"), ("to", "20:00")])).await;
        let page = staff.fills(EDIT, &shifts, &with(ana, &[("from", "12:00"), ("to", "13:00")])).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("时间叠在一起"), "{}", page.text());
        assert!(page.body.contains("name=\"on_mon\" value=\"1\" checked"), "ticks are kept");
        staff.does(EDIT, &shifts, &with(bo, &[("from", "20:00"), ("to", "08:00")])).await;
        let page = staff.reads(DUTY).await;
        assert!(page.says("Ana 到11月23日 周一 20:00") && page.says("20:00–次日08:00 Bo") && page.says("没排人"), "{}", page.text());
        let desk = staff.reads("/desk").await;
        assert!(desk.says("值班：Ana"), "{}", desk.text());
        // Everybody else reads hours, and no names.
        for reader in [site.visitor(), site.signed_in(&town.representative).await, site.signed_in(&town.fitter).await] {
            let page = reader.reads(DUTY).await;
            assert!(!page.says("Bo") && !page.body.contains(ana), "{}", page.text());
        }
        let page = site.visitor().reads(DUTY).await;
        assert!(page.says("有人值班 到11月23日 周一 20:00") && page.says("08:00–20:00"), "{}", page.text());
        assert!(site.signed_in(&town.secretary).await.reads(DUTY).await.says("Ana"), "the secretary reads names");
    }

    async fn away_and_handed_over(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let (ana, bo) = (duty::handle(town.house.keys(), town.staff.id), duty::handle(town.house.keys(), town.colleague.id));
        staff.does(EDIT, &format!("{DUTY}/rules"), &[("person", &ana), ("lowest", "1"), ("highest", "3")]).await;
        assert!(staff.reads(DUTY).await.says("1到3层 → Ana"), "{}", staff.reads(DUTY).await.text());
        let told = town.reports("候梯太久").await;
        assert_eq!(town.now(told.matter).await.person_id, Some(town.staff.id));
        let absences = format!("{DUTY}/absences");
        let page = staff.fills(EDIT, &absences, &[("person", &ana), ("from_day", "2026-11-25"), ("to_day", "2026-11-24"), ("stand_in", &bo)]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.body.contains("id=\"absence-to_day-error\"") && page.body.contains("value=\"2026-11-24\""), "{}", page.text());
        staff.does(EDIT, &absences, &[("person", &ana), ("from_day", "2026-11-23"), ("to_day", "2026-11-24"), ("stand_in", &bo)]).await;
        let page = staff.reads(DUTY).await;
        assert!(page.says("由Bo顶班") && page.says("手里还有1件") && page.says("TQ-1"), "{}", page.text());
        assert!(staff.reads("/desk").await.says("不在：Ana"));
        staff.does(DUTY, &format!("{absences}/1/hand-over"), &[]).await;
        assert_eq!(town.now(told.matter).await.person_id, Some(town.colleague.id));
        let story = staff.reads("/b/tingqiao/issues/1/work").await;
        assert!(story.says("照值班安排的第1条，定了经办人"), "{}", story.text());
        assert!(!site.visitor().reads("/b/tingqiao/issues/1").await.says("经办人"), "in whose hands it is, the public does not read");
        staff.does(EDIT, &format!("{absences}/1/end"), &[]).await;
        assert!(!staff.reads("/desk").await.says("不在：Ana"));
        // Put in another order, one act each; an order of before is not acted upon.
        let rules = format!("{DUTY}/rules");
        staff.does(EDIT, &rules, &[("person", &bo), ("lowest", "5")]).await;
        let order = format!("{DUTY}/rules/2/order");
        staff.does(EDIT, &order, &[]).await;
        let page = staff.reads(DUTY).await.text();
        assert!(page.find("5层以上").unwrap() < page.find("1到3层").unwrap(), "{page}");
        assert!(staff.reads(EDIT).await.form(&order).unwrap().contains(&("way".into(), "down".into())), "the first goes only down");
        let page = staff.fills(EDIT, &order, &[("way", "up")]).await;
        assert!(page.status == Status::Conflict && page.says("顺序刚有人动过"), "{} {}", page.status, page.text());
        // Removed by somebody else meanwhile: said, not a missing page.
        staff.does(EDIT, &format!("{DUTY}/rules/1/removal"), &[]).await;
        let token = staff.reads(EDIT).await.form(&format!("{DUTY}/rules")).unwrap();
        let token = token.iter().find(|(n, _)| n == "token").unwrap().1.clone();
        let page = staff.posts(&format!("{DUTY}/rules/1/removal"), &[("token", &token)]).await;
        assert!(page.status == Status::Conflict && page.says("已经有人去掉了"), "{} {}", page.status, page.text());
    }

    async fn who_has_left_leaves_a_gap_that_is_seen(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let (ana, bo) = (duty::handle(town.house.keys(), town.staff.id), duty::handle(town.house.keys(), town.colleague.id));
        let shifts = format!("{DUTY}/shifts");
        staff.does(EDIT, &shifts, &[("person", &ana), ("on_mon", "1"), ("from", "08:00"), ("to", "20:00")]).await;
        staff.does(EDIT, &format!("{DUTY}/rules"), &[("person", &ana), ("lowest", "1"), ("highest", "3")]).await;
        let (admin, other) = (site.signed_in(&town.administrator).await, site.signed_in(&town.colleague).await);
        assert!(!other.reads(DUTY).await.says("空出来的"));
        let person = louyi::domain::persons::by_id(town.house.read(), town.staff.id).await.unwrap().handle(town.house.keys());
        let page = format!("/b/tingqiao/people/{person}");
        admin.does(&page, &format!("{page}/departure"), &[("last_day", "2026-11-23")]).await;
        let page = other.reads(DUTY).await;
        assert!(page.says("空着 周一 08:00–20:00 原来是Ana") && page.says("1到3层的事 原来是Ana"), "{}", page.text());
        assert!(!site.visitor().reads(DUTY).await.says("空出来的"), "names are read by colleagues and the secretary");
        assert!(site.signed_in(&town.secretary).await.reads(DUTY).await.says("空着 周一"));
        other.does(EDIT, &shifts, &[("person", &bo), ("on_mon", "1"), ("from", "08:00"), ("to", "12:00")]).await;
        assert!(other.reads(EDIT).await.says("周一 12:00–20:00 原来是Ana"), "{}", other.reads(EDIT).await.text());
        other.does(EDIT, &format!("{DUTY}/shifts/1/gap"), &[]).await;
        other.does(DUTY, &format!("{DUTY}/rules/1/gap"), &[]).await;
        assert!(!other.reads(DUTY).await.says("空出来的"));
    }
}
