//! Channels as they are read.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{Channel, ChannelState, Column, Entity, Topic, topic};
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, ChannelId};
use crate::kernel::outbox;

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: ChannelId) -> Result<Channel> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// By its number in a building, unless it was removed.
pub async fn by_number(db: &impl ConnectionTrait, building: BuildingId, number: i32) -> Result<Channel> {
    let one = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number));
    one.filter(Column::State.ne(ChannelState::Removed)).one(db).await?.ok_or(Error::NotFound)
}

/// Those of a building.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Channel>> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::State.ne(ChannelState::Removed));
    Ok(all.order_by_asc(Column::Number).all(db).await?)
}

/// What a channel is told of.
pub async fn topics_of(db: &impl ConnectionTrait, id: ChannelId) -> Result<Vec<Topic>> {
    let mut all: Vec<Topic> = topic::Entity::find().filter(topic::Column::ChannelId.eq(id)).all(db).await?.into_iter().map(|t| t.topic).collect();
    all.sort();
    Ok(all)
}

/// What a channel has not been told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: i64,
    pub given_up: i64,
}

/// The same of one channel.
pub async fn backlog(db: &impl ConnectionTrait, id: ChannelId) -> Result<Backlog> {
    let text = "select coalesce(sum(case when given_up_at is null then 1 else 0 end), 0), coalesce(sum(case when given_up_at is null then 0 else 1 end), 0) \
                from outbox where channel_id = ? and sent_at is null";
    let Some(row) = db.query_one_raw(sql(db, text, [id.0.into()])).await? else { return Ok(Backlog::default()) };
    Ok(Backlog { waiting: row.try_get_by_index(0)?, given_up: row.try_get_by_index(1)? })
}

/// What it was told last, or is to be told; the newest first.
pub async fn recent(db: &impl ConnectionTrait, id: ChannelId, limit: u64) -> Result<Vec<outbox::Model>> {
    let all = outbox::Entity::find().filter(outbox::Column::ChannelId.eq(id));
    Ok(all.order_by_desc(outbox::Column::CreatedAt).order_by_desc(outbox::Column::Id).limit(limit).all(db).await?)
}
