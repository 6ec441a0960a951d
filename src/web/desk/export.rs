//! The desk's list to take along: the same lines in the same order, as CSV and as a workbook.

use std::collections::BTreeMap;

use rocket::tokio::task::spawn_blocking;
use rocket::{Route, post, routes};

use super::asked::{Asked, Query};
use super::known::{Known, issue_of};
use crate::domain::desk::{Desk, Line, What};
use crate::domain::exports::{self, ExportedList, Narrowed};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::BuildingId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::guards::SignedIn;
use crate::web::sent::Sent;
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

async fn table(me: &SignedIn<'_>, query: &Query, sent: &Sent<'_>) -> Result<Table> {
    sent.trusted()?;
    let asked = Asked::of(query);
    let (rows, counted) = lines(me, &asked).await?;
    note(me, sent, &asked, counted).await?;
    Ok(Table {
        name: format!("desk-{}", dates::local(me.house.now()).format("%Y%m%d")),
        head: COLUMNS.iter().map(|c| me.lang.t(&format!("desk.export.{c}"))).collect(),
        rows,
    })
}

/// How many lines are of which building.
type Counted = BTreeMap<BuildingId, u64>;

/// The lines, and how many of each building; what is of none counts with the first.
async fn lines(me: &SignedIn<'_>, asked: &Asked) -> Result<(Vec<Vec<String>>, Counted)> {
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
    let first = desk.only().or(desk.buildings.first()).map(|b| b.id);
    let mut counted: Counted = first.map(|b| (b, 0)).into_iter().collect();
    for building in lines.iter().filter_map(|l| building_of(l).or(first)) {
        *counted.entry(building).or_default() += 1;
    }
    counted.retain(|b, n| *n > 0 || (lines.is_empty() && Some(*b) == first));
    Ok((lines.iter().filter_map(|l| known.row(l, &[])).map(row).collect(), counted))
}

/// In which building something has to be done, where it is in one.
fn building_of(line: &Line) -> Option<BuildingId> {
    match &line.what {
        What::Words(building, _) => Some(*building),
        _ => issue_of(line).map(|i| i.building_id),
    }
}

/// Notes in each building how many of its lines leave the house, before any of them does.
async fn note(me: &SignedIn<'_>, sent: &Sent<'_>, asked: &Asked, counted: Counted) -> Result<()> {
    let n = &asked.narrow;
    let narrowed = Narrowed {
        view: Some(asked.view.as_str().to_owned()),
        category: n.category.clone(),
        further: n.hands.is_some() || n.floor.is_some() || n.words.is_some() || n.span.is_some(),
        ..Narrowed::default()
    };
    let act = me.begin(sent).await?;
    for (building, rows) in counted {
        exports::note(&act, building, ExportedList::Desk, narrowed.clone(), rows).await?;
    }
    act.commit().await
}

#[post("/desk/list.csv?<query..>", data = "<sent>")]
async fn csv(me: SignedIn<'_>, query: Query, sent: Sent<'_>) -> Result<Answer> {
    let Table { name, head, rows } = table(&me, &query, &sent).await?;
    Ok(Answer::bytes(sheet::csv_type(), sheet::csv(&head, rows)?).named(&format!("{name}.csv")).header("Cache-Control", "private, no-store"))
}

#[post("/desk/list.xlsx?<query..>", data = "<sent>")]
async fn xlsx(me: SignedIn<'_>, query: Query, sent: Sent<'_>) -> Result<Answer> {
    let Table { name, head, rows } = table(&me, &query, &sent).await?;
    let body = spawn_blocking(move || sheet::xlsx(&head, &rows)).await.map_err(|e| Error::broken(e.to_string()))??;
    Ok(Answer::bytes(sheet::xlsx_type(), body).named(&format!("{name}.xlsx")).header("Cache-Control", "private, no-store"))
}
