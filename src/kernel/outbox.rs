//! The outbox: letters owed, written in the same transaction as the act that owes them, sent afterwards.
//!
//! A letter holds ids; its words are composed when it is sent, so that what was erased meanwhile does not go out.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, DatabaseBackend, FromQueryResult as _, sea_query::OnConflict};
use serde::Serialize;

use super::act::Act;
use super::db::{Db, sql};
use super::error::Result;
use super::ids::{OutboxId, PersonId, ReportId, SubscriptionId};

/// A letter owed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    /// Which letter.
    pub kind: String,
    /// `person`, `report` or `mail`.
    pub address: String,
    pub person_id: Option<PersonId>,
    pub report_id: Option<ReportId>,
    pub mail: Option<String>,
    /// Ids and numbers that the letter is composed from, JSON.
    pub data: String,
    /// What must be told only once carries a key.
    pub once: Option<String>,
    pub created_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
    pub claimed_until: Option<DateTimeUtc>,
    pub tries: i32,
    pub sent_at: Option<DateTimeUtc>,
    pub given_up_at: Option<DateTimeUtc>,
    pub last_error: Option<String>,
    /// Whoever follows something, where `address` is `mail`.
    pub subscription_id: Option<SubscriptionId>,
    /// `mail` or `sms`.
    pub way: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whom a letter goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A person with an account.
    Person(PersonId),
    /// The holder of a report's receipt, if they left an address.
    Report(ReportId),
    /// The same by SMS, if they left a number.
    Sms(ReportId),
    /// Somebody who follows something.
    Subscription(SubscriptionId),
    /// An address of which nothing else is kept; it goes with the letter.
    Mail(String),
}

/// How often a letter is tried before it is shown to an administrator instead.
pub const TRIES: i32 = 8;

impl Act {
    /// Owes a letter. `once` makes the same letter owed at most once, whoever asks.
    pub async fn owe(&self, kind: &'static str, to: Address, data: &impl Serialize, once: Option<String>) -> Result<()> {
        let way = if matches!(to, Address::Sms(_)) { "sms" } else { "mail" };
        let (address, person_id, report_id, subscription_id, mail) = match to {
            Address::Person(id) => ("person", Some(id), None, None, None),
            Address::Report(id) | Address::Sms(id) => ("report", None, Some(id), None, None),
            Address::Subscription(id) => ("mail", None, None, Some(id), None),
            Address::Mail(mail) => ("mail", None, None, None, Some(mail)),
        };
        let row = ActiveModel {
            id: Set(OutboxId(self.fresh())),
            kind: Set(kind.into()),
            address: Set(address.into()),
            person_id: Set(person_id),
            report_id: Set(report_id),
            mail: Set(mail),
            data: Set(serde_json::to_string(data)?),
            once: Set(once),
            created_at: Set(self.at),
            due_at: Set(self.at),
            claimed_until: Set(None),
            tries: Set(0),
            sent_at: Set(None),
            given_up_at: Set(None),
            last_error: Set(None),
            subscription_id: Set(subscription_id),
            way: Set(way.into()),
        };
        Entity::insert(row).on_conflict(OnConflict::column(Column::Once).do_nothing().to_owned()).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

/// What is due and in nobody's hands.
const DUE: &str = "sent_at is null and given_up_at is null and due_at <= ? and (claimed_until is null or claimed_until < ?)";

/// Whether a letter is due.
pub async fn any_due(db: &Db, now: DateTime<Utc>) -> Result<bool> {
    let r = db.read();
    Ok(r.query_one_raw(sql(r, &format!("select 1 from outbox where {DUE} limit 1"), [now.into(), now.into()])).await?.is_some())
}

/// Claims the next due letter for two minutes; another process sees it again only if this one dies meanwhile.
pub async fn claim(db: &Db, now: DateTime<Utc>) -> Result<Option<Model>> {
    let w = db.upkeep();
    let skip = if w.get_database_backend() == DatabaseBackend::Postgres { " for update skip locked" } else { "" };
    let text = format!(
        "update outbox set claimed_until = ?, tries = tries + 1 where id = (select id from outbox where {DUE} order by due_at limit 1{skip}) \
         returning *"
    );
    let row = w.query_one_raw(sql(w, &text, [(now + Duration::minutes(2)).into(), now.into(), now.into()])).await?;
    Ok(row.map(|r| Model::from_query_result(&r, "")).transpose()?)
}

/// Notes that a claimed letter has gone out, or is for nobody. What it was made from goes: it may hold a sign-in link, or the
/// only address by which somebody is known here.
pub async fn sent(db: &Db, id: OutboxId, now: DateTime<Utc>) -> Result<()> {
    let w = db.upkeep();
    let text = "update outbox set sent_at = ?, claimed_until = null, last_error = null, data = '{}', mail = null where id = ?";
    w.execute_raw(sql(w, text, [now.into(), id.0.into()])).await?;
    Ok(())
}

/// Keeps a letter for the operator's page in place of sending it.
pub async fn keep(db: &Db, owed: &Model, to: &str, subject: &str, body: &str) -> Result<()> {
    let w = db.upkeep();
    let text = "insert into kept_mails (id, outbox_id, recipient, subject, body, created_at) values (?, ?, ?, ?, ?, ?)";
    let id = super::ids::fresh(owed.created_at);
    let values = [id.into(), owed.id.0.into(), to.into(), subject.into(), body.into(), owed.created_at.into()];
    w.execute_raw(sql(w, text, values)).await?;
    Ok(())
}

/// Takes every letter owed before an instant as gone out: a history that is loaded tells nobody of what is long past.
pub async fn past(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    let w = db.upkeep();
    let text = "update outbox set sent_at = created_at, data = '{}' where sent_at is null and created_at < ?";
    Ok(w.execute_raw(sql(w, text, [before.into()])).await?.rows_affected())
}

/// Days for which a letter that went out is remembered.
pub const KEPT_DAYS: i64 = 90;

/// Forgets letters that went out long ago, and the words of those that were kept; what must be told only once stays known.
/// Gives how many.
pub async fn forget_sent(act: &Act) -> Result<u64> {
    let (before, tx) = (act.at - Duration::days(KEPT_DAYS), act.tx());
    tx.execute_raw(sql(tx, "update outbox set mail = null where mail is not null and given_up_at < ?", [before.into()])).await?;
    let kept = tx.execute_raw(sql(tx, "delete from kept_mails where created_at < ?", [before.into()])).await?.rows_affected();
    let text = "delete from outbox where sent_at < ? and once is null and not exists (select 1 from kept_mails k where k.outbox_id = outbox.id)";
    Ok(kept + tx.execute_raw(sql(tx, text, [before.into()])).await?.rows_affected())
}

/// Notes a failure: the next try waits twice as long as the last, from one minute; after [`TRIES`], or where another try
/// would be in vain, it is given up and shown.
pub async fn failed(db: &Db, letter: &Model, why: &str, in_vain: bool, now: DateTime<Utc>) -> Result<()> {
    let w = db.upkeep();
    let given_up = (in_vain || letter.tries >= TRIES).then_some(now);
    let next = now + Duration::minutes(1 << letter.tries.clamp(0, 10));
    w.execute_raw(sql(
        w,
        "update outbox set claimed_until = null, due_at = ?, given_up_at = ?, last_error = ?, mail = ? where id = ?",
        [
            next.into(),
            given_up.into(),
            why.chars().take(300).collect::<String>().into(),
            letter.mail.clone().filter(|_| given_up.is_none()).into(),
            letter.id.0.into(),
        ],
    ))
    .await?;
    Ok(())
}
