//! `louyi doctor`: looks at everything an installation needs, changes nothing, and says what to do.

mod machine;
mod state;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::{opening, out, spoken};
use crate::domain::calendars;
use crate::kernel::act::House;
use crate::kernel::clock::Clock;
use crate::kernel::db::Db;
use crate::kernel::error::Result;
use crate::kernel::settings::Settings;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// In order.
    Good,
    /// To be looked at.
    Doubt,
    /// Broken.
    Bad,
}

/// One line of the answer.
struct Line {
    mark: Mark,
    words: String,
    advice: Option<String>,
}

fn say(key: &str, with: &[(&str, &str)]) -> String {
    spoken().say(&format!("commands.doctor.{key}"), with)
}

fn good(key: &str, with: &[(&str, &str)]) -> Line {
    Line { mark: Mark::Good, words: say(key, with), advice: None }
}

fn doubt(key: &str, with: &[(&str, &str)]) -> Line {
    Line { mark: Mark::Doubt, words: say(key, with), advice: Some(say(&format!("advice.{key}"), with)) }
}

fn bad(key: &str, with: &[(&str, &str)]) -> Line {
    Line { mark: Mark::Bad, ..doubt(key, with) }
}

/// Checks everything, prints a line each; status 1 if something is broken.
pub async fn run() -> Result<ExitCode> {
    let settings = Settings::read()?;
    let clock = Clock::running();
    let mut lines = vec![];
    lines.extend(machine::folder(&settings));
    lines.extend(machine::keys(&settings));
    match house(&settings, &clock, &mut lines).await? {
        Some(house) => {
            lines.extend(state::all(&house).await?);
            lines.push(machine::public(house.settings()));
            lines.extend(machine::icp(house.settings()));
            lines.push(machine::mail(house.settings()).await);
            lines.extend(machine::sms(house.settings()).await);
            lines.extend(machine::mail_in(house.settings()));
            house.db().clone().close().await?;
        }
        None => {
            lines.push(machine::public(&settings));
            lines.push(machine::mail(&settings).await);
            lines.extend(machine::sms(&settings).await);
            lines.extend(machine::mail_in(&settings));
        }
    }
    for line in &lines {
        print(line);
    }
    let count = |mark| lines.iter().filter(|l| l.mark == mark).count().to_string();
    let key = if lines.iter().all(|l| l.mark == Mark::Good) { "all_good" } else { "sum" };
    out(&format!("\n{}", say(key, &[("doubts", &count(Mark::Doubt)), ("bad", &count(Mark::Bad))])));
    Ok(if lines.iter().any(|l| l.mark == Mark::Bad) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Opens the database as it is: nothing is made, nothing is migrated. None where there is nothing to look into.
async fn house(settings: &Settings, clock: &Clock, lines: &mut Vec<Line>) -> Result<Option<House>> {
    if settings.database_url.is_none() && !settings.data.join("louyi.db").exists() {
        lines.push(doubt("no_database", &[("folder", &settings.data.display().to_string())]));
        return Ok(None);
    }
    let db = match Db::open(&settings.database()).await {
        Ok(db) => db,
        Err(e) => {
            lines.push(bad("database", &[("why", &e.to_string())]));
            return Ok(None);
        }
    };
    lines.push(state::database(&db).await?);
    let (version, newest) = (db.version().await?.unwrap_or_default(), louyi_migrations::newest());
    if version != newest {
        let key = if version > newest { "too_new" } else { "too_old" };
        lines
            .push(Line { mark: if version > newest { Mark::Bad } else { Mark::Doubt }, ..doubt(key, &[("version", &version), ("newest", &newest)]) });
        db.close().await?;
        return Ok(None);
    }
    lines.push(good("migrated", &[("version", &version)]));
    if !machine::keys_there(settings) {
        db.close().await?;
        return Ok(None);
    }
    let house = opening::assemble(settings.clone(), db, clock.clone()).await?;
    calendars::follow(&house).await?;
    Ok(Some(house))
}

fn print(line: &Line) {
    let colour = std::io::stdout().is_terminal();
    let (sign, code) = match line.mark {
        Mark::Good => ("✓", 32),
        Mark::Doubt => ("!", 33),
        Mark::Bad => ("✗", 31),
    };
    let sign = if colour { format!("\x1b[{code}m{sign}\x1b[0m") } else { sign.to_owned() };
    out(&format!("{sign} {}", line.words));
    if let Some(advice) = &line.advice {
        out(&format!("    {advice}"));
    }
}
