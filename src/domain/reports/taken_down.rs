//! What somebody at the desk writes down for another who called, wrote or stood there. The receipt is that other's: who
//! wrote it down hands it over, and does nothing with it.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;

use super::{Report, receipts};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::journal;
use crate::kernel::keys::Keys;

/// How long who wrote it down can see the receipt: long enough to read it out, too short to look it up later.
const HANDED_OVER_WITHIN: Duration = Duration::hours(1);

impl Report {
    /// Whether this person wrote it down for another.
    pub async fn was_taken_down_by(&self, db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
        if !self.channel.taken_down() {
            return Ok(false);
        }
        let filed = journal::of_object(db, self.id).await?.into_iter().next();
        Ok(filed.is_some_and(|line| line.actor_id == Some(person.0)))
    }

    /// The receipt's token and short code, for whoever wrote it down to hand over.
    pub async fn to_hand_over(&self, db: &impl ConnectionTrait, keys: &Keys, now: DateTime<Utc>, person: PersonId) -> Result<(String, String)> {
        if now - self.created_at > HANDED_OVER_WITHIN || !self.was_taken_down_by(db, person).await? {
            return Err(Error::NotFound);
        }
        Ok((receipts::receipt_of(keys, self.id), receipts::code_of(keys, self.id, self.code_round)))
    }

    /// Fails where the one who would speak as its reporter is known to have written it down for another.
    pub async fn ask_own_words(&self, db: &impl ConnectionTrait, signed: Option<PersonId>) -> Result<()> {
        match signed {
            Some(person) if self.was_taken_down_by(db, person).await? => Err(Refusal::new("written_for_another").into()),
            _ => Ok(()),
        }
    }
}
