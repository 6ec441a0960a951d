//! What the secretary writes down while a session is open; the minutes are drafted from it.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::items::Item;
use super::{Meeting, MeetingState};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{ItemId, MeetingId, PersonId, SessionNoteId};
use crate::kernel::text::{self, TextHash};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionNoteId,
    pub meeting_id: MeetingId,
    /// None: on the session as a whole.
    pub item_id: Option<ItemId>,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub written_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as SessionNote;

/// Those of a meeting, oldest first.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<SessionNote>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

impl Meeting {
    /// Writes something down, on an item or on the session as a whole.
    pub async fn note(&self, act: &Act, item: Option<&Item>, words: &str) -> Result<SessionNote> {
        if !matches!(self.state, MeetingState::Open | MeetingState::Closed) || self.minutes_at.is_some() {
            return Err(Refusal::new("meeting_not_open").into());
        }
        let words = text::words("words", words, 2, 2000)?;
        let salt = text::salt();
        let hash = TextHash::of(&salt, &words);
        let row = ActiveModel {
            id: Set(SessionNoteId(act.fresh())),
            meeting_id: Set(self.id),
            item_id: Set(item.map(|i| i.id)),
            words: Set(words),
            words_salt: Set(salt),
            written_by: Set(act.actor.person()),
            created_at: Set(act.at),
        };
        let note = row.insert(act.tx()).await?;
        let on = match item {
            Some(i) => i.on_self(act).await?,
            None => self.on_self(act).await?,
        };
        act.journal(on, &Entry::NoteTaken { words: hash }).await?;
        Ok(note)
    }
}
