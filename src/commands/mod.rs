//! What an operator types: one file per command, each of which says in its help what it needs and where things lie.

pub mod backup;
mod calendar;
mod cli;
pub mod demo;
mod demonstrate;
mod doctor;
mod import;
mod ledger;
mod logging;
mod migrate;
pub mod opening;
mod person;
mod restore;
mod serve;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use cli::{Cli, Command};

/// Reads the command line, does it, and says in one sentence what was in the way.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let serving = matches!(cli.command, None | Some(Command::Serve | Command::Demo(_)));
    logging::start(serving);
    let runtime = match rocket::tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return refused(&e.into()),
    };
    let done = runtime.block_on(run(cli));
    // A blocking step that is still at work (a photo, a password) has had its time by now.
    runtime.shutdown_timeout(Duration::from_millis(300));
    match done {
        Ok(code) => code,
        Err(e) => refused(&e),
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run().await?,
        Command::Demo(args) => demonstrate::run(args).await?,
        Command::Migrate => migrate::run().await?,
        Command::Person(args) => person::run(args).await?,
        Command::Backup(args) => backup::run(args).await?,
        Command::Restore(args) => restore::run(args).await?,
        Command::Doctor => return doctor::run().await,
        Command::Calendar(args) => calendar::run(args).await?,
        Command::Ledger(args) => ledger::run(args).await?,
        Command::Import(args) => import::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints to standard output. Whoever reads only the first lines (`louyi … | head`) is no fault.
fn out(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn refused(e: &Error) -> ExitCode {
    eprintln!("louyi: {}", sentence(e));
    ExitCode::FAILURE
}

/// An error as the one sentence on the terminal.
fn sentence(e: &Error) -> String {
    match e {
        Error::Refused(refusal) => {
            let with: Vec<(&str, String)> =
                refusal.with.iter().map(|(name, v)| (*name, v.strip_prefix('@').map_or_else(|| v.clone(), |key| spoken().t(key)))).collect();
            let with: Vec<(&str, &str)> = with.iter().map(|(name, v)| (*name, v.as_str())).collect();
            spoken().say(&format!("refusals.{}", refusal.key), &with)
        }
        other => other.to_string(),
    }
}

/// The terminal's language, by the locale of whoever types (POSIX: `LC_ALL` before `LC_MESSAGES` before `LANG`).
fn spoken() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|v| v.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        n if n < 1 << 20 => format!("{} KiB", n.div_ceil(1 << 10)),
        n if n < 1 << 30 => format!("{:.1} MiB", n as f64 / f64::from(1 << 20)),
        n => format!("{:.1} GiB", n as f64 / f64::from(1 << 30)),
    }
}
