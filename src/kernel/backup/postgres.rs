//! PostgreSQL's own programs, found on PATH or in Debian's folders. The password goes by the environment: a command
//! line can be read by everybody on the machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::kernel::error::{Error, Result};

/// Parameters of an address that the client library knows, too.
const KNOWN: &[&str] = &["sslmode", "sslrootcert", "sslcert", "sslkey", "host", "port", "user", "dbname", "connect_timeout"];

/// Dumps the database into a file, in the custom format.
pub async fn dump(url: &str, into: &Path) -> Result<()> {
    let into = into.as_os_str().to_owned();
    let args = ["-Fc".into(), "--no-owner".into(), "--no-privileges".into(), "--file".into(), into];
    run("pg_dump", url, args.to_vec()).await
}

/// Brings a dump into an empty database: all of it, or nothing.
pub async fn restore(url: &str, from: &Path) -> Result<()> {
    let from = from.as_os_str().to_owned();
    let args = ["--no-owner".into(), "--no-privileges".into(), "--exit-on-error".into(), "--single-transaction".into(), from];
    run("pg_restore", url, args.to_vec()).await
}

/// The program, or a sentence that says how to get it.
pub fn program(name: &str) -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect::<Vec<_>>()).unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path()).collect();
    debian.sort_by_key(|p| std::cmp::Reverse(p.file_name().and_then(|n| n.to_str()?.parse::<u32>().ok())));
    let debian = debian.into_iter().map(|p| p.join("bin"));
    let found = on_path.into_iter().chain(debian).map(|folder| folder.join(name)).find(|p| p.is_file());
    found.ok_or_else(|| Error::broken(format!("{name} is needed for PostgreSQL and is not here: install its client (Debian: postgresql-client)")))
}

async fn run(name: &'static str, url: &str, mut args: Vec<std::ffi::OsString>) -> Result<()> {
    let program = program(name)?;
    let (plain, password) = apart(url)?;
    args.extend(["--dbname".into(), plain.into(), "--no-password".into()]);
    let output = rocket::tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).env("LC_MESSAGES", "C");
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        command.output()
    });
    let output = output.await.map_err(|e| Error::broken(e.to_string()))??;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|l| l.contains("error")).or_else(|| said.lines().next()).unwrap_or("it gave no reason");
    Err(Error::broken(format!("{name} failed: {}", line.trim_start_matches(&format!("{name}: ")))))
}

/// The address without its password and without what only our driver knows, and the password.
fn apart(url: &str) -> Result<(String, Option<String>)> {
    let mut parsed = url::Url::parse(url).map_err(|e| Error::broken(format!("LOUYI_DATABASE_URL is not an address: {e}")))?;
    let password = parsed.password().map(decoded);
    let _ = parsed.set_password(None);
    let kept: Vec<(String, String)> =
        parsed.query_pairs().filter(|(name, _)| KNOWN.contains(&name.as_ref())).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    parsed.set_query(None);
    if !kept.is_empty() {
        parsed.query_pairs_mut().extend_pairs(kept);
    }
    Ok((parsed.to_string(), password))
}

fn decoded(text: &str) -> String {
    // The form decoder is at hand; of what it does beyond per cent signs only the plus must be kept from it.
    let pair = format!("p={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}
