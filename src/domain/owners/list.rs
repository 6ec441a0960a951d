//! A list of units: its columns by their headings, each row against the house, everything wrong said at once.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use crate::domain::buildings::Building;
use crate::domain::organisations::{self, Organisation, OrganisationKind};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::{spreadsheet, text};

/// Most rows of a list.
pub const ROWS_MAX: usize = 5_000;

/// The largest unit, in 1/100 m²: a million square metres.
const AREA_MAX: i64 = 100_000_000;

/// One row as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a person counts the lines of the table.
    pub line: usize,
    pub unit: String,
    pub area: String,
    pub holder: String,
    pub names: String,
    pub parking: String,
    pub co_owners: String,
}

/// What is wrong with a row: a refusal whose field is the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub line: usize,
    pub refusal: Refusal,
}

/// Whose a unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    Developer,
    Organisation(Box<Organisation>),
    /// Known by this label.
    Household(String),
}

/// A row, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub line: usize,
    pub unit: String,
    /// 1/100 m².
    pub area: i64,
    pub whom: Whom,
    pub names: String,
    pub parking: bool,
    pub co_owners: i32,
}

/// The headings that are understood, for each column.
const HEADINGS: [(&str, &[&str]); 6] = [
    ("unit", &["unit", "单元", "室号", "房号", "门牌", "部位", "专有部分"]),
    ("area", &["area", "面积", "专有面积", "建筑面积", "专有部分面积", "面积（㎡）", "面积(㎡)", "面积（平方米）", "面积(平方米)"]),
    ("holder", &["holder", "户号", "业主编号", "产权单位", "业主单位", "业主"]),
    ("names", &["names", "name", "姓名", "业主姓名", "产权人"]),
    ("parking", &["parking", "车位", "是否车位"]),
    ("co_owners", &["co-owners", "co_owners", "共有人", "共有人数"]),
];

/// Which row of a table names its columns, below a title that stands alone in its row, and which column is which; none where
/// no row names both unit and area.
pub fn headings(rows: &[(usize, Vec<String>)]) -> Option<(usize, Vec<Option<&'static str>>)> {
    spreadsheet::headings(rows, &HEADINGS, ["unit", "area"])
}

impl Row {
    /// From the cells of a table whose columns are known.
    pub fn of(line: usize, cells: &[String], columns: &[Option<&'static str>]) -> Self {
        let mut row = Row { line, ..Row::default() };
        for (cell, column) in cells.iter().zip(columns) {
            let cell = text::clean(cell);
            match column {
                Some("unit") => row.unit = cell,
                Some("area") => row.area = cell,
                Some("holder") => row.holder = cell,
                Some("names") => row.names = cell,
                Some("parking") => row.parking = cell,
                Some("co_owners") => row.co_owners = cell,
                _ => {}
            }
        }
        row
    }

    fn cells(&self) -> [&String; 6] {
        [&self.unit, &self.area, &self.holder, &self.names, &self.parking, &self.co_owners]
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.cells().iter().all(|c| c.is_empty())
    }
}

/// Square metres with at most two decimals, in 1/100 m²: `120.35`, `1,204㎡`. Nothing is rounded.
pub fn area(typed: &str) -> Result<i64, Refusal> {
    let wrong = || Refusal::new("area_unreadable").with("what", text::shorten(typed, 20)).at("area");
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect();
    let plain = ["平方米", "平米", "㎡", "m²", "m2"].iter().find_map(|unit| plain.strip_suffix(unit)).unwrap_or(&plain);
    if plain.is_empty() {
        return Err(Refusal::new("empty").at("area"));
    }
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    // Spreadsheets write 98.5 as 98.50000: only zeros may follow the second decimal.
    let (cents, rest) = part.split_at_checked(2).unwrap_or((part, ""));
    if whole.is_empty() || whole.len() > 9 || !digits(whole) || !digits(cents) || rest.bytes().any(|b| b != b'0') {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| wrong())?;
    let all = whole * 100 + cents;
    match all {
        0 => Err(Refusal::new("area_none").at("area")),
        n if n > AREA_MAX => Err(wrong()),
        n => Ok(n),
    }
}

fn yes_or_no(typed: &str) -> Result<bool, Refusal> {
    match typed.to_lowercase().as_str() {
        "" | "否" | "不是" | "no" | "n" | "0" => Ok(false),
        "是" | "车位" | "yes" | "y" | "1" | "✓" | "√" => Ok(true),
        _ => Err(Refusal::new("yes_or_no").with("what", text::shorten(typed, 20)).at("parking")),
    }
}

fn co_owners(typed: &str) -> Result<i32, Refusal> {
    match typed.trim_end_matches('人').trim() {
        "" => Ok(1),
        n => n.parse().ok().filter(|n| (1..=20).contains(n)).ok_or_else(|| Refusal::new("co_owners").at("co_owners")),
    }
}

fn is_developer(cell: &str) -> bool {
    let plain = cell.to_lowercase();
    ["开发商", "开发企业", "建设单位", "未售", "developer", "unsold"].contains(&plain.as_str())
        || Lang::ALL.iter().any(|l| l.t("owners.developer").to_lowercase() == plain)
}

fn understood(row: &Row, owners: &[Organisation]) -> Result<Planned, Refusal> {
    if let Some(cell) = row.cells().into_iter().find(|c| spreadsheet::failed(c)) {
        return Err(Refusal::new("formula_failed").with("what", cell));
    }
    let unit = text::words("unit", &row.unit, 1, 40)?;
    let area = area(&row.area)?;
    let names = text::words("names", &row.names, 0, 200)?;
    let organisation = |cell: &str| {
        let plain = cell.to_lowercase();
        owners.iter().find(|o| [&o.name, &o.short, &o.name_en, &o.short_en, &o.slug].iter().any(|n| n.to_lowercase() == plain))
    };
    let label = text::words("holder", &row.holder, 0, 40)?;
    let whom = match label.as_str() {
        // Without a label a unit is its own.
        "" => Whom::Household(unit.clone()),
        l if is_developer(l) => Whom::Developer,
        l => organisation(l).map_or_else(|| Whom::Household(l.to_owned()), |o| Whom::Organisation(Box::new(o.clone()))),
    };
    let (parking, co_owners) = (yes_or_no(&row.parking)?, co_owners(&row.co_owners)?);
    Ok(Planned { line: row.line, unit, area, whom, names, parking, co_owners })
}

/// Looks at a list: what each row comes to, or everything that is wrong.
pub async fn plan(db: &impl ConnectionTrait, building: &Building, rows: &[Row]) -> Result<Result<Vec<Planned>, Vec<RowFault>>> {
    let around = organisations::around(db, building.district_id, building.id).await?;
    let owners: Vec<Organisation> = around.into_iter().filter(|o| o.kind == OrganisationKind::Owner).collect();
    let (mut planned, mut faults) = (vec![], vec![]);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for row in rows {
        match understood(row, &owners) {
            Err(refusal) => faults.push(RowFault { line: row.line, refusal }),
            Ok(p) => match seen.insert(p.unit.clone(), row.line) {
                Some(first) => faults.push(RowFault { line: row.line, refusal: Refusal::new("row_twice").with("line", first).at("unit") }),
                None => planned.push(p),
            },
        }
    }
    Ok(if faults.is_empty() { Ok(planned) } else { Err(faults) })
}
