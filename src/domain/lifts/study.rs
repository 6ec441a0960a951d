//! The forecast that is kept with an agenda item: what was counted, which remedies were compared, and which was decided. Frozen with
//! the other papers at the notice, so that nobody can make a forecast fit afterwards.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::forecast::{Morning, Outcome, Remedy};
use crate::domain::journal::Entry;
use crate::domain::meetings::items::{Item, ItemState};
use crate::domain::meetings::{self, MeetingState};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, PersonId};
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lift_studies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    /// A [`Morning`], as JSON.
    pub morning: String,
    /// Words of [`Remedy`], with commas.
    pub remedies: String,
    /// Where the numbers come from.
    pub source: String,
    /// What was decided.
    pub chosen: Option<Remedy>,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Study;

/// A forecast to be kept.
pub struct NewStudy<'a> {
    pub morning: Morning,
    /// What is compared with the morning as it is.
    pub remedies: Vec<Remedy>,
    pub source: &'a str,
}

/// The forecast of an item.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Option<Study>> {
    Ok(Entity::find_by_id(item).one(db).await?)
}

/// Those kept with any of several items.
pub async fn of_items(db: &impl ConnectionTrait, items: Vec<ItemId>) -> Result<Vec<Study>> {
    if items.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ItemId.is_in(items)).all(db).await?)
}

/// Keeps a forecast with an item, or puts another in its place; not after the notice. `version` is that of the forecast which the
/// form was made from, 0 where there was none.
pub async fn keep(act: &Act, item: &Item, new: NewStudy<'_>, version: i32) -> Result<Study> {
    if !matches!(item.state, ItemState::Proposed | ItemState::Listed) {
        return Err(Refusal::new("item_over").into());
    }
    if let Some(id) = item.meeting_id
        && meetings::by_id(act.tx(), id).await?.state != MeetingState::Draft
    {
        return Err(Refusal::new("papers_frozen").into());
    }
    new.morning.ask_sound()?;
    if let Some(cannot) = new.remedies.iter().find(|r| new.morning.under(**r).is_none()) {
        return Err(Refusal::new(format!("lifts_cannot_{cannot}")).at("remedies").into());
    }
    let mut words: Vec<&str> = Remedy::ALL.iter().filter(|r| **r == Remedy::AsIs || new.remedies.contains(r)).map(|r| r.as_str()).collect();
    words.dedup();
    if words.len() < 2 {
        return Err(Refusal::new("lifts_nothing_to_compare").at("remedies").into());
    }
    let row = ActiveModel {
        item_id: Set(item.id),
        morning: Set(serde_json::to_string(&new.morning)?),
        remedies: Set(words.join(",")),
        source: Set(text::words("source", new.source, 2, 300)?),
        chosen: Set(None),
        made_by: Set(act.actor.person()),
        made_at: Set(act.at),
        version: Set(version + 1),
    };
    if version == 0 {
        // Two who are first at once: the second finds the row taken, and is told.
        Entity::insert(row).exec_without_returning(act.tx()).await?;
    } else {
        let by = Entity::update_many().set(row).filter(Column::ItemId.eq(item.id)).filter(Column::Version.eq(version));
        if by.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
    }
    let people = new.morning.people();
    act.journal(item.on_self(act).await?, &Entry::LiftsForecast { people, remedies: words.len() as u32 - 1 }).await?;
    of_item(act.tx(), item.id).await?.ok_or(Error::NotFound)
}

/// Which remedy the council decided, so that what was expected of it is held against what came.
pub async fn choose(act: &Act, item: &Item, remedy: Remedy, version: i32) -> Result<Study> {
    let study = of_item(act.tx(), item.id).await?.ok_or(Error::NotFound)?;
    let noticed = match item.meeting_id {
        Some(id) => meetings::by_id(act.tx(), id).await?.called_at.is_some(),
        None => false,
    };
    if !noticed {
        return Err(Refusal::new("lifts_choose_later").at("remedy").into());
    }
    if !study.remedies().contains(&remedy) {
        return Err(Refusal::new("unknown_choice").at("remedy").into());
    }
    let set = ActiveModel { chosen: Set(Some(remedy)), version: Set(version + 1), ..Default::default() };
    let by = Entity::update_many().set(set).filter(Column::ItemId.eq(item.id)).filter(Column::Version.eq(version));
    if by.exec(act.tx()).await?.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    act.journal(item.on_self(act).await?, &Entry::RemedyChosen { remedy }).await?;
    of_item(act.tx(), item.id).await?.ok_or(Error::NotFound)
}

impl Model {
    /// What was counted.
    pub fn morning(&self) -> Result<Morning> {
        Ok(serde_json::from_str(&self.morning)?)
    }

    /// What is compared, the morning as it is first.
    pub fn remedies(&self) -> Vec<Remedy> {
        self.remedies.split(',').filter_map(|w| w.parse().ok()).collect()
    }

    /// What is to be expected of each.
    pub fn outcomes(&self) -> Result<Vec<Outcome>> {
        let morning = self.morning()?;
        Ok(self.remedies().into_iter().filter_map(|r| morning.under(r)).collect())
    }
}
