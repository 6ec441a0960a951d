//! The record: the journal that only grows, the outbox, the public ledger, calendars.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0006_record.sql")).await?;
        let guards = if crate::sql::is_postgres(m) { include_str!("m0006_guards_postgres.sql") } else { include_str!("m0006_guards_sqlite.sql") };
        crate::sql::run(m, guards).await
    }
}
