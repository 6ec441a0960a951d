//! The matter: its states, who may move it, what it owes, and two who act at once.

mod answers;
mod at_once;
mod merging;
mod states;
mod triage;
