//! Duty 值班: who of an organisation is there for a building and when, who is away and who stands in, and into whose hands
//! something comes. Without shifts and rules all this is off, and whatever comes in is in nobody's hands as before.

mod absences;
mod gaps;
mod routing;
mod rules;
mod shifts;

pub use absences::{Absence, Held, NewAbsence, absence_by_number, absent, held, note_absence};
pub(in crate::domain) use gaps::leave;
pub use gaps::{Gaps, OpenShift, close_rule, close_shift};
pub use routing::Hands;
pub(in crate::domain) use routing::hands_for;
pub use rules::{NewRule, Rule, add_rule, rule_by_number};
pub use shifts::{HoldsOn, NewShift, Shift, add_shifts, shift_by_number};

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use sea_orm::ConnectionTrait;

use super::buildings::Building;
use super::organisations::{self, Organisation};
use super::persons::{self, Membership};
use super::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PersonId};
use crate::kernel::keys::Keys;

/// A day in minutes.
const DAY: i32 = 1440;

/// All that is written down of an organisation's duty in a building.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    pub shifts: Vec<Shift>,
    /// Those that are not over before today.
    pub absences: Vec<Absence>,
    pub rules: Vec<Rule>,
    /// Who acts for the organisation in the building.
    pub people: Vec<PersonId>,
}

/// Somebody on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDuty {
    pub person: PersonId,
    /// For whom they stand in.
    pub instead_of: Option<PersonId>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

impl Roster {
    /// Reads it.
    pub async fn of(db: &impl ConnectionTrait, building: &Building, organisation: OrganisationId, today: NaiveDate) -> Result<Self> {
        let shifts = shifts::of(db, building.id, organisation).await?;
        let rules = rules::of(db, building.id, organisation).await?;
        let absences = absences::since(db, building.id, organisation, today - Duration::days(1)).await?;
        let people = persons::at_work(db, organisation, building).await?;
        Ok(Self { shifts, absences, rules, people })
    }

    /// Nothing is written down: whatever comes in is in nobody's hands.
    pub fn is_off(&self) -> bool {
        self.shifts.is_empty() && self.rules.is_empty()
    }

    /// The shifts of a day: of that date, if there are any; else those of days off where it is not worked, or of its day
    /// of the week. A weekend day that is worked (调休) has its own day's shifts, or those of days off.
    pub fn of_day(&self, day: NaiveDate, calendar: &Calendar) -> Vec<&Shift> {
        let on = |kind: HoldsOn| self.shifts.iter().filter(move |s| s.holds_on == kind).collect::<Vec<_>>();
        let text = day.to_string();
        let dated: Vec<&Shift> = self.shifts.iter().filter(|s| s.day.as_deref() == Some(text.as_str())).collect();
        if !dated.is_empty() {
            return dated;
        }
        let (off, weekly) = (on(HoldsOn::Off), on(HoldsOn::of(day.weekday())));
        let weekend = day.weekday().number_from_monday() > 5;
        match (calendar.is_working(day), weekend) {
            (false, _) => {
                if off.is_empty() && weekend {
                    weekly
                } else {
                    off
                }
            }
            (true, true) => {
                if weekly.is_empty() {
                    off
                } else {
                    weekly
                }
            }
            (true, false) => weekly,
        }
    }

    /// Absences that are not over.
    pub fn coming(&self, today: NaiveDate) -> Vec<Absence> {
        let today = today.to_string();
        self.absences.iter().filter(|a| a.to_day >= today).cloned().collect()
    }

    fn away(&self, person: PersonId, day: NaiveDate) -> Option<&Absence> {
        self.absences.iter().find(|a| a.person_id == person && a.covers(day))
    }

    /// Who is there for a person on a day: they themselves, or who stands in; nobody where both are away.
    pub fn there(&self, person: PersonId, day: NaiveDate) -> Option<(PersonId, Option<PersonId>)> {
        let works = |p: PersonId| self.people.contains(&p);
        match self.away(person, day) {
            None => works(person).then_some((person, None)),
            Some(absence) => absence.stand_in_id.filter(|s| works(*s) && self.away(*s, day).is_none()).map(|s| (s, Some(person))),
        }
    }

    /// Who is on duty through a day, in the order of their hours.
    pub fn through(&self, day: NaiveDate, calendar: &Calendar) -> Vec<OnDuty> {
        let begin = calendar.end_of(day) - Duration::minutes(i64::from(DAY));
        let mut shifts = self.of_day(day, calendar);
        shifts.sort_by_key(|s| (s.starts, s.number));
        let at = |minutes: i32| begin + Duration::minutes(i64::from(minutes));
        let there =
            |s: &Shift| self.there(s.person_id, day).map(|(person, instead_of)| OnDuty { person, instead_of, from: at(s.starts), until: at(s.ends) });
        shifts.into_iter().filter_map(there).collect()
    }

    /// Who is on duty at an instant; a night's shift belongs to the day on which it begins.
    pub fn at(&self, at: DateTime<Utc>, calendar: &Calendar) -> Vec<OnDuty> {
        let today = calendar.date_of(at);
        let both = [today.pred_opt().unwrap_or(today), today];
        let mut all: Vec<OnDuty> = both.iter().flat_map(|day| self.through(*day, calendar)).filter(|d| d.from <= at && at < d.until).collect();
        let mut seen = vec![];
        all.retain(|d| {
            !seen.contains(&d.person) && {
                seen.push(d.person);
                true
            }
        });
        all
    }
}

/// Who is on duty for an organisation in a building at an instant.
pub async fn on_now(
    db: &impl ConnectionTrait,
    building: &Building,
    organisation: OrganisationId,
    at: DateTime<Utc>,
    calendar: &Calendar,
) -> Result<Vec<OnDuty>> {
    Ok(Roster::of(db, building, organisation, calendar.date_of(at)).await?.at(at, calendar))
}

/// Whose roster somebody keeps in a building: that of the organisation for which they work there.
pub fn keeps<'m>(memberships: &'m [Membership], building: &Building) -> Option<&'m Membership> {
    persons::entitled(memberships, Right::Roster, building)
}

/// Whose roster a page shows: one's own, or the property manager's.
pub async fn shown(db: &impl ConnectionTrait, building: &Building, memberships: &[Membership]) -> Result<Option<Organisation>> {
    match keeps(memberships, building) {
        Some(m) => Ok(Some(organisations::by_id(db, m.organisation_id).await?)),
        None => organisations::manager_of(db, building.id).await,
    }
}

/// For whom an act on a roster is done; who keeps none is told so.
fn own(act: &Act) -> Result<OrganisationId, Refusal> {
    let keeps = act.actor.role().is_some_and(|r| Right::Roster.roles().iter().any(|own| own.as_str() == r));
    act.actor.organisation().filter(|_| keeps).ok_or_else(|| Refusal::new("only_own_duty"))
}

/// Fails unless this person acts for the organisation in the building.
async fn ask_theirs(act: &Act, building: &Building, organisation: OrganisationId, field: &'static str, person: PersonId) -> Result<()> {
    match persons::at_work(act.tx(), organisation, building).await?.contains(&person) {
        true => Ok(()),
        false => Err(Refusal::new("assign_not_theirs").at(field).into()),
    }
}

/// The next number of a row of this organisation in this building.
async fn next_number(act: &Act, table: &'static str, building: BuildingId, organisation: OrganisationId) -> Result<i32> {
    let text = format!("select coalesce(max(number), 0) + 1 from {table} where building_id = ? and organisation_id = ?");
    let row = act.tx().query_one_raw(sql(act.tx(), &text, [building.0.into(), organisation.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or(1))
}

/// Eight signs by which forms name a person.
pub fn handle(keys: &Keys, person: PersonId) -> String {
    hex::encode(&keys.derive("duty-person-handle", &[person.0.as_bytes()])[..4])
}

/// The person that a form names by them.
pub async fn named(act: &Act, building: &Building, field: &'static str, typed: &str) -> Result<PersonId> {
    let all = persons::at_work(act.tx(), own(act)?, building).await?;
    let found = all.into_iter().find(|p| handle(act.house().keys(), *p) == typed);
    Ok(found.ok_or_else(|| Refusal::new("choose_person").at(field))?)
}

/// A day that a form named.
fn day(field: &'static str, typed: &str) -> Result<NaiveDate, Refusal> {
    dates::parse(typed.trim()).ok_or_else(|| Refusal::new("date").at(field))
}
