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
mod issues;
mod ledger_tree;
mod lifts;
mod messages;
mod outbox;
mod photos;
mod qr;
mod reports;
mod schema;
mod tasks;
mod votes_owners;
mod votes_tally;
mod web;
mod words;
