//! How a person is told: at once, in the day's letter, or not; quiet hours; and what passes through them.

use super::*;
use crate::support::smtp::Sink;
use louyi::domain::letters::KINDS as LETTERS;
use louyi::domain::telling::{self, Matter, Wish};
use louyi::kernel::settings::Secret;

async fn posting(town: &Town, sink: &Sink) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { mail_url: Some(Secret::new(sink.url())), ..town.house.settings().clone() };
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

async fn wishes(who: &Who, wishes: &[(Matter, Wish)], hour: u32, quiet: Option<Quiet>) {
    who.gets(async |act| telling::choose(act, who.id, wishes, hour, quiet).await).await;
}

fn to(sink: &Sink, address: &str) -> Vec<String> {
    sink.mails().into_iter().filter(|m| m.to == [address]).map(|m| format!("{}\n{}", m.header("Subject").expect("one"), m.body())).collect()
}

#[test]
fn every_letter_to_those_who_work_belongs_somewhere() {
    let asked_for = [
        "appointed",
        "invited",
        "receipt",
        "split",
        "mail_receipt",
        "mail_added",
        "message",
        "question",
        "ask_to_confirm",
        "confirm_last_day",
        "closed",
        "reopened",
        "merged",
        "on_agenda",
        "topic_decided",
        "agenda_moved",
        "agenda_off",
        "effect_asked",
        "checked",
        "hidden",
        "hiding_decided",
        "extended",
        "dates_moved",
        "follow_confirm",
        "follow_known",
        "follow_daily",
        "follow_news",
        "mail_refused",
        "sign_in",
        "slip_sent",
        "slip_used",
    ];
    for kind in LETTERS {
        assert_ne!(Matter::of(kind).is_some(), asked_for.contains(kind), "{kind}");
    }
}

#[test]
fn the_day_s_letter_goes_out_on_working_days() {
    let calendar = crate::support::calendar();
    let at = |words: &str| crate::support::shanghai(words);
    for (now, next) in [
        ("2026-11-23 07:59", "2026-11-23 08:00"),
        ("2026-11-23 08:00", "2026-11-24 08:00"),
        ("2026-11-27 09:00", "2026-11-30 08:00"),
        ("2026-09-30 12:00", "2026-10-08 08:00"),
    ] {
        assert_eq!(telling::next(at(now), &calendar, 8), at(next), "{now}");
    }
    let quiet = Quiet { from: 22, to: 7 };
    assert_eq!(quiet.until(at("2026-11-23 23:10")), Some(at("2026-11-24 07:00")));
    assert_eq!(quiet.until(at("2026-11-24 06:59")), Some(at("2026-11-24 07:00")));
    assert_eq!(quiet.until(at("2026-11-24 07:00")), None);
    assert_eq!(Quiet { from: 12, to: 14 }.until(at("2026-11-24 13:30")), Some(at("2026-11-24 14:00")));
}

on_both! {
    /// What waits comes in one letter, each thing once, what is over not at all; and the others get theirs at once as before.
    async fn a_day_comes_in_one_letter(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        wishes(&town.staff, &[(Matter::New, Wish::Daily), (Matter::Given, Wish::Daily)], 9, None).await;
        wishes(&town.fitter, &[(Matter::Given, Wish::Daily)], 8, None).await;
        let first = town.reports("灯坏了").await;
        town.reports("水漏了").await;
        round(&house).await;
        assert!(to(&sink, "ana@louyi.example").is_empty());
        assert_eq!(to(&sink, "bo@louyi.example").len(), 2, "a colleague wished nothing");
        town.staff.accepts(first.matter, "").await.expect("accepted");
        let task = town.staff.dispatches(first.matter, &town.contractor, "换灯").await.expect("dispatched");
        town.fitter.finishes(task.id, "灯换好了").await.expect("finished");
        round(&house).await;
        let waiting: Vec<_> = outbox::Entity::find().filter(outbox::Column::Waits.eq(true)).all(town.house.read()).await.expect("rows");
        assert_eq!(waiting.len(), 3);
        assert!(waiting.iter().all(|l| l.tries == 0 && l.sent_at.is_none()));
        house.clock().set(crate::support::shanghai("2026-11-24 09:01"));
        // Two processes, at the same moment.
        let other = posting(&town, &sink).await;
        other.clock().set(house.now());
        let (x, y) = rocket::tokio::join!(jobs::round(&house), jobs::round(&other));
        x.expect("a round");
        y.expect("a round");
        let day = to(&sink, "ana@louyi.example");
        let daily: Vec<&String> = day.iter().filter(|m| m.contains("今天要看的")).collect();
        assert_eq!(daily.len(), 1, "{day:#?}");
        assert!(daily[0].starts_with("今天要看的2件事"), "{}", daily[0]);
        for n in 1..=2 {
            assert_eq!(daily[0].matches(&format!("https://louyi.example/b/tingqiao/issues/{n}/work")).count(), 1, "{}", daily[0]);
        }
        assert!(daily[0].contains("https://louyi.example/me/telling"));
        assert!(to(&sink, "fitter@louyi.example").iter().all(|m| !m.contains("今天要看的")), "the task is done: nothing is left to say");
        let left = outbox::Entity::find().filter(outbox::Column::Waits.eq(true)).filter(outbox::Column::SentAt.is_null()).all(town.house.read()).await;
        assert!(left.expect("rows").is_empty());
        house.clock().set(crate::support::shanghai("2026-11-25 09:01"));
        round(&house).await;
        assert_eq!(to(&sink, "ana@louyi.example").iter().filter(|m| m.contains("今天要看的")).count(), 1, "nothing twice");
    }

    /// A mail server that says no keeps the day's letter together: it comes later, whole, and once.
    async fn a_refused_day_is_tried_again_whole(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        wishes(&town.staff, &[(Matter::New, Wish::Daily)], 7, None).await;
        town.house.db().upkeep().execute_unprepared("delete from outbox").await.expect("none");
        for _ in 0..3 {
            town.reports("灯坏了").await;
        }
        town.house.db().upkeep().execute_unprepared(&format!("delete from outbox where person_id <> {}", quoted(&town, town.staff.id.0))).await.expect("hers");
        round(&house).await;
        house.clock().set(crate::support::shanghai("2026-11-24 07:00"));
        sink.refuses(&["451 4.7.1 try again later"]);
        round(&house).await;
        assert!(to(&sink, "ana@louyi.example").is_empty());
        house.clock().set(house.now() + Duration::minutes(3));
        round(&house).await;
        let day: Vec<String> = to(&sink, "ana@louyi.example").into_iter().filter(|m| m.contains("今天要看的")).collect();
        assert_eq!(day.len(), 1);
        assert!(day[0].starts_with("今天要看的3件事"), "{}", day[0]);
    }

    /// Not wished is not sent; what must be known is; quiet hours put off, but not danger.
    async fn wishes_and_quiet_hours_are_kept(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        wishes(&town.staff, &[(Matter::New, Wish::Never)], 8, None).await;
        wishes(&town.colleague, &[], 9, Some(Quiet { from: 21, to: 7 })).await;
        let refused = town.staff.does(async |act| telling::choose(act, town.staff.id, &[(Matter::Late, Wish::Never)], 8, None).await).await;
        assert_eq!(refusal(refused), "unknown_choice");
        let asleep = town.staff.does(async |act| telling::choose(act, town.staff.id, &[], 8, Some(NIGHT)).await).await;
        assert!(asleep.is_ok(), "eight is when the night ends");
        let asleep = town.staff.does(async |act| telling::choose(act, town.staff.id, &[], 7, Some(NIGHT)).await).await;
        assert_eq!(refusal(asleep), "digest_quiet");
        wishes(&town.staff, &[(Matter::New, Wish::Never)], 8, None).await;
        town.it_is("2026-11-23 22:00");
        house.clock().set(town.house.now());
        town.reports("灯坏了").await;
        town.says("整层停电").about("util.power").files().await;
        round(&house).await;
        assert!(to(&sink, "ana@louyi.example").is_empty(), "she wished none of it");
        let night = to(&sink, "bo@louyi.example");
        assert_eq!(night.len(), 1);
        assert!(night[0].contains("/issues/2/work"), "danger does not wait");
        house.clock().set(crate::support::shanghai("2026-11-24 07:00"));
        round(&house).await;
        assert_eq!(to(&sink, "bo@louyi.example").iter().filter(|m| m.contains("/issues/1/work")).count(), 1, "the lamp in the morning");
    }
}

/// A UUID as each database writes it.
fn quoted(town: &Town, id: uuid::Uuid) -> String {
    if town.house.db().is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}
