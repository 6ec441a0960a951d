//! A table that somebody sends: a file that was chosen, or rows that were pasted. Looked at first, it travels back with the page
//! as tab-separated text, so that what is done is what was shown.

use super::sent::Sent;
use crate::kernel::error::{Refusal, Result};

/// Most columns that are looked at; a sheet of 300 has another purpose.
const COLUMNS_MAX: usize = 40;

/// The rows of a form's table, each with the number that a person would count: from the file, or else from the text.
pub(super) fn rows(sent: &Sent<'_>, most: usize) -> Result<Vec<(usize, Vec<String>)>, Refusal> {
    let rows = match sent.files("table").next() {
        Some(upload) => {
            let bytes = upload.bytes.as_ref().ok_or_else(|| Refusal::new("table_large").at("table"))?;
            let text = String::from_utf8(bytes.clone()).map_err(|_| Refusal::new("table_encoding").at("table"))?;
            separated(text.trim_start_matches('\u{feff}'), "table")?
        }
        None => separated(sent.text("list"), "list")?,
    };
    let rows: Vec<(usize, Vec<String>)> = rows.into_iter().filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty())).collect();
    if rows.is_empty() {
        return Err(Refusal::new("table_empty").at(if sent.files("table").next().is_some() { "table" } else { "list" }));
    }
    if rows.len() > most {
        return Err(Refusal::new("table_rows").with("max", most).with("n", rows.len()).at("table"));
    }
    if let Some((_, wide)) = rows.iter().find(|(_, cells)| cells.len() > COLUMNS_MAX) {
        return Err(Refusal::new("table_columns").with("max", COLUMNS_MAX).with("n", wide.len()).at("table"));
    }
    Ok(rows)
}

/// Rows of text: separated by tabs where there is one, as spreadsheets copy them, else by commas (RFC 4180).
fn separated(text: &str, field: &'static str) -> Result<Vec<(usize, Vec<String>)>, Refusal> {
    // Browsers send CR LF, of which the reader of CSV would count one line too few.
    let text = &text.replace("\r\n", "\n");
    let delimiter = if text.contains('\t') { b'\t' } else { b',' };
    let plain = if delimiter == b',' && !text.contains('"') { text.replace(['，', '；', ';'], ",") } else { text.clone() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(plain.as_bytes());
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|_| Refusal::new("table_unreadable").at(field))?;
        let line = record.position().map_or(0, |p| p.line() as usize);
        rows.push((line, record.iter().map(|c| c.trim().to_owned()).collect()));
    }
    Ok(rows)
}

/// The rows again, for the page that asks whether it shall be done.
pub(super) fn text(rows: &[(usize, Vec<String>)]) -> String {
    let clean = |cell: &String| cell.replace(['\t', '\n', '\r', '"'], " ");
    let mut last = 0;
    let mut out = String::new();
    for (line, cells) in rows {
        // Lines keep their numbers: an error later still points at the right one.
        while last + 1 < *line && *line < 100_000 {
            out.push_str("\t\n");
            last += 1;
        }
        out.push_str(&cells.iter().map(clean).collect::<Vec<_>>().join("\t"));
        if cells.len() < 2 {
            out.push('\t');
        }
        out.push('\n');
        last += 1;
    }
    out
}
