//! What is reported before a task is done, what stays late, how those who reported find it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0043_effect.sql")).await?;
        let words = if crate::sql::is_postgres(m) { include_str!("m0043_effect_postgres.sql") } else { include_str!("m0043_effect_sqlite.sql") };
        crate::sql::run(m, words).await
    }
}
