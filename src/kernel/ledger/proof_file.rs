//! All that proves one entry, in one small text file (`.tlog-proof`). Rules from C2SP tlog-proof.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra YWJj                      only if there is extra data
//! index 73894
//! gSKyXoYZ…                       hashes from the leaf's sibling up, one a line
//!
//! louyi.example/ledger            the signed checkpoint, as it is
//! …
//! ```
//!
//! With the entry itself and the log's verifier key it can be verified offline, for as long as SHA-256 and Ed25519
//! hold.

use std::fmt;

use super::{
    checkpoint::{Checkpoint, CheckpointError},
    key::VerifierKey,
    note::MAX_BYTES,
    proof::{ProofError, verify_inclusion},
    text,
    tree::{Hash, leaf_hash},
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The proof of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Whatever the application wants to add. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed note, verbatim.
    pub checkpoint: String,
}

/// Why a proof file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileError {
    #[error("the file does not begin with the line “{HEADER}”")]
    Header,
    #[error("a proof is UTF-8 text of at most {MAX_BYTES} bytes")]
    Text,
    #[error("the extra data is not base64")]
    Extra,
    #[error("the line “index” with the entry's number is missing or malformed")]
    Index,
    #[error("line {0} of the proof is not a hash: 32 bytes as base64")]
    Hash(usize),
    #[error("a proof has at most 63 hashes")]
    TooManyHashes,
    #[error("after the hashes follow a blank line and the checkpoint")]
    NoCheckpoint,
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl ProofFile {
    /// Reads a proof file; it proves nothing until [`ProofFile::verify`] agreed.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofFileError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_BYTES);
        let (head, checkpoint) = text.ok_or(ProofFileError::Text)?.split_once("\n\n").ok_or(ProofFileError::NoCheckpoint)?;
        let mut lines = head.split('\n').enumerate();
        let mut next = || lines.next().map(|(_, line)| line);
        if next() != Some(HEADER) {
            return Err(ProofFileError::Header);
        }
        let mut line = next().ok_or(ProofFileError::Index)?;
        let mut extra = None;
        if let Some(data) = line.strip_prefix("extra ") {
            extra = Some(text::from_base64(data).filter(|data| !data.is_empty()).ok_or(ProofFileError::Extra)?);
            line = next().ok_or(ProofFileError::Index)?;
        }
        let index = line.strip_prefix("index ").and_then(text::decimal).ok_or(ProofFileError::Index)?;
        let hashes = lines.map(|(at, line)| text::hash(line).ok_or(ProofFileError::Hash(at + 1)));
        let hashes: Vec<Hash> = hashes.take(64).collect::<Result<_, _>>()?;
        if hashes.len() > 63 {
            return Err(ProofFileError::TooManyHashes);
        }
        Ok(Self { extra, index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `entry` is in the log `origin`, signed by at least one of the keys. Gives the checkpoint that
    /// states so.
    pub fn verify(&self, entry: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<Checkpoint, ProofFileError> {
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), origin, keys)?;
        verify_inclusion(&leaf_hash(entry), self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        // An empty extra is left out, as the rules say.
        if let Some(extra) = self.extra.as_ref().filter(|extra| !extra.is_empty()) {
            writeln!(f, "extra {}", text::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", text::base64(hash)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
