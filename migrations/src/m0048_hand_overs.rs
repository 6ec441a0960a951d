//! Hand-overs between the five levels, and the level at which an organisation acts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0048_hand_overs.sql")).await?;
        let words = if crate::sql::is_postgres(m) { include_str!("m0048_words_postgres.sql") } else { include_str!("m0048_words_sqlite.sql") };
        crate::sql::run(m, words).await
    }
}
