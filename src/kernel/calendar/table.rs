//! Reading the table of days that differ from Monday-to-Friday.

use chrono::{Datelike, NaiveDate};

/// What the table says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A day off.
    Holiday,
    /// A working day although it falls on a weekend (调休).
    Workday,
}

/// One listed day.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub date: NaiveDate,
    pub kind: Kind,
    pub name: Box<str>,
}

/// Why a table was refused. Lines are counted from 1, the header being line 1.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CalendarFault {
    /// The first line is not `date,kind,name`.
    #[error("the table must begin with the line date,kind,name")]
    Header,
    /// A row is not three fields of valid UTF-8.
    #[error("line {line}: not a row of date,kind,name")]
    Row { line: u64 },
    /// A date is not `YYYY-MM-DD` between 1992 and 2199. Before 1992 the fixed offset would be wrong.
    #[error("line {line}: {date:?} is not a date between 1992-01-01 and 2199-12-31")]
    Date { line: u64, date: String },
    /// A kind is neither `holiday` nor `workday`.
    #[error("line {line}: {kind:?} is neither holiday nor workday")]
    Kind { line: u64, kind: String },
    /// A day is listed twice.
    #[error("{date} is listed twice")]
    Twice { date: NaiveDate },
    /// No rows. Loading nothing would make every deadline provisional.
    #[error("the table has no rows")]
    Empty,
}

const YEARS: std::ops::RangeInclusive<i32> = 1992..=2199;

/// The rows in order of date.
pub(super) fn read(text: &str) -> Result<Vec<Row>, CalendarFault> {
    let (rows, mut faults) = look(text);
    if faults.is_empty() { Ok(rows) } else { Err(faults.swap_remove(0)) }
}

/// Everything that is wrong, in the order of lines.
pub(super) fn faults(text: &str) -> Vec<CalendarFault> {
    look(text).1
}

fn look(text: &str) -> (Vec<Row>, Vec<CalendarFault>) {
    // Spreadsheets write a byte order mark, and people edit this file in spreadsheets.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    if reader.headers().ok() != Some(&csv::StringRecord::from(vec!["date", "kind", "name"])) {
        return (vec![], vec![CalendarFault::Header]);
    }
    let (mut rows, mut faults) = (vec![], vec![]);
    for record in reader.records() {
        let read = record.map_err(|e| CalendarFault::Row { line: e.position().map_or(0, csv::Position::line) });
        match read.and_then(|record| row(&record)) {
            Ok(row) => rows.push(row),
            Err(fault) => faults.push(fault),
        }
    }
    rows.sort_by_key(|row| row.date);
    faults.extend(rows.windows(2).filter(|pair| pair[0].date == pair[1].date).map(|pair| CalendarFault::Twice { date: pair[0].date }));
    if rows.is_empty() && faults.is_empty() {
        faults.push(CalendarFault::Empty);
    }
    (rows, faults)
}

fn row(record: &csv::StringRecord) -> Result<Row, CalendarFault> {
    let line = record.position().map_or(0, csv::Position::line);
    let (Some(date), Some(kind), Some(name)) = (record.get(0), record.get(1), record.get(2)) else {
        return Err(CalendarFault::Row { line });
    };
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d")
        .ok()
        .filter(|d| YEARS.contains(&d.year()))
        .ok_or_else(|| CalendarFault::Date { line, date: date.to_owned() })?;
    let kind = match kind {
        "holiday" => Kind::Holiday,
        "workday" => Kind::Workday,
        _ => {
            return Err(CalendarFault::Kind { line, kind: kind.to_owned() });
        }
    };
    Ok(Row { date, kind, name: name.into() })
}

/// Monday to Friday, by day number; day 1 (1 January of year 1) is a Monday.
pub(super) fn is_weekday(day: i32) -> bool {
    (day - 1).rem_euclid(7) < 5
}

/// One bit per day over the whole years that the rows span: set = working day. Gives the day number of bit 0.
pub(super) fn bits(rows: &[Row]) -> (i32, Vec<u64>) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return (0, vec![]);
    };
    let start = first.date.num_days_from_ce() - first.date.ordinal0() as i32;
    // Whole words: the days behind the last row simply follow the weekday rule.
    let words = (last.date.num_days_from_ce() - start) as usize / 64 + 1;
    let mut bits = vec![0u64; words];
    for day in 0..words * 64 {
        bits[day / 64] |= u64::from(is_weekday(start + day as i32)) << (day % 64);
    }
    for row in rows {
        let day = (row.date.num_days_from_ce() - start) as usize;
        match row.kind {
            Kind::Workday => bits[day / 64] |= 1 << (day % 64),
            Kind::Holiday => bits[day / 64] &= !(1 << (day % 64)),
        }
    }
    (start, bits)
}
