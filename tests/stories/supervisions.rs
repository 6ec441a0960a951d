//! What stays late is reported to the street's department: once, whoever watches and however the clock is set, and it
//! leaves that desk when it is done.

use chrono::Duration;
use louyi::domain::messages::Voice;
use louyi::domain::supervisions::{self, Missed};
use louyi::domain::tasks::{ExtensionReason, Task};
use louyi::domain::{issues, reminders};
use louyi::kernel::act::House;
use louyi::kernel::error::Result;
use louyi::kernel::outbox::Address;
use rocket::tokio;

use crate::support::town::house;
use crate::support::{Matter, Told, Town, Who, on_both, refusal};

async fn beside(town: &Town) -> House {
    house(&town.url, &town.house.settings().data, town.house.now()).await
}

async fn raised(town: &Town) -> usize {
    supervisions::raise_due(&town.house).await.expect("looks")
}

async fn told(town: &Town, kind: &str) -> usize {
    town.letters(kind).await.len()
}

/// A task of five working days, due at the end of Monday 30 November; its reporter was answered.
async fn a_task(town: &Town) -> (Told, Task) {
    let (told, task) = town.a_matter_in_work().await;
    town.staff.says(told.matter, Voice::Reporters, "已派人检查").await.expect("answered");
    town.letters_arrive().await;
    (told, task)
}

async fn notes(who: &Who, matter: Matter, words: &str, day: &str) -> Result<()> {
    who.does(async |act| supervisions::note(act, &issues::hold_by_id(act, matter.0).await?, words, day).await).await
}

on_both! {
    async fn three_working_days_late_the_street_is_told_once(town: Town) {
        let (told_to, _) = a_task(&town).await;
        for early in ["2026-12-01 09:00", "2026-12-03 19:00", "2026-12-04 07:30"] {
            town.it_is(early);
            assert_eq!(raised(&town).await, 0, "{early}");
        }
        town.it_is("2026-12-04 09:00");
        let other = beside(&town).await;
        let (a, b) = tokio::join!(supervisions::raise_due(&town.house), supervisions::raise_due(&other));
        assert_eq!(a.expect("looks") + b.expect("looks"), 1, "two processes report it once");
        assert_eq!(town.letters("supervised").await, vec![Address::Person(town.officer.id)]);
        let to = town.letters("supervised_told").await;
        assert!(to.contains(&Address::Person(town.fitter.id)) && to.contains(&Address::Person(town.secretary.id)) && to.len() == 2, "{to:?}");
        // Put back and on again, and opened anew by another process: nothing is told twice.
        for again in ["2026-11-30 09:00", "2026-12-04 10:00", "2026-12-07 09:00"] {
            town.it_is(again);
            assert_eq!(raised(&town).await + supervisions::raise_due(&beside(&town).await).await.expect("looks"), 0, "{again}");
        }
        assert_eq!(told(&town, "supervised").await, 1);
        assert_eq!(town.story(told_to.matter).await.iter().filter(|act| *act == "supervision_raised").count(), 1);
    }

    /// A server that stood still for two weeks reports what is late, and sends none of the reminders before it.
    async fn after_a_stop_only_the_last_level_is_told(town: Town) {
        a_task(&town).await;
        town.it_is("2026-12-14 09:00");
        reminders::send_due(&town.house).await.expect("reminds");
        assert_eq!(raised(&town).await, 1);
        let sent = [told(&town, "task_half").await, told(&town, "task_last_day").await, told(&town, "task_late").await, told(&town, "supervised").await];
        assert_eq!(sent, [0, 0, 0, 1]);
        // Four days late and asleep since: the reminder that it is late has been overtaken, too.
        let (_, second) = a_task(&town).await;
        assert!(town.house.clock().set(town.house.calendar().moved(second.due_at, 3) + Duration::hours(9)));
        reminders::send_due(&town.house).await.expect("reminds");
        assert_eq!((told(&town, "task_late").await, raised(&town).await), (0, 1));
    }

    /// What has been late for weeks is listed without a letter, and what is history not at all.
    async fn a_long_sleep_floods_nobody(town: Town) {
        let (_, task) = a_task(&town).await;
        let listed = async || {
            raised(&town).await;
            let open = supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads");
            open.iter().any(|s| s.object_id == task.id.0)
        };
        let later = |n| town.house.calendar().moved(task.due_at, n) + Duration::hours(9);
        assert!(town.house.clock().set(later(70)));
        assert!(!listed().await, "after three months it is history");
        assert!(town.house.clock().set(later(21)));
        assert!(listed().await);
        assert!(!town.letters("supervised_told").await.contains(&Address::Person(town.fitter.id)), "listed, and nobody is written to");
    }

    async fn a_first_answer_that_nobody_gives_is_reported(town: Town) {
        let slow = town.reports("大堂太冷").await.matter;
        town.it_is("2026-11-28 10:00");
        assert_eq!(raised(&town).await, 0, "not on a Saturday");
        town.it_is("2026-11-30 08:00");
        assert_eq!(raised(&town).await, 1);
        let open = supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads");
        assert_eq!((open.len(), open[0].what, open[0].issue_id), (1, Missed::Answer, slow.0));
        assert!(town.letters("supervised_told").await.contains(&Address::Person(town.staff.id)));
        town.staff.accepts(slow, "马上去看").await.expect("accepted");
        assert!(supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads").is_empty(), "answered, it is over at once");
        assert_eq!(supervisions::settle_due(&town.house).await.expect("settles"), 1);
        assert_eq!(supervisions::settle_due(&town.house).await.expect("settles"), 0);
    }

    /// Done, it leaves the desk; sent back, it returns, and nobody is told a second time.
    async fn what_is_done_leaves_and_what_is_sent_back_returns(town: Town) {
        let (_, task) = a_task(&town).await;
        town.it_is("2026-12-04 09:00");
        assert_eq!(raised(&town).await, 1);
        town.fitter.finishes(task.id, "导靴换好了").await.expect("finished");
        assert_eq!(supervisions::settle_due(&town.house).await.expect("settles"), 1);
        assert_eq!(raised(&town).await, 0);
        town.staff.on_task(task.id, async |act, t, i| t.send_back(act, i, "二号梯还在响").await).await.expect("sent back");
        assert_eq!(raised(&town).await, 1);
        assert_eq!(supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads").len(), 1);
        assert_eq!(told(&town, "supervised").await, 1);
    }

    async fn more_time_is_no_lateness(town: Town) {
        let (_, task) = a_task(&town).await;
        town.fitter.on_task(task.id, async |act, t, i| t.ask_extension(act, i, ExtensionReason::Part, 5, "等厂家发货").await).await.expect("asked");
        town.it_is("2026-12-04 09:00");
        assert_eq!(raised(&town).await, 1, "asked for is not granted");
        town.staff.on_task(task.id, async |act, t, i| t.grant_extension(act, i, "可以").await).await.expect("granted");
        assert!(supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads").is_empty());
        assert_eq!(raised(&town).await, 0, "it is due on the seventh now");
        town.it_is("2026-12-11 09:00");
        assert_eq!(raised(&town).await, 1, "and late by that day again");
    }

    async fn the_department_takes_it_up(town: Town) {
        let (told_to, _) = a_task(&town).await;
        assert_eq!(refusal(notes(&town.officer, told_to.matter, "请本周内修好", "2026-12-08").await), "supervision_none");
        town.it_is("2026-12-04 09:00");
        assert_eq!(raised(&town).await, 1);
        for other in [&town.staff, &town.secretary, &town.chamber_officer] {
            assert_eq!(refusal(notes(other, told_to.matter, "请本周内修好", "2026-12-08").await), "only_department");
        }
        for (day, why) in [("", "date"), ("下周", "date"), ("2026-12-04", "date_past"), ("2027-03-01", "date_far")] {
            assert_eq!(refusal(notes(&town.officer, told_to.matter, "请本周内修好", day).await), why, "{day}");
        }
        assert_eq!(refusal(notes(&town.officer, told_to.matter, "快", "2026-12-08").await), "too_short");
        notes(&town.officer, told_to.matter, "请下周二以前修好并回话", "2026-12-08").await.expect("noted");
        assert!(town.letters("supervision_noted").await.contains(&Address::Person(town.fitter.id)));
        assert_eq!(town.story(told_to.matter).await.last().map(String::as_str), Some("supervision_noted"));
        let open = supervisions::open(town.house.read(), &[town.tower.id]).await.expect("reads");
        assert_eq!(open[0].due(), crate::support::shanghai("2026-12-09 00:00"), "it stays until it is done, by the day that was named");
    }

    /// Who has a task in hand is told first; once it is late, everybody of the organisation.
    async fn whose_hands_it_is_in_is_told_first(town: Town) {
        let told_to = town.reports("大堂太冷").await;
        town.staff.accepts(told_to.matter, "马上去看").await.expect("accepted");
        let task = town.staff.dispatches(told_to.matter, &town.manager, "调风口").await.expect("dispatched");
        town.colleague.on_task(task.id, async |act, t, i| t.acknowledge(act, i).await).await.expect("taken");
        town.letters_arrive().await;
        let both = [&town.staff, &town.colleague].map(|w| Address::Person(w.id));
        for (now, kind, staff) in [("2026-11-27 09:00", "task_half", false), ("2026-11-30 08:30", "task_last_day", false), ("2026-12-01 08:00", "task_late", true)] {
            town.it_is(now);
            reminders::send_due(&town.house).await.expect("reminds");
            let to = town.letters(kind).await;
            assert_eq!((to.contains(&both[0]), to.contains(&both[1])), (staff, true), "{kind}");
        }
    }
}
