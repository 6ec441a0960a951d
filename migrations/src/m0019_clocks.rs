//! Clocks: more time for a task, asked for and granted by somebody else; what is late reported to the street.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0019_clocks.sql")).await
    }
}
