//! The public ledger: an append-only log that anybody can check, offline, years later.
//!
//! This module is pure: it neither reads a clock nor a database nor the network. It knows how entries become
//! hashes, hashes a tree, a tree a signed checkpoint, and how each of them is written in a file. Nothing here was
//! invented for Louyi, so that tools written by others can check what Louyi published:
//!
//! | file | what | rules from |
//! |---|---|---|
//! | [`tree`] | Merkle tree hashes, the frontier that grows them | RFC 6962 §2.1 |
//! | [`proof`] | inclusion and consistency: made from tiles, and verified | RFC 6962 §2.1.1–2.1.2, RFC 9162 §2.1.3–2.1.4 |
//! | [`tiles`], [`path`] | the tree and its entries as static files | C2SP tlog-tiles |
//! | [`key`], [`note`] | Ed25519 keys as text, texts signed by one or more keys | C2SP signed-note |
//! | [`checkpoint`] | size and root of the whole log, as a signed note | C2SP tlog-checkpoint |
//! | [`proof_file`] | all that proves one entry, in one small file | C2SP tlog-proof |
//! | [`canonical`] | the one way to write an entry's JSON | RFC 8785 |
//! | [`verify`] | checks a whole ledger, says where the first difference is | |
//!
//! The C2SP texts are at <https://c2sp.org>, under the names given here.
//!
//! An append, from an act to the files:
//!
//! 1. [`canonical::to_canonical`] writes the entry, [`tree::leaf_hash`] hashes it;
//! 2. [`tiles::appended`] lets the [`Frontier`] grow and names each hash to store;
//! 3. [`checkpoint_note`] states the new size and root.
//!
//! What must be erased by law never enters an entry, except as a salted hash: nothing can be taken out again.

pub mod canonical;
pub mod checkpoint;
pub mod key;
pub mod note;
pub mod path;
pub mod proof;
pub mod proof_file;
mod text;
pub mod tiles;
pub mod tree;
pub mod verify;

pub use canonical::{from_canonical, to_canonical};
pub use checkpoint::{Checkpoint, CheckpointError, checkpoint_note};
pub use key::{KeyError, Signer, VerifierKey};
pub use note::{Note, NoteError, NoteSignature};
pub use path::{Resource, TilePath};
pub use proof::{ProofError, Tiles, consistency, inclusion, needed_tiles, needed_tiles_consistency, verify_consistency, verify_inclusion};
pub use proof_file::{ProofFile, ProofFileError};
pub use tiles::{Appended, TileError, TileId, appended};
pub use tree::{Frontier, Hash, leaf_hash, node_hash};
pub use verify::{Fault, Folder, Report, Source, verify_folder};
