//! Backups: one compressed tar file with a manifest in front, then the database as a consistent copy, the keys, the
//! uploads. What it holds can be listed and unpacked by anybody's tar.

pub mod postgres;
mod read;
mod write;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use read::{check, unpack};
pub use write::write;

/// The first member of the file: what follows, and what to make of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub louyi_backup: u32,
    /// Version of the program that made it.
    pub version: String,
    pub made_at: String,
    pub database: Kind,
    /// The newest change that the database had seen.
    pub migration: String,
    /// Keys that came from the environment and are not in here.
    pub keys_elsewhere: Vec<String>,
    pub members: Vec<Member>,
}

/// The format that this program writes.
pub const FORMAT: u32 = 1;

/// Which database it came from, and can go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A file, by `VACUUM INTO`.
    Sqlite,
    /// A dump in PostgreSQL's custom format, by `pg_dump`.
    Postgres,
}

impl Kind {
    /// The kind of a database's address.
    pub fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") { Kind::Sqlite } else { Kind::Postgres }
    }
    /// The member that holds the database.
    pub fn member(self) -> &'static str {
        match self {
            Kind::Sqlite => "database.sqlite",
            Kind::Postgres => "database.dump",
        }
    }
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        }
    }
}

/// One file in the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

const MANIFEST: &str = "manifest.json";

/// What `check` and `write` say when it is done.
#[derive(Clone, Debug)]
pub struct Contents {
    pub manifest: Manifest,
}

impl Contents {
    /// How many uploads it holds.
    pub fn uploads(&self) -> usize {
        self.manifest.members.iter().filter(|m| m.path.starts_with("files/")).count()
    }
    /// Bytes of all members.
    pub fn bytes(&self) -> u64 {
        self.manifest.members.iter().map(|m| m.bytes).sum()
    }
}

/// A folder that goes when it is no longer needed, also when something failed on the way.
#[derive(Debug)]
pub struct Staging(PathBuf);

impl Staging {
    /// Makes it; only its owner may enter.
    pub fn new(folder: PathBuf) -> std::io::Result<Self> {
        super::keys::private_folder(&folder)?;
        Ok(Self(folder))
    }
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
