//! What belongs to a task: steps, parts and cost, what to mind, a visit, pictures from before.

use chrono::Duration;
use louyi::domain::attachments::{self, Phase};
use louyi::domain::issues;
use louyi::domain::organisations::Organisation;
use louyi::domain::tasks::{self, NewVisit, Task, VisitAnswer};
use louyi::kernel::error::Result;
use louyi::kernel::outbox::Address;

use crate::support::people::Who;
use crate::support::photos::photo;
use crate::support::{Town, on_both, refusal};

async fn on<T>(who: &Who, task: &Task, deed: impl AsyncFnOnce(&louyi::kernel::act::Act, issues::Issue, Task) -> Result<T>) -> Result<T> {
    let (id, issue) = (task.id, task.issue_id);
    who.does(async |act| {
        let issue = issues::hold_by_id(act, issue).await?;
        let task = tasks::by_id(act.tx(), id).await?;
        deed(act, issue, task).await
    })
    .await
}

async fn visit(town: &Town, who: &Who, task: &Task, to: &Organisation, from: i64, until: i64) -> Result<tasks::Visit> {
    let now = town.house.now();
    let (from, until) = (now + Duration::hours(from), now + Duration::hours(until));
    on(who, task, async |act, issue, task| task.ask_visit(act, &issue, NewVisit { to, from, until, words: "检查吊顶" }).await).await
}

on_both! {
    async fn steps_are_ticked_before_it_is_done(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        for words in ["断电", "换导靴"] {
            on(&town.fitter, &task, async |act, issue, task| task.add_step(act, &issue, words).await).await.unwrap();
        }
        on(&town.staff, &task, async |act, issue, task| task.add_step(act, &issue, "试运行").await).await.unwrap();
        assert_eq!(refusal(on(&town.officer, &task, async |act, issue, task| task.add_step(act, &issue, "别家的").await).await), "only_party");
        assert_eq!(refusal(on(&town.staff, &task, async |act, issue, task| task.tick_step(act, &issue, 1, true).await).await), "only_own_task");
        assert_eq!(refusal(town.fitter.finishes(task.id, "导靴换好了").await), "steps_open");
        for position in [1, 2] {
            on(&town.fitter, &task, async |act, issue, task| task.tick_step(act, &issue, position, true).await).await.unwrap();
        }
        on(&town.fitter, &task, async |act, issue, task| task.tick_step(act, &issue, 2, false).await).await.unwrap();
        on(&town.fitter, &task, async |act, issue, task| task.tick_step(act, &issue, 2, true).await).await.unwrap();
        assert!(on(&town.fitter, &task, async |act, issue, task| task.drop_step(act, &issue, 1).await).await.is_err(), "what is done stays");
        on(&town.fitter, &task, async |act, issue, task| task.drop_step(act, &issue, 3).await).await.unwrap();
        town.fitter.finishes(task.id, "导靴换好了").await.unwrap();
        let steps = tasks::steps(town.house.read(), task.id).await.unwrap();
        assert_eq!(steps.iter().map(|s| (s.words.as_str(), s.done_by)).collect::<Vec<_>>(), [("断电", Some(town.fitter.id)), ("换导靴", Some(town.fitter.id))]);
        assert_eq!(refusal(on(&town.fitter, &task, async |act, issue, task| task.add_step(act, &issue, "还有").await).await), "task_state");
    }

    async fn what_it_needs_and_costs(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        on(&town.fitter, &task, async |act, issue, task| task.need_part(act, &issue, "导靴", 4, "1,280.50").await).await.unwrap();
        on(&town.fitter, &task, async |act, issue, task| task.need_part(act, &issue, "螺栓", 8, "").await).await.unwrap();
        assert_eq!(refusal(on(&town.fitter, &task, async |act, issue, task| task.need_part(act, &issue, "垫片", 0, "").await).await), "quantity");
        assert_eq!(refusal(on(&town.fitter, &task, async |act, issue, task| task.need_part(act, &issue, "垫片", 1, "很贵").await).await), "yuan");
        on(&town.fitter, &task, async |act, issue, task| task.part_came(act, &issue, 1).await).await.unwrap();
        on(&town.fitter, &task, async |act, issue, task| task.costs(act, &issue, "3600").await).await.unwrap();
        on(&town.staff, &task, async |act, issue, task| task.note_safety(act, &issue, "先断电挂牌").await).await.unwrap();
        assert_eq!(refusal(on(&town.staff, &task, async |act, issue, task| task.costs(act, &issue, "1").await).await), "only_own_task");
        let parts = tasks::parts(town.house.read(), task.id).await.unwrap();
        assert_eq!(parts.iter().map(|p| (p.quantity, p.cost_fen, p.came_at.is_some())).collect::<Vec<_>>(), [(4, Some(128_050), true), (8, None, false)]);
        let task = tasks::by_id(town.house.read(), task.id).await.unwrap();
        assert_eq!((task.cost_fen, task.safety.as_str()), (Some(360_000), "先断电挂牌"));
    }

    async fn a_tenant_is_asked_and_answers(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        assert_eq!(refusal(visit(&town, &town.fitter, &task, &town.sunflower, -1, 1).await), "visit_past");
        assert_eq!(refusal(visit(&town, &town.fitter, &task, &town.sunflower, 2, 11).await), "visit_span");
        assert_eq!(refusal(visit(&town, &town.fitter, &task, &town.manager, 2, 4).await), "visit_whom");
        assert_eq!(refusal(visit(&town, &town.officer, &task, &town.sunflower, 2, 4).await), "only_party");
        visit(&town, &town.fitter, &task, &town.sunflower, 24, 26).await.unwrap();
        assert_eq!(town.letters("visit_asked").await, [Address::Person(town.representative.id)]);
        assert_eq!(refusal(visit(&town, &town.fitter, &task, &town.sunflower, 30, 31).await), "visit_asked");
        let says = async |who: &Who, position, answer, words: &str| {
            let words = words.to_owned();
            on(who, &task, async |act, issue, task| task.answer_visit(act, &issue, position, answer, &words).await).await
        };
        assert_eq!(refusal(says(&town.neighbour, 1, VisitAnswer::Agreed, "").await), "only_party", "not their rooms");
        assert_eq!(refusal(says(&town.representative, 1, VisitAnswer::Declined, "").await), "empty", "a no has words");
        says(&town.representative, 1, VisitAnswer::Agreed, "").await.unwrap();
        assert!(town.letters("visit_answered").await.contains(&Address::Person(town.fitter.id)));
        assert_eq!(refusal(says(&town.representative, 1, VisitAnswer::Agreed, "").await), "visit_answered");
        says(&town.fitter, 1, VisitAnswer::CalledOff, "配件没到").await.unwrap();
        // Another time, agreed on the telephone.
        visit(&town, &town.fitter, &task, &town.sunflower, 48, 49).await.unwrap();
        assert_eq!(refusal(says(&town.fitter, 2, VisitAnswer::Agreed, "").await), "empty", "who said so, and how");
        says(&town.fitter, 2, VisitAnswer::Agreed, "前台电话里答应的").await.unwrap();
        let visits = tasks::visits(town.house.read(), task.id).await.unwrap();
        assert_eq!(visits[1].answered_for, Some(town.contractor.id), "written down by those who do the work, not said by the tenant");
        town.lets_pass(Duration::hours(50));
        assert_eq!(refusal(says(&town.representative, 2, VisitAnswer::Declined, "来不及").await), "visit_over");
    }

    async fn how_it_was_and_how_it_is(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        on(&town.fitter, &task, async |act, issue, task| task.picture(act, &issue, Phase::Before, vec![photo(1)]).await).await.unwrap();
        assert_eq!(refusal(on(&town.fitter, &task, async |act, issue, task| task.picture(act, &issue, Phase::Before, vec![]).await).await), "photo_none");
        on(&town.fitter, &task, async |act, issue, task| task.picture(act, &issue, Phase::Signature, vec![photo(9)]).await).await.unwrap();
        on(&town.fitter, &task, async |act, issue, task| task.done(act, &issue, "导靴换好了", vec![photo(2)]).await).await.unwrap();
        let kept = attachments::of_issue(town.house.read(), task.issue_id).await.unwrap();
        assert_eq!(kept.iter().map(|a| a.phase).collect::<Vec<_>>(), [Some(Phase::Before), Some(Phase::Signature), Some(Phase::After)]);
    }
}
