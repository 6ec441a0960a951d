//! How numbers and hashes are written in the ledger's text formats. Each value has exactly one spelling: two
//! spellings of one checkpoint would be two texts with one meaning, and only one of them signed.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::tree::{Hash, MAX_SIZE};

/// Standard base64 with padding (RFC 4648 §4).
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads what [`base64`] writes; missing padding, other alphabets and stray bits are refused.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash as 44 characters of base64.
pub(super) fn hash(text: &str) -> Option<Hash> {
    from_base64(text)?.try_into().ok()
}

/// An ASCII decimal without sign or leading zeros, at most [`MAX_SIZE`].
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok().filter(|n| *n <= MAX_SIZE)
}
