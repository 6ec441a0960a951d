//! Opens the house, for every command that needs one: settings, folder, database, keys, calendar, in this order. What
//! can go wrong is said in one sentence.

use std::path::Path;

use crate::domain::{calendars, reports};
use crate::kernel::act::House;
use crate::kernel::calendar::Calendar;
use crate::kernel::clock::Clock;
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::keys::{Keys, private_folder};
use crate::kernel::ledger::Checkpoint;
use crate::kernel::publog;
use crate::kernel::settings::Settings;

/// Opens everything, brings the database up to date, and gives the house.
pub async fn house(settings: Settings, clock: Clock) -> Result<House> {
    folder(&settings.data)?;
    let db = Db::open(&settings.database()).await?;
    db.migrate().await?;
    let house = assemble(settings, db, clock).await?;
    own_keys(&house).await?;
    calendars::follow(&house).await?;
    Ok(house)
}

/// The house on a database that is already as it should be.
pub async fn assemble(mut settings: Settings, db: Db, clock: Clock) -> Result<House> {
    let keys = keys(&settings)?;
    if let Some(head) = publog::head(db.read()).await? {
        settings.ledger_begun_as = head.checkpoint.lines().next().map(str::to_owned);
    }
    Ok(House::new(db, clock, Calendar::weekends_only(), keys, settings))
}

/// The keys of these settings, made at the first start.
pub fn keys(settings: &Settings) -> Result<Keys> {
    let given = |key: &Option<crate::kernel::settings::Secret>| key.as_ref().map(|k| k.reveal().to_owned());
    Keys::open(&settings.data.join("keys"), given(&settings.master_key).as_deref(), given(&settings.ledger_key).as_deref())
}

/// Makes the data folder where it is missing, and writes in it once: better refused now than with somebody's report.
pub fn folder(data: &Path) -> Result<()> {
    let fault =
        |e: std::io::Error| Error::broken(format!("the data folder {} cannot be used: {e}. LOUYI_DATA says which folder it is", data.display()));
    if !data.exists() {
        private_folder(data).map_err(fault)?;
    }
    let probe = data.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"louyi").map_err(fault)?;
    std::fs::remove_file(&probe).map_err(fault)
}

/// Under another key a ledger would prove nothing any more, and receipts would lead nowhere: then it is better not to start.
pub async fn own_keys(house: &House) -> Result<()> {
    if !reports::made_under(house.read(), house.keys()).await? {
        return Err(Error::broken(
            "the receipts in this database were made under another key than keys/master (or LOUYI_MASTER_KEY): bring the key that belongs to it",
        ));
    }
    let Some(head) = publog::head(house.read()).await? else { return Ok(()) };
    let signer = publog::signer(house)?;
    match Checkpoint::open(head.checkpoint.as_bytes(), signer.name(), std::slice::from_ref(signer.verifier())) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::broken(
            "the ledger in this database was signed by another key than keys/ledger (or LOUYI_LEDGER_KEY): bring the key that belongs to it",
        )),
    }
}
