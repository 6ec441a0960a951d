//! A folder as a gateway: one file for each message, to be read, or to be taken away by whatever drives a modem.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Failure, Gateway, Message, parts};
use crate::kernel::error::Result;
use crate::kernel::keys::{private_folder, write_private};

/// Writes messages into a folder that only its owner may enter.
pub struct Folder {
    folder: PathBuf,
}

impl Folder {
    /// The folder is made with the first message.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn put(&self, message: &Message<'_>) -> std::io::Result<()> {
        private_folder(&self.folder)?;
        let file = self.folder.join(format!("{}.json", message.id));
        if file.exists() {
            return Ok(());
        }
        // Written aside and linked into place: whoever watches the folder finds whole files.
        let aside = self.folder.join(format!(".{}-{}", message.id, std::process::id()));
        let _ = std::fs::remove_file(&aside);
        let text = json!({ "id": message.id, "to": format!("+86{}", message.to), "text": message.text, "parts": parts(message.text) });
        write_private(&aside, &format!("{text}\n"))?;
        std::fs::rename(&aside, &file)
    }
}

/// Forgets messages that lie in a folder since before an instant; gives how many.
pub fn forget(folder: &Path, before: std::time::SystemTime) -> std::io::Result<u64> {
    let mut gone = 0;
    let Ok(files) = std::fs::read_dir(folder) else { return Ok(0) };
    for file in files.flatten() {
        let old = file.metadata()?.modified().is_ok_and(|at| at < before);
        if old && file.path().extension().is_some_and(|e| e == "json") {
            std::fs::remove_file(file.path())?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[rocket::async_trait]
impl Gateway for Folder {
    async fn send(&self, message: &Message<'_>) -> Result<(), Failure> {
        self.put(message).map_err(|e| Failure::Later(format!("the folder cannot be written: {e}")))
    }

    async fn reachable(&self) -> Result<(), String> {
        let probe = self.folder.join(format!(".probe-{}", std::process::id()));
        private_folder(&self.folder)
            .and_then(|()| std::fs::write(&probe, b"louyi"))
            .and_then(|()| std::fs::remove_file(&probe))
            .map_err(|e| e.to_string())
    }

    fn kept_here(&self) -> bool {
        true
    }
}
