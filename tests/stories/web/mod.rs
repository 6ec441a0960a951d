//! Stories that are told over HTTP: the same town, seen through its pages.

mod announcements;
mod bad_input;
mod checks;
mod council;
mod covering;
mod crush;
mod deeds;
mod desk;
mod devices;
mod faults;
mod hidings;
mod meetings;
mod operators;
pub mod pictures;
mod posters;
mod public;
mod receipts;
mod release;
mod reports;
mod representing;
mod resolutions;
mod sessions;
mod tasks;
mod undertakings;
mod votes;
mod work;
