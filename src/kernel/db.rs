//! The database: SQLite in the data folder (one writer, several readers) or PostgreSQL (a pool for acts, one for
//! reading).

mod blocks;
mod faults;

use std::str::FromStr as _;
use std::time::Duration;

use louyi_migrations::{Migrator, MigratorTrait as _};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

pub use blocks::{BLOCK, SetAside, execute_all, inserts, set_indexes_aside};

use super::error::{Error, Result};

/// Both ends of the database. Reads go to `r`; writes only through an [`Act`](super::act::Act).
#[derive(Clone, Debug)]
pub struct Db {
    w: DatabaseConnection,
    r: DatabaseConnection,
}

/// Connections of one pool at this instant.
#[derive(Clone, Debug)]
pub struct Pool {
    /// `write` or `read`.
    pub name: &'static str,
    pub open: u32,
    /// Of the open ones, those that nobody uses.
    pub idle: u32,
    pub max: u32,
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
        let readers = if url.starts_with("sqlite:") { 4 } else { 8 };
        Self::open_for(url, readers).await
    }

    /// The same with so many connections for reading. With a single one, whoever holds it and asks for another waits for
    /// ever: that is how stories find out what would stand still under load.
    pub async fn open_for(url: &str, readers_max: u32) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).connect_timeout(Duration::from_secs(5)).acquire_timeout(Duration::from_secs(8));
        if url.starts_with("sqlite:") {
            options.test_before_acquire(false).idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
            let mut writer = options.clone();
            writer.max_connections(1).map_sqlx_sqlite_opts(sqlite_options);
            let mut readers = options;
            readers.max_connections(readers_max).map_sqlx_sqlite_opts(|s| sqlite_options(s).pragma("query_only", "on"));
            // The writer first: it makes the file and turns on the write-ahead log.
            let w = Database::connect(writer).await.map_err(|e| faults::sqlite(url, e))?;
            let r = Database::connect(readers).await.map_err(|e| faults::sqlite(url, e))?;
            return Ok(Self { w, r });
        }
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(Error::broken("LOUYI_DATABASE_URL must begin with postgres:// or sqlite://"));
        }
        Self::knock(url).await?;
        options.test_before_acquire(true);
        let (mut writer, mut readers) = (options.clone(), options);
        let shared = |p: PgConnectOptions| p.application_name("louyi").options([("statement_timeout", "5000"), ("lock_timeout", "3000")]);
        writer.max_connections(8).map_sqlx_postgres_opts(shared);
        // A pool of their own: of many acts under way, none waits for a connection that another act holds.
        readers.max_connections(readers_max).map_sqlx_postgres_opts(move |p| shared(p).options([("default_transaction_read_only", "on")]));
        Ok(Self { w: Database::connect(writer).await?, r: Database::connect(readers).await? })
    }

    /// One connection before the pool's: a pool tries again until its time is over and then knows no reason.
    async fn knock(url: &str) -> Result<()> {
        use sea_orm::sqlx::{ConnectOptions as _, Connection as _, Row as _};
        let at = PgConnectOptions::from_str(url).map_err(|e| Error::broken(format!("LOUYI_DATABASE_URL is not an address of a database: {e}")))?;
        let attempt = rocket::tokio::time::timeout(Duration::from_secs(5), at.connect());
        let mut c = attempt.await.unwrap_or(Err(sea_orm::sqlx::Error::PoolTimedOut)).map_err(|e| faults::postgres(&at, &e))?;
        let row = sea_orm::sqlx::query("select current_setting('server_version_num')::int").fetch_one(&mut c).await;
        let version: i32 = row.and_then(|r| r.try_get(0)).map_err(|e| faults::postgres(&at, &e))?;
        let _ = c.close().await;
        if version < 150_000 {
            return Err(Error::broken(format!("PostgreSQL {} is too old: Louyi needs 15 or newer", version / 10_000)));
        }
        Ok(())
    }

    /// Brings the schema up to date in one transaction that also holds the lock, so that many processes may start at once.
    pub async fn migrate(&self) -> Result<()> {
        let tx = self.begin().await?;
        if self.is_postgres() {
            tx.execute_unprepared("SET LOCAL lock_timeout=0; SET LOCAL statement_timeout=0; SELECT pg_advisory_xact_lock(7203451)").await?;
        }
        if Self::newest_applied(&tx).await?.is_some_and(|applied| applied > louyi_migrations::newest()) {
            return Err(Error::broken(
                "the database was made by a newer version of Louyi: install that version, or restore a backup made by this one",
            ));
        }
        Migrator::up(&tx, None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The newest change that was applied; none in a database that was never migrated.
    async fn newest_applied(c: &impl ConnectionTrait) -> Result<Option<String>> {
        let there = match c.get_database_backend() {
            DatabaseBackend::Postgres => {
                "select count(*) from pg_tables where tablename = 'seaql_migrations' and schemaname = any (current_schemas(false))"
            }
            _ => "select count(*) from sqlite_master where name = 'seaql_migrations'",
        };
        let there = c.query_one_raw(sql(c, there, [])).await?;
        if there.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() == 0 {
            return Ok(None);
        }
        let row = c.query_one_raw(sql(c, "select max(version) from seaql_migrations", [])).await?;
        Ok(row.map(|r| r.try_get_by_index::<Option<String>>(0)).transpose()?.flatten())
    }

    /// The newest change that was applied, for backups and for the operator.
    pub async fn version(&self) -> Result<Option<String>> {
        Self::newest_applied(&self.r).await
    }

    /// Whether every change that this program knows has been applied.
    pub async fn migrated(&self) -> Result<bool> {
        Ok(self.version().await?.is_some_and(|v| v >= louyi_migrations::newest()))
    }

    /// For reading only: these connections refuse to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.r
    }

    /// One connection for everything that a page asks, at one instant: its parts agree, and the pool is asked once. Whoever
    /// holds it asks nothing of [`read`](Self::read): of many who each hold one and wait for another, none would get it.
    pub(super) async fn reading(&self) -> Result<DatabaseTransaction> {
        let isolation = self.is_postgres().then_some(IsolationLevel::RepeatableRead);
        let access = self.is_postgres().then_some(AccessMode::ReadOnly);
        Ok(self.r.begin_with_config(isolation, access).await?)
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.w.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Every pool of connections of this process.
    pub fn pools(&self) -> Vec<Pool> {
        let pool = |name, open: u32, idle: usize, max| Pool { name, open, idle: u32::try_from(idle).unwrap_or(open), max };
        let postgres = self.is_postgres();
        let of = |name, c: &DatabaseConnection| {
            if postgres {
                let p = c.get_postgres_connection_pool();
                return pool(name, p.size(), p.num_idle(), p.options().get_max_connections());
            }
            let p = c.get_sqlite_connection_pool();
            pool(name, p.size(), p.num_idle(), p.options().get_max_connections())
        };
        vec![of("write", &self.w), of("read", &self.r)]
    }

    /// A write transaction. On SQLite it takes the write lock at once, so that it can never fail half-way for want of it.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = match self.w.get_database_backend() {
            DatabaseBackend::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() },
            _ => TransactionOptions::default(),
        };
        Ok(self.w.begin_with_options(options).await?)
    }

    /// While something is loaded that could be loaded again, SQLite need not wait for the disk at each commit, and may
    /// keep more in memory. Turned off again, it puts everything on disk before it says so.
    pub async fn hurry(&self, on: bool) -> Result<()> {
        if self.is_postgres() {
            return Ok(());
        }
        let pragmas = if on {
            "pragma synchronous = off; pragma cache_size = -524288"
        } else {
            "pragma synchronous = full; pragma cache_size = -16000; pragma wal_checkpoint(truncate)"
        };
        self.w.execute_unprepared(pragmas).await?;
        Ok(())
    }

    /// Runs maintenance statements that are no act: a backup's `VACUUM INTO`, the outbox's claims, counters.
    pub fn upkeep(&self) -> &DatabaseConnection {
        &self.w
    }

    /// Writes a consistent copy of an SQLite file, over a connection of its own: writes go on meanwhile.
    pub async fn snapshot(url: &str, into: &std::path::Path) -> Result<()> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).max_connections(1).map_sqlx_sqlite_opts(|s| s.create_if_missing(false).busy_timeout(Duration::from_secs(30)));
        let c = Database::connect(options).await.map_err(|e| faults::sqlite(url, e))?;
        let copied = c.execute_raw(sql(&c, "vacuum into ?", [into.display().to_string().into()])).await;
        c.close().await?;
        copied.map(drop).map_err(|e| faults::sqlite(url, e))
    }

    /// What SQLite itself finds wrong in a file; nothing where it is whole.
    pub async fn integrity(url: &str) -> Result<Vec<String>> {
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).max_connections(1).map_sqlx_sqlite_opts(|s| s.create_if_missing(false));
        let c = Database::connect(options).await.map_err(|e| faults::sqlite(url, e))?;
        let mut found = vec![];
        for row in c.query_all_raw(sql(&c, "pragma integrity_check", [])).await? {
            found.push(row.try_get_by_index::<String>(0)?);
        }
        if !c.query_all_raw(sql(&c, "pragma foreign_key_check", [])).await?.is_empty() {
            found.push("a row refers to one that is not there".into());
        }
        c.close().await?;
        found.retain(|line| line != "ok");
        Ok(found)
    }

    /// Whether a PostgreSQL database holds no table of anybody.
    pub async fn is_empty(&self) -> Result<bool> {
        let text = "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";
        let row = self.r.query_one_raw(sql(&self.r, text, [])).await?;
        Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() == 0)
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
