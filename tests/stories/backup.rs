//! A backup made while the server serves comes back whole, or is refused before anything is touched.

use std::path::{Path, PathBuf};

use louyi::domain::reports;
use louyi::kernel::backup::{self, Manifest};
use louyi::kernel::clock::Clock;
use louyi::kernel::db::{Db, sql};
use louyi::kernel::files;
use louyi::kernel::publog;
use louyi::kernel::settings::{Secret, Settings};
use rocket::tokio;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::support::binary::Louyi;
use crate::support::{Town, on_both, postgres, tell_on_sqlite};

/// Where a restored installation would be.
struct Elsewhere {
    folder: tempfile::TempDir,
    url: Option<String>,
}

impl Elsewhere {
    async fn like(town: &Town) -> Self {
        let url = match town.house.db().is_postgres() {
            true => Some(postgres::cluster().expect("the town is on it").empty().await),
            false => None,
        };
        Self { folder: tempfile::tempdir().expect("a folder"), url }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn louyi(&self) -> Louyi {
        let louyi = Louyi::at(self.folder.path()).with("LOUYI_PUBLIC_URL", "https://louyi.example");
        match &self.url {
            Some(url) => louyi.with("LOUYI_DATABASE_URL", url),
            None => louyi,
        }
    }

    fn settings(&self) -> Settings {
        Settings { data: self.data(), database_url: self.url.clone().map(Secret::new), ..Settings::default() }
    }

    async fn gone(self) {
        if let Some(url) = &self.url {
            postgres::cluster().expect("a cluster").drop(url).await;
        }
    }
}

/// The town's keys as files, as an installation has them.
fn with_key_files(town: &Town) -> Louyi {
    let keys = town.house.settings().data.join("keys");
    louyi::kernel::keys::private_folder(&keys).expect("makes");
    louyi::kernel::keys::write_private(&keys.join("master"), &"07".repeat(32)).expect("writes");
    louyi::kernel::keys::write_private(&keys.join("ledger"), &"f8".repeat(32)).expect("writes");
    Louyi::of(town).with("LOUYI_MASTER_KEY", "").with("LOUYI_LEDGER_KEY", "")
}

fn manifest(file: &Path) -> Manifest {
    backup::check(file).expect("a good backup").manifest
}

fn touched(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut e| e.next().is_some())
}

on_both! {
    /// While reports come in, everything accepted before the backup is in it, and nothing by half.
    async fn a_backup_while_serving_comes_back_whole(town: Town) {
        let louyi = with_key_files(&town);
        let photo = b"the bytes of a photograph".to_vec();
        let hash = town.louyi().gets(async |act| files::keep(act, photo.clone()).await).await;
        let before = town.says("电梯等太久").by_mail("lin@example.org").files().await;
        town.louyi().gets(async |act| act.publish("minutes", "meeting", town.council.id, None, json!({ "n": 1 })).await).await;
        let file = town.house.settings().data.join("backup.tar.gz");
        let path = file.display().to_string();
        let writing = async {
            for n in 0..40 {
                town.says(&format!("第{n}件事")).files().await;
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        let (command, target) = (louyi, path.clone());
        let (said, ()) = tokio::join!(tokio::task::spawn_blocking(move || command.run(&["backup", &target])), writing);
        let said = said.expect("it ran");
        assert!(said.done().contains("backup.tar.gz"), "{}", said.out);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600, "it holds the keys");
        }
        let listed = manifest(&file);
        assert_eq!(listed.migration, town.house.db().version().await.expect("asks").expect("a version"));
        assert!(listed.members.iter().any(|m| m.path == "keys/master") && listed.keys_elsewhere.is_empty());

        let there = Elsewhere::like(&town).await;
        let said = there.louyi().run(&["restore", &path]);
        said.done();
        let house = louyi::commands::opening::house(there.settings(), Clock::running()).await.expect("opens");
        let report = reports::by_receipt(house.read(), &before.receipt).await.expect("the receipt still leads to it");
        assert_eq!(report.words.as_deref(), Some("电梯等太久"));
        assert_eq!(files::fetch(&house, &hash).await.expect("reads"), Some(photo));
        let db = house.read();
        let count = async |text: &str| -> i64 {
            db.query_one_raw(sql(db, text, [])).await.expect("asks").expect("a row").try_get_by_index(0).expect("a number")
        };
        let (issues, lines) = (count("select count(*) from issues").await, count("select count(*) from journal where act = 'report_received'").await);
        assert!(issues >= 1 && issues == lines, "{issues} matters, {lines} lines");
        let head = publog::head(db).await.expect("reads").expect("a head");
        assert_eq!(Some(head.checkpoint), publog::head(town.house.read()).await.expect("reads").map(|h| h.checkpoint));
        house.db().clone().close().await.expect("closes");
        there.louyi().run(&["ledger", "verify"]).done();
        assert!(there.louyi().run(&["restore", &path]).refused().contains("not empty"));
        there.gone().await;
    }

    /// Keys from the environment are not in the file, which says so.
    async fn keys_of_the_environment_stay_outside(town: Town) {
        let file = town.house.settings().data.join("backup.tar.gz");
        let path = file.display().to_string();
        let said = Louyi::of(&town).run(&["backup", &path]);
        assert!(said.done().contains("LOUYI_MASTER_KEY") && said.done().contains("LOUYI_LEDGER_KEY"), "{}", said.out);
        let listed = manifest(&file);
        assert_eq!(listed.keys_elsewhere, ["master", "ledger"]);
        assert!(listed.members.iter().all(|m| !m.path.starts_with("keys/")));
        let again = Louyi::of(&town).run(&["backup", &path]);
        assert!(again.refused().contains("never overwrites"), "{}", again.err);
    }
}

/// A file cut or altered anywhere is refused, and nothing is touched.
#[test]
fn a_damaged_backup_is_refused_before_anything_is_touched() {
    tell_on_sqlite(|town| async move {
        let louyi = with_key_files(&town);
        town.louyi().gets(async |act| files::keep(act, vec![42; 9000]).await).await;
        let good = town.house.settings().data.join("good.tar.gz");
        louyi.run(&["backup", &good.display().to_string()]).done();
        let (bytes, whole) = (std::fs::read(&good).expect("reads"), manifest(&good));
        let there = Elsewhere::like(&town).await;
        let bad = there.folder.path().join("bad.tar.gz");
        let refused = |bytes: &[u8], what: &str| {
            std::fs::write(&bad, bytes).expect("writes");
            // A changed bit may spell the same bytes another way (a repetition copied from elsewhere): that is whole.
            assert!(backup::check(&bad).map_or(true, |c| c.manifest == whole), "{what}");
            assert!(!touched(&there.data()), "{what}");
        };
        for tenth in 0..10 {
            std::fs::write(&bad, &bytes[..bytes.len() * tenth / 10]).expect("writes");
            assert!(backup::check(&bad).is_err(), "cut at {tenth} tenths");
            refused(&bytes[..bytes.len() * tenth / 10], &format!("cut at {tenth} tenths"));
        }
        refused(&bytes[..bytes.len() - 1], "without its last byte");
        for part in 1..20 {
            let mut altered = bytes.clone();
            let at = bytes.len() * part / 20;
            altered[at] ^= 0x10;
            refused(&altered, &format!("byte {at}"));
        }
        // As the operator sees it.
        std::fs::write(&bad, &bytes[..bytes.len() / 2]).expect("writes");
        let said = there.louyi().run(&["restore", &bad.display().to_string()]);
        assert!(said.refused().contains("truncated or damaged"), "{}", said.err);
        for foreign in [b"PK\x03\x04 a zip file".to_vec(), b"plain text".to_vec(), vec![], town_logo()] {
            std::fs::write(&bad, foreign).expect("writes");
            let said = there.louyi().run(&["restore", &bad.display().to_string()]);
            assert!(said.refused().contains("not a backup"), "{}", said.err);
        }
        assert!(there.louyi().run(&["restore", "missing.tar.gz"]).refused().contains("missing.tar.gz"));
        assert!(!there.data().exists() || !touched(&there.data()));
    });
}

/// Somebody else's archive, in the right packing.
fn town_logo() -> Vec<u8> {
    packed(&[("logo.svg", b"<svg/>")])
}

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(vec![], flate2::Compression::fast()));
    for (path, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        let name = header.as_mut_bytes();
        name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        tar.append(&header, *bytes).expect("appends");
    }
    tar.into_inner().expect("ends").finish().expect("packs")
}

/// A manifest made by hand cannot write outside, name the future, or hide a member.
#[test]
fn a_forged_backup_is_refused() {
    let f = tempfile::tempdir().expect("a folder");
    let bad = f.path().join("forged.tar.gz");
    let sha = |bytes: &[u8]| {
        use sha2::Digest as _;
        hex::encode(sha2::Sha256::digest(bytes))
    };
    let list = |format: u32, migration: &str, members: &[(&str, &[u8])]| {
        let members: Vec<_> = members.iter().map(|(p, b)| json!({ "path": p, "bytes": b.len(), "sha256": sha(b) })).collect();
        json!({ "louyi_backup": format, "version": "9.9.9", "made_at": "2026-11-26T00:00:00Z", "database": "sqlite",
                "migration": migration, "keys_elsewhere": [], "members": members })
        .to_string()
    };
    let forge = |manifest: &str, members: &[(&str, &[u8])]| {
        let all: Vec<(&str, &[u8])> = std::iter::once(("manifest.json", manifest.as_bytes())).chain(members.iter().copied()).collect();
        std::fs::write(&bad, packed(&all)).expect("writes");
        Louyi::at(f.path()).run(&["restore", &bad.display().to_string()])
    };
    let database: (&str, &[u8]) = ("database.sqlite", b"SQLite format 3\0 but not really");
    let outside: (&str, &[u8]) = ("../outside", b"x");
    for (members, expected) in [(vec![database, outside], "damaged"), (vec![database, ("files/ab/short", b"x")], "damaged"), (vec![], "damaged")] {
        let said = forge(&list(1, "m0001_places", &members), &members);
        assert!(said.refused().contains(expected), "{}", said.err);
    }
    let said = forge(&list(2, "m0001_places", &[database]), &[database]);
    assert!(said.refused().contains("newer version"), "{}", said.err);
    let said = forge(&list(1, "m9999_later", &[database]), &[database]);
    assert!(said.refused().contains("9.9.9"), "{}", said.err);
    let said = forge(&list(1, "m0001_places", &[database]), &[database, ("keys/master", b"unlisted")]);
    assert!(said.refused().contains("damaged"), "{}", said.err);
    let said = forge(&list(1, "m0001_places", &[database]), &[database]);
    assert!(said.refused().contains("database"), "whole as a file, but no database: {}", said.err);
    assert!(!touched(&f.path().join("data")), "nothing is left behind");
    assert!(!f.path().join("outside").exists());
}

/// Each database's backup goes back to its own kind, and what is not empty is left alone.
#[test]
fn a_backup_goes_where_it_belongs() {
    let f = tempfile::tempdir().expect("a folder");
    let louyi = Louyi::at(f.path());
    assert!(louyi.run(&["backup", "a.tar.gz"]).refused().contains("nothing to back up"));
    louyi.run(&["migrate"]).done();
    louyi.run(&["backup", "a.tar.gz"]).done();
    assert!(louyi.run(&["backup", "no/such/folder/a.tar.gz"]).refused().contains("cannot be written"));
    let file = f.path().join("a.tar.gz").display().to_string();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let other = Louyi::at(elsewhere.path());
    let said = other.run(&["restore", &file]);
    said.done();
    other.run(&["doctor"]).done();
    let server = other.serves();
    assert!(server.get("/readyz").contains("ready"));
    let Some(cluster) = postgres::cluster() else { return };
    let url = crate::support::wait_for(cluster.migrated());
    let third = tempfile::tempdir().expect("a folder");
    let said = Louyi::at(third.path()).with("LOUYI_DATABASE_URL", &url).run(&["restore", &file]);
    assert!(said.refused().contains("SQLite") && said.refused().contains("PostgreSQL"), "{}", said.err);
    let dump = third.path().join("b.tar.gz").display().to_string();
    Louyi::at(third.path()).with("LOUYI_DATABASE_URL", &url).run(&["migrate"]).done();
    Louyi::at(third.path()).with("LOUYI_DATABASE_URL", &url).run(&["backup", &dump]).done();
    let fourth = tempfile::tempdir().expect("a folder");
    let said = Louyi::at(fourth.path()).with("LOUYI_DATABASE_URL", &url).run(&["restore", &dump]);
    assert!(said.refused().contains("not empty"), "{}", said.err);
    assert!(!fourth.path().join("data").exists());
    crate::support::wait_for(async {
        let db = Db::open(&url).await.expect("opens");
        assert!(db.migrated().await.expect("asks"), "what was there is as it was");
        db.close().await.expect("closes");
        cluster.drop(&url).await;
    });
}
