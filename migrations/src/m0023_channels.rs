//! Channels: group robots that are told what concerns a whole organisation; and how a person wants to be told.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0023_channels.sql")).await?;
        let outbox = if crate::sql::is_postgres(m) { include_str!("m0023_outbox_postgres.sql") } else { include_str!("m0023_outbox_sqlite.sql") };
        crate::sql::run(m, outbox).await?;
        crate::sql::run(m, include_str!("m0023_waiting.sql")).await
    }
}
