//! Louyi's stories: one test binary, a module per noun.

mod calendar;
mod ledger_tree;
mod lifts;
mod photos;
mod qr;
mod votes_owners;
mod votes_tally;
