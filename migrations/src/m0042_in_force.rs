//! What a resolution does to an earlier one, how long it holds, who says what to it, who objects.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0042_in_force.sql")).await?;
        let words = if crate::sql::is_postgres(m) { include_str!("m0042_in_force_postgres.sql") } else { include_str!("m0042_in_force_sqlite.sql") };
        crate::sql::run(m, words).await
    }
}
