//! One's own meetings as a calendar that a phone asks again and again. Its address is a secret: whoever has it reads when somebody
//! meets, so it is shown once, and a new one ends the former.

use chrono::Duration;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{Condition, QueryOrder as _};

use super::calendar;
use crate::domain::councils::{self, seat};
use crate::domain::journal::Entry;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::act::{Act, House};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ical::{self, Event};
use crate::kernel::ids::{CouncilId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::keys::{token, token_hash};

/// Days for which a meeting that is over stays in it.
const BACK: i64 = 90;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feeds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub token_hash: Vec<u8>,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Somebody's, if they have made one.
pub async fn of_person(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(person).one(db).await?)
}

/// Makes somebody's address, and ends the one that they had; gives the token, which is kept nowhere.
pub async fn renew(act: &Act, person: PersonId) -> Result<String> {
    let token = token();
    let row = ActiveModel { person_id: Set(person), token_hash: Set(token_hash(&token)), made_at: Set(act.at) };
    match of_person(act.tx(), person).await? {
        Some(_) => row.update(act.tx()).await.map(drop)?,
        None => Entity::insert(row).exec_without_returning(act.tx()).await.map(drop)?,
    }
    act.journal(On::new("person", person), &Entry::CalendarFeedMade).await?;
    Ok(token)
}

/// Ends it: calendars that ask for it find nothing.
pub async fn end(act: &Act, person: PersonId) -> Result<()> {
    if Entity::delete_by_id(person).exec(act.tx()).await?.rows_affected > 0 {
        act.journal(On::new("person", person), &Entry::CalendarFeedEnded).await?;
    }
    Ok(())
}

/// Whose it is.
pub async fn owner(db: &impl ConnectionTrait, token: &str) -> Result<PersonId> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash(token))).one(db).await?;
    Ok(found.ok_or(Error::NotFound)?.person_id)
}

/// The councils in which somebody sits or stands by, and those whose secretary or convenor they are.
async fn councils_of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<CouncilId>> {
    let theirs = seat::Column::PersonId.eq(person).or(seat::Column::DeputyId.eq(person));
    let seats = seat::Entity::find().filter(theirs).filter(seat::Column::EndedAt.is_null()).all(db).await?;
    let mut all: Vec<CouncilId> = seats.into_iter().map(|s| s.council_id).collect();
    for m in persons::memberships(db, person).await?.into_iter().filter(|m| m.role.may(Right::Preside)) {
        let council = match (m.building_id, m.district_id) {
            (Some(b), _) => councils::of_building(db, b).await,
            (None, Some(d)) => councils::of_district(db, d).await,
            (None, None) => continue,
        };
        match council {
            Ok(c) => all.push(c.id),
            Err(Error::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// The calendar: every meeting of these councils that was announced, those called off among them, the next first.
pub async fn file(house: &House, person: PersonId, lang: Lang) -> Result<String> {
    let db = house.read();
    let recent = Condition::all().add(super::Column::CalledAt.is_not_null()).add(super::Column::StartsAt.gte(house.now() - Duration::days(BACK)));
    let meetings = super::Entity::find()
        .filter(super::Column::CouncilId.is_in(councils_of(db, person).await?))
        .filter(recent)
        .order_by_asc(super::Column::StartsAt)
        .all(db)
        .await?;
    let mut events: Vec<Event> = vec![];
    for meeting in &meetings {
        events.extend(calendar::event(house, meeting, lang).await?);
    }
    Ok(ical::calendar(&lang.t("me.calendar.name"), &events))
}
