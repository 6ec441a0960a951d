//! What every noun stands on. The kernel knows nothing of issues or councils, and never calls up.

pub mod act;
pub mod backup;
pub mod blind;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod dates;
pub mod db;
pub mod error;
pub mod files;
pub mod i18n;
pub mod ids;
pub mod journal;
pub mod keys;
pub mod ledger;
pub mod limits;
pub mod mail;
pub mod outbox;
pub mod passwords;
pub mod photos;
pub mod publog;
pub mod qr;
pub mod seal;
pub mod search;
pub mod settings;
pub mod text;
