//! Redeeming: the printed code dies and becomes a secret on one device. Whoever noted the codes before they were handed out
//! can learn that one was used, and nothing of what was done with it.

use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use super::{Batch, Entity, code_hash, today};
use crate::domain::organisations::{self, Organisation};
use crate::kernel::act::Act;
use crate::kernel::codes;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, SlipBatchId};
use crate::kernel::keys::{self, Keys};

/// What a device holds: where somebody works, by which batch.
#[derive(Clone, Debug)]
pub struct Holding {
    pub batch: Batch,
    pub organisation: Organisation,
}

impl Holding {
    /// Whether it proves something on a day.
    pub fn proves(&self, today: chrono::NaiveDate) -> bool {
        self.batch.proves(today) && self.organisation.retired_at.is_none()
    }
}

/// What the database keeps of the secret on a device.
fn secret_hash(keys: &Keys, secret: &str) -> Vec<u8> {
    keys.derive("slip-credential", &[secret.as_bytes()]).to_vec()
}

/// What a device's secret stands for; none where nobody knows it.
pub async fn held(db: &impl ConnectionTrait, keys: &Keys, secret: &str) -> Result<Option<Holding>> {
    if secret.len() != 43 {
        return Ok(None);
    }
    let text = "select batch_id from slip_credentials where secret = ?";
    let Some(row) = db.query_one_raw(sql(db, text, [secret_hash(keys, secret).into()])).await? else { return Ok(None) };
    let batch = Entity::find_by_id(SlipBatchId(row.try_get_by_index(0)?)).one(db).await?.ok_or(Error::NotFound)?;
    let organisation = organisations::by_id(db, batch.organisation_id).await?;
    Ok(Some(Holding { batch, organisation }))
}

/// The code as it was printed or sent; none where it can be neither.
fn normal(typed: &str) -> Option<String> {
    let sent = typed.trim();
    let by_mail = sent.len() == 22 && sent.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if by_mail { Some(sent.to_owned()) } else { codes::normal(typed) }
}

/// Redeems a slip: gives the secret for this device, once. A device that proves the same already keeps what it has, and the
/// slip stays good for somebody else.
pub async fn redeem(act: &Act, typed: &str, on_device: Option<&str>) -> Result<(String, Holding)> {
    let keys = act.house().keys();
    let Some(code) = normal(typed) else {
        return Err(match codes::signs(typed) {
            0 => Refusal::new("empty").at("code"),
            9 => Refusal::new("code_slip").at("code"),
            n => Refusal::new("code_length").with("n", n).at("code"),
        }
        .into());
    };
    let gone = "delete from slips where code = ? returning batch_id";
    let row = act.tx().query_one_raw(sql(act.tx(), gone, [code_hash(keys, &code).into()])).await?;
    let row = row.ok_or_else(|| Refusal::new("slip_unknown").at("code"))?;
    let batch = super::hold(act, SlipBatchId(row.try_get_by_index(0)?)).await?;
    let organisation = organisations::by_id(act.tx(), batch.organisation_id).await?;
    let new = Holding { batch, organisation };
    if !new.proves(today(act)) {
        return Err(Refusal::new("slips_over").at("code").into());
    }
    if let Some(old) = on_device {
        let holding = held(act.tx(), keys, old).await?;
        if holding.is_some_and(|h| h.proves(today(act)) && h.organisation.id == new.organisation.id) {
            return Err(Refusal::new("slip_second").at("code").into());
        }
        // Who works elsewhere now proves that, and no longer the other.
        forget(act, old).await?;
    }
    let secret = keys::token();
    let text = "insert into slip_credentials (secret, batch_id) values (?, ?)";
    act.tx().execute_raw(sql(act.tx(), text, [secret_hash(keys, &secret).into(), new.batch.id.0.into()])).await?;
    let text = "update slip_batches set used = used + 1 where id = ?";
    act.tx().execute_raw(sql(act.tx(), text, [new.batch.id.0.into()])).await?;
    Ok((secret, new))
}

/// Takes back what a device holds.
pub async fn forget(act: &Act, secret: &str) -> Result<()> {
    let hash = secret_hash(act.house().keys(), secret);
    act.tx().execute_raw(sql(act.tx(), "delete from slip_credentials where secret = ?", [hash.into()])).await?;
    Ok(())
}

/// How many have redeemed a slip of an enterprise.
pub async fn redeemed(db: &impl ConnectionTrait, of: OrganisationId) -> Result<i64> {
    let text = "select coalesce(sum(used), 0) from slip_batches where organisation_id = ?";
    let row = db.query_one_raw(sql(db, text, [of.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default())
}
