//! The journal: one row per thing that happened, only ever added to (a trigger refuses the rest).
//!
//! A line holds ids, enumerations, numbers and salted hashes. Words and personal data stay in rows that can be
//! erased. Which lines whom may see is decided in `domain::journal`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, NotSet, QueryOrder as _, QuerySelect as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::act::{Act, Actor};
use super::error::{Error, Result};
use super::ids::{BuildingId, DistrictId, IssueId, OrganisationId};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    /// Order of writing.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// When.
    pub at: DateTimeUtc,
    /// `person`, `reporter`, `visitor`, `device`, `system`.
    pub actor: String,
    /// A person's, a report's or a device key's id.
    pub actor_id: Option<Uuid>,
    /// Spoken for.
    pub organisation_id: Option<OrganisationId>,
    /// In which role.
    pub role: Option<String>,
    /// What happened: a name that is for ever.
    pub act: String,
    /// The noun that it happened to.
    pub object: String,
    /// Which one.
    pub object_id: Uuid,
    /// Where.
    pub district_id: Option<DistrictId>,
    /// Where.
    pub building_id: Option<BuildingId>,
    /// The matter that it belongs to.
    pub issue_id: Option<IssueId>,
    /// Particulars as JSON.
    pub data: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub struct On {
    /// The noun, as its table is called in the singular.
    pub object: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its district.
    pub district: Option<DistrictId>,
    /// Its building.
    pub building: Option<BuildingId>,
    /// The matter that it belongs to.
    pub issue: Option<IssueId>,
}

impl On {
    /// About one object.
    pub fn new(object: &'static str, id: impl Into<Uuid>) -> Self {
        Self { object, id: id.into(), district: None, building: None, issue: None }
    }
    /// In a building.
    pub fn in_building(mut self, id: BuildingId) -> Self {
        self.building = Some(id);
        self
    }
    /// In a district.
    pub fn in_district(mut self, id: DistrictId) -> Self {
        self.district = Some(id);
        self
    }
    /// Of a matter.
    pub fn of_issue(mut self, id: IssueId) -> Self {
        self.issue = Some(id);
        self
    }
}

/// A line that is not written yet. The entry serialises as an object whose `act` member is its name.
pub fn line(at: DateTime<Utc>, actor: &Actor, on: On, entry: &impl Serialize) -> Result<ActiveModel> {
    let mut data = serde_json::to_value(entry)?;
    let act = data
        .as_object_mut()
        .and_then(|o| o.remove("act"))
        .and_then(|a| a.as_str().map(str::to_owned))
        .ok_or_else(|| Error::broken("a journal entry without a name"))?;
    Ok(ActiveModel {
        seq: NotSet,
        at: Set(at),
        actor: Set(actor.kind().into()),
        actor_id: Set(actor.id()),
        organisation_id: Set(actor.organisation()),
        role: Set(actor.role().map(Into::into)),
        act: Set(act),
        object: Set(on.object.into()),
        object_id: Set(on.id),
        district_id: Set(on.district),
        building_id: Set(on.building),
        issue_id: Set(on.issue),
        data: Set(data.to_string()),
    })
}

impl Act {
    /// Writes one line.
    pub async fn journal(&self, on: On, entry: &impl Serialize) -> Result<i64> {
        Ok(line(self.at, &self.actor, on, entry)?.insert(self.tx()).await?.seq)
    }
}

impl Model {
    /// The line's entry, read back into the vocabulary that wrote it.
    pub fn entry<E: DeserializeOwned>(&self) -> Result<E> {
        let mut data: serde_json::Value = serde_json::from_str(&self.data)?;
        if let Some(o) = data.as_object_mut() {
            o.insert("act".into(), self.act.clone().into());
        }
        Ok(serde_json::from_value(data)?)
    }
}

/// The last line of all; 0 where there is none.
pub async fn last_seq(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(Entity::find().select_only().column(Column::Seq).order_by_desc(Column::Seq).into_tuple::<i64>().one(db).await?.unwrap_or(0))
}

/// What the lines after one are noted on: their number, district, building, and kind of object.
pub async fn places_since(db: &impl ConnectionTrait, seq: i64) -> Result<Vec<(i64, Option<DistrictId>, Option<BuildingId>, String)>> {
    let columns = [Column::Seq, Column::DistrictId, Column::BuildingId, Column::Object];
    let lines = Entity::find().select_only().columns(columns).filter(Column::Seq.gt(seq));
    Ok(lines.order_by_asc(Column::Seq).into_tuple().all(db).await?)
}

/// A matter's lines, oldest first.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::Seq).all(db).await?)
}

/// The same without the lines of some acts: a story of hundreds of reports does not read each of them.
pub async fn of_issue_but(db: &impl ConnectionTrait, issue: IssueId, acts: &[&str]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).filter(Column::Act.is_not_in(acts.iter().copied())).order_by_asc(Column::Seq).all(db).await?)
}

/// A matter's lines after one that somebody has seen, oldest first.
pub async fn of_issue_since(db: &impl ConnectionTrait, issue: IssueId, seq: i64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).all(db).await?)
}

/// The lines about one object, oldest first.
pub async fn of_object(db: &impl ConnectionTrait, id: impl Into<Uuid>) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ObjectId.eq(id.into())).order_by_asc(Column::Seq).all(db).await?)
}

/// The last thing that happened to a matter, for the page that says who was first.
pub async fn last_of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_desc(Column::Seq).one(db).await?)
}

/// The number of the last line of each of several issues.
pub async fn last_of_issues(db: &impl ConnectionTrait, issues: Vec<IssueId>) -> Result<std::collections::HashMap<IssueId, i64>> {
    use sea_orm::QuerySelect as _;
    if issues.is_empty() {
        return Ok(Default::default());
    }
    let last = Entity::find().select_only().column(Column::IssueId).column_as(Column::Seq.max(), "last").filter(Column::IssueId.is_in(issues));
    let rows: Vec<(Option<IssueId>, i64)> = last.group_by(Column::IssueId).into_tuple().all(db).await?;
    Ok(rows.into_iter().filter_map(|(id, last)| Some((id?, last))).collect())
}

/// When a line was written, for callers that compare.
pub fn at(line: &Model) -> DateTime<Utc> {
    line.at
}
