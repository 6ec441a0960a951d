//! The database: SQLite in the data folder (one writer, several readers) or PostgreSQL (one pool).

use std::time::Duration;

use louyi_migrations::{Migrator, MigratorTrait as _};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use super::error::{Error, Result};

/// Both ends of the database. Reads go to `r`; writes only through an [`Act`](super::act::Act).
#[derive(Clone, Debug)]
pub struct Db {
    w: DatabaseConnection,
    r: DatabaseConnection,
}

fn sqlite_options(s: SqliteConnectOptions) -> SqliteConnectOptions {
    s.create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .statement_cache_capacity(256)
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "memory")
        .pragma("journal_size_limit", "67108864")
        .optimize_on_close(true, 400)
}

impl Db {
    /// Connects, making the SQLite file where it is missing. Does not migrate.
    pub async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).connect_timeout(Duration::from_secs(5)).acquire_timeout(Duration::from_secs(8));
        if url.starts_with("sqlite:") {
            options.test_before_acquire(false).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
            let mut writer = options.clone();
            writer.max_connections(1).map_sqlx_sqlite_opts(sqlite_options);
            let mut readers = options;
            readers.max_connections(4).map_sqlx_sqlite_opts(|s| sqlite_options(s).pragma("query_only", "on"));
            // The writer first: it makes the file and turns on the write-ahead log.
            let w = Database::connect(writer).await?;
            return Ok(Self { w, r: Database::connect(readers).await? });
        }
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(Error::broken("LOUYI_DATABASE_URL must begin with sqlite: or postgres://"));
        }
        options
            .max_connections(12)
            .test_before_acquire(true)
            .map_sqlx_postgres_opts(|p| p.application_name("louyi").options([("statement_timeout", "5000"), ("lock_timeout", "3000")]));
        let pool = Database::connect(options).await?;
        Ok(Self { w: pool.clone(), r: pool })
    }

    /// Brings the schema up to date in one transaction that also holds the lock, so that many processes may start at once.
    pub async fn migrate(&self) -> Result<()> {
        let tx = self.begin().await?;
        if self.is_postgres() {
            tx.execute_unprepared("SET LOCAL lock_timeout=0; SET LOCAL statement_timeout=0; SELECT pg_advisory_xact_lock(7203451)").await?;
        }
        Migrator::up(&tx, None).await.map_err(|e| {
            if e.to_string().contains("missing") {
                Error::broken("the database was made by a newer version of Louyi; install that version or restore a backup made by this one")
            } else {
                e.into()
            }
        })?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether every change that this program knows has been applied.
    pub async fn migrated(&self) -> Result<bool> {
        let newest =
            Statement::from_sql_and_values(self.r.get_database_backend(), "select version from seaql_migrations order by version desc limit 1", []);
        let Ok(row) = self.r.query_one_raw(newest).await else { return Ok(false) };
        Ok(row.and_then(|r| r.try_get_by_index::<String>(0).ok()).is_some_and(|v| v >= louyi_migrations::newest()))
    }

    /// For reading only; on SQLite these connections refuse to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.r
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.w.get_database_backend() == DatabaseBackend::Postgres
    }

    /// A write transaction. On SQLite it takes the write lock at once, so that it can never fail half-way for want of it.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = match self.w.get_database_backend() {
            DatabaseBackend::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() },
            _ => TransactionOptions::default(),
        };
        Ok(self.w.begin_with_options(options).await?)
    }

    /// Runs maintenance statements that are no act: a backup's `VACUUM INTO`, the outbox's claims, counters.
    pub fn upkeep(&self) -> &DatabaseConnection {
        &self.w
    }

    /// Closes every connection.
    pub async fn close(self) -> Result<()> {
        self.r.close().await?;
        self.w.close().await?;
        Ok(())
    }
}

/// A statement with `?` placeholders for both databases: PostgreSQL gets `$1`, `$2`, ….
pub fn sql(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Statement {
    let backend = db.get_database_backend();
    if backend != DatabaseBackend::Postgres {
        return Statement::from_sql_and_values(backend, text, values);
    }
    let mut n = 0;
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c == '?' {
            n += 1;
            out.push_str(&format!("${n}"));
        } else {
            out.push(c);
        }
    }
    Statement::from_sql_and_values(backend, out, values)
}
