//! The files that were brought, and the form for the next.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{address, building, frame, named, root};
use crate::domain::buildings::Building;
use crate::domain::imports::{self, Import, ImportState};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::spreadsheet::{BYTES, ROWS};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Import as Imports, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![index, create]
}

/// What is said of importing before anybody begins.
const WHAT: [&str; 5] = ["history", "clocks", "hidden", "personal", "again"];

#[derive(Serialize)]
struct Line {
    name: String,
    href: String,
    state: String,
    small: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    limits: String,
    /// What importing means.
    what: Vec<String>,
    lines: Vec<Line>,
    form: FormState,
}

/// What became of it, in numbers.
fn small(import: &Import, lang: Lang) -> String {
    let say = |key: &str, with: &[(&str, i32)]| {
        let with: Vec<(&str, String)> = with.iter().map(|(k, n)| (*k, n.to_string())).collect();
        lang.say(&format!("imports.small.{key}"), &with.iter().map(|(k, n)| (*k, n.as_str())).collect::<Vec<_>>())
    };
    match import.state {
        ImportState::Checked => say("checked", &[("fresh", import.fresh), ("known", import.known), ("faulty", import.faulty)]),
        ImportState::Running => say("running", &[("made", import.made), ("fresh", import.fresh)]),
        ImportState::Done => say("done", &[("made", import.made)]),
        ImportState::Undoing | ImportState::Undone => say("undone", &[("n", import.taken_back), ("stayed", import.stayed)]),
        ImportState::Uploaded | ImportState::Dropped => say("rows", &[("n", import.total)]),
    }
}

async fn page(who: &May<'_, Imports>, building: &Building, form: FormState) -> Result<Answer> {
    let (lang, now) = (who.lang, who.house.now());
    let all = imports::of_building(who.house.read(), building.id).await?;
    let line = |i: &Import| Line {
        name: named(i, lang),
        href: address(building, i),
        state: lang.t(&format!("imports.state.{}", i.state)),
        small: lang.say("imports.small.at", &[("at", &dates::moment(i.uploaded_at, now, lang)), ("what", &small(i, lang))]),
    };
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        root: root(building),
        limits: lang.say(
            "imports.limits",
            &[("rows", &ROWS.to_string()), ("mb", &(BYTES / 1024 / 1024).to_string()), ("days", &imports::FILE_DAYS.to_string())],
        ),
        what: WHAT.iter().map(|k| lang.t(&format!("imports.what_is.{k}"))).collect(),
        lines: all.iter().map(line).collect(),
        form,
    };
    who.page(frame(who, building, lang.t("imports.heading")), "imports/index", &page)
}

#[get("/<_>/imports")]
async fn index(who: May<'_, Imports>) -> Result<Answer> {
    let building = building(&who).await?;
    page(&who, building, FormState::fresh(&who)).await
}

#[post("/<_>/imports", data = "<sent>")]
async fn create(who: May<'_, Imports>, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let done = async {
        sent.trusted()?;
        let upload = sent.files("sheet").next().ok_or_else(|| Refusal::new("sheet_choose").at("sheet"))?;
        let bytes = upload.bytes.clone().ok_or_else(|| Refusal::new("sheet_large").with("mb", BYTES / 1024 / 1024).at("sheet"))?;
        // Read before the act begins: nobody waits for it.
        let (sheet, packed) = imports::read(bytes).await?;
        let act = who.begin(&sent).await?;
        let import = imports::upload(&act, building, &sheet, packed).await?;
        act.commit().await?;
        Ok(import)
    }
    .await;
    match done {
        Ok(import) => Ok(Answer::go(format!("{}/columns", address(building, &import)))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, building, form).await?.status(status))
        }
    }
}
