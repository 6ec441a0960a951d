//! `louyi restore FILE`: a backup into an empty place, checked to its last byte before anything is touched.

use std::path::{Path, PathBuf};

use super::{out, spoken};
use crate::kernel::backup::{self, Contents, Kind, Staging};
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::keys::private_folder;
use crate::kernel::settings::Settings;

/// Where from.
#[derive(clap::Args)]
#[command(long_about = "Brings a backup back, into an empty place only: LOUYI_DATA must be empty or missing, and a PostgreSQL database \
    (LOUYI_DATABASE_URL) must hold no table.\n\n\
    The whole file is checked against its manifest before anything is touched. A backup of SQLite goes back to SQLite, one of PostgreSQL \
    to PostgreSQL. A database older than this program is brought up to date at the next start.")]
pub struct Args {
    /// A file that `louyi backup` wrote
    file: PathBuf,
}

/// Checks, then brings it back.
pub async fn run(args: Args) -> Result<()> {
    let settings = Settings::read()?;
    let file = args.file.clone();
    let contents = blocking(move || backup::check(&file)).await?;
    ask(&settings, &contents).await?;
    private_folder(&settings.data).map_err(|e| Error::broken(format!("the data folder {} cannot be made: {e}", settings.data.display())))?;
    let staging = Staging::new(settings.data.join(".restoring"))?;
    let (file, into) = (args.file.clone(), staging.path().to_owned());
    let contents = blocking(move || backup::unpack(&file, &into)).await?;
    bring_back(&settings, &contents, &staging).await?;
    drop(staging);
    let with = [
        ("file", args.file.display().to_string()),
        ("made_at", contents.manifest.made_at.clone()),
        ("n", contents.uploads().to_string()),
        ("folder", settings.data.display().to_string()),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(n, v)| (*n, v.as_str())).collect();
    out(&spoken().say("commands.restore.done", &with));
    for key in &contents.manifest.keys_elsewhere {
        out(&spoken().say("commands.backup.key_elsewhere", &[("key", &key.to_uppercase())]));
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    rocket::tokio::task::spawn_blocking(work).await.map_err(|e| Error::broken(e.to_string()))?
}

/// Whether it can go where the settings point, before anything is touched.
async fn ask(settings: &Settings, contents: &Contents) -> Result<()> {
    let (made, here) = (contents.manifest.database, Kind::of(&settings.database()));
    if made != here {
        let how = if made == Kind::Postgres { "set LOUYI_DATABASE_URL to an empty database" } else { "unset LOUYI_DATABASE_URL" };
        return Err(Error::broken(format!("this is a backup of {}, and the settings name {}: {how}", made.name(), here.name())));
    }
    if contents.manifest.migration > louyi_migrations::newest() {
        return Err(Error::broken(format!(
            "this backup was made by Louyi {}, which is newer than this one ({}): restore it with that version",
            contents.manifest.version,
            env!("CARGO_PKG_VERSION")
        )));
    }
    if std::fs::read_dir(&settings.data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::broken(format!(
            "{} is not empty, and a backup is restored into an empty place only: name another folder with LOUYI_DATA",
            settings.data.display()
        )));
    }
    if here == Kind::Sqlite {
        return match &settings.database_url {
            Some(_) => Err(Error::broken("a backup of SQLite goes into LOUYI_DATA: unset LOUYI_DATABASE_URL")),
            None => Ok(()),
        };
    }
    backup::postgres::program("pg_restore")?;
    let db = Db::open(&settings.database()).await?;
    let empty = db.is_empty().await;
    db.close().await?;
    if empty? { Ok(()) } else { Err(Error::broken("the database that LOUYI_DATABASE_URL names is not empty: make a new one with createdb")) }
}

/// The database last: until it is there, the place is not taken for an installation.
async fn bring_back(settings: &Settings, contents: &Contents, staging: &Staging) -> Result<()> {
    let unpacked = staging.path().join(contents.manifest.database.member());
    match contents.manifest.database {
        Kind::Sqlite => {
            let copy = Settings { data: staging.path().to_owned(), database_url: None, ..settings.clone() };
            std::fs::rename(&unpacked, staging.path().join("louyi.db"))?;
            if let Some(fault) = Db::integrity(&copy.database()).await?.first() {
                return Err(Error::broken(format!("the database in this backup is damaged ({fault}); nothing was touched")));
            }
        }
        Kind::Postgres => {
            backup::postgres::restore(&settings.database(), &unpacked).await?;
            std::fs::remove_file(&unpacked)?;
        }
    }
    for name in ["files", "keys", "louyi.db"] {
        let from = staging.path().join(name);
        if from.exists() {
            std::fs::rename(from, settings.data.join(name))?;
        }
    }
    synced(&settings.data)
}

fn synced(folder: &Path) -> Result<()> {
    Ok(std::fs::File::open(folder)?.sync_all()?)
}
