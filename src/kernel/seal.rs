//! Secrets that must lie in the database: sealed under the server's key (XChaCha20-Poly1305), so that a reader of the
//! database has nothing, and a row that was moved elsewhere does not open.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::Rng as _;

use super::error::{Error, Result};
use super::keys::Keys;

/// Bytes before what is sealed.
const NONCE: usize = 24;

impl Keys {
    /// Seals a secret for a purpose; it opens only with what it is about.
    pub fn seal(&self, purpose: &str, about: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0u8; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self.cipher(purpose).encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: about });
        Ok([&nonce[..], &sealed.map_err(|_| Error::broken("could not be sealed"))?].concat())
    }

    /// Opens what was sealed. Fails under another master key.
    pub fn unseal(&self, purpose: &str, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let wrong = || Error::broken(format!("what was sealed as {purpose} does not open under this master key"));
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
        self.cipher(purpose).decrypt(&XNonce::from(*nonce), Payload { msg: rest, aad: about }).map_err(|_| wrong())
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive("seal", &[purpose.as_bytes()]).into())
    }
}
