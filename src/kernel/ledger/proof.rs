//! Proofs: that an entry is in the tree, and that a larger tree continues a smaller one.
//!
//! What a proof contains: RFC 6962 §2.1.1 and §2.1.2. How it is verified: RFC 9162 §2.1.3.2 and §2.1.4.2, which spell
//! out the algorithms. Proofs are computed from tiles: a few tiles per proof, each reduced by at most 255 hashes.

use std::{collections::HashMap, hash::BuildHasher};

use super::{
    tiles::{FULL, HEIGHT, TileId},
    tree::{Hash, node_hash, root_of},
};

/// Where proofs take their hashes from.
pub trait Tiles {
    /// The hashes of a tile, if it is at hand. It may be wider than in the tree asked about: only its beginning is
    /// used, because a tile grows but never changes.
    fn hashes(&self, tile: TileId) -> Option<&[Hash]>;
}

impl<S: BuildHasher> Tiles for HashMap<TileId, Vec<Hash>, S> {
    fn hashes(&self, tile: TileId) -> Option<&[Hash]> {
        self.get(&tile).map(Vec::as_slice)
    }
}

/// Why a proof cannot be made, or does not prove what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("entry {index} is not in a tree of {size} entries")]
    NoSuchEntry { index: u64, size: u64 },
    #[error("a tree of {new} entries cannot continue one of {old}")]
    Shrunk { old: u64, new: u64 },
    #[error("level {} tile {} is needed with at least {width} hashes", tile.level, tile.index)]
    MissingTile { tile: TileId, width: usize },
    #[error("the proof has the wrong number of hashes")]
    Length,
    #[error("the proof does not lead to the root hash")]
    Root,
    #[error("the proof does not begin at the root hash of the smaller tree")]
    OldRoot,
}

/// The tiles that [`inclusion`] needs, sorted; [`TileId::width_at`] tells how wide each must be.
pub fn needed_tiles(index: u64, size: u64) -> Result<Vec<TileId>, ProofError> {
    Ok(tiles_of(&inclusion_ranges(index, size)?))
}

/// The tiles that [`consistency`] needs, sorted; [`TileId::width_at`] of the new size tells how wide each must be.
pub fn needed_tiles_consistency(old: u64, new: u64) -> Result<Vec<TileId>, ProofError> {
    Ok(tiles_of(&consistency_ranges(old, new)?))
}

/// Proof that the entry at `index` is in the tree of `size` entries: hashes from the leaf's sibling up to the root's
/// child.
pub fn inclusion(index: u64, size: u64, tiles: &impl Tiles) -> Result<Vec<Hash>, ProofError> {
    inclusion_ranges(index, size)?.into_iter().map(|range| range_hash(range, tiles)).collect()
}

/// Proof that the tree of `new` entries begins with the tree of `old` entries. Empty if the sizes are equal or the
/// old tree is empty.
pub fn consistency(old: u64, new: u64, tiles: &impl Tiles) -> Result<Vec<Hash>, ProofError> {
    consistency_ranges(old, new)?.into_iter().map(|range| range_hash(range, tiles)).collect()
}

/// Checks that `proof` leads from an entry's leaf hash to the root of a tree of `size` entries.
pub fn verify_inclusion(leaf_hash: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchEntry { index, size });
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf_hash);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // At the right edge a node may have no sibling for several levels: the proof leaves those out.
            let lonely = node.trailing_zeros();
            (node, last) = (node >> lonely, last >> lonely);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 if hash == *root => Ok(()),
        0 => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that `proof` leads from the root of the old tree to the root of the new one.
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == new || old == 0 {
        let expected = if old == new { *new_root } else { root_of(&[]) };
        return match proof {
            [] if *old_root == expected => Ok(()),
            [] => Err(ProofError::OldRoot),
            _ => Err(ProofError::Length),
        };
    }
    // An old tree of a power of two is itself a node of the new tree, and the proof need not repeat its hash.
    let (first, rest) = match proof.split_first() {
        _ if old.is_power_of_two() => (old_root, proof),
        Some(split) => split,
        None => return Err(ProofError::Length),
    };
    let shift = (old - 1).trailing_ones();
    let (mut node, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            let lonely = node.trailing_zeros();
            (node, last) = (node >> lonely, last >> lonely);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match last {
        0 if old_hash != *old_root => Err(ProofError::OldRoot),
        0 if new_hash != *new_root => Err(ProofError::Root),
        0 => Ok(()),
        _ => Err(ProofError::Length),
    }
}

/// Entries `from..to` under one node of the tree, which the proof names by its hash.
type Range = (u64, u64);

/// RFC 6962's PATH(m, D[n]), walked from the root down and then turned round.
fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range>, ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchEntry { index, size });
    }
    let (mut from, mut to, mut ranges) = (0, size, Vec::new());
    while to - from > 1 {
        let middle = from + left_half(to - from);
        if index < middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// RFC 6962's PROOF(m, D[n]), walked from the root down and then turned round.
fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range>, ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let (mut from, mut to, mut ranges) = (0, new, Vec::new());
    while old < to {
        let middle = from + left_half(to - from);
        if old <= middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
        }
    }
    // The walk ends at a node that both trees have; if that is the whole old tree, the verifier knows its hash.
    if from > 0 {
        ranges.push((from, to));
    }
    ranges.reverse();
    Ok(ranges)
}

/// The largest power of two below `count`, which is at least 2.
fn left_half(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The complete subtrees, as (height, index), that a node over a range of entries consists of, left to right. All but
/// nodes at the tree's right edge are one complete subtree themselves.
fn subtrees((mut from, to): Range) -> Vec<(u32, u64)> {
    let mut found = Vec::new();
    while from < to {
        let height = (to - from).ilog2();
        found.push((height, from >> height));
        from += 1 << height;
    }
    found
}

/// Where a complete subtree's hash comes from: a run of `1 << (height % 8)` hashes in one tile.
fn place(height: u32, index: u64) -> (TileId, usize, usize) {
    let inner = height % HEIGHT;
    let first = index << inner;
    let from = (first % u64::from(FULL)) as usize;
    (TileId { level: (height / HEIGHT) as u8, index: first >> HEIGHT }, from, from + (1 << inner))
}

fn tiles_of(ranges: &[Range]) -> Vec<TileId> {
    let nodes = ranges.iter().flat_map(|range| subtrees(*range));
    let mut tiles: Vec<_> = nodes.map(|(height, index)| place(height, index).0).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

fn range_hash(range: Range, tiles: &impl Tiles) -> Result<Hash, ProofError> {
    let mut hash = None;
    for (height, index) in subtrees(range).into_iter().rev() {
        let (tile, from, to) = place(height, index);
        let run = tiles.hashes(tile).and_then(|hashes| hashes.get(from..to));
        let left = root_of(run.ok_or(ProofError::MissingTile { tile, width: to })?);
        hash = Some(hash.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(hash.unwrap_or_else(|| root_of(&[])))
}
