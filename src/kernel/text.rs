//! Words that people typed: trimmed, counted in characters, never with control characters, hashed with a salt.

use rand::Rng as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::Refusal;

/// Cleans a single or many-lined text: line ends become `\n`, other control characters go, ends are trimmed.
pub fn clean(raw: &str) -> String {
    raw.replace("\r\n", "\n")
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(c) || ('\u{2066}'..='\u{2069}').contains(c)))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A text between `min` and `max` characters (not bytes), or a refusal that names the field.
pub fn words(field: &'static str, raw: &str, min: usize, max: usize) -> Result<String, Refusal> {
    let text = clean(raw);
    // Joiners and marks shape other letters; alone they say nothing.
    let says = text.chars().any(|c| !(c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}')));
    match text.chars().count() {
        _ if min > 0 && !says => Err(Refusal::new("empty").at(field)),
        n if n < min => Err(Refusal::new("too_short").with("min", min).with("n", n).at(field)),
        n if n > max => Err(Refusal::new("too_long").with("max", max).with("n", n).at(field)),
        _ => Ok(text),
    }
}

/// A salt of 16 random bytes; erased together with its text, so that the journal's hash then says nothing.
pub fn salt() -> Vec<u8> {
    let mut bytes = [0u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    bytes.to_vec()
}

/// A fresh salt for a text, and its hash under it: what a row keeps beside the text, and what the journal says of it.
pub fn salted(text: &str) -> (Vec<u8>, TextHash) {
    let salt = salt();
    let hash = TextHash::of(&salt, text);
    (salt, hash)
}

/// SHA-256 over salt and text, in hexadecimal: what the journal and the ledger keep of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextHash(pub String);

impl TextHash {
    /// The hash of a text under its salt.
    pub fn of(salt: &[u8], text: &str) -> Self {
        let mut h = Sha256::new();
        h.update(salt);
        h.update(text.as_bytes());
        Self(hex::encode(h.finalize()))
    }
}

/// At most `max` characters, with an ellipsis where something was cut.
pub fn shorten(text: &str, max: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= max && line.len() == text.len() {
        return line.to_owned();
    }
    line.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}
