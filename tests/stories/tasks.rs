//! Tasks: their life, who may do what, and the clock that stands only for a reason.

use chrono::Duration;
use louyi::domain::issues::IssueState;
use louyi::domain::messages::{self, Voice};
use louyi::domain::tasks::{self, StopReason, Task, TaskState, TaskVerb};
use louyi::kernel::outbox::Address;
use louyi::kernel::text::TextHash;

use crate::support::{Town, Who, on_both, refusal, shanghai};

const TABLE: &str = "
              acknowledge   start    finish  verify    send_back  return    cancel          unacknowledge
dispatched    acknowledged  in_work  done    -         -          returned  cancelled       -
acknowledged  -             in_work  done    -         -          returned  cancelled       dispatched
in_work       -             -        done    -         -          -         cancelled       -
done          -             -        -       verified  in_work    -         -               -
verified      -             -        -       -         -          -         -               -
returned      -             -        -       -         -          -         cancelled       -
cancelled     -             -        -       -         -          -         -               -
";

#[test]
fn every_state_and_every_verb() {
    let mut lines = TABLE.lines().filter(|l| !l.is_empty());
    let verbs: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(verbs, TaskVerb::ALL.iter().map(|v| v.as_str()).collect::<Vec<_>>());
    let mut states = vec![];
    for line in lines {
        let mut words = line.split_whitespace();
        let state: TaskState = words.next().unwrap().parse().unwrap();
        states.push(state);
        for verb in TaskVerb::ALL {
            let got = state.after(*verb);
            let expected = words.next().unwrap();
            assert_eq!(got.as_ref().map_or("-", |s| s.as_str()), expected, "{state} {}", verb.as_str());
            if let Err(r) = got {
                assert_eq!(r.key, "task_state");
                assert_eq!(r.with, [("verb", format!("@task_verbs.{}", verb.as_str())), ("state", format!("@task_states.{state}"))]);
            }
        }
    }
    assert_eq!(states, TaskState::ALL);
}

async fn now(town: &Town, task: &Task) -> Task {
    tasks::by_id(town.house.read(), task.id).await.unwrap()
}

async fn stops(who: &Who, task: &Task) -> louyi::kernel::error::Result<Task> {
    who.on_task(task.id, async |act, t, i| t.stop_clock(act, i, StopReason::Part, "等配件到货").await).await
}

async fn gives_back(who: &Who, task: &Task) -> louyi::kernel::error::Result<Task> {
    who.on_task(task.id, async |act, t, i| t.give_back(act, i, "不归我们维保").await).await
}

on_both! {
    async fn dispatched_acknowledged_begun_done_verified(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        assert_eq!((task.number, task.state, task.due_at), (1, TaskState::Dispatched, shanghai("2026-12-01 00:00")));
        assert_eq!(town.now(told.matter).await.state, IssueState::InWork);
        assert_eq!(town.letters("task_dispatched").await, [Address::Person(town.fitter.id)]);
        town.fitter.on_task(task.id, async |act, t, i| t.acknowledge(act, i).await).await.unwrap();
        town.fitter.on_task(task.id, async |act, t, i| t.begin(act, i).await).await.unwrap();
        assert_eq!(now(&town, &task).await.person_id, Some(town.fitter.id));
        let done = town.fitter.finishes(task.id, "换了导靴，试运行两小时").await.unwrap();
        assert_eq!((done.state, done.evidence.as_deref()), (TaskState::Done, Some("换了导靴，试运行两小时")));
        let verified = town.staff.verifies(task.id).await.unwrap();
        assert_eq!((verified.state, verified.verified_at), (TaskState::Verified, Some(town.house.now())));
        let acts = town.story(told.matter).await;
        assert_eq!(acts[3..], ["task_dispatched", "task_acknowledged", "task_started", "task_done", "task_verified"]);
        assert_eq!(town.now(told.matter).await.state, IssueState::InWork, "a task that is done closes nothing");
    }

    async fn only_those_whose_task_it_is(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        for who in [&town.staff, &town.representative, &town.secretary, &town.visitor()] {
            assert_eq!(refusal(who.finishes(task.id, "我替他们办好了").await), "only_own_task");
            assert_eq!(refusal(stops(who, &task).await), "only_own_task");
            assert_eq!(refusal(gives_back(who, &task).await), "only_own_task");
        }
    }

    async fn done_needs_evidence(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        assert_eq!(refusal(town.fitter.finishes(task.id, " \n ").await), "empty");
        assert_eq!(refusal(town.fitter.finishes(task.id, "好了").await), "too_short");
        assert_eq!(now(&town, &task).await.state, TaskState::Dispatched);
    }

    async fn whoever_did_the_work_does_not_verify_it(town: Town) {
        let told = town.reports("大堂地砖松动").await;
        town.staff.accepts(told.matter, "").await.unwrap();
        let own = town.staff.dispatches(told.matter, &town.manager, "换地砖").await.unwrap();
        town.staff.on_task(own.id, async |act, t, i| t.acknowledge(act, i).await).await.unwrap();
        town.staff.finishes(own.id, "换了三块地砖").await.unwrap();
        for who in [&town.staff, &town.colleague, &town.fitter, &town.representative] {
            assert_eq!(refusal(who.verifies(own.id).await), "only_giver");
        }
        // Nor the same person in another role.
        let both = Who::new(&town.house, town.staff.id, town.secretary.actor.clone());
        let actor = match &both.actor {
            louyi::kernel::act::Actor::Person { organisation, role, .. } => {
                louyi::kernel::act::Actor::Person { id: town.staff.id, organisation: *organisation, role }
            }
            _ => unreachable!(),
        };
        assert_eq!(refusal(Who::new(&town.house, town.staff.id, actor).verifies(own.id).await), "only_giver");
        town.secretary.verifies(own.id).await.unwrap();
    }

    async fn sent_back_with_words_that_stay(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        town.fitter.finishes(task.id, "检查过了没问题").await.unwrap();
        town.staff.on_task(task.id, async |act, t, i| t.send_back(act, i, "今早又响了，请再看").await).await.unwrap();
        let back = now(&town, &task).await;
        assert_eq!((back.state, back.done_at), (TaskState::InWork, None));
        let said = messages::of_issue(town.house.read(), told.matter.0).await.unwrap();
        let said = said.iter().find(|m| m.words.as_deref() == Some("今早又响了，请再看")).expect("the words are kept");
        assert_eq!(said.voice, Voice::Parties);
        // The journal's hash is of these words, under the salt that stands beside them.
        let hash = TextHash::of(said.words_salt.as_deref().unwrap(), said.words.as_deref().unwrap());
        assert_eq!(town.last(told.matter).await, louyi::domain::journal::Entry::TaskSentBack { number: 1, words: hash });
    }

    async fn given_back_once_within_a_day(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        assert_eq!(gives_back(&town.fitter, &task).await.unwrap().state, TaskState::Returned);
        let said = messages::of_issue(town.house.read(), told.matter.0).await.unwrap();
        assert!(said.iter().any(|m| m.words.as_deref() == Some("不归我们维保")), "the reason is kept");
        let again = town.staff.dispatches(told.matter, &town.contractor, "请再看合同第三条").await.unwrap();
        assert_eq!(again.number, 2);
        assert_eq!(refusal(gives_back(&town.fitter, &again).await), "returned_before");
        let other = town.staff.dispatches(told.matter, &town.egret, "请配合调整").await.unwrap();
        town.lets_working_days_pass(1);
        assert_eq!(refusal(gives_back(&town.neighbour, &other).await), "return_late");
    }

    async fn begun_work_is_not_given_back(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        town.fitter.on_task(task.id, async |act, t, i| t.begin(act, i).await).await.unwrap();
        assert_eq!(refusal(gives_back(&town.fitter, &task).await), "task_state");
    }

    async fn open_tasks_forbid_done(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        assert_eq!(refusal(town.staff.says_done(told.matter, "已经处理完毕").await), "tasks_open");
        town.staff.on_task(task.id, async |act, t, i| t.cancel(act, i, "不用换了").await).await.unwrap();
        assert_eq!(town.staff.says_done(told.matter, "已经处理完毕").await.unwrap().state, IssueState::Done);
    }

    async fn a_stopped_clock_moves_the_due_date_by_working_days(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        let reporters = town.now(told.matter).await;
        // From Tuesday noon to Friday noon: the ends of Tuesday, Wednesday and Thursday.
        town.it_is("2026-11-24 12:00");
        stops(&town.fitter, &task).await.unwrap();
        assert_eq!(refusal(stops(&town.fitter, &task).await), "clock_stands");
        town.it_is("2026-11-27 12:00");
        let run = town.fitter.on_task(task.id, async |act, t, i| t.run_clock(act, i).await).await.unwrap();
        assert_eq!(run.due_at, shanghai("2026-12-04 00:00"), "three working days later than 1 December");
        let after = town.now(told.matter).await;
        assert_eq!((after.result_due, after.first_answer_due), (reporters.result_due, reporters.first_answer_due), "the reporter's clock never stops");
        assert_eq!(town.story(told.matter).await[4..], ["clock_stopped", "clock_started"]);
    }

    async fn a_stop_within_one_day_moves_nothing(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        stops(&town.fitter, &task).await.unwrap();
        town.lets_pass(Duration::hours(8));
        let done = town.fitter.finishes(task.id, "配件到了，已换好").await.unwrap();
        assert_eq!(done.due_at, task.due_at, "finishing lets the clock run first");
        assert!(tasks::stops(town.house.read(), task.id).await.unwrap().iter().all(|s| s.ended_at.is_some()));
    }

    async fn a_stop_is_capped_and_ends_by_itself(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        stops(&town.fitter, &task).await.unwrap();
        let cap = shanghai("2026-12-08 00:00");
        assert_eq!(tasks::stops(town.house.read(), task.id).await.unwrap()[0].until_at_most, cap, "ten working days");
        assert_eq!(tasks::clocks_run_due(&town.house).await.unwrap(), 0);
        town.it_is("2026-12-20 09:00");
        assert_eq!(tasks::clocks_run_due(&town.house).await.unwrap(), 1);
        assert_eq!(tasks::clocks_run_due(&town.house).await.unwrap(), 0, "once");
        let run = now(&town, &task).await;
        // It stood over the ends of ten working days from 23 November, and not for the weeks after.
        assert_eq!(run.due_at, shanghai("2026-12-15 00:00"));
        assert_eq!(tasks::stops(town.house.read(), task.id).await.unwrap()[0].ended_at, Some(cap));
        assert_eq!(town.story(told.matter).await.last().unwrap(), "clock_started");
    }
}
