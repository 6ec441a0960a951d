//! Mail that is delivered into a Maildir on this machine. A file stays in `new` until what became of it is in the database;
//! then it moves to `cur`, seen (S), or flagged (F) where it could not be taken. Two processes at one Maildir take each mail
//! once: the database knows it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Job;
use crate::domain::incoming::{self, BYTES_MAX, Door, Outcome};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};

/// Mails of one step.
const AT_ONCE: usize = 20;
/// Reads new mail.
pub struct Maildir {
    house: House,
}

impl Maildir {
    pub fn new(house: House) -> Self {
        Self { house }
    }

    /// Takes one file; an error leaves it where it is.
    async fn take(&self, folder: &Path, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((raw, bytes)) = read(path.to_owned()).await? else { return Ok(()) };
        // The name before its flags: by it the file is found again.
        let file = name.split(":2,").next().unwrap_or(&name).to_owned();
        let taken = if bytes > BYTES_MAX {
            incoming::receive_beginning(&self.house, Door::Maildir, raw, bytes, Some(&file)).await?
        } else {
            incoming::receive(&self.house, Door::Maildir, raw, Some(&file)).await?
        };
        let flag = if taken.outcome == Outcome::Refused { "F" } else { "S" };
        match std::fs::rename(path, folder.join("cur").join(format!("{file}:2,{flag}"))) {
            // Another process took it to its place.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
            done => Ok(done?),
        }
    }
}

/// A file's bytes, or its beginning where it is too large; none where it is gone meanwhile.
async fn read(path: PathBuf) -> Result<Option<(Vec<u8>, usize)>> {
    const BEGINNING: u64 = 512 << 10;
    let work = move || -> std::io::Result<Option<(Vec<u8>, usize)>> {
        let file = match std::fs::File::open(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let bytes = file.metadata()?.len();
        let most = if bytes > BYTES_MAX as u64 { BEGINNING } else { bytes };
        let mut raw = vec![];
        file.take(most).read_to_end(&mut raw)?;
        Ok(Some((raw, bytes as usize)))
    };
    rocket::tokio::task::spawn_blocking(work).await.map_err(|e| Error::broken(e.to_string()))?.map_err(Error::from)
}

/// What lies in a folder of a Maildir, by name: about the order in which it came.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> = vec![];
    for entry in std::fs::read_dir(folder)?.flatten() {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.file_type().is_ok_and(|t| t.is_file()) {
            all.push(entry.path());
        }
    }
    all.sort();
    Ok(all)
}

impl Job for Maildir {
    const NAME: &'static str = "maildir";
    const PAUSE: Duration = Duration::from_secs(5);

    async fn step(&mut self) -> Result<bool> {
        let Some(folder) = self.house.settings().maildir.clone() else { return Ok(false) };
        let all = files(&folder.join("new")).map_err(|e| Error::broken(format!("the Maildir {} cannot be read: {e}", folder.display())))?;
        let more = all.len() > AT_ONCE;
        let (mut taken, mut fault) = (0, None);
        for path in all {
            match self.take(&folder, &path).await {
                Ok(()) => taken += 1,
                // One that cannot be taken now keeps nobody else waiting, and neither do twenty.
                Err(e) => drop(fault.get_or_insert(e)),
            }
            if taken == AT_ONCE {
                break;
            }
        }
        match fault {
            Some(e) => Err(e),
            None => Ok(more),
        }
    }
}

/// Removes mails that were taken long ago; flagged ones stay until somebody has looked. Gives how many.
pub(super) fn forget(folder: &Path) -> std::io::Result<u64> {
    let before = SystemTime::now() - Duration::from_secs(incoming::SEEN_DAYS as u64 * 86_400);
    let mut gone = 0;
    for path in files(&folder.join("cur"))? {
        let seen = path.to_string_lossy().ends_with(":2,S");
        if seen && path.metadata().and_then(|m| m.modified()).is_ok_and(|at| at < before) {
            std::fs::remove_file(&path)?;
            gone += 1;
        }
    }
    Ok(gone)
}
