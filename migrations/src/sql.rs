use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// Runs statements separated by a line `--`, on either database.
///
/// `UUID`, `INSTANT`, `BYTES` and `SERIAL` stand for the types that differ, `WITHOUT_ROWID` for what only SQLite must be told. An instant is text in SQLite,
/// always written by the program as RFC 3339 in UTC with microseconds, so that text order is time order.
pub async fn run(m: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let db = m.get_connection();
    let names: [(&str, &str); 5] = match db.get_database_backend() {
        DatabaseBackend::Postgres => {
            [("UUID", "uuid"), ("INSTANT", "timestamptz"), ("BYTES", "bytea"), ("SERIAL", "bigserial primary key"), ("WITHOUT_ROWID", "")]
        }
        _ => [
            ("UUID", "blob"),
            ("INSTANT", "text"),
            ("BYTES", "blob"),
            ("SERIAL", "integer primary key autoincrement"),
            ("WITHOUT_ROWID", "without rowid"),
        ],
    };
    for statement in statements.split("\n--\n").map(str::trim).filter(|s| !s.is_empty()) {
        let statement = names.iter().fold(statement.to_owned(), |s, (word, name)| s.replace(word, name));
        db.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Whether this database is PostgreSQL.
pub fn is_postgres(m: &SchemaManager<'_>) -> bool {
    m.get_database_backend() == DatabaseBackend::Postgres
}
