//! Tables to take along: CSV that spreadsheets read as UTF-8, and XLSX. No cell is ever taken for a formula.

use std::path::Path;

use futures::stream::BoxStream;
use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::stream::ByteStream;
use rocket::response::{self, Responder, Response};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use crate::kernel::error::{Error, Result};

/// A cell that a spreadsheet would take for a formula becomes text.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::broken(e.to_string())
}

/// The media type of [`csv`].
pub fn csv_type() -> ContentType {
    ContentType::new("text", "csv").with_params([("charset", "utf-8"), ("header", "present")])
}

/// Rows under a head, RFC 4180.
pub fn csv(head: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut all = csv_head(head)?;
    all.extend(csv_rows(rows)?);
    Ok(all)
}

/// The head alone; Excel reads UTF-8 only with the mark in front.
pub fn csv_head(head: &[String]) -> Result<Vec<u8>> {
    let mut all = b"\xEF\xBB\xBF".to_vec();
    all.extend(csv_rows([head.to_vec()])?);
    Ok(all)
}

/// More rows of the same file.
pub fn csv_rows(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut w = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(vec![]);
    for row in rows {
        w.write_record(row.iter().map(|c| cell(c))).map_err(broken)?;
    }
    w.into_inner().map_err(broken)
}

/// A CSV file of which the rows are read while it is sent: none of it is held longer than a block.
pub struct Streamed {
    pub name: String,
    pub parts: BoxStream<'static, Vec<u8>>,
}

impl<'r> Responder<'r, 'r> for Streamed {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'r> {
        let body = ByteStream(self.parts).respond_to(req)?;
        let named = Header::new("Content-Disposition", format!("attachment; filename=\"{}\"", self.name));
        Response::build_from(body).header(csv_type()).header(named).raw_header("Cache-Control", "private, no-store").ok()
    }
}

/// A text that is written as numbers are: without zeros in front, and not of more digits than a spreadsheet keeps.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 15 && digits.starts_with(|c: char| c.is_ascii_digit());
    let whole = digits.strip_prefix('0').is_none_or(|rest| rest.is_empty() || rest.starts_with('.'));
    if plain && whole && digits.chars().all(|c| c.is_ascii_digit() || c == '.') { text.parse().ok() } else { None }
}

/// A workbook in which nothing says when it was made: the same rows are the same file.
fn workbook() -> Result<Workbook> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(broken)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(book)
}

/// The head in the first row, which stays when the others are scrolled.
fn head_of(sheet: &mut Worksheet, head: &[String]) -> Result<()> {
    let bold = Format::new().set_bold();
    for (c, word) in (0..).zip(head) {
        sheet.write_string_with_format(0, c, word, &bold).map_err(broken)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(broken).map(drop)
}

/// A row; what reads as a number is one.
fn row_of(sheet: &mut Worksheet, r: u32, row: &[String]) -> Result<()> {
    for (c, text) in (0..).zip(row) {
        match number(text) {
            Some(n) => sheet.write_number(r, c, n),
            None => sheet.write_string(r, c, text),
        }
        .map_err(broken)?;
    }
    Ok(())
}

/// The same as a workbook of one sheet (ISO/IEC 29500). Takes a while for many rows: not for the thread that answers others.
pub fn xlsx(head: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut book = workbook()?;
    let sheet = book.add_worksheet();
    head_of(sheet, head)?;
    for (r, row) in (1..).zip(rows) {
        row_of(sheet, r, row)?;
    }
    sheet.autofit();
    book.save_to_buffer().map_err(broken)
}

/// A workbook that is written as its rows are read. Its cells wait in a file without a name; in memory are only its texts, each
/// once: not every program reads texts that stand in the cells themselves.
pub struct Book {
    book: Workbook,
    rows: u32,
}

impl Book {
    /// The head alone; the file lies in this folder.
    pub fn new(head: &[String], folder: &Path) -> Result<Self> {
        let mut book = workbook()?;
        book.set_tempdir(folder).map_err(broken)?;
        head_of(book.add_worksheet_with_low_memory().map_err(broken)?, head)?;
        Ok(Self { book, rows: 0 })
    }

    /// With more rows; the first ones say how wide the columns are. Takes a while.
    pub fn and(mut self, rows: &[Vec<String>]) -> Result<Self> {
        let first = self.rows == 0;
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        let columns = rows.iter().map(Vec::len).max().filter(|_| first).unwrap_or_default();
        for (at, c) in (0..columns).zip(0..) {
            let widest = rows.iter().filter_map(|r| r.get(at)).map(|text| breadth(text)).max().unwrap_or_default();
            sheet.set_column_width(c, widest.clamp(8, WIDEST)).map_err(broken)?;
        }
        for row in rows {
            self.rows += 1;
            row_of(sheet, self.rows, row)?;
        }
        Ok(self)
    }

    /// The file. Takes a while.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.book.save_to_buffer().map_err(broken)
    }
}

/// Widest column, in digits.
const WIDEST: u32 = 60;

/// How much room a text's first line takes, in digits: a Chinese character takes two.
fn breadth(text: &str) -> u32 {
    text.lines().next().unwrap_or_default().chars().take(WIDEST as usize).map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>() + 1
}

/// The media type of [`xlsx`].
pub fn xlsx_type() -> ContentType {
    ContentType::new("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
}
