//! Which column holds what, and what is meant where a row says nothing.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::fields::{Field, guess};
use crate::kernel::error::Refusal;

/// As somebody chose it; kept with the import, and proposed for the next file with the same head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// By column; none is not taken.
    pub columns: Vec<Option<Field>>,
    /// The code of the place of rows that name none.
    pub place: Option<String>,
    /// Rows that say neither a state nor when they were over are open.
    pub open: bool,
    /// A kind that is not known is guessed from the words.
    pub guess: bool,
}

impl Mapping {
    /// What a head suggests.
    pub fn guessed(head: &[String]) -> Self {
        Self { columns: guess(head), place: None, open: false, guess: false }
    }

    /// The column that holds a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|c| *c == Some(field))
    }

    /// Refused where a field is given twice, or one is missing without which nothing can be brought over.
    pub fn ask_whole(&self) -> Result<(), Refusal> {
        for field in Field::ALL {
            if self.columns.iter().filter(|c| **c == Some(*field)).count() > 1 {
                return Err(Refusal::new("column_twice").with("field", format!("@imports.field.{}", field.as_str())).at("columns"));
            }
        }
        for field in [Field::Filed, Field::Words] {
            if self.column(field).is_none() {
                return Err(Refusal::new("column_missing").with("field", format!("@imports.field.{}", field.as_str())).at("columns"));
            }
        }
        if self.place.is_none() && [Field::Tower, Field::Floor, Field::Place].into_iter().all(|f| self.column(f).is_none()) {
            return Err(Refusal::new("column_place").at("columns"));
        }
        Ok(())
    }
}

/// What tells one head from another.
pub fn head_hash(head: &[String]) -> Vec<u8> {
    let mut h = Sha256::new();
    for word in head {
        h.update((word.len() as u64).to_be_bytes());
        h.update(word.as_bytes());
    }
    h.finalize().to_vec()
}
