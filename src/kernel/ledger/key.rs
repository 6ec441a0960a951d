//! Ed25519 keys with a name, and how they are written: C2SP signed-note, and for the secret half the text form of Go's
//! `golang.org/x/mod/sumdb/note`.
//!
//! A key's *id* is the beginning of SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key): it tells keys of one name apart, it
//! does not protect. Whoever verifies was given the whole public key beforehand.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::text::{base64, from_base64};

/// Signature type 0x01: Ed25519 over the note's text.
const ED25519: u8 = 1;

const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("“{0}” cannot name a key: a name is not empty and has neither spaces, control characters nor “+”")]
    Name(String),
    #[error("a verifier key is written name+id+base64, with an id of eight lower-case hexadecimal digits")]
    Form,
    #[error("a signer's key is written PRIVATE+KEY+name+id+base64, with an id of eight lower-case hexadecimal digits")]
    SecretForm,
    #[error("only Ed25519 keys (type 1, 32 bytes) are known")]
    Kind,
    #[error("the id of the key does not belong to its name and public key: a character was changed")]
    Id,
}

/// The public half: checks signatures. Written `name+id+base64(0x01 ‖ public key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A public key under a name, normally the ledger's origin: its address without scheme.
    pub fn new(name: impl Into<String>, key: VerifyingKey) -> Result<Self, KeyError> {
        let name = name.into();
        if !is_name(&name) {
            return Err(KeyError::Name(name));
        }
        Ok(Self { id: key_id(&name, ED25519, key.as_bytes()), name, key })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id, as in signature lines.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether `signature` is this key's over `text`. Strict: weak keys and signatures with a second spelling, which
    /// some verifiers take and some do not, are refused, so that all verifiers say the same.
    pub fn accepts(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id, base64(&typed(self.key.as_bytes())))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, bytes) = split(text).ok_or(KeyError::Form)?;
        let key = VerifyingKey::from_bytes(&untyped(&bytes)?).map_err(|_| KeyError::Kind)?;
        let key = Self::new(name, key)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// The secret half: signs. It is not printed by `Debug`.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    public: VerifierKey,
}

impl Signer {
    /// A signer under a name, normally the ledger's origin.
    pub fn new(name: impl Into<String>, key: SigningKey) -> Result<Self, KeyError> {
        Ok(Self { public: VerifierKey::new(name, key.verifying_key())?, key })
    }

    /// A signer from 32 random bytes.
    pub fn from_seed(name: impl Into<String>, seed: &[u8; 32]) -> Result<Self, KeyError> {
        Self::new(name, SigningKey::from_bytes(seed))
    }

    pub fn name(&self) -> &str {
        &self.public.name
    }

    pub fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    /// The 64 bytes of the signature over `text`.
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }

    /// For the key file: `PRIVATE+KEY+name+id+base64(0x01 ‖ seed)`. Whoever reads it can sign.
    pub fn to_secret_text(&self) -> String {
        format!("{SECRET_PREFIX}{}+{:08x}+{}", self.public.name, self.public.id, base64(&typed(self.key.as_bytes())))
    }

    /// Reads what [`Signer::to_secret_text`] wrote.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        let (name, id, bytes) = text.strip_prefix(SECRET_PREFIX).and_then(split).ok_or(KeyError::SecretForm)?;
        let signer = Self::from_seed(name, &untyped(&bytes)?)?;
        if signer.public.id == id { Ok(signer) } else { Err(KeyError::Id) }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.public.to_string()).finish()
    }
}

/// Whether a text can name a key.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// Key id of any signature type: witnesses' cosignatures are made by Ed25519 too, but under type 0x04.
pub fn key_id(name: &str, kind: u8, public: &[u8]) -> u32 {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', kind]).chain_update(public).finalize();
    hash.iter().take(4).fold(0, |id, byte| id << 8 | u32::from(*byte))
}

/// `name+id+base64`; the base64 may itself contain a plus sign.
fn split(text: &str) -> Option<(&str, u32, Vec<u8>)> {
    let mut parts = text.splitn(3, '+');
    let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    let number = u32::from_str_radix(id, 16).ok().filter(|number| format!("{number:08x}") == id)?;
    Some((name, number, from_base64(key)?))
}

fn typed(key: &[u8; 32]) -> Vec<u8> {
    [&[ED25519], key.as_slice()].concat()
}

fn untyped(bytes: &[u8]) -> Result<[u8; 32], KeyError> {
    let key = bytes.strip_prefix(&[ED25519]).ok_or(KeyError::Kind)?;
    key.try_into().map_err(|_| KeyError::Kind)
}
