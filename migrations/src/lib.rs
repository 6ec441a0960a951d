//! The database's history: one file per change, one tree for both databases.
//!
//! Each change is plain SQL in which a few words stand for what the two databases call differently
//! (see [`sql::run`]). Enumerations are spelled out here: a migration is history, and the Rust enum may
//! change later; `tests/stories/schema.rs` checks that today's enum and today's check agree.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_places;
mod m0002_people;
mod m0003_matters;
mod m0004_council;
mod m0005_publishing;
mod m0006_record;
mod m0007_search;
mod m0008_reminders;
mod m0009_desk;
mod m0010_figures;
mod m0011_reporting;
mod m0012_following;
mod m0013_cleanups;
mod m0014_proofs;
mod m0015_doors;
mod m0016_hidings;
mod m0017_announcements;
mod m0018_desk;
mod m0019_clocks;
mod m0020_talk;
mod m0021_behind;
mod m0022_handling;
mod m0023_channels;
mod m0024_imports;
mod m0025_founding;
mod m0026_links;
mod m0027_times;
mod m0028_duty;
mod m0030_particulars;
mod m0031_maintenance;
mod m0032_counts;
mod m0035_visits;
mod m0036_duty_order;
mod m0037_lift_studies;
mod m0038_rules;
mod m0039_calling;
mod m0040_minutes;
mod m0041_paper;
mod m0042_in_force;
mod m0043_effect;
mod m0046_sessions;
mod m0047_deliberation;
mod m0048_hand_overs;
mod m0049_owners;
mod m0050_clock_ins;
mod m0051_topics;
mod m0052_calendar_feeds;
mod m0053_signed_on_paper;
mod sql;

/// Every change, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_places::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_matters::Migration),
            Box::new(m0004_council::Migration),
            Box::new(m0005_publishing::Migration),
            Box::new(m0006_record::Migration),
            Box::new(m0007_search::Migration),
            Box::new(m0008_reminders::Migration),
            Box::new(m0009_desk::Migration),
            Box::new(m0010_figures::Migration),
            Box::new(m0011_reporting::Migration),
            Box::new(m0012_following::Migration),
            Box::new(m0013_cleanups::Migration),
            Box::new(m0014_proofs::Migration),
            Box::new(m0015_doors::Migration),
            Box::new(m0016_hidings::Migration),
            Box::new(m0017_announcements::Migration),
            Box::new(m0018_desk::Migration),
            Box::new(m0019_clocks::Migration),
            Box::new(m0020_talk::Migration),
            Box::new(m0021_behind::Migration),
            Box::new(m0022_handling::Migration),
            Box::new(m0023_channels::Migration),
            Box::new(m0024_imports::Migration),
            Box::new(m0025_founding::Migration),
            Box::new(m0026_links::Migration),
            Box::new(m0027_times::Migration),
            Box::new(m0028_duty::Migration),
            Box::new(m0030_particulars::Migration),
            Box::new(m0031_maintenance::Migration),
            Box::new(m0032_counts::Migration),
            Box::new(m0035_visits::Migration),
            Box::new(m0036_duty_order::Migration),
            Box::new(m0037_lift_studies::Migration),
            Box::new(m0038_rules::Migration),
            Box::new(m0039_calling::Migration),
            Box::new(m0040_minutes::Migration),
            Box::new(m0041_paper::Migration),
            Box::new(m0042_in_force::Migration),
            Box::new(m0043_effect::Migration),
            Box::new(m0046_sessions::Migration),
            Box::new(m0047_deliberation::Migration),
            Box::new(m0048_hand_overs::Migration),
            Box::new(m0049_owners::Migration),
            Box::new(m0050_clock_ins::Migration),
            Box::new(m0051_topics::Migration),
            Box::new(m0052_calendar_feeds::Migration),
            Box::new(m0053_signed_on_paper::Migration),
        ]
    }
}

/// The name of the newest change this program knows; a database with a later one is newer than the binary.
pub fn newest() -> String {
    Migrator::migrations().last().map(|m| m.name().to_owned()).unwrap_or_default()
}
