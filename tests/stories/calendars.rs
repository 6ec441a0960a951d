//! A new year's table: loading it moves nothing that was promised; what was promised provisionally moves by an act of its
//! own, as it was shown, and whoever reported is told.

use louyi::domain::calendars::{self, Moved, Promised};
use louyi::domain::tasks::{self, Task};
use louyi::kernel::calendar::{Calendar, CalendarFault};
use louyi::kernel::outbox::Address;

use crate::support::{Told, Town, conflict, on_both, refusal, shanghai};

const OWN: &str = include_str!("../../data/cn-workdays.csv");

/// The shipped table with New Year's Day of 2027, and what else is given.
pub fn next_year(more: &str) -> String {
    format!("{}\n2027-01-01,holiday,元旦\n{more}", OWN.trim_end())
}

async fn loads(town: &Town, text: &str) {
    town.administrator.gets(async |act| calendars::load(act, "2027年放假安排", text).await).await;
    calendars::follow(&town.house).await.expect("follows");
}

async fn movable(town: &Town) -> Vec<Moved> {
    calendars::movable(town.house.read(), town.house.now(), &town.house.calendar()).await.expect("asks")
}

async fn now(town: &Town, task: &Task) -> Task {
    tasks::by_id(town.house.read(), task.id).await.expect("the task")
}

/// On the last days of 2026: a task of five days and a report on New Year's Eve, of which nobody knows the holidays.
async fn over_the_year(town: &Town) -> (Told, Task, Told) {
    town.it_is("2026-12-30 10:00");
    let told = town.says("南座2号梯有异响").by_mail("lin@example.org").files().await;
    town.staff.accepts(told.matter, "已派人看").await.unwrap();
    let task = town.staff.dispatches(told.matter, &town.contractor, "检查2号梯").await.unwrap();
    assert_eq!((task.due_at, task.provisional), (shanghai("2027-01-07 00:00"), true), "New Year's Day is a Friday, as far as anybody knows");
    town.it_is("2026-12-31 10:00");
    let late = town.says("大堂太冷").by_mail("zhou@example.org").files().await;
    assert_eq!(town.now(late.matter).await.first_answer_due, Some(shanghai("2027-01-02 00:00")));
    town.letters_arrive().await;
    (told, task, late)
}

on_both! {
    async fn what_was_provisional_moves_by_an_act_of_its_own(town: Town) {
        let (told, task, late) = over_the_year(&town).await;
        assert!(movable(&town).await.is_empty());
        loads(&town, &next_year("")).await;
        assert_eq!(now(&town, &task).await.due_at, task.due_at, "loading moves nothing");
        assert_eq!(town.now(late.matter).await.first_answer_due, Some(shanghai("2027-01-02 00:00")));
        let moves = movable(&town).await;
        let seen: Vec<_> = moves.iter().map(|m| (m.what, m.from, m.to, m.provisional)).collect();
        assert_eq!(seen, [
            (Promised::Answer, shanghai("2027-01-02 00:00"), shanghai("2027-01-05 00:00"), false),
            (Promised::Task, shanghai("2027-01-07 00:00"), shanghai("2027-01-08 00:00"), false),
        ]);
        let digest = calendars::digest(&moves);
        assert!(conflict(&town.administrator.does(async |act| calendars::move_dates(act, "something else").await).await));
        let n = town.administrator.gets(async |act| calendars::move_dates(act, &digest).await).await;
        assert_eq!(n, 2);
        let after = now(&town, &task).await;
        assert_eq!((after.due_at, after.provisional), (shanghai("2027-01-08 00:00"), false));
        let issue = town.now(late.matter).await;
        assert_eq!((issue.first_answer_due, issue.next_due), (Some(shanghai("2027-01-05 00:00")), Some(shanghai("2027-01-05 00:00"))));
        assert_eq!(town.report(&late).await.first_answer_due, shanghai("2027-01-05 00:00"));
        for matter in [told.matter, late.matter] {
            assert_eq!(town.story(matter).await.iter().filter(|act| *act == "date_moved").count(), 1);
        }
        let to = town.letters("dates_moved").await;
        assert!(to.contains(&Address::Report(told.report)) && to.contains(&Address::Report(late.report)), "{to:?}");
        assert_eq!(town.letters("task_redated").await, vec![Address::Person(town.fitter.id)]);
        assert!(movable(&town).await.is_empty());
        assert_eq!(refusal(town.administrator.does(async |act| calendars::move_dates(act, &digest).await).await), "dates_stand");
    }

    /// A notice in the middle of a year (2019 and 2020 had one) does not move what was promised for certain.
    async fn what_was_certain_stays(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        let table = next_year("2026-11-27,holiday,临时放假\n");
        let parsed = Calendar::parse(&table).expect("a table");
        let differing = calendars::differing(town.house.read(), town.house.now(), &town.house.calendar(), &parsed).await.expect("asks");
        let of_task = differing.iter().find(|m| m.what == Promised::Task).expect("it would be another day");
        assert_eq!((of_task.to, of_task.was_provisional), (shanghai("2026-12-02 00:00"), false));
        loads(&town, &table).await;
        assert!(movable(&town).await.is_empty());
        assert_eq!(now(&town, &task).await.due_at, task.due_at);
        let (_, next) = town.a_matter_in_work().await;
        assert_eq!(next.due_at, shanghai("2026-12-02 00:00"), "what begins now counts by the new table");
    }

    /// What was granted on top is counted by the new table, too; what is done moves no more.
    async fn more_time_moves_with_it(town: Town) {
        let (_, task, _) = over_the_year(&town).await;
        town.fitter.on_task(task.id, async |act, t, i| {
            t.ask_extension(act, i, tasks::ExtensionReason::Part, 2, "等厂家发货").await
        }).await.expect("asked");
        town.staff.on_task(task.id, async |act, t, i| t.grant_extension(act, i, "可以").await).await.expect("granted");
        loads(&town, &next_year("")).await;
        let moved = movable(&town).await;
        let of_task = moved.iter().find(|m| m.what == Promised::Task).expect("with what was granted it is explained");
        assert_eq!((of_task.from, of_task.to), (shanghai("2027-01-09 00:00"), shanghai("2027-01-12 00:00")));
        town.fitter.finishes(task.id, "导靴换好了").await.expect("done");
        assert!(movable(&town).await.iter().all(|m| m.what != Promised::Task), "what is done moves no more");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = "date,kind,name\n2027-13-01,holiday,x\n2027-01-01,holiday,元旦\n2027-01-02,rest,x\n2027-01-01,workday,x\nnothing\n";
    let faults = Calendar::faults(text);
    assert_eq!(faults[0], CalendarFault::Date { line: 2, date: "2027-13-01".into() });
    assert_eq!(faults[1], CalendarFault::Kind { line: 4, kind: "rest".into() });
    assert!(matches!(faults[2], CalendarFault::Row { .. }), "{faults:?}");
    assert_eq!(faults[3], CalendarFault::Twice { date: "2027-01-01".parse().expect("a date") });
    assert_eq!(faults.len(), 4);
    assert!(Calendar::faults(OWN).is_empty());
}

#[test]
fn what_was_known_before_a_notice() {
    let table = Calendar::parse(&next_year("")).expect("a table");
    let then = table.known_until(2026);
    assert_eq!(then.years(), Calendar::parse(OWN).expect("a table").years());
    assert!(then.is_working("2027-01-01".parse().expect("a date")) && !table.is_working("2027-01-01".parse().expect("a date")));
}
