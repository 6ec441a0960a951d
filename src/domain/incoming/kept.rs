//! What is kept of a mail that came in: that it came, and what became of it. No address and no words.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _};

use super::{Door, Outcome};
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, IncomingId, ReportId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incoming")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IncomingId,
    /// A keyed hash of what identifies the mail: the same one that comes twice is taken once.
    pub fingerprint: Vec<u8>,
    pub door: Door,
    pub outcome: Outcome,
    /// Why it was refused or ignored.
    pub reason: Option<String>,
    pub building_id: Option<BuildingId>,
    pub report_id: Option<ReportId>,
    /// The file in which it lies, where it came by a Maildir and could not be taken.
    pub file: Option<String>,
    pub bytes: i64,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Incoming;

/// What one mail is noted by.
pub(super) struct Note<'a> {
    pub fingerprint: Vec<u8>,
    pub door: Door,
    pub file: Option<&'a str>,
    pub bytes: usize,
}

/// Notes what became of a mail, in the act that made it so. Two at once: the second fails with a conflict.
pub(super) async fn note(
    act: &Act,
    note: &Note<'_>,
    outcome: Outcome,
    reason: Option<&str>,
    of: (Option<BuildingId>, Option<ReportId>),
) -> Result<Incoming> {
    let row = ActiveModel {
        id: Set(IncomingId(act.fresh())),
        fingerprint: Set(note.fingerprint.clone()),
        door: Set(note.door),
        outcome: Set(outcome),
        reason: Set(reason.map(str::to_owned)),
        building_id: Set(of.0),
        report_id: Set(of.1),
        file: Set(note.file.filter(|_| outcome == Outcome::Refused).map(|f| f.chars().take(255).collect())),
        bytes: Set(note.bytes as i64),
        at: Set(act.at),
    };
    Ok(row.insert(act.tx()).await?)
}

/// A mail that was seen before.
pub(super) async fn seen(db: &impl ConnectionTrait, fingerprint: &[u8]) -> Result<Option<Incoming>> {
    Ok(Entity::find().filter(Column::Fingerprint.eq(fingerprint.to_vec())).one(db).await?)
}

/// Mails that could not be taken, the latest first: for the operator.
pub async fn refused(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Incoming>> {
    Ok(Entity::find().filter(Column::Outcome.eq(Outcome::Refused)).order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// How many came to what.
pub async fn counted(db: &impl ConnectionTrait) -> Result<Vec<(Outcome, i64)>> {
    let rows: Vec<(Outcome, i64)> = Entity::find()
        .select_only()
        .column(Column::Outcome)
        .column_as(Column::Id.count(), "n")
        .group_by(Column::Outcome)
        .into_tuple()
        .all(db)
        .await?;
    Ok(Outcome::ALL.iter().map(|o| (*o, rows.iter().find(|(r, _)| r == o).map_or(0, |(_, n)| *n))).collect())
}

/// Forgets mails that came before an instant.
pub async fn forget(act: &Act, before: DateTime<Utc>) -> Result<u64> {
    Ok(act.tx().execute_raw(sql(act.tx(), "delete from incoming where at < ?", [before.into()])).await?.rows_affected())
}
