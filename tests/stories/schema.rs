//! The database's own rules: both databases migrate, know the same words, and keep what only grows.

mod keeping;
mod migrating;
mod words;
