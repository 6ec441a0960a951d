//! What the operator sees of letters: those kept in place of being sent, and those that were given up.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _};

use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ChannelId, KeptMailId, OutboxId};
use crate::kernel::journal::On;
use crate::kernel::outbox;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeptMailId,
    pub outbox_id: Option<OutboxId>,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as KeptMail;

/// Letters kept in place of being sent, the latest first, from before an instant where one is given.
pub async fn kept(db: &impl ConnectionTrait, before: Option<DateTime<Utc>>, limit: u64) -> Result<Vec<KeptMail>> {
    let mut q = Entity::find();
    if let Some(before) = before {
        q = q.filter(Column::CreatedAt.lt(before));
    }
    Ok(q.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// Letters that were tried too often, the latest first.
pub async fn given_up(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<outbox::Model>> {
    let q = outbox::Entity::find().filter(outbox::Column::GivenUpAt.is_not_null());
    Ok(q.order_by_desc(outbox::Column::GivenUpAt).order_by_desc(outbox::Column::Id).limit(limit).all(db).await?)
}

/// Tries a letter once more that was given up.
pub async fn send_again(act: &Act, id: OutboxId) -> Result<()> {
    let letter = outbox::Entity::find_by_id(id).one(act.tx()).await?.ok_or(Error::NotFound)?;
    if letter.given_up_at.is_none() {
        return Err(Refusal::new("letter_under_way").into());
    }
    let of_channel = letter.channel_id.is_some();
    let mut row: outbox::ActiveModel = letter.into();
    if of_channel {
        // As if it were owed now: what is old would be given up again before it is tried.
        row.created_at = Set(act.at);
    }
    row.waits = Set(false);
    row.given_up_at = Set(None);
    row.tries = Set(0);
    row.due_at = Set(act.at);
    row.claimed_until = Set(None);
    row.update(act.tx()).await?;
    act.journal(On::new("letter", id), &Entry::LetterSentAgain { letter: id }).await?;
    Ok(())
}

/// Tries everything once more that was given up of a channel; gives how much.
pub async fn send_all_again(act: &Act, channel: ChannelId) -> Result<u64> {
    let text = "update outbox set given_up_at = null, tries = 0, due_at = ?, created_at = ?, claimed_until = null \
                where channel_id = ? and given_up_at is not null and sent_at is null";
    // As if it were owed now: what is old would be given up again before it is tried.
    let values = [act.at.into(), act.at.into(), channel.0.into()];
    let n = act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected();
    if n == 0 {
        return Err(Refusal::new("letter_under_way").into());
    }
    act.journal(On::new("channel", channel), &Entry::LettersSentAgain { channel, n }).await?;
    Ok(n)
}
