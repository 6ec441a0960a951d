//! The desk's list to take along: the same lines in the same order, as CSV and as a workbook.

use rocket::tokio::task::spawn_blocking;
use rocket::{Route, get, routes};

use super::asked::{Asked, Query};
use super::known::Known;
use crate::domain::desk::Desk;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::guards::SignedIn;
use crate::web::sheet;

pub(super) fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

/// Most lines; what waits for one person is fewer.
const MOST: u64 = 5_000;

const COLUMNS: [&str; 7] = ["label", "title", "small", "state", "due", "act", "address"];

struct Table {
    name: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

async fn table(me: &SignedIn<'_>, query: &Query) -> Result<Table> {
    let asked = Asked::of(query);
    let desk = Desk::of(&me.house, me.person().id, &me.signed.memberships, asked.building.as_deref(), asked.narrow.clone()).await?;
    let lines = desk.lines(asked.view, MOST).await?;
    let known = Known::of(me, &desk, &lines).await?;
    let settings = me.house.settings();
    let row = |row: super::rows::Row| {
        let mut cells = row.cells();
        if let Some(path) = cells.last_mut() {
            *path = settings.address(path);
        }
        cells
    };
    Ok(Table {
        name: format!("desk-{}", dates::local(me.house.now()).format("%Y%m%d")),
        head: COLUMNS.iter().map(|c| me.lang.t(&format!("desk.export.{c}"))).collect(),
        rows: lines.iter().filter_map(|l| known.row(l, &[])).map(row).collect(),
    })
}

#[get("/desk/list.csv?<query..>")]
async fn csv(me: SignedIn<'_>, query: Query) -> Result<Answer> {
    let Table { name, head, rows } = table(&me, &query).await?;
    Ok(Answer::bytes(sheet::csv_type(), sheet::csv(&head, rows)?).named(&format!("{name}.csv")).header("Cache-Control", "private, no-store"))
}

#[get("/desk/list.xlsx?<query..>")]
async fn xlsx(me: SignedIn<'_>, query: Query) -> Result<Answer> {
    let Table { name, head, rows } = table(&me, &query).await?;
    let body = spawn_blocking(move || sheet::xlsx(&head, &rows)).await.map_err(|e| Error::broken(e.to_string()))??;
    Ok(Answer::bytes(sheet::xlsx_type(), body).named(&format!("{name}.xlsx")).header("Cache-Control", "private, no-store"))
}
