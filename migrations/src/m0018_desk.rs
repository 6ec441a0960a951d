//! The desk: who has a matter in hand, several acts at once, filters with names.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0018_desk.sql")).await
    }
}
