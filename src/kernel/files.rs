//! Where pictures are kept: below `LOUYI_DATA/files` with SQLite (or where the folder is shared between
//! machines), in the database with PostgreSQL. Named by content, so nothing is stored twice or ever changed.

use std::path::PathBuf;

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};

use super::act::{Act, House};
use super::db::sql;
use super::error::{Error, Result};
use super::settings::Settings;

/// The store.
#[derive(Clone, Debug)]
pub enum Files {
    /// A folder.
    Folder(PathBuf),
    /// The table `files`.
    Database,
}

impl Files {
    /// Chooses the store by settings.
    pub fn new(settings: &Settings, postgres: bool) -> Self {
        if postgres && !settings.data_shared { Files::Database } else { Files::Folder(settings.data.join("files")) }
    }
}

fn path(root: &std::path::Path, hash: &str) -> PathBuf {
    root.join(&hash[..2]).join(&hash[2..])
}

fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
}

/// Keeps bytes and gives their SHA-256 in hexadecimal. A file that is on disk is synced before the act commits.
pub async fn keep(act: &Act, bytes: Vec<u8>) -> Result<String> {
    let hash = hex::encode(Sha256::digest(&bytes));
    match act.house().files() {
        Files::Database => {
            act.tx()
                .execute_raw(sql(
                    act.tx(),
                    "insert into files (hash, bytes, created_at) values (?, ?, ?) on conflict (hash) do update set created_at = excluded.created_at",
                    [hash.clone().into(), bytes.into(), act.at.into()],
                ))
                .await?;
        }
        Files::Folder(root) => {
            let target = path(root, &hash);
            rocket::tokio::task::spawn_blocking(move || write(&target, &bytes)).await.map_err(|e| Error::broken(e.to_string()))??;
        }
    }
    Ok(hash)
}

fn write(target: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    if let Ok(there) = std::fs::File::open(target) {
        // Wanted anew: then it isn't old enough to be cleaned up.
        return there.set_modified(std::time::SystemTime::now());
    }
    let folder = target.parent().unwrap_or(target);
    std::fs::create_dir_all(folder)?;
    let part = target.with_extension(format!("part-{}", uuid::Uuid::new_v4().simple()));
    let mut f = std::fs::File::create(&part)?;
    f.write_all(bytes)?;
    f.sync_all()?;
    std::fs::rename(&part, target)
}

/// The bytes of a kept file, if they are still there.
pub async fn fetch(house: &House, hash: &str) -> Result<Option<Vec<u8>>> {
    if !is_hash(hash) {
        return Ok(None);
    }
    match house.files() {
        Files::Database => {
            let row = house.read().query_one_raw(sql(house.read(), "select bytes from files where hash = ?", [hash.into()])).await?;
            Ok(row.map(|r| r.try_get_by_index(0)).transpose()?)
        }
        Files::Folder(root) => match rocket::tokio::fs::read(path(root, hash)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        },
    }
}

/// Removes what a crash left half-written; gives how many.
pub async fn forget_parts(house: &House) -> Result<u64> {
    let Files::Folder(root) = house.files().clone() else { return Ok(0) };
    rocket::tokio::task::spawn_blocking(move || parts(&root)).await.map_err(|e| Error::broken(e.to_string()))?
}

fn parts(root: &std::path::Path) -> Result<u64> {
    let mut gone = 0;
    for folder in std::fs::read_dir(root).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            let old = file.metadata().and_then(|m| m.modified()).is_ok_and(|m| m.elapsed().is_ok_and(|age| age.as_secs() > 86_400));
            if old && file.path().extension().is_some_and(|e| e.to_string_lossy().starts_with("part-")) {
                std::fs::remove_file(file.path())?;
                gone += 1;
            }
        }
    }
    Ok(gone)
}

/// Removes files that nothing shows any more, after the act that said so has become true.
pub async fn remove(house: &House, hashes: &[String]) -> Result<()> {
    for hash in hashes.iter().filter(|h| is_hash(h)) {
        match house.files() {
            Files::Database => {
                let w = house.db().upkeep();
                w.execute_raw(sql(w, "delete from files where hash = ?", [hash.as_str().into()])).await?;
            }
            Files::Folder(root) => match rocket::tokio::fs::remove_file(path(root, hash)).await {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
                _ => {}
            },
        }
    }
    Ok(())
}

/// Names of files that were last wanted between three and ten days ago; what still belongs to nothing then never will.
pub async fn old(house: &House) -> Result<Vec<String>> {
    let Files::Folder(root) = house.files().clone() else {
        let (from, to) = (house.now() - chrono::Duration::days(10), house.now() - chrono::Duration::days(3));
        let q = sql(house.read(), "select hash from files where created_at between ? and ?", [from.into(), to.into()]);
        let rows = house.read().query_all_raw(q).await?;
        return Ok(rows.into_iter().map(|r| r.try_get_by_index(0)).collect::<Result<_, _>>()?);
    };
    rocket::tokio::task::spawn_blocking(move || old_below(&root)).await.map_err(|e| Error::broken(e.to_string()))
}

fn old_below(root: &std::path::Path) -> Vec<String> {
    let mut names = vec![];
    for folder in std::fs::read_dir(root).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            let age = file.metadata().and_then(|m| m.modified()).ok().and_then(|m| m.elapsed().ok()).unwrap_or_default();
            let name = format!("{}{}", folder.file_name().to_string_lossy(), file.file_name().to_string_lossy());
            if is_hash(&name) && (3..=10).contains(&(age.as_secs() / 86_400)) {
                names.push(name);
            }
        }
    }
    names
}
