//! Announcements 公告: what is known before anybody has to report it: a lift stands still on Saturday, no water on floor 12.
//! It says where, from when to when, and what kind of trouble it explains. It ends in time by itself; who wrote it ends it
//! earlier or corrects it.

mod reading;

pub use reading::{Placed, by_ids, by_number, current, known, last_changed, latest, over};

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::buildings::{self, Building, Place};
use super::categories;
use super::channels::{self, To};
use super::journal::{Announced, Entry};
use super::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{AnnouncementId, BuildingId, OrganisationId, PersonId, PlaceId};
use crate::kernel::journal::On;
use crate::kernel::text::{self, TextHash};

/// Longest title, in characters.
pub const TITLE_MAX: usize = 40;
/// Longest text beside it, in characters.
pub const WORDS_MAX: usize = 500;
/// Most places that one names; more is a tower, or the building.
pub const PLACES_MAX: usize = 40;
/// Days that one runs at most: what lasts longer is no announcement.
pub const DAYS_MAX: i64 = 180;
/// Days ahead for which one can be written.
pub const AHEAD_MAX: i64 = 366;

/// How an announcement stands at an instant: read off the clock, so that it begins and ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is still to come.
    Coming,
    /// It holds now.
    Running,
    /// Its time is over.
    Over,
    /// It was over earlier than announced.
    EndedEarly,
    /// It was called off before it began.
    CalledOff,
}

impl Stage {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Coming => "coming",
            Stage::Running => "running",
            Stage::Over => "over",
            Stage::EndedEarly => "ended_early",
            Stage::CalledOff => "called_off",
        }
    }
    /// Whether it still says something to those who come.
    pub fn holds(self) -> bool {
        matches!(self, Stage::Coming | Stage::Running)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "announcements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnnouncementId,
    pub building_id: BuildingId,
    /// Within its building, from 1.
    pub number: i32,
    pub organisation_id: OrganisationId,
    pub written_by: PersonId,
    pub title: String,
    pub words: String,
    pub salt: Vec<u8>,
    /// The code of the kind of trouble that it explains.
    pub category: Option<String>,
    pub starts_at: DateTimeUtc,
    /// Exclusive.
    pub ends_at: DateTimeUtc,
    /// When it was ended by hand.
    pub ended_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Announcement;

/// Where it is; no row means the whole building.
pub mod at {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "announcement_places")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub announcement_id: AnnouncementId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place_id: PlaceId,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What somebody writes.
pub struct Written<'a> {
    pub title: &'a str,
    pub words: &'a str,
    /// A category's code, or none.
    pub category: Option<&'a str>,
    /// None means the whole building.
    pub places: &'a [Place],
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// The same, looked at.
struct Checked {
    title: String,
    words: String,
    category: Option<String>,
}

impl Written<'_> {
    fn checked(&self, building: BuildingId, now: DateTime<Utc>) -> Result<Checked, Refusal> {
        let title = text::words("title", self.title, 2, TITLE_MAX)?.replace('\n', " ");
        let words = text::words("words", self.words, 0, WORDS_MAX)?;
        let category = self.category.map(categories::named).transpose()?.map(|c| c.code.clone());
        if self.places.iter().any(|p| p.building_id != building || p.retired_at.is_some()) {
            return Err(Refusal::new("unknown_place").at("place"));
        }
        if self.places.len() > PLACES_MAX {
            return Err(Refusal::new("too_many_places").with("max", PLACES_MAX).at("place"));
        }
        if self.starts_at > now + Duration::days(AHEAD_MAX) {
            return Err(Refusal::new("too_far_ahead").at("starts"));
        }
        if self.ends_at <= self.starts_at {
            return Err(Refusal::new("ends_before").at("ends"));
        }
        if self.ends_at <= now {
            return Err(Refusal::new("ends_past").at("ends"));
        }
        if self.ends_at - self.starts_at > Duration::days(DAYS_MAX) {
            return Err(Refusal::new("too_long_for_one").with("max", DAYS_MAX).at("ends"));
        }
        Ok(Checked { title, words, category })
    }

    fn ids(&self) -> Vec<PlaceId> {
        let mut ids: Vec<PlaceId> = self.places.iter().map(|p| p.id).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

/// Writes one.
pub async fn write(act: &Act, building: &Building, written: &Written<'_>) -> Result<Announcement> {
    let Actor::Person { id: person, organisation, .. } = act.actor else { return Err(Error::broken("nobody announces nothing")) };
    let new = written.checked(building.id, act.at)?;
    buildings::hold(act, building.id).await?;
    let last = Entity::find().filter(Column::BuildingId.eq(building.id)).order_by_desc(Column::Number).one(act.tx()).await?;
    let row = ActiveModel {
        id: Set(AnnouncementId(act.fresh())),
        building_id: Set(building.id),
        number: Set(last.map_or(1, |a| a.number + 1)),
        organisation_id: Set(organisation),
        written_by: Set(person),
        title: Set(new.title),
        words: Set(new.words),
        salt: Set(text::salt()),
        category: Set(new.category),
        starts_at: Set(written.starts_at),
        ends_at: Set(written.ends_at),
        ended_at: Set(None),
        version: Set(1),
        created_at: Set(act.at),
        changed_at: Set(act.at),
    };
    let made = row.insert(act.tx()).await?;
    let places = written.ids();
    place(act, made.id, &places).await?;
    let (starts_at, ends_at, words) = (made.starts_at, made.ends_at, made.hash());
    act.journal(
        made.on_self(),
        &Entry::AnnouncementMade(Announced { number: made.number, places, category: made.category.clone(), starts_at, ends_at, words }),
    )
    .await?;
    made.tell_channels(act, "announced").await?;
    Ok(made)
}

async fn place(act: &Act, id: AnnouncementId, places: &[PlaceId]) -> Result<()> {
    at::Entity::delete_many().filter(at::Column::AnnouncementId.eq(id)).exec(act.tx()).await?;
    if places.is_empty() {
        return Ok(());
    }
    let rows = places.iter().map(|p| at::ActiveModel { announcement_id: Set(id), place_id: Set(*p) });
    at::Entity::insert_many(rows).exec_without_returning(act.tx()).await?;
    Ok(())
}

impl Model {
    fn on_self(&self) -> On {
        On::new("announcement", self.id).in_building(self.building_id)
    }

    fn hash(&self) -> TextHash {
        TextHash::of(&self.salt, &format!("{}\n{}", self.title, self.words))
    }

    /// How it stands.
    pub fn stage(&self, now: DateTime<Utc>) -> Stage {
        match self.ended_at {
            Some(at) if at <= self.starts_at => Stage::CalledOff,
            Some(_) => Stage::EndedEarly,
            None if now >= self.ends_at => Stage::Over,
            None if now >= self.starts_at => Stage::Running,
            None => Stage::Coming,
        }
    }

    /// When it is over, or was.
    pub fn until(&self) -> DateTime<Utc> {
        self.ended_at.unwrap_or(self.ends_at)
    }

    /// From when to when, in words; what was called off, as it had been announced.
    pub fn when(&self, now: DateTime<Utc>, lang: Lang) -> String {
        let end = if self.stage(now) == Stage::CalledOff { self.ends_at } else { self.until() };
        dates::span(self.starts_at, end, now, lang)
    }

    /// The name of the kind of trouble.
    pub fn category_name(&self, lang: Lang) -> Option<String> {
        self.category.as_deref().map(|c| categories::name(c, lang))
    }

    /// Why this actor cannot change it: who wrote it can, and those who keep the building's papers.
    pub fn ask_changeable(&self, by: &Actor, now: DateTime<Utc>) -> Result<(), Refusal> {
        let keeps = [Role::Secretary, Role::Administrator].iter().any(|r| by.role() == Some(r.as_str()));
        if by.organisation() != Some(self.organisation_id) && !keeps {
            return Err(Refusal::new("only_announcer"));
        }
        if !self.stage(now).holds() {
            return Err(Refusal::new("announcement_over"));
        }
        Ok(())
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Announcement> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Announcement> {
        set.version = Set(self.version + 1);
        set.changed_at = Set(act.at);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        Entity::find_by_id(self.id).one(act.tx()).await?.ok_or(Error::NotFound)
    }

    /// Corrects what it says; those who follow are told.
    pub async fn correct(self, act: &Act, written: &Written<'_>) -> Result<Announcement> {
        self.ask_changeable(&act.actor, act.at)?;
        let new = written.checked(self.building_id, act.at)?;
        let (places, starts_at, ends_at) = (written.ids(), written.starts_at, written.ends_at);
        let set = ActiveModel {
            title: Set(new.title),
            words: Set(new.words),
            category: Set(new.category),
            starts_at: Set(starts_at),
            ends_at: Set(ends_at),
            ..Default::default()
        };
        let now = self.change(act, set).await?;
        place(act, now.id, &places).await?;
        let entry = Entry::AnnouncementCorrected(Announced {
            number: now.number,
            places,
            category: now.category.clone(),
            starts_at,
            ends_at,
            words: now.hash(),
        });
        act.journal(now.on_self(), &entry).await?;
        now.tell_channels(act, "announcement_corrected").await?;
        Ok(now)
    }

    /// Tells every group of the building.
    async fn tell_channels(&self, act: &Act, kind: &'static str) -> Result<()> {
        channels::tell(act, kind, self.building_id, &[To::Everybody], &json!({ "announcement": self.id }), None).await
    }

    /// Ends it before its time, or calls it off before it has begun.
    pub async fn end(self, act: &Act) -> Result<Announcement> {
        self.ask_changeable(&act.actor, act.at)?;
        let now = self.change(act, ActiveModel { ended_at: Set(Some(act.at)), ..Default::default() }).await?;
        let entry = Entry::AnnouncementEnded { number: now.number, called_off: now.stage(act.at) == Stage::CalledOff };
        act.journal(now.on_self(), &entry).await?;
        now.tell_channels(act, "announcement_ended").await?;
        Ok(now)
    }
}
