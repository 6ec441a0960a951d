//! The tree cut into tiles, and entries into bundles: files that never change once they are full.
//!
//! Rules from C2SP tlog-tiles. A tile of level 0 holds up to 256 leaf hashes; each hash in a tile of level L + 1 is the
//! root of one *full* tile of level L. A bundle holds the entries themselves, the same 256 as the level 0 tile with
//! its index. Paths of both are in [`super::path`].

use super::tree::{Frontier, Hash};

/// Hashes in a full tile, and entries in a full bundle.
pub const FULL: u16 = 256;

/// Tree levels between one level of tiles and the next: 2^8 = 256.
pub(super) const HEIGHT: u32 = 8;

/// Which tile: `index` counts from the left within its `level`, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    pub level: u8,
    pub index: u64,
}

impl TileId {
    /// How many hashes the tile has in a tree of `size` entries: 0 (there is no such tile) to 256 (it is full).
    pub fn width_at(self, size: u64) -> u16 {
        let hashes = size.checked_shr(HEIGHT * u32::from(self.level)).unwrap_or(0);
        let before = self.index.saturating_mul(u64::from(FULL));
        hashes.saturating_sub(before).min(u64::from(FULL)) as u16
    }

    /// All tiles of a tree of `size` entries, level by level, each from the left.
    pub fn all(size: u64) -> impl Iterator<Item = TileId> {
        let level_size = move |level: u8| size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
        (0..8u8).flat_map(move |level| (0..level_size(level).div_ceil(u64::from(FULL))).map(move |index| TileId { level, index }))
    }
}

/// One hash that an append adds to a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub tile: TileId,
    /// Hashes in the tile, this one at its end included: 1 to 256.
    pub width: u16,
    pub hash: Hash,
}

/// Appends an entry by its leaf hash and says what that adds to the tiles: always one hash at level 0, and one at
/// level L + 1 whenever the tile at level L gets full. No tile has to be read for it.
pub fn appended(frontier: &mut Frontier, leaf_hash: Hash) -> Vec<Appended> {
    let mut added = Vec::with_capacity(1);
    frontier.append_noting(leaf_hash, |height, index, hash| {
        if height.is_multiple_of(HEIGHT) {
            let tile = TileId { level: (height / HEIGHT) as u8, index: index >> HEIGHT };
            let width = (index % u64::from(FULL)) as u16 + 1;
            added.push(Appended { tile, width, hash: *hash });
        }
    });
    added
}

/// Why bytes are not a tile or a bundle, or an entry cannot go into one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    #[error("a tile holds 1 to 256 hashes of 32 bytes, but the file has {0} bytes")]
    TileLength(usize),
    #[error("an entry of {0} bytes is too long for the ledger, which takes at most 65,535")]
    EntryTooLong(usize),
    #[error("the bundle ends in the middle of its entry {0}")]
    BundleCut(usize),
    #[error("a bundle holds 1 to 256 entries, but this one holds {0}")]
    BundleCount(usize),
}

/// A tile as file: its hashes one after the other.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.as_flattened().to_vec()
}

/// Reads a full or partial tile.
pub fn decode_tile(bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    match bytes.as_chunks() {
        (hashes, []) if (1..=usize::from(FULL)).contains(&hashes.len()) => Ok(hashes.to_vec()),
        _ => Err(TileError::TileLength(bytes.len())),
    }
}

/// Adds an entry to the end of a bundle: its length as 16 bits, big-endian, then its bytes.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TileError> {
    let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong(entry.len()))?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// A bundle as file: 1 to 256 entries one after the other, each behind its length.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    if !(1..=usize::from(FULL)).contains(&entries.len()) {
        return Err(TileError::BundleCount(entries.len()));
    }
    let mut bundle = Vec::with_capacity(entries.iter().map(|entry| 2 + entry.as_ref().len()).sum());
    entries.iter().try_for_each(|entry| push_entry(&mut bundle, entry.as_ref()))?;
    Ok(bundle)
}

/// Reads a full or partial bundle into its entries.
pub fn decode_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::with_capacity(usize::from(FULL));
    let mut rest = bytes;
    while !rest.is_empty() {
        let (entry, after) = split_entry(rest).ok_or(TileError::BundleCut(entries.len()))?;
        entries.push(entry);
        rest = after;
    }
    match entries.len() {
        1..=256 => Ok(entries),
        count => Err(TileError::BundleCount(count)),
    }
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
