//! Options 方案: what could be done, what it costs, who would do what.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use crate::domain::journal::Entry;
use crate::domain::meetings::items::Item;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, OptionId};
use crate::kernel::text;

/// More than an evening can weigh.
const MOST: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_options")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OptionId,
    pub item_id: ItemId,
    pub number: i32,
    pub title: String,
    pub words: String,
    /// What it costs, and whom.
    pub costs: String,
    /// Who would do what.
    pub doers: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An option to be weighed.
pub struct NewOption<'a> {
    pub title: &'a str,
    pub words: &'a str,
    pub costs: &'a str,
    pub doers: &'a str,
}

/// Puts an option among the papers, until the notice freezes them.
pub async fn put(act: &Act, item: &Item, new: NewOption<'_>) -> Result<Model> {
    super::ask_thawed(act.tx(), item).await?;
    let before = of_item(act.tx(), item.id).await?.len();
    if before >= MOST {
        return Err(Refusal::new("options_many").with("max", MOST).into());
    }
    let row = ActiveModel {
        id: Set(OptionId(act.fresh())),
        item_id: Set(item.id),
        number: Set(before as i32 + 1),
        title: Set(text::words("title", new.title, 2, 60)?),
        words: Set(text::words("words", new.words, 0, 1000)?),
        costs: Set(text::words("costs", new.costs, 0, 300)?),
        doers: Set(text::words("doers", new.doers, 0, 300)?),
        created_at: Set(act.at),
    };
    let option = row.insert(act.tx()).await?;
    act.journal(item.on_self(act).await?, &Entry::OptionPut { number: option.number }).await?;
    Ok(option)
}

/// The options of an item, in order.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_asc(Column::Number).all(db).await?)
}

/// By its number on an item.
pub async fn by_number(db: &impl ConnectionTrait, item: ItemId, number: i32) -> Result<Model> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// Those of several items at once, item by item.
pub async fn of_items(db: &impl ConnectionTrait, items: Vec<ItemId>) -> Result<Vec<Model>> {
    if items.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ItemId.is_in(items)).order_by_asc(Column::ItemId).order_by_asc(Column::Number).all(db).await?)
}
