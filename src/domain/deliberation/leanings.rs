//! Leanings 意向: which way the seats lean on an option, before anything is voted on. It binds nobody and may change at any time; only
//! sums are shown.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::options::Model as Choice;
use crate::domain::councils::Seat;
use crate::domain::meetings::items::Item;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ItemId, OptionId, SeatId};

vocabulary! {
    /// Which way.
    Leaning { For = "for", Against = "against", Unsure = "unsure" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leanings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub option_id: OptionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seat_id: SeatId,
    pub item_id: ItemId,
    pub leaning: Leaning,
    pub said_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A seat leans. Nothing of it goes into the journal: which way somebody leaned before hearing the others is not kept against them.
pub async fn lean(act: &Act, item: &Item, option: &Choice, seat: &Seat, leaning: Leaning) -> Result<()> {
    super::ask_open(item)?;
    if option.item_id != item.id || seat.council_id != item.council_id {
        return Err(Error::NotFound);
    }
    let row = ActiveModel { option_id: Set(option.id), seat_id: Set(seat.id), item_id: Set(item.id), leaning: Set(leaning), said_at: Set(act.at) };
    let again = OnConflict::columns([Column::OptionId, Column::SeatId]).update_columns([Column::Leaning, Column::SaidAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(act.tx()).await?;
    Ok(())
}

/// All of an item.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).all(db).await?)
}
