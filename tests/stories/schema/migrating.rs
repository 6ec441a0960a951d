//! Migrations: many processes may start at once, a second start changes nothing, a newer database is recognised.

use futures::future::join_all;
use louyi::kernel::db::Db;
use sea_orm::ConnectionTrait as _;

use crate::support::{postgres, sqlite_url, wait_for};

async fn six_start_at_once(url: &str) {
    let opened: Vec<Db> = join_all((0..6).map(|_| Db::open(url))).await.into_iter().map(|d| d.expect("opens")).collect();
    assert!(!opened[0].migrated().await.unwrap());
    for done in join_all(opened.iter().map(Db::migrate)).await {
        done.expect("every one of them succeeds");
    }
    assert!(opened[5].migrated().await.unwrap());
    opened[0].migrate().await.expect("a second start changes nothing");
    // A version that this program does not know.
    let later = "insert into seaql_migrations (version, applied_at) values ('m9999_later', 1)";
    opened[0].upkeep().execute_unprepared(later).await.unwrap();
    let refused = opened[1].migrate().await.unwrap_err().to_string();
    assert!(refused.contains("newer version"), "{refused}");
    for db in opened {
        db.close().await.unwrap();
    }
}

#[test]
fn six_at_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    wait_for(six_start_at_once(&sqlite_url(folder.path())));
}

#[test]
fn six_at_once_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        six_start_at_once(&url).await;
        cluster.drop(&url).await;
    });
}
