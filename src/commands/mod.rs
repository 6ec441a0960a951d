//! One file per command.
pub mod opening;
