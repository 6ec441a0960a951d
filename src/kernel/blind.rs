//! Blind tokens: RSABSSA-SHA384-PSS-Deterministic (RFC 9474) in the shape of publicly verifiable tokens (RFC 9578 §6). Who
//! signs sees a number that says nothing of the token; who spends shows a token that says nothing of that number.

use rocket::tokio::task::spawn_blocking;
use rsa::hazmat::rsa_decrypt_and_check;
use rsa::pss::{Signature, SigningKey as Pss, VerifyingKey};
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _, Verifier as _};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BoxedUint, PrivateKey, PublicKey};
use sha2::{Digest as _, Sha256, Sha384};

use super::error::{Error, Result};

/// Blind RSA of 2048 bits (RFC 9578 §8.2).
pub const TOKEN_TYPE: u16 = 2;
/// Bytes of the modulus, and so of every blinded message and signature.
pub const MODULUS: usize = 256;
/// What is signed of a token: type, nonce, digest of the challenge, id of the key (RFC 9577 §2.2).
const INPUT: usize = 2 + 32 + 32 + 32;
/// The exponent of every key, 65537.
const EXPONENT: u32 = 0x1_0001;

/// SubjectPublicKeyInfo with id-RSASSA-PSS, SHA-384, MGF1 with SHA-384 and a salt of 48 bytes (RFC 9578 §6.5), up to the
/// modulus: of 2048 bits and this exponent it is always the same.
const SPKI_HEAD: &[u8] = &[
    0x30, 0x82, 0x01, 0x52, 0x30, 0x3d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, 0x30, 0x30, 0xa0, 0x0d, 0x30, 0x0b, 0x06,
    0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0xa1, 0x1a, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
    0x08, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0xa2, 0x03, 0x02, 0x01, 0x30, 0x03, 0x82, 0x01, 0x0f, 0x00,
    0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00,
];
/// The exponent behind it.
const SPKI_TAIL: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];

/// A key that signs blinded messages.
pub struct SigningKey {
    /// SubjectPublicKeyInfo, DER.
    pub public: Vec<u8>,
    /// Both primes, one after the other: to be sealed wherever it is kept.
    pub private: Vec<u8>,
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::broken(format!("blind RSA: {e}"))
}

/// Big-endian, of so many bytes.
fn octets(n: &BoxedUint, length: usize) -> Vec<u8> {
    let bytes = n.to_be_bytes();
    let from = bytes.len().saturating_sub(length);
    [vec![0; length.saturating_sub(bytes.len())], bytes[from..].to_vec()].concat()
}

fn number(bytes: &[u8]) -> Result<BoxedUint> {
    BoxedUint::from_be_slice(bytes, bytes.len() as u32 * 8).map_err(broken)
}

/// The id of a key: SHA-256 of its SubjectPublicKeyInfo (RFC 9578 §6.5).
pub fn key_id(public: &[u8]) -> [u8; 32] {
    Sha256::digest(public).into()
}

/// The public key of 2048 bits that a SubjectPublicKeyInfo holds.
fn public_key(public: &[u8]) -> Result<PublicKey> {
    let modulus = public.strip_prefix(SPKI_HEAD).and_then(|rest| rest.strip_suffix(SPKI_TAIL)).filter(|n| n.len() == MODULUS);
    let modulus = modulus.ok_or_else(|| broken("not a key of ours"))?;
    PublicKey::new(number(modulus)?, BoxedUint::from(EXPONENT)).map_err(broken)
}

fn private_key(primes: &[u8]) -> Result<PrivateKey> {
    let (p, q) = primes.split_at(primes.len() / 2);
    PrivateKey::from_p_q(number(p)?, number(q)?, BoxedUint::from(EXPONENT)).map_err(broken)
}

/// Runs what takes a moment beside the executor.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(broken)?
}

impl SigningKey {
    /// A new one.
    pub async fn generate() -> Result<Self> {
        aside(|| {
            let key = PrivateKey::new(&mut rand::rng(), MODULUS * 8).map_err(broken)?;
            let modulus = octets(key.n().as_ref(), MODULUS);
            let private = key.primes().iter().flat_map(|p| octets(p.as_ref(), MODULUS / 2)).collect();
            Ok(Self { public: [SPKI_HEAD, &modulus, SPKI_TAIL].concat(), private })
        })
        .await
    }
}

/// The raw signature of a blinded message by a key; none where it is not a number below the key's modulus.
///
/// # Errors
/// Where the computation went wrong: a faulty signature would give the key away.
pub fn sign_with(key: &PrivateKey, blinded: &[u8]) -> Result<Option<Vec<u8>>> {
    if blinded.len() != key.size() {
        return Ok(None);
    }
    let message = BoxedUint::from_be_slice(blinded, key.n().bits_precision()).map_err(broken)?;
    if message >= *key.n().as_ref() {
        return Ok(None);
    }
    let signature = rsa_decrypt_and_check(key, Some(&mut rand::rng()), &message).map_err(broken)?;
    Ok(Some(octets(&signature, key.size())))
}

/// Signs a blinded message.
pub async fn sign(private: Vec<u8>, blinded: Vec<u8>) -> Result<Option<Vec<u8>>> {
    aside(move || sign_with(&private_key(&private)?, &blinded)).await
}

/// Whether this is a signature of a message: RSASSA-PSS with SHA-384 and a salt of 48 bytes.
pub fn verifies(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let verifier = VerifyingKey::<Sha384>::new(key.clone());
    signature.len() == key.size() && Signature::try_from(signature).is_ok_and(|s| verifier.verify(message, &s).is_ok())
}

/// Digest of the challenge that a token answers (RFC 9577 §2.1): who issues, in which context.
pub fn challenge(issuer: &str, context: &[u8; 32]) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update(TOKEN_TYPE.to_be_bytes());
    // Issuer and origin are one.
    h.update((issuer.len() as u16).to_be_bytes());
    h.update(issuer.as_bytes());
    h.update([32]);
    h.update(context);
    h.update((issuer.len() as u16).to_be_bytes());
    h.update(issuer.as_bytes());
    h.finalize().into()
}

/// A token as it is spent.
pub struct Token(Vec<u8>);

impl Token {
    /// Reads one; none where it has another length or type.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == INPUT + MODULUS && bytes.starts_with(&TOKEN_TYPE.to_be_bytes())).then(|| Self(bytes.to_vec()))
    }

    /// The digest of the challenge that it answers.
    pub fn challenge(&self) -> &[u8] {
        &self.0[34..66]
    }

    /// The key by which it says that it was signed.
    pub fn key_id(&self) -> &[u8] {
        &self.0[66..INPUT]
    }

    /// What it is remembered by once it is spent: what was signed, so that it is one token however the signature is written.
    pub fn mark(&self) -> [u8; 32] {
        Sha256::digest(&self.0[..INPUT]).into()
    }

    /// Whether this key signed it.
    pub fn signed_by(&self, public: &[u8]) -> bool {
        let (message, signature) = self.0.split_at(INPUT);
        public_key(public).is_ok_and(|key| verifies(&key, message, signature))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// One that was never blinded, for a device that cannot: by its form nobody tells it from the others.
    pub async fn signed(public: &[u8], private: Vec<u8>, challenge: &[u8; 32]) -> Result<Self> {
        let nonce: [u8; 32] = rand::random();
        let input = [&TOKEN_TYPE.to_be_bytes()[..], &nonce, challenge, &key_id(public)].concat();
        aside(move || {
            let key = Pss::<Sha384>::new(private_key(&private)?);
            let signature = key.try_sign_with_rng(&mut rand::rng(), &input).map_err(broken)?;
            Ok(Self([&input[..], &signature.to_bytes()].concat()))
        })
        .await
    }
}
