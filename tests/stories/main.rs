//! Louyi's stories: one test binary, a module per noun.

mod support;

mod calendar;
mod clocks;
mod closing;
mod demo;
mod issues;
mod ledger_tree;
mod lifts;
mod outbox;
mod messages;
mod photos;
mod qr;
mod schema;
mod tasks;
mod votes_owners;
mod votes_tally;
mod web;
