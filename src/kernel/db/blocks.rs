//! Many rows at once, in statements of many rows each.

use rocket::tokio;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryTrait as _};

use crate::kernel::error::Result;

/// Rows of one statement: far below the bounds of both databases for the widest table.
pub const BLOCK: usize = 400;

/// Inserts rows in blocks. While the database works on one block, the next is written out for it.
pub async fn insert_all<E, A>(tx: &DatabaseTransaction, rows: impl IntoIterator<Item = A>) -> Result<()>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let mut rows = rows.into_iter().peekable();
    let mut next = || rows.peek().is_some().then(|| E::insert_many(rows.by_ref().take(BLOCK)).build(tx.get_database_backend()));
    let mut block = next();
    while let Some(statement) = block {
        let (done, then) = tokio::join!(biased; tx.execute_raw(statement), async { next() });
        done?;
        block = then;
    }
    Ok(())
}
