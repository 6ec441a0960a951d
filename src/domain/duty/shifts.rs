//! Shifts: from when to when somebody is there, each week, on days off, or on one date.

use chrono::{Duration, NaiveDate, Weekday};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::{DAY, ask_theirs, day, next_number, own};
use crate::domain::buildings::{self, Building};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PersonId, ShiftId};
use crate::kernel::journal::On;

vocabulary! {
    /// On which days a shift holds.
    HoldsOn {
        Mon = "mon", Tue = "tue", Wed = "wed", Thu = "thu", Fri = "fri", Sat = "sat", Sun = "sun",
        /// Days that are not worked: weekends and holidays.
        Off = "off",
        /// One date, in place of what holds otherwise.
        Date = "date",
    }
}

impl HoldsOn {
    /// The days of the week and days off: what comes again.
    pub const AGAIN: [HoldsOn; 8] = [HoldsOn::Mon, HoldsOn::Tue, HoldsOn::Wed, HoldsOn::Thu, HoldsOn::Fri, HoldsOn::Sat, HoldsOn::Sun, HoldsOn::Off];

    /// A day of the week.
    pub fn of(weekday: Weekday) -> Self {
        Self::AGAIN[weekday.num_days_from_monday() as usize % 7]
    }
}

/// A date is planned at most so many days ahead.
const AHEAD_MAX: i64 = 400;
/// Most shifts of an organisation in a building.
const MOST: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_shifts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftId,
    pub building_id: BuildingId,
    pub organisation_id: OrganisationId,
    /// Counts within the organisation's roster for the building.
    pub number: i32,
    pub person_id: PersonId,
    pub holds_on: HoldsOn,
    pub day: Option<String>,
    /// Minutes after 0:00.
    pub starts: i32,
    /// Minutes after the same 0:00; above 1440 it lies on the next day.
    pub ends: i32,
    pub made_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// Its person has left, and nobody was named since.
    pub vacant_since: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Shift;

/// Hours of a person on some days, as they are asked for.
pub struct NewShift<'a> {
    pub person: PersonId,
    /// Days that come again …
    pub on: &'a [HoldsOn],
    /// … or one date, as typed.
    pub day: Option<&'a str>,
    /// `08:00`.
    pub from: &'a str,
    /// `20:00`; not later than `from` it is the next day's.
    pub to: &'a str,
}

fn minutes(field: &'static str, typed: &str) -> Result<i32, Refusal> {
    let wrong = || Refusal::new("time").at(field);
    let (h, m) = typed.trim().split_once([':', '：']).ok_or_else(wrong)?;
    let (h, m): (i32, i32) = (h.parse().map_err(|_| wrong())?, m.parse().map_err(|_| wrong())?);
    let fits = (0..24).contains(&h) && (0..60).contains(&m) || (h, m) == (24, 0);
    fits.then_some(h * 60 + m).ok_or_else(wrong)
}

pub(super) async fn of(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId) -> Result<Vec<Shift>> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    Ok(all.filter(Column::EndedAt.is_null()).order_by_asc(Column::Number).all(db).await?)
}

/// One of an organisation's by its number.
pub async fn shift_by_number(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, number: i32) -> Result<Shift> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    all.filter(Column::Number.eq(number)).filter(Column::EndedAt.is_null()).one(db).await?.ok_or(Error::NotFound)
}

/// Somebody's hours on these days. Nobody is in two places: one person's hours of a day do not overlap.
pub async fn add_shifts(act: &Act, building: &Building, new: NewShift<'_>) -> Result<Vec<Shift>> {
    let organisation = own(act)?;
    buildings::hold(act, building.id).await?;
    ask_theirs(act, building, organisation, "person", new.person).await?;
    let today = act.calendar().date_of(act.at);
    let mut days: Vec<(HoldsOn, Option<NaiveDate>)> = new.on.iter().map(|on| (*on, None)).collect();
    if let Some(typed) = new.day {
        let date = day("day", typed)?;
        if date < today {
            return Err(Refusal::new("date_past").at("day").into());
        }
        if date > today + Duration::days(AHEAD_MAX) {
            return Err(Refusal::new("date_far").with("max", AHEAD_MAX).at("day").into());
        }
        days.push((HoldsOn::Date, Some(date)));
    }
    if days.is_empty() || new.on.contains(&HoldsOn::Date) {
        return Err(Refusal::new("duty_days").at("on").into());
    }
    let (starts, to) = (minutes("from", new.from)?, minutes("to", new.to)?);
    if starts == DAY {
        return Err(Refusal::new("time").at("from").into());
    }
    if starts == to {
        return Err(Refusal::new("duty_no_time").at("to").into());
    }
    let ends = if to < starts { to + DAY } else { to };
    let mut all = of(act.tx(), building.id, organisation).await?;
    if all.len() + days.len() > MOST {
        return Err(Refusal::new("duty_most").with("n", MOST).at("on").into());
    }
    let mut made = vec![];
    for (holds_on, date) in days {
        let number = next_number(act, "duty_shifts", building.id, organisation).await?;
        let new = Shift {
            id: ShiftId(act.fresh()),
            building_id: building.id,
            organisation_id: organisation,
            number,
            person_id: new.person,
            holds_on,
            day: date.map(|d| d.to_string()),
            starts,
            ends,
            made_at: act.at,
            ended_at: None,
            vacant_since: None,
        };
        if all.iter().any(|s| s.overlaps(&new)) {
            return Err(Refusal::new("duty_overlap").with("day", format!("@duty.on.{}", holds_on.as_str())).at("from").into());
        }
        let set: ActiveModel = new.clone().into();
        // Every column is to be written, not only what differs from a row that is not there.
        set.reset_all().insert(act.tx()).await?;
        let entry = Entry::DutyShiftSet { person: new.person_id, on: holds_on.as_str().into(), day: new.day.clone(), starts, ends };
        act.journal(new.on_self(), &entry).await?;
        all.push(new.clone());
        made.push(new);
    }
    Ok(made)
}

impl Model {
    pub(super) fn on_self(&self) -> On {
        On::new("duty_shift", self.id).in_building(self.building_id)
    }

    /// Its hours in minutes, for days that lie so many days after a first one.
    fn hours(&self, after: i32) -> (i32, i32) {
        (self.starts + after * DAY, self.ends + after * DAY)
    }

    /// Whether the same person would be in two places.
    fn overlaps(&self, other: &Shift) -> bool {
        if self.person_id != other.person_id {
            return false;
        }
        let meet = |a: (i32, i32), b: (i32, i32)| a.0 < b.1 && b.0 < a.1;
        let apart = |days: i32| meet(self.hours(0), other.hours(days));
        match (self.holds_on, other.holds_on) {
            (HoldsOn::Date, HoldsOn::Date) => {
                let date = |s: &Shift| s.day.as_deref().and_then(|d| d.parse::<NaiveDate>().ok());
                let days = date(self).zip(date(other)).map(|(a, b)| (b - a).num_days());
                days.and_then(|d| i32::try_from(d).ok()).is_some_and(|d| d.abs() <= 1 && apart(d))
            }
            // A date takes the place of what holds otherwise.
            (HoldsOn::Date, _) | (_, HoldsOn::Date) => false,
            // Days off follow on one another.
            (HoldsOn::Off, HoldsOn::Off) => [-1, 0, 1].into_iter().any(apart),
            (HoldsOn::Off, _) | (_, HoldsOn::Off) => false,
            (a, b) => {
                let place = |on: HoldsOn| HoldsOn::AGAIN.iter().position(|x| *x == on).unwrap_or_default() as i32;
                let days = place(b) - place(a);
                [days - 7, days, days + 7].into_iter().any(apart)
            }
        }
    }

    /// Takes it out of the roster; that it was in it stays.
    pub async fn remove(self, act: &Act) -> Result<()> {
        if own(act)? != self.organisation_id {
            return Err(Refusal::new("only_own_duty").into());
        }
        let on = self.on_self();
        let mut row: ActiveModel = self.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::DutyShiftRemoved).await?;
        Ok(())
    }
}
