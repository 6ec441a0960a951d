//! The vocabulary of the journal, and who may read which line.

mod entry;
mod parts;
mod readers;

pub use entry::Entry;
pub use parts::{Announced, Arithmetic, Offer, Planned, Weights};
pub use readers::{Reader, may_read};

use crate::kernel::error::Result;
use crate::kernel::journal::Model;

/// Reads a line in today's vocabulary.
pub fn read(line: &Model) -> Result<Entry> {
    line.entry()
}
