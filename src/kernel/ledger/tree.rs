//! The Merkle tree of RFC 6962 §2.1 over SHA-256, and its frontier.

use sha2::{Digest, Sha256};

/// A SHA-256 hash: of an entry, of an inner node, or of a whole tree.
pub type Hash = [u8; 32];

/// Trees hold at most this many entries (2^63 − 1), because many verifiers count in signed 64-bit numbers.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// Hash of an entry: SHA-256(0x00 ‖ entry). The prefix keeps an entry from passing as an inner node.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of the tree without entries: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Root of the tree whose leaves (or whose complete subtrees of one height) have these hashes, left to right.
///
/// Pairs row by row; a node left alone at the end of a row moves up as it is. That gives RFC 6962's tree, whose left
/// half is always the largest power of two smaller than the whole.
pub fn root_of(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                alone => alone[0],
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// The right edge of a tree: all that is needed to append to it and to know its root (a "compact range").
///
/// A tree of `size` entries falls into complete subtrees, one for each bit that is set in `size`, the largest at the
/// left; the frontier keeps their roots, the *peaks*: at most 63 hashes, whatever the size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Why bytes are not a frontier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The eight bytes of the size are cut off, or the size is above [`MAX_SIZE`].
    #[error("a stored frontier does not begin with a valid tree size")]
    Size,
    /// The number of peaks is not that of the size.
    #[error("a frontier of {size} entries takes {expected} bytes, but {found} are stored")]
    Length { size: u64, expected: usize, found: usize },
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of entries in the tree; also the index of the next entry.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, the largest (leftmost) first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends an entry by its leaf hash.
    pub fn append(&mut self, leaf_hash: Hash) {
        self.append_noting(leaf_hash, |_, _, _| ());
    }

    /// Appends an entry, and tells of each node that becomes complete by it: its height (0 for the leaf itself), its
    /// index among the nodes of that height, and its hash.
    pub fn append_noting(&mut self, leaf_hash: Hash, mut note: impl FnMut(u32, u64, &Hash)) {
        let mut hash = leaf_hash;
        note(0, self.size, &hash);
        // Each trailing one of the size is a peak as high as the node in hand: they join, as in a binary carry.
        for height in 1..=self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
                note(height, self.size >> height, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Root hash of the tree.
    pub fn root(&self) -> Hash {
        let joined = self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(empty_root)
    }

    /// For storing: the size in 8 bytes, big-endian, then the peaks of 32 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.peaks.as_flattened());
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, peaks) = bytes.split_first_chunk().ok_or(FrontierError::Size)?;
        let size = u64::from_be_bytes(*size);
        if size > MAX_SIZE {
            return Err(FrontierError::Size);
        }
        let expected = 8 + 32 * size.count_ones() as usize;
        if bytes.len() != expected {
            return Err(FrontierError::Length { size, expected, found: bytes.len() });
        }
        Ok(Self { size, peaks: peaks.as_chunks().0.to_vec() })
    }
}
