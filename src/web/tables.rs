//! A table that somebody sends: a file that was chosen, or rows that were pasted. Looked at first, it travels back with the page
//! as tab-separated text, so that what is done is what was shown.

use rocket::tokio::task::spawn_blocking;

use super::sent::Sent;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::spreadsheet::{self, BYTES, COLUMNS};

/// The rows of a form's table, each with the number that a person would count.
pub(super) type Rows = Vec<(usize, Vec<String>)>;

/// In which field the table came: as a file, or else as text.
pub(super) fn field(sent: &Sent<'_>) -> &'static str {
    if sent.files("table").next().is_some() { "table" } else { "list" }
}

/// The rows of a form's table: from the file, which may be any spreadsheet, or else from the text.
pub(super) async fn rows(sent: &Sent<'_>) -> Result<Rows> {
    let field = field(sent);
    let rows = match sent.files("table").next() {
        Some(upload) => {
            let large = || Refusal::new("sheet_large").with("mb", BYTES / 1024 / 1024).at("table");
            let bytes = upload.bytes.clone().ok_or_else(large)?;
            // Unpacking takes a while: not on the thread that answers others.
            let read = spawn_blocking(move || spreadsheet::rows(&bytes)).await.map_err(|e| Error::broken(e.to_string()))?;
            let read = read.map_err(|fault| Refusal::from(fault).at("table"))?;
            read.into_iter().map(|r| (r.line as usize, r.cells.iter().map(|c| flat(c)).collect())).collect()
        }
        None => separated(sent.text("list"))?,
    };
    let rows: Rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty())).collect();
    if rows.is_empty() {
        return Err(Refusal::new("table_empty").at(field).into());
    }
    if let Some((_, wide)) = rows.iter().find(|(_, cells)| cells.len() > COLUMNS) {
        return Err(Refusal::new("sheet_columns").with("max", COLUMNS).with("n", wide.len()).at(field).into());
    }
    Ok(rows)
}

/// Empties the columns that nobody asked for: they don't travel along.
pub(super) fn keep_named(rows: &mut [(usize, Vec<String>)], columns: &[Option<&str>]) {
    for (_, cells) in rows {
        cells.truncate(columns.len());
        cells.iter_mut().zip(columns).filter(|(_, c)| c.is_none()).for_each(|(cell, _)| cell.clear());
    }
}

/// Refuses more rows than are done in one act.
pub(super) fn ask_few(n: usize, most: usize, field: &'static str) -> Result<(), Refusal> {
    if n > most { Err(Refusal::new("table_rows").with("max", most).with("n", n).at(field)) } else { Ok(()) }
}

/// A cell as it can travel back in a line of text: what is done is read from there.
fn flat(cell: &str) -> String {
    cell.replace(['\t', '\n', '\r', '"'], " ").trim().to_owned()
}

/// Rows of text: separated by tabs where there is one, as spreadsheets copy them, else by commas (RFC 4180).
fn separated(text: &str) -> Result<Rows, Refusal> {
    // Browsers send CR LF, of which the reader of CSV would count one line too few.
    let text = &text.replace("\r\n", "\n");
    let delimiter = if text.contains('\t') { b'\t' } else { b',' };
    let plain = if delimiter == b',' && !text.contains('"') { text.replace(['，', '；', ';'], ",") } else { text.clone() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(plain.as_bytes());
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|_| Refusal::new("table_unreadable").at("list"))?;
        let line = record.position().map_or(0, |p| p.line() as usize);
        rows.push((line, record.iter().map(flat).collect()));
    }
    Ok(rows)
}

/// The rows again, for the page that asks whether it shall be done.
pub(super) fn text(rows: &[(usize, Vec<String>)]) -> String {
    let mut last = 0;
    let mut out = String::new();
    for (line, cells) in rows {
        // Lines keep their numbers: an error later still points at the right one.
        while last + 1 < *line && *line < 100_000 {
            out.push_str("\t\n");
            last += 1;
        }
        out.push_str(&cells.join("\t"));
        if cells.len() < 2 {
            out.push('\t');
        }
        out.push('\n');
        last += 1;
    }
    out
}
