//! Checks a whole ledger as files: signature, entries, every tile, root. Offline, in one pass.
//!
//! Every hash is recomputed from the entries and compared with the tiles. If something differs, the signed root tells
//! which side was altered: entries that lead to the root are the true ones, and the tile is wrong.

use std::{io, path::PathBuf};

use super::{
    checkpoint::{Checkpoint, CheckpointError},
    key::VerifierKey,
    path::{Resource, TilePath},
    tiles::{self, FULL, TileError, TileId},
    tree::{Frontier, Hash, leaf_hash},
};

/// Where a ledger's files are read from.
pub trait Source {
    /// The file at a path below the ledger's address, such as `tile/0/000.p/5`; none if there is no such file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
}

/// A ledger as a folder of files.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl Source for Folder {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.0.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }
}

/// What was checked and found in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the ledger's key signed; its size is the number of entries that were checked.
    pub checkpoint: Checkpoint,
    /// Tiles that were compared, all levels together.
    pub tiles: u64,
    /// Bytes of entries that were hashed.
    pub bytes: u64,
}

/// The first thing that is not in order.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{path} cannot be read: {source}")]
    Read { path: String, source: io::Error },
    #[error("{path} is missing")]
    Missing { path: String },
    #[error("the checkpoint is not valid: {0}")]
    Checkpoint(#[from] CheckpointError),
    #[error("{path} is damaged: {error}")]
    Damaged { path: String, error: TileError },
    #[error("{path} has {found} elements instead of {expected}")]
    Width { path: String, found: usize, expected: u16 },
    /// The entries lead to the signed root, so the tile is wrong.
    #[error("hash {at} in {path} was altered; the entries themselves are unchanged")]
    Tile { path: String, at: u16 },
    /// The entry and its own hash disagree, and the entries do not lead to the signed root.
    #[error("entry {index} in {path} is not what was recorded")]
    Entry { index: u64, path: String },
    /// Entries and lower tiles agree with each other, but not with a hash above them or with the signed root.
    #[error("one of the entries {first} to {last} is not what was recorded: hash {at} in {path} says otherwise")]
    Subtree { first: u64, last: u64, path: String, at: u16 },
    #[error("entries and tiles agree with each other, but not with the signed root: the checkpoint is of another ledger")]
    Root,
}

/// Checks the ledger in `source` against its key, whose name is the ledger's origin.
pub fn verify_folder(source: &impl Source, key: &VerifierKey) -> Result<Report, Fault> {
    let note = read(source, "checkpoint")?;
    let checkpoint = Checkpoint::open(&note, key.name(), std::slice::from_ref(key))?;
    let mut walk = Walk::new(source, checkpoint.size);
    for index in 0..checkpoint.size.div_ceil(u64::from(FULL)) {
        walk.bundle(index)?;
    }
    walk.right_edge()?;
    walk.verdict(checkpoint)
}

/// One pass over the entries, from the first to the last.
struct Walk<'s, S> {
    source: &'s S,
    size: u64,
    frontier: Frontier,
    /// Per level, the hashes of the tile that is being filled.
    filling: Vec<Vec<Hash>>,
    first: Option<Difference>,
    tiles: u64,
    bytes: u64,
}

/// A hash in a tile file that is not the one computed from the entries.
struct Difference {
    tile: TileId,
    at: u16,
}

impl Difference {
    /// Sorts by the last entry beneath, then by level: within one subtree, the lowest difference describes it best.
    fn order(&self) -> (u64, u8) {
        let (first, count) = self.entries();
        (first + (count - 1), self.tile.level)
    }

    /// The entries beneath the hash: from, and how many.
    fn entries(&self) -> (u64, u64) {
        let each = 1 << (8 * u32::from(self.tile.level));
        ((self.tile.index * u64::from(FULL) + u64::from(self.at)) * each, each)
    }
}

impl<'s, S: Source> Walk<'s, S> {
    fn new(source: &'s S, size: u64) -> Self {
        Self { source, size, frontier: Frontier::new(), filling: Vec::new(), first: None, tiles: 0, bytes: 0 }
    }

    /// Hashes the entries of a bundle and compares each tile that they fill.
    fn bundle(&mut self, index: u64) -> Result<(), Fault> {
        let Some(path) = TilePath::entries_at(index, self.size) else {
            return Ok(());
        };
        let (path, bytes) = self.read(path)?;
        let entries = tiles::decode_bundle(&bytes).map_err(|error| damaged(path, error))?;
        for entry in check_width(path, &entries, TileId { level: 0, index }.width_at(self.size))? {
            self.bytes += entry.len() as u64;
            for added in tiles::appended(&mut self.frontier, leaf_hash(entry)) {
                let level = usize::from(added.tile.level);
                if self.filling.len() <= level {
                    self.filling.push(Vec::with_capacity(usize::from(FULL)));
                }
                self.filling[level].push(added.hash);
                if added.width == FULL {
                    self.compare(added.tile)?;
                }
            }
        }
        Ok(())
    }

    /// Compares the partial tiles.
    fn right_edge(&mut self) -> Result<(), Fault> {
        for (level, hashes) in (0u8..).zip(self.filling.clone()) {
            if !hashes.is_empty() {
                let below = self.size >> (8 * u32::from(level));
                self.compare(TileId { level, index: below / u64::from(FULL) })?;
            }
        }
        Ok(())
    }

    fn compare(&mut self, tile: TileId) -> Result<(), Fault> {
        let Some(path) = TilePath::tile_at(tile, self.size) else {
            return Ok(());
        };
        let computed = std::mem::take(&mut self.filling[usize::from(tile.level)]);
        let (path, bytes) = self.read(path)?;
        let stored = tiles::decode_tile(&bytes).map_err(|error| damaged(path, error))?;
        let stored = check_width(path, &stored, computed.len() as u16)?;
        self.tiles += 1;
        if let Some(at) = stored.iter().zip(&computed).position(|(stored, computed)| stored != computed) {
            let found = Difference { tile, at: at as u16 };
            if self.first.as_ref().is_none_or(|first| found.order() < first.order()) {
                self.first = Some(found);
            }
        }
        Ok(())
    }

    fn verdict(self, checkpoint: Checkpoint) -> Result<Report, Fault> {
        let true_entries = self.frontier.root() == checkpoint.root;
        let Some(difference) = self.first else {
            let report = Report { checkpoint, tiles: self.tiles, bytes: self.bytes };
            return if true_entries { Ok(report) } else { Err(Fault::Root) };
        };
        let (tile, at, (first, count)) = (difference.tile, difference.at, difference.entries());
        let path = |resource| TilePath { resource, width: tile.width_at(self.size) }.to_string();
        Err(match tile.level {
            _ if true_entries => Fault::Tile { path: path(Resource::Tile(tile)), at },
            0 => Fault::Entry { index: first, path: path(Resource::Entries { index: tile.index }) },
            _ => Fault::Subtree { first, last: first + count - 1, path: path(Resource::Tile(tile)), at },
        })
    }

    /// Reads a tile or bundle. A ledger that has grown meanwhile may have only the full one left of a partial one.
    fn read(&self, path: TilePath) -> Result<(TilePath, Vec<u8>), Fault> {
        match read(self.source, &path.to_string()) {
            Err(Fault::Missing { .. }) if path.width < FULL => {
                let full = read(self.source, &path.full().to_string());
                full.map(|bytes| (path.full(), bytes)).map_err(|_| Fault::Missing { path: path.to_string() })
            }
            other => other.map(|bytes| (path, bytes)),
        }
    }
}

fn read(source: &impl Source, path: &str) -> Result<Vec<u8>, Fault> {
    match source.read(path) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Fault::Missing { path: path.to_owned() }),
        Err(source) => Err(Fault::Read { path: path.to_owned(), source }),
    }
}

fn damaged(path: TilePath, error: TileError) -> Fault {
    Fault::Damaged { path: path.to_string(), error }
}

/// The elements that the tree in question has. The file of a partial tile holds exactly these; a full one, read in
/// its place, may hold more.
fn check_width<T>(path: TilePath, elements: &[T], width: u16) -> Result<&[T], Fault> {
    let fault = || Fault::Width { path: path.to_string(), found: elements.len(), expected: path.width };
    if elements.len() != usize::from(path.width) {
        return Err(fault());
    }
    elements.get(..usize::from(width)).ok_or_else(fault)
}
