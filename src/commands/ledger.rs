//! `louyi ledger verify`: recomputes every hash of the public ledger, of this installation or of a copy in a folder.

use std::path::PathBuf;

use base64::Engine as _;
use rocket::tokio::runtime::Handle;

use super::{opening, out, spoken};
use crate::kernel::act::House;
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use crate::kernel::ledger::{Fault, Folder, Report, Source, VerifierKey, verify_folder};
use crate::kernel::publog;
use crate::kernel::settings::Settings;

/// What to do with the ledger.
#[derive(clap::Subcommand)]
pub enum Args {
    /// Recompute every hash of the ledger and compare
    #[command(long_about = "Recomputes every hash of the public ledger from its entries, compares it with the tiles and with the signed \
        checkpoint, and names the first difference.\n\n\
        Without FOLDER: this installation's own ledger. With FOLDER: a copy of the files below /ledger of any installation \
        (checkpoint, tile/…), checked offline under the key that its ledger page shows.")]
    Verify {
        /// A copy of the ledger's files
        folder: Option<String>,
        /// The ledger's public key, “name+id+key” [default: this installation's]
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

/// Verifies, and says what was checked.
pub async fn run(args: Args) -> Result<()> {
    let Args::Verify { folder, key } = args;
    let given = key.map(|k| k.parse::<VerifierKey>().map_err(|e| Error::broken(format!("that is not a ledger's key: {e}")))).transpose()?;
    if let Some(address) = folder.as_ref().filter(|f| f.contains("://")) {
        let first = format!("louyi reads a ledger from a folder: fetch its files first (wget -r -np -nH {address}), then name the folder");
        return Err(Error::broken(first));
    }
    let given = given.or_else(|| key_in(folder.as_deref()));
    let report = match (folder, given) {
        (Some(folder), Some(key)) => offline(PathBuf::from(folder), key).await?,
        (folder, given) => {
            let house = opening::house(Settings::read()?, Clock::running()).await?;
            let key = given.map_or_else(|| publog::signer(&house).map(|s| s.verifier().clone()), Ok)?;
            let report = match folder {
                Some(folder) => offline(PathBuf::from(folder), key).await,
                None => own(&house, key).await,
            };
            house.db().clone().close().await?;
            report?
        }
    };
    let Some(report) = report else {
        out(&spoken().t("commands.ledger.empty"));
        return Ok(());
    };
    let root = base64::engine::general_purpose::STANDARD.encode(report.checkpoint.root);
    let with = [
        ("name", report.checkpoint.origin.as_str()),
        ("n", &report.checkpoint.size.to_string()),
        ("tiles", &report.tiles.to_string()),
        ("root", &root),
    ];
    out(&spoken().say("commands.ledger.good", &with));
    Ok(())
}

/// The key that lies with a copy. It proves no more than whoever made the copy: said, so that it is compared.
fn key_in(folder: Option<&str>) -> Option<VerifierKey> {
    let key: VerifierKey = std::fs::read_to_string(PathBuf::from(folder?).join("key")).ok()?.trim().parse().ok()?;
    eprintln!("{}", spoken().say("commands.ledger.key_in", &[("key", &key.to_string())]));
    Some(key)
}

async fn offline(folder: PathBuf, key: VerifierKey) -> Result<Option<Report>> {
    let checked = rocket::tokio::task::spawn_blocking(move || verify_folder(&Folder(folder), &key)).await;
    checked.map_err(|e| Error::broken(e.to_string()))?.map(Some).map_err(|e| fault(&e))
}

/// The ledger in the database; none before its first entry.
pub async fn own(house: &House, key: VerifierKey) -> Result<Option<Report>> {
    let Some(head) = publog::head(house.read()).await? else { return Ok(None) };
    let source = Own { house: house.clone(), checkpoint: head.checkpoint.into_bytes(), handle: Handle::current() };
    let checked = rocket::tokio::task::spawn_blocking(move || verify_folder(&source, &key)).await;
    checked.map_err(|e| Error::broken(e.to_string()))?.map(Some).map_err(|e| fault(&e))
}

fn fault(e: &Fault) -> Error {
    Error::broken(format!("the ledger is NOT in order: {e}"))
}

/// The database, read as if it were files.
struct Own {
    house: House,
    checkpoint: Vec<u8>,
    handle: Handle,
}

impl Own {
    async fn file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        if path == "checkpoint" {
            return Ok(Some(self.checkpoint.clone()));
        }
        let path = path.parse().map_err(|e| Error::broken(format!("{e}")))?;
        publog::file(self.house.read(), path).await
    }
}

impl Source for Own {
    fn read(&self, path: &str) -> std::io::Result<Option<Vec<u8>>> {
        self.handle.block_on(self.file(path)).map_err(|e| std::io::Error::other(e.to_string()))
    }
}
