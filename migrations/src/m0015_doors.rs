//! Other doors into one room: messages to telephones, mail to a building's address, enterprises that speak for many, and
//! devices with a key.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(m, include_str!("m0015_doors.sql")).await?;
        let actors = if crate::sql::is_postgres(m) { include_str!("m0015_actors_postgres.sql") } else { include_str!("m0015_actors_sqlite.sql") };
        crate::sql::run(m, actors).await
    }
}
