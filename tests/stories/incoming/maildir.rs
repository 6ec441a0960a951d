//! A real Maildir: taken once, whoever reads it; left where it is until it is safe; flagged where it cannot be taken.

use std::path::Path;

use louyi::domain::reports;
use louyi::jobs;
use rocket::http::Status;
use rocket::tokio;
use sea_orm::EntityTrait as _;

use super::{brought, came_to, from, taking};
use crate::support::browser::Site;
use crate::support::smtp::Sink;
use crate::support::{Town, on_both};

fn maildir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    folder
}

fn arrives(folder: &Path, name: &str, raw: &[u8]) {
    let aside = folder.join("tmp").join(name);
    std::fs::write(&aside, raw).expect("writes");
    std::fs::rename(aside, folder.join("new").join(name)).expect("delivers");
}

fn lies_in(folder: &Path, name: &str) -> Vec<String> {
    let mut all: Vec<String> =
        std::fs::read_dir(folder.join(name)).expect("a folder").flatten().map(|f| f.file_name().to_string_lossy().into_owned()).collect();
    all.sort();
    all
}

async fn reports(town: &Town) -> usize {
    reports::Entity::find().all(town.house.read()).await.expect("reads").len()
}

on_both! {
    async fn mail_is_taken_out_of_a_folder(town: Town) {
        let sink = Sink::start().await;
        let folder = maildir();
        let house = taking(&town, &sink, Some(folder.path())).await;
        arrives(folder.path(), "1.a.host", &from("lin@example.org").id("j1@example.org").text("灯坏了").raw());
        arrives(folder.path(), "2.b.host:2,", b"no mail at all");
        arrives(folder.path(), "3.c.host", &from("wei@example.org").id("j3@example.org").with("To", "nowhere@mail.louyi.example").text("灯坏了").raw());
        arrives(folder.path(), "4.d.host", &from("wei@example.org").id("j4@example.org").with("Auto-Submitted", "auto-replied").text("不在").raw());
        jobs::round(&house).await.expect("a round");
        assert!(lies_in(folder.path(), "new").is_empty());
        assert_eq!(lies_in(folder.path(), "cur"), ["1.a.host:2,S", "2.b.host:2,F", "3.c.host:2,F", "4.d.host:2,S"]);
        assert_eq!(reports(&town).await, 1);
        assert_eq!(came_to(&house, &sink, "lin@example.org").await.len(), 1);
        assert!(came_to(&house, &sink, "wei@example.org").await[0].body().contains("没有这幢楼的信箱"));
        let page = Site::of(&house).await.signed_in(&town.administrator).await.reads("/letters").await;
        assert!(page.says("没有收成的来信") && page.says("格式坏了") && page.says("没有这幢楼"), "{}", page.text());
        page.shows("2.b.host");
        page.hides("1.a.host");
        let figures = Site::of(&house).await.visitor().opens("/metrics").await.body;
        for line in ["louyi_incoming_mails{outcome=\"filed\"} 1", "louyi_incoming_mails{outcome=\"ignored\"} 1", "louyi_incoming_mails{outcome=\"refused\"} 2"] {
            assert!(figures.contains(line), "{line} in {figures}");
        }
    }

    /// Two processes at one folder, the same mail by both doors, and the same file delivered twice: one report.
    async fn once_whoever_reads(town: Town) {
        let sink = Sink::start().await;
        let folder = maildir();
        let (a, b) = (taking(&town, &sink, Some(folder.path())).await, taking(&town, &sink, Some(folder.path())).await);
        for n in 0..6 {
            arrives(folder.path(), &format!("{n}.host"), &from(&format!("w{n}@example.org")).id(&format!("k{n}@example.org")).text(&format!("第{n}盏灯坏了")).raw());
        }
        let (x, y) = tokio::join!(jobs::round(&a), jobs::round(&b));
        // Who comes second to a file may find that somebody is just taking it: it is left for the next round.
        drop((x, y));
        jobs::round(&a).await.expect("a round");
        assert_eq!((reports(&town).await, lies_in(folder.path(), "new").len(), lies_in(folder.path(), "cur").len()), (6, 0, 6));
        let again = from("w1@example.org").id("k1@example.org").text("第1盏灯坏了").with("Received", "from elsewhere");
        arrives(folder.path(), "9.host", &again.raw());
        jobs::round(&b).await.expect("a round");
        let answer = brought(&Site::of(&a).await, &again.raw()).await;
        assert!(answer.status == Status::Ok && answer.body.contains(r#""outcome":"filed""#) && answer.body.contains(r#""again":true"#), "{}", answer.body);
        assert_eq!(reports(&town).await, 6);
        let mut to: Vec<String> = sink.mails().into_iter().flat_map(|m| m.to).filter(|t| t.ends_with("@example.org")).collect();
        to.sort();
        assert_eq!(to.len(), 6, "{to:?}");
        // The same words in a mail of their own are somebody else's report.
        arrives(folder.path(), "10.host", &from("w1@example.org").id("k10@example.org").text("第1盏灯坏了").raw());
        jobs::round(&b).await.expect("a round");
        assert_eq!(reports(&town).await, 7);
    }

    /// Whatever lies in the way: mail behind it is taken, and the night's work is done all the same.
    async fn nobody_waits_for_what_cannot_be_read(town: Town) {
        let sink = Sink::start().await;
        let folder = maildir();
        let house = taking(&town, &sink, Some(folder.path())).await;
        for n in 0..25 {
            // What stands where it should go: the file stays where it is.
            std::fs::create_dir(folder.path().join(format!("cur/0{n:02}.bad:2,F"))).expect("a folder");
            arrives(folder.path(), &format!("0{n:02}.bad"), format!("no mail {n}").as_bytes());
        }
        for n in 0..22 {
            arrives(folder.path(), &format!("1{n:02}.host"), &from(&format!("x{n}@example.org")).id(&format!("o{n}@example.org")).text("灯坏了").raw());
        }
        for _ in 0..2 {
            assert!(jobs::round(&house).await.is_err(), "it is said each time");
        }
        assert_eq!((reports(&town).await, lies_in(folder.path(), "new").len()), (22, 25));
        for n in 0..25 {
            std::fs::remove_dir(folder.path().join(format!("cur/0{n:02}.bad:2,F"))).expect("away");
        }
        jobs::round(&house).await.expect("a round");
        assert_eq!((lies_in(folder.path(), "new").len(), lies_in(folder.path(), "cur").len()), (0, 47));
        // Taken mail goes after a week, what could not be taken stays.
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(8 * 86_400);
        for name in ["100.host:2,S", "101.host:2,S"] {
            std::fs::File::options().write(true).open(folder.path().join("cur").join(name)).expect("opens").set_modified(old).expect("aged");
        }
        std::fs::rename(folder.path().join("cur/101.host:2,S"), folder.path().join("cur/101.host:2,F")).expect("flagged");
        jobs::round(&house).await.expect("a round");
        let left = lies_in(folder.path(), "cur");
        assert!(left.len() == 46 && left.contains(&"101.host:2,F".to_owned()) && !left.contains(&"100.host:2,S".to_owned()), "{left:?}");
        std::fs::remove_dir_all(folder.path().join("cur")).expect("gone");
        town.lets_pass(chrono::Duration::hours(24));
        assert!(house.clock().set(crate::support::shanghai("2026-11-24 03:30")));
        assert!(jobs::round(&house).await.is_err(), "a folder that is gone is said");
        let db = town.house.read();
        let row = sea_orm::ConnectionTrait::query_one_raw(db, louyi::kernel::db::sql(db, "select count(*) from cleanups", [])).await.expect("reads").expect("a row");
        assert!(row.try_get_by_index::<i64>(0).expect("a number") > 0, "and the night's work was done");
    }

    /// Taken, and the process dies before the file is put away: the next one puts it away and takes nothing twice.
    async fn what_was_half_done_is_not_lost(town: Town) {
        let sink = Sink::start().await;
        let folder = maildir();
        let house = taking(&town, &sink, Some(folder.path())).await;
        std::fs::remove_dir(folder.path().join("cur")).expect("gone");
        std::fs::write(folder.path().join("cur"), b"in the way").expect("writes");
        arrives(folder.path(), "1.host", &from("lin@example.org").id("l1@example.org").text("灯坏了").raw());
        arrives(folder.path(), "2.host", &from("wei@example.org").id("l2@example.org").text("水漏了").raw());
        assert!(jobs::round(&house).await.is_err(), "nothing is silently left");
        assert_eq!((lies_in(folder.path(), "new").len(), reports(&town).await), (2, 2), "one that cannot be put away keeps nobody waiting");
        std::fs::remove_file(folder.path().join("cur")).expect("away");
        std::fs::create_dir(folder.path().join("cur")).expect("a folder");
        jobs::round(&house).await.expect("a round");
        assert_eq!((lies_in(folder.path(), "cur"), reports(&town).await), (vec!["1.host:2,S".into(), "2.host:2,S".into()], 2));
    }
}
