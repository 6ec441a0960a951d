//! Gaps: what somebody who leaves had in a roster ends with their leaving, and stands there as open until somebody else has it,
//! or nobody is to have it.

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::shifts::HoldsOn;
use super::{Roster, absences, own, rules, shifts};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PersonId};

/// Hours in which nobody is there since somebody has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenShift {
    /// As it was.
    pub shift: shifts::Model,
    /// What of it nobody else has, in minutes after 0:00.
    pub open: Vec<(i32, i32)>,
}

/// What those who have left leave open in a roster.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    pub shifts: Vec<OpenShift>,
    /// Rules after which nobody else is asked.
    pub rules: Vec<rules::Model>,
}

/// What of some hours is left without others.
fn without(hours: (i32, i32), others: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let cut = |open: Vec<(i32, i32)>, (from, to): &(i32, i32)| {
        open.into_iter().flat_map(|(a, b)| [(a, b.min(*from)), (a.max(*to), b)]).filter(|(a, b)| a < b).collect()
    };
    others.iter().fold(vec![hours], cut)
}

impl Gaps {
    /// Nothing is open.
    pub fn is_empty(&self) -> bool {
        self.shifts.is_empty() && self.rules.is_empty()
    }

    /// What is open in a roster; dates that are over are not.
    pub async fn of(
        db: &impl ConnectionTrait,
        building: BuildingId,
        organisation: OrganisationId,
        roster: &Roster,
        today: NaiveDate,
    ) -> Result<Self> {
        use shifts::Column as S;
        let left = shifts::Entity::find().filter(S::BuildingId.eq(building)).filter(S::OrganisationId.eq(organisation));
        let left = left.filter(S::VacantSince.is_not_null()).order_by_asc(S::Number).all(db).await?;
        let to_come = |s: &shifts::Model| s.holds_on != HoldsOn::Date || s.day.as_deref() >= Some(today.to_string().as_str());
        let theirs = |s: &shifts::Model| {
            let same = |o: &&shifts::Model| o.holds_on == s.holds_on && o.day == s.day && roster.people.contains(&o.person_id);
            roster.shifts.iter().filter(same).map(|o| (o.starts, o.ends)).collect::<Vec<_>>()
        };
        let mut open: Vec<OpenShift> =
            left.into_iter().filter(to_come).map(|s| OpenShift { open: without((s.starts, s.ends), &theirs(&s)), shift: s }).collect();
        open.retain(|s| !s.open.is_empty());
        use rules::Column as R;
        let left = rules::Entity::find().filter(R::BuildingId.eq(building)).filter(R::OrganisationId.eq(organisation));
        let mut rules = left.filter(R::VacantSince.is_not_null()).order_by_asc(R::Position).order_by_asc(R::Number).all(db).await?;
        rules.retain(|r| !roster.rules.iter().any(|o| o.asks_like(r) && roster.people.contains(&o.person_id)));
        Ok(Self { shifts: open, rules })
    }
}

/// Ends what somebody has in an organisation's roster for a building, in the act by which they leave: shifts, rules, absences, and
/// that they stand in for others. Each has a line of its own.
pub(in crate::domain) async fn leave(act: &Act, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<()> {
    for shift in shifts::of(act.tx(), building, organisation).await?.into_iter().filter(|s| s.person_id == person) {
        let on = shift.on_self();
        let mut row: shifts::ActiveModel = shift.into();
        (row.ended_at, row.vacant_since) = (Set(Some(act.at)), Set(Some(act.at)));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::DutyShiftRemoved).await?;
    }
    for rule in rules::of(act.tx(), building, organisation).await?.into_iter().filter(|r| r.person_id == person) {
        let (on, number) = (rule.on_self(), rule.number);
        let mut row: rules::ActiveModel = rule.into();
        (row.ended_at, row.vacant_since) = (Set(Some(act.at)), Set(Some(act.at)));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::DutyRuleRemoved { number }).await?;
    }
    let today = act.calendar().date_of(act.at);
    for absence in absences::since(act.tx(), building, organisation, today).await? {
        let on = absence.on_self();
        let (gone, stood_in) = (absence.person_id == person, absence.stand_in_id == Some(person));
        let mut row: absences::ActiveModel = absence.into();
        let entry = if gone {
            row.ended_at = Set(Some(act.at));
            Entry::AbsenceEnded
        } else if stood_in {
            row.stand_in_id = Set(None);
            Entry::StandInGone { person }
        } else {
            continue;
        };
        row.update(act.tx()).await?;
        act.journal(on, &entry).await?;
    }
    Ok(())
}

/// Nobody is to have the hours that somebody has left.
pub async fn close_shift(act: &Act, building: BuildingId, number: i32) -> Result<()> {
    use shifts::Column as S;
    let organisation = own(act)?;
    let left = shifts::Entity::find().filter(S::BuildingId.eq(building)).filter(S::OrganisationId.eq(organisation)).filter(S::Number.eq(number));
    let shift = left.filter(S::VacantSince.is_not_null()).one(act.tx()).await?.ok_or_else(|| Refusal::new("duty_gone"))?;
    let on = shift.on_self();
    let set = shifts::ActiveModel { vacant_since: Set(None), ..Default::default() };
    once(shifts::Entity::update_many().set(set).filter(S::Id.eq(shift.id)).filter(S::VacantSince.is_not_null()).exec(act.tx()).await?)?;
    act.journal(on, &Entry::DutyGapClosed).await.map(drop)
}

/// Nobody is to have what came by the rule that somebody has left.
pub async fn close_rule(act: &Act, building: BuildingId, number: i32) -> Result<()> {
    use rules::Column as R;
    let organisation = own(act)?;
    let left = rules::Entity::find().filter(R::BuildingId.eq(building)).filter(R::OrganisationId.eq(organisation)).filter(R::Number.eq(number));
    let rule = left.filter(R::VacantSince.is_not_null()).one(act.tx()).await?.ok_or_else(|| Refusal::new("duty_gone"))?;
    let on = rule.on_self();
    let set = rules::ActiveModel { vacant_since: Set(None), ..Default::default() };
    once(rules::Entity::update_many().set(set).filter(R::Id.eq(rule.id)).filter(R::VacantSince.is_not_null()).exec(act.tx()).await?)?;
    act.journal(on, &Entry::DutyGapClosed).await.map(drop)
}

/// Of two who close a gap, one does.
fn once(done: sea_orm::UpdateResult) -> Result<()> {
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_is_left_of_some_hours() {
        let day = (480, 1200);
        assert_eq!(without(day, &[]), [day]);
        assert_eq!(without(day, &[(0, 480), (1200, 1920)]), [day], "what only touches takes nothing");
        assert_eq!(without(day, &[(540, 600)]), [(480, 540), (600, 1200)]);
        assert_eq!(without(day, &[(400, 600), (900, 1300)]), [(600, 900)]);
        assert_eq!(without(day, &[(400, 700), (700, 1200)]), []);
    }
}
