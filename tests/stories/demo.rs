//! The demonstration: its history is loaded whole, and the lift case in it has the figures that everybody tells.

use chrono::{TimeZone as _, Utc};
use louyi::commands::demo::{self, Options, Summary};
use louyi::domain::announcements::{self, Stage};
use louyi::domain::effect_checks::{self, Verdict};
use louyi::domain::imports::{self, ImportState};
use louyi::domain::issues::{ClosedBy, IssueState};
use louyi::domain::owners_votes::Phase;
use louyi::domain::resolutions::ResolutionState;
use louyi::domain::tasks::TaskState;
use louyi::domain::votes::owners::Decision;
use louyi::domain::{buildings, councils, editions, figures, issues, motions, owners_votes, reports, resolutions, supervisions, tasks};
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::Db;
use louyi::kernel::journal;
use louyi::kernel::keys::Keys;
use louyi::kernel::publog;
use louyi::kernel::settings::Settings;
use sea_orm::EntityTrait as _;

use crate::support::{calendar, sqlite_url, wait_for};

async fn load(folder: &std::path::Path, options: Options) -> (House, Summary) {
    let db = Db::open(&sqlite_url(folder)).await.expect("opens");
    db.migrate().await.expect("migrates");
    let clock = Clock::standing_at(Utc.with_ymd_and_hms(2026, 11, 26, 7, 0, 0).unwrap());
    let settings = Settings { data: folder.into(), ..Settings::default() };
    let house = House::new(db, clock.clone(), calendar(), Keys::fixed(7), settings);
    let summary = demo::load(&house, &clock, &options).await.unwrap_or_else(|e| panic!("loads: {e:?}"));
    (house, summary)
}

#[test]
fn the_district_is_furnished_and_the_lift_case_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    wait_for(async {
        let (house, summary) = load(folder.path(), Options { issues: 600, progress: false }).await;
        furnished(&summary);
        the_lift_case(&house).await;
        every_state(&house).await;
        nothing_waits_for_weeks(&house).await;
        what_is_announced(&house).await;
        what_the_owners_decide(&house).await;
        what_was_brought_over(&house).await;
        one_was_reported_to_the_street(&house).await;
        one_went_through_the_levels(&house).await;
        let head = publog::head(house.read()).await.expect("reads").expect("a ledger");
        assert_eq!(head.size, summary.ledger.size);
        assert!(head.size > 100, "{} entries", head.size);
    });
}

fn furnished(summary: &Summary) {
    assert_eq!(summary.buildings.len(), 4);
    for b in &summary.buildings {
        assert_eq!(b.council.as_ref().map(|c| c.seats), Some(13), "{}", b.slug);
        assert!(b.posters.len() >= 6, "{}", b.slug);
    }
    assert_eq!(summary.district.council.as_ref().map(|c| c.seats), Some(13));
    assert!(summary.people.len() > 90, "{} people", summary.people.len());
    let numbers: Vec<i32> = summary.buildings.iter().map(|b| b.issues).collect();
    assert!(numbers.iter().sum::<i32>() > 600 + 400, "generated ones beside the history: {numbers:?}");
    assert_eq!(summary.issues.first().map(|i| i.label.as_str()), Some("TQ-214"));
    assert!(summary.receipts.len() >= 5);
}

/// From its building to district, street and department and back the same way, and over.
async fn one_went_through_the_levels(house: &House) {
    use louyi::domain::hand_overs::{self, HandOverState};
    use louyi::domain::levels::Level::{Building, Department, District, Street};
    let db = house.read();
    let tower = buildings::by_slug(db, "tingqiao").await.expect("is there");
    let filter = issues::Filter { states: vec![IssueState::Closed], ..Default::default() };
    let mut ways = vec![];
    for row in issues::list(db, tower.id, &filter, 500).await.expect("lists").rows {
        let all = hand_overs::of_issue(db, row.id).await.expect("hand-overs");
        ways.push(all.iter().filter(|h| h.state == HandOverState::Agreed).map(|h| h.to_level).collect::<Vec<_>>());
    }
    assert!(ways.contains(&vec![District, Street, Department, Street, District, Building]), "{:?}", ways.iter().max_by_key(|w| w.len()));
}

/// One vote of the owners runs, one has ended and was written down.
async fn what_the_owners_decide(house: &House) {
    let (db, now) = (house.read(), house.now());
    let tower = buildings::by_slug(db, "tingqiao").await.expect("is there");
    let votes = owners_votes::of_building(db, tower.id).await.expect("reads");
    let [running, ended] = votes.as_slice() else { panic!("two votes: {votes:?}") };
    assert_eq!((running.phase(now), running.decision), (Phase::Running, None));
    assert_eq!((ended.phase(now), ended.decision), (Phase::Ended, Some(Decision::Passed)));
    let count = ended.count(db).await.expect("counts").count;
    assert_eq!((count.all.persons, count.part.persons, count.yes.persons), (9, 6, 5));
}

/// One runs on whatever day it is loaded, some are to come, one is over.
async fn what_is_announced(house: &House) {
    let (db, now) = (house.read(), house.now());
    let tower = buildings::by_slug(db, "tingqiao").await.expect("is there");
    let current = announcements::current(db, tower.id, now).await.expect("reads");
    let stages: Vec<Stage> = current.iter().map(|a| a.announcement.stage(now)).collect();
    assert_eq!(stages, [Stage::Running, Stage::Coming, Stage::Coming]);
    assert!(current.iter().all(|a| a.places.len() == 1 && a.announcement.created_at < now));
    assert_eq!(announcements::over(db, tower.id, now, 9).await.expect("reads").len(), 1);
}

/// A finished import, with two faulty rows that can still be corrected; and it is in nobody's rates.
async fn what_was_brought_over(house: &House) {
    let db = house.read();
    let tower = buildings::by_slug(db, "yanhu").await.expect("is there");
    let import = imports::by_number(db, tower.id, 1).await.expect("is there");
    assert_eq!((import.state, import.total, import.made, import.faulty), (ImportState::Done, 36, 34, 2));
    let faults = import.faults(db, 10).await.expect("reads");
    assert_eq!(faults.iter().map(|(line, all)| (*line, all.len())).collect::<Vec<_>>(), [(15, 1), (28, 1)]);
    assert!(import.has_file(db).await.expect("asks"));
    let filter = issues::Filter { states: vec![IssueState::Closed], ..Default::default() };
    let over = issues::list(db, tower.id, &filter, 500).await.expect("lists").rows;
    assert_eq!(over.iter().filter(|i| i.closed_by == Some(ClosedBy::Import)).count(), 32);
}

/// Late for three working days, reported once, taken up by an officer, answered, done and confirmed.
async fn one_was_reported_to_the_street(house: &House) {
    let db = house.read();
    let raised: Vec<_> = supervisions::Entity::find().all(db).await.expect("reads");
    // What else was late enough at that hour was reported with it, as it would be.
    assert!(raised.iter().all(|s| s.raised_at > house.calendar().moved(s.due_at, 3)));
    let noted: Vec<_> = raised.iter().filter(|s| s.noted_at.is_some()).collect();
    let [one] = noted[..] else { panic!("an officer has taken up one of {}, not {}", raised.len(), noted.len()) };
    assert!(one.settled_at.is_some() && raised.iter().filter(|s| s.issue_id == one.issue_id).count() == 1);
    let lines = journal::of_issue(db, one.issue_id).await.expect("lines");
    let at = |act: &str| lines.iter().filter(|l| l.act == act).map(|l| l.seq).collect::<Vec<_>>();
    assert_eq!((at("supervision_raised").len(), at("supervision_noted").len()), (1, 1));
    let (raised, noted, done) = (at("supervision_raised")[0], at("supervision_noted")[0], at("task_done")[0]);
    let answered = lines.iter().any(|l| l.act == "message_sent" && noted < l.seq && l.seq < done);
    assert!(raised < noted && noted < done && answered);
    assert_eq!(issues::by_id(db, one.issue_id).await.expect("is there").closed_by, Some(ClosedBy::Reporter));
    assert!(supervisions::open_of(db, one.issue_id).await.expect("reads").is_empty());
}

async fn the_lift_case(house: &House) {
    let db = house.read();
    let tower = buildings::by_slug(db, "tingqiao").await.expect("is there");
    let issue = issues::by_number(db, tower.id, 214).await.expect("is there");
    assert_eq!(issue.public_title.as_deref(), Some("早高峰候梯太久"));
    assert_eq!((issue.state, issue.closed_by), (IssueState::Closed, Some(ClosedBy::Council)));
    assert_eq!(issue.reports, 498);
    let mut weeks = [0; 16];
    for (day, came) in figures::report_days(db, issue.id).await.expect("counts") {
        let since = day - chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        weeks[since.num_days() as usize / 7] += came;
    }
    assert_eq!(weeks, [38, 61, 66, 58, 49, 31, 47, 44, 36, 29, 15, 9, 6, 4, 3, 2]);
    assert_eq!(reports::known_units(db, issue.id).await.expect("counts"), 11);
    let checks = effect_checks::of_issue(db, issue.id).await.expect("reads");
    let made: Vec<_> = checks.iter().map(|c| (c.after_value, c.verdict)).collect();
    let expected = [(Some(139), Some(Verdict::Ineffective)), (Some(62), Some(Verdict::Partly)), (Some(46), Some(Verdict::Effective))];
    assert_eq!(made, expected);
    let council = councils::of_building(db, tower.id).await.expect("is there");
    for (serial, state, sum) in [(5, ResolutionState::Superseded, [13, 1, 12, 9, 2, 1]), (9, ResolutionState::InForce, [13, 1, 11, 9, 1, 1])] {
        let resolution = resolutions::by_number(db, council.id, 2026, serial).await.expect("is there");
        assert_eq!((resolution.state, resolution.issue_id), (state, Some(issue.id)), "resolution {serial}");
        let m = motions::by_id(db, resolution.motion_id).await.expect("is there");
        assert_eq!([m.seats, m.recused, m.present, m.yes, m.no, m.abstain], sum.map(Some), "resolution {serial}");
    }
    let done = tasks::of_issue(db, issue.id).await.expect("reads");
    assert_eq!(done.iter().map(|t| t.state).collect::<Vec<_>>(), [TaskState::Verified; 6]);
    let told = editions::about(db, issue.id).await.expect("reads");
    assert!(told.iter().any(|(s, e)| s.headline == "打卡机挪三十米，电梯不挤了" && e.number == 12));
}

/// What the pages promise about visitors' words, the demonstration keeps: nothing waits longer than two working days.
async fn nothing_waits_for_weeks(house: &House) {
    let mut waiting = 0;
    for b in &buildings::all(house.read(), None).await.expect("reads") {
        waiting += reports::waiting_for_release(house.read(), b.id, 100).await.expect("reads").len();
        let now = house.now();
        assert_eq!(reports::late_for_release(house.read(), b.id, now).await.expect("counts"), 0, "{}", b.slug);
    }
    assert!(waiting > 0, "and there is something to read");
}

/// Whoever looks at the demonstration finds every state of a matter on some page.
async fn every_state(house: &House) {
    let db = house.read();
    let all = buildings::all(db, None).await.expect("reads");
    for state in IssueState::ALL {
        let mut found = 0;
        for b in &all {
            let filter = issues::Filter { states: vec![*state], ..Default::default() };
            found += issues::list(db, b.id, &filter, 5).await.expect("lists").rows.len();
        }
        assert!(found > 0, "no matter is {state}");
    }
}
