//! The outbox: letters owed, written in the same transaction as the act that owes them, sent afterwards.
//!
//! Letters by mail and SMS and messages to a group's robot are rows of the same box. A letter holds ids; its words are composed when it is sent, so that what was erased meanwhile does not go out.

mod together;

pub use together::{any_due_of_channels, claim_day, claim_these, due_of_channel, failed_together, give_up_old, sent_together, settle_channel};

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, DatabaseBackend, FromQueryResult as _, sea_query::OnConflict};
use serde::Serialize;

use super::act::Act;
use super::db::{Db, sql};
use super::error::Result;
use super::ids::{ChannelId, OutboxId, PersonId, ReportId, SubscriptionId};

/// A letter owed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    /// Which letter.
    pub kind: String,
    /// `person`, `report`, `mail` or `channel`.
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
    /// `mail`, `sms` or `robot`.
    pub way: String,
    /// The group that is told, where `address` is `channel`.
    pub channel_id: Option<ChannelId>,
    /// It goes out with others in its reader's daily letter.
    pub waits: bool,
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
    /// A group, by its robot.
    Channel(ChannelId),
}

/// How often a letter is tried before it is shown to an administrator instead.
pub const TRIES: i32 = 8;

impl Act {
    /// Owes a letter. `once` makes the same letter owed at most once, whoever asks.
    pub async fn owe(&self, kind: &'static str, to: Address, data: &impl Serialize, once: Option<String>) -> Result<()> {
        let way = match to {
            Address::Sms(_) => "sms",
            Address::Channel(_) => "robot",
            _ => "mail",
        };
        let (mut person_id, mut report_id, mut subscription_id, mut mail, mut channel_id) = (None, None, None, None, None);
        let address = match to {
            Address::Person(id) => {
                person_id = Some(id);
                "person"
            }
            Address::Report(id) | Address::Sms(id) => {
                report_id = Some(id);
                "report"
            }
            Address::Subscription(id) => {
                subscription_id = Some(id);
                "mail"
            }
            Address::Mail(own) => {
                mail = Some(own);
                "mail"
            }
            Address::Channel(id) => {
                channel_id = Some(id);
                "channel"
            }
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
            channel_id: Set(channel_id),
            waits: Set(false),
        };
        Entity::insert(row).on_conflict(OnConflict::column(Column::Once).do_nothing().to_owned()).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

/// What is due and in nobody's hands. What was dated by a clock that has been put back since by more than it could have meant
/// does not wait until that clock is caught up with.
const DUE: &str = "sent_at is null and given_up_at is null and (due_at <= ? or due_at > ?) \
                   and (claimed_until is null or claimed_until < ? or claimed_until > ?)";
/// Longest that a letter is put off, in days: a daily letter waits over a long holiday.
const LONGEST_DAYS: i64 = 20;
/// For how long a claim holds, in minutes.
const CLAIM: i64 = 2;

/// The values of [`DUE`].
fn due(now: DateTime<Utc>) -> [sea_orm::Value; 4] {
    [now.into(), (now + Duration::days(LONGEST_DAYS)).into(), now.into(), (now + Duration::minutes(2 * CLAIM)).into()]
}

/// Ways on which nothing goes for a while: as much went as they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub mail: bool,
    /// Of mail only [`CROWD`].
    pub crowd: bool,
    pub sms: bool,
}

/// Letters that go to thousands at once; what somebody waits for in that moment does not wait behind them.
pub const CROWD: [&str; 2] = ["follow_news", "follow_daily"];

impl Held {
    fn rest(self) -> String {
        let mut rest = String::from("channel_id is null");
        if self.mail {
            rest.push_str(" and way <> 'mail'");
        } else if self.crowd {
            rest.push_str(&format!(" and kind not in ('{}')", CROWD.join("','")));
        }
        if self.sms {
            rest.push_str(" and way <> 'sms'");
        }
        rest
    }
}

/// Whether a letter is due on a way that is open.
pub async fn any_due(db: &Db, now: DateTime<Utc>, held: Held) -> Result<bool> {
    let r = db.read();
    Ok(r.query_one_raw(sql(r, &format!("select 1 from outbox where {DUE} and {} limit 1", held.rest()), due(now))).await?.is_some())
}

/// Claims the next due letter that goes by itself for two minutes; another process sees it again only if this one dies meanwhile.
pub async fn claim(db: &Db, now: DateTime<Utc>, held: Held) -> Result<Option<Model>> {
    let w = db.upkeep();
    let skip = if w.get_database_backend() == DatabaseBackend::Postgres { " for update skip locked" } else { "" };
    let text = format!(
        "update outbox set claimed_until = ?, tries = tries + 1 where id = (select id from outbox where {DUE} and not waits \
         and {} order by due_at limit 1{skip}) returning *",
        held.rest()
    );
    let values = std::iter::once((now + Duration::minutes(CLAIM)).into()).chain(due(now));
    let row = w.query_one_raw(sql(w, &text, values)).await?;
    Ok(row.map(|r| Model::from_query_result(&r, "")).transpose()?)
}

/// Puts a claimed letter off, which is no failed try: its reader wants it later, by itself or with others (`waits`), or the way
/// takes no more now.
pub async fn put_off(db: &Db, id: OutboxId, until: DateTime<Utc>, waits: bool) -> Result<()> {
    let w = db.upkeep();
    let text = "update outbox set claimed_until = null, tries = tries - 1, due_at = ?, waits = ? where id = ?";
    w.execute_raw(sql(w, text, [until.into(), waits.into(), id.0.into()])).await?;
    Ok(())
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

/// Keeps words for the operator's page that were owed to nobody by an act.
pub async fn keep_words(db: &Db, at: DateTime<Utc>, to: &str, subject: &str, body: &str) -> Result<()> {
    let w = db.upkeep();
    let text = "insert into kept_mails (id, recipient, subject, body, created_at) values (?, ?, ?, ?, ?)";
    let values = [super::ids::fresh(at).into(), to.into(), subject.into(), body.into(), at.into()];
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
