//! Rules: what is on these floors, or of this kind, comes into this person's hands. The first that fits holds.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::{ask_theirs, next_number, own};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, DutyRuleId, OrganisationId, PersonId};
use crate::kernel::journal::On;

/// Most rules of an organisation in a building: more would not be read through.
const MOST: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyRuleId,
    pub building_id: BuildingId,
    pub organisation_id: OrganisationId,
    pub number: i32,
    pub person_id: PersonId,
    /// A kind of trouble, or a group of kinds.
    pub category: Option<String>,
    pub tower: Option<String>,
    pub lowest: Option<i32>,
    pub highest: Option<i32>,
    pub made_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// In this order they are asked.
    pub position: i32,
    /// Its person has left, and nobody was named since.
    pub vacant_since: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Rule;

/// A rule, as it is asked for.
pub struct NewRule<'a> {
    pub person: PersonId,
    pub category: Option<&'a str>,
    pub tower: Option<&'a str>,
    /// Floors as typed; basements are negative.
    pub lowest: Option<&'a str>,
    pub highest: Option<&'a str>,
}

pub(super) async fn of(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId) -> Result<Vec<Rule>> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    Ok(all.filter(Column::EndedAt.is_null()).order_by_asc(Column::Position).order_by_asc(Column::Number).all(db).await?)
}

/// One of an organisation's by its number.
pub async fn rule_by_number(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, number: i32) -> Result<Rule> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    all.filter(Column::Number.eq(number)).filter(Column::EndedAt.is_null()).one(db).await?.ok_or(Error::NotFound)
}

fn floor(field: &'static str, typed: Option<&str>) -> Result<Option<i32>, Refusal> {
    let Some(typed) = typed else { return Ok(None) };
    let wrong = || Refusal::new("floor").at(field);
    let plain = typed.trim().trim_end_matches(['层', '楼', 'F', 'f']);
    // B1 is the first below the ground.
    let (below, digits) = match plain.strip_prefix(['B', 'b']) {
        Some(rest) => (true, rest),
        None => (false, plain),
    };
    let n: i32 = digits.parse().map_err(|_| wrong())?;
    let n = if below { -n } else { n };
    (-10..=200).contains(&n).then_some(Some(n)).ok_or_else(wrong)
}

/// Adds a rule after those that are there.
pub async fn add_rule(act: &Act, building: &Building, new: NewRule<'_>) -> Result<Rule> {
    let organisation = own(act)?;
    buildings::hold(act, building.id).await?;
    ask_theirs(act, building, organisation, "person", new.person).await?;
    if let Some(code) = new.category
        && categories::find(code).is_none()
        && categories::all().iter().all(|c| c.group != code)
    {
        return Err(Refusal::new("unknown_choice").at("category").into());
    }
    if let Some(tower) = new.tower
        && building.tower_floors().iter().all(|(name, ..)| name != tower)
    {
        return Err(Refusal::new("unknown_choice").at("tower").into());
    }
    let (lowest, highest) = (floor("lowest", new.lowest)?, floor("highest", new.highest)?);
    if lowest.zip(highest).is_some_and(|(low, high)| high < low) {
        return Err(Refusal::new("floors_backwards").at("highest").into());
    }
    if new.category.is_none() && new.tower.is_none() && lowest.is_none() && highest.is_none() {
        return Err(Refusal::new("duty_rule_empty").at("category").into());
    }
    let all = of(act.tx(), building.id, organisation).await?;
    if all.len() >= MOST {
        return Err(Refusal::new("duty_rules_most").with("n", MOST).at("person").into());
    }
    let row = ActiveModel {
        id: Set(DutyRuleId(act.fresh())),
        building_id: Set(building.id),
        organisation_id: Set(organisation),
        number: Set(next_number(act, "duty_rules", building.id, organisation).await?),
        person_id: Set(new.person),
        category: Set(new.category.map(Into::into)),
        tower: Set(new.tower.map(Into::into)),
        lowest: Set(lowest),
        highest: Set(highest),
        made_at: Set(act.at),
        ended_at: Set(None),
        position: Set(all.last().map_or(1, |r| r.position + 1)),
        vacant_since: Set(None),
    };
    let rule = row.insert(act.tx()).await?;
    act.journal(rule.on_self(), &Entry::DutyRuleSet { number: rule.number, person: rule.person_id }).await?;
    Ok(rule)
}

impl Model {
    pub(super) fn on_self(&self) -> On {
        On::new("duty_rule", self.id).in_building(self.building_id)
    }

    /// Whether it says something about a kind of trouble at a place.
    pub fn fits(&self, place: &Place, category: &str) -> bool {
        let group = || categories::find(category).map(|c| c.group.as_str());
        let of_kind = self.category.as_deref().is_none_or(|own| own == category || group() == Some(own));
        let in_tower = self.tower.is_none() || self.tower == place.tower;
        let between = |at: i32| self.lowest.is_none_or(|low| low <= at) && self.highest.is_none_or(|high| at <= high);
        let on_floor = self.lowest.is_none() && self.highest.is_none() || place.floor_order.is_some_and(between);
        of_kind && in_tower && on_floor
    }

    /// Whether another one asks for the same.
    pub(super) fn asks_like(&self, other: &Rule) -> bool {
        (&self.category, &self.tower, self.lowest, self.highest) == (&other.category, &other.tower, other.lowest, other.highest)
    }

    /// Puts it before the one that stands above it, or after the one below; `past` is the number of that one, as whoever asks saw
    /// it: where the order was changed meanwhile, nothing is.
    pub async fn reorder(self, act: &Act, up: bool, past: i32) -> Result<()> {
        if own(act)? != self.organisation_id {
            return Err(Refusal::new("only_own_duty").into());
        }
        buildings::hold(act, self.building_id).await?;
        let all = of(act.tx(), self.building_id, self.organisation_id).await?;
        let at = all.iter().position(|r| r.id == self.id).ok_or(Error::NotFound)?;
        let beside = if up { at.checked_sub(1) } else { Some(at + 1) };
        let other = beside.and_then(|i| all.get(i)).filter(|r| r.number == past).ok_or_else(|| Refusal::new("duty_rules_moved"))?;
        let (on, number) = (self.on_self(), self.number);
        for (id, position) in [(self.id, other.position), (other.id, all[at].position)] {
            let set = ActiveModel { position: Set(position), ..Default::default() };
            Entity::update_many().set(set).filter(Column::Id.eq(id)).exec(act.tx()).await?;
        }
        act.journal(on, &Entry::DutyRuleMoved { number, past, up }).await?;
        Ok(())
    }

    /// Takes it out.
    pub async fn remove(self, act: &Act) -> Result<()> {
        if own(act)? != self.organisation_id {
            return Err(Refusal::new("only_own_duty").into());
        }
        let (on, number) = (self.on_self(), self.number);
        let mut row: ActiveModel = self.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::DutyRuleRemoved { number }).await?;
        Ok(())
    }
}
