//! The ledger against published vectors, against the definitions, and against Go's transparency log packages.

mod canonical_json;
mod files;
mod garbage;
mod interop;
mod notes;
pub mod proofs;
mod verifying;

use std::{collections::HashMap, fs, path::Path};

use louyi::kernel::ledger::{Checkpoint, Frontier, Hash, ProofFile, Signer, TileId, TilePath, VerifierKey, proof, tiles, tree};

const ORIGIN: &str = "louyi.example/ledger";

/// A ledger in memory.
#[derive(Default)]
struct Log {
    entries: Vec<Vec<u8>>,
    frontier: Frontier,
    tiles: HashMap<TileId, Vec<Hash>>,
}

impl Log {
    fn of(size: u64) -> Self {
        let mut log = Self::default();
        (0..size).for_each(|n| log.push(format!("{{\"n\":{n}}}").into_bytes()));
        log
    }

    fn push(&mut self, entry: Vec<u8>) {
        for added in tiles::appended(&mut self.frontier, tree::leaf_hash(&entry)) {
            let tile = self.tiles.entry(added.tile).or_default();
            tile.push(added.hash);
            assert_eq!(tile.len(), usize::from(added.width));
        }
        self.entries.push(entry);
    }

    fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| tree::leaf_hash(entry)).collect()
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint::of(ORIGIN, &self.frontier)
    }

    fn write(&self, folder: &Path) {
        let put = |path: String, bytes: Vec<u8>| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let size = self.frontier.size();
        for tile in TileId::all(size) {
            put(TilePath::tile_at(tile, size).unwrap().to_string(), tiles::encode_tile(&self.tiles[&tile]));
        }
        for (index, bundle) in (0u64..).zip(self.entries.chunks(256)) {
            put(TilePath::entries_at(index, size).unwrap().to_string(), tiles::encode_bundle(bundle).unwrap());
        }
        put("checkpoint".into(), self.checkpoint().signed(&signer()).unwrap().to_string().into_bytes());
    }

    fn proof_file(&self, index: u64) -> ProofFile {
        let hashes = proof::inclusion(index, self.frontier.size(), &self.tiles).unwrap();
        ProofFile { extra: None, index, hashes, checkpoint: self.checkpoint().signed(&signer()).unwrap().to_string() }
    }
}

fn signer() -> Signer {
    Signer::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn keys() -> Vec<VerifierKey> {
    vec![signer().verifier().clone()]
}

/// Numbers that look random and are the same in every run (SplitMix64).
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % below
}
