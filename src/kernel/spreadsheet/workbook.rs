//! XLSX: its first sheet in which something stands, read cell by cell. A table of the size that its corners claim is never
//! made, and nothing is unpacked that was not measured first.

use std::io::{Cursor, Read as _};

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader as _, Xlsx};

use super::{CONTENT, Rows, SheetFault};

/// Most that all parts of a workbook may unpack to, in bytes: 100,000 rows of 12 texts are about 100 MB.
const UNPACKED: u64 = 256 * 1024 * 1024;
/// Most parts.
const PARTS: usize = 2000;

/// Unpacks everything once without keeping it: what an archive says of its own size is not to be believed.
fn measure(bytes: &[u8]) -> Result<(), SheetFault> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetFault::NoSheet)?;
    if zip.len() > PARTS {
        return Err(SheetFault::TooLarge);
    }
    let mut left = UNPACKED;
    for i in 0..zip.len() {
        let part = zip.by_index(i).map_err(|_| SheetFault::NoSheet)?;
        let n = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| SheetFault::NoSheet)?;
        left = left.checked_sub(n).ok_or(SheetFault::TooLarge)?;
    }
    Ok(())
}

pub(super) fn read(bytes: &[u8], rows: &mut Rows) -> Result<(), SheetFault> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetFault::NoSheet)?;
    for name in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| SheetFault::NoSheet)?;
        let mut at = (0, 0);
        while let Some(cell) = cells.next_cell().map_err(|_| SheetFault::NoSheet)? {
            // A file whose cells go backwards was made by no spreadsheet program.
            if cell.get_position() < at {
                return Err(SheetFault::NoSheet);
            }
            at = cell.get_position();
            rows.cell(at.0.saturating_add(1), at.1 as usize, &written(cell.get_value()))?;
        }
        drop(cells);
        if !rows.all.is_empty() {
            let regions = book.merge_cells_by_sheet_name(&name).map_err(|_| SheetFault::NoSheet)?;
            return regions.into_iter().filter(|d| d.end.0 > d.start.0).try_for_each(|d| fill(rows, &d));
        }
    }
    Ok(())
}

/// Of cells that are merged downwards only the first holds the text: whoever merged them meant it for each row.
fn fill(rows: &mut Rows, region: &Dimensions) -> Result<(), SheetFault> {
    let column = region.start.1 as usize;
    let first = rows.all.partition_point(|r| r.line <= region.start.0);
    let end = rows.all.partition_point(|r| r.line <= region.end.0.saturating_add(1));
    let Some((top, below)) = rows.all.get_mut(first..end).and_then(<[_]>::split_first_mut) else { return Ok(()) };
    let text = top.cell(column);
    if top.line != region.start.0 + 1 || text.is_empty() {
        return Ok(());
    }
    for row in below {
        rows.content += text.len() + size_of::<String>();
        if rows.content > CONTENT {
            return Err(SheetFault::TooLarge);
        }
        row.cells.resize(row.cells.len().max(column + 1), String::new());
        if let Some(cell) = row.cells.get_mut(column).filter(|c| c.is_empty()) {
            cell.push_str(text);
        }
    }
    Ok(())
}

/// A cell as text.
fn written(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty => String::new(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s,
        Data::Int(n) => n.to_string(),
        Data::Float(n) => n.to_string(),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(at) => instant(&at),
        Data::Error(e) => e.to_string(),
    }
}

fn instant(at: &ExcelDateTime) -> String {
    let (y, m, d, h, min, ..) = at.to_ymd_hms_milli();
    let time = format!("{h:02}:{min:02}");
    match at.as_f64() {
        _ if at.is_duration() => at.as_f64().to_string(),
        n if n < 1.0 => time,
        n if n.fract() == 0.0 => format!("{y:04}-{m:02}-{d:02}"),
        _ => format!("{y:04}-{m:02}-{d:02} {time}"),
    }
}
