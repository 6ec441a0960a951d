//! What becomes of a channel by hand: changed, paused, resumed, removed; of two at once one wins.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Channel, ChannelState, Column, Entity, Model, Typed, ask_manages, by_id, seal, set_topics, topic};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::outbox;
use crate::kernel::robots::Robot;

impl Model {
    async fn change(self, act: &Act, version: i32, set: ActiveModel) -> Result<Channel> {
        ask_manages(&act.actor, self.organisation_id)?;
        let set = ActiveModel { version: Set(version + 1), ..set };
        let same = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(version));
        if same.filter(Column::State.ne(ChannelState::Removed)).exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Changes what it is told, its name, and its robot where another one is given.
    pub async fn rewrite(self, act: &Act, version: i32, robot: Option<&Robot>, typed: &Typed<'_>) -> Result<Channel> {
        ask_manages(&act.actor, self.organisation_id)?;
        let (name, topics) = typed.checked()?;
        let same = Entity::find().filter(Column::BuildingId.eq(self.building_id)).filter(Column::Name.eq(&name)).all(act.tx()).await?;
        let other = |c: &Channel| c.id != self.id && c.state != ChannelState::Removed && c.organisation_id == self.organisation_id;
        if same.iter().any(other) {
            return Err(Refusal::new("known_already").at("name").into());
        }
        let mut set = ActiveModel {
            name: Set(name),
            locale: Set(typed.lang.tag().into()),
            quiet_from: Set(typed.quiet.map(|q| q.from as i32)),
            quiet_to: Set(typed.quiet.map(|q| q.to as i32)),
            ..Default::default()
        };
        if let Some(robot) = robot {
            set.masked = Set(robot.masked());
            set.sealed = Set(seal(act.house().keys(), self.id, robot)?);
        }
        let mut changed = self.change(act, version, set).await?;
        set_topics(act, changed.id, &topics).await?;
        act.journal(changed.on_self(), &Entry::ChannelChanged { channel: changed.id, robot: robot.is_some() }).await?;
        // Another robot is a new beginning: what waited for it goes out.
        if robot.is_some() && changed.state == ChannelState::Broken {
            let version = changed.version;
            changed = changed.resume(act, version).await?;
        }
        Ok(changed)
    }

    /// Pauses it: what happens meanwhile is not told later.
    pub async fn pause(self, act: &Act, version: i32) -> Result<Channel> {
        if self.state != ChannelState::Active {
            return Err(Refusal::new("channel_state").into());
        }
        let set = ActiveModel { state: Set(ChannelState::Paused), state_at: Set(act.at), ..Default::default() };
        let changed = self.change(act, version, set).await?;
        act.journal(changed.on_self(), &Entry::ChannelPaused { channel: changed.id, by_itself: false }).await?;
        Ok(changed)
    }

    /// Begins again, at once and with what waits.
    pub async fn resume(self, act: &Act, version: i32) -> Result<Channel> {
        if !matches!(self.state, ChannelState::Paused | ChannelState::Broken) {
            return Err(Refusal::new("channel_state").into());
        }
        let set = ActiveModel {
            state: Set(ChannelState::Active),
            state_at: Set(act.at),
            failures: Set(0),
            refusals: Set(0),
            last_error: Set(None),
            ready_at: Set(act.at),
            ..Default::default()
        };
        let changed = self.change(act, version, set).await?;
        act.journal(changed.on_self(), &Entry::ChannelResumed { channel: changed.id }).await?;
        Ok(changed)
    }

    /// Removes it: address and secret go, and what was owed to it is for nobody.
    pub async fn remove(self, act: &Act, version: i32) -> Result<()> {
        let set = ActiveModel {
            state: Set(ChannelState::Removed),
            state_at: Set(act.at),
            sealed: Set(vec![]),
            masked: Set(String::new()),
            last_error: Set(None),
            ..Default::default()
        };
        let gone = self.change(act, version, set).await?;
        topic::Entity::delete_many().filter(topic::Column::ChannelId.eq(gone.id)).exec(act.tx()).await?;
        outbox::settle_channel(act, gone.id).await?;
        act.journal(gone.on_self(), &Entry::ChannelRemoved { channel: gone.id }).await.map(drop)
    }
}
