//! Open sessions: what is at hand, who speaks, notes; amendments, secret votes, written procedure.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0046_sessions.sql")).await?;
        let words = if crate::sql::is_postgres(m) { include_str!("m0046_words_postgres.sql") } else { include_str!("m0046_words_sqlite.sql") };
        crate::sql::run(m, words).await
    }
}
