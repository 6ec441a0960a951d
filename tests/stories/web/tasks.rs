//! Tasks through their pages: whose they are, what a clock says, what is shown as evidence.

use chrono::Duration;
use louyi::domain::attachments;
use louyi::domain::messages::Voice;
use louyi::domain::tasks::{self, TaskState};
use rocket::http::Status;

use crate::support::on_both;

const ROOT: &str = "/b/tingqiao/issues/1";

fn at(path: &str) -> String {
    format!("{ROOT}/{path}")
}

on_both! {
    async fn only_whoever_has_it_carries_it_out(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let before = town.story(told.matter).await;
        // The property manager gave it, and can neither take it on nor report it done.
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(&at("tasks/1")).await;
        assert!(page.says("只有接这个单的单位能做"), "{}", page.text());
        assert!(!page.forms().contains(&at("tasks/1/acknowledgement")));
        assert!(staff.reads(&at("tasks/1/completion")).await.says("只有接这个单的单位能做"));
        // The one who does it does not verify it.
        town.fitter.finishes(task.id, "导靴换了").await.unwrap();
        let fitter = site.signed_in(&town.fitter).await;
        assert!(fitter.reads(&at("tasks/1")).await.says("做的人不能自己核"));
        assert_eq!(town.story(told.matter).await.len(), before.len() + 1);
        assert!(staff.reads(&at("tasks/1")).await.forms().contains(&at("tasks/1/verification")));
    }

    async fn it_is_given_back_once_and_in_time(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        town.staff.says(told.matter, Voice::Reporters, "请恒升来看").await.unwrap();
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.fills(&at("tasks/1/return"), &at("tasks/1/return"), &[("words", "不")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("太短了"), "{}", page.text());
        fitter.does(&at("tasks/1/return"), &at("tasks/1/return"), &[("words", "这台梯不归我们保养")]).await;
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(&at("work")).await;
        assert!(page.says("退回来了，另派一家") && page.says("这台梯不归我们保养"), "{}", page.text());
        town.staff.dispatches(told.matter, &town.contractor, "还是请你们看看").await.unwrap();
        assert!(fitter.reads(&at("tasks/2/return")).await.says("退过一次") || fitter.reads(&at("tasks/2/return")).await.says("只能退一次"));
        // It is asked first, and wants a reason; whoever has the task reads it.
        assert!(!staff.reads(&at("tasks/1")).await.forms().contains(&at("tasks/1/cancellation")));
        let page = staff.fills(&at("tasks/1/cancellation"), &at("tasks/1/cancellation"), &[]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert_eq!(tasks::by_number(town.house.read(), told.matter.0, 1).await.unwrap().state, TaskState::Returned, "nothing is cancelled by a slip");
        staff.does(&at("tasks/1/cancellation"), &at("tasks/1/cancellation"), &[("words", "另派了二号单")]).await;
        assert!(fitter.reads(&at("work")).await.says("另派了二号单"));
        town.staff.dispatches(told.matter, &town.manager, "贴告示").await.unwrap();
        town.lets_working_days_pass(1);
        assert!(staff.reads(&at("tasks/3/return")).await.says("退单要在派单后一个工作日内"));
    }

    async fn a_clock_stands_for_a_reason_and_the_due_date_moves(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.fills(&at("tasks/1/clock-stop"), &at("tasks/1/clock-stop"), &[("words", "板子周三到货")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity, "a reason is one of three: {}", page.text());
        page.shows("板子周三到货");
        fitter.does(&at("tasks/1/clock-stop"), &at("tasks/1/clock-stop"), &[("reason", "part"), ("words", "板子周三到货")]).await;
        let page = fitter.reads(&at("tasks/1")).await;
        assert!(page.says("钟停着：等配件") && page.says("报事人那边的钟从来不停"), "{}", page.text());
        assert!(fitter.reads(&at("tasks/1/clock-stop")).await.says("钟已经停着"));
        let before = tasks::by_id(town.house.read(), task.id).await.unwrap().due_at;
        town.lets_pass(Duration::days(2));
        fitter.does(&at("tasks/1"), &at("tasks/1/clock-run"), &[]).await;
        // Monday, on which it was given, is none of its five days; Tuesday is, and it stood.
        assert_eq!(tasks::by_id(town.house.read(), task.id).await.unwrap().due_at, before + Duration::days(1));
        let page = fitter.reads(&at("tasks/1")).await;
        assert!(page.says("停了1个，还剩4个") && page.says("还有4个工作日"), "the sum and the date say the same: {}", page.text());
    }

    async fn evidence_needs_words_and_keeps_them(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.fills(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "好")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("太短了"), "{}", page.text());
        fitter.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "导靴换了，试过二十次")]).await;
        assert_eq!(tasks::by_id(town.house.read(), task.id).await.unwrap().state, TaskState::Done);
        assert!(attachments::of_issue(town.house.read(), told.matter.0).await.unwrap().is_empty());
        // Of two who look at the same task, one was first.
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(&at("tasks/1")).await;
        let form = page.form(&at("tasks/1/verification")).expect("to be verified");
        town.secretary.on_task(task.id, async |act, t, i| t.send_back(act, i, "二层那台没换").await).await.unwrap();
        let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = staff.posts(&at("tasks/1/verification"), &fields).await;
        assert_eq!(answer.status, Status::Conflict);
        assert_eq!(tasks::by_id(town.house.read(), task.id).await.unwrap().state, TaskState::InWork);
    }

    async fn an_onlooker_learns_no_more_than_the_public(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let page = site.signed_in(&town.neighbour).await.reads(&at("tasks/1")).await;
        assert!(!page.says("检查2号梯"), "{}", page.text());
        assert!(page.forms().is_empty(), "{:?}", page.forms());
        assert!(!site.signed_in(&town.neighbour).await.reads(&at("work")).await.says("检查2号梯"));
    }
}
