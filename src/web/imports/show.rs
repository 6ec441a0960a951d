//! The third and fourth step: what came of looking, how far the writing is, what has become of it.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::{address, frame, import, named, root};
use crate::domain::buildings::{self, Building};
use crate::domain::categories;
use crate::domain::imports::{self, Fault, Import, ImportState, Sample};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Import as Imports, May};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Faulty rows that the page spells out; the file has all.
const FAULTS: u64 = 20;
/// Matters that are named where they stayed.
const NAMED: u64 = 50;
/// Seconds until a page looks again by itself.
const AGAIN: &str = "2";

#[derive(Serialize)]
struct Fig {
    term: String,
    value: String,
    small: Option<String>,
}

#[derive(Serialize)]
struct Row {
    line: String,
    words: String,
}

#[derive(Serialize)]
struct Shown {
    line: String,
    words: String,
    small: String,
}

#[derive(Serialize)]
struct Stayed {
    label: String,
    href: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    name: String,
    address: String,
    heading: String,
    words: String,
    figs: Vec<Fig>,
    /// Done of all, while something is under way.
    progress: Option<(i32, i32, String)>,
    samples: Vec<Shown>,
    faults: Vec<Row>,
    more_faults: Option<String>,
    /// The faulty rows as files.
    csv: Option<String>,
    xlsx: Option<String>,
    can_start: bool,
    start: String,
    can_change: bool,
    can_undo: bool,
    list: Option<String>,
    stayed: Vec<Stayed>,
    form: FormState,
}

/// What is wrong with a row, in words.
pub(super) fn sentence(faults: &[Fault], lang: Lang) -> String {
    let all: Vec<String> = faults.iter().map(|f| lang.say(&format!("imports.fault.{}", f.key), &[("value", &f.value)])).collect();
    all.join(lang.pick("；", "; "))
}

fn figs(import: &Import, lang: Lang) -> Vec<Fig> {
    let fig = |key: &str, n: i32| Fig { term: lang.t(&format!("imports.figs.{key}")), value: n.to_string(), small: None };
    match import.state {
        ImportState::Uploaded | ImportState::Dropped => vec![fig("total", import.total)],
        ImportState::Undoing | ImportState::Undone => {
            vec![fig("made", import.made), fig("taken_back", import.taken_back), fig("stayed", import.stayed)]
        }
        _ => {
            let fresh = if import.state == ImportState::Checked { fig("fresh", import.fresh) } else { fig("made", import.made) };
            vec![fig("total", import.total), fresh, fig("known", import.known), fig("faulty", import.faulty)]
        }
    }
}

async fn samples(who: &May<'_, Imports>, import: &Import) -> Result<Vec<Shown>> {
    let (lang, today) = (who.lang, dates::local(who.house.now()).date());
    let all = import.samples()?;
    let places = buildings::places_by_ids(who.house.read(), all.iter().map(|s| s.place).collect()).await?;
    let day = |at| dates::short(dates::local(at).date(), today, lang);
    let shown = |s: &Sample| {
        let place = places.iter().find(|p| p.id == s.place).map(|p| p.full(lang)).unwrap_or_default();
        let state = match s.closed {
            Some(at) => lang.say("imports.sample_over", &[("day", &day(at))]),
            None => lang.t("imports.sample_open"),
        };
        let small = [day(s.filed), place, categories::name(&s.category, lang), state];
        Shown { line: lang.say("imports.line", &[("n", &s.line.to_string())]), words: s.words.clone(), small: small.join(&lang.t("parts.comma")) }
    };
    Ok(all.iter().map(shown).collect())
}

pub(super) async fn page(who: &May<'_, Imports>, building: &Building, import: &Import, form: FormState) -> Result<Answer> {
    let (db, lang) = (who.house.read(), who.lang);
    let (address, state) = (address(building, import), import.state);
    let say = |key: &str, n: i32| lang.say(&format!("imports.{key}"), &[("n", &n.to_string())]);
    let has_file = import.has_file(db).await?;
    let told = matches!(state, ImportState::Checked | ImportState::Running | ImportState::Done);
    let faults = if has_file && told { import.faults(db, FAULTS).await? } else { vec![] };
    let more = i64::from(import.faulty) - FAULTS as i64;
    let stayed = if state == ImportState::Undone { imports::stayed(db, import, NAMED).await? } else { vec![] };
    let files = has_file && told && import.faulty > 0;
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        root: root(building),
        name: named(import, lang),
        heading: lang.t(&format!("imports.heading_of.{state}")),
        words: lang.t(&format!("imports.words_of.{state}")),
        figs: figs(import, lang),
        progress: import
            .progress()
            .map(|p| (p.done, p.of.max(1), lang.say("imports.progress", &[("done", &p.done.to_string()), ("of", &p.of.to_string())]))),
        samples: if state == ImportState::Checked { samples(who, import).await? } else { vec![] },
        faults: faults.iter().map(|(n, all)| Row { line: lang.say("imports.line", &[("n", &n.to_string())]), words: sentence(all, lang) }).collect(),
        more_faults: (has_file && told && more > 0).then(|| lang.say("imports.more_faults", &[("n", &more.to_string())])),
        csv: files.then(|| format!("{address}/faults.csv")),
        xlsx: files.then(|| format!("{address}/faults.xlsx")),
        can_start: state == ImportState::Checked && import.fresh > 0,
        start: say("start", import.fresh),
        can_change: matches!(state, ImportState::Uploaded | ImportState::Checked),
        can_undo: state == ImportState::Done && import.made > 0,
        list: (state == ImportState::Done && import.made > 0).then(|| format!("/b/{}/issues", building.slug)),
        stayed: stayed.iter().map(|n| Stayed { label: building.label(*n), href: format!("/b/{}/issues/{n}", building.slug) }).collect(),
        address,
        form,
    };
    let answer = who.page(frame(who, building, page.heading.clone()), "imports/show", &page)?.header("Cache-Control", "no-store");
    Ok(if import.progress().is_some() { answer.header("Refresh", AGAIN) } else { answer })
}

#[get("/<_>/imports/<number>")]
async fn show(who: May<'_, Imports>, number: i32) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    if import.state == ImportState::Uploaded && import.has_file(who.house.read()).await? {
        return Ok(Answer::go(format!("{}/columns", address(building, &import))));
    }
    page(&who, building, &import, FormState::fresh(&who)).await
}
