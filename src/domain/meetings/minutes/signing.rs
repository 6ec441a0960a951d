//! Those who were there sign the draft, or remark on it. What was signed is known by its hash: a draft that changed is signed anew.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use crate::domain::journal::Entry;
use crate::domain::meetings::Meeting;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{MeetingId, MinutesRemarkId, MinutesSignatureId, PersonId};
use crate::kernel::outbox::Address;
use crate::kernel::text::{self, TextHash};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "minutes_signatures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MinutesSignatureId,
    pub meeting_id: MeetingId,
    pub person_id: PersonId,
    /// Of the draft that was signed.
    pub hash: String,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Signature;

/// What somebody who was there has to say about the draft.
pub mod remark {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "minutes_remarks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MinutesRemarkId,
        pub meeting_id: MeetingId,
        pub number: i32,
        pub person_id: PersonId,
        pub words: String,
        pub words_salt: Vec<u8>,
        /// Of the draft that it is about.
        pub hash: String,
        pub at: DateTimeUtc,
        /// None until the secretary has answered.
        pub taken_up: Option<bool>,
        pub reply: Option<String>,
        pub reply_salt: Option<Vec<u8>>,
        pub answered_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use remark::Model as Remark;

/// Every signature, the earliest first; also of drafts that were changed since.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Signature>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::At).all(db).await?)
}

/// Every remark, in order.
pub async fn remarks(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Remark>> {
    Ok(remark::Entity::find().filter(remark::Column::MeetingId.eq(meeting)).order_by_asc(remark::Column::Number).all(db).await?)
}

pub(super) async fn tell(act: &Act, meeting: &Meeting, kind: &'static str, person: PersonId) -> Result<()> {
    if act.actor.person() != Some(person) {
        act.owe(kind, Address::Person(person), &json!({ "meeting": meeting.id }), None).await?;
    }
    Ok(())
}

impl Meeting {
    /// The hash of what may be signed now, by somebody who was there.
    async fn to_sign(&self, act: &Act, person: PersonId) -> Result<String> {
        self.ask_minutes_open()?;
        let hash = self.draft_hash().filter(|_| self.minutes_sent_at.is_some()).ok_or_else(|| Refusal::new("minutes_unsent"))?;
        if !self.minutes_standing(act.tx()).await?.there.contains(&person) {
            return Err(Refusal::new("not_there").into());
        }
        Ok(hash)
    }

    /// Signs the draft as it was shown: `shown` is its hash. Signed twice is once.
    pub async fn sign_minutes(&self, act: &Act, person: PersonId, shown: &str) -> Result<()> {
        let hash = self.to_sign(act, person).await?;
        if hash != shown {
            return Err(Error::Conflict);
        }
        if of_meeting(act.tx(), self.id).await?.iter().any(|s| s.person_id == person && s.hash == hash) {
            return Ok(());
        }
        let row = ActiveModel {
            id: Set(MinutesSignatureId(act.fresh())),
            meeting_id: Set(self.id),
            person_id: Set(person),
            hash: Set(hash.clone()),
            at: Set(act.at),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::MinutesSigned { number: self.number, hash }).await?;
        Ok(())
    }

    /// Says what is wrong with the draft; it is kept, and answered.
    pub async fn remark(&self, act: &Act, person: PersonId, words: &str) -> Result<()> {
        let hash = self.to_sign(act, person).await?;
        let words = text::words("remark", words, 2, 1000)?;
        let salt = text::salt();
        let digest = TextHash::of(&salt, &words);
        let number = remarks(act.tx(), self.id).await?.len() as i32 + 1;
        let row = remark::ActiveModel {
            id: Set(MinutesRemarkId(act.fresh())),
            meeting_id: Set(self.id),
            number: Set(number),
            person_id: Set(person),
            words: Set(words),
            words_salt: Set(salt),
            hash: Set(hash),
            at: Set(act.at),
            taken_up: Set(None),
            reply: Set(None),
            reply_salt: Set(None),
            answered_at: Set(None),
        };
        remark::Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::MinutesRemarked { number: self.number, remark: number, words: digest }).await?;
        Ok(())
    }

    /// The secretary answers a remark, whether it was taken up or not.
    pub async fn answer_remark(&self, act: &Act, number: i32, taken_up: bool, words: &str) -> Result<()> {
        self.ask_minutes_open()?;
        let remark = remarks(act.tx(), self.id).await?.into_iter().find(|r| r.number == number).ok_or(Error::NotFound)?;
        if remark.answered_at.is_some() {
            return Err(Refusal::new("remark_answered").into());
        }
        // Why something is not taken up is said; that it was taken up can be read in the minutes.
        let words = text::words("reply", words, if taken_up { 0 } else { 2 }, 500)?;
        let salt = text::salt();
        let digest = TextHash::of(&salt, &words);
        let row = remark::ActiveModel {
            id: Set(remark.id),
            taken_up: Set(Some(taken_up)),
            reply: Set(Some(words)),
            reply_salt: Set(Some(salt)),
            answered_at: Set(Some(act.at)),
            ..Default::default()
        };
        remark::Entity::update(row).exec(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::RemarkAnswered { number: self.number, remark: number, taken_up, words: digest }).await?;
        tell(act, self, "remark_answered", remark.person_id).await
    }
}
