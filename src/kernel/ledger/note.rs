//! Signed notes: a text, a blank line, and one line per signature. Rules from C2SP signed-note.
//!
//! ```text
//! the text, one or more lines
//!
//! — name base64(key id, 4 bytes, big-endian ‖ signature)
//! ```

use std::fmt;

use super::{
    key::{Signer, VerifierKey, is_name},
    text::{base64, from_base64},
};

/// Longer notes are not read at all: a checkpoint has some hundred bytes.
pub const MAX_BYTES: usize = 1_000_000;

/// More signatures are not read; the rules ask for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("a note is at most {MAX_BYTES} bytes long, this one has {0}")]
    TooLong(usize),
    #[error("a note is UTF-8 without control characters other than line ends")]
    Characters,
    #[error("a note's text ends with a line end")]
    OpenEnd,
    #[error("a note has a blank line and signature lines after its text")]
    Unsigned,
    #[error("signature line {0} is not written as the rules for signed notes say")]
    SignatureLine(usize),
    #[error("a note with more than {MAX_SIGNATURES} signatures is not read")]
    TooManySignatures,
    #[error("the signature of {0} does not belong to this text: the text, the signature or both were changed")]
    Forged(String),
    #[error("none of the signatures is by a key that was asked for")]
    NoKnownKey,
}

/// A text with its signatures, which are not verified yet: what it says counts only once [`Note::verify`] agreed, or
/// when it comes from [`Note::open`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    /// In the order of their lines.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    pub name: String,
    pub key_id: u32,
    /// What follows the key id; 64 bytes for Ed25519, other lengths for other types of signature.
    pub bytes: Vec<u8>,
}

impl Note {
    /// A text nobody has signed yet. It has to end with a line end.
    pub fn new(text: impl Into<String>) -> Result<Self, NoteError> {
        let text = text.into();
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::OpenEnd);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// The signed text, its last line end included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a signature; one by the same key is replaced.
    pub fn sign(mut self, signer: &Signer) -> Self {
        let key = signer.verifier();
        self.signatures.retain(|signature| !signature.is_by(key));
        let bytes = signer.sign(self.text.as_bytes()).to_vec();
        self.signatures.push(NoteSignature { name: key.name().to_owned(), key_id: key.id(), bytes });
        self
    }

    /// Reads a note and verifies it against known keys: what a reader normally wants.
    pub fn open(bytes: &[u8], keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let note = Self::parse_unverified(bytes)?;
        note.verify(keys)?;
        Ok(note)
    }

    /// Verifies all signatures by known keys, and ignores those by others. Gives the keys that signed, at least one;
    /// a single false signature in the name of a known key refuses the whole note.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed = Vec::new();
        for key in keys {
            let by_key = || self.signatures.iter().filter(|signature| signature.is_by(key));
            if !by_key().all(|signature| key.accepts(self.text.as_bytes(), &signature.bytes)) {
                return Err(NoteError::Forged(key.name().to_owned()));
            }
            signed.extend(by_key().next().map(|_| key));
        }
        if signed.is_empty() { Err(NoteError::NoKnownKey) } else { Ok(signed) }
    }

    /// Reads a note strictly but believes nothing of it, for those who collect signatures or look for a key.
    pub fn parse_unverified(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        check_characters(all)?;
        // The text may itself have blank lines: the last one separates.
        let (text, lines) = all.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let read = |(at, line)| NoteSignature::parse(line).ok_or(NoteError::SignatureLine(at + 1));
        let signatures = lines.split('\n').enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

impl NoteSignature {
    fn is_by(&self, key: &VerifierKey) -> bool {
        self.key_id == key.id() && self.name == key.name()
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = from_base64(bytes)?;
        let (key_id, signature) = bytes.split_first_chunk()?;
        let valid = is_name(name) && !signature.is_empty();
        valid.then(|| Self { name: name.to_owned(), key_id: u32::from_be_bytes(*key_id), bytes: signature.to_vec() })
    }
}

impl fmt::Display for NoteSignature {
    /// The signature's line, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id.to_be_bytes(), self.bytes.as_slice()].concat();
        write!(f, "— {} {}", self.name, base64(&bytes))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') { Err(NoteError::Characters) } else { Ok(()) }
}
