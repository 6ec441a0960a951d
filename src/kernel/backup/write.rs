//! Writing a backup. The copy of the database is made first: whatever it names is already on disk, and never changes.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::{Contents, FORMAT, Kind, MANIFEST, Manifest, Member, Staging, postgres};
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::files::Files;
use crate::kernel::settings::Settings;

/// Writes everything into `target`, which must not exist. Serving goes on meanwhile.
pub async fn write(settings: &Settings, db: &Db, target: &Path, made_at: String) -> Result<Contents> {
    if target.exists() {
        return Err(Error::broken(format!("{} is there already: a backup never overwrites anything", target.display())));
    }
    if let Some(folder) = target.parent().filter(|p| !p.as_os_str().is_empty() && !p.is_dir()) {
        return Err(Error::broken(format!("the backup cannot be written: there is no folder {}", folder.display())));
    }
    let migration = db.version().await?.ok_or_else(|| Error::broken("there is nothing to back up: the database is empty"))?;
    let fault = |e: std::io::Error| Error::broken(format!("the backup {} cannot be written: {e}", target.display()));
    let staging = Staging::new(aside(target)).map_err(fault)?;
    let kind = Kind::of(&settings.database());
    let copy = staging.path().join(kind.member());
    match kind {
        Kind::Sqlite => Db::snapshot(&settings.database(), &copy).await?,
        Kind::Postgres => postgres::dump(&settings.database(), &copy).await?,
    }
    let mut sources = vec![(kind.member().to_owned(), copy)];
    let mut keys_elsewhere = vec![];
    for (name, given) in [("master", &settings.master_key), ("ledger", &settings.ledger_key)] {
        match given {
            Some(_) => keys_elsewhere.push(name.to_owned()),
            None => sources.push((format!("keys/{name}"), settings.data.join("keys").join(name))),
        }
    }
    if let Files::Folder(root) = Files::new(settings, db.is_postgres()) {
        sources.extend(uploads(&root)?);
    }
    let manifest = Manifest {
        louyi_backup: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        made_at,
        database: kind,
        migration,
        keys_elsewhere,
        members: vec![],
    };
    let target = target.to_owned();
    let written = rocket::tokio::task::spawn_blocking(move || pack(manifest, &sources, &staging, &target)).await;
    written.map_err(|e| Error::broken(e.to_string()))?
}

fn aside(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".part-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]));
    target.with_file_name(name)
}

/// The uploads, by name; what is still being written is not among them.
fn uploads(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = vec![];
    let Ok(folders) = std::fs::read_dir(root) else { return Ok(found) };
    for folder in folders {
        let folder = folder?;
        let first = folder.file_name().to_string_lossy().into_owned();
        if !folder.file_type()?.is_dir() || first.len() != 2 {
            continue;
        }
        for file in std::fs::read_dir(folder.path())? {
            let file = file?;
            let rest = file.file_name().to_string_lossy().into_owned();
            if rest.len() == 62 && rest.bytes().all(|b| b.is_ascii_hexdigit()) {
                found.push((format!("files/{first}/{rest}"), file.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn pack(mut manifest: Manifest, sources: &[(String, PathBuf)], staging: &Staging, target: &Path) -> Result<Contents> {
    let fault = |path: &Path, e: std::io::Error| Error::broken(format!("{} cannot be backed up: {e}", path.display()));
    for (path, source) in sources {
        let mut reader = Hashing::new(BufReader::new(File::open(source).map_err(|e| fault(source, e))?));
        std::io::copy(&mut reader, &mut std::io::sink()).map_err(|e| fault(source, e))?;
        let member = reader.member(path);
        if path.starts_with("files/") && member.sha256 != path.replace("files/", "").replace('/', "") {
            return Err(Error::broken(format!("{} is damaged: its content is not the one that its name says", source.display())));
        }
        manifest.members.push(member);
    }
    let packed = staging.path().join("packed");
    let mut tar = tar::Builder::new(GzEncoder::new(BufWriter::new(private(&packed)?), Compression::fast()));
    let listed = serde_json::to_vec_pretty(&manifest)?;
    tar.append_data(&mut header(listed.len() as u64), MANIFEST, listed.as_slice())?;
    for (member, (path, source)) in manifest.members.iter().zip(sources) {
        let mut reader = Hashing::new(BufReader::new(File::open(source).map_err(|e| fault(source, e))?));
        tar.append_data(&mut header(member.bytes), path, &mut reader)?;
        if reader.member(path) != *member {
            return Err(Error::broken(format!("{} changed while it was being backed up: try again", source.display())));
        }
    }
    let file = tar.into_inner()?.finish()?.into_inner().map_err(|e| Error::broken(e.to_string()))?;
    file.sync_all()?;
    // Linked, not renamed: another backup of the same name that came first must not go.
    std::fs::hard_link(&packed, target).map_err(|e| Error::broken(format!("the backup {} cannot be written: {e}", target.display())))?;
    if let Some(folder) = target.parent().filter(|p| !p.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(Contents { manifest })
}

/// It holds the keys: for its owner's eyes only.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.flush()?;
    Ok(file)
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(0);
    header
}

/// Passes bytes on and keeps their number and hash.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }
    pub(super) fn member(self, path: &str) -> Member {
        Member { path: path.into(), bytes: self.bytes, sha256: hex::encode(self.hash.finalize()) }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}
