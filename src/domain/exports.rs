//! Exports 导出: lists with words from inside that somebody takes along. What left the house is noted before the first byte of
//! it does: by whom, which list, how it was narrowed, how many rows; never what stood in them.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};

use super::journal::{self, Entry};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, PlaceId};
use crate::kernel::journal::{Column, Entity, Model as Line, On};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportedList {
    /// The matters of a building, with the words of those that the reader may read.
    Issues,
    /// What waits on somebody's desk.
    Desk,
    /// The faulty rows of an import, as they came from the former system.
    ImportFaults,
}

impl ExportedList {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            ExportedList::Issues => "issues",
            ExportedList::Desk => "desk",
            ExportedList::ImportFaults => "import_faults",
        }
    }
}

/// How a list was narrowed: enumerations and ids. Of words that were looked for, only that there were some.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Narrowed {
    /// A state, or a group of them, as the address names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// A desk's view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// A category's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// A place with everything in it, or a floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// An import's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<i32>,
    /// Words were looked for, or something else that narrows.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub further: bool,
}

/// Notes that a list of a building leaves the house.
pub async fn note(act: &Act, building: BuildingId, list: ExportedList, narrowed: Narrowed, rows: u64) -> Result<()> {
    let on = On::new("building", building).in_building(building);
    act.journal(on, &Entry::ListExported { list, narrowed, rows }).await.map(drop)
}

/// One that was noted.
pub struct Noted {
    pub line: Line,
    pub list: ExportedList,
    pub narrowed: Narrowed,
    pub rows: u64,
}

/// The latest that were taken along of a building, from before a line on.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId, before: Option<i64>, limit: u64) -> Result<Vec<Noted>> {
    let mut those = Entity::find().filter(Column::ObjectId.eq(building.0)).filter(Column::Act.eq("list_exported"));
    if let Some(seq) = before {
        those = those.filter(Column::Seq.lt(seq));
    }
    let lines = those.order_by_desc(Column::Seq).limit(limit).all(db).await?;
    let noted = |line: Line| match journal::read(&line)? {
        Entry::ListExported { list, narrowed, rows } => Ok(Some(Noted { line, list, narrowed, rows })),
        _ => Ok(None),
    };
    lines.into_iter().filter_map(|l| noted(l).transpose()).collect()
}
