//! Keys of devices 设备钥匙: by one a sensor or a robot reports in a building. The key is shown once; the database keeps its
//! hash, who made it, and the last day on which it was used.

use base64::Engine as _;
use rand::Rng as _;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};
use sha2::{Digest as _, Sha256};

use super::buildings::Building;
use super::journal::Entry;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, DeviceKeyId, OrganisationId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceKeyId,
    pub building_id: BuildingId,
    /// Whose device it is, where it is somebody's.
    pub organisation_id: Option<OrganisationId>,
    /// `三号梯传感器`.
    pub name: String,
    pub key_hash: Vec<u8>,
    pub created_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    /// The last day of use, `2026-11-23`.
    pub used_on: Option<String>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as DeviceKey;

/// Most keys of a building that are in use.
const MOST: usize = 200;

/// Begins each key, so that one that was published by mistake is found by those who search for such things.
const MARK: &str = "louyi_";

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

/// Makes a key; gives it with its row, and never again.
pub async fn issue(act: &Act, building: &Building, name: &str, organisation: Option<OrganisationId>) -> Result<(DeviceKey, String)> {
    let name = text::words("name", name, 1, 60)?.replace('\n', " ");
    let all = of_building(act.tx(), building.id).await?;
    let mut in_use = all.iter().filter(|k| k.revoked_at.is_none());
    if in_use.clone().count() >= MOST {
        return Err(Refusal::new("too_many_keys").with("max", MOST).into());
    }
    if in_use.any(|k| k.name == name) {
        return Err(Refusal::new("known_already").at("name").into());
    }
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let key = format!("{MARK}{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes));
    let row = ActiveModel {
        id: Set(DeviceKeyId(act.fresh())),
        building_id: Set(building.id),
        organisation_id: Set(organisation),
        name: Set(name),
        key_hash: Set(hash(&key)),
        created_by: Set(act.actor.person()),
        created_at: Set(act.at),
        used_on: Set(None),
        revoked_at: Set(None),
    };
    let made = row.insert(act.tx()).await?;
    act.journal(made.on_self(), &Entry::DeviceKeyIssued { key: made.id, organisation }).await?;
    Ok((made, key))
}

impl Model {
    fn on_self(&self) -> On {
        On::new("device_key", self.id).in_building(self.building_id)
    }

    /// Eight signs by which pages name it.
    pub fn handle(&self, keys: &Keys) -> String {
        hex::encode(&keys.derive("device-key-handle", &[self.id.0.as_bytes()])[..4])
    }

    /// Who acts by it.
    pub fn actor(&self) -> Actor {
        Actor::Device { id: self.id, organisation: self.organisation_id }
    }

    /// Ends it: from now on it opens nothing.
    pub async fn revoke(self, act: &Act) -> Result<()> {
        if self.revoked_at.is_some() {
            return Err(Refusal::new("key_revoked").into());
        }
        let (on, id) = (self.on_self(), self.id);
        let mut row: ActiveModel = self.into();
        row.revoked_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::DeviceKeyRevoked { key: id }).await.map(drop)
    }

    /// Notes the day of use, once a day.
    pub async fn used(&self, house: &House) -> Result<()> {
        let today = dates::local(house.now()).date().to_string();
        if self.used_on.as_deref() == Some(today.as_str()) {
            return Ok(());
        }
        let w = house.db().upkeep();
        w.execute_raw(sql(w, "update device_keys set used_on = ? where id = ?", [today.into(), self.id.0.into()])).await?;
        Ok(())
    }
}

/// The keys of a building, the newest first; those that were revoked last.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<DeviceKey>> {
    let mut all = Entity::find().filter(Column::BuildingId.eq(building)).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(db).await?;
    all.sort_by_key(|k| k.revoked_at.is_some());
    Ok(all)
}

/// The key of a building with this handle.
pub async fn by_handle(db: &impl ConnectionTrait, keys: &Keys, building: BuildingId, handle: &str) -> Result<DeviceKey> {
    of_building(db, building).await?.into_iter().find(|k| k.handle(keys) == handle).ok_or(Error::NotFound)
}

/// The key that somebody shows, if it still holds.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<DeviceKey>> {
    if !key.starts_with(MARK) || key.len() > 100 {
        return Ok(None);
    }
    Ok(Entity::find().filter(Column::KeyHash.eq(hash(key))).filter(Column::RevokedAt.is_null()).one(db).await?)
}
