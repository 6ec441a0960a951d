//! Looking at rows before anything is written: which are new, which are here already, and what is wrong with the others.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fields::Field;
use super::mapping::Mapping;
use super::places::{Finder, Lost};
use super::values::{self, Order, plain};
use crate::domain::buildings::Place;
use crate::domain::categories::{self, Category};
use crate::domain::reports::{Rating, WORDS_MAX};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, PlaceId};
use crate::kernel::keys::Keys;
use crate::kernel::spreadsheet::{self, Row, Spreadsheet};
use crate::kernel::text;

/// Longest number of the former system, in characters.
const FORMER_MAX: usize = 60;

/// What is wrong with a row, as a locale key below `imports.fault` with what stands in the cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub key: String,
    pub value: String,
}

impl Fault {
    fn new(key: &str, value: impl ToString) -> Self {
        Self { key: key.into(), value: text::shorten(&value.to_string(), 40) }
    }
}

/// A row that can be brought over.
#[derive(Clone, Debug)]
pub struct Ready {
    pub line: u32,
    /// What tells it from every other of the building.
    pub key: Vec<u8>,
    pub former: Option<String>,
    pub filed: DateTime<Utc>,
    pub words: String,
    pub category: &'static Category,
    pub place: PlaceId,
    /// Over since then; open without.
    pub closed: Option<DateTime<Utc>>,
    pub rating: Option<Rating>,
}

/// What became of the rows.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    pub fresh: Vec<Ready>,
    /// Here already.
    pub known: usize,
    pub faulty: Vec<(u32, Vec<Fault>)>,
}

/// What rows are held against.
pub struct Ground<'g> {
    pub building: BuildingId,
    pub places: &'g [Place],
    pub keys: &'g Keys,
    /// Keys of rows that are here.
    pub known: &'g HashSet<Vec<u8>>,
    pub now: DateTime<Utc>,
}

struct Reader<'g> {
    ground: &'g Ground<'g>,
    mapping: &'g Mapping,
    finder: Finder<'g>,
    fallback: Option<&'g Place>,
    kinds: HashMap<String, &'static Category>,
    order: Order,
    width: usize,
    /// In which line a key stood before.
    seen: HashMap<Vec<u8>, u32>,
}

/// Looks at every row. Takes a while for many.
pub fn check(ground: &Ground<'_>, sheet: &Spreadsheet, mapping: &Mapping) -> Checked {
    let column = |field| mapping.column(field);
    let dates = [Field::Filed, Field::Closed].into_iter().filter_map(column);
    let cells = dates.flat_map(|c| sheet.rows.iter().map(move |r| r.cell(c)));
    let mut kinds = HashMap::new();
    for kind in categories::all() {
        for name in [kind.code.as_str(), kind.name(Lang::Zh), kind.name(Lang::En)] {
            kinds.entry(plain(name)).or_insert(kind);
        }
    }
    let mut reader = Reader {
        ground,
        mapping,
        finder: Finder::of(ground.places),
        fallback: mapping.place.as_ref().and_then(|code| ground.places.iter().find(|p| p.code == *code)),
        kinds,
        order: values::order(cells),
        width: sheet.head.len(),
        seen: HashMap::new(),
    };
    let mut checked = Checked::default();
    for row in &sheet.rows {
        match reader.read(row) {
            Ok(ready) if ground.known.contains(&ready.key) => checked.known += 1,
            Ok(ready) => checked.fresh.push(ready),
            Err(faults) => checked.faulty.push((row.line, faults)),
        }
    }
    checked
}

impl<'g> Reader<'g> {
    fn cell<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.mapping.column(field).map_or("", |c| row.cell(c))
    }

    /// One row, or everything that is wrong with it.
    fn read(&mut self, row: &Row) -> Result<Ready, Vec<Fault>> {
        let mut faults = vec![];
        if row.cells.len() > self.width {
            faults.push(Fault::new("row_long", row.cells.len()));
        }
        for (cell, _) in row.cells.iter().zip(&self.mapping.columns).filter(|(c, f)| f.is_some() && spreadsheet::failed(c)) {
            faults.push(Fault::new("formula", cell));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut note = |fault: Fault| faults.push(fault);
        let filed = self.instant(row, Field::Filed, &mut note);
        let words = said(self.cell(row, Field::Words), &mut note);
        let former = match self.cell(row, Field::Former) {
            "" => None,
            n if n.chars().count() > FORMER_MAX => {
                note(Fault::new("former_long", n));
                None
            }
            n => Some(n.to_owned()),
        };
        let place = self.place(row, &mut note);
        let closed = self.closed(row, filed, &mut note);
        let rating = match self.cell(row, Field::Rating) {
            "" => None,
            cell => values::rating(cell).or_else(|| {
                note(Fault::new("rating", cell));
                None
            }),
        };
        let category = match (self.cell(row, Field::Category), &words, place) {
            ("", Some(words), Some(place)) => categories::guess_or_other(words, Some(place.kind)),
            ("", ..) => None,
            (cell, words, place) => match (self.kinds.get(&plain(cell)), words) {
                (Some(kind), _) => Some(*kind),
                (None, Some(words)) if self.mapping.guess => categories::guess_or_other(&format!("{cell} {words}"), place.map(|p| p.kind)),
                (None, _) if self.mapping.guess => None,
                (None, _) => {
                    note(Fault::new("category", cell));
                    None
                }
            },
        };
        let (Some(filed), Some(words), Some(place), Some(category), Some(closed), true) = (filed, words, place, category, closed, faults.is_empty())
        else {
            return Err(faults);
        };
        let key = self.key(former.as_deref(), filed, &words, place);
        if let Some(before) = self.seen.insert(key.clone(), row.line) {
            // The first of them stays the one.
            self.seen.insert(key, before);
            return Err(vec![Fault::new("twice", before)]);
        }
        Ok(Ready { line: row.line, key, former, filed, words, category, place: place.id, closed, rating })
    }

    /// The number of the former system, or else day, words and place.
    fn key(&self, former: Option<&str>, filed: DateTime<Utc>, words: &str, place: &Place) -> Vec<u8> {
        let building = self.ground.building.0.as_bytes().as_slice();
        let day = filed.timestamp().to_be_bytes();
        let parts: Vec<&[u8]> = match former {
            Some(number) => vec![building, b"number", number.as_bytes()],
            None => vec![building, b"words", &day, words.as_bytes(), place.id.0.as_bytes()],
        };
        self.ground.keys.derive("import-key", &parts).to_vec()
    }

    /// A day that has passed; a fault for one that is missing, is none, or is still to come.
    fn instant(&self, row: &Row, field: Field, note: &mut impl FnMut(Fault)) -> Option<DateTime<Utc>> {
        let (cell, of) = (self.cell(row, field), field.as_str());
        if cell.is_empty() {
            note(Fault::new(&format!("{of}_empty"), ""));
            return None;
        }
        match values::instant(cell, self.order) {
            // A day without a time is its noon, which today may be still to come.
            Some(at) if at <= self.ground.now => Some(at),
            Some(at) if crate::kernel::dates::local(at).date() == crate::kernel::dates::local(self.ground.now).date() => Some(self.ground.now),
            Some(_) => {
                note(Fault::new(&format!("{of}_future"), cell));
                None
            }
            None => {
                note(Fault::new(&format!("{of}_date"), cell));
                None
            }
        }
    }

    fn place(&mut self, row: &Row, note: &mut impl FnMut(Fault)) -> Option<&'g Place> {
        let [tower, floor, place] = [Field::Tower, Field::Floor, Field::Place].map(|f| self.mapping.column(f).map_or("", |c| row.cell(c)));
        let said = [tower, floor, place].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
        let key = match self.finder.find(tower, floor, place) {
            Ok(place) => return Some(place),
            Err(Lost::Nothing) if self.fallback.is_some() => return self.fallback,
            Err(Lost::Nothing) => "place_empty",
            Err(Lost::Floor) => "floor",
            Err(Lost::Tower) => "tower",
            Err(Lost::Several) => "place_several",
            Err(Lost::Unknown) => "place",
        };
        note(Fault::new(key, said));
        None
    }

    /// None where something is wrong; else when it was over, if it is.
    fn closed(&self, row: &Row, filed: Option<DateTime<Utc>>, note: &mut impl FnMut(Fault)) -> Option<Option<DateTime<Utc>>> {
        let (state, day) = (self.cell(row, Field::State), self.cell(row, Field::Closed));
        let over = match (state, day) {
            ("", "") => !self.mapping.open,
            ("", _) => true,
            (state, _) => match values::over(state) {
                Some(over) => over,
                None => {
                    note(Fault::new("state", state));
                    return None;
                }
            },
        };
        match (over, day) {
            (false, "") => Some(None),
            (false, _) => {
                note(Fault::new("open_and_closed", state));
                None
            }
            // Nobody wrote down when: no later than it was reported is all that can be said.
            (true, "") => Some(filed),
            (true, _) => match (self.instant(row, Field::Closed, note)?, filed) {
                // Written down as a day, it may lie before the hour of the report.
                (at, Some(filed)) if at < filed && crate::kernel::dates::local(at).date() == crate::kernel::dates::local(filed).date() => {
                    Some(Some(filed))
                }
                (at, Some(filed)) if at < filed => {
                    note(Fault::new("closed_before", day));
                    None
                }
                (at, _) => Some(Some(at)),
            },
        }
    }
}

/// What was said: words, neither too many nor a number that has slipped into this column.
fn said(cell: &str, note: &mut impl FnMut(Fault)) -> Option<String> {
    let n = cell.chars().count();
    let fault = match cell {
        "" => Fault::new("words_empty", ""),
        _ if n > WORDS_MAX => Fault::new("words_long", n),
        _ if cell.chars().any(char::is_alphabetic) => return Some(cell.to_owned()),
        _ => Fault::new("words_number", cell),
    };
    note(fault);
    None
}
