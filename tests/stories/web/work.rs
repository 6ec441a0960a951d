//! One matter at work: every verb through its page, in the order of a lift's day.

use rocket::http::Status;

use crate::support::on_both;

const ROOT: &str = "/b/tingqiao/issues/1";

fn at(path: &str) -> String {
    format!("{ROOT}/{path}")
}

on_both! {
    async fn from_the_first_answer_to_done(town: Town) {
        let told = town.reports("三号梯外呼按钮按了不亮").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let desk = staff.reads("/desk").await;
        assert!(desk.says("三号梯外呼按钮按了不亮") && desk.says("受理"), "{}", desk.text());

        let page = staff.reads(&at("work")).await;
        assert!(page.says("1人等着：受理，先回一句话"), "{}", page.text());
        let next = staff.does(&at("acceptance"), &at("acceptance"), &[("answer", "下午去看。")]).await;
        assert_eq!(next, at("work"));

        staff.does(&at("questions"), &at("questions"), &[("words", "哪一层？")]).await;
        staff.does(&at("category"), &at("category"), &[("category", "lift.fault")]).await;
        staff.does(&at("tasks"), &at("tasks"), &[("to", "lift-care"), ("words", "换三号梯按钮板"), ("days", "3"), ("measure", "按二十次都亮")]).await;

        let fitter = site.signed_in(&town.fitter).await;
        let desk = fitter.reads("/desk").await;
        assert!(desk.says("换三号梯按钮板"), "{}", desk.text());
        let task = at("tasks/1");
        assert!(fitter.reads(&task).await.says("一个工作日内退回"));
        fitter.does(&task, &at("tasks/1/acknowledgement"), &[]).await;
        fitter.does(&task, &at("tasks/1/start"), &[]).await;
        fitter.does(&at("tasks/1/clock-stop"), &at("tasks/1/clock-stop"), &[("reason", "part"), ("words", "板子周三到货")]).await;
        assert!(fitter.reads(&task).await.says("等配件"));
        fitter.does(&task, &at("tasks/1/clock-run"), &[]).await;
        fitter.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "板子换好，二十次都亮。")]).await;

        assert!(staff.reads(&at("work")).await.says("去看一眼"));
        staff.does(&at("tasks/1/send-back"), &at("tasks/1/send-back"), &[("words", "二层那块不亮")]).await;
        fitter.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "二层也换了。")]).await;
        staff.does(&task, &at("tasks/1/verification"), &[]).await;

        let page = staff.reads(&at("completion")).await;
        assert!(page.says("二层也换了。"), "what the task says is where one begins to write: {}", page.text());
        staff.does(&at("completion"), &at("completion"), &[("evidence", "按钮板换好了。")]).await;
        assert!(staff.reads(&at("work")).await.says("已办待确认"));
        assert!(staff.reads("/desk?view=confirm").await.says("三号梯外呼按钮按了不亮"));
        assert_eq!(
            town.story(told.matter).await,
            [
                "issue_received", "report_received", "issue_accepted", "message_sent", "first_answered", "question_asked", "category_changed",
                "task_dispatched", "task_acknowledged", "task_started", "clock_stopped", "clock_started", "task_done", "message_sent",
                "task_sent_back", "task_done", "task_verified", "message_sent", "issue_done",
            ]
        );
    }

    async fn nobody_else_is_let_in(town: Town) {
        town.reports("三号梯外呼按钮按了不亮").await;
        let site = town.site().await;
        assert_eq!(site.visitor().opens(&at("work")).await.status, Status::SeeOther);
        assert_eq!(site.signed_in(&town.staff_elsewhere).await.opens(&at("work")).await.status, Status::Forbidden);
    }
}
