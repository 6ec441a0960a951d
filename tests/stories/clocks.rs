//! What the passing of time brings about, once, whoever watches.

use chrono::Duration;
use louyi::domain::issues::{ClosedBy, IssueState};
use louyi::domain::resolutions::ResolutionState;
use louyi::domain::tasks::{self, StopReason};
use louyi::domain::{issues, reminders, resolutions, sessions};
use louyi::jobs;
use louyi::kernel::act::House;
use louyi::kernel::db::sql;
use louyi::kernel::outbox::{self, Address};
use rocket::tokio;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};

use crate::support::town::house;
use crate::support::verbs::motion;
use crate::support::{Matter, Town, on_both};

/// A second process on the same database.
async fn beside(town: &Town) -> House {
    house(&town.url, &town.house.settings().data, town.house.now()).await
}

async fn told(town: &Town, kind: &str) -> usize {
    town.letters(kind).await.len()
}

async fn reminded(town: &Town) -> usize {
    reminders::send_due(&town.house).await.expect("reminds")
}

async fn closed_by(town: &Town, matter: Matter) -> Option<ClosedBy> {
    town.now(matter).await.closed_by
}

on_both! {
    /// The stated time decides, however late somebody looks; and only once.
    async fn silence_closes_at_the_stated_time(town: Town) {
        let told = town.a_matter_done().await;
        let due = town.now(told.matter).await.confirm_due.expect("a time");
        assert!(town.house.clock().set(due - Duration::seconds(1)));
        assert_eq!(issues::lapse_due(&town.house).await.expect("looks"), 0);
        assert!(town.house.clock().set(due));
        let other = beside(&town).await;
        let (a, b) = tokio::join!(issues::lapse_due(&town.house), issues::lapse_due(&other));
        assert_eq!(a.expect("looks") + b.expect("looks"), 1);
        assert_eq!(closed_by(&town, told.matter).await, Some(ClosedBy::Silence));
        assert_eq!(town.story(told.matter).await.iter().filter(|act| *act == "issue_closed").count(), 1);
    }

    /// However long nobody looked, one round brings about all that is due.
    async fn one_round_settles_what_is_due(town: Town) {
        let (done, offered) = (town.a_matter_done().await.matter, town.reports("闸机口堵了").await.matter);
        town.staff.offers(offered, &town.department).await.expect("offered");
        town.lets_working_days_pass(30);
        jobs::round(&town.house).await.expect("a round");
        assert_eq!(town.now(done).await.state, IssueState::Closed);
        assert_eq!(town.now(offered).await.offered_to_id, None);
    }

    /// Silence on an offer is no refusal: the giver stays responsible and is told.
    async fn an_offer_ends_with_its_day(town: Town) {
        let told_to = town.reports("闸机口堵了").await.matter;
        town.staff.offers(told_to, &town.department).await.expect("offered");
        let until = town.now(told_to).await.offered_until.expect("a day");
        assert!(town.house.clock().set(until - Duration::seconds(1)));
        assert_eq!(issues::offers_lapse_due(&town.house).await.expect("looks"), 0);
        assert!(town.house.clock().set(until));
        let other = beside(&town).await;
        let (a, b) = tokio::join!(issues::offers_lapse_due(&town.house), issues::offers_lapse_due(&other));
        assert_eq!(a.expect("looks") + b.expect("looks"), 1);
        let issue = town.now(told_to).await;
        assert_eq!((issue.offered_to_id, issue.offered_until, issue.transfers_refused), (None, None, 0));
        assert_eq!(issue.holder_id, Some(town.manager.id));
        assert_eq!(town.story(told_to).await.last().map(String::as_str), Some("transfer_lapsed"));
        assert!(town.letters("transfer_lapsed").await.contains(&Address::Person(town.staff.id)));
        assert!(town.officer.takes_over(told_to).await.is_err(), "it is no longer offered");
    }

    /// A stopped clock is capped: it runs again by itself, and the due date moves by the working days it stood.
    async fn a_stopped_clock_runs_again_by_itself(town: Town) {
        let (told_to, task) = town.a_matter_in_work().await;
        town.staff.says(told_to.matter, louyi::domain::messages::Voice::Reporters, "已派人检查").await.expect("answered");
        let words = "等电梯配件到货";
        town.fitter.on_task(task.id, async |act, t, i| t.stop_clock(act, i, StopReason::Part, words).await).await.expect("stops");
        town.it_is("2026-12-02 09:00");
        assert_eq!(reminded(&town).await, 0, "nobody is pressed while the clock stands");
        let until = tasks::stops(town.house.read(), task.id).await.expect("stops")[0].until_at_most;
        assert!(town.house.clock().set(until + Duration::days(3)));
        let other = beside(&town).await;
        let (a, b) = tokio::join!(tasks::clocks_run_due(&town.house), tasks::clocks_run_due(&other));
        assert_eq!(a.expect("runs") + b.expect("runs"), 1);
        let after = tasks::by_id(town.house.read(), task.id).await.expect("the task");
        assert_eq!(after.due_at, town.house.calendar().moved(task.due_at, 10), "ten working days, and none of the three days it was looked at late");
        assert_eq!(tasks::stops(town.house.read(), task.id).await.expect("stops")[0].ended_at, Some(until));
        assert!(town.letters("clock_runs").await.contains(&Address::Person(town.fitter.id)));
        assert!(town.story(told_to.matter).await.contains(&"clock_started".to_owned()));
    }

    /// Published, displayed and signed: in force by the clock alone.
    async fn a_resolution_comes_into_force_after_its_display(town: Town) {
        let matter = town.reports("电梯等太久").await.matter;
        let session = town.council_meets_about(matter).await;
        let resolution = town.carries(&session, motion()).await;
        town.secretary.publishes(&resolution).await.expect("published");
        assert_eq!(resolutions::take_effect_due(&town.house).await.expect("looks"), 0);
        town.lets_working_days_pass(6);
        let other = beside(&town).await;
        let (a, b) = tokio::join!(resolutions::take_effect_due(&town.house), resolutions::take_effect_due(&other));
        assert_eq!(a.expect("looks") + b.expect("looks"), 1);
        let now = resolutions::by_id(town.house.read(), resolution.id).await.expect("it");
        assert_eq!(now.state, ResolutionState::InForce);
    }

    /// Half time, last day, late: each once, whoever looks and however often, and the secretary from the third on.
    async fn a_task_is_reminded_of_three_times(town: Town) {
        let (told_to, task) = town.a_matter_in_work().await;
        assert_eq!(task.due_at, crate::support::shanghai("2026-12-01 00:00"), "five working days from a Monday");
        town.staff.says(told_to.matter, louyi::domain::messages::Voice::Reporters, "已派人检查").await.expect("answered");
        town.letters_arrive().await;
        assert_eq!(reminded(&town).await, 0);
        for (now, kind) in [("2026-11-27 09:00", "task_half"), ("2026-11-30 08:30", "task_last_day"), ("2026-12-01 08:00", "task_late")] {
            town.it_is(now);
            let other = beside(&town).await;
            let (a, b) = tokio::join!(reminders::send_due(&town.house), reminders::send_due(&other));
            a.expect("reminds");
            b.expect("reminds");
            reminded(&town).await;
            let to = town.letters(kind).await;
            assert_eq!(to.iter().filter(|a| **a == Address::Person(town.fitter.id)).count(), 1, "{kind}");
            assert_eq!(to.contains(&Address::Person(town.secretary.id)), kind == "task_late");
        }
        town.it_is("2026-12-02 09:00");
        reminded(&town).await;
        assert_eq!(told(&town, "task_late").await, 2, "the fitter and the secretary, and no more tomorrow");
    }

    /// Nobody is woken, nobody is told on a day off, and after a long sleep only what still matters is said.
    async fn reminders_keep_working_hours(town: Town) {
        let (told_to, task) = town.a_matter_in_work().await;
        town.staff.says(told_to.matter, louyi::domain::messages::Voice::Reporters, "已派人检查").await.expect("answered");
        for quiet in ["2026-11-27 07:59", "2026-11-27 20:00", "2026-11-28 10:00", "2026-11-29 10:00"] {
            town.it_is(quiet);
            assert_eq!(reminded(&town).await, 0, "{quiet}");
        }
        town.it_is("2026-12-01 09:00");
        assert_eq!(reminded(&town).await, 1);
        assert_eq!((told(&town, "task_half").await, told(&town, "task_last_day").await, told(&town, "task_late").await), (0, 0, 2));
        let (_, stale) = town.a_matter_in_work().await;
        assert!(town.house.clock().set(stale.due_at + Duration::days(8) + Duration::hours(9)));
        town.letters_arrive().await;
        reminded(&town).await;
        assert_eq!(told(&town, "task_late").await, 0, "the desk shows what has been late for a week");
        let _ = task;
    }

    /// Danger does not wait for the morning.
    async fn danger_is_reminded_of_at_night(town: Town) {
        town.it_is("2026-11-23 21:00");
        let urgent = town.says("北座停电").about("util.power").files().await.matter;
        let due = town.now(urgent).await.first_answer_due.expect("a time");
        assert!(town.house.clock().set(due));
        assert_eq!(reminded(&town).await, 1);
        let to = town.letters("answer_late").await;
        assert!(to.contains(&Address::Person(town.staff.id)) && to.contains(&Address::Person(town.secretary.id)));
    }

    /// Whoever has not said whether it is fixed is asked once more, on the last day.
    async fn reporters_are_asked_once_more_on_the_last_day(town: Town) {
        let told_to = town.says("饮水机漏水").by_mail("lin@example.org").files().await;
        let quiet = town.says("").by_mail("zhou@example.org").on_device("another").joins(told_to.matter).await;
        town.staff.accepts(told_to.matter, "已联系厂家").await.expect("accepted");
        let task = town.staff.dispatches(told_to.matter, &town.contractor, "修饮水机").await.expect("a task");
        town.fitter.finishes(task.id, "换了阀门").await.expect("finished");
        town.staff.says_done(told_to.matter, "阀门已换，不漏了").await.expect("done");
        town.holder_of(&told_to).answers(&told_to, louyi::domain::reports::Answer::Yes).await.expect("answers");
        let due = town.now(told_to.matter).await.confirm_due.expect("a time");
        assert!(town.house.clock().set(due - Duration::hours(15)));
        reminded(&town).await;
        reminded(&town).await;
        assert_eq!(town.letters("confirm_last_day").await, vec![Address::Report(quiet.report)]);
    }

    /// The long-term list, a meeting: each is brought back to mind once.
    async fn what_was_put_off_comes_back(town: Town) {
        let matter = town.reports("大堂太冷").await.matter;
        town.staff.accepts(matter, "要等供暖改造").await.expect("accepted");
        town.staff.shelves(matter, "等明年供暖改造一起做", "2026-12-10").await.expect("shelved");
        let session = town.secretary.drafts_meeting(&town, 15).await.expect("drafted").id;
        let item = town.reports("电梯等太久").await.matter;
        town.staff.accepts(item, "会协调").await.expect("accepted");
        town.secretary.nominates(item).await.expect("nominated");
        town.secretary.lists(session, item).await.expect("listed");
        town.secretary.calls(session).await.expect("called");
        town.letters_arrive().await;
        town.it_is("2026-12-10 09:00");
        reminded(&town).await;
        reminded(&town).await;
        assert!(town.letters("review_due").await.contains(&Address::Person(town.staff.id)));
        let (reviews, meetings) = (told(&town, "review_due").await, told(&town, "meeting_soon").await);
        town.it_is("2026-12-11 09:00");
        reminded(&town).await;
        assert_eq!((told(&town, "review_due").await, told(&town, "meeting_soon").await), (reviews, meetings));
        assert_eq!(meetings, 0, "the meeting was on the eighth");
        let all = outbox::Entity::find().count(town.house.read()).await.expect("counts");
        assert!(all > 0);
    }

    /// Members hear of a meeting again on the day before it, once.
    async fn a_meeting_is_announced_again(town: Town) {
        let matter = town.reports("电梯等太久").await.matter;
        town.staff.accepts(matter, "会协调").await.expect("accepted");
        town.secretary.nominates(matter).await.expect("nominated");
        let meeting = town.secretary.drafts_meeting(&town, 8).await.expect("drafted").id;
        town.secretary.lists(meeting, matter).await.expect("listed");
        town.secretary.calls(meeting).await.expect("called");
        town.it_is("2026-11-27 09:12");
        reminded(&town).await;
        assert_eq!(told(&town, "meeting_soon").await, 0);
        for now in ["2026-11-30 09:12", "2026-11-30 15:00", "2026-12-01 08:05"] {
            town.it_is(now);
            reminded(&town).await;
        }
        let to = town.letters("meeting_soon").await;
        assert_eq!(to.iter().filter(|a| **a == Address::Person(town.members[2].id)).count(), 1);
        assert!(to.len() >= 13);
    }

    /// What has served its time goes; what somebody may still need stays.
    async fn what_has_served_its_time_goes(town: Town) {
        let token = town.louyi().gets(async |act| {
            let person = louyi::domain::persons::by_id(act.tx(), town.secretary.id).await?;
            let link = sessions::make_link(act, &person, Duration::minutes(30)).await?;
            sessions::use_link(act, &link, "a telephone").await.map(|(_, token)| token)
        }).await;
        town.reports("灯坏了").await;
        jobs::round(&town.house).await.expect("a round");
        assert!(sessions::by_token(&town.house, &token).await.expect("asks").is_some());
        let db = town.house.read();
        let count = async |table: &str| -> i64 {
            let text = format!("select count(*) from {table}");
            db.query_one_raw(sql(db, &text, [])).await.expect("asks").expect("a row").try_get_by_index(0).expect("a number")
        };
        assert!(count("outbox").await > 0 && count("kept_mails").await > 0 && count("sign_in_links").await == 1);
        town.lets_pass(Duration::days(200));
        let lines = count("journal").await;
        jobs::round(&town.house).await.expect("a round");
        assert_eq!((count("sessions").await, count("sign_in_links").await), (0, 0));
        assert_eq!((count("outbox").await, count("kept_mails").await), (0, 0));
        let counted = count("journal where act = 'cleaned_up'").await;
        assert_eq!(count("journal").await, lines + counted, "the journal keeps everything, and counts what went");
        assert!(counted >= 2, "sessions and letters, each a line");
    }
}
