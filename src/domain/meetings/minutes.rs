//! Minutes 会议纪要: written by the secretary after the meeting, adopted, hashed, and noted in the ledger.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{ActiveModel, Meeting, MeetingState};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::text::{self, TextHash};

impl Meeting {
    /// Adopts the minutes of a closed meeting: from now on they cannot be changed, and their hash is public.
    pub async fn adopt_minutes(self, act: &Act, words: &str) -> Result<Meeting> {
        if self.state != MeetingState::Closed {
            return Err(Refusal::new("meeting_state")
                .with("verb", "@meeting_verbs.minutes")
                .with("state", format!("@meeting_states.{}", self.state.as_str()))
                .into());
        }
        if self.minutes_at.is_some() {
            return Err(Refusal::new("minutes_adopted").into());
        }
        let words = text::words("minutes", words, 10, 20_000)?;
        let salt = text::salt();
        let TextHash(hash) = TextHash::of(&salt, &words);
        let set = ActiveModel {
            minutes: Set(Some(words)),
            minutes_salt: Set(Some(salt)),
            minutes_hash: Set(Some(hash.clone())),
            minutes_at: Set(Some(act.at)),
            ..Default::default()
        };
        let meeting = self.change(act, set).await?;
        let council = meeting.council(act.tx()).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MinutesAdopted { number: meeting.number, hash: hash.clone() }).await?;
        let facts = json!({ "council": council.name, "meeting": meeting.number, "words_sha256": hash });
        act.publish("minutes", "meeting", meeting.id, council.building_id, facts).await?;
        Ok(meeting)
    }
}
