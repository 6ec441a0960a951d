//! A party objects while a resolution is on display: it waits, comes before the council again, and is confirmed or replaced.

use chrono::Duration;
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::motions::{NewMotion, Terms, Upon};
use louyi::domain::resolutions::{self, Objection, ObjectionOutcome, Resolution, ResolutionState};
use louyi::kernel::error::Result;
use louyi::kernel::ids::PersonId;
use louyi::kernel::outbox::Address;

use crate::support::{Matter, Town, Who, on_both, refusal, verbs};

async fn now(town: &Town, r: &Resolution) -> Resolution {
    resolutions::by_id(town.house.read(), r.id).await.unwrap()
}

async fn objects(who: &Who, r: &Resolution, words: &str) -> Result<Objection> {
    who.does(async |act| resolutions::object(act, &resolutions::by_id(act.tx(), r.id).await?, words).await).await
}

/// Who is owed a letter of a kind.
async fn owed(town: &Town, kind: &str) -> Vec<PersonId> {
    let all = town.letters(kind).await.into_iter();
    all.filter_map(|a| if let Address::Person(p) = a { Some(p) } else { None }).collect()
}

/// A resolution on display since now.
async fn displayed(town: &Town) -> (Matter, Resolution) {
    let told = town.reports("打卡机该不该前移").await;
    let session = town.council_meets_about(told.matter).await;
    let r = town.carries(&session, verbs::motion()).await;
    town.convenor.closes(session.meeting).await.unwrap();
    (told.matter, town.editor.publishes(&r).await.unwrap())
}

/// The matter waits on the list: the next meeting opens about it.
async fn meets_again(town: &Town, matter: Matter) -> verbs::Session {
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
    let item = items::open_of_issue(town.house.read(), matter.0).await.unwrap().expect("on the list");
    let item = town.secretary.at_meeting(meeting, async |act, m| m.list(act, item).await).await.unwrap().id;
    town.secretary.calls(meeting).await.unwrap();
    town.lets_pass(Duration::days(8));
    town.convenor.opens(meeting).await.unwrap();
    verbs::Session { matter, meeting, item }
}

const WORDS: &str = "闸机外没有插座，十五台机器放不下。";

on_both! {
    async fn an_objection_suspends_and_returns_it_to_the_council_once(town: Town) {
        let (matter, r) = displayed(&town).await;
        let o = objects(&town.neighbour, &r, WORDS).await.unwrap();
        assert_eq!(o.answer_due, town.house.calendar().due(town.house.now(), 5).at, "five working days, as the rules say");
        assert_eq!(refusal(objects(&town.neighbour, &r, WORDS).await), "objected");
        let second = objects(&town.staff, &r, "供电改造要业主同意，还没有谈。").await.unwrap();
        assert_eq!(second.item_id, o.item_id, "one item for all of them");
        let item = items::by_id(town.house.read(), o.item_id).await.unwrap();
        assert_eq!((item.source, item.issue_id, item.question.contains("汀桥〔2026〕第1号")), (Source::Objection, Some(matter.0), true));
        town.lets_pass(Duration::days(10));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 0);
        assert_eq!(now(&town, &r).await.state, ResolutionState::Adopted, "displayed long enough, and objected to");
        let waiting = resolutions::waiting_objections(town.house.read(), &[town.council.id]).await.unwrap();
        assert_eq!(waiting.iter().map(|(o, _)| o.id).collect::<Vec<_>>(), [o.id, second.id]);
        let owed = owed(&town, "objected").await;
        assert!(owed.contains(&town.secretary.id) && owed.contains(&town.convenor.id), "{owed:?}");
    }

    async fn who_has_nothing_to_do_with_it_or_comes_too_late_does_not_object(town: Town) {
        let (_, r) = displayed(&town).await;
        assert_eq!(refusal(objects(&town.staff_elsewhere, &r, WORDS).await), "only_objector");
        assert_eq!(refusal(objects(&town.neighbour, &r, "不行").await), "too_short");
        town.lets_pass(Duration::days(6));
        assert_eq!(refusal(objects(&town.neighbour, &r, WORDS).await), "display_over");
        resolutions::take_effect_due(&town.house).await.unwrap();
        assert_eq!(now(&town, &r).await.state, ResolutionState::InForce);
    }

    async fn before_it_is_published_there_is_nothing_to_object_to(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        let r = town.carries(&session, verbs::motion()).await;
        assert_eq!(refusal(objects(&town.neighbour, &r, WORDS).await), "display_over");
    }

    async fn the_secretary_answers_once_and_the_objector_is_told(town: Town) {
        let (_, r) = displayed(&town).await;
        let o = objects(&town.neighbour, &r, WORDS).await.unwrap();
        let answers = async || town.secretary.does(async |act| resolutions::objection_by_id(act.tx(), o.id).await?.answer(act, "十二月十日再议，请到场说明。").await).await;
        let answered = answers().await.unwrap();
        assert_eq!(answered.answered_by, Some(town.secretary.id));
        assert_eq!(refusal(answers().await), "objection_answered");
        assert!(owed(&town, "objection_answered").await.contains(&town.neighbour.id));
        assert!(resolutions::waiting_objections(town.house.read(), &[town.council.id]).await.unwrap().is_empty());
    }

    async fn confirmed_it_comes_into_force_and_is_not_objected_to_again(town: Town) {
        let (matter, r) = displayed(&town).await;
        // Nothing is confirmed that nobody objects to.
        let told = town.reports("另一件").await;
        let other = town.council_meets_about(told.matter).await;
        let confirms = || NewMotion { supersedes: Some(r.id), terms: Terms { upon: Some(Upon::Confirms), ..Terms::default() }, ..verbs::motion() };
        assert_eq!(refusal(town.secretary.puts(other.item, confirms()).await), "confirms");
        let (matter2, r2) = displayed(&town).await;
        assert_ne!(matter, matter2);
        let o = objects(&town.neighbour, &r2, WORDS).await.unwrap();
        let session = meets_again(&town, matter2).await;
        let motion = NewMotion { supersedes: Some(r2.id), ..confirms() };
        let by = town.carries(&session, motion).await;
        let settled = resolutions::objection_by_id(town.house.read(), o.id).await.unwrap();
        assert_eq!((settled.outcome, settled.settled_at), (Some(ObjectionOutcome::Confirmed), Some(town.house.now())));
        assert_eq!(now(&town, &r2).await.state, ResolutionState::InForce, "its days of display were over long ago");
        assert_eq!((by.upon, by.no_action_because.clone()), (Some(Upon::Confirms), None));
        let by = town.editor.publishes(&by).await.unwrap();
        assert_eq!(refusal(objects(&town.neighbour, &by, WORDS).await), "confirming");
        assert!(owed(&town, "objection_confirmed").await.contains(&town.neighbour.id));
        assert!(town.story(matter2).await.contains(&"resolution_confirmed".to_owned()));
    }

    async fn upheld_when_another_resolution_takes_its_place(town: Town) {
        let (matter, r) = displayed(&town).await;
        let o = objects(&town.neighbour, &r, WORDS).await.unwrap();
        let session = meets_again(&town, matter).await;
        let new = town.carries(&session, NewMotion { supersedes: Some(r.id), ..verbs::motion() }).await;
        town.editor.publishes(&new).await.unwrap();
        assert_eq!(resolutions::objection_by_id(town.house.read(), o.id).await.unwrap().outcome, None, "not before the new one holds");
        town.lets_pass(Duration::days(6));
        assert_eq!(resolutions::take_effect_due(&town.house).await.unwrap(), 1);
        let old = now(&town, &r).await;
        assert_eq!((old.state, old.in_force_at), (ResolutionState::Superseded, None), "it never held");
        assert_eq!(resolutions::objection_by_id(town.house.read(), o.id).await.unwrap().outcome, Some(ObjectionOutcome::Upheld));
        assert!(owed(&town, "objection_upheld").await.contains(&town.neighbour.id));
    }
}
