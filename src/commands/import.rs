//! `louyi import FILE`: former matters from a spreadsheet, without a browser; looked at, or written with how long it took.

use std::path::PathBuf;
use std::time::Instant;

use super::{opening, out, spoken};
use crate::domain::imports::{self, Import, ImportState, Writing};
use crate::domain::rights::Right;
use crate::domain::{buildings, persons};
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::settings::Settings;

/// What to import, where, and by whom.
#[derive(clap::Args)]
pub struct Args {
    /// A spreadsheet: XLSX or CSV, one complaint a row
    file: PathBuf,
    /// The building's slug
    #[arg(long)]
    building: String,
    /// The mail address of whoever imports: an administrator, or staff of the property manager
    #[arg(long = "as", value_name = "EMAIL")]
    person: String,
    /// Write the rows; without this they are only looked at
    #[arg(long)]
    write: bool,
    /// Leave faulty rows out
    #[arg(long)]
    without_faulty: bool,
}

/// Faulty rows that are named.
const NAMED: u64 = 20;

/// Imports it.
pub async fn run(args: Args) -> Result<()> {
    let bytes = std::fs::read(&args.file).map_err(|e| Error::broken(format!("{} cannot be read: {e}", args.file.display())))?;
    let house = opening::house(Settings::read()?, Clock::running()).await?;
    let building = buildings::by_slug(house.read(), &args.building).await.map_err(|_| Refusal::new("unknown_building"))?;
    let person = persons::by_email(house.read(), &args.person).await?.ok_or_else(|| Refusal::new("unknown_person"))?;
    let roles = persons::memberships(house.read(), person.id).await?;
    let actor = persons::entitled(&roles, Right::Import, &building).ok_or_else(|| Refusal::new("no_right"))?.actor();
    let begun = Instant::now();
    let (sheet, packed) = imports::read(bytes).await?;
    let act = house.act(actor.clone()).await?;
    let import = imports::upload(&act, &building, &sheet, packed).await?;
    act.commit().await?;
    let (mapping, _) = import.mapping(house.read(), &sheet.head).await?;
    mapping.ask_whole()?;
    let checked = import.look(house.read(), &house, sheet, mapping.clone()).await?;
    let act = house.act(actor.clone()).await?;
    let import = import.checked(&act, &building, &mapping, &checked).await?;
    act.commit().await?;
    told("looked", &import, begun);
    for (line, faults) in import.faults(house.read(), NAMED).await? {
        let words: Vec<String> = faults.iter().map(|f| spoken().say(&format!("imports.fault.{}", f.key), &[("value", &f.value)])).collect();
        out(&spoken().say("commands.import.fault", &[("line", &line.to_string()), ("words", &words.join("; "))]));
    }
    if args.write {
        let act = house.act(actor).await?;
        let import = import.start(&act, &building, args.without_faulty).await?;
        act.commit().await?;
        let begun = Instant::now();
        let mut writing = Writing::of(house.read(), &import, checked.fresh).await?;
        while imports::step(&house, &mut writing).await? {}
        let import = imports::by_id(house.read(), import.id).await?;
        if import.state != ImportState::Done {
            return Err(Error::broken("the import is not done: see its page"));
        }
        told("wrote", &import, begun);
    }
    house.db().clone().close().await
}

/// What came of it, and how long it took.
fn told(key: &str, import: &Import, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    let n = if key == "wrote" { import.made } else { import.total };
    let with = [
        ("number", import.number.to_string()),
        ("total", import.total.to_string()),
        ("fresh", import.fresh.to_string()),
        ("known", import.known.to_string()),
        ("faulty", import.faulty.to_string()),
        ("made", import.made.to_string()),
        ("seconds", format!("{seconds:.1}")),
        ("rate", format!("{:.0}", f64::from(n) / seconds.max(0.001))),
    ];
    out(&spoken().say(&format!("commands.import.{key}"), &with.each_ref().map(|(k, v)| (*k, v.as_str()))));
}
