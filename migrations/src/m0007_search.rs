//! Search by character bigrams: FTS5 in SQLite, a bigram tsvector in PostgreSQL. The index holds
//! only what is public; `rowid`/`id` lead back to the issue.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let statements = if crate::sql::is_postgres(m) { include_str!("m0007_search_postgres.sql") } else { include_str!("m0007_search_sqlite.sql") };
        crate::sql::run(m, statements).await
    }
}
