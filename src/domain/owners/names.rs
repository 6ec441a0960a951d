//! Names of people who hold units: in rows apart, read by the secretary with a line in the journal, erased on request.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{holder, on};
use crate::domain::buildings::Building;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OwnerHolderId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_names")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder_id: OwnerHolderId,
    pub names: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps a holder's names. Gives whether they are others than before.
pub(super) async fn keep(act: &Act, holder: OwnerHolderId, names: &str) -> Result<bool> {
    let row = ActiveModel { holder_id: Set(holder), names: Set(names.to_owned()), created_at: Set(act.at) };
    match Entity::find_by_id(holder).one(act.tx()).await? {
        Some(there) if there.names == names => Ok(false),
        Some(_) => Entity::update(row).exec(act.tx()).await.map(|_| true).map_err(Into::into),
        None => Entity::insert(row).exec_without_returning(act.tx()).await.map(|_| true).map_err(Into::into),
    }
}

/// Every name that is kept, by holder. That somebody read them is noted.
pub async fn read_names(act: &Act, building: &Building) -> Result<HashMap<OwnerHolderId, String>> {
    let holders = holder::Entity::find().filter(holder::Column::BuildingId.eq(building.id)).all(act.tx()).await?;
    let mut all = HashMap::new();
    for some in holders.chunks(500) {
        let rows = Entity::find().filter(Column::HolderId.is_in(some.iter().map(|h| h.id))).all(act.tx()).await?;
        all.extend(rows.into_iter().map(|r| (r.holder_id, r.names)));
    }
    act.journal(on(building), &Entry::OwnerNamesRead { n: all.len() as u32 }).await?;
    Ok(all)
}

/// Erases a holder's names for good; its units and ballots stay.
pub async fn erase_name(act: &Act, building: &Building, number: i32) -> Result<()> {
    let of_building = holder::Entity::find().filter(holder::Column::BuildingId.eq(building.id)).filter(holder::Column::Number.eq(number));
    let holder = of_building.one(act.tx()).await?.ok_or(Error::NotFound)?;
    if Entity::delete_by_id(holder.id).exec(act.tx()).await?.rows_affected != 1 {
        return Err(Error::NotFound);
    }
    act.journal(on(building), &Entry::OwnerNameErased { holder: number }).await?;
    Ok(())
}
