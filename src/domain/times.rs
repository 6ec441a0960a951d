//! Times 时限: how soon a first answer and a result are owed for a kind of trouble. The house's own stand in
//! `data/categories.toml`; a building's council may decide others, as a version that holds from a day on. What was promised
//! under an earlier version stays as it was promised.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::buildings::Building;
use super::categories::{self, Category, Limit};
use super::journal::Entry;
use super::resolutions::Resolution;
use super::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, PersonId, ResolutionId, TimesId};
use crate::kernel::journal::On;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "times")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TimesId,
    pub building_id: BuildingId,
    pub version: i32,
    /// The first instant at which what is promised is promised by it.
    pub in_force_from: DateTimeUtc,
    /// The decision that it rests on.
    pub resolution_id: Option<ResolutionId>,
    /// Why.
    pub words: String,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

mod limit {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "time_limits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub times_id: TimesId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub category: String,
        pub first: String,
        pub result: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use Model as Version;

/// What is owed for one kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    pub first: Limit,
    pub result: Limit,
}

impl Owed {
    /// What the house itself says.
    pub fn of_house(category: &Category) -> Self {
        Self { first: category.first, result: category.result }
    }
}

/// The times of a building at an instant; without a version of its own, the house's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    own: HashMap<String, Owed>,
}

impl Times {
    /// For a kind of trouble.
    pub fn of(&self, category: &Category) -> Owed {
        self.own.get(&category.code).copied().unwrap_or_else(|| Owed::of_house(category))
    }
}

/// The versions of a building, the latest first.
pub async fn versions(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Version>> {
    Ok(Entity::find().filter(Column::BuildingId.eq(building)).order_by_desc(Column::Version).all(db).await?)
}

/// What a version says.
pub async fn of_version(db: &impl ConnectionTrait, id: TimesId) -> Result<Times> {
    let rows = limit::Entity::find().filter(limit::Column::TimesId.eq(id)).all(db).await?;
    let own = rows.into_iter().map(|r| Ok((r.category, Owed { first: read(r.first)?, result: read(r.result)? })));
    Ok(Times { own: own.collect::<Result<_>>()? })
}

fn read(kept: String) -> Result<Limit> {
    Limit::try_from(kept).map_err(Error::broken)
}

/// By which times something is promised in a building at an instant.
pub async fn at(db: &impl ConnectionTrait, building: BuildingId, at: DateTime<Utc>) -> Result<Times> {
    let text = "select l.category, l.first, l.result from time_limits l where l.times_id = (select id from times where building_id = ? \
                and in_force_from <= ? order by in_force_from desc, version desc limit 1)";
    let mut own = HashMap::new();
    for row in db.query_all_raw(sql(db, text, [building.0.into(), at.into()])).await? {
        let (category, first, result): (String, String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        own.insert(category, Owed { first: read(first)?, result: read(result)? });
    }
    Ok(Times { own })
}

/// All versions of a building: for looking at what was promised at many instants.
pub struct History(Vec<(DateTime<Utc>, Times)>);

impl History {
    /// Reads them.
    pub async fn of(db: &impl ConnectionTrait, building: BuildingId) -> Result<Self> {
        let mut all = vec![];
        for version in versions(db, building).await? {
            all.push((version.in_force_from, of_version(db, version.id).await?));
        }
        // In the order in which one takes the other's place; of two that begin on one day, the later one holds.
        all.reverse();
        all.sort_by_key(|(from, _)| *from);
        Ok(Self(all))
    }

    /// What is owed for something that is promised at an instant.
    pub fn owed(&self, at: DateTime<Utc>, category: &Category) -> Owed {
        let then = self.0.iter().rev().find(|(from, _)| *from <= at);
        then.map_or_else(|| Owed::of_house(category), |(_, times)| times.of(category))
    }
}

/// The longest that may be decided.
const LONGEST: (u32, u32, u32) = (240, 60, 180);

/// New times, as they are asked for.
pub struct NewTimes<'a> {
    /// The first day of them: tomorrow or later.
    pub from: NaiveDate,
    pub owed: Vec<(&'static Category, Owed)>,
    pub resolution: Option<&'a Resolution>,
    pub words: &'a str,
}

/// Whether a limit can be decided at all: not nothing where something can wait, and not for ever.
pub fn ask_limit(category: &Category, owed: Owed) -> Result<(), Refusal> {
    let (h, wd, d) = LONGEST;
    let fits = |l: Limit| match l {
        Limit::Hours(n) => n <= h,
        Limit::WorkingDays(n) => (1..=wd).contains(&n),
        Limit::Days(n) => (1..=d).contains(&n),
    };
    let named = |key| Refusal::new(key).with("kind", category.name(crate::kernel::i18n::Lang::Zh));
    if !fits(owed.first) || !fits(owed.result) {
        return Err(named("times_bounds"));
    }
    // Where people are in danger the law gives the time (Special Equipment Safety Law art. 45): it can be shortened only.
    if category.emergency && (longer(owed.first, category.first) || longer(owed.result, category.result)) {
        return Err(named("times_law"));
    }
    Ok(())
}

/// Whether one limit is longer than another; days of any kind are longer than hours of less than a day's number.
fn longer(one: Limit, other: Limit) -> bool {
    let hours = |l: Limit| match l {
        Limit::Hours(n) => n,
        Limit::WorkingDays(n) | Limit::Days(n) => n * 24,
    };
    hours(one) > hours(other)
}

/// Adopts new times from a day on, by the council's secretary. Nothing that is promised already moves.
pub async fn adopt(act: &Act, building: &Building, new: NewTimes<'_>) -> Result<Version> {
    if act.actor.role() != Some(Role::Secretary.as_str()) {
        return Err(Refusal::new("only_secretary").into());
    }
    let words = text::words("words", new.words, 4, 500)?;
    let calendar = act.calendar();
    if new.from <= calendar.date_of(act.at) {
        return Err(Refusal::new("times_forward").at("from").into());
    }
    for (category, owed) in &new.owed {
        ask_limit(category, *owed)?;
    }
    let own = new.owed.into_iter().filter(|(c, o)| *o != Owed::of_house(c)).map(|(c, o)| (c.code.clone(), o));
    let after = Times { own: own.collect() };
    let all = versions(act.tx(), building.id).await?;
    let in_force_from = new.from.pred_opt().map(|day| calendar.end_of(day)).ok_or_else(|| Refusal::new("date").at("from"))?;
    let before = History::of(act.tx(), building.id).await?;
    if categories::all().iter().all(|c| before.owed(in_force_from, c) == after.of(c)) {
        return Err(Refusal::new("times_same").into());
    }
    let version = all.first().map_or(1, |v| v.version + 1);
    let made_by = act.actor.person().ok_or_else(|| Refusal::new("only_secretary"))?;
    let row = ActiveModel {
        id: Set(TimesId(act.fresh())),
        building_id: Set(building.id),
        version: Set(version),
        in_force_from: Set(in_force_from),
        resolution_id: Set(new.resolution.map(|r| r.id)),
        words: Set(words),
        made_by: Set(made_by),
        made_at: Set(act.at),
    };
    let row = row.insert(act.tx()).await?;
    for (category, owed) in &after.own {
        let kept = limit::ActiveModel {
            times_id: Set(row.id),
            category: Set(category.clone()),
            first: Set(owed.first.to_string()),
            result: Set(owed.result.to_string()),
        };
        limit::Entity::insert(kept).exec_without_returning(act.tx()).await?;
    }
    let on = On::new("times", row.id).in_building(building.id).in_district(building.district_id);
    act.journal(on, &Entry::TimesAdopted { version, from: in_force_from, kinds: after.own.len() as u32 }).await?;
    Ok(row)
}
