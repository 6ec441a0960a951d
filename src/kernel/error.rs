//! The one error. `web` has the one table from it to a status and a page.

use std::borrow::Cow;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this person.
    #[error("not found")]
    NotFound,
    /// The rules say no: which rule, as a locale key with its parameters.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Somebody else acted first; what they did can be read in the journal.
    #[error("changed meanwhile")]
    Conflict,
    /// A fault that is ours.
    #[error(transparent)]
    Broken(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal by name: the sentence lives in `locales/*/refusals`, and says who may do it or what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Key below `refusals.`
    pub key: Cow<'static, str>,
    /// Parameters of the sentence; a value beginning with `@` is itself a locale key.
    pub with: Vec<(&'static str, String)>,
    /// The form field that it belongs to, if any.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal without parameters.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), with: vec![], field: None }
    }

    /// Adds a parameter of the sentence.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.push((name, value.to_string()));
        self
    }

    /// Points at the form field to mend.
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)
    }
}

impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Error::Refused(r)
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(e: sea_orm::DbErr) -> Self {
        // What must be there once, somebody else has just made: the next number, the same seat, the same vote.
        let taken = matches!(e.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)));
        if taken || crossed(&e) { Error::Conflict } else { Error::Broken(Box::new(e)) }
    }
}

/// Whether two acts held what the other needed, and PostgreSQL undid this one (40P01) or would not wait (55P03).
fn crossed(e: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr};
    let (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))) = e else { return false };
    e.as_database_error().and_then(|d| d.code()).is_some_and(|c| c == "40P01" || c == "55P03")
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Error::Broken(Box::new(e))
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Error::Broken(Box::new(e))
    }
}

impl Error {
    /// A fault of ours, in words for the log.
    pub fn broken(words: impl Into<String>) -> Self {
        Error::Broken(words.into().into())
    }
}

/// Results of the domain and the kernel.
pub type Result<T, E = Error> = std::result::Result<T, E>;
