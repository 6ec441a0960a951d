//! Louyi 楼议: a governance issue tracker for office buildings.
//!
//! Two entrances (`web`, `jobs`), three floors (entrances, `domain`, `kernel`), one direction: down.

#[macro_use]
pub mod kernel;
pub mod commands;
pub mod domain;
pub mod jobs;
pub mod web;
