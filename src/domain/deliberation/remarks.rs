//! Remarks 发言: reasons for and against, said between meetings; and the secretary's summary of them, marked as theirs.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::OpenTo;
use crate::domain::journal::Entry;
use crate::domain::meetings::items::Item;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{ItemId, OptionId, OrganisationId, PersonId, RemarkId};
use crate::kernel::text;

vocabulary! {
    /// What a remark is.
    Stance { For = "for", Against = "against", Remark = "remark", Summary = "summary" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "remarks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RemarkId,
    pub item_id: ItemId,
    /// The option that it is about; none: the item as a whole.
    pub option_id: Option<OptionId>,
    pub person_id: Option<PersonId>,
    pub organisation_id: Option<OrganisationId>,
    pub stance: Stance,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Says something. `seated`: the writer holds a seat, or is the council's secretary; others only where the item is open to them.
pub async fn say(act: &Act, item: &Item, seated: bool, (stance, option): (Stance, Option<OptionId>), words: &str) -> Result<Model> {
    super::ask_open(item)?;
    if !seated && item.open_to == OpenTo::Members {
        return Err(Refusal::new("deliberation_closed").into());
    }
    let words = text::words("words", words, 2, 2000)?;
    let (salt, hash) = text::salted(&words);
    let row = ActiveModel {
        id: Set(RemarkId(act.fresh())),
        item_id: Set(item.id),
        option_id: Set(option),
        person_id: Set(act.actor.person()),
        organisation_id: Set(act.actor.organisation()),
        stance: Set(stance),
        words: Set(words),
        words_salt: Set(salt),
        created_at: Set(act.at),
    };
    let remark = row.insert(act.tx()).await?;
    act.journal(item.on_self(act).await?, &Entry::RemarkMade { stance: stance.as_str().into(), words: hash }).await?;
    Ok(remark)
}

/// Those of an item, oldest first.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}
