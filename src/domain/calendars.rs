//! Calendars 工作日历: each table of working days that the operator loaded; the newest is in force.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::journal::Entry;
use crate::kernel::act::{Act, House};
use crate::kernel::calendar::Calendar;
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

/// Loads a table. It must know every year that the one in force knows: a shorter one would make dates provisional
/// that were certain.
pub async fn load(act: &Act, source: &str, text: &str) -> Result<Model> {
    let table = Calendar::parse(text).map_err(|e| Error::broken(format!("{source}: {e}")))?;
    let missing: Vec<String> = in_force(act.tx()).await?.years().iter().filter(|y| !table.years().contains(y)).map(ToString::to_string).collect();
    if !missing.is_empty() {
        return Err(Error::broken(format!("{source} has no day of {}, which the calendar in force has", missing.join(", "))));
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
