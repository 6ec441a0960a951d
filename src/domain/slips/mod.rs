//! Slips 凭条: an enterprise gives out one-time codes to those who work there, and nobody writes down to whom. Whoever
//! redeems one can prove later that they work there, and not who they are (see `domain::proofs`).

mod mail;
mod redeeming;
mod sweeping;

pub use mail::{Providers, code_for_letter, domains, invite, state_domains};
pub use redeeming::{Holding, forget, held, redeem, redeemed};
pub(in crate::domain) use sweeping::{shuffle, sweep};

use chrono::{Days, NaiveDate};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::buildings::Building;
use super::journal::Entry;
use super::organisations::{self, Organisation, OrganisationKind};
use super::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::codes;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, SlipBatchId};
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;

/// Days for which a batch proves something, unless it is ended before.
pub const VALID_DAYS: u64 = 365;
/// Days for which what came of a batch is kept once it proves nothing any more.
pub const KEPT_DAYS: i64 = 30;
/// Most slips of one batch: what can be cut and handed out.
pub const BATCH_MAX: i32 = 500;
/// Most slips of an enterprise that has not said how many work there.
pub const UNKNOWN_MAX: i32 = 200;
/// From so many on a number of people is told.
pub const FEW: i64 = 5;

vocabulary! {
    /// By which door a batch reaches those who work there.
    Door {
        /// Printed and handed out.
        Paper = "paper",
        /// Sent to whoever asks with an address at the enterprise's own domain.
        Mail = "mail",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "slip_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SlipBatchId,
    pub organisation_id: OrganisationId,
    pub building_id: BuildingId,
    pub door: Door,
    /// How many slips it has, by mail at most.
    pub made: i32,
    /// How many of them were redeemed.
    pub used: i32,
    /// Days, `2026-11-23`.
    pub made_on: String,
    pub valid_until: String,
    pub ended_on: Option<String>,
    /// The form's own key: printed slips are shown once, so the same form makes them once.
    pub form_key: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Batch;

/// What the database keeps of a code: keyed, since 40 bits alone could be tried out.
fn code_hash(keys: &Keys, code: &str) -> Vec<u8> {
    keys.derive("slip", &[code.as_bytes()]).to_vec()
}

fn today(act: &Act) -> NaiveDate {
    dates::local(act.at).date()
}

/// Fails for whoever is neither the building's secretary nor speaks for this enterprise.
fn ask_speaks_for(act: &Act, organisation: OrganisationId) -> Result<(), Refusal> {
    let Actor::Person { role, organisation: own, .. } = &act.actor else { return Err(Refusal::new("no_right")) };
    if *role == Role::Secretary.as_str() || (*role == Role::Representative.as_str() && *own == organisation) {
        return Ok(());
    }
    Err(Refusal::new("only_own_slips"))
}

fn ask_tenant(building: &Building, of: &Organisation) -> Result<(), Refusal> {
    let here = of.kind == OrganisationKind::Enterprise && of.building_id == Some(building.id) && of.retired_at.is_none();
    if here { Ok(()) } else { Err(Refusal::new("choose_organisation").at("organisation")) }
}

impl Model {
    /// What the journal notes about a batch.
    fn on_self(&self) -> On {
        On::new("slip_batch", self.id).in_building(self.building_id)
    }

    /// Whether what came of it proves something on a day.
    pub fn proves(&self, today: NaiveDate) -> bool {
        self.ended_on.is_none() && today.to_string() <= self.valid_until
    }

    /// Ends it: its slips die, and what they became proves nothing any more for what comes.
    pub async fn end(self, act: &Act) -> Result<()> {
        ask_speaks_for(act, self.organisation_id)?;
        if self.ended_on.is_some() {
            return Err(Refusal::new("slips_ended_already").into());
        }
        act.tx().execute_raw(sql(act.tx(), "delete from slips where batch_id = ?", [self.id.0.into()])).await?;
        let on = self.on_self();
        let mut row: ActiveModel = self.into();
        row.ended_on = Set(Some(today(act).to_string()));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::SlipsEnded).await?;
        Ok(())
    }
}

/// How many more slips an enterprise may have: as many as work there, or a few where that isn't known.
pub async fn left_of(db: &impl ConnectionTrait, of: &Organisation, today: NaiveDate) -> Result<i32> {
    let running = batches(db, of.id).await?.into_iter().filter(|b| b.proves(today)).map(|b| b.made).sum::<i32>();
    Ok((of.workers.unwrap_or(UNKNOWN_MAX) - running).max(0))
}

/// Makes a batch. Of printed slips the codes are given, in no order and never again; nobody learns to whom they go.
pub async fn make(act: &Act, building: &Building, of: &Organisation, door: Door, n: i32, form_key: Option<Vec<u8>>) -> Result<(Batch, Vec<String>)> {
    ask_speaks_for(act, of.id)?;
    ask_tenant(building, of)?;
    super::buildings::hold(act, building.id).await?;
    let left = left_of(act.tx(), of, today(act)).await?;
    let most = if door == Door::Paper { left.min(BATCH_MAX) } else { left };
    if n < 1 || n > most {
        let key = if most == 0 { "slips_none_left" } else { "slips_number" };
        return Err(Refusal::new(key).with("max", most).at("n").into());
    }
    if let Some(key) = &form_key
        && Entity::find().filter(Column::FormKey.eq(key.clone())).one(act.tx()).await?.is_some()
    {
        return Err(Refusal::new("slips_shown").into());
    }
    let row = ActiveModel {
        id: Set(SlipBatchId(act.fresh())),
        organisation_id: Set(of.id),
        building_id: Set(building.id),
        door: Set(door),
        made: Set(n),
        used: Set(0),
        made_on: Set(today(act).to_string()),
        valid_until: Set((today(act) + Days::new(VALID_DAYS)).to_string()),
        ended_on: Set(None),
        form_key: Set(form_key),
    };
    let batch = row.insert(act.tx()).await?;
    let codes = if door == Door::Paper { print(act, &batch).await? } else { vec![] };
    act.journal(batch.on_self(), &Entry::SlipsMade { organisation: of.id, n }).await?;
    Ok((batch, codes))
}

async fn print(act: &Act, batch: &Batch) -> Result<Vec<String>> {
    let mut codes = vec![];
    while codes.len() < batch.made as usize {
        let code = codes::of(rand::random());
        let text = "insert into slips (code, batch_id) values (?, ?) on conflict (code) do nothing";
        let hash = code_hash(act.house().keys(), &code);
        if act.tx().execute_raw(sql(act.tx(), text, [hash.into(), batch.id.0.into()])).await?.rows_affected() == 1 {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// The batches of an enterprise, the newest first.
pub async fn batches(db: &impl ConnectionTrait, of: OrganisationId) -> Result<Vec<Batch>> {
    Ok(Entity::find().filter(Column::OrganisationId.eq(of)).order_by_desc(Column::Id).all(db).await?)
}

/// The enterprises of a building for which somebody may make slips: all for the secretary, one's own for a representative.
pub async fn enterprises(db: &impl ConnectionTrait, building: BuildingId, actor: &Actor) -> Result<Vec<Organisation>> {
    let all = organisations::tenants(db, building).await?;
    if actor.role() == Some(Role::Secretary.as_str()) {
        return Ok(all);
    }
    Ok(all.into_iter().filter(|o| actor.organisation() == Some(o.id)).collect())
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: SlipBatchId) -> Result<Batch> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// By id, locked until the act ends.
pub async fn hold(act: &Act, id: SlipBatchId) -> Result<Batch> {
    use sea_orm::QuerySelect as _;
    let mut q = Entity::find_by_id(id);
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}
