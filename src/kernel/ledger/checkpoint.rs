//! Checkpoints: the state of a whole log in three lines, signed. Rules from C2SP tlog-checkpoint.
//!
//! ```text
//! louyi.example/ledger
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — louyi.example/ledger Az3grlgt…
//! ```
//!
//! Whoever keeps a checkpoint can later demand a proof that the log still begins with what it stated.

use std::fmt;

use super::{
    key::{Signer, VerifierKey},
    note::{Note, NoteError},
    text,
    tree::{Frontier, Hash},
};

/// The state of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: its address without scheme.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash of the tree of that many entries.
    pub root: Hash,
    /// Further lines. We write none; those of others belong to what they signed and are kept.
    pub extensions: Vec<String>,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("a checkpoint has a line for its origin, one for its size and one for its root hash")]
    Lines,
    #[error("a checkpoint's origin and further lines are not empty and have no line ends or control characters")]
    Line,
    #[error("“{0}” is not a tree size: a decimal number without leading zeros, at most 2^63 − 1")]
    Size(String),
    #[error("“{0}” is not a root hash: 32 bytes as base64")]
    Root(String),
    #[error("this is a checkpoint of {found}, not of {expected}")]
    Origin { expected: String, found: String },
}

impl Checkpoint {
    /// The state of the log that has grown to this frontier.
    pub fn of(origin: &str, frontier: &Frontier) -> Self {
        let (size, root) = (frontier.size(), frontier.root());
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The checkpoint as a signed note.
    pub fn signed(&self, signer: &Signer) -> Result<Note, CheckpointError> {
        let lines = || std::iter::once(&self.origin).chain(&self.extensions);
        if lines().any(|line| line.is_empty() || line.contains('\n')) {
            return Err(CheckpointError::Line);
        }
        Ok(Note::new(self.to_string())?.sign(signer))
    }

    /// Reads a signed checkpoint of the log `origin` and verifies it against the known keys.
    pub fn open(bytes: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(Note::open(bytes, keys)?.text())?;
        if checkpoint.origin != origin {
            let expected = origin.to_owned();
            return Err(CheckpointError::Origin { expected, found: checkpoint.origin });
        }
        Ok(checkpoint)
    }

    /// Reads the text of a checkpoint, whose signatures are the caller's business.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = lines.split('\n');
        let mut line = || lines.next().ok_or(CheckpointError::Lines);
        let (origin, size, root) = (line()?, line()?, line()?);
        let size = text::decimal(size).ok_or_else(|| CheckpointError::Size(size.to_owned()))?;
        let root = text::hash(root).ok_or_else(|| CheckpointError::Root(root.to_owned()))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Line);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }
}

/// The signed checkpoint of the signer's own log, whose origin is the signer's name, as the rules recommend. Ready to
/// be served; by the state alone it is always the same text, since Ed25519 signatures are.
pub fn checkpoint_note(signer: &Signer, size: u64, root: &Hash) -> Result<String, CheckpointError> {
    let origin = signer.name().to_owned();
    let checkpoint = Checkpoint { origin, size, root: *root, extensions: Vec::new() };
    Ok(checkpoint.signed(signer)?.to_string())
}

impl fmt::Display for Checkpoint {
    /// The text that is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, text::base64(&self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
