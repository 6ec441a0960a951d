//! Reading a backup: first the whole of it is checked, and only then anything is written.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use flate2::read::GzDecoder;
use tar::{Archive, Entry};

use super::write::Hashing;
use super::{Contents, FORMAT, MANIFEST, Manifest, Member};
use crate::kernel::error::{Error, Result};
use crate::kernel::keys::private_folder;

type Packed = GzDecoder<BufReader<File>>;

/// A manifest of a million uploads fits; a foreign file that claims more is not read into memory.
const LONGEST_MANIFEST: u64 = 256 << 20;

/// Checks every byte of a backup against its manifest.
pub fn check(file: &Path) -> Result<Contents> {
    walk(file, |_, _| Ok(()))
}

/// Checks it again and writes each member below a folder.
pub fn unpack(file: &Path, into: &Path) -> Result<Contents> {
    walk(file, |member, reader| {
        let target = into.join(&member.path);
        if let Some(folder) = target.parent() {
            private_folder(folder)?;
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&target)?;
        std::io::copy(reader, &mut out)?;
        out.sync_all()
    })
}

fn foreign(file: &Path) -> Error {
    Error::broken(format!("{} is not a backup made by Louyi", file.display()))
}

fn damaged(file: &Path, at: &str) -> Error {
    Error::broken(format!("{} is truncated or damaged (at {at}); nothing was touched", file.display()))
}

type Reader<'e, 'a> = Hashing<Entry<'a, &'e mut Packed>>;

fn walk(file: &Path, mut each: impl FnMut(&Member, &mut dyn std::io::Read) -> std::io::Result<()>) -> Result<Contents> {
    let opened = File::open(file).map_err(|e| Error::broken(format!("{} cannot be read: {e}", file.display())))?;
    let mut packed = GzDecoder::new(BufReader::new(opened));
    let contents = {
        let mut archive = Archive::new(&mut packed);
        let mut entries = archive.entries().map_err(|_| foreign(file))?;
        let first = entries.next().ok_or_else(|| foreign(file))?.map_err(|_| foreign(file))?;
        let manifest = manifest(file, first)?;
        for member in &manifest.members {
            let entry = entries.next().ok_or_else(|| damaged(file, &member.path))?.map_err(|_| damaged(file, &member.path))?;
            if entry.path().ok().as_deref() != Some(Path::new(&member.path)) || !entry.header().entry_type().is_file() {
                return Err(damaged(file, &member.path));
            }
            let mut reader: Reader = Hashing::new(entry);
            each(member, &mut reader).map_err(|e| not_passed_on(file, member, e))?;
            std::io::copy(&mut reader, &mut std::io::sink()).map_err(|_| damaged(file, &member.path))?;
            if reader.member(&member.path) != *member {
                return Err(damaged(file, &member.path));
            }
        }
        if entries.next().is_some() {
            return Err(damaged(file, "its end"));
        }
        Contents { manifest }
    };
    // To the end of the compressed stream, where its own sum is.
    std::io::copy(&mut packed, &mut std::io::sink()).map_err(|_| damaged(file, "its end"))?;
    Ok(contents)
}

/// The source ended early, or the disk that is written to is full.
fn not_passed_on(file: &Path, member: &Member, e: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    match e.kind() {
        Io::UnexpectedEof | Io::InvalidInput | Io::InvalidData | Io::Other => damaged(file, &member.path),
        _ => Error::broken(format!("{} cannot be written: {e}", member.path)),
    }
}

fn manifest(file: &Path, entry: Entry<'_, &mut Packed>) -> Result<Manifest> {
    if entry.path().ok().as_deref() != Some(Path::new(MANIFEST)) {
        return Err(foreign(file));
    }
    let mut text = String::new();
    entry.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(|_| damaged(file, MANIFEST))?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|_| foreign(file))?;
    match value.get("louyi_backup").and_then(serde_json::Value::as_u64) {
        None => return Err(foreign(file)),
        Some(n) if n > u64::from(FORMAT) => {
            return Err(Error::broken(format!("{} was made by a newer version of Louyi: restore it with that version", file.display())));
        }
        Some(_) => {}
    }
    let manifest: Manifest = serde_json::from_value(value).map_err(|_| damaged(file, MANIFEST))?;
    let databases = manifest.members.iter().filter(|m| m.path == manifest.database.member()).count();
    let known = manifest.members.iter().all(|m| m.path == manifest.database.member() || expected(m));
    if databases == 1 && known { Ok(manifest) } else { Err(damaged(file, MANIFEST)) }
}

/// Nothing but keys and uploads may be named: a forged manifest must not write elsewhere.
fn expected(member: &Member) -> bool {
    if matches!(member.path.as_str(), "keys/master" | "keys/ledger") {
        return true;
    }
    let Some(name) = member.path.strip_prefix("files/") else { return false };
    name.len() == 65 && name.as_bytes().get(2) == Some(&b'/') && name.replacen('/', "", 1) == member.sha256
}
