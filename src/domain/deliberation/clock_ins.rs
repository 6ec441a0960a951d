//! Clock-ins 打卡分布: how many of an enterprise's people clock in every five minutes, given by the enterprise for an item's papers.
//! Counts and nothing else: what an enterprise knows of single workers stays with it.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use crate::domain::journal::Entry;
use crate::domain::meetings::items::Item;
use crate::domain::organisations::{self, OrganisationKind};
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ClockInsId, ItemId, OrganisationId, PersonId};

/// Minutes of a count.
const STEP: u32 = 5;
/// A morning of six hours.
const MOST: usize = 72;
/// More people than any building has.
const PEOPLE_MAX: u32 = 50_000;
/// Below so many people a count is not told: it could be about somebody.
pub const FEW: u32 = 5;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clock_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClockInsId,
    pub item_id: ItemId,
    pub organisation_id: OrganisationId,
    /// On its item, from 1.
    pub number: i32,
    /// The day that was counted (`YYYY-MM-DD`).
    pub day: String,
    /// Minutes after midnight at which the first count begins.
    pub first_minute: i32,
    /// People of each five minutes, as a JSON array.
    pub counts: String,
    pub given_by: Option<PersonId>,
    pub given_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as ClockIns;

impl Model {
    /// People of each five minutes.
    pub fn people(&self) -> Result<Vec<u32>> {
        Ok(serde_json::from_str(&self.counts)?)
    }
}

/// What an enterprise gives.
pub struct NewClockIns<'a> {
    /// The day that was counted.
    pub day: NaiveDate,
    /// Lines of a time and a count: `8:30 120`.
    pub lines: &'a str,
}

/// Reads lines of a time and a count into the minute of the first and the people of each five minutes from there on.
fn read(lines: &str) -> Result<(u32, Vec<u32>), Refusal> {
    let line = |n: usize| Refusal::new("clock_ins_line").with("n", n + 1).at("lines");
    let mut counted: Vec<(u32, u32)> = vec![];
    for (n, text) in lines.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty()) {
        let text = text.replace('：', ":");
        let mut words = text.split(|c: char| c.is_whitespace() || ",，、;；".contains(c)).filter(|w| !w.is_empty());
        let (Some(at), Some(people), None) = (words.next(), words.next(), words.next()) else { return Err(line(n)) };
        let (hours, minutes) = at.split_once(':').ok_or_else(|| line(n))?;
        let at = hours.parse::<u32>().ok().zip(minutes.parse::<u32>().ok()).filter(|(h, m)| *h < 24 && *m < 60).map(|(h, m)| h * 60 + m);
        let (Some(at), Ok(people)) = (at, people.trim_end_matches('人').parse::<u32>()) else { return Err(line(n)) };
        if at % STEP != 0 || people > PEOPLE_MAX || counted.iter().any(|(before, _)| *before == at) {
            return Err(line(n));
        }
        counted.push((at, people));
    }
    counted.sort_unstable();
    let (Some((first, _)), Some((last, _))) = (counted.first().copied(), counted.last().copied()) else {
        return Err(Refusal::new("empty").at("lines"));
    };
    let slots = ((last - first) / STEP) as usize + 1;
    if slots > MOST {
        return Err(Refusal::new("clock_ins_long").with("hours", MOST as u32 * STEP / 60).at("lines"));
    }
    let mut people = vec![0; slots];
    for (at, n) in counted {
        people[((at - first) / STEP) as usize] = n;
    }
    let sum: u32 = people.iter().sum();
    if !(FEW..=PEOPLE_MAX).contains(&sum) {
        return Err(Refusal::new("clock_ins_sum").with("least", FEW).with("most", PEOPLE_MAX).at("lines"));
    }
    Ok((first, people))
}

/// Gives them for an item, until the notice freezes its papers; for the same day they take the place of what was given before.
pub async fn give(act: &Act, item: &Item, new: NewClockIns<'_>) -> Result<ClockIns> {
    super::ask_thawed(act.tx(), item).await?;
    let only = || Refusal::new("clock_ins_only_enterprise");
    let of = organisations::by_id(act.tx(), act.actor.organisation().ok_or_else(only)?).await?;
    if of.kind != OrganisationKind::Enterprise {
        return Err(only().into());
    }
    let today = dates::local(act.at).date();
    if new.day > today || (today - new.day).num_days() > 366 {
        return Err(Refusal::new("clock_ins_day").at("day").into());
    }
    let (first, people) = read(new.lines)?;
    let all = Entity::find().filter(Column::ItemId.eq(item.id)).all(act.tx()).await?;
    let day = new.day.to_string();
    for before in all.iter().filter(|c| c.organisation_id == of.id && c.day == day && c.withdrawn_at.is_none()) {
        let mut row: ActiveModel = before.clone().into();
        row.withdrawn_at = Set(Some(act.at));
        row.update(act.tx()).await?;
    }
    let row = ActiveModel {
        id: Set(ClockInsId(act.fresh())),
        item_id: Set(item.id),
        organisation_id: Set(of.id),
        number: Set(all.len() as i32 + 1),
        day: Set(day.clone()),
        first_minute: Set(first as i32),
        counts: Set(serde_json::to_string(&people)?),
        given_by: Set(act.actor.person()),
        given_at: Set(act.at),
        withdrawn_at: Set(None),
    };
    let given = row.insert(act.tx()).await?;
    act.journal(item.on_self(act).await?, &Entry::ClockInsGiven { organisation: of.id, day, people: people.iter().sum() }).await?;
    Ok(given)
}

/// What was given for an item and not withdrawn, in order.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<ClockIns>> {
    of_items(db, vec![item]).await
}

/// The same of several items at once, item by item.
pub async fn of_items(db: &impl ConnectionTrait, items: Vec<ItemId>) -> Result<Vec<ClockIns>> {
    if items.is_empty() {
        return Ok(vec![]);
    }
    let given = Entity::find().filter(Column::ItemId.is_in(items)).filter(Column::WithdrawnAt.is_null());
    Ok(given.order_by_asc(Column::ItemId).order_by_asc(Column::Number).all(db).await?)
}

impl Model {
    /// Takes them back, by the enterprise that gave them; not after the notice.
    pub async fn withdraw(self, act: &Act, item: &Item) -> Result<()> {
        super::ask_thawed(act.tx(), item).await?;
        if act.actor.organisation() != Some(self.organisation_id) {
            return Err(Refusal::new("clock_ins_only_enterprise").into());
        }
        let set = ActiveModel { withdrawn_at: Set(Some(act.at)), ..Default::default() };
        let mine = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::WithdrawnAt.is_null());
        if mine.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let entry = Entry::ClockInsWithdrawn { organisation: self.organisation_id, day: self.day };
        act.journal(item.on_self(act).await?, &entry).await?;
        Ok(())
    }
}
