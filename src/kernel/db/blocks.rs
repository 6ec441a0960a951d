//! Many rows at once, in statements of many rows each; and the indexes of their tables set aside meanwhile.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryTrait as _, Statement};

use super::sql;
use crate::kernel::error::Result;

/// Rows of one statement: far below the bounds of both databases for the widest table.
pub const BLOCK: usize = 600;

/// The statements that insert rows, so many rows each.
pub fn inserts<E, A>(backend: DatabaseBackend, rows: impl IntoIterator<Item = A>) -> Vec<Statement>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
{
    let mut rows = rows.into_iter().peekable();
    let mut all = vec![];
    while rows.peek().is_some() {
        all.push(E::insert_many(rows.by_ref().take(BLOCK)).build(backend));
    }
    all
}

/// Executes statements one after the other.
pub async fn execute_all(tx: &DatabaseTransaction, statements: Vec<Statement>) -> Result<()> {
    for statement in statements {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}

/// The statements that make the indexes again which were set aside.
#[must_use = "the indexes must be put back in the same transaction"]
pub struct SetAside(Vec<String>);

/// Drops the indexes of some tables for the time of one transaction: one index made anew over many rows is sorted once,
/// where each of many rows would look for its place in it. Those that guard against doubles stay. On PostgreSQL nothing is
/// dropped, since others would wait for the table.
pub async fn set_indexes_aside(tx: &DatabaseTransaction, tables: &[&str]) -> Result<SetAside> {
    if tx.get_database_backend() != DatabaseBackend::Sqlite {
        return Ok(SetAside(vec![]));
    }
    let text = format!(
        "select name, sql from sqlite_master where type = 'index' and sql like 'create index %' and tbl_name in ({}) order by rowid",
        vec!["?"; tables.len()].join(",")
    );
    let mut made = vec![];
    for row in tx.query_all_raw(sql(tx, &text, tables.iter().map(|t| (*t).into()))).await? {
        let (name, statement): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        tx.execute_unprepared(&format!("drop index {name}")).await?;
        made.push(statement);
    }
    Ok(SetAside(made))
}

impl SetAside {
    /// Makes them again, as they were.
    pub async fn put_back(self, tx: &DatabaseTransaction) -> Result<()> {
        for statement in self.0 {
            tx.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}
