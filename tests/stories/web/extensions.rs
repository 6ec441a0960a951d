//! More time for a task through its pages: the day is chosen, what stands against it is said beside its field, the desk of
//! whoever may grant it shows it, and those who reported read the new date.

use rocket::http::Status;

use crate::support::on_both;

const TASK: &str = "/b/tingqiao/issues/1/tasks/1";
const ASK: &str = "/b/tingqiao/issues/1/tasks/1/extension";
const RULE: &str = "/b/tingqiao/issues/1/tasks/1/extension/ruling";

on_both! {
    async fn asked_granted_and_told(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let (fitter, staff) = (site.signed_in(&town.fitter).await, site.signed_in(&town.staff).await);
        let page = fitter.reads(ASK).await;
        assert!(page.says("3个工作日，到12月3日 周四") && page.says("由汀桥物业或议事会秘书来定"), "{}", page.text());
        assert!(!page.says("6个工作日"), "not longer than the task itself");
        let page = fitter.fills(ASK, ASK, &[("words", "导靴厂家周四发货")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("请选一个理由"), "{}", page.text());
        page.shows("导靴厂家周四发货");
        let page = fitter.fills(ASK, ASK, &[("reason", "part"), ("days", ""), ("words", "导靴厂家周四发货")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("请选延到哪天"), "{}", page.text());
        fitter.does(ASK, ASK, &[("reason", "part"), ("days", "3"), ("words", "导靴厂家周四发货")]).await;
        let page = fitter.reads(TASK).await;
        assert!(page.says("恒升电梯想延3个工作日：配件没到") && page.says("等汀桥物业或议事会秘书决定"), "{}", page.text());
        assert!(fitter.reads(ASK).await.says("已经提过一次延期"));
        assert!(staff.reads("/b/tingqiao/issues/1/work").await.says("有延期待定"));
        let desk = staff.reads("/desk").await;
        assert!(desk.says("有延期待定") && desk.says("恒升电梯想延3个工作日：配件没到"), "{}", desk.text());
        assert!(desk.body.contains(RULE), "its line leads to where it is decided");
        assert!(!site.signed_in(&town.officer).await.reads("/desk").await.says("有延期待定"));
        assert!(staff.reads(TASK).await.says("恒升电梯想延期，等您决定"));
        let page = staff.fills(RULE, RULE, &[("ruling", "granted"), ("answer", "")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity, "{}", page.text());
        assert!(page.says("导靴厂家周四发货"), "what was asked stays in sight");
        staff.does(RULE, RULE, &[("ruling", "granted"), ("answer", "可以，货到当天装")]).await;
        let page = fitter.reads(TASK).await;
        let text = page.text();
        for said in ["原定11月30日 周一到期，同意延3个工作日，到12月3日 周四", "原来到这一天", "8个工作日", "可以，货到当天装"] {
            assert!(page.says(said), "{said}: {text}");
        }
        let receipt = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        let text = receipt.text();
        for said in ["恒升电梯的1号单延了3个工作日，到12月3日 周四", "原定11月30日 周一到期。配件没到。", "导靴厂家周四发货"] {
            assert!(receipt.says(said), "{said}: {text}");
        }
        assert!(!receipt.says("可以，货到当天装"), "that was for those who asked");
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("延了3个工作日") && !public.says("导靴厂家周四发货"), "{}", public.text());
        let clock = site.visitor().reads("/b/tingqiao/issues/1/clock").await;
        assert!(clock.says("恒升电梯的1号单原定11月30日 周一到期，同意延3个工作日"), "{}", clock.text());
        assert!(!staff.reads("/desk").await.says("有延期待定"));
    }

    async fn the_second_is_on_the_streets_desk(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let (fitter, staff) = (site.signed_in(&town.fitter).await, site.signed_in(&town.staff).await);
        let officer = site.signed_in(&town.officer).await;
        fitter.does(ASK, ASK, &[("reason", "access"), ("days", "1"), ("words", "18楼约了周三")]).await;
        staff.does(RULE, RULE, &[("ruling", "granted"), ("answer", "可以")]).await;
        fitter.does(ASK, ASK, &[("reason", "larger"), ("days", "2"), ("words", "轨道也要校")]).await;
        assert!(staff.reads(RULE).await.says("由街道部门决定"));
        assert!(!staff.reads(RULE).await.says("轨道也要校"), "not theirs to decide");
        let desk = officer.reads("/desk").await;
        assert!(desk.says("有延期待定") && desk.says("打开一看，比原来想的大"), "{}", desk.text());
        officer.does(RULE, RULE, &[("ruling", "refused"), ("answer", "原来的日子做得完")]).await;
        assert!(fitter.reads(TASK).await.says("原来的日子做得完"));
        let _ = task;
    }

    /// What was typed a moment too late is shown again, with what stands against it.
    async fn what_was_typed_too_late_is_kept(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        town.it_is("2026-11-30 23:50");
        let fitter = site.signed_in(&town.fitter).await;
        let form = fitter.reads(ASK).await.form(ASK).expect("a form");
        assert!(town.house.clock().set(task.due_at));
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| !matches!(*n, "days" | "words")).collect();
        fields.extend([("reason", "weather"), ("days", "2"), ("words", "屋面结冰，上不去")]);
        let page = fitter.posts(ASK, &fields).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("延期要在到期以前提"), "{} {}", page.status, page.text());
        page.shows("屋面结冰，上不去");
        let page = site.signed_in(&town.staff).await.reads(RULE).await;
        assert!(page.says("没有等着决定的延期"), "{}", page.text());
    }
}
