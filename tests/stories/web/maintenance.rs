//! Maintenance through its pages: planned by the property manager, read by everybody, done, late and found by who does it.

use louyi::domain::attachments;
use louyi::domain::duty;
use louyi::domain::issues;
use louyi::domain::maintenance;
use rocket::http::Status;

use super::pictures;
use crate::support::browser::Chosen;
use crate::support::on_both;

const PLANS: &str = "/b/tingqiao/plans";
const NEW: &str = "/b/tingqiao/plans/new";

/// What the property manager types.
const TYPED: &[(&str, &str)] = &[
    ("title", "东区电梯保养"),
    ("category", "lift.fault"),
    ("place", "S1E"),
    ("words", "清洁、润滑、查门锁"),
    ("steps", "断电挂牌\n试运行"),
    ("safety", "井道里两个人一起"),
    ("organisation", "lift-care"),
    ("rhythm", "days"),
    ("every", "14"),
    ("first_day", "2026-11-23"),
    ("within", "1"),
];

fn with(change: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    TYPED.iter().map(|(n, v)| (*n, change.iter().find(|(c, _)| c == n).map_or(*v, |(_, v)| *v))).collect()
}

on_both! {
    async fn planned_made_done_and_read(town: Town) {
        let site = town.site().await;
        let (staff, fitter, visitor) = (site.signed_in(&town.staff).await, site.signed_in(&town.fitter).await, site.visitor());
        assert!(visitor.reads("/b/tingqiao").await.body.contains(PLANS), "the building's page leads there");
        let page = visitor.reads(PLANS).await;
        assert!(page.says("还没排定期保养") && !page.body.contains(NEW), "{}", page.text());
        assert!(staff.reads(PLANS).await.body.contains(NEW));
        // Wrong: beside its field, and what was typed is kept.
        let page = staff.fills(NEW, PLANS, &with(&[("every", "30")])).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.fault("every").is_some_and(|f| f.contains("TSG T5002-2017")), "{}", page.text());
        assert!(page.body.contains("井道里两个人一起"));
        assert!(staff.fills(NEW, PLANS, &with(&[("every", "两周")])).await.fault("every").is_some());
        staff.does(NEW, PLANS, &with(&[])).await;
        let page = visitor.reads("/b/tingqiao/plans/1").await;
        assert!(page.says("每14天一次") && page.says("恒升电梯") || page.says("lift-care"), "{}", page.text());
        assert!(page.says("还没到第一次") && !page.says("井道里两个人一起") && !page.says("断电挂牌"), "{}", page.text());
        for reader in [&staff, &fitter] {
            assert!(reader.reads("/b/tingqiao/plans/1").await.says("井道里两个人一起"));
        }
        maintenance::make_due(&town.house).await.unwrap();
        assert!(visitor.reads("/b/tingqiao/plans/1").await.says("已派，还没做"));
        let matter = visitor.reads("/b/tingqiao/issues/1").await;
        assert!(matter.says("东区电梯保养") && matter.says("按计划做的保养") && !matter.says("我也遇到了"), "{}", matter.text());
        assert!(!matter.says("井道里两个人一起"), "{}", matter.text());
        assert!(!visitor.reads("/b/tingqiao/issues").await.says("东区电梯保养"), "it is in no list of what people said");
        assert!(!fitter.reads("/desk").await.says("保养过了日子"));
        town.lets_working_days_pass(1);
        assert!(fitter.reads("/desk").await.says("1次保养过了日子"), "{}", fitter.reads("/desk").await.text());
        assert!(visitor.reads(PLANS).await.says("1次过了日子还没做"), "{}", visitor.reads(PLANS).await.text());
        assert!(visitor.in_english().reads(PLANS).await.says("1 round past the day"));
    }

    async fn found_at_work_and_released(town: Town) {
        let (_, matter, _) = crate::maintenance::a_round(&town).await;
        let number = town.now(matter).await.number;
        let site = town.site().await;
        let (fitter, secretary) = (site.signed_in(&town.fitter).await, site.signed_in(&town.secretary).await);
        let task = format!("/b/tingqiao/issues/{number}/tasks/1");
        let (page, form) = (format!("{task}/finding"), format!("{task}/finding"));
        assert!(fitter.reads(&task).await.body.contains(&page));
        assert!(!site.signed_in(&town.staff).await.reads(&task).await.body.contains(&page), "only whoever has the task");
        let again = fitter.fills(&page, &form, &[("words", "短"), ("category", "env.waste"), ("place", "S1G")]).await;
        assert!(again.status == Status::UnprocessableEntity && again.fault("words").is_some(), "{}", again.text());
        let own = fitter.reads(&page).await.form(&form).expect("a form");
        let mut fields: Vec<(&str, &str)> = own.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.retain(|(n, _)| !["words", "category", "place"].contains(n));
        fields.extend([("words", "闸机旁堆着纸箱"), ("category", "env.waste"), ("place", "S1G")]);
        let photo = pictures::jpeg(800, 600);
        let sent = fitter.uploads(&form, &fields, &[Chosen { field: "photos", name: "IMG_2.JPG", bytes: &photo }]).await;
        assert_eq!(sent.status, Status::SeeOther, "{}", sent.text());
        let found = issues::by_number(town.house.read(), town.tower.id, number + 1).await.unwrap();
        let public = format!("/b/tingqiao/issues/{}", found.number);
        // Its picture is the parties' and the secretary's until it is released.
        let picture = attachments::of_issue(town.house.read(), found.id).await.unwrap().pop().expect("a picture");
        let (small, large) = (format!("/photos/{}.jpg", picture.thumb_hash), format!("/photos/{}.jpg", picture.hash));
        assert!(site.signed_in(&town.staff).await.reads(&format!("{public}/work")).await.body.contains(&small));
        assert!(secretary.reads(&format!("{public}/release")).await.body.contains(&small));
        assert!(!site.visitor().reads(&public).await.body.contains("/photos/"));
        assert_eq!(site.visitor().opens(&large).await.status, Status::NotFound);
        assert_eq!(fitter.opens(&large).await.status, Status::Ok);
        let read = site.visitor().reads(&public).await;
        assert!(read.says("干活的人发现的") && !read.says("纸箱"), "{}", read.text());
        assert!(!site.visitor().reads("/b/tingqiao/issues").await.says("纸箱"));
        assert!(site.signed_in(&town.staff).await.reads(&format!("{public}/work")).await.says("闸机旁堆着纸箱"));
        let queue = secretary.reads("/b/tingqiao/release").await;
        assert!(queue.says("干活时发现的") && queue.body.contains(&format!("{public}/release")), "{}", queue.text());
        assert!(secretary.reads(&format!("{public}/release")).await.says("闸机旁堆着纸箱"));
        secretary.does(&format!("{public}/release"), &format!("{public}/release"), &[("title", "闸机旁堆了纸箱"), ("summary", "")]).await;
        assert!(site.visitor().reads("/b/tingqiao/issues").await.says("闸机旁堆了纸箱"));
        assert!(!secretary.reads("/b/tingqiao/release").await.says("干活时发现的"));
    }

    async fn changed_and_ended_through_the_page(town: Town) {
        let site = town.site().await;
        let (staff, fitter) = (site.signed_in(&town.staff).await, site.signed_in(&town.fitter).await);
        let handle: &'static str = duty::handle(town.house.keys(), town.fitter.id).leak();
        staff.does(NEW, PLANS, &with(&[])).await;
        let edit = "/b/tingqiao/plans/1/edit";
        assert!(staff.reads(edit).await.body.contains("value=\"2026-11-23\""));
        let changed = [with(&[("title", "东区电梯半月保养"), ("every", "15"), ("first_day", "2026-11-25")]), vec![("person", handle)]].concat();
        staff.does(edit, "/b/tingqiao/plans/1", &changed).await;
        let page = site.visitor().reads("/b/tingqiao/plans/1").await;
        assert!(page.says("东区电梯半月保养") && page.says("每15天一次") && page.says("11月25日"), "{}", page.text());
        assert!(page.says("排好：每14天一次，从11月23日") && page.says("改过：每15天一次，从11月25日"), "{}", page.text());
        // Whoever works for a contractor keeps no plans here.
        assert_eq!(fitter.opens(NEW).await.status, Status::Forbidden);
        assert_eq!(fitter.opens(edit).await.status, Status::Forbidden);
        let ending = "/b/tingqiao/plans/1/ending";
        let page = staff.fills("/b/tingqiao/plans/1", ending, &[("why", "")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.fault("why").is_some(), "{}", page.text());
        staff.does("/b/tingqiao/plans/1", ending, &[("why", "换了新电梯")]).await;
        let page = site.visitor().reads("/b/tingqiao/plans/1").await;
        assert!(page.says("起不再做") && page.says("换了新电梯"), "{}", page.text());
        assert!(site.visitor().reads(PLANS).await.says("不再做的"));
        assert_eq!(staff.opens(edit).await.status, Status::Conflict);
    }
}
