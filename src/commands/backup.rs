//! `louyi backup FILE`: database, uploads and keys in one file, while the server serves.

use std::path::PathBuf;

use super::{out, spoken};
use crate::kernel::backup::{self, Kind};
use crate::kernel::clock::Clock;
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::settings::Settings;

/// Where to.
#[derive(clap::Args)]
#[command(long_about = "Writes database, uploads and keys into one compressed tar file, while the server goes on serving.\n\n\
    The copy is consistent: SQLite by VACUUM INTO, PostgreSQL by its own pg_dump (found on PATH or in Debian's folders). Keep the file \
    where only you can read it: it holds the keys and everything that is not public. Nothing is ever overwritten.")]
pub struct Args {
    /// The file to write, for example louyi-2026-11-26.tar.gz
    file: PathBuf,
}

/// Writes it; the database is left as it is, also when this program is newer.
pub async fn run(args: Args) -> Result<()> {
    let settings = Settings::read()?;
    let url = settings.database();
    if settings.database_url.is_none() && !settings.data.join("louyi.db").exists() {
        return Err(Error::broken(format!("there is nothing to back up: {} holds no database (LOUYI_DATA)", settings.data.display())));
    }
    let db = Db::open(&url).await?;
    let made_at = Clock::running().now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let written = backup::write(&settings, &db, &args.file, made_at).await;
    db.close().await?;
    let contents = written?;
    let with = [
        ("file", args.file.display().to_string()),
        ("database", Kind::of(&url).name().to_owned()),
        ("n", contents.uploads().to_string()),
        ("size", super::size(contents.bytes())),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(n, v)| (*n, v.as_str())).collect();
    out(&spoken().say("commands.backup.written", &with));
    for key in &contents.manifest.keys_elsewhere {
        out(&spoken().say("commands.backup.key_elsewhere", &[("key", &key.to_uppercase())]));
    }
    Ok(())
}
