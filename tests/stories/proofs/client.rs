//! Whoever asks for a token: the blinding of RFC 9474, written once more and apart from the house's own code.

use rsa::hazmat::rsa_encrypt;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, PublicKey};
use sha2::{Digest as _, Sha256, Sha384};

fn octets(n: &BoxedUint, length: usize) -> Vec<u8> {
    let bytes = n.to_be_bytes();
    bytes[bytes.len() - length..].to_vec()
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice(bytes, bytes.len() as u32 * 8).expect("a number")
}

fn mask(seed: &[u8], length: usize) -> Vec<u8> {
    let block = |i: u32| Sha384::digest([seed, &i.to_be_bytes()].concat()).to_vec();
    (0..).flat_map(block).take(length).collect()
}

/// EMSA-PSS-ENCODE with SHA-384 (RFC 8017 §9.1.1).
pub fn encoded(message: &[u8], salt: &[u8], bits: usize) -> Vec<u8> {
    let length = bits.div_ceil(8);
    let digest = Sha384::digest([&[0; 8][..], &Sha384::digest(message), salt].concat());
    let block = [vec![0; length - salt.len() - digest.len() - 2], vec![1], salt.to_vec()].concat();
    let mut masked: Vec<u8> = block.iter().zip(mask(&digest, block.len())).map(|(a, b)| a ^ b).collect();
    masked[0] &= 0xff >> (8 * length - bits);
    [masked, digest.to_vec(), vec![0xbc]].concat()
}

/// Blinds an encoded message by a factor; gives what is sent, and what undoes it.
pub fn blind(key: &PublicKey, encoded: &[u8], factor: &BoxedUint) -> (Vec<u8>, BoxedUint) {
    let covered = number(encoded).mul_mod(&rsa_encrypt(key, factor).expect("a power"), key.n());
    (octets(&covered, key.size()), Option::from(factor.invert_mod(key.n())).expect("an inverse"))
}

/// The signature without its cover.
pub fn uncovered(key: &PublicKey, signature: &[u8], undo: &BoxedUint) -> Vec<u8> {
    octets(&number(signature).mul_mod(undo, key.n()), key.size())
}

/// A token on its way.
pub struct Wanted {
    key: PublicKey,
    input: Vec<u8>,
    undo: BoxedUint,
    pub blinded: Vec<u8>,
}

impl Wanted {
    pub fn new(public: &[u8], challenge: &[u8; 32]) -> Self {
        let modulus = &public[public.len() - 261..public.len() - 5];
        let key = PublicKey::new(number(modulus), BoxedUint::from(65537u32)).expect("a key");
        let nonce: [u8; 32] = rand::random();
        let input = [&[0, 2][..], &nonce, challenge, &Sha256::digest(public)].concat();
        let salt: [u8; 48] = rand::random();
        let mut factor: [u8; 256] = rand::random();
        factor[0] = 0;
        let (blinded, undo) = blind(&key, &encoded(&input, &salt, 2047), &number(&factor));
        Self { key, input, undo, blinded }
    }

    pub fn token(&self, signature: &[u8]) -> Vec<u8> {
        [&self.input[..], &uncovered(&self.key, signature, &self.undo)].concat()
    }
}
