//! The second step: which column holds what. Each stands with its first values; what its head suggests is chosen already.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{address, frame, import, named, root};
use crate::domain::buildings::{self, Building};
use crate::domain::imports::{self, Field, Import, Mapping};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::spreadsheet::Spreadsheet;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{Import as Imports, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, choose]
}

/// Values that are shown of a column.
const VALUES: usize = 3;

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    here: bool,
}

#[derive(Serialize)]
struct Column {
    /// As a spreadsheet program calls it.
    letter: String,
    /// The field's name in the form.
    name: String,
    head: String,
    values: Vec<String>,
    /// It says who somebody is: not taken, and not offered.
    personal: bool,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    name: String,
    action: String,
    back: Option<String>,
    counted: String,
    remembered: bool,
    columns: Vec<Column>,
    places: Vec<Choice>,
    open: bool,
    guess: bool,
    drop: String,
    form: FormState,
}

/// `A`, `B`, … `AA`.
fn letter(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letter(column / 26 - 1)) }
}

fn column(sheet: &Spreadsheet, mapping: &Mapping, i: usize, lang: Lang) -> Column {
    let head = sheet.head.get(i).cloned().unwrap_or_default();
    let chosen = mapping.columns.get(i).copied().flatten();
    let values = sheet.rows.iter().map(|r| r.cell(i)).filter(|c| !c.is_empty()).take(VALUES);
    let choice = |f: &Field| Choice { value: f.as_str().into(), label: lang.t(&format!("imports.field.{}", f.as_str())), here: chosen == Some(*f) };
    Column {
        letter: letter(i),
        name: format!("c{i}"),
        values: values.map(|v| crate::kernel::text::shorten(v, 40)).collect(),
        personal: imports::personal(&head) && chosen.is_none(),
        choices: Field::ALL.iter().map(choice).collect(),
        head,
    }
}

async fn page(
    who: &May<'_, Imports>,
    building: &Building,
    import: &Import,
    sheet: &Spreadsheet,
    chosen: (Mapping, bool),
    form: FormState,
) -> Result<Answer> {
    let (lang, (mapping, remembered)) = (who.lang, chosen);
    let places = buildings::places(who.house.read(), building.id).await?;
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        root: root(building),
        name: named(import, lang),
        action: format!("{}/columns", address(building, import)),
        back: import.mapping.is_some().then(|| address(building, import)),
        counted: lang.say("imports.counted", &[("rows", &sheet.rows.len().to_string()), ("columns", &sheet.head.len().to_string())]),
        remembered,
        columns: (0..sheet.head.len()).map(|i| column(sheet, &mapping, i, lang)).collect(),
        places: places
            .iter()
            .map(|p| Choice { value: p.code.clone(), label: p.full(lang), here: mapping.place.as_deref() == Some(p.code.as_str()) })
            .collect(),
        open: mapping.open,
        guess: mapping.guess,
        drop: format!("{}/dropping", address(building, import)),
        form,
    };
    Ok(who.page(frame(who, building, lang.t("imports.columns")), "imports/columns", &page)?.header("Cache-Control", "no-store"))
}

#[get("/<_>/imports/<number>/columns")]
async fn show(who: May<'_, Imports>, number: i32) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    let Some(sheet) = import.sheet(who.house.read()).await? else { return Ok(Answer::go(address(building, &import))) };
    let chosen = import.mapping(who.house.read(), &sheet.head).await?;
    page(&who, building, &import, &sheet, chosen, FormState::fresh(&who)).await
}

/// What a form says of each column.
fn chosen(sent: &Sent<'_>, columns: usize) -> Mapping {
    Mapping {
        columns: (0..columns).map(|i| Field::named(sent.text(&format!("c{i}")))).collect(),
        place: sent.given("place").map(str::to_owned),
        open: sent.text("unsaid") == "open",
        guess: sent.ticked("guess"),
    }
}

/// Looks at every row with what was chosen; then the next step shows what came of it.
#[post("/<_>/imports/<number>/columns", data = "<sent>")]
async fn choose(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    let Some(sheet) = import.sheet(who.house.read()).await? else { return Ok(Answer::go(address(building, &import))) };
    let mapping = chosen(&sent, sheet.head.len());
    let done = async {
        sent.trusted()?;
        mapping.ask_whole()?;
        if let Some(code) = &mapping.place {
            buildings::place_by_code(who.house.read(), building.id, code).await.map_err(|_| Refusal::new("unknown_place").at("place"))?;
        }
        let checked = import.look(who.house.read(), &who.house, sheet.clone(), mapping.clone()).await?;
        let act = who.begin(&sent).await?;
        let import = import.clone().checked(&act, building, &mapping, &checked).await?;
        act.commit().await?;
        Ok(import)
    }
    .await;
    match done {
        Ok(import) => Ok(Answer::go(address(building, &import))),
        Err(e) => {
            let (form, status): (FormState, Status) = FormState::again(&sent, e)?;
            Ok(page(&who, building, &import, &sheet, (mapping, false), form).await?.status(status))
        }
    }
}
