//! What a resolution does to an earlier one, how long it holds, its tasks, what is said to it for good, and the register of them all.

use chrono::{Duration, NaiveDate};
use louyi::domain::issues::IssueState;
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::motions::{self, Method, NewMotion, TaskToCome, Terms, Upon};
use louyi::domain::resolutions::{self, Narrowed, Resolution, ResolutionState, Standing};
use louyi::domain::tasks::{self, TaskState};
use louyi::domain::votes::Choice;
use louyi::kernel::publog;
use louyi::kernel::text::TextHash;

use crate::support::{Matter, Town, on_both, refusal, verbs};

async fn now(town: &Town, r: &Resolution) -> Resolution {
    resolutions::by_id(town.house.read(), r.id).await.unwrap()
}

/// Adopted on a new matter with these terms about an earlier one; not published.
async fn adopted(town: &Town, words: &str, supersedes: Option<&Resolution>, terms: Terms<'_>) -> (Matter, Resolution) {
    let told = town.reports(words).await;
    let session = town.council_meets_about(told.matter).await;
    let r = town.carries(&session, NewMotion { supersedes: supersedes.map(|r| r.id), terms, ..verbs::motion() }).await;
    town.convenor.closes(session.meeting).await.unwrap();
    (told.matter, r)
}

fn nobody<'a>() -> Terms<'a> {
    Terms { no_action: "各家照新的流程走，不用另外做什么。", ..Terms::default() }
}

/// Published, displayed long enough, and what is due has come about.
async fn holds(town: &Town, r: &Resolution) -> Resolution {
    town.editor.publishes(r).await.unwrap();
    town.lets_pass(Duration::days(6));
    resolutions::take_effect_due(&town.house).await.unwrap();
    now(town, r).await
}

fn day(town: &Town, days: i64) -> String {
    town.house.calendar().date_of(town.house.now() + Duration::days(days)).to_string()
}

on_both! {
    async fn amended_the_old_one_stays_in_force(town: Town) {
        let (_, old) = adopted(&town, "电梯排队", None, nobody()).await;
        let told = town.reports("闸机太慢").await;
        let session = town.council_meets_about(told.matter).await;
        let amends = NewMotion { supersedes: Some(old.id), terms: Terms { upon: Some(Upon::Amends), ..nobody() }, ..verbs::motion() };
        assert_eq!(refusal(town.secretary.puts(session.item, amends.clone()).await), "supersedes", "what is not in force is not amended");
        let old = holds(&town, &old).await;
        let new = town.carries(&session, amends).await;
        let new = holds(&town, &new).await;
        assert_eq!((now(&town, &old).await.state, new.state, new.upon), (ResolutionState::InForce, ResolutionState::InForce, Some(Upon::Amends)));
        let later = resolutions::later(town.house.read(), old.id).await.unwrap();
        assert_eq!(later.iter().map(|r| r.id).collect::<Vec<_>>(), [new.id]);
        assert!(town.story(Matter(old.issue_id.unwrap())).await.contains(&"resolution_amended".to_owned()));
    }

    async fn repealed_it_ends_with_the_new_ones_force_and_its_open_tasks_fall_away(town: Town) {
        let due = town.house.now() + Duration::days(60);
        let set = |words| vec![TaskToCome { organisation: town.manager.id, words, measure: "秘书现场看", due }];
        let (matter, old) = adopted(&town, "电梯排队", None, Terms { tasks: set("贴出新的时刻表"), ..Terms::default() }).await;
        let old = holds(&town, &old).await;
        let task = tasks::of_resolution(town.house.read(), old.id).await.unwrap().remove(0);
        assert_eq!((task.organisation_id, task.state, task.due_at), (town.manager.id, TaskState::Dispatched, due));
        let (_, new) = adopted(&town, "不用时刻表了", Some(&old), Terms { upon: Some(Upon::Repeals), ..nobody() }).await;
        assert_eq!(now(&town, &old).await.state, ResolutionState::InForce, "not before the new one holds");
        let new = holds(&town, &new).await;
        let ended = now(&town, &old).await;
        assert_eq!((ended.state, ended.ended_at), (ResolutionState::Repealed, new.in_force_at));
        assert_eq!(tasks::by_id(town.house.read(), task.id).await.unwrap().state, TaskState::Cancelled);
        assert_eq!(town.story(matter).await.iter().filter(|e| *e == "resolution_repealed").count(), 1);
    }

    async fn it_lapses_after_its_last_day_and_comes_up_for_review_once(town: Town) {
        let (until, review) = (day(&town, 40), day(&town, 30));
        let (matter, r) = adopted(&town, "电梯排队", None, Terms { until: &until, review_on: &review, ..nobody() }).await;
        let r = holds(&town, &r).await;
        assert_eq!(resolutions::review_due(&town.house).await.unwrap(), 0);
        town.it_is(&format!("{review} 00:00"));
        assert_eq!(resolutions::review_due(&town.house).await.unwrap(), 1);
        assert_eq!(resolutions::review_due(&town.house).await.unwrap(), 0, "once, whoever runs and however often");
        let item = items::open_of_issue(town.house.read(), matter.0).await.unwrap().expect("on the council's list");
        assert_eq!((item.source, item.question.contains("汀桥〔2026〕第1号")), (Source::Review, true));
        town.it_is(&format!("{until} 23:59"));
        assert_eq!(resolutions::expire_due(&town.house).await.unwrap(), 0, "its last day is a day of force");
        town.lets_pass(Duration::minutes(1));
        assert_eq!(resolutions::expire_due(&town.house).await.unwrap(), 1);
        assert_eq!(resolutions::expire_due(&town.house).await.unwrap(), 0);
        let over = now(&town, &r).await;
        assert_eq!((over.state, over.ended_at), (ResolutionState::Expired, Some(town.house.now())));
    }

    async fn it_waits_for_its_first_day(town: Town) {
        let from = day(&town, 30);
        let (_, r) = adopted(&town, "电梯排队", None, Terms { from: &from, ..nobody() }).await;
        let r = holds(&town, &r).await;
        assert_eq!(r.state, ResolutionState::Adopted, "on display long enough, and its first day is not there");
        town.it_is(&format!("{from} 00:00"));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 1);
        assert_eq!(now(&town, &r).await.in_force_at, Some(town.house.now()));
    }

    async fn days_and_parts_that_make_no_sense_are_refused_at_their_field(town: Town) {
        let told = town.reports("电梯排队").await;
        let session = town.council_meets_about(told.matter).await;
        let (near, far, past) = (day(&town, 10), day(&town, 20), day(&town, 0));
        let cases: [(Terms<'_>, &str, &str); 9] = [
            (Terms { until: "明年", ..nobody() }, "date", "force_until"),
            (Terms { until: &past, ..nobody() }, "date_past", "force_until"),
            (Terms { from: &past, ..nobody() }, "date_past", "force_from"),
            (Terms { from: &far, until: &near, ..nobody() }, "force_order", "force_until"),
            (Terms { review_on: &far, until: &near, ..nobody() }, "review_late", "review_on"),
            (Terms { closed_words: "门禁密码每月换一次", ..nobody() }, "empty", "closed_reason"),
            (Terms { closed_reason: "关系安全", ..nobody() }, "closed_nothing", "closed_words"),
            (Terms { upon: Some(Upon::Repeals), ..nobody() }, "upon_what", "supersedes"),
            (Terms { no_action: "无", ..Terms::default() }, "too_short", "no_action"),
        ];
        for (terms, key, field) in cases {
            let put = town.secretary.puts(session.item, NewMotion { terms, ..verbs::motion() }).await;
            match put {
                Err(louyi::kernel::error::Error::Refused(r)) => assert_eq!((r.key.as_ref(), r.field), (key, Some(field))),
                other => panic!("{key} at {field}: {other:?}"),
            }
        }
        // A council cannot order a tenant, and needs a matter to set a task in.
        let task = |organisation| Terms { tasks: vec![TaskToCome { organisation, words: "改班次", measure: "看记录", due: town.house.now() + Duration::days(9) }], ..Terms::default() };
        let put = town.secretary.puts(session.item, NewMotion { terms: task(town.sunflower.id), ..verbs::motion() }).await;
        assert_eq!(refusal(put), "task_must_sign");
        assert!(motions::of_item(town.house.read(), session.item).await.unwrap().is_empty(), "nothing of it is left");
    }

    async fn its_tasks_begin_with_its_force_and_until_then_the_matter_is_not_done(town: Town) {
        let due = town.house.now() + Duration::days(60);
        let task = TaskToCome { organisation: town.department.id, words: "派人来量一次", measure: "量的记录", due };
        let (matter, r) = adopted(&town, "电梯排队", None, Terms { tasks: vec![task], ..Terms::default() }).await;
        assert!(tasks::of_resolution(town.house.read(), r.id).await.unwrap().is_empty());
        assert_eq!((r.no_action_because.clone(), town.now(matter).await.state), (None, IssueState::Decided));
        assert_eq!(refusal(town.staff.says_done(matter, "措施已经落实").await), "tasks_to_come");
        holds(&town, &r).await;
        let all = tasks::of_resolution(town.house.read(), r.id).await.unwrap();
        assert_eq!(all.iter().map(|t| (t.organisation_id, t.words.as_str(), t.measure.as_str())).collect::<Vec<_>>(), [(town.department.id, "派人来量一次", "量的记录")]);
        let set = motions::tasks_of(town.house.read(), r.motion_id).await.unwrap();
        assert_eq!(set[0].task_id, Some(all[0].id));
        assert_eq!(refusal(town.staff.says_done(matter, "措施已经落实").await), "tasks_open");
        town.officer.finishes(all[0].id, "量好了，记录附上").await.unwrap();
        town.staff.says_done(matter, "措施已经落实").await.unwrap();
    }

    async fn what_is_not_public_is_covered_by_the_ledgers_hash(town: Town) {
        let terms = Terms { closed_words: "夜间保安的班次表附后", closed_reason: "关系大楼安全", ..nobody() };
        let (_, r) = adopted(&town, "夜里有人进楼", None, terms).await;
        let r = town.editor.publishes(&r).await.unwrap();
        let entry = publog::about(town.house.read(), r.id).await.unwrap().pop().expect("an entry");
        let facts = serde_json::from_str::<serde_json::Value>(&entry.body).unwrap()["facts"].clone();
        assert_eq!(facts["closed_words_sha256"].as_str(), Some(&*TextHash::of(&r.words_salt, "夜间保安的班次表附后").0));
        assert_eq!(facts["closed_reason"].as_str(), Some("关系大楼安全"));
        assert!(!entry.body.contains("班次表"));
    }

    async fn dissent_and_reply_travel_with_it_for_good(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        let task = TaskToCome { organisation: town.manager.id, words: "闸机外改线", measure: "现场看", due: town.house.now() + Duration::days(30) };
        let motion = town.secretary.puts(session.item, NewMotion { terms: Terms { tasks: vec![task], ..Terms::default() }, ..verbs::motion() }).await.unwrap();
        town.are_seated(session.meeting, 1..=13).await;
        town.convenor.opens_vote(motion.id, Method::Named).await.unwrap();
        town.vote(motion.id, 1..=9, Choice::Yes).await;
        town.vote(motion.id, [10], Choice::No).await;
        town.vote(motion.id, [11], Choice::Abstain).await;
        let r = town.convenor.closes_vote(motion.id, 0).await.unwrap().1.unwrap();
        let dissents = async |n: usize| town.members[n - 1].does(async |act| resolutions::dissent(act, &resolutions::by_id(act.tx(), r.id).await?, "先试一个月再定。").await).await;
        assert_eq!(refusal(dissents(1).await), "only_dissenter");
        let said = dissents(10).await.unwrap();
        assert_eq!(said.organisation_id, town.seat(10).await.organisation_id);
        assert_eq!(refusal(dissents(10).await), "stated");
        dissents(11).await.unwrap();
        let replies = async |who: &crate::support::Who| who.does(async |act| resolutions::reply(act, &resolutions::by_id(act.tx(), r.id).await?, "线路改造要停电半天。").await).await;
        replies(&town.staff).await.unwrap();
        assert_eq!(refusal(replies(&town.neighbour).await), "only_named");
        town.secretary.gets(async |act| resolutions::name_party(act, &resolutions::by_id(act.tx(), r.id).await?, &town.egret).await).await;
        replies(&town.neighbour).await.unwrap();
        town.editor.publishes(&r).await.unwrap();
        town.lets_pass(Duration::days(6));
        assert_eq!(refusal(dissents(12).await), "display_over");
        let kinds: Vec<_> = resolutions::statements_of(town.house.read(), r.id).await.unwrap().iter().map(|s| s.kind.as_str()).collect();
        assert_eq!(kinds, ["dissent", "dissent", "reply", "reply"]);
    }

    async fn the_register_says_what_held_on_any_day(town: Town) {
        let (_, first) = adopted(&town, "电梯排队", None, nobody()).await;
        let first = holds(&town, &first).await;
        let held = town.house.calendar().date_of(town.house.now());
        town.lets_pass(Duration::days(10));
        let (_, second) = adopted(&town, "电梯还是排队", Some(&first), nobody()).await;
        let between = town.house.calendar().date_of(town.house.now());
        town.lets_pass(Duration::days(2));
        let second = holds(&town, &second).await;
        town.lets_pass(Duration::days(2));
        let list = async |standing, day: Option<NaiveDate>| {
            let at = Narrowed::as_of(day, town.house.now(), &town.house.calendar());
            let asked = Narrowed { standing, ..Narrowed::at(at) };
            let rows = resolutions::list(town.house.read(), town.council.id, &asked, 10).await.unwrap();
            assert_eq!(resolutions::count(town.house.read(), town.council.id, &asked).await.unwrap(), rows.len() as i64);
            rows.iter().map(|r| (r.serial, r.state_at(at))).collect::<Vec<_>>()
        };
        use ResolutionState::{Adopted, InForce, Superseded};
        assert_eq!(list(Standing::InForce, None).await, [(2, InForce)]);
        assert_eq!(list(Standing::Ended, None).await, [(1, Superseded)]);
        assert_eq!(list(Standing::InForce, Some(held)).await, [(1, InForce)]);
        assert_eq!(list(Standing::Adopted, Some(between)).await, [(2, Adopted)]);
        assert_eq!(list(Standing::InForce, Some(between)).await, [(1, InForce)]);
        assert_eq!(list(Standing::All, Some(held)).await, [(1, InForce)], "what came later is not in it");
        assert_eq!(list(Standing::InForce, Some(held - chrono::Days::new(20))).await, []);
        assert_eq!(second.state, InForce);
        let narrowed = async |change: fn(&mut Narrowed, &Town)| {
            let mut asked = Narrowed { standing: Standing::All, ..Narrowed::at(town.house.now()) };
            change(&mut asked, &town);
            let rows = resolutions::list(town.house.read(), town.council.id, &asked, 10).await.unwrap();
            rows.iter().map(|r| r.serial).collect::<Vec<_>>()
        };
        assert_eq!(narrowed(|n, _| n.year = Some(2026)).await, [2, 1]);
        assert_eq!(narrowed(|n, _| n.year = Some(2025)).await, [0; 0]);
        assert_eq!(narrowed(|n, t| n.organisation = Some(t.manager.id)).await, [0; 0], "nobody owes anything");
        assert_eq!(narrowed(|n, _| n.words = Some("打卡机".into())).await, [2, 1]);
        assert_eq!(narrowed(|n, _| n.words = Some("100%".into())).await, [0; 0], "a sign is a sign and no pattern");
        assert_eq!(narrowed(|n, _| n.below = Some((2026, 2))).await, [1]);
    }
}
