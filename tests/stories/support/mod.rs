//! What the stories stand on: the same story told on SQLite and on PostgreSQL, each on a database of its own.

#![allow(dead_code, reason = "a vocabulary: not every story needs every word")]

pub mod binary;
pub mod browser;
pub mod chamber;
pub mod everything;
pub mod gateway;
pub mod letters;
pub mod levels;
pub mod people;
pub mod photos;
pub mod postgres;
pub mod robot;
pub mod smtp;
pub mod town;
pub mod verbs;

use std::future::Future;
use std::path::Path;
use std::sync::OnceLock;

use louyi::kernel::db::Db;
use louyi::kernel::error::{Error, Result};
use rocket::tokio;
use sea_orm::ConnectionTrait as _;

pub use people::Who;
pub use town::{Matter, Told, Town, shanghai};

/// Tells each story on both databases: `mod NAME { on_sqlite, on_postgres }`.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($town:ident: Town) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            $(#[$meta])*
            async fn the_whole_story($town: crate::support::Town) $body
            #[test]
            fn on_sqlite() {
                crate::support::tell_on_sqlite(the_whole_story);
            }
            #[test]
            fn on_postgres() {
                crate::support::tell_on_postgres(the_whole_story);
            }
        }
    )+};
}
pub(crate) use on_both;

/// Tells a story on a fresh SQLite file.
pub fn tell_on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(Town) -> F + Send) {
    let folder = tempfile::tempdir().expect("a folder");
    wait_for(async {
        let url = migrated_sqlite(folder.path()).await;
        let town = Town::found(&url, folder.path()).await;
        story(town.clone()).await;
        town.house.db().clone().close().await.expect("closes");
    });
}

/// Tells a story on a fresh database of the run's cluster, where there is one.
pub fn tell_on_postgres<F: Future<Output = ()>>(story: impl FnOnce(Town) -> F + Send) {
    let Some(cluster) = postgres::cluster() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    wait_for(async {
        let url = cluster.migrated().await;
        let town = Town::found(&url, folder.path()).await;
        story(town.clone()).await;
        town.house.db().clone().close().await.expect("closes");
        cluster.drop(&url).await;
    });
}

/// Runs a future to its end.
pub fn wait_for<F: Future>(story: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime").block_on(story)
}

/// A migrated SQLite file in a folder: a copy of one that was migrated once in this run.
pub async fn migrated_sqlite(folder: &Path) -> String {
    static TEMPLATE: tokio::sync::OnceCell<Vec<u8>> = tokio::sync::OnceCell::const_new();
    let bytes = TEMPLATE
        .get_or_init(|| async {
            let own = tempfile::tempdir().expect("a folder");
            let db = Db::open(&sqlite_url(own.path())).await.expect("opens");
            db.migrate().await.expect("migrates");
            // Not the file itself: part of it may still be in the write-ahead log.
            let copy = own.path().join("copy.db");
            db.upkeep().execute_unprepared(&format!("vacuum into '{}'", copy.display())).await.expect("copies");
            db.close().await.expect("closes");
            std::fs::read(copy).expect("is there")
        })
        .await;
    std::fs::write(folder.join("louyi.db"), bytes).expect("writes");
    sqlite_url(folder)
}

/// The address of the SQLite file in a folder.
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}?mode=rwc", folder.join("louyi.db").display())
}

/// The locale key of a refusal; anything else fails the story.
#[track_caller]
pub fn refusal<T>(result: Result<T>) -> String {
    match result {
        Err(Error::Refused(r)) => r.key.into_owned(),
        Err(e) => panic!("expected a refusal, got the error {e:?}"),
        Ok(_) => panic!("expected a refusal, but it was done"),
    }
}

/// Whether somebody else had acted first.
pub fn conflict<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Conflict))
}

/// The workday calendar that the binary carries.
pub fn calendar() -> louyi::kernel::calendar::Calendar {
    static CALENDAR: OnceLock<louyi::kernel::calendar::Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| louyi::kernel::calendar::Calendar::parse(include_str!("../../../data/cn-workdays.csv")).expect("a calendar")).clone()
}
