//! The faulty rows as a file to correct and bring again: the same columns, and one that says what is wrong.

use std::collections::HashMap;

use rocket::tokio::task::spawn_blocking;
use rocket::{Route, post, routes};

use super::{import, show};
use crate::domain::exports::{self, ExportedList, Narrowed};
use crate::domain::imports::FAULTS_HEAD;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::guards::{Import as Imports, May};
use crate::web::sent::Sent;
use crate::web::sheet;

pub(super) fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

struct Table {
    name: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

async fn table(who: &May<'_, Imports>, number: i32, sent: &Sent<'_>) -> Result<Table> {
    let (building, import) = import(who, number).await?;
    let lang = who.lang;
    let sheet = import.sheet(who.house.read()).await?.ok_or(Error::NotFound)?;
    let faults: HashMap<u32, String> =
        import.faults(who.house.read(), u64::from(u32::MAX)).await?.into_iter().map(|(line, all)| (line, show::sentence(&all, lang))).collect();
    let mut head = sheet.head.clone();
    head.push(lang.pick(FAULTS_HEAD[0], FAULTS_HEAD[1]).to_owned());
    let width = sheet.head.len();
    let faulty = sheet.rows.iter().filter_map(|r| Some((r, faults.get(&r.line)?)));
    let rows = faulty.map(|(row, fault)| {
        let mut cells = row.cells.clone();
        cells.resize(cells.len().max(width), String::new());
        // Behind the last column of the head; what a row has too much of stands behind it.
        cells.insert(width, fault.clone());
        cells
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let act = who.begin(sent).await?;
    let narrowed = Narrowed { import: Some(number), ..Narrowed::default() };
    exports::note(&act, building.id, ExportedList::ImportFaults, narrowed, rows.len() as u64).await?;
    act.commit().await?;
    Ok(Table { name: format!("{}-import-{number}-faults", building.slug), head, rows })
}

#[post("/<_>/imports/<number>/faults.csv", data = "<sent>")]
async fn csv(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let Table { name, head, rows } = table(&who, number, &sent).await?;
    Ok(Answer::bytes(sheet::csv_type(), sheet::csv(&head, rows)?).named(&format!("{name}.csv")).header("Cache-Control", "no-store"))
}

#[post("/<_>/imports/<number>/faults.xlsx", data = "<sent>")]
async fn xlsx(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let Table { name, head, rows } = table(&who, number, &sent).await?;
    let body = spawn_blocking(move || sheet::xlsx(&head, &rows)).await.map_err(|e| Error::broken(e.to_string()))??;
    Ok(Answer::bytes(sheet::xlsx_type(), body).named(&format!("{name}.xlsx")).header("Cache-Control", "no-store"))
}
