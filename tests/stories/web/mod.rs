//! Stories that are told over HTTP: the same town, seen through its pages.

mod checks;
mod council;
mod meetings;
mod work;
mod posters;
mod public;
mod resolutions;
mod undertakings;
mod votes;
