//! Stories that are told over HTTP: the same town, seen through its pages.

mod council;
mod meetings;
mod work;
mod posters;
mod public;
