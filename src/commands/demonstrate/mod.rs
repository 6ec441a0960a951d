//! `louyi demo` as it is typed: a folder of its own, loaded once, then served with sign-in links for every role. What is
//! loaded is in `commands/demo`.

mod folder;
mod telling;

use std::io::IsTerminal as _;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{demo, opening, out, serve, spoken};
use crate::kernel::act::House;
use crate::kernel::clock::Clock;
use crate::kernel::error::Result;
use crate::kernel::settings::{LOOPBACK_URL, Settings};
use crate::web;
use folder::Found;

/// What may be said about it.
#[derive(clap::Args)]
pub struct Args {
    /// Load and end, without serving
    #[arg(long)]
    load_only: bool,
    /// Add N generated issues, spread over buildings, states and two years
    #[arg(long, value_name = "N", default_value_t = 0)]
    issues: u32,
    /// Print what was made as one JSON document, sign-in links included (its shape: docs/demo.md)
    #[arg(long)]
    json: bool,
    /// The folder of the demonstration [default: LOUYI_DATA, else ./data-demo]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

/// The name under which a demonstration's ledger is kept, wherever it is served.
const LEDGER: &str = "demo.louyi.example/ledger";

/// Finds or makes the demonstration, says who may sign in, and serves.
pub async fn run(args: Args) -> Result<()> {
    let mut settings = Settings::read()?;
    settings.demonstration = true;
    settings.mail_url = None;
    settings.ledger_begun_as = Some(LEDGER.into());
    let named = args.data.clone().or_else(|| std::env::var_os("LOUYI_DATA").map(|_| settings.data.clone()));
    let (data, found) = folder::choose(&named.unwrap_or_else(|| "data-demo".into()))?;
    settings.data = data.clone();
    // Said on standard error: with --json, standard output is the document alone.
    let told = |key: &str| eprintln!("{}", spoken().say(&format!("commands.demo.{key}"), &[("folder", &data.display().to_string())]));
    if found == Found::Nothing {
        told("loads");
        load(&settings, &args).await?;
    } else {
        told("continues");
    }
    let phones = std::io::stdout().is_terminal() && std::env::var_os("ROCKET_ADDRESS").is_none();
    settings.public_url = address(&settings, phones);
    let house = opening::house(settings, clock(&data)).await?;
    let mut made = folder::read(&data)?;
    telling::renew_links(&house, &mut made).await?;
    if args.json {
        out(&serde_json::to_string_pretty(&made)?);
    } else {
        telling::tell(&house, &made, args.load_only);
    }
    if args.load_only {
        return house.db().clone().close().await;
    }
    if phones {
        let everywhere = IpAddr::from(Ipv4Addr::UNSPECIFIED);
        return serve::serve(house, |figment| figment.merge(("address", everywhere))).await;
    }
    serve::serve(house, |figment| figment).await
}

/// The clock of a demonstration, as far ahead as somebody has moved it.
fn clock(data: &Path) -> Clock {
    let micros = std::fs::read_to_string(data.join(web::clock::FILE)).ok().and_then(|m| m.trim().parse().ok());
    Clock::ahead_by(chrono::Duration::microseconds(micros.unwrap_or_default()))
}

/// Loads the district under a clock that stands, and notes that it is whole.
async fn load(settings: &Settings, args: &Args) -> Result<()> {
    opening::folder(&settings.data)?;
    folder::begin(&settings.data)?;
    let clock = Clock::standing_at(Clock::running().now());
    let house = opening::house(settings.clone(), clock.clone()).await?;
    folder::ask_empty(&house).await?;
    let options = demo::Options { issues: args.issues, progress: std::io::stderr().is_terminal() };
    let summary = demo::load(&house, &clock, &options).await?;
    let made = serde_json::to_value(summary)?;
    let data = settings.data.clone();
    close(house).await?;
    folder::finish(&data, made)
}

async fn close(house: House) -> Result<()> {
    house.db().clone().close().await
}

/// Where it will be: what the settings say, else this machine's address in its own network, for a phone.
fn address(settings: &Settings, phones: bool) -> String {
    if settings.public_url != LOOPBACK_URL {
        return settings.public_url.clone();
    }
    let port = rocket::Config::figment().extract_inner("port").unwrap_or(8000_u16);
    let host = if phones { own_address() } else { None };
    format!("http://{}:{port}", host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))
}

/// The address by which others in the network reach this machine. Nothing is sent: the system only says which way it would go.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

/// What was made, whatever its shape is today.
fn list<'v>(made: &'v Value, key: &str) -> &'v [Value] {
    made.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A folder beside another, with the next number.
fn beside(folder: &Path, n: u32) -> PathBuf {
    let name = folder.file_name().map_or_else(|| "data-demo".into(), |n| n.to_string_lossy().into_owned());
    folder.with_file_name(format!("{name}-{n}"))
}
