//! A spreadsheet that somebody brings along: CSV (UTF-8, UTF-16 with its mark, GB18030) or XLSX (ISO/IEC 29500), read as a
//! head and rows of text. What is too large is refused before it fills the memory. Reading takes a while for many rows: not
//! for the thread that answers others.

mod text;
mod workbook;

use super::error::Refusal;
use super::text::clean;

/// Largest file, in bytes.
pub const BYTES: usize = 48 * 1024 * 1024;
/// Most rows below the head.
pub const ROWS: usize = 100_000;
/// Most columns.
pub const COLUMNS: usize = 100;
/// Most that all cells together hold, in bytes; a file of a few kilobytes can say one long text a million times.
const CONTENT: usize = 128 * 1024 * 1024;
/// Rows above the head that are a title or empty.
const ABOVE: usize = 10;

/// A head and the rows below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spreadsheet {
    /// The words over the columns, cleaned; some may be empty, some alike.
    pub head: Vec<String>,
    /// Rows in which something stands.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet program numbers it, from 1. A CSV file's records are counted likewise.
    pub line: u32,
    /// Cleaned, without the empty ones at the end; more than the head has where the row is too long. A day is written
    /// `2025-03-07`, an instant `2025-03-07 14:05`; of a formula its last result, of cells merged downwards the text in each.
    pub cells: Vec<String>,
}

impl Row {
    /// A cell; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Why a file is no spreadsheet that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetFault {
    /// Nothing stands in it.
    Empty,
    /// A head and nothing below.
    NoRows,
    /// The file or what it unpacks to is too large.
    TooLarge,
    /// More rows than [`ROWS`].
    TooManyRows,
    /// So many columns.
    TooManyColumns(usize),
    /// Neither UTF-8 nor GB18030.
    Encoding,
    /// A quote in this line is never closed.
    Quote(u32),
    /// A workbook of before 2007, or one locked with a password.
    OldOrLocked,
    /// Neither text nor a workbook.
    NoSheet,
}

impl From<SheetFault> for Refusal {
    fn from(fault: SheetFault) -> Self {
        let refusal = match fault {
            SheetFault::Empty => Refusal::new("sheet_empty"),
            SheetFault::NoRows => Refusal::new("sheet_no_rows"),
            SheetFault::TooLarge => Refusal::new("sheet_large").with("mb", BYTES / 1024 / 1024),
            SheetFault::TooManyRows => Refusal::new("sheet_rows").with("max", ROWS),
            SheetFault::TooManyColumns(n) => Refusal::new("sheet_columns").with("n", n).with("max", COLUMNS),
            SheetFault::Encoding => Refusal::new("sheet_encoding"),
            SheetFault::Quote(line) => Refusal::new("sheet_quote").with("line", line),
            SheetFault::OldOrLocked => Refusal::new("sheet_old"),
            SheetFault::NoSheet => Refusal::new("sheet_none"),
        };
        refusal.at("sheet")
    }
}

/// Reads a file of either kind by what is in it; its name does not matter.
pub fn read(bytes: &[u8]) -> Result<Spreadsheet, SheetFault> {
    taken(bytes)?.finish()
}

/// The same as its rows, the head among them where there is one: for a list that may come without.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, SheetFault> {
    let rows = taken(bytes)?.within()?;
    if rows.is_empty() { Err(SheetFault::Empty) } else { Ok(rows) }
}

/// What a spreadsheet program puts where a formula cannot be worked out.
const FAILED: [&str; 8] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];

/// Whether a cell holds a formula that failed, and so says nothing.
pub fn failed(cell: &str) -> bool {
    FAILED.contains(&cell)
}

fn taken(bytes: &[u8]) -> Result<Rows, SheetFault> {
    if bytes.len() > BYTES {
        return Err(SheetFault::TooLarge);
    }
    let mut rows = Rows::default();
    match bytes {
        [b'P', b'K', ..] => workbook::read(bytes, &mut rows)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(SheetFault::OldOrLocked),
        _ => text::read(bytes, &mut rows)?,
    }
    Ok(rows)
}

/// Rows as they come in, within the bounds.
#[derive(Default)]
struct Rows {
    all: Vec<Row>,
    content: usize,
    widest: usize,
}

impl Rows {
    /// Takes the next cell; lines and columns only go up.
    fn cell(&mut self, line: u32, column: usize, raw: &str) -> Result<(), SheetFault> {
        let text = clean(raw);
        if text.is_empty() {
            return Ok(());
        }
        self.content += text.len() + size_of::<String>();
        self.widest = self.widest.max(column + 1);
        if self.content > CONTENT {
            return Err(SheetFault::TooLarge);
        }
        if self.all.last().is_none_or(|r| r.line != line) {
            if self.all.len() > ROWS + ABOVE {
                return Err(SheetFault::TooManyRows);
            }
            self.all.push(Row { line, cells: vec![] });
        }
        // How wide it is in truth is counted; what lies beyond the bound is not kept.
        if let Some(row) = self.all.last_mut().filter(|_| column < COLUMNS) {
            while row.cells.len() < column {
                self.content += size_of::<String>();
                row.cells.push(String::new());
            }
            row.cells.truncate(column);
            row.cells.push(text);
        }
        Ok(())
    }

    fn within(self) -> Result<Vec<Row>, SheetFault> {
        if self.widest > COLUMNS { Err(SheetFault::TooManyColumns(self.widest)) } else { Ok(self.all) }
    }

    /// The head is the first row with several cells, below a title that stands alone.
    fn finish(self) -> Result<Spreadsheet, SheetFault> {
        let all = self.within()?;
        let said = |r: &Row| r.cells.iter().filter(|c| !c.is_empty()).count();
        let at = all.iter().take(ABOVE).position(|r| said(r) > 1).unwrap_or(0);
        let mut rows = all.into_iter().skip(at);
        let head = rows.next().ok_or(SheetFault::Empty)?.cells;
        let rows: Vec<Row> = rows.collect();
        match rows.len() {
            0 => Err(SheetFault::NoRows),
            n if n > ROWS => Err(SheetFault::TooManyRows),
            _ => Ok(Spreadsheet { head, rows }),
        }
    }
}

/// Which row of a table names its columns, below a title that stands alone in its row, and which column is which; none where no
/// row names both columns that are `needed`. `known`: each column with its headings, in small letters.
pub fn headings(rows: &[(usize, Vec<String>)], known: &[(&'static str, &[&str])], needed: [&str; 2]) -> Option<(usize, Vec<Option<&'static str>>)> {
    let of = |cell: &String| {
        let plain = clean(cell).to_lowercase();
        known.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(name, _)| *name)
    };
    let title = |cells: &[String]| cells.iter().filter(|c| !c.is_empty()).count() < 2;
    let at = rows.iter().take(ABOVE).position(|(_, cells)| !title(cells))?;
    let named: Vec<Option<&str>> = rows.get(at)?.1.iter().map(of).collect();
    needed.iter().all(|name| named.contains(&Some(name))).then_some((at, named))
}
