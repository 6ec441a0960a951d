//! A message is changed by its author, for a day; what it said before stays readable to whoever reads the message.

use chrono::Duration;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{Message, Voice, WORDS_MAX, mentions};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{MessageId, MessageVersionId, PersonId};
use crate::kernel::text::{self, TextHash};

/// Hours within which an author can change what they said: longer would rewrite what others have acted on.
pub const EDIT_HOURS: i64 = 24;

/// What a message said before.
pub mod version {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MessageVersionId,
        pub message_id: MessageId,
        pub words: String,
        pub words_salt: Vec<u8>,
        pub said_at: DateTimeUtc,
        pub replaced_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use version::Model as Version;

/// What the messages of a matter said before, oldest first.
pub async fn versions_of(db: &impl ConnectionTrait, messages: &[Message]) -> Result<Vec<Version>> {
    let changed: Vec<MessageId> = messages.iter().filter(|m| m.edited_at.is_some()).map(|m| m.id).collect();
    if changed.is_empty() {
        return Ok(vec![]);
    }
    let of_them = version::Entity::find().filter(version::Column::MessageId.is_in(changed));
    Ok(of_them.order_by_asc(version::Column::ReplacedAt).all(db).await?)
}

impl Message {
    /// Why this person cannot change it now.
    pub fn ask_editable(&self, by: Option<PersonId>, now: DateTimeUtc) -> Result<(), Refusal> {
        if self.person_id.is_none() || self.person_id != by || self.task_id.is_some() {
            return Err(Refusal::new("message_not_own"));
        }
        if self.withheld_at.is_some() || self.words.is_none() {
            return Err(Refusal::new("message_withheld"));
        }
        if self.answered_at.is_some() {
            return Err(Refusal::new("question_answered"));
        }
        if now - self.created_at > Duration::hours(EDIT_HOURS) {
            return Err(Refusal::new("edit_over").with("n", EDIT_HOURS));
        }
        Ok(())
    }

    /// Says it differently. Nobody is written to again, but whom the new words name is called.
    pub async fn edit(self, act: &Act, issue: &Issue, words: &str, as_it_is: bool) -> Result<()> {
        self.ask_editable(act.actor.person(), act.at)?;
        let words = text::words("words", words, 1, WORDS_MAX)?;
        let (Some(before), Some(salt_before)) = (self.words.clone(), self.words_salt.clone()) else { return Err(Error::NotFound) };
        if before == words {
            return Err(Refusal::new("nothing_changed").at("words").into());
        }
        let named = mentions::resolve(act.tx(), issue, self.voice, self.organisation_id, &words, as_it_is).await?;
        let salt = text::salt();
        let hash = TextHash::of(&salt, &words);
        let set = super::ActiveModel { words: Set(Some(words)), words_salt: Set(Some(salt)), edited_at: Set(Some(act.at)), ..Default::default() };
        let same = match self.edited_at {
            Some(at) => super::Column::EditedAt.eq(at),
            None => super::Column::EditedAt.is_null(),
        };
        let changed = super::Entity::update_many().set(set).filter(super::Column::Id.eq(self.id)).filter(same).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let row = version::ActiveModel {
            id: Set(MessageVersionId(act.fresh())),
            message_id: Set(self.id),
            words: Set(before),
            words_salt: Set(salt_before),
            said_at: Set(self.edited_at.unwrap_or(self.created_at)),
            replaced_at: Set(act.at),
        };
        row.insert(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::MessageEdited { message: self.id, voice: self.voice, words: hash }).await?;
        if self.voice != Voice::Reporters {
            mentions::call_anew(act, issue, &self, named).await?;
        }
        Ok(())
    }
}
