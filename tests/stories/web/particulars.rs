//! A task's particulars through its page, a tenant's answer, a signature, and the round.

use rocket::http::Status;

use crate::support::on_both;

const TASK: &str = "/b/tingqiao/issues/1/tasks/1";

fn at(path: &str) -> String {
    format!("{TASK}/{path}")
}

on_both! {
    async fn what_belongs_to_a_task(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let (fitter, staff) = (site.signed_in(&town.fitter).await, site.signed_in(&town.staff).await);
        let page = fitter.fills(TASK, &at("steps"), &[("step", "")]).await;
        assert_eq!((page.status, page.fault("step-step").is_some()), (Status::UnprocessableEntity, true), "{}", page.text());
        fitter.does(TASK, &at("steps"), &[("step", "先断电")]).await;
        staff.does(TASK, &at("steps"), &[("step", "试运行")]).await;
        fitter.does(TASK, &at("steps/1/tick"), &[]).await;
        let page = fitter.reads(TASK).await;
        assert!(page.says("步骤 1/2") && page.says("试运行"), "{}", page.text());
        let page = fitter.fills(TASK, &at("parts"), &[("part", "导靴"), ("quantity", "4"), ("cost", "很贵")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("写元，比如 1280"), "{}", page.text());
        page.shows("很贵");
        fitter.does(TASK, &at("parts"), &[("part", "导靴"), ("quantity", "4"), ("cost", "1280.5")]).await;
        fitter.does(TASK, &at("parts/1/arrival"), &[]).await;
        fitter.does(TASK, &at("safety"), &[("safety", "井道里有人，先挂牌")]).await;
        let page = staff.reads(TASK).await;
        assert!(page.says("导靴，4件，1,280.50元") && page.says("井道里有人，先挂牌") && page.says("总花费还没写"), "{}", page.text());
        fitter.does(TASK, &at("cost"), &[("cost", "3600")]).await;
        assert!(fitter.reads(TASK).await.says("一共花了3,600元"));
        // Not for those who do not work on it, and not for the public.
        for reader in [site.signed_in(&town.neighbour).await, site.signed_in(&town.officer).await] {
            let page = reader.reads(TASK).await;
            assert!(!page.says("导靴，4件") && !page.says("3,600元") && !page.says("先断电"), "{}", page.text());
        }
        let page = fitter.fills(&at("completion"), &at("completion"), &[("evidence", "导靴换好了")]).await;
        assert!(page.status == Status::Conflict && page.says("还有1步没有勾"), "{}", page.text());
    }

    async fn a_tenant_answers_on_its_own_page(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.fills(&at("visit"), &at("visit"), &[("to", &town.sunflower.slug), ("from", "昨天"), ("words", "检查吊顶")]).await;
        assert_eq!((page.status, page.fault("from").is_some()), (Status::UnprocessableEntity, true), "{}", page.text());
        page.shows("检查吊顶");
        let fields = [("to", town.sunflower.slug.as_str()), ("from", "2026-11-24T10:00"), ("until", "2026-11-24T12:00"), ("words", "检查吊顶")];
        fitter.does(&at("visit"), &at("visit"), &fields).await;
        assert!(fitter.reads(TASK).await.says("等租户回话"));
        let tenant = site.signed_in(&town.representative).await;
        // It stands on the tenant's desk, and is counted there, and nowhere else.
        let desk = tenant.reads("/desk").await;
        assert!(desk.says("检查吊顶") && desk.says("等您回话") && desk.says("1件，按到期先后"), "{}", desk.text());
        assert!(desk.body.contains(&format!("href=\"{}\"", at("visits/1/answer"))), "{}", desk.body);
        assert!(tenant.reads("/desk?view=all").await.says("检查吊顶"));
        for other in [site.signed_in(&town.neighbour).await, site.signed_in(&town.staff).await, site.signed_in(&town.fitter).await] {
            assert!(!other.reads("/desk").await.says("等您回话"));
        }
        let page = tenant.reads(TASK).await;
        assert!(page.says("检查吊顶") && !page.says("更换"), "the visit, and not how it is done: {}", page.text());
        let answer = at("visits/1/answer");
        assert!(tenant.reads(&answer).await.says("可以，有人在"));
        assert_eq!(site.signed_in(&town.neighbour).await.opens(&answer).await.status, Status::Forbidden, "another tenant");
        tenant.does(&answer, &answer, &[("answer", "agreed")]).await;
        let desk = tenant.reads("/desk").await;
        assert!(!desk.says("检查吊顶") && desk.says("眼下没有要您办的"), "{}", desk.text());
        assert!(fitter.reads(TASK).await.says("租户答应了"));
    }

    async fn signed_on_the_screen(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let completion = at("completion");
        let page = fitter.fills(&completion, &completion, &[("evidence", "导靴换好了"), ("signature", "data:image/png;base64,xx")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("签的字没有读出来"), "{}", page.text());
        page.shows("导靴换好了");
        let png = crate::photos::written(crate::photos::halves(640, 220), image::ImageFormat::Png);
        let drawn = format!("data:image/png;base64,{}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, png));
        fitter.does(&completion, &completion, &[("evidence", "导靴换好了"), ("signature", &drawn)]).await;
        assert!(site.signed_in(&town.staff).await.reads(TASK).await.says("租户签的字"));
    }

    async fn what_was_ticked_without_a_network_is_sent_afterwards(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        for words in ["先断电", "换导靴", "试运行"] {
            fitter.does(TASK, &at("steps"), &[("step", words)]).await;
        }
        let tick = |n: i32| at(&format!("steps/{n}/tick"));
        let round = fitter.reads("/desk/round").await;
        assert!(round.says("先断电") && round.form(&tick(1)).is_none(), "nobody has taken it on: {}", round.text());
        fitter.does("/desk/round", &at("acknowledgement"), &[]).await;
        // What the phone has kept: the page as it was before a signal went.
        let kept = fitter.reads("/desk/round").await;
        let waits = |action: &str| kept.form(action).expect("a form on the round");
        fn as_sent(fields: &[(String, String)]) -> Vec<(&str, &str)> {
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
        }
        // In its order: begun, and two steps ticked, each with the versions of the page.
        for action in [at("start"), tick(1), tick(2)] {
            let page = fitter.posts(&action, &as_sent(&waits(&action))).await;
            assert_eq!(page.status, Status::SeeOther, "{action}: {}", page.text());
        }
        // The same again, from an impatient thumb: it is ticked, and that is all.
        assert_eq!(fitter.posts(&tick(2), &as_sent(&waits(&tick(2)))).await.status, Status::SeeOther);
        assert_eq!(town.story(told.matter).await.iter().filter(|a| *a == "task_step_ticked").count(), 2);
        // A colleague has looked, and opened it again: that is not written over.
        fitter.does(TASK, &tick(2), &[]).await;
        let page = fitter.posts(&tick(2), &as_sent(&waits(&tick(2)))).await;
        assert_eq!(page.status, Status::Conflict, "{}", page.text());
        fitter.does(TASK, &at("steps/3/removal"), &[]).await;
        assert_eq!(fitter.posts(&tick(3), &as_sent(&waits(&tick(3)))).await.status, Status::NotFound, "it is not needed any more");
        let steps = louyi::domain::tasks::steps(town.house.read(), task.id).await.unwrap();
        assert_eq!(steps.iter().map(|s| (s.position, s.done_at.is_some())).collect::<Vec<_>>(), [(1, true), (2, false)]);
        let page = fitter.reads("/desk/round").await;
        assert!(!page.says("先断电") && page.says("换导靴"), "what is open: {}", page.text());
        page.shows("data-https=\"这样进来，没有信号时打不开");
    }

    async fn a_round_floor_by_floor(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.reads("/desk/round").await;
        assert!(page.says("1件要去做的") && page.says("南座1F东电梯厅"), "{}", page.text());
        assert!(fitter.reads("/desk").await.says("去巡楼"));
        let forms = page.forms();
        let act = forms.iter().find(|f| f.starts_with(TASK)).expect("its next step").clone();
        fitter.does("/desk/round", &act, &[]).await;
        let moved = louyi::domain::tasks::by_id(town.house.read(), task.id).await.unwrap();
        assert!(moved.version > task.version);
        assert!(site.signed_in(&town.staff_elsewhere).await.reads("/desk/round").await.says("现在没有要去做的"));
    }
}
