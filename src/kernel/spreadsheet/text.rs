//! CSV (RFC 4180), also with semicolons or tabs, in the encodings in which spreadsheet programs write it.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{Rows, SheetFault};

/// Its text. Without a mark in front it is UTF-8 where it reads as that, else GB18030, which Excel writes on a Chinese
/// Windows.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetFault> {
    let whole = |encoding: &'static encoding_rs::Encoding| {
        let (text, _, wrong) = encoding.decode(bytes);
        if wrong || text.contains('\0') { Err(SheetFault::Encoding) } else { Ok(text) }
    };
    match bytes {
        [0xFF, 0xFE, ..] => whole(UTF_16LE),
        [0xFE, 0xFF, ..] => whole(UTF_16BE),
        _ => whole(UTF_8).or_else(|_| whole(GB18030)),
    }
}

/// What stands between cells: of comma, semicolon and tab the most frequent outside quotes among the first lines.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut seen = [(b',', 0), (b';', 0), (b'\t', 0)];
    for b in text.bytes().take(20_000) {
        quoted ^= b == b'"';
        if let Some((_, n)) = seen.iter_mut().find(|(d, _)| *d == b && !quoted) {
            *n += 1;
        }
    }
    seen.into_iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| d)
}

/// A record that no file holds.
const END: &str = "\u{1}\u{2}\u{1}";

pub(super) fn read(bytes: &[u8], rows: &mut Rows) -> Result<(), SheetFault> {
    let text = decode(bytes)?;
    // Excel's own hint in the first line.
    let (hint, text) = match text.strip_prefix("sep=").map(|t| (t.bytes().next(), t)) {
        Some((Some(d), t)) => (Some(d), t.split_once('\n').map_or("", |(_, rest)| rest)),
        _ => (None, &*text),
    };
    // If a quote is still open at the end, it swallows the record that is put there.
    let marked = format!("{text}\n{END}\n");
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(hint.unwrap_or_else(|| delimiter(text)));
    let mut reader = reader.from_reader(marked.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut line, mut first, mut ended) = (0, 1, false);
    while reader.read_record(&mut record).map_err(|_| SheetFault::NoSheet)? {
        line += 1;
        first = record.position().map_or(line, |p| u32::try_from(p.line()).unwrap_or(u32::MAX));
        if record.len() == 1 && record.get(0) == Some(END) {
            ended = true;
            break;
        }
        for (column, cell) in record.iter().enumerate() {
            rows.cell(line, column, unescaped(cell))?;
        }
    }
    if ended { Ok(()) } else { Err(SheetFault::Quote(first)) }
}

/// The mark that keeps a cell from being taken for a formula, goes again.
fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(cell)
}
