//! Maintenance: on which days, made once, missed, late, done late; no complaint; and what is found meanwhile. Monday
//! 23 November 2026, a quarter past nine.

mod schedule;

use chrono::Duration;
use louyi::domain::figures;
use louyi::domain::handling;
use louyi::domain::issues::{self, ClosedBy, IssueState, Origin, PublicFilter, Unsent};
use louyi::domain::journal::Entry;
use louyi::domain::links::{self, How};
use louyi::domain::maintenance::{self, Plan, Rhythm, Round, Standing, Written};
use louyi::domain::reports;
use louyi::domain::tasks::{self, Finding, Task, TaskState};
use louyi::domain::{call_backs, categories};
use louyi::kernel::error::Result;
use rocket::tokio;
use sea_orm::ConnectionTrait as _;

use crate::support::town::house;
use crate::support::{Matter, Town, Who, on_both, refusal};

/// A lift that the contractor looks after every fourteen days, within a working day.
fn lift<'a>(town: &'a Town, first_day: &'a str) -> Written<'a> {
    Written {
        title: "东区电梯保养",
        words: "清洁、润滑、查门锁",
        steps: "断电挂牌\n清洁润滑\n试运行",
        safety: "井道里两个人一起",
        category: "lift.fault",
        place: Some(&town.lobby),
        organisation: &town.contractor,
        person: None,
        rhythm: Rhythm::Days,
        every: 14,
        first_day,
        within: 1,
    }
}

async fn plans(town: &Town, by: &Who, new: Written<'_>) -> Result<Plan> {
    by.does(async |act| maintenance::write(act, &town.tower, &new).await).await
}

async fn rounds(town: &Town, plan: &Plan) -> Vec<Round> {
    maintenance::rounds_of(town.house.read(), plan, town.house.now(), 50).await.expect("reads")
}

/// Day and standing of each, the newest first.
async fn standings(town: &Town, plan: &Plan) -> Vec<(String, Standing)> {
    rounds(town, plan).await.into_iter().map(|r| (r.day.to_string(), r.standing)).collect()
}

async fn matter_of(town: &Town, round: &Round) -> Matter {
    Matter(issues::by_number(town.house.read(), town.tower.id, round.number.expect("it was made")).await.expect("the matter").id)
}

async fn task_of(town: &Town, matter: Matter) -> Task {
    tasks::of_issue(town.house.read(), matter.0).await.expect("reads").pop().expect("a task")
}

/// A plan, and its first round.
pub async fn a_round(town: &Town) -> (Plan, Matter, Task) {
    let plan = plans(town, &town.staff, lift(town, "2026-11-23")).await.expect("planned");
    assert_eq!(maintenance::make_due(&town.house).await.expect("made"), 1);
    let matter = matter_of(town, &rounds(town, &plan).await[0]).await;
    (plan, matter, task_of(town, matter).await)
}

/// Why it is refused.
async fn wrong(town: &Town, new: Written<'_>) -> String {
    refusal(plans(town, &town.staff, new).await)
}

fn day(words: &str) -> String {
    words.to_owned()
}

on_both! {
    async fn a_round_is_a_matter_with_one_task(town: Town) {
        let (plan, matter, task) = a_round(&town).await;
        let issue = town.now(matter).await;
        assert_eq!((issue.origin, issue.state, issue.reports), (Origin::Plan, IssueState::InWork, 0));
        assert_eq!(issue.public_title.as_deref(), Some("东区电梯保养"));
        assert_eq!((issue.first_answer_due, issue.result_due), (None, None), "nobody has asked");
        assert_eq!((issue.holder_id, task.organisation_id), (Some(town.manager.id), town.contractor.id));
        assert_eq!((task.words.as_str(), task.safety.as_str()), ("清洁、润滑、查门锁", "井道里两个人一起"));
        let steps = tasks::steps(town.house.read(), task.id).await.unwrap();
        assert_eq!(steps.iter().map(|s| s.words.as_str()).collect::<Vec<_>>(), ["断电挂牌", "清洁润滑", "试运行"]);
        assert_eq!(task.due_at, town.house.calendar().due(town.house.now(), 1).at, "the clock of every task");
        assert!(!town.letters("task_dispatched").await.is_empty());
        assert_eq!(standings(&town, &plan).await, [(day("2026-11-23"), Standing::UnderWay)]);
        // Done by the contractor, seen by the property manager: the matter is done, and lapses like any other.
        for position in 1..=3 {
            town.fitter.on_task(task.id, async |act, t, i| t.tick_step(act, i, position, true).await).await.unwrap();
        }
        town.fitter.finishes(task.id, "三步都做了，试运行正常").await.expect("done");
        assert_eq!(town.now(matter).await.state, IssueState::InWork, "who did it says so; somebody else must see it");
        assert_eq!(refusal(town.fitter.verifies(task.id).await), "only_giver");
        town.staff.verifies(task.id).await.expect("seen");
        assert_eq!(town.now(matter).await.state, IssueState::Done);
        assert_eq!(standings(&town, &plan).await, [(day("2026-11-23"), Standing::Done)]);
        town.lets_working_days_pass(5);
        issues::lapse_due(&town.house).await.unwrap();
        let issue = town.now(matter).await;
        assert_eq!((issue.state, issue.closed_by), (IssueState::Closed, Some(ClosedBy::Silence)));
    }

    async fn made_once_whoever_looks(town: Town) {
        let plan = plans(&town, &town.staff, lift(&town, "2026-11-24")).await.expect("planned");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 0, "not today");
        town.it_is("2026-11-24 05:59");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 0, "nobody's telephone rings at night");
        town.it_is("2026-11-24 06:00");
        let other = house(&town.url, &town.house.settings().data, town.house.now()).await;
        let (a, b) = tokio::join!(maintenance::make_due(&town.house), maintenance::make_due(&other));
        assert_eq!(a.unwrap() + b.unwrap(), 1, "two processes make it once");
        other.db().clone().close().await.unwrap();
        // A restart, and a clock put back and forth.
        for at in ["2026-11-24 06:01", "2026-11-20 08:00", "2026-11-24 23:59", "2026-12-07 12:00"] {
            town.it_is(at);
            assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 0, "{at}");
        }
        assert_eq!(rounds(&town, &plan).await.len(), 1);
        town.it_is("2026-12-08 08:00");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 1);
        assert_eq!(rounds(&town, &plan).await.len(), 2);
    }

    async fn after_a_stop_only_the_latest_is_made(town: Town) {
        let (plan, ..) = a_round(&town).await;
        town.it_is("2027-01-08 08:00");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 1);
        let expected = [
            (day("2027-01-04"), Standing::UnderWay),
            (day("2026-12-21"), Standing::Missed),
            (day("2026-12-07"), Standing::Missed),
            (day("2026-11-23"), Standing::Late),
        ];
        assert_eq!(standings(&town, &plan).await, expected);
        let last = issues::by_number(town.house.read(), town.tower.id, 2).await.unwrap();
        assert_eq!(task_of(&town, Matter(last.id)).await.due_at, town.house.calendar().due(town.house.now(), 1).at, "a day from now, not from then");
        let lines = louyi::kernel::journal::of_object(town.house.read(), plan.id).await.unwrap();
        assert_eq!(lines.iter().filter(|l| l.act == "maintenance_missed").count(), 2, "and written down");
    }

    async fn late_done_late_and_given_up(town: Town) {
        let (plan, matter, task) = a_round(&town).await;
        let late = async || maintenance::late_at_desk(town.house.read(), &[town.contractor.id], town.house.now()).await.unwrap();
        assert!(late().await.is_empty());
        town.lets_working_days_pass(1);
        assert_eq!(standings(&town, &plan).await[0].1, Standing::Late);
        assert_eq!(late().await.get(&town.tower.id), Some(&1));
        for position in 1..=3 {
            town.fitter.on_task(task.id, async |act, t, i| t.tick_step(act, i, position, true).await).await.unwrap();
        }
        town.fitter.finishes(task.id, "晚了一天，做好了").await.unwrap();
        assert_eq!(standings(&town, &plan).await[0].1, Standing::DoneLate);
        assert!(late().await.is_empty());
        // A clock that stands is nobody's fault.
        town.it_is("2026-12-07 08:00");
        maintenance::make_due(&town.house).await.unwrap();
        let second = matter_of(&town, &rounds(&town, &plan).await[0]).await;
        let task = task_of(&town, second).await;
        town.fitter.on_task(task.id, async |act, t, i| t.stop_clock(act, i, tasks::StopReason::Part, "等钢丝绳").await).await.unwrap();
        town.lets_working_days_pass(2);
        assert_eq!(standings(&town, &plan).await[0].1, Standing::UnderWay);
        // Given up: missed, and its matter is over.
        town.staff.on_task(task.id, async |act, t, i| t.cancel(act, i, "这台电梯拆了").await).await.unwrap();
        assert_eq!(standings(&town, &plan).await[0].1, Standing::Missed);
        assert_eq!(town.now(second).await.state, IssueState::Withdrawn);
        assert_eq!(town.last(second).await, Entry::RoundGivenUp);
        assert_eq!(town.now(matter).await.state, IssueState::InWork, "the first one waits for somebody to look");
    }

    async fn it_is_no_complaint(town: Town) {
        let count = async || {
            let (db, now) = (town.house.read(), town.house.now());
            let since = now - Duration::days(365);
            let scope = handling::Scope { buildings: vec![town.tower.id], holders: None };
            let cases = handling::cases(db, &scope, since, now + Duration::days(1)).await.unwrap().len();
            let weeks = handling::weeks(db, &town.house.calendar(), &scope, now, 4).await.unwrap();
            let floors = figures::by_floor(db, town.tower.id, now).await.unwrap();
            let months = figures::months(db, town.tower.id, since).await.unwrap();
            let briefs = figures::of_buildings(db, None, since, now).await.unwrap().get(&town.tower.id).copied();
            let all = figures::of_building(db, town.tower.id, since, now).await.unwrap();
            let listed = issues::public_list(db, now, town.tower.id, &PublicFilter::default(), 50).await.unwrap().len();
            let counted = issues::public_count(db, town.tower.id, &PublicFilter::default(), 50).await.unwrap();
            (cases, weeks, floors.iter().map(|f| f.open).sum::<i64>(), months, briefs, all, listed, counted)
        };
        let said = town.reports("电梯排队").await;
        town.staff.accepts(said.matter, "收到").await.unwrap();
        town.it_is("2026-11-23 09:12");
        let before = count().await;
        let (plan, matter, task) = a_round(&town).await;
        assert_eq!(count().await, before, "no figure and no list changes");
        for (n, filter) in [PublicFilter { category: Some("lift.fault".into()), ..Default::default() }, PublicFilter { text: Some("东区电梯保养".into()), ..Default::default() }].iter().enumerate() {
            let now = town.house.now();
            assert!(issues::public_list(town.house.read(), now, town.tower.id, filter, 50).await.unwrap().is_empty(), "{n}");
        }
        // Nobody about to report is offered it; nobody can join it; nothing is merged into it.
        let category = categories::find("lift.fault");
        for words in ["", "东区电梯保养"] {
            let unsent = Unsent { building: &town.tower, place: Some(&town.lobby), category, words };
            let offered = issues::similar(town.house.read(), town.house.now(), &unsent, 9).await.unwrap();
            assert!(offered.iter().all(|i| i.id != matter.0), "{words}");
        }
        let joined = town.says("我也遇到了").says_me_too(matter).await;
        assert_eq!(refusal(joined), "of_a_plan");
        assert_eq!(refusal(town.staff.merges(said.matter, matter).await), "of_a_plan");
        assert_eq!(refusal(town.staff.moves_report(&said, matter).await), "of_a_plan");
        // Closed, it is drawn for no call-back, and what is reported after it is not its return.
        for position in 1..=3 {
            town.fitter.on_task(task.id, async |act, t, i| t.tick_step(act, i, position, true).await).await.unwrap();
        }
        town.fitter.finishes(task.id, "三步都做了").await.unwrap();
        town.staff.verifies(task.id).await.unwrap();
        town.it_is("2026-12-01 00:01");
        issues::lapse_due(&town.house).await.unwrap();
        assert_eq!(town.now(matter).await.closed_by, Some(ClosedBy::Silence));
        let again = town.says("电梯又坏了").about("lift.fault").files().await;
        assert!(links::of_issue(town.house.read(), again.matter.0).await.unwrap().is_empty());
        town.it_is("2026-12-07 09:00");
        call_backs::draw_due(&town.house).await.unwrap();
        let drawn = "select count(*) from call_backs";
        let row = town.house.read().query_one_raw(sea_orm::Statement::from_string(town.house.read().get_database_backend(), drawn.to_owned()));
        assert_eq!(row.await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap(), 0);
        assert_eq!(rounds(&town, &plan).await.len(), 1);
    }

    async fn what_is_found_at_work_is_a_trouble_of_its_own(town: Town) {
        let (_, matter, task) = a_round(&town).await;
        let before = figures::of_building(town.house.read(), town.tower.id, town.house.now() - Duration::days(9), town.house.now()).await.unwrap();
        let category = categories::named("env.waste").unwrap();
        let finds = async |who: &Who, words: &str| {
            who.on_task(task.id, async |act, t, i| t.found(act, i, Finding { place: &town.gate, category, words, photos: vec![] }).await).await
        };
        assert_eq!(refusal(finds(&town.staff, "别人的单").await), "only_own_task");
        assert_eq!(refusal(finds(&town.fitter, "短").await), "too_short");
        let found = finds(&town.fitter, "闸机旁的灭火器过期了").await.expect("found");
        assert_eq!((found.origin, found.state, found.reports), (Origin::Found, IssueState::Received, 0));
        assert_eq!((found.first_answer_due, found.holder_id), (None, Some(town.manager.id)), "nobody asked; the property manager has it");
        assert!(found.result_due.is_some() && found.next_due == found.result_due);
        assert_eq!((found.public_title.clone(), found.released_at), (None, None));
        let linked = links::of_issue(town.house.read(), found.id).await.unwrap();
        assert!(linked.iter().any(|l| l.how == How::Related && l.other.id == matter.0));
        assert!(!town.letters("issue_received").await.is_empty(), "the desk is told");
        let after = figures::of_building(town.house.read(), town.tower.id, town.house.now() - Duration::days(9), town.house.now()).await.unwrap();
        assert_eq!((after.received, after.open), (before.received + 1, before.open + 1), "it counts like any other");
        let waiting = issues::found_waiting(town.house.read(), town.tower.id, 9).await.unwrap();
        assert_eq!(waiting.iter().map(|i| i.id).collect::<Vec<_>>(), [found.id]);
        assert_eq!(tasks::finding(town.house.read(), &found).await.unwrap().as_deref(), Some("闸机旁的灭火器过期了"));
        // Others meet it and join; it is handled like any other.
        let m = Matter(found.id);
        town.another_joins(m).await;
        assert_eq!(town.now(m).await.reports, 1);
        town.staff.accepts(m, "换新的").await.unwrap();
        town.secretary.releases(m, "灭火器过期", "").await.unwrap();
        assert!(issues::found_waiting(town.house.read(), town.tower.id, 9).await.unwrap().is_empty());
        assert!(reports::waiting_for_release(town.house.read(), town.tower.id, 9).await.unwrap().is_empty());
    }

    async fn only_the_keepers_plan(town: Town) {
        for who in [&town.fitter, &town.representative, &town.secretary, &town.officer, &town.staff_elsewhere] {
            assert_eq!(refusal(plans(&town, who, lift(&town, "2026-11-24")).await), "only_plan_keeper");
        }
        let plan = plans(&town, &town.administrator, lift(&town, "2026-11-24")).await.expect("administrators may");
        let ended = town.fitter.does(async |act| plan.clone().end(act, &town.tower, "不做了").await).await;
        assert_eq!(refusal(ended), "only_plan_keeper");
        let soon = || lift(&town, "2026-11-24");
        assert_eq!(wrong(&town, Written { every: 16, ..soon() }).await, "lift_days");
        assert_eq!(wrong(&town, Written { rhythm: Rhythm::MonthDay, every: 1, ..soon() }).await, "lift_days");
        // Ten working days are a fortnight, but not over the Spring Festival.
        assert_eq!(wrong(&town, Written { rhythm: Rhythm::WorkingDays, every: 10, ..soon() }).await, "lift_days");
        assert_eq!(wrong(&town, Written { every: 0, ..soon() }).await, "plan_every");
        assert_eq!(wrong(&town, Written { within: 61, ..soon() }).await, "days");
        assert_eq!(wrong(&town, Written { first_day: "2026-11-22", ..soon() }).await, "plan_past");
        assert_eq!(wrong(&town, Written { first_day: "明天", ..soon() }).await, "date");
        assert_eq!(wrong(&town, Written { place: Some(&town.lobby_elsewhere), ..soon() }).await, "unknown_place");
        assert_eq!(wrong(&town, Written { organisation: &town.egret, ..soon() }).await, "choose_organisation");
        assert_eq!(wrong(&town, Written { person: Some(town.staff.id), ..soon() }).await, "assign_not_theirs");
        assert_eq!(wrong(&town, Written { title: "找小王 13800001111", ..soon() }).await, "personal_data");
        assert!(plans(&town, &town.staff, Written { category: "hvac.temp", every: 90, ..soon() }).await.is_ok(), "a filter may wait");
    }

    async fn changed_from_the_next_round_on_and_ended(town: Town) {
        let (plan, matter, task) = a_round(&town).await;
        let change = async |plan: &Plan, new: Written<'_>| town.staff.does(async |act| plan.clone().correct(act, &town.tower, &new).await).await;
        let new = Written { title: "东区电梯半月保养", every: 15, person: Some(town.fitter.id), ..lift(&town, "2026-12-08") };
        let plan = change(&plan, new).await.expect("changed");
        assert_eq!(town.now(matter).await.public_title.as_deref(), Some("东区电梯保养"), "what was made stays as it was");
        assert_eq!(refusal(change(&plan, lift(&town, "2026-11-23")).await), "plan_past");
        assert_eq!(refusal(change(&plan, lift(&town, "2026-12-09")).await), "lift_days", "sixteen days after the last");
        town.it_is("2026-12-07 08:00");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 0);
        town.it_is("2026-12-08 08:00");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 1);
        let second = task_of(&town, matter_of(&town, &rounds(&town, &plan).await[0]).await).await;
        assert_eq!(second.person_id, Some(town.fitter.id), "in the hands that the plan names");
        // Two at once: the second is told.
        let stale = plan.clone();
        let plan = maintenance::by_number(town.house.read(), town.tower.id, plan.number).await.unwrap().plan;
        let ended = town.staff.does(async |act| plan.clone().end(act, &town.tower, "换新电梯了").await).await.expect("ended");
        assert!(crate::support::conflict(&town.staff.does(async |act| stale.end(act, &town.tower, "我也说不做了").await).await));
        assert_eq!(refusal(town.staff.does(async |act| ended.clone().end(act, &town.tower, "再说一遍").await).await), "plan_ended");
        town.it_is("2027-03-01 08:00");
        assert_eq!(maintenance::make_due(&town.house).await.unwrap(), 0, "nothing more is sent");
        assert_eq!(tasks::by_id(town.house.read(), task.id).await.unwrap().state, TaskState::Dispatched, "what was sent is still to be done");
    }

    async fn counting_looks_no_row_up(town: Town) {
        a_round(&town).await;
        if !town.url.starts_with("sqlite") {
            return;
        }
        let open = "('received','accepted','in_work','on_agenda','decided','done','long_term')";
        for text in [
            "select count(*) from (select 1 from issues i where i.building_id = ? and i.origin <> 'plan' limit 1001)".to_owned(),
            "select count(*) from (select 1 from issues i where i.building_id = ? and i.origin <> 'plan' and i.category = 'lift.queue' limit 1001)".to_owned(),
            format!("select count(*) from (select 1 from issues i where i.building_id = ? and i.origin <> 'plan' and i.state in {open} limit 1001)"),
            format!("select count(*) from (select 1 from issues i where i.building_id = ? and i.origin <> 'plan' and i.category = 'lift.queue' and i.state in {open} limit 1001)"),
            "select count(*) from issues where building_id = ? and received_at >= '2026' and import_id is null and origin <> 'plan' and done_at is not null".to_owned(),
            format!("select count(*) from issues where building_id = ? and origin <> 'plan' and state in {open}"),
            format!("select count(*) from issues where building_id = ? and origin <> 'plan' and state in {open} and next_due <= '2027'"),
            "select place_id, count(*), sum(case when state <> 'done' and next_due <= '2027' then 1 else 0 end) from issues where building_id = ? \
             and origin <> 'plan' and state not in ('closed','declined','merged','withdrawn') group by place_id".to_owned(),
        ] {
            let plan = sea_orm::Statement::from_sql_and_values(sea_orm::DatabaseBackend::Sqlite, format!("explain query plan {text}"), [town.tower.id.0.into()]);
            let rows = town.house.read().query_all_raw(plan).await.unwrap();
            let detail: Vec<String> = rows.iter().map(|r| r.try_get("", "detail").unwrap()).collect();
            assert!(detail.iter().any(|d| d.contains("COVERING INDEX")), "{text}: {detail:?}");
        }
    }
}
