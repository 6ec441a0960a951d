//! The public ledger of both houses: in each, the published root is the root of its entries; and entry by entry both say
//! the same. A text goes in as a hash under a random salt, so the published roots differ; with the plain hash of each text
//! in its place they must not.

use base64::Engine as _;
use louyi::domain::recorded;
use louyi::kernel::act::House;
use louyi::kernel::ledger::{Hash, to_canonical};
use louyi::kernel::publog;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::ledger_tree::proofs::{mth, sha};

fn leaf(body: &str) -> Hash {
    sha(&[&[0], body.as_bytes()])
}

/// Size and root that a house has signed.
async fn published(house: &House) -> (u64, Hash) {
    let head = publog::head(house.read()).await.expect("reads").expect("a ledger");
    let mut lines = head.checkpoint.lines().skip(1);
    let size = lines.next().expect("a size").parse().expect("a number");
    let root = base64::engine::general_purpose::STANDARD.decode(lines.next().expect("a root")).expect("base64");
    (size, root.try_into().expect("32 bytes"))
}

/// The entries of a house, each with the plain hash of its text in place of the salted one.
async fn plain(house: &House) -> Vec<String> {
    let db = house.read();
    let (size, root) = published(house).await;
    let entries = publog::entries(db, 0, size).await.expect("entries");
    let leaves: Vec<Hash> = entries.iter().map(|e| leaf(&e.body)).collect();
    assert_eq!((entries.len() as u64, mth(&leaves)), (size, root), "the root that was signed is that of the entries");
    let mut out = vec![];
    for entry in &entries {
        let mut body: Value = serde_json::from_str(&entry.body).expect("JSON");
        let found = recorded::of(db, entry).await.expect("what it records");
        assert!(found.agrees, "{}", entry.body);
        if let Some(hash) = body.pointer_mut("/facts/words_sha256") {
            assert!(found.salt.is_some());
            let words = found.words.expect("words that were hashed");
            *hash = hex::encode(Sha256::digest(words.as_bytes())).into();
        }
        out.push(to_canonical(&body).expect("canonical"));
    }
    out
}

pub async fn ledgers(by_verbs: &House, by_pages: &House) {
    let (one, other) = (plain(by_verbs).await, plain(by_pages).await);
    for (a, b) in one.iter().zip(&other) {
        assert_eq!(a, b);
    }
    let root = |bodies: &[String]| mth(&bodies.iter().map(|b| leaf(b)).collect::<Vec<_>>());
    assert_eq!((one.len(), root(&one)), (other.len(), root(&other)));
    for kind in ["resolution", "minutes", "effect_check", "edition"] {
        let of = |b: &&String| b.contains(&format!("\"kind\":\"{kind}\""));
        assert!(one.iter().any(|b| of(&b)), "nothing of kind {kind} was published");
    }
    // Salted, the same story has another root in every house.
    assert_ne!(published(by_verbs).await.1, published(by_pages).await.1);
}
