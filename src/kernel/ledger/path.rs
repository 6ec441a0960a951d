//! Where tiles and bundles lie below the ledger's address: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`.
//!
//! Rules from C2SP tlog-tiles. `<N>` is written in groups of three digits, each but the last behind an `x`, so that no
//! folder grows large and no file has the name of a folder: 1234067 is `x001/x234/067`. `.p/<W>` marks what is not
//! full yet. Every resource has exactly one path, all others are refused: a cache must not hold a tile twice.

use std::{fmt, str::FromStr};

use super::{
    text,
    tiles::{FULL, TileId},
};

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Hashes of the tree.
    Tile(TileId),
    /// The entries whose hashes are in the level 0 tile of this index.
    Entries { index: u64 },
}

/// A resource at a width of 1 to 256; at 256 it is full and its path has no `.p/<W>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TilePath {
    pub resource: Resource,
    pub width: u16,
}

/// A path that names neither a tile nor a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not the path of a tile or an entry bundle")]
pub struct PathError(pub String);

impl TilePath {
    /// The path of a tile as it is in a tree of `size` entries; none if that tree has no such tile.
    pub fn tile_at(tile: TileId, size: u64) -> Option<Self> {
        Self::checked(Resource::Tile(tile), tile.width_at(size))
    }

    /// The path of an entry bundle as it is in a tree of `size` entries; none if that tree has no such bundle.
    pub fn entries_at(index: u64, size: u64) -> Option<Self> {
        Self::checked(Resource::Entries { index }, TileId { level: 0, index }.width_at(size))
    }

    /// The same resource once it is full.
    pub fn full(self) -> Self {
        Self { width: FULL, ..self }
    }

    fn checked(resource: Resource, width: u16) -> Option<Self> {
        (width > 0).then_some(Self { resource, width })
    }

    fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, FULL),
            Some((index, width)) => (index, text::decimal(width).filter(|w| (1..u64::from(FULL)).contains(w))? as u16),
        };
        let index = parse_index(index)?;
        let resource = match kind {
            "entries" => Resource::Entries { index },
            level => Resource::Tile(TileId { level: text::decimal(level).filter(|l| *l < 64)? as u8, index }),
        };
        Some(Self { resource, width })
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.resource {
            Resource::Tile(TileId { level, index }) => write!(f, "tile/{level}/{}", index_path(index))?,
            Resource::Entries { index } => write!(f, "tile/entries/{}", index_path(index))?,
        }
        if self.width < FULL { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for TilePath {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        Self::parse(path).ok_or_else(|| PathError(path.to_owned()))
    }
}

/// An index in groups of three digits: `x001/x234/067`.
pub fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// Reads what [`index_path`] writes. Comparing with the written form refuses all other spellings at once.
fn parse_index(path: &str) -> Option<u64> {
    let digits: String = path.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|index| index_path(*index) == path)
}
