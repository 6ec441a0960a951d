//! The demonstration: its history is loaded whole, and the lift case in it has the figures that everybody tells.

use chrono::{TimeZone as _, Utc};
use louyi::commands::demo::{self, Options, Summary};
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::Db;
use louyi::kernel::keys::Keys;
use louyi::kernel::settings::Settings;

use crate::support::{calendar, sqlite_url, wait_for};

async fn load(folder: &std::path::Path, options: Options) -> (House, Summary) {
    let db = Db::open(&sqlite_url(folder)).await.expect("opens");
    db.migrate().await.expect("migrates");
    let clock = Clock::standing_at(Utc.with_ymd_and_hms(2026, 11, 26, 7, 0, 0).unwrap());
    let settings = Settings { data: folder.into(), ..Settings::default() };
    let house = House::new(db, clock.clone(), calendar(), Keys::fixed(7), settings);
    let summary = demo::load(&house, &clock, &options).await.unwrap_or_else(|e| panic!("loads: {e:?}"));
    (house, summary)
}

#[test]
fn the_district_is_furnished_and_the_lift_case_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    wait_for(async {
        let started = std::time::Instant::now();
        let (_house, summary) = load(folder.path(), Options::default()).await;
        println!("loaded in {:.1} s", started.elapsed().as_secs_f64());
        assert_eq!(summary.buildings.len(), 4);
        for b in &summary.buildings {
            assert_eq!(b.council.as_ref().map(|c| c.seats), Some(13), "{}", b.slug);
        }
    });
}
