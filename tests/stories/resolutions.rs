//! Resolutions: numbered per year, on display before they hold, never changed, only superseded.

use chrono::Duration;
use louyi::domain::issues::IssueState;
use louyi::domain::motions::NewMotion;
use louyi::domain::resolutions::{self, Resolution, ResolutionState};
use louyi::domain::tasks::{self, TaskState};
use louyi::domain::undertakings::{self, UndertakingState};
use louyi::kernel::publog;
use louyi::kernel::text::TextHash;

use crate::support::{Matter, Town, on_both, refusal, shanghai, verbs};

async fn now(town: &Town, r: &Resolution) -> Resolution {
    resolutions::by_id(town.house.read(), r.id).await.unwrap()
}

/// A resolution on a new matter, by which nobody has to act.
async fn adopted(town: &Town, words: &str) -> (Matter, Resolution) {
    let told = town.reports(words).await;
    let session = town.council_meets_about(told.matter).await;
    let r = town.carries(&session, verbs::motion()).await;
    town.secretary.gets(async |act| louyi::domain::meetings::by_id(act.tx(), session.meeting).await?.close(act).await).await;
    (told.matter, r)
}

on_both! {
    async fn numbered_per_council_and_year(town: Town) {
        let (_, first) = adopted(&town, "电梯排队").await;
        let (_, second) = adopted(&town, "闸机太慢").await;
        assert_eq!((first.year, first.serial, second.year, second.serial), (2026, 1, 2026, 2));
        assert_eq!((second.label("汀桥"), second.address()), ("汀桥〔2026〕第2号".into(), "2026-2".into()));
        // Half past midnight in Shanghai it is the new year, though not yet in Greenwich.
        town.it_is("2026-12-24 00:30");
        let (_, third) = adopted(&town, "外卖进楼").await;
        assert_eq!((third.year, third.serial), (2027, 1));
        let other = town.a_council_of(9, louyi::domain::councils::Basis::All).await;
        other.sit(0..5).await;
        let motion = other.put(louyi::domain::motions::Method::Named).await;
        other.count(motion, 0, [5, 0, 0]).await;
        let (_, r) = other.close(motion, 0).await;
        assert_eq!(r.unwrap().serial, 1, "each council counts for itself");
        let all = resolutions::of_council(town.house.read(), town.council.id, 10).await.unwrap();
        assert_eq!(all.iter().map(|r| r.address()).collect::<Vec<_>>(), ["2027-1", "2026-2", "2026-1"]);
        assert_eq!(resolutions::by_number(town.house.read(), town.council.id, 2026, 2).await.unwrap(), second);
    }

    async fn nothing_holds_before_it_was_on_display(town: Town) {
        let (matter, r) = adopted(&town, "电梯排队").await;
        assert_eq!((r.state, town.now(matter).await.state), (ResolutionState::Adopted, IssueState::Decided));
        town.lets_pass(Duration::days(30));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 0, "nothing that was not published");
        town.it_is("2027-01-04 10:00");
        let r = town.editor.publishes(&r).await.unwrap();
        assert_eq!(r.display_until, Some(shanghai("2027-01-08 00:00")), "three natural days");
        assert_eq!(refusal(town.editor.publishes(&r).await), "published");
        town.it_is("2027-01-07 23:59");
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 0);
        town.it_is("2027-01-08 00:00");
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 1);
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 0);
        let r = now(&town, &r).await;
        assert_eq!((r.state, r.in_force_at), (ResolutionState::InForce, Some(town.house.now())));
        assert_eq!(town.story(matter).await[town.story(matter).await.len() - 2..], ["resolution_published", "resolution_in_force"]);
    }

    async fn its_entry_in_the_ledger_shows_the_vote_and_proves_the_words(town: Town) {
        let (_, r) = adopted(&town, "电梯排队").await;
        let r = town.editor.publishes(&r).await.unwrap();
        let entry = publog::about(town.house.read(), r.id).await.unwrap().pop().expect("an entry");
        assert_eq!(Some(entry.position), r.ledger_index);
        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
        let facts = &body["facts"];
        assert_eq!((facts["year"].as_i64(), facts["serial"].as_i64()), (Some(2026), Some(1)));
        assert_eq!((facts["vote"]["yes"].as_i64(), facts["vote"]["outcome"].as_str()), (Some(9), Some("passed")));
        assert_eq!(facts["words_sha256"].as_str(), Some(&*TextHash::of(&r.words_salt, &r.words).0));
        assert!(!entry.body.contains("打卡机移到闸机之前"), "the words themselves are not in it");
    }

    async fn superseded_only_when_the_new_one_holds(town: Town) {
        let (_, old) = adopted(&town, "电梯排队").await;
        town.editor.publishes(&old).await.unwrap();
        town.lets_pass(Duration::days(10));
        resolutions::take_effect_due(&town.house).await.unwrap();
        let told = town.reports("电梯还是排队").await;
        let session = town.council_meets_about(told.matter).await;
        let new = town.carries(&session, NewMotion { supersedes: Some(old.id), ..verbs::motion() }).await;
        assert_eq!(now(&town, &old).await.state, ResolutionState::InForce);
        town.editor.publishes(&new).await.unwrap();
        assert_eq!(now(&town, &old).await.state, ResolutionState::InForce);
        town.lets_pass(Duration::days(10));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 1);
        assert_eq!((now(&town, &old).await.state, now(&town, &new).await.state), (ResolutionState::Superseded, ResolutionState::InForce));
        // What is superseded is not superseded again, nor is another council's.
        let third = town.reports("又排队").await;
        let session = town.council_meets_about(third.matter).await;
        let put = town.secretary.puts(session.item, NewMotion { supersedes: Some(old.id), ..verbs::motion() }).await;
        assert_eq!(refusal(put), "supersedes");
        let other = town.a_council_of(9, louyi::domain::councils::Basis::All).await;
        let put = town.secretary.puts(other.item, NewMotion { supersedes: Some(new.id), ..verbs::motion() }).await;
        assert_eq!(refusal(put), "supersedes");
    }

    async fn it_holds_only_when_every_party_has_signed(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        let due = town.house.now() + Duration::days(30);
        let first = town.secretary.asks_to_sign(session.item, &town.sunflower, "打卡机移到闸机前", due).await.unwrap();
        let second = town.secretary.asks_to_sign(session.item, &town.manager, "配合改线并贴指引", due).await.unwrap();
        let r = town.carries(&session, verbs::motion()).await;
        assert_eq!(town.now(told.matter).await.state, IssueState::OnAgenda);
        assert!(tasks::of_resolution(town.house.read(), r.id).await.unwrap().is_empty());
        town.editor.publishes(&r).await.unwrap();
        town.representative.signs(first.id).await.unwrap();
        assert!(tasks::of_resolution(town.house.read(), r.id).await.unwrap().is_empty(), "not while one is missing");
        town.lets_pass(Duration::days(10));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 0);
        town.staff.signs(second.id).await.unwrap();
        assert_eq!(town.now(told.matter).await.state, IssueState::Decided);
        assert_eq!(now(&town, &r).await.state, ResolutionState::InForce, "displayed long enough already");
        let all = tasks::of_resolution(town.house.read(), r.id).await.unwrap();
        assert_eq!(all.iter().map(|t| (t.organisation_id, t.words.as_str(), t.due_at, t.state)).collect::<Vec<_>>(), [
            (town.sunflower.id, "打卡机移到闸机前", due, TaskState::Dispatched),
            (town.manager.id, "配合改线并贴指引", due, TaskState::Dispatched),
        ]);
        assert_eq!(undertakings::by_id(town.house.read(), first.id).await.unwrap().task_id, Some(all[0].id));
        let back = town.representative.on_task(all[0].id, async |act, t, i| t.give_back(act, i, "我们反悔了").await).await;
        assert_eq!(refusal(back), "undertaken", "a signature is not given back");
    }

    async fn refused_it_lapses_and_the_matter_waits_for_the_council(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        let due = town.house.now() + Duration::days(30);
        let u = town.secretary.asks_to_sign(session.item, &town.sunflower, "打卡机移到闸机前", due).await.unwrap();
        let r = town.carries(&session, verbs::motion()).await;
        let lapse = async || town.secretary.does(async |act| resolutions::by_id(act.tx(), r.id).await?.lapse(act).await).await;
        assert_eq!(refusal(lapse().await), "agreement_stands");
        town.representative.gets(async |act| undertakings::by_id(act.tx(), u.id).await?.refuse(act, "总部不同意").await).await;
        let lapsed = lapse().await.unwrap();
        assert_eq!(lapsed.state, ResolutionState::Lapsed);
        assert!(louyi::domain::meetings::items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().is_some());
        assert_eq!(undertakings::by_id(town.house.read(), u.id).await.unwrap().state, UndertakingState::Refused);
        assert!(tasks::of_issue(town.house.read(), told.matter.0).await.unwrap().is_empty());
    }
}
