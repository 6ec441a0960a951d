//! The first link 第一个链接: printed where the server starts on an empty house. Whoever opens it founds a district and is
//! its first administrator. There is one at a time; it holds for a day, and once.

use chrono::Duration;
use sea_orm::ConnectionTrait;

use super::buildings::{self, District, NewDistrict};
use super::journal::Entry;
use super::organisations::{self, NewOrganisation, OrganisationKind};
use super::persons::{self, Person, Scope};
use super::rights::Role;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::journal::On;
use crate::kernel::keys::{token, token_hash};
use crate::kernel::text;

/// Hours for which it holds.
pub const HOURS: i64 = 24;

/// Whether somebody has founded something here.
pub async fn begun(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(db.query_one_raw(sql(db, "select 1 from districts limit 1", [])).await?.is_some())
}

/// Makes the link of an empty house; none where something is founded, or where one holds that was printed before.
pub async fn offer(house: &House) -> Result<Option<String>> {
    if begun(house.read()).await? {
        return Ok(None);
    }
    let act = house.act(Actor::System).await?;
    let token = token();
    let text = "insert into first_links (slot, token_hash, created_at, expires_at) values (1, ?, ?, ?) on conflict (slot) do update \
                set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = null \
                where first_links.expires_at <= excluded.created_at or first_links.used_at is not null";
    let made = act.tx().execute_raw(sql(act.tx(), text, made(&act, &token))).await?.rows_affected() == 1;
    if !made {
        act.undo().await?;
        return Ok(None);
    }
    noted(&act, &Entry::FirstLinkMade).await?;
    act.commit().await?;
    Ok(Some(token))
}

/// Makes a new one, for whoever sits at the operator's terminal; the one before no longer holds.
pub async fn renew(act: &Act) -> Result<String> {
    let token = token();
    let text = "insert into first_links (slot, token_hash, created_at, expires_at) values (1, ?, ?, ?) on conflict (slot) do update \
                set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = null";
    act.tx().execute_raw(sql(act.tx(), text, made(act, &token))).await?;
    noted(act, &Entry::FirstLinkMade).await?;
    Ok(token)
}

fn made(act: &Act, token: &str) -> [sea_orm::Value; 3] {
    [token_hash(token).into(), act.at.into(), (act.at + Duration::hours(HOURS)).into()]
}

async fn noted(act: &Act, entry: &Entry) -> Result<()> {
    act.journal(On::new("first_link", uuid::Uuid::nil()), entry).await.map(drop)
}

/// Whether it would still open the way; does not use it up.
pub async fn holds(db: &impl ConnectionTrait, house: &House, token: &str) -> Result<bool> {
    let text = "select 1 from first_links where token_hash = ? and used_at is null and expires_at > ?";
    Ok(db.query_one_raw(sql(db, text, [token_hash(token).into(), house.now().into()])).await?.is_some())
}

/// Who begins, and what for.
pub struct Beginning<'a> {
    pub name: &'a str,
    pub name_en: &'a str,
    pub email: &'a str,
    pub lang: Lang,
    pub district: NewDistrict<'a>,
    /// For whom the first administrator works.
    pub organisation: &'a str,
    pub organisation_en: &'a str,
    pub kind: OrganisationKind,
}

/// Uses the link up: founds the district, with its first administrator. All of it, or nothing.
pub async fn begin(act: &Act, token: &str, new: Beginning<'_>) -> Result<(Person, District)> {
    let text = "update first_links set used_at = ? where token_hash = ? and used_at is null and expires_at > ?";
    let values: [sea_orm::Value; 3] = [act.at.into(), token_hash(token).into(), act.at.into()];
    if act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() != 1 {
        return Err(Refusal::new("first_link_over").into());
    }
    let name = text::words("own_name", new.name, 1, 60)?;
    let name_en = text::words("own_name_en", if new.name_en.trim().is_empty() { new.name } else { new.name_en }, 1, 80)?;
    let person = persons::add(act, &name, &name_en, Some(new.email.trim()), new.lang).await?;
    let district = buildings::found_district(act, new.district).await?;
    if !matches!(new.kind, OrganisationKind::Station | OrganisationKind::Department | OrganisationKind::Association) {
        return Err(Refusal::new("unknown_choice").at("kind").into());
    }
    let own = text::words("organisation", new.organisation, 1, 30)?;
    let own_en = if new.organisation_en.trim().is_empty() { own.clone() } else { text::words("organisation_en", new.organisation_en, 1, 60)? };
    let slug = organisations::free_slug(act.tx(), district.id, &own_en, "office").await?;
    let added =
        NewOrganisation { kind: new.kind, slug: &slug, name: &own, name_en: &own_en, short: &own, short_en: &own_en, workers: None, email: None };
    let organisation = organisations::add(act, &district, None, added).await?;
    person.appoint(act, organisation.id, Role::Administrator, Scope::District(district.id)).await?;
    noted(act, &Entry::FirstLinkUsed).await?;
    Ok((person, district))
}
