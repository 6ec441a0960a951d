//! Which folder: a demonstration that is there is continued or left alone, never deleted.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{beside, list, spoken};
use crate::domain::buildings;
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet.
    Nothing,
    /// A whole demonstration.
    Whole,
}

/// Written when loading begins.
const BEGUN: &str = "demo.loading";
/// Written when it is whole: what was made, without sign-in links.
const MADE: &str = "demo.json";

enum Holds {
    Nothing,
    Whole,
    Torso,
    SomethingElse,
}

fn holds(folder: &Path) -> Holds {
    if folder.join(MADE).exists() {
        Holds::Whole
    } else if folder.join(BEGUN).exists() {
        Holds::Torso
    } else if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        Holds::SomethingElse
    } else {
        Holds::Nothing
    }
}

/// The folder to use, and whether it is loaded already.
pub fn choose(wanted: &Path) -> Result<(PathBuf, Found)> {
    let name = wanted.display().to_string();
    match holds(wanted) {
        Holds::Nothing => Ok((wanted.to_owned(), Found::Nothing)),
        Holds::SomethingElse => Err(Error::broken(format!(
            "{name} holds something that is not a demonstration, so it is left alone: name another folder with --data FOLDER"
        ))),
        Holds::Whole => {
            let other = free(wanted);
            let asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
            Ok(if asked && another(&name, &other)? { (other, Found::Nothing) } else { (wanted.to_owned(), Found::Whole) })
        }
        Holds::Torso => {
            let other = free(wanted);
            let say = [("folder", name.as_str()), ("other", &other.display().to_string())];
            eprintln!("{}", spoken().say("commands.demo.torso", &say));
            Ok((other, Found::Nothing))
        }
    }
}

fn free(wanted: &Path) -> PathBuf {
    (2..).map(|n| beside(wanted, n)).find(|p| !p.exists()).unwrap_or_else(|| beside(wanted, 2))
}

fn another(name: &str, other: &Path) -> Result<bool> {
    eprint!("{} ", spoken().say("commands.demo.ask", &[("folder", name), ("other", &other.display().to_string())]));
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "a" | "n" | "另" | "另起" | "新"))
}

/// Notes that loading begins: a folder left at this point is never taken for a whole one.
pub fn begin(folder: &Path) -> Result<()> {
    Ok(std::fs::write(folder.join(BEGUN), b"")?)
}

/// A database that is elsewhere may hold somebody's real matters.
pub async fn ask_empty(house: &House) -> Result<()> {
    if buildings::districts(house.read()).await?.is_empty() {
        return Ok(());
    }
    Err(Error::broken("the database that LOUYI_DATABASE_URL names is not empty: a demonstration needs one of its own"))
}

/// Notes what was made. Sign-in links do not lie about in files: each start makes new ones.
pub fn finish(folder: &Path, mut made: Value) -> Result<()> {
    if let Some(people) = made.get_mut("people").and_then(Value::as_array_mut) {
        for person in people.iter_mut().filter_map(Value::as_object_mut) {
            person.remove("sign_in");
        }
    }
    let part = folder.join("demo.json.part");
    std::fs::write(&part, serde_json::to_vec_pretty(&made)?)?;
    std::fs::rename(part, folder.join(MADE))?;
    Ok(std::fs::remove_file(folder.join(BEGUN))?)
}

/// What was made, as it was noted.
pub fn read(folder: &Path) -> Result<Value> {
    let made: Value = serde_json::from_slice(&std::fs::read(folder.join(MADE))?)?;
    if list(&made, "people").is_empty() {
        return Err(Error::broken(format!("{} does not say who is in the demonstration", folder.join(MADE).display())));
    }
    Ok(made)
}
