//! The door by mail: whoever has an address at an enterprise's own domain is sent a slip. One an address, remembered as a
//! keyed hash; the link in the letter is derived under the server's key and stands nowhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::json;

use super::{Batch, Door, ask_speaks_for, batches, code_hash, today};
use crate::domain::buildings::Building;
use crate::domain::journal::Entry;
use crate::domain::organisations::Organisation;
use crate::domain::subscriptions::mailbox;
use crate::kernel::act::{Act, House};
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{OrganisationId, SlipBatchId};
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;
use crate::kernel::outbox::Address;

/// Most domains of an enterprise.
const MOST: usize = 8;

/// `data/mail_providers.toml`: at these domains anybody has an address, so it proves nothing.
#[derive(Deserialize)]
pub struct Providers {
    /// Domain and whose it is.
    open_to_all: BTreeMap<String, String>,
}

impl Providers {
    /// The list.
    pub fn list() -> &'static Self {
        static LIST: LazyLock<Providers> =
            LazyLock::new(|| toml::from_str(include_str!("../../../data/mail_providers.toml")).expect("a list of providers"));
        &LIST
    }

    /// Whose domain it is, where it is open to everybody; also below it.
    pub fn whose(&self, domain: &str) -> Option<&str> {
        self.open_to_all
            .iter()
            .find(|(d, _)| domain == **d || domain.strip_suffix(d.as_str()).is_some_and(|rest| rest.ends_with('.')))
            .map(|(_, w)| w.as_str())
    }
}

fn checked(typed: &str) -> Result<String, Refusal> {
    let domain = typed.trim().trim_start_matches('@').trim_end_matches('.').to_lowercase();
    let label = |l: &str| {
        !l.is_empty() && l.len() <= 63 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !l.starts_with('-') && !l.ends_with('-')
    };
    let whole =
        domain.len() <= 120 && domain.contains('.') && domain.split('.').all(label) && !domain.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !whole {
        return Err(Refusal::new("mail_domain").with("domain", domain.chars().take(60).collect::<String>()).at("domains"));
    }
    match Providers::list().whose(&domain) {
        Some(whose) => Err(Refusal::new("mail_domain_open").with("domain", &domain).with("whose", whose).at("domains")),
        None => Ok(domain),
    }
}

/// The domains that an enterprise has stated.
pub async fn domains(db: &impl ConnectionTrait, of: OrganisationId) -> Result<Vec<String>> {
    let text = "select domain from slip_domains where organisation_id = ? order by domain";
    let rows = db.query_all_raw(sql(db, text, [of.0.into()])).await?;
    Ok(rows.iter().map(|r| r.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}

/// States the domains of an enterprise, in place of those before; none takes them all away.
pub async fn state_domains(act: &Act, building: &Building, of: &Organisation, typed: &str) -> Result<()> {
    ask_speaks_for(act, of.id)?;
    super::ask_tenant(building, of)?;
    let split = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '、');
    let mut all = typed.split(split).filter(|d| !d.is_empty()).map(checked).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    all.dedup();
    if all.len() > MOST {
        return Err(Refusal::new("mail_domains_many").with("max", MOST).at("domains").into());
    }
    act.tx().execute_raw(sql(act.tx(), "delete from slip_domains where organisation_id = ?", [of.id.0.into()])).await?;
    for domain in &all {
        let text = "insert into slip_domains (domain, organisation_id, stated_on) values (?, ?, ?)";
        let values = [domain.as_str().into(), of.id.0.into(), today(act).to_string().into()];
        act.tx().execute_raw(sql(act.tx(), text, values)).await?;
    }
    let on = On::new("organisation", of.id).in_building(building.id);
    act.journal(on, &Entry::MailDomainsStated { n: all.len() as u32 }).await?;
    Ok(())
}

/// The mailbox behind an address: what follows a plus sign only sorts its mail.
fn mailbox_of(address: &str) -> String {
    let (name, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}@{domain}", name.split('+').next().unwrap_or(name)).to_lowercase()
}

fn address_mark(keys: &Keys, batch: SlipBatchId, address: &str) -> Vec<u8> {
    keys.derive("slip-address", &[batch.0.as_bytes(), mailbox_of(address).as_bytes()]).to_vec()
}

/// The code in the letter to an address: 128 bits that nobody keeps.
fn code_for(keys: &Keys, batch: SlipBatchId, address: &str) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&keys.derive("slip-mail", &[batch.0.as_bytes(), mailbox_of(address).as_bytes()])[..16])
}

/// The batch from which an address gets its slip: of an enterprise that has stated this very domain.
async fn batch_for(act: &Act, domain: &str) -> Result<Option<Batch>> {
    let text = "select organisation_id from slip_domains where domain = ? order by organisation_id";
    for row in act.tx().query_all_raw(sql(act.tx(), text, [domain.into()])).await? {
        let id = OrganisationId(row.try_get_by_index(0)?);
        let running = batches(act.tx(), id).await?.into_iter().find(|b| b.door == Door::Mail && b.proves(today(act)));
        if let Some(batch) = running {
            return Ok(Some(batch));
        }
    }
    Ok(None)
}

/// Sends a slip to an address, or its link again, or that it has had one: whoever asks learns none of it.
pub async fn invite(act: &Act, typed: &str, lang: Lang) -> Result<()> {
    let address = mailbox(typed)?.to_lowercase();
    let domain = address.rsplit_once('@').map(|(_, d)| d.to_owned()).unwrap_or_default();
    let batch = batch_for(act, &domain).await?.ok_or_else(|| Refusal::new("mail_not_stated").with("domain", &domain).at("email"))?;
    let batch = super::hold(act, batch.id).await?;
    let keys = act.house().keys();
    let mark = address_mark(keys, batch.id, &address);
    let code = code_hash(keys, &code_for(keys, batch.id, &address));
    let known = act.tx().query_one_raw(sql(act.tx(), "select 1 from slip_addresses where address = ?", [mark.clone().into()])).await?.is_some();
    let good = if known {
        act.tx().query_one_raw(sql(act.tx(), "select 1 from slips where code = ?", [code.into()])).await?.is_some()
    } else {
        let n = act.tx().query_one_raw(sql(act.tx(), "select count(*) from slip_addresses where batch_id = ?", [batch.id.0.into()])).await?;
        if n.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() >= i64::from(batch.made) {
            return Err(Refusal::new("slips_out").at("email").into());
        }
        let text = "insert into slip_addresses (address, batch_id) values (?, ?)";
        act.tx().execute_raw(sql(act.tx(), text, [mark.into(), batch.id.0.into()])).await?;
        act.tx().execute_raw(sql(act.tx(), "insert into slips (code, batch_id) values (?, ?)", [code.into(), batch.id.0.into()])).await?;
        true
    };
    let data = json!({ "batch": batch.id, "lang": lang.tag() });
    match good {
        true => act.owe("slip_sent", Address::Mail(address), &data, None).await,
        false => act.owe("slip_used", Address::Mail(address), &data, None).await,
    }
}

/// The code that goes into a letter, for the outbox; none where the batch proves nothing any more.
pub async fn code_for_letter(house: &House, batch: SlipBatchId, address: &str) -> Result<Option<String>> {
    let batch = super::by_id(house.read(), batch).await?;
    Ok(batch.proves(dates::local(house.now()).date()).then(|| code_for(house.keys(), batch.id, address)))
}
