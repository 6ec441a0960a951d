//! Louyi's stories: one test binary, a module per noun.

mod support;

mod access;
mod backup;
mod browser;
mod bulk;
mod calendar;
mod clocks;
mod closing;
mod commands;
mod demo;
mod editions;
mod effect_checks;
mod figures;
mod issues;
mod journal;
mod ledger;
mod ledger_tree;
mod lifts;
mod meetings;
mod messages;
mod motions;
mod outbox;
mod photos;
mod qr;
mod reports;
mod resolutions;
mod schema;
mod search;
mod sessions;
mod tasks;
mod undertakings;
mod votes_owners;
mod votes_tally;
mod web;
mod words;
