//! Following 关注: somebody is told by mail what the public may read of an issue, a place, a category or a whole building.
//! The mail address is all that is kept of them; it is asked twice (a letter with a link), and goes when they stop.

mod announced;
mod news;
mod scope;
mod telling;

pub use news::{News, Told, of_issue as story_of_issue, since as news};
pub use scope::Followed;
pub use telling::{HOUR, MINUTE, send_due};

use base64::Engine as _;
use chrono::Duration;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::journal::Entry;
use super::persons;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, IssueId, PlaceId, SubscriptionId};
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;
use crate::kernel::outbox::Address;
use crate::kernel::text;

/// Days for which an address is kept that nobody has confirmed.
pub const CONFIRM_DAYS: i64 = 3;

vocabulary! {
    /// How often somebody is told.
    Pace { Daily = "daily", AtOnce = "at_once" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubscriptionId,
    pub building_id: BuildingId,
    pub place_id: Option<PlaceId>,
    pub category: Option<String>,
    pub issue_id: Option<IssueId>,
    pub email: String,
    pub locale: String,
    pub pace: Pace,
    pub token_hash: Vec<u8>,
    /// The same mailbox follows the same thing once: a keyed hash of both.
    pub once: Vec<u8>,
    /// The last line of the journal that was told, or found to be nothing for this reader.
    pub told_seq: i64,
    /// When that was looked at last.
    pub told_at: DateTimeUtc,
    /// When the last letter was owed.
    pub sent_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub confirmed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Subscription;

/// The token in the address `/follow/{token}`: 128 bits, derived from the id under the server's key, so that letters can
/// name it and a reader of the database cannot.
pub fn token_of(keys: &Keys, id: SubscriptionId) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&keys.derive("follow", &[id.0.as_bytes()])[..16])
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether this could be the token of a letter.
pub fn is_token(token: &str) -> bool {
    token.len() == 22 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// By the token of a letter.
pub async fn by_token(db: &impl ConnectionTrait, token: &str) -> Result<Subscription> {
    if !is_token(token) {
        return Err(Error::NotFound);
    }
    Entity::find().filter(Column::TokenHash.eq(token_hash(token))).one(db).await?.ok_or(Error::NotFound)
}

/// By its id; none once it has ended.
pub async fn by_id(db: &impl ConnectionTrait, id: SubscriptionId) -> Result<Subscription> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// A mail address as typed, or a refusal at its field.
pub fn mailbox(typed: &str) -> Result<String, Refusal> {
    let email = text::clean(typed);
    if email.is_empty() {
        return Err(Refusal::new("empty").at("email"));
    }
    persons::mail_address("email", &email)?;
    Ok(email)
}

/// Asks to follow something: nothing but a letter with a link goes to the address until that link is used. An address that
/// follows it already gets its link again; the page says the same either way, so that nobody learns who follows.
pub async fn ask(act: &Act, what: &Followed, email: &str, pace: Pace, lang: Lang) -> Result<()> {
    let email = mailbox(email)?;
    let once = once(act.house().keys(), what, &email);
    let known = Entity::find().filter(Column::Once.eq(once.clone())).one(act.tx()).await?;
    let (id, kind) = match known {
        Some(known) if known.confirmed_at.is_some() => (known.id, "follow_known"),
        Some(known) => {
            let id = known.id;
            let mut row: ActiveModel = known.into();
            row.pace = Set(pace);
            row.locale = Set(lang.tag().into());
            row.update(act.tx()).await?;
            (id, "follow_confirm")
        }
        None => (keep(act, what, email, pace, lang, once).await?, "follow_confirm"),
    };
    match kind {
        "follow_known" => act.owe("follow_known", Address::Subscription(id), &json!({ "subscription": id }), None).await,
        _ => act.owe("follow_confirm", Address::Subscription(id), &json!({ "subscription": id }), None).await,
    }
}

async fn keep(act: &Act, what: &Followed, email: String, pace: Pace, lang: Lang, once: Vec<u8>) -> Result<SubscriptionId> {
    let id = SubscriptionId(act.fresh());
    let row = ActiveModel {
        id: Set(id),
        building_id: Set(what.building.id),
        place_id: Set(what.place.as_ref().map(|p| p.id)),
        category: Set(what.category.clone()),
        issue_id: Set(what.issue.as_ref().map(|i| i.id)),
        email: Set(email),
        locale: Set(lang.tag().into()),
        pace: Set(pace),
        token_hash: Set(token_hash(&token_of(act.house().keys(), id))),
        once: Set(once),
        told_seq: Set(0),
        told_at: Set(act.at),
        sent_at: Set(None),
        created_at: Set(act.at),
        confirmed_at: Set(None),
    };
    let made = row.insert(act.tx()).await?;
    act.journal(made.on_self(), &Entry::SubscriptionAsked { pace }).await?;
    Ok(id)
}

fn once(keys: &Keys, what: &Followed, email: &str) -> Vec<u8> {
    let place = what.place.as_ref().map(|p| p.id.0.into_bytes()).unwrap_or_default();
    let issue = what.issue.as_ref().map(|i| i.id.0.into_bytes()).unwrap_or_default();
    let category = what.category.as_deref().unwrap_or_default();
    keys.derive("follows", &[email.to_lowercase().as_bytes(), what.building.id.0.as_bytes(), &place, category.as_bytes(), &issue]).to_vec()
}

impl Model {
    /// In a building and no more: a line of a matter would say that somebody follows it.
    fn on_self(&self) -> On {
        On::new("subscription", self.id).in_building(self.building_id)
    }

    /// The language of its letters.
    pub fn lang(&self) -> Lang {
        Lang::from_tag(&self.locale)
    }

    /// What is followed, read whole.
    pub async fn followed(&self, db: &impl ConnectionTrait) -> Result<Followed> {
        Followed::of(db, self).await
    }

    /// Begins: from this instant on there are letters. Asked for twice it stays begun.
    pub async fn confirm(self, act: &Act) -> Result<Subscription> {
        if self.confirmed_at.is_some() {
            return Ok(self);
        }
        let newest = act.tx().query_one_raw(sql(act.tx(), "select max(seq) from journal", [])).await?;
        let newest: Option<i64> = newest.map(|r| r.try_get_by_index(0)).transpose()?.flatten();
        let on = self.on_self();
        let mut row: ActiveModel = self.into();
        row.confirmed_at = Set(Some(act.at));
        row.told_at = Set(act.at);
        row.told_seq = Set(newest.unwrap_or_default());
        let begun = row.update(act.tx()).await?;
        act.journal(on, &Entry::SubscriptionConfirmed).await?;
        Ok(begun)
    }

    /// Told more often, or less.
    pub async fn set_pace(self, act: &Act, pace: Pace) -> Result<Subscription> {
        let on = self.on_self();
        let mut row: ActiveModel = self.into();
        row.pace = Set(pace);
        let changed = row.update(act.tx()).await?;
        act.journal(on, &Entry::SubscriptionPaced { pace }).await?;
        Ok(changed)
    }

    /// Ends it: the row goes, and the address with it.
    pub async fn end(self, act: &Act) -> Result<()> {
        Entity::delete_by_id(self.id).exec(act.tx()).await?;
        act.journal(self.on_self(), &Entry::SubscriptionEnded).await?;
        Ok(())
    }
}

/// Erases what nobody confirmed in time; gives how many.
pub(in crate::domain) async fn lapse_unconfirmed(act: &Act) -> Result<u64> {
    let before = act.at - Duration::days(CONFIRM_DAYS);
    let over = Column::ConfirmedAt.is_null().and(Column::CreatedAt.lt(before));
    Ok(Entity::delete_many().filter(over).exec(act.tx()).await?.rows_affected)
}
