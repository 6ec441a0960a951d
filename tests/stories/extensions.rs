//! More time for a task: asked for before the day, granted by somebody else, and told to those who reported.

use louyi::domain::tasks::{self, Decider, Decision, Extension, ExtensionReason, StopReason, Task};
use louyi::kernel::error::{Error, Result};
use louyi::kernel::outbox::Address;
use rocket::tokio;

use crate::support::verbs::motion;
use crate::support::{Town, Who, on_both, refusal, shanghai};

async fn asks(who: &Who, task: &Task, days: u32) -> Result<Task> {
    who.on_task(task.id, async |act, t, i| t.ask_extension(act, i, ExtensionReason::Part, days, "导靴厂家周四发货").await).await
}

async fn grants(who: &Who, task: &Task) -> Result<Task> {
    who.on_task(task.id, async |act, t, i| t.grant_extension(act, i, "可以，货到当天装").await).await
}

async fn refuses(who: &Who, task: &Task) -> Result<Task> {
    who.on_task(task.id, async |act, t, i| t.refuse_extension(act, i, "库里有备件，先用备件").await).await
}

async fn of(town: &Town, task: &Task) -> Vec<Extension> {
    tasks::extensions(town.house.read(), [task.id]).await.expect("extensions")
}

on_both! {
    async fn it_is_asked_for_and_granted_by_somebody_else(town: Town) {
        let told = town.says("南座2号梯有异响").by_mail("lin@example.org").files().await;
        town.staff.accepts(told.matter, "已派人看").await.unwrap();
        let task = town.staff.dispatches(told.matter, &town.contractor, "检查2号梯").await.unwrap();
        let before = town.now(told.matter).await;
        town.letters_arrive().await;
        let asked = asks(&town.fitter, &task, 3).await.unwrap();
        assert_eq!(asked.due_at, task.due_at, "while it is asked the clock runs on");
        let to = town.letters("extension_asked").await;
        assert!([&town.staff, &town.colleague, &town.secretary].iter().all(|w| to.contains(&Address::Person(w.id))), "{to:?}");
        assert!(!to.contains(&Address::Person(town.fitter.id)) && !to.contains(&Address::Person(town.officer.id)));
        let longer = grants(&town.staff, &task).await.unwrap();
        assert_eq!((task.due_at, longer.due_at), (shanghai("2026-12-01 00:00"), shanghai("2026-12-04 00:00")));
        assert!(town.letters("extension_granted").await.contains(&Address::Person(town.fitter.id)));
        assert_eq!(town.letters("extended").await, vec![Address::Report(told.report)], "told before the first day has passed");
        let after = town.now(told.matter).await;
        assert_eq!((after.result_due, after.first_answer_due), (before.result_due, before.first_answer_due), "the reporter's clock is not the task's");
        assert_eq!(town.story(told.matter).await.iter().rev().take(2).collect::<Vec<_>>(), ["extension_granted", "extension_asked"]);
        let kept = &of(&town, &task).await[0];
        assert_eq!((kept.decision, kept.due_after, kept.decided_by), (Some(Decision::Granted), Some(longer.due_at), Some(town.staff.id)));
    }

    async fn refused_it_stays_as_it_was(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        assert_eq!(refuses(&town.secretary, &task).await.unwrap().due_at, task.due_at);
        assert!(town.letters("extension_refused").await.contains(&Address::Person(town.fitter.id)));
        assert!(town.letters("extended").await.is_empty());
        assert_eq!(town.story(told.matter).await.last().unwrap(), "extension_refused");
        assert_eq!(refusal(grants(&town.staff, &task).await), "extension_none");
        // What was refused is no extension: another may be asked for.
        asks(&town.fitter, &task, 1).await.unwrap();
    }

    async fn what_stands_against_asking(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        assert_eq!(refusal(asks(&town.staff, &task, 1).await), "only_own_task");
        for days in [0, 6, 5_000_000] {
            assert_eq!(refusal(asks(&town.fitter, &task, days).await), "extension_days", "{days} of five");
        }
        let short = town.fitter.on_task(task.id, async |act, t, i| t.ask_extension(act, i, ExtensionReason::Weather, 1, "雨").await).await;
        assert_eq!(refusal(short), "too_short");
        asks(&town.fitter, &task, 5).await.unwrap();
        assert_eq!(refusal(asks(&town.fitter, &task, 1).await), "extension_open");
        refuses(&town.staff, &task).await.unwrap();
        assert!(town.house.clock().set(task.due_at));
        assert_eq!(refusal(asks(&town.fitter, &task, 1).await), "extension_late");
        town.fitter.finishes(task.id, "导靴换好了").await.unwrap();
        assert_eq!(refusal(asks(&town.fitter, &task, 1).await), "task_state");
    }

    /// The first is the holder's or the secretary's to grant, the second the street's, and there is no third.
    async fn who_decides(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        for other in [&town.officer, &town.chamber_officer, &town.neighbour, &town.editor, &town.fitter] {
            assert_eq!(refusal(grants(other, &task).await), "only_extension_holder");
        }
        grants(&town.secretary, &task).await.unwrap();
        asks(&town.fitter, &task, 5).await.unwrap();
        assert_eq!(of(&town, &task).await[1].decider, Decider::Department);
        assert!(town.letters("extension_asked").await.contains(&Address::Person(town.officer.id)));
        for other in [&town.staff, &town.secretary, &town.chamber_officer] {
            assert_eq!(refusal(grants(other, &task).await), "only_extension_department");
        }
        assert_eq!(grants(&town.officer, &task).await.unwrap().due_at, shanghai("2026-12-10 00:00"), "five, two and five working days");
        assert_eq!(refusal(asks(&town.fitter, &task, 1).await), "extension_most");
    }

    async fn nobody_grants_their_own(town: Town) {
        let told = town.reports("大堂太冷").await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        let task = town.staff.dispatches(told.matter, &town.manager, "调风口").await.unwrap();
        asks(&town.staff, &task, 1).await.unwrap();
        assert_eq!(refusal(grants(&town.staff, &task).await), "extension_own");
        let also = Who::new(&town.house, town.staff.id, louyi::kernel::act::Actor::Person {
            id: town.staff.id,
            organisation: town.station.id,
            role: louyi::domain::rights::Role::Secretary.as_str(),
        });
        assert_eq!(refusal(grants(&also, &task).await), "extension_own", "nor in another role");
        grants(&town.colleague, &task).await.unwrap();
    }

    /// A council's date is not moved by whoever holds the matter.
    async fn a_resolutions_task_is_the_streets_to_extend(town: Town) {
        let matter = town.reports("电梯等太久").await.matter;
        let session = town.council_meets_about(matter).await;
        let due = town.house.now() + chrono::Duration::days(20);
        let u = town.secretary.asks_to_sign(session.item, &town.manager, "闸机前装打卡机", due).await.unwrap();
        town.staff.signs(u.id).await.unwrap();
        let resolution = town.carries(&session, motion()).await;
        let task = tasks::of_resolution(town.house.read(), resolution.id).await.unwrap().remove(0);
        let length = town.house.calendar().working_days_between(
            town.house.calendar().date_of(task.dispatched_at),
            town.house.calendar().date_of(task.due_at - chrono::Duration::microseconds(1)),
        );
        assert_eq!(refusal(asks(&town.staff, &task, length + 1).await), "extension_days");
        asks(&town.staff, &task, length).await.unwrap();
        assert_eq!(refusal(grants(&town.secretary, &task).await), "only_extension_department");
        assert_eq!(grants(&town.officer, &task).await.unwrap().due_at, town.house.calendar().moved(task.due_at, length));
        assert_eq!(refusal(asks(&town.staff, &task, length + 1).await), "extension_days", "measured by what it was, not by what was granted");
    }

    async fn of_two_who_decide_one_was_first(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        let (a, b) = tokio::join!(grants(&town.staff, &task), refuses(&town.secretary, &task));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
        for late in [a.err(), b.err()].into_iter().flatten() {
            assert!(matches!(late, Error::Conflict | Error::Refused(_)), "{late:?}");
        }
        assert_eq!(town.story(told.matter).await.iter().filter(|act| act.starts_with("extension_")).count(), 2);
    }

    async fn it_lapses_with_its_task(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        town.fitter.finishes(task.id, "厂家提前到货，换好了").await.unwrap();
        assert_eq!(of(&town, &task).await[0].decision, Some(Decision::Lapsed));
        assert_eq!(refusal(grants(&town.staff, &task).await), "extension_none");
    }

    /// Handing the matter over restarts nothing and loses nothing: the new holder decides.
    async fn a_hand_over_leaves_it_open(town: Town) {
        let (told, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        town.staff.offers(told.matter, &town.chamber).await.unwrap();
        assert_eq!(refusal(grants(&town.chamber_officer, &task).await), "only_extension_holder", "until it is taken");
        town.chamber_officer.takes_over(told.matter).await.unwrap();
        let after = tasks::by_id(town.house.read(), task.id).await.unwrap();
        assert_eq!((after.due_at, of(&town, &task).await[0].decision), (task.due_at, None));
        assert_eq!(refusal(grants(&town.staff, &task).await), "only_extension_holder");
        assert_eq!(grants(&town.chamber_officer, &task).await.unwrap().due_at, shanghai("2026-12-03 00:00"));
    }

    /// A stop and an extension both move the day, in whatever order.
    async fn a_stopped_clock_and_more_time_add_up(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        asks(&town.fitter, &task, 2).await.unwrap();
        town.it_is("2026-11-24 12:00");
        town.fitter.on_task(task.id, async |act, t, i| t.stop_clock(act, i, StopReason::Part, "等厂家的货").await).await.unwrap();
        grants(&town.staff, &task).await.unwrap();
        town.it_is("2026-11-26 12:00");
        let run = town.fitter.on_task(task.id, async |act, t, i| t.run_clock(act, i).await).await.unwrap();
        assert_eq!(run.due_at, shanghai("2026-12-05 00:00"), "five days, two granted, two on which it stood");
    }
}
