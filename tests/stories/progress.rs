//! Progress of what a council decided: counted from tasks, reported by whoever does them, on the list by itself where it stays late.

use chrono::Duration;
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::motions::{NewMotion, TaskToCome, Terms};
use louyi::domain::resolutions::{self, LATE_DAYS, Narrowed, Resolution, Showing, Standing};
use louyi::domain::tasks::{self, Task};

use crate::support::{Matter, Town, on_both, refusal, verbs};

/// A resolution in force with one task of the property manager, due in so many days.
async fn in_force(town: &Town, days: i64) -> (Matter, Resolution, Task) {
    let told = town.reports("早高峰候梯太久").await;
    let session = town.council_meets_about(told.matter).await;
    let due = town.house.now() + Duration::days(days);
    let tasks = vec![TaskToCome { organisation: town.manager.id, words: "调整运行方案", measure: "现场看", due }];
    let r = town.carries(&session, NewMotion { terms: Terms { tasks, ..Terms::default() }, ..verbs::motion() }).await;
    town.convenor.closes(session.meeting).await.unwrap();
    town.editor.publishes(&r).await.unwrap();
    town.lets_pass(Duration::days(6));
    resolutions::take_effect_due(&town.house).await.unwrap();
    let task = tasks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    (told.matter, resolutions::by_id(town.house.read(), r.id).await.unwrap(), task)
}

async fn shown(town: &Town, showing: Showing) -> Vec<i32> {
    let asked = Narrowed { standing: Standing::All, showing: Some(showing), ..Narrowed::at(town.house.now()) };
    let rows = resolutions::list(town.house.read(), town.council.id, &asked, 10).await.unwrap();
    assert_eq!(resolutions::count(town.house.read(), town.council.id, &asked).await.unwrap(), rows.len() as i64, "counts agree with lists");
    rows.iter().map(|r| r.serial).collect()
}

on_both! {
    async fn what_stays_late_comes_before_the_council_once(town: Town) {
        let (matter, r, task) = in_force(&town, 10).await;
        let late = town.house.calendar().moved(task.due_at, LATE_DAYS);
        assert!(town.house.clock().set(late - Duration::minutes(1)));
        assert_eq!(resolutions::table_late_due(&town.house).await.unwrap(), 0);
        assert_eq!(shown(&town, Showing::Late).await, [r.serial]);
        assert!(town.house.clock().set(late));
        assert_eq!(resolutions::table_late_due(&town.house).await.unwrap(), 1);
        assert_eq!(resolutions::table_late_due(&town.house).await.unwrap(), 0, "once, whoever runs and however often");
        let item = items::open_of_issue(town.house.read(), matter.0).await.unwrap().expect("on the list");
        assert_eq!((item.source, item.question.contains("逾期")), (Source::LateTask, true));
        // Done after all: it is no longer late, and the item can be withdrawn.
        town.staff.finishes(task.id, "方案已经调整").await.unwrap();
        assert_eq!((shown(&town, Showing::Late).await, shown(&town, Showing::Open).await), (vec![], vec![]));
    }

    async fn what_is_done_in_time_or_stands_for_a_reason_does_not(town: Town) {
        let (_, _, task) = in_force(&town, 10).await;
        town.staff.finishes(task.id, "方案已经调整").await.unwrap();
        town.lets_pass(Duration::days(60));
        assert_eq!(resolutions::table_late_due(&town.house).await.unwrap(), 0);
    }

    async fn the_board_counts_what_its_lists_show(town: Town) {
        let (_, first, task) = in_force(&town, 40).await;
        assert_eq!((shown(&town, Showing::All).await, shown(&town, Showing::Open).await), (vec![first.serial], vec![first.serial]));
        assert_eq!((shown(&town, Showing::Late).await, shown(&town, Showing::Check).await, shown(&town, Showing::Helped).await), (vec![], vec![], vec![]));
        let (_, second, _) = in_force(&town, 40).await;
        assert_eq!(shown(&town, Showing::Open).await, [second.serial, first.serial]);
        town.staff.finishes(task.id, "方案已经调整").await.unwrap();
        assert_eq!(shown(&town, Showing::Open).await, [second.serial]);
        let rows = resolutions::list(town.house.read(), town.council.id, &Narrowed::at(town.house.now()), 10).await.unwrap();
        assert_eq!(rows.iter().map(|r| (r.tasks, r.tasks_done)).collect::<Vec<_>>(), [(1, 0), (1, 1)], "computed from its tasks, never typed");
    }

    async fn whoever_does_it_says_how_far_it_is(town: Town) {
        let (matter, _, task) = in_force(&town, 40).await;
        let says = async |who: &crate::support::Who, words: &'static str| {
            who.on_task(task.id, async |act, t, i| t.report_progress(act, i, words, vec![]).await).await
        };
        says(&town.staff, "时刻表排好了，还差公示").await.unwrap();
        assert_eq!(refusal(says(&town.neighbour, "我们看着呢").await), "only_own_task");
        assert_eq!(refusal(says(&town.staff, "好").await), "too_short");
        let said = tasks::progress_of(town.house.read(), vec![task.id]).await.unwrap();
        assert_eq!(said.iter().map(|p| p.words.as_str()).collect::<Vec<_>>(), ["时刻表排好了，还差公示"]);
        assert!(town.story(matter).await.contains(&"progress_reported".to_owned()));
        town.staff.finishes(task.id, "方案已经调整").await.unwrap();
        assert_eq!(refusal(says(&town.staff, "还想补一句").await), "task_over");
    }
}
