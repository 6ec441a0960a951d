//! The lift case is played twice in two equal districts: once by the domain's verbs, as the demonstration does, and once
//! through the pages, form by form, by whoever does it in life. Both must come to the same: the journal line by line, the
//! counts, what the public reads, and the root of the public ledger.
//!
//! The script is the demonstration's own and whole: all 498 reports of the lift and those of its neighbours.

mod compare;
mod council;
mod desk;
mod forms;
mod pages;
mod root;

use louyi::commands::demo::{Rehearsal, Stage};
use louyi::kernel::act::House;

use crate::support::browser::Site;
use crate::support::{migrated_sqlite, postgres, shanghai, town, wait_for};
use pages::Pages;

/// When both houses are looked at: after the edition has come out.
const AFTER: &str = "2026-06-26 18:00";

async fn both_ways(by_verbs: &House, by_pages: &House) {
    let script = Rehearsal::furnish(by_verbs, by_verbs.clock()).await.expect("furnished");
    let mut stage = Stage::new(by_verbs, by_verbs.clock());
    script.play(&mut stage).await.expect("played by verbs");
    stage.commit().await.expect("kept");
    let site = Site::of(by_pages).await;
    let script = Rehearsal::furnish(by_pages, by_pages.clock()).await.expect("furnished");
    script.play(&mut Pages::of(by_pages, &site)).await.expect("played through the pages");
    for house in [by_verbs, by_pages] {
        house.clock().set(shanghai(AFTER));
    }
    compare::journals(by_verbs, by_pages).await;
    compare::counts(by_verbs, by_pages).await;
    compare::what_is_read(by_verbs, by_pages).await;
    root::ledgers(by_verbs, by_pages).await;
}

/// Before anything in the district is founded.
fn dawn() -> chrono::DateTime<chrono::Utc> {
    shanghai("2024-01-01 00:00")
}

/// Tells it on a thread with room: a whole script of pages and verbs is one deep future.
fn tell<F: Future<Output = ()>>(story: impl FnOnce() -> F + Send) {
    std::thread::scope(|s| {
        let teller = std::thread::Builder::new().stack_size(32 << 20).spawn_scoped(s, || wait_for(story())).expect("a thread");
        if let Err(panic) = teller.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn on_sqlite() {
    tell(async || {
        let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let by_verbs = town::house(&migrated_sqlite(one.path()).await, one.path(), dawn()).await;
        let by_pages = town::house(&migrated_sqlite(other.path()).await, other.path(), dawn()).await;
        both_ways(&by_verbs, &by_pages).await;
        for house in [by_verbs, by_pages] {
            house.db().clone().close().await.expect("closes");
        }
    });
}

#[test]
fn on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    tell(async || {
        let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let urls = [cluster.migrated().await, cluster.migrated().await];
        let by_verbs = town::house(&urls[0], one.path(), dawn()).await;
        let by_pages = town::house(&urls[1], other.path(), dawn()).await;
        both_ways(&by_verbs, &by_pages).await;
        for (house, url) in [by_verbs, by_pages].into_iter().zip(&urls) {
            house.db().clone().close().await.expect("closes");
            cluster.drop(url).await;
        }
    });
}
