//! The rules of governance, one noun per file or folder. No HTTP, no HTML; stands on the kernel only.

#[macro_use]
mod vocabulary;

pub mod announcements;
pub mod attachments;
pub mod batches;
pub mod buildings;
pub mod calendars;
pub mod call_backs;
pub mod canned_answers;
pub mod categories;
pub mod councils;
pub mod desk;
pub mod devices;
pub mod drafts;
pub mod editions;
pub mod effect_checks;
pub mod figures;
pub mod handling;
pub mod hidings;
pub mod incoming;
pub mod issues;
pub mod journal;
pub mod letters;
pub mod lifts;
pub mod links;
pub mod meetings;
pub mod messages;
pub mod motions;
pub mod organisations;
pub mod persons;
pub mod proofs;
pub mod recorded;
pub mod reminders;
pub mod reports;
pub mod resolutions;
pub mod retention;
pub mod rights;
pub mod saved_views;
pub mod sessions;
pub mod slips;
pub mod subscriptions;
pub mod suggestions;
pub mod supervisions;
pub mod tasks;
pub mod undertakings;
pub mod votes;
