//! Positions 各家意见: what a party says before the meeting. Each is asked by a day; silence stays silence.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use crate::domain::journal::Entry;
use crate::domain::meetings::items::{self, Item};
use crate::domain::organisations::Organisation;
use crate::domain::persons;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, OrganisationId, PersonId, PositionId};
use crate::kernel::outbox::Address;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "positions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PositionId,
    pub item_id: ItemId,
    pub organisation_id: OrganisationId,
    pub number: i32,
    pub due_at: DateTimeUtc,
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Asks a party what it says, by an instant; each party once.
pub async fn ask(act: &Act, item: &Item, of: &Organisation, due_at: DateTime<Utc>) -> Result<Model> {
    super::ask_open(item)?;
    if due_at <= act.at {
        return Err(Refusal::new("date_past").at("due").into());
    }
    let before = of_item(act.tx(), item.id).await?;
    if before.iter().any(|p| p.organisation_id == of.id) {
        return Err(Refusal::new("position_asked_already").at("organisation").into());
    }
    let row = ActiveModel {
        id: Set(PositionId(act.fresh())),
        item_id: Set(item.id),
        organisation_id: Set(of.id),
        number: Set(before.len() as i32 + 1),
        due_at: Set(due_at),
        words: Set(None),
        words_salt: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let asked = row.insert(act.tx()).await?;
    act.journal(item.on_self(act).await?, &Entry::PositionAsked { organisation: of.id, due: due_at }).await?;
    for person in persons::of_organisation(act.tx(), of.id).await? {
        act.owe("position_asked", Address::Person(person), &json!({ "position": asked.id, "issue": item.issue_id }), None).await?;
    }
    Ok(asked)
}

/// Those of an item, in the order of asking.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_asc(Column::Number).all(db).await?)
}

/// By its number on an item.
pub async fn by_number(db: &impl ConnectionTrait, item: ItemId, number: i32) -> Result<Model> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: PositionId) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// What an organisation has been asked and has not said.
pub async fn waiting_for(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Model>> {
    let asked = Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::AnsweredAt.is_null());
    Ok(asked.order_by_asc(Column::DueAt).all(db).await?)
}

impl Model {
    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Self> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// The party says it; said again it takes the place of what was said, until the item is over.
    pub async fn answer(self, act: &Act, words: &str) -> Result<Model> {
        let item = items::by_id(act.tx(), self.item_id).await?;
        super::ask_open(&item)?;
        let words = text::words("words", words, 4, 2000)?;
        let (salt, hash) = text::salted(&words);
        let set = ActiveModel {
            words: Set(Some(words)),
            words_salt: Set(Some(salt)),
            answered_by: Set(act.actor.person()),
            answered_at: Set(Some(act.at)),
            version: Set(self.version + 1),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let entry = Entry::PositionTaken { organisation: self.organisation_id, words: hash };
        act.journal(item.on_self(act).await?, &entry).await?;
        by_id(act.tx(), self.id).await
    }

    /// Said after the day by which it was asked, or not said yet although the day is over.
    pub fn late(&self, now: DateTime<Utc>) -> bool {
        self.answered_at.unwrap_or(now) > self.due_at
    }
}
