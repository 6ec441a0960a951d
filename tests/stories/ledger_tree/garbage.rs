//! Bytes from strangers: every reader refuses what it cannot read, and none of them panics.

use louyi::kernel::ledger::{Checkpoint, Frontier, Note, ProofFile, Signer, TilePath, VerifierKey, canonical, proof, tiles};

use super::{Log, random, signer};

#[test]
fn damaged_bytes_are_refused_without_a_panic() {
    let log = Log::of(5);
    let texts = [
        log.proof_file(3).to_string().into_bytes(),
        log.checkpoint().to_string().into_bytes(),
        signer().verifier().to_string().into_bytes(),
        signer().to_secret_text().into_bytes(),
        b"tile/0/x001/067.p/12".to_vec(),
        b"{\"a\":[1,\"\\n\"]}".to_vec(),
        tiles::encode_bundle(&log.entries).unwrap(),
        log.frontier.to_bytes(),
    ];
    let mut state = 3;
    for text in texts.iter().cycle().take(40_000) {
        let mut bytes = text.clone();
        for _ in 0..=random(&mut state, 3) {
            let at = random(&mut state, bytes.len() as u64) as usize;
            match random(&mut state, 4) {
                0 => bytes.truncate(at + 1),
                1 => bytes.insert(at, b"\n +=0/x\xff"[random(&mut state, 8) as usize]),
                2 => bytes[at] = random(&mut state, 256) as u8,
                _ => bytes.extend_from_within(at..),
            }
        }
        read_all(&bytes);
    }
}

/// A proof may claim any index and size.
#[test]
fn proofs_of_impossible_trees_are_refused_without_a_panic() {
    let numbers = [0, 1, 2, 255, 256, 1 << 32, (1 << 63) - 1, 1 << 63, u64::MAX - 1, u64::MAX];
    for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
        for length in [0, 1, 62, 63, 64, 65, 130] {
            let path = vec![[1; 32]; length];
            let included = proof::verify_inclusion(&[2; 32], a, b, &path, &[3; 32]);
            let consistent = proof::verify_consistency(a, &[2; 32], b, &[3; 32], &path);
            assert!(included.is_err() && consistent.is_err(), "{a} {b} {length}");
        }
        let _ = (proof::needed_tiles(a, b), proof::needed_tiles_consistency(a, b));
    }
}

/// Results do not matter here: a change may happen to leave something valid.
fn read_all(bytes: &[u8]) {
    let _ = (ProofFile::parse(bytes), Note::parse_unverified(bytes), Frontier::from_bytes(bytes));
    let _ = (tiles::decode_bundle(bytes), tiles::decode_tile(bytes), canonical::from_canonical(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (Checkpoint::parse(text), text.parse::<TilePath>(), text.parse::<VerifierKey>());
        let _ = Signer::from_secret_text(text);
    }
}
