//! Minutes 会议纪要: a draft that the secretary keeps and corrects, sent for signature to those who were there, adopted once enough
//! have signed or their time is over; then hashed, and noted in the ledger. What is not public stands between two lines that say so.

pub mod parts;
pub mod signing;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::presence::attended;
use super::{ActiveModel, Meeting, MeetingState, items};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::text::{self, TextHash};

/// How far the minutes have got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Everybody who was there at some time, in the order in which they came.
    pub there: Vec<PersonId>,
    /// Those of them who have signed the draft as it stands.
    pub signed: Vec<PersonId>,
    /// From when on they can be adopted without more signatures; none before they were sent.
    pub over_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// More than half of those who were there have signed.
    pub fn enough(&self) -> bool {
        self.signed.len() * 2 > self.there.len() || self.there.is_empty()
    }

    /// Whether they can be adopted now.
    pub fn adoptable(&self, now: DateTime<Utc>) -> bool {
        self.over_at.is_some_and(|over| self.enough() || now >= over)
    }
}

impl Meeting {
    fn ask_minutes_open(&self) -> Result<(), Refusal> {
        self.ask_state("minutes", &[MeetingState::Closed])?;
        if self.minutes_at.is_some() { Err(Refusal::new("minutes_adopted")) } else { Ok(()) }
    }

    /// The hash under which the draft is signed, and under which it will be adopted if nothing is changed; none without a draft.
    pub fn draft_hash(&self) -> Option<String> {
        let (words, salt) = self.minutes_draft.as_ref().zip(self.minutes_salt.as_ref())?;
        Some(TextHash::of(salt, words).0)
    }

    /// How far the minutes have got.
    pub async fn minutes_standing(&self, db: &impl ConnectionTrait) -> Result<Standing> {
        let mut there: Vec<PersonId> = vec![];
        for a in attended(db, self.id).await? {
            if !there.contains(&a.person_id) {
                there.push(a.person_id);
            }
        }
        let hash = self.minutes_hash.clone().or_else(|| self.draft_hash()).unwrap_or_default();
        let by = signing::of_meeting(db, self.id).await?;
        let signed = there.iter().copied().filter(|p| by.iter().any(|s| s.person_id == *p && s.hash == hash)).collect();
        let days = i64::from(self.rules(db).await?.minutes_days);
        Ok(Standing { there, signed, over_at: self.minutes_sent_at.map(|at| at + Duration::days(days)) })
    }

    /// Keeps the draft. A draft that was sent and is changed must be sent and signed anew.
    pub async fn save_minutes(self, act: &Act, words: &str) -> Result<Meeting> {
        self.ask_minutes_open()?;
        let words = text::words("minutes", words, 10, 20_000)?;
        parts::ask_closed(&words)?;
        if self.minutes_draft.as_deref() == Some(words.as_str()) {
            return Ok(self);
        }
        let salt = self.minutes_salt.clone().unwrap_or_else(text::salt);
        let hash = TextHash::of(&salt, &words);
        let set = ActiveModel { minutes_draft: Set(Some(words)), minutes_salt: Set(Some(salt)), minutes_sent_at: Set(None), ..Default::default() };
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MinutesDrafted { number: meeting.number, words: hash }).await?;
        Ok(meeting)
    }

    /// Sends the draft to everybody who was there.
    pub async fn send_minutes(self, act: &Act) -> Result<Meeting> {
        self.ask_minutes_open()?;
        let Some(hash) = self.draft_hash() else { return Err(Refusal::new("minutes_undrafted").into()) };
        if self.minutes_sent_at.is_some() {
            return Err(Refusal::new("minutes_sent").into());
        }
        let standing = self.minutes_standing(act.tx()).await?;
        let meeting = self.change(act, ActiveModel { minutes_sent_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MinutesSent { number: meeting.number, hash }).await?;
        for person in standing.there.into_iter().filter(|p| !standing.signed.contains(p)) {
            signing::tell(act, &meeting, "minutes_to_sign", person).await?;
        }
        Ok(meeting)
    }

    /// Adopts what was sent: from now on it cannot be changed, and its hash is public.
    pub async fn adopt_minutes(self, act: &Act) -> Result<Meeting> {
        self.ask_minutes_open()?;
        let standing = self.minutes_standing(act.tx()).await?;
        let (Some(words), Some(over_at)) = (self.minutes_draft.clone(), standing.over_at) else {
            return Err(Refusal::new("minutes_unsent").into());
        };
        if !standing.adoptable(act.at) {
            let (signed, there) = (standing.signed.len(), standing.there.len());
            let until = crate::kernel::dates::local(over_at).format("%Y-%m-%d %H:%M").to_string();
            return Err(Refusal::new("minutes_unsigned").with("signed", signed).with("there", there).with("until", until).into());
        }
        if signing::remarks(act.tx(), self.id).await?.iter().any(|r| r.answered_at.is_none()) {
            return Err(Refusal::new("remarks_open").into());
        }
        // A title that nobody outside may read stands in no public part.
        let public = parts::public(&words, |_| String::new());
        for item in items::of_meeting(act.tx(), self.id).await?.into_iter().filter(|i| !i.public) {
            if public.contains(&item.title) {
                return Err(Refusal::new("minutes_tell").with("p", item.position).into());
            }
        }
        let salt = self.minutes_salt.clone().unwrap_or_else(text::salt);
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
        let (signed, there) = (standing.signed.len(), standing.there.len());
        let facts = json!({ "council": council.name, "meeting": meeting.number, "words_sha256": hash, "signed": signed, "present": there });
        act.publish("minutes", "meeting", meeting.id, council.building_id, facts).await?;
        for person in standing.there {
            signing::tell(act, &meeting, "minutes_adopted", person).await?;
        }
        Ok(meeting)
    }
}
