//! How the reports behind a matter are spoken of without saying who sent them: how many chose what, and a handle for
//! each that tells neither time nor order.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{FromQueryResult, QuerySelect as _};

use super::{Column, Entity, MayKnow, Release, Report, of_issue};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, IssueId, ReportId};
use crate::kernel::keys::Keys;

/// How many of a matter's reporters let whom know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    pub nobody: u64,
    pub secretary: u64,
    pub secretary_and_manager: u64,
}

/// Counts the choices behind a matter.
pub async fn choices(db: &impl ConnectionTrait, issue: IssueId) -> Result<Choices> {
    let rows: Vec<(MayKnow, i64)> = Entity::find()
        .select_only()
        .column(Column::MayKnow)
        .column_as(Column::Id.count(), "n")
        .filter(Column::IssueId.eq(issue))
        .filter(Column::WithdrawnAt.is_null())
        .group_by(Column::MayKnow)
        .into_tuple()
        .all(db)
        .await?;
    let of = |choice| rows.iter().find(|(c, _)| *c == choice).map_or(0, |(_, n)| *n as u64);
    Ok(Choices { nobody: of(MayKnow::Nobody), secretary: of(MayKnow::Secretary), secretary_and_manager: of(MayKnow::SecretaryAndManager) })
}

/// Eight signs by which the pages of those who work name a report: they stay the same when others join or leave, so
/// that nobody acts on the wrong one.
pub fn handle_of(keys: &Keys, id: ReportId) -> String {
    hex::encode(&keys.derive("report-handle", &[id.0.as_bytes()])[..4])
}

/// The report of a matter with this handle.
pub async fn by_handle(db: &impl ConnectionTrait, keys: &Keys, issue: IssueId, handle: &str) -> Result<Report> {
    of_issue(db, issue).await?.into_iter().find(|r| handle_of(keys, r.id) == handle).ok_or(Error::NotFound)
}

/// How many reports wait for release in a building, and by when the first is owed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Waiting {
    pub building_id: BuildingId,
    pub n: i64,
    pub due: Option<chrono::DateTime<chrono::Utc>>,
}

/// What waits for release, by building.
pub async fn waiting_in(db: &impl ConnectionTrait, buildings: Vec<BuildingId>) -> Result<Vec<Waiting>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::BuildingId)
        .column_as(Column::Id.count(), "n")
        .column_as(Column::ReleaseDue.min(), "due")
        .filter(Column::BuildingId.is_in(buildings).and(Column::Release.eq(Release::Waiting)))
        .filter(Column::WithdrawnAt.is_null())
        .group_by(Column::BuildingId)
        .into_model()
        .all(db)
        .await?)
}
