//! Sessions and one-time sign-in links. Tokens are random; the database keeps only their hashes.

use chrono::Duration;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::json;

use super::journal::Entry;
use super::persons::{self, Person};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{PersonId, SessionId, SignInLinkId};
use crate::kernel::journal::On;
use crate::kernel::keys::{token, token_hash};
use crate::kernel::outbox::Address;
use crate::kernel::passwords;

/// How long a session lasts without being used.
pub const SESSION_DAYS: i64 = 30;
/// How long a mailed link can be used.
pub const LINK_MINUTES: i64 = 30;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub person_id: PersonId,
    /// Kind of device and browser, for the list in `/me`.
    pub device: String,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A one-time sign-in link.
pub mod link {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SignInLinkId,
        pub token_hash: Vec<u8>,
        pub person_id: PersonId,
        pub created_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub used_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use Model as Session;

/// Makes a link for a person; gives the token for `/sign-in/{token}`.
pub async fn make_link(act: &Act, person: &Person, valid: Duration) -> Result<String> {
    let token = token();
    let row = link::ActiveModel {
        id: Set(SignInLinkId(act.fresh())),
        token_hash: Set(token_hash(&token)),
        person_id: Set(person.id),
        created_at: Set(act.at),
        expires_at: Set(act.at + valid),
        used_at: Set(None),
    };
    link::Entity::insert(row).exec_without_returning(act.tx()).await?;
    Ok(token)
}

/// Whether a link would still open a session; does not use it up (mail scanners open links too).
pub async fn link_holds(house: &House, token: &str) -> Result<bool> {
    let link = link::Entity::find().filter(link::Column::TokenHash.eq(token_hash(token))).one(house.read()).await?;
    Ok(link.is_some_and(|l| l.used_at.is_none() && l.expires_at > house.now()))
}

/// Uses a link up and opens a session; gives the session's token.
pub async fn use_link(act: &Act, link_token: &str, device: &str) -> Result<(Person, String)> {
    let found = link::Entity::find().filter(link::Column::TokenHash.eq(token_hash(link_token))).one(act.tx()).await?;
    let Some(found) = found.filter(|l| l.used_at.is_none() && l.expires_at > act.at) else {
        return Err(Refusal::new("link_over").into());
    };
    let used = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(Some(act.at)))
        .filter(link::Column::Id.eq(found.id))
        .filter(link::Column::UsedAt.is_null())
        .exec(act.tx())
        .await?;
    if used.rows_affected != 1 {
        return Err(Refusal::new("link_over").into());
    }
    let person = persons::by_id(act.tx(), found.person_id).await?;
    let token = open(act, &person, device).await?;
    Ok((person, token))
}

/// Opens a session.
pub async fn open(act: &Act, person: &Person, device: &str) -> Result<String> {
    if person.disabled_at.is_some() {
        return Err(Refusal::new("link_over").into());
    }
    let token = token();
    let row = ActiveModel {
        id: Set(SessionId(act.fresh())),
        token_hash: Set(token_hash(&token)),
        person_id: Set(person.id),
        device: Set(device.chars().take(120).collect()),
        created_at: Set(act.at),
        seen_at: Set(act.at),
        expires_at: Set(act.at + Duration::days(SESSION_DAYS)),
        revoked_at: Set(None),
    };
    let session = row.insert(act.tx()).await?;
    act.journal(On::new("session", session.id), &Entry::SignedIn).await?;
    Ok(token)
}

/// The session of a token, if it holds.
pub async fn by_token(house: &House, token: &str) -> Result<Option<Session>> {
    let session = Entity::find().filter(Column::TokenHash.eq(token_hash(token))).one(house.read()).await?;
    Ok(session.filter(|s| s.revoked_at.is_none() && s.expires_at > house.now()))
}

/// A person's sessions that hold, the latest used first.
pub async fn of_person(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Session>> {
    Ok(Entity::find().filter(Column::PersonId.eq(person)).filter(Column::RevokedAt.is_null()).order_by_desc(Column::SeenAt).all(db).await?)
}

/// Ends a session of this person.
pub async fn revoke(act: &Act, person: PersonId, id: SessionId) -> Result<()> {
    let session = Entity::find_by_id(id).filter(Column::PersonId.eq(person)).one(act.tx()).await?.ok_or(Error::NotFound)?;
    let mut row: ActiveModel = session.into();
    row.revoked_at = Set(Some(act.at));
    row.update(act.tx()).await?;
    act.journal(On::new("session", id), &Entry::SessionRevoked).await?;
    Ok(())
}

/// Ends every session of a person, or every one but that in use; gives how many.
pub async fn revoke_all(act: &Act, person: PersonId, but: Option<SessionId>) -> Result<u64> {
    let mut ended = 0;
    for session in of_person(act.tx(), person).await?.into_iter().filter(|s| Some(s.id) != but) {
        revoke(act, person, session.id).await?;
        ended += 1;
    }
    Ok(ended)
}

/// Keeps a session alive; upkeep, once an hour at most.
pub async fn touch(house: &House, session: &Session) -> Result<()> {
    let now = house.now();
    if now - session.seen_at < Duration::hours(1) {
        return Ok(());
    }
    let act = house.act(Actor::System).await?;
    Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(now))
        .col_expr(Column::ExpiresAt, Expr::value(now + Duration::days(SESSION_DAYS)))
        .filter(Column::Id.eq(session.id))
        .exec(act.tx())
        .await?;
    act.commit().await
}

/// The person whose mail address and password these are. Takes as long where there is no such account.
pub async fn by_password(house: &House, email: &str, password: &str) -> Result<Option<Person>> {
    let person = persons::by_email(house.read(), email).await?;
    let right = passwords::holds(password, person.as_ref().and_then(|p| p.password_hash.clone())).await?;
    Ok(person.filter(|_| right))
}

/// Makes a link for a person and owes the letter that carries it; `next` is where it leads after signing in.
pub async fn mail_link(act: &Act, person: &Person, next: Option<&str>) -> Result<()> {
    let token = make_link(act, person, Duration::minutes(LINK_MINUTES)).await?;
    let next = next.map(|n| format!("?next={}", url::form_urlencoded::byte_serialize(n.as_bytes()).collect::<String>())).unwrap_or_default();
    act.owe(
        "sign_in",
        Address::Person(person.id),
        &json!({ "link": format!("/sign-in/{token}{next}"), "until": act.at + Duration::minutes(LINK_MINUTES) }),
        None,
    )
    .await
}

/// Days for which a session or link is remembered that is over.
pub const OVER_DAYS: i64 = 30;

/// Forgets sessions and links that have been over for a month; gives how many.
pub async fn forget_over(act: &Act) -> Result<u64> {
    let before = act.at - Duration::days(OVER_DAYS);
    let ended = Column::ExpiresAt.lt(before).or(Column::RevokedAt.lt(before));
    let sessions = Entity::delete_many().filter(ended).exec(act.tx()).await?.rows_affected;
    let links = link::Entity::delete_many().filter(link::Column::ExpiresAt.lt(before)).exec(act.tx()).await?.rows_affected;
    Ok(sessions + links)
}
