//! Filing: the same form makes one report, a device joins a matter once, and nothing is stored by half.

use futures::future::join_all;
use louyi::domain::reports::{self, Release, ReportKind};
use louyi::kernel::error::Error;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::support::{Town, on_both, refusal, shanghai};

async fn reports(town: &Town) -> u64 {
    reports::Entity::find().count(town.house.read()).await.unwrap()
}

on_both! {
    async fn the_same_form_makes_one_report(town: Town) {
        let first = town.says("电梯排队").on_form("f1").files().await;
        let again = town.says("电梯排队").on_form("f1").files().await;
        assert!(!first.again && again.again);
        assert_eq!((first.report, &first.receipt, &first.code), (again.report, &again.receipt, &again.code));
        assert_eq!(reports(&town).await, 1);
        assert_eq!(town.now(first.matter).await.reports, 1);
        assert_eq!(refusal(town.says("空调太冷").on_form("f1").sends().await), "form_used");
        assert_eq!(refusal(town.says("电梯排队").at(&town.gate).on_form("f1").sends().await), "form_used");
        assert_eq!(reports(&town).await, 1);
    }

    async fn the_same_form_sent_twice_at_once(town: Town) {
        let sent = join_all((0..4).map(|_| { let town = town.clone(); async move { town.says("电梯排队").on_form("f2").sends().await } })).await;
        let told: Vec<_> = sent.into_iter().map(|t| t.expect("a second click is no error")).collect();
        assert!(told.iter().all(|t| t.report == told[0].report));
        assert_eq!(told.iter().filter(|t| !t.again).count(), 1);
        assert_eq!(reports(&town).await, 1);
    }

    async fn a_device_joins_once(town: Town) {
        let first = town.says("电梯排队").on_device("first").files().await;
        let joined = town.says("").on_device("phone").joins(first.matter).await;
        let again = town.says("").on_device("phone").joins(first.matter).await;
        assert!(again.again);
        assert_eq!(again.report, joined.report);
        let own = town.says("").on_device("first").joins(first.matter).await;
        assert!(own.again, "nor does the one who reported it");
        let other = town.says("").on_device("another").joins(first.matter).await;
        assert!(!other.again);
        assert_eq!((town.now(first.matter).await.reports, town.now(first.matter).await.me_too), (3, 2));
        // Taken back, the device may join again.
        town.holder_of(&joined).withdraws(&joined).await.unwrap();
        assert!(!town.says("").on_device("phone").joins(first.matter).await.again);
    }

    async fn a_device_that_joins_twice_at_once(town: Town) {
        let first = town.reports("电梯排队").await;
        let joined = join_all((0..4).map(|_| { let town = town.clone(); async move { town.says("").on_device("phone").joins(first.matter).await } })).await;
        assert_eq!(joined.iter().filter(|t| !t.again).count(), 1);
        assert_eq!(town.now(first.matter).await.reports, 2);
    }

    async fn nobody_joins_what_is_closed(town: Town) {
        let told = town.reports("电梯排队").await;
        town.staff.declines(told.matter, "repeat", "已经有同样的事项").await.unwrap();
        assert_eq!(refusal(town.says("").says_me_too(told.matter).await), "me_too_closed");
    }

    async fn words_wait_for_release_and_none_wait_for_nothing(town: Town) {
        let told = town.reports("电梯排队").await;
        let report = town.report(&told).await;
        assert_eq!((report.kind, report.release, report.public_words), (ReportKind::New, Release::Waiting, None));
        assert_eq!(report.release_due, Some(shanghai("2026-11-26 00:00")), "two working days");
        let joined = town.report(&town.another_joins(told.matter).await).await;
        assert_eq!((joined.kind, joined.release, joined.release_due), (ReportKind::MeToo, Release::Nothing, None));
        let waiting = reports::waiting_for_release(town.house.read(), town.tower.id, 10).await.unwrap();
        assert_eq!(waiting.iter().map(|r| r.id).collect::<Vec<_>>(), [told.report]);
    }

    async fn lengths_count_characters_and_what_is_refused_leaves_nothing(town: Town) {
        assert_eq!(refusal(town.says(" \n\t ").sends().await), "empty");
        assert_eq!(refusal(town.says(&"梯".repeat(2001)).sends().await), "too_long");
        assert_eq!(refusal(town.says("电梯").about("no.such").sends().await), "unknown_category");
        assert_eq!(reports(&town).await, 0);
        let told = town.says(&format!("  坏\u{0}了\r\n😀𠮷{}  ", "梯".repeat(1994))).files().await;
        let words = town.report(&told).await.words.unwrap();
        assert!(words.starts_with("坏了\n😀𠮷梯"));
        assert_eq!(words.chars().count(), 1999);
        let next = town.reports("下一个").await;
        assert_eq!(town.now(next.matter).await.number, 2, "what was refused took no number");
    }

    async fn released_as_written_or_in_summary_by_one_of_two(town: Town) {
        let told = town.reports("电梯排队排到大门口").await;
        let read = town.report(&told).await;
        let (first, second) = (read.clone(), read.clone().still(Release::Waiting).unwrap());
        let released = town.secretary.gets(async |act| first.release_as_written(act).await).await;
        assert_eq!((released.release, released.public_words.as_deref()), (Release::AsWritten, Some("电梯排队排到大门口")));
        assert_eq!(released.released_by, Some(town.secretary.id));
        let late = town.editor.does(async |act| second.withhold(act).await).await;
        assert!(matches!(late, Err(Error::Conflict)));
        let summary = town.editor.gets(async |act| released.release_summary(act, "早高峰候梯久").await).await;
        assert_eq!((summary.release, summary.public_words.as_deref()), (Release::Summary, Some("早高峰候梯久")));
        let silent = town.report(&town.another_joins(told.matter).await).await;
        assert_eq!(refusal(town.secretary.does(async |act| silent.release_as_written(act).await).await), "nothing_to_release");
        let withheld = town.secretary.gets(async |act| summary.withhold(act).await).await;
        assert_eq!((withheld.release, withheld.public_words), (Release::Withheld, None));
        assert_eq!(town.story(told.matter).await[2..], ["words_released", "words_released", "report_received", "words_withheld"]);
    }
}
