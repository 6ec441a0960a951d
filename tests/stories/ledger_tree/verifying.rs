//! Checking a whole ledger, and saying where it was altered.

use std::{fs, path::Path};

use louyi::kernel::ledger::{Fault, Folder, Hash, Report, TileId, tiles, tree, verify_folder};

use super::{Log, ORIGIN, signer};

/// Writes a ledger, changes one byte of one file, and says what verifying finds.
fn verify_after(log: &Log, path: &str, at: usize) -> Fault {
    let folder = tempfile::tempdir().unwrap();
    log.write(folder.path());
    flip(&folder.path().join(path), at);
    verify(folder.path()).unwrap_err()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn verify(folder: &Path) -> Result<Report, Fault> {
    verify_folder(&Folder(folder.to_owned()), signer().verifier())
}

#[test]
fn verifying_a_folder_finds_the_flipped_byte() {
    for size in [0, 1, 255, 256, 257, 700, 65_800] {
        let (log, folder) = (Log::of(size), tempfile::tempdir().unwrap());
        log.write(folder.path());
        let report = verify(folder.path()).unwrap();
        assert_eq!((report.checkpoint, report.tiles), (log.checkpoint(), TileId::all(size).count() as u64));
    }
    let log = Log::of(700);
    let fault = verify_after(&log, "tile/0/001", 40 * 32 + 5);
    assert!(matches!(&fault, Fault::Tile { path, at: 40 } if path == "tile/0/001"), "{fault}");
    let fault = verify_after(&log, "tile/1/000.p/2", 63);
    assert!(matches!(&fault, Fault::Tile { path, at: 1 } if path == "tile/1/000.p/2"), "{fault}");
    // Entries 0 to 9 take 2 + 7 bytes each; the first byte of entry 3 is the 30th.
    let fault = verify_after(&log, "tile/entries/000", 3 * 9 + 2);
    assert!(matches!(&fault, Fault::Entry { index: 3, path } if path == "tile/entries/000"), "{fault}");
    let fault = verify_after(&log, "tile/entries/002.p/188", 2 + 8);
    assert!(matches!(fault, Fault::Entry { index: 512, .. }), "{fault}");
    assert!(matches!(verify_after(&log, "tile/entries/000", 1), Fault::Damaged { .. } | Fault::Width { .. }));
    assert!(matches!(verify_after(&log, "checkpoint", ORIGIN.len() + 1), Fault::Checkpoint(_)));
}

#[test]
fn verifying_a_folder_sees_through_thorough_forgers() {
    let (log, folder) = (Log::of(700), tempfile::tempdir().unwrap());
    log.write(folder.path());
    // An entry changed together with its hash: the tile above gives it away.
    let mut forged = log.entries[256..512].to_vec();
    forged[9] = b"forged".to_vec();
    fs::write(folder.path().join("tile/entries/001"), tiles::encode_bundle(&forged).unwrap()).unwrap();
    let hashes: Vec<Hash> = forged.iter().map(|entry| tree::leaf_hash(entry)).collect();
    fs::write(folder.path().join("tile/0/001"), tiles::encode_tile(&hashes)).unwrap();
    let fault = verify(folder.path()).unwrap_err();
    assert!(matches!(fault, Fault::Subtree { first: 256, last: 511, at: 1, .. }), "{fault}");
    // All tiles changed too: only the signed root is left to disagree.
    let mut other = Log::default();
    log.entries[..256].iter().chain(&forged).chain(&log.entries[512..]).for_each(|entry| other.push(entry.clone()));
    let signed = fs::read(folder.path().join("checkpoint")).unwrap();
    other.write(folder.path());
    fs::write(folder.path().join("checkpoint"), signed).unwrap();
    assert!(matches!(verify(folder.path()), Err(Fault::Root)));
    fs::remove_file(folder.path().join("tile/1/000.p/2")).unwrap();
    assert!(matches!(verify(folder.path()), Err(Fault::Missing { path }) if path == "tile/1/000.p/2"));
}

#[test]
fn a_full_tile_stands_in_for_a_partial_one() {
    let (old, new, folder) = (Log::of(300), Log::of(512), tempfile::tempdir().unwrap());
    new.write(folder.path());
    fs::write(folder.path().join("tile/1/000.p/1"), tiles::encode_tile(&old.tiles[&TileId { level: 1, index: 0 }])).unwrap();
    fs::write(folder.path().join("checkpoint"), old.checkpoint().signed(&signer()).unwrap().to_string()).unwrap();
    assert_eq!(verify(folder.path()).unwrap().checkpoint, old.checkpoint());
}
