//! Versions of the roll: entered whole by a list, or changed unit by unit.

use std::collections::{HashMap, HashSet};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::list::{Planned, Row, Whom, plan};
use super::{ActiveModel, Column, Entity, Holder, HolderKind, Roll, Unit, holder, names, on, unit};
use crate::domain::buildings::{self, Building};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OwnerHolderId, OwnerUnitId};

/// Rows written in one statement.
const CHUNK: usize = 500;

/// A unit and whose it is.
#[derive(Clone, Debug)]
pub struct Held {
    pub unit: Unit,
    pub holder: Holder,
}

/// The newest version; none where nobody has entered one.
pub async fn latest(db: &impl ConnectionTrait, building: BuildingId) -> Result<Option<Roll>> {
    Ok(Entity::find().filter(Column::BuildingId.eq(building)).order_by_desc(Column::Version).one(db).await?)
}

async fn holders(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Holder>> {
    Ok(holder::Entity::find().filter(holder::Column::BuildingId.eq(building)).order_by_asc(holder::Column::Number).all(db).await?)
}

/// The units of a version, by their names.
pub async fn of_version(db: &impl ConnectionTrait, building: BuildingId, version: i32) -> Result<Vec<Held>> {
    let holds = unit::Column::UntilVersion.is_null().or(unit::Column::UntilVersion.gt(version));
    let units = unit::Entity::find().filter(unit::Column::BuildingId.eq(building)).filter(unit::Column::FromVersion.lte(version)).filter(holds);
    let units = units.order_by_asc(unit::Column::Unit).all(db).await?;
    let holders: HashMap<OwnerHolderId, Holder> = holders(db, building).await?.into_iter().map(|h| (h.id, h)).collect();
    Ok(units.into_iter().filter_map(|unit| holders.get(&unit.holder_id).cloned().map(|holder| Held { unit, holder })).collect())
}

/// Holds the building, so that two who change the roll wait for one another; fails unless this is the version that the page showed.
async fn begin(act: &Act, building: &Building, seen: i32) -> Result<i32> {
    buildings::hold(act, building.id).await?;
    let last = latest(act.tx(), building.id).await?.map_or(0, |r| r.version);
    if last == seen { Ok(last) } else { Err(Error::Conflict) }
}

/// The holders that a change names, those that are new with a number of their own.
struct Register {
    building: BuildingId,
    known: HashMap<(HolderKind, String), Holder>,
    last: i32,
}

impl Register {
    async fn of(act: &Act, building: BuildingId) -> Result<Self> {
        let all = holders(act.tx(), building).await?;
        let last = all.iter().map(|h| h.number).max().unwrap_or(0);
        Ok(Self { building, last, known: all.into_iter().map(|h| ((h.kind, h.label.clone()), h)).collect() })
    }

    async fn holder(&mut self, act: &Act, whom: &Whom) -> Result<OwnerHolderId> {
        let (kind, label, organisation) = match whom {
            Whom::Developer => (HolderKind::Developer, String::new(), None),
            Whom::Organisation(o) => (HolderKind::Organisation, o.slug.clone(), Some(o.id)),
            Whom::Household(label) => (HolderKind::Household, label.clone(), None),
        };
        if let Some(h) = self.known.get(&(kind, label.clone())) {
            return Ok(h.id);
        }
        self.last += 1;
        let row = holder::ActiveModel {
            id: Set(OwnerHolderId(act.fresh())),
            building_id: Set(self.building),
            number: Set(self.last),
            kind: Set(kind),
            organisation_id: Set(organisation),
            label: Set(label.clone()),
            created_at: Set(act.at),
        };
        let h = row.insert(act.tx()).await?;
        let id = h.id;
        self.known.insert((kind, label), h);
        Ok(id)
    }
}

/// Writes a version: these units as planned, `whole` says that all others go.
async fn write(act: &Act, building: &Building, last: i32, planned: &[Planned], gone: &HashSet<String>, whole: bool) -> Result<Roll> {
    let version = last + 1;
    let now = of_version(act.tx(), building.id, last).await?;
    let mut register = Register::of(act, building.id).await?;
    let held: HashMap<&str, &Unit> = now.iter().map(|h| (h.unit.unit.as_str(), &h.unit)).collect();
    let (mut fresh, mut ended): (Vec<unit::ActiveModel>, Vec<OwnerUnitId>) = (vec![], vec![]);
    let mut named = HashSet::new();
    let mut renamed = false;
    for p in planned {
        let holder = register.holder(act, &p.whom).await?;
        if !p.names.is_empty() {
            renamed |= names::keep(act, holder, &p.names).await?;
        }
        named.insert(p.unit.as_str());
        let same =
            held.get(p.unit.as_str()).is_some_and(|u| (u.holder_id, u.area, u.parking, u.co_owners) == (holder, p.area, p.parking, p.co_owners));
        if same {
            continue;
        }
        ended.extend(held.get(p.unit.as_str()).map(|u| u.id));
        fresh.push(unit::ActiveModel {
            id: Set(OwnerUnitId(act.fresh())),
            building_id: Set(building.id),
            holder_id: Set(holder),
            unit: Set(p.unit.clone()),
            area: Set(p.area),
            parking: Set(p.parking),
            co_owners: Set(p.co_owners),
            from_version: Set(version),
            until_version: Set(None),
        });
    }
    ended.extend(now.iter().filter(|h| gone.contains(&h.unit.unit) || (whole && !named.contains(h.unit.unit.as_str()))).map(|h| h.unit.id));
    if fresh.is_empty() && ended.is_empty() && !renamed {
        return Err(Refusal::new("roll_same").into());
    }
    for ids in ended.chunks(CHUNK) {
        let set = unit::ActiveModel { until_version: Set(Some(version)), ..Default::default() };
        unit::Entity::update_many().set(set).filter(unit::Column::Id.is_in(ids.iter().copied())).exec(act.tx()).await?;
    }
    while !fresh.is_empty() {
        let rest = fresh.split_off(CHUNK.min(fresh.len()));
        unit::Entity::insert_many(std::mem::replace(&mut fresh, rest)).exec_without_returning(act.tx()).await?;
    }
    let after = of_version(act.tx(), building.id, version).await?;
    let persons = after.iter().map(|h| h.holder.id).collect::<HashSet<_>>().len();
    let row = ActiveModel {
        building_id: Set(building.id),
        version: Set(version),
        units: Set(after.len() as i32),
        holders: Set(persons as i32),
        area: Set(after.iter().map(|h| h.unit.area).sum()),
        made_by: Set(act.actor.person()),
        created_at: Set(act.at),
    };
    let roll = row.insert(act.tx()).await?;
    act.journal(on(building), &Entry::OwnersRollChanged { version, units: roll.units, holders: roll.holders }).await?;
    Ok(roll)
}

async fn planned(act: &Act, building: &Building, rows: &[Row]) -> Result<Vec<Planned>> {
    match plan(act.tx(), building, rows).await? {
        Ok(planned) => Ok(planned),
        Err(faults) if faults.len() == 1 => Err(faults.into_iter().next().map_or_else(|| Refusal::new("empty"), |f| f.refusal).into()),
        Err(faults) => Err(Refusal::new("table_faults").with("n", faults.len()).at("table").into()),
    }
}

/// Enters the whole roll: what the list does not name is no longer on it.
pub async fn enter(act: &Act, building: &Building, rows: &[Row], seen: i32) -> Result<Roll> {
    let last = begin(act, building, seen).await?;
    let planned = planned(act, building, rows).await?;
    write(act, building, last, &planned, &HashSet::new(), true).await
}

/// Enters one unit, or what has changed of it.
pub async fn set(act: &Act, building: &Building, row: Row, seen: i32) -> Result<Roll> {
    let last = begin(act, building, seen).await?;
    let planned = planned(act, building, &[row]).await?;
    write(act, building, last, &planned, &HashSet::new(), false).await
}

/// Takes a unit off the roll.
pub async fn remove(act: &Act, building: &Building, unit: &str, seen: i32) -> Result<Roll> {
    let last = begin(act, building, seen).await?;
    if !of_version(act.tx(), building.id, last).await?.iter().any(|h| h.unit.unit == unit) {
        return Err(Refusal::new("owner_unit_unknown").at("unit").into());
    }
    write(act, building, last, &[], &HashSet::from([unit.to_owned()]), false).await
}
