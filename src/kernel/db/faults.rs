//! What a database says when it cannot be opened, in one sentence that says what to do. Never a password.

use std::io::ErrorKind;

use sea_orm::sqlx::Error as Sqlx;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::{DbErr, RuntimeErr};

use crate::kernel::error::Error;

/// SQLite did not open.
pub(super) fn sqlite(url: &str, e: DbErr) -> Error {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default();
    let why = match &e {
        DbErr::Conn(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => match &**e {
            // https://www.sqlite.org/rescode.html; extended codes keep the primary one in their low byte.
            Sqlx::Database(d) => match d.code().and_then(|c| c.parse::<u32>().ok()).map(|c| c & 0xff) {
                Some(8) => "it is read-only; check who owns the file and its folder",
                Some(11) => "it is damaged; restore a backup",
                Some(13) => "the disk is full",
                Some(14) => "the folder is missing, or this user may not write in it",
                Some(26) => "it is not an SQLite database",
                Some(5 | 6) => "another program holds it locked",
                _ => return Error::broken(format!("cannot open the database {file}: {}", d.message())),
            },
            other => return Error::broken(format!("cannot open the database {file}: {other}")),
        },
        other => return Error::broken(format!("cannot open the database {file}: {other}")),
    };
    Error::broken(format!("cannot open the database {file}: {why}"))
}

/// PostgreSQL did not let us in.
pub(super) fn postgres(at: &PgConnectOptions, e: &Sqlx) -> Error {
    let place = format!("{}:{}", at.get_host(), at.get_port());
    let user = at.get_username();
    let base = at.get_database().unwrap_or(user);
    Error::broken(match e {
        Sqlx::Io(io) if io.kind() == ErrorKind::ConnectionRefused => {
            format!("PostgreSQL at {place} refuses the connection: is it running there, and is LOUYI_DATABASE_URL right?")
        }
        Sqlx::Io(io) => format!("PostgreSQL at {place} cannot be reached ({io}): is LOUYI_DATABASE_URL right?"),
        Sqlx::PoolTimedOut => format!("PostgreSQL at {place} did not answer in time"),
        Sqlx::Database(d) => match d.code().as_deref() {
            Some("28P01" | "28000") => format!("PostgreSQL at {place} does not let “{user}” in: {}", d.message()),
            Some("3D000") => format!("PostgreSQL at {place} has no database “{base}”: make it with `createdb {base}`"),
            Some("53300") => format!("PostgreSQL at {place} has no connection left: raise max_connections, or run fewer programs on it"),
            Some("57P03") => format!("PostgreSQL at {place} is starting or stopping: try again in a moment"),
            _ => format!("PostgreSQL at {place} says: {}", d.message()),
        },
        other => format!("PostgreSQL at {place} cannot be used: {other}"),
    })
}
