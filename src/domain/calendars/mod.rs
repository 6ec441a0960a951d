//! Calendars 工作日历: each table of working days that was loaded; the newest is in force. Loading one moves nothing that was
//! promised: clocks that start from then on count by it. What was promised provisionally is moved by an act of its own.

mod differing;
mod moving;

pub use differing::{Moved, Promised, differing};
pub use moving::{digest, movable, move_dates};

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::journal::Entry;
use crate::kernel::act::{Act, House};
use crate::kernel::calendar::{Calendar, CalendarFault};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::journal::On;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendars")]
pub struct Model {
    /// From 1; 0 is the table that the binary carries.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Name of the file.
    pub source: String,
    /// The table as it was loaded.
    pub body: String,
    pub loaded_at: DateTimeUtc,
    pub loaded_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Longest name of a table, in characters.
pub const SOURCE_MAX: usize = 80;

/// Every loaded table, the newest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_desc(Column::Version).all(db).await?)
}

/// The newest loaded table, if any was loaded.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find().order_by_desc(Column::Version).one(db).await?)
}

/// The calendar in force: the newest loaded, else the one that the binary carries.
pub async fn in_force(db: &impl ConnectionTrait) -> Result<Calendar> {
    let calendar = match newest(db).await? {
        Some(loaded) => Calendar::parse(&loaded.body),
        None => Calendar::built_in(),
    };
    calendar.map_err(|e| Error::broken(format!("the calendar in force cannot be read: {e}")))
}

/// Puts into force what another process loaded meanwhile: every process counts by the same days.
pub async fn follow(house: &House) -> Result<()> {
    house.set_calendar(in_force(house.read()).await?);
    Ok(())
}

/// What is wrong with a table, all of it; nothing, if it can be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    /// A line, or the whole.
    Line(CalendarFault),
    /// Years of the table in force of which it has no day.
    Missing(Vec<i32>),
}

/// Reads a table that is to follow the one in force, or says everything that is wrong with it.
pub async fn check(db: &impl ConnectionTrait, text: &str) -> Result<std::result::Result<Calendar, Vec<TableFault>>> {
    let faults = Calendar::faults(text);
    if !faults.is_empty() {
        return Ok(Err(faults.into_iter().map(TableFault::Line).collect()));
    }
    let table = match Calendar::parse(text) {
        Ok(table) => table,
        Err(fault) => return Ok(Err(vec![TableFault::Line(fault)])),
    };
    let missing: Vec<i32> = in_force(db).await?.years().iter().filter(|y| !table.years().contains(y)).copied().collect();
    Ok(if missing.is_empty() { Ok(table) } else { Err(vec![TableFault::Missing(missing)]) })
}

/// Loads a table. It must know every year that the one in force knows: a shorter one would make dates provisional
/// that were certain.
pub async fn load(act: &Act, source: &str, text: &str) -> Result<Model> {
    if let Err(faults) = check(act.tx(), text).await? {
        let said = |f: &TableFault| match f {
            TableFault::Line(fault) => fault.to_string(),
            TableFault::Missing(years) => {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                format!("no day of {}, which the calendar in force has", years.join(", "))
            }
        };
        let said: Vec<String> = faults.iter().take(20).map(said).collect();
        return Err(Error::broken(format!("{source}: {}", said.join("; "))));
    }
    let version = newest(act.tx()).await?.map_or(1, |m| m.version + 1);
    let row = ActiveModel {
        version: Set(version),
        source: Set(source.into()),
        body: Set(text.into()),
        loaded_at: Set(act.at),
        loaded_by: Set(act.actor.person()),
    };
    let loaded = row.insert(act.tx()).await?;
    act.journal(On::new("calendar", Uuid::from_u128(version.unsigned_abs().into())), &Entry::CalendarLoaded { version }).await?;
    Ok(loaded)
}
