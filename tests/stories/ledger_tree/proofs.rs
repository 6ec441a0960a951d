//! Roots and proofs: published vectors, and the definitions of RFC 6962 written once more, naively.

use std::collections::HashMap;

use louyi::kernel::ledger::{Frontier, Hash, ProofError, TileId, proof, tree};

use sha2::{Digest, Sha256};

use super::{Log, random};

pub fn sha(parts: &[&[u8]]) -> Hash {
    Sha256::digest(parts.concat()).into()
}

fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH(D[n]) of RFC 6962 §2.1, from leaf hashes.
pub fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            sha(&[&[1], &mth(left), &mth(right)])
        }
    }
}

/// PATH(m, D[n]) of §2.1.1.
fn audit_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return vec![];
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, other) = if m < left.len() { (audit_path(m, left), right) } else { (audit_path(m - left.len(), right), left) };
    path.push(mth(other));
    path
}

/// SUBPROOF(m, D[n], b) of §2.1.2.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { vec![] } else { vec![mth(leaves)] };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, other) = if m <= left.len() { (subproof(m, left, whole), right) } else { (subproof(m - left.len(), right, false), left) };
    proof.push(mth(other));
    proof
}

/// The test tree that Certificate Transparency's implementations share.
#[test]
fn the_well_known_tree_of_certificate_transparency() {
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut log = Log::default();
    assert_eq!(hex::encode(log.frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (leaf, root) in leaves.iter().zip(roots) {
        log.push(hex::decode(leaf).unwrap());
        assert_eq!(hex::encode(log.frontier.root()), root);
    }
    let path: Vec<_> = proof::inclusion(0, 8, &log.tiles).unwrap().iter().map(hex::encode).collect();
    assert_eq!(
        path,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
}

#[test]
fn the_frontier_gives_the_root_of_the_definition() {
    let (mut state, mut frontier, mut leaves) = (1, Frontier::new(), Vec::new());
    let big: Vec<u64> = (0..3).map(|_| 60_000 + random(&mut state, 10_000)).chain([65_535, 65_536, 65_537]).collect();
    for size in 0..70_001u64 {
        if size <= 300 || big.contains(&size) {
            assert_eq!(frontier.root(), mth(&leaves), "size {size}");
            assert_eq!(tree::root_of(&leaves), frontier.root());
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
        }
        leaves.push(tree::leaf_hash(&size.to_le_bytes()));
        frontier.append(leaves[size as usize]);
    }
    let bytes = frontier.to_bytes();
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Frontier::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(Frontier::from_bytes(&[]).is_err() && Frontier::from_bytes(&[255; 8 + 64 * 32]).is_err());
}

#[test]
fn all_small_proofs_are_those_of_the_definition_and_any_change_breaks_them() {
    let log = Log::of(40);
    let leaves = log.leaves();
    for new in 1..=40 {
        let root = mth(&leaves[..new]);
        for at in 0..new {
            let path = proof::inclusion(at as u64, new as u64, &log.tiles).unwrap();
            assert_eq!(path, audit_path(at, &leaves[..new]));
            let verify = |index: u64, path: &[Hash]| proof::verify_inclusion(&leaves[at], index, new as u64, path, &root);
            assert_eq!(verify(at as u64, &path), Ok(()));
            assert!((0..=new as u64).all(|index| index == at as u64 || verify(index, &path).is_err()));
            broken(&path).for_each(|path| assert!(verify(at as u64, &path).is_err()));
        }
        for old in 0..=new {
            let path = proof::consistency(old as u64, new as u64, &log.tiles).unwrap();
            assert_eq!(path, if old == 0 { vec![] } else { subproof(old, &leaves[..new], true) });
            let old_root = mth(&leaves[..old]);
            let verify = |old_root: &Hash, path: &[Hash]| proof::verify_consistency(old as u64, old_root, new as u64, &root, path);
            assert_eq!(verify(&old_root, &path), Ok(()));
            assert!(verify(&[9; 32], &path).is_err());
            broken(&path).for_each(|path| assert!(verify(&old_root, &path).is_err()));
        }
    }
    assert_eq!(proof::inclusion(5, 5, &log.tiles), Err(ProofError::NoSuchEntry { index: 5, size: 5 }));
    assert_eq!(proof::consistency(6, 5, &log.tiles), Err(ProofError::Shrunk { old: 6, new: 5 }));
}

/// The proof with one bit changed, one hash missing, one too many.
fn broken(path: &[Hash]) -> impl Iterator<Item = Vec<Hash>> {
    let path = path.to_vec();
    let flipped = path.clone().into_iter().enumerate().map({
        let path = path.clone();
        move |(at, mut hash)| {
            hash[31] ^= 1;
            let mut path = path.clone();
            path[at] = hash;
            path
        }
    });
    let shorter = (!path.is_empty()).then(|| path[1..].to_vec());
    flipped.chain(shorter).chain([[path.as_slice(), &[[0; 32]]].concat()])
}

#[test]
fn proofs_across_tiles_need_only_the_tiles_they_name() {
    let log = Log::of(66_100);
    let edges = [1, 2, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536, 65_537, 65_792, 66_100];
    let (mut state, leaves) = (2, log.leaves());
    let mut sizes: Vec<u64> = (0..4).map(|_| 1 + random(&mut state, 66_100)).chain(edges).collect();
    sizes.sort_unstable();
    let roots: Vec<Hash> = sizes.iter().map(|size| mth(&leaves[..*size as usize])).collect();
    // As much of each tile as the tree of that size has: a proof must not look further.
    let fetch = |needed: Vec<TileId>, size| -> HashMap<TileId, Vec<Hash>> {
        needed.into_iter().map(|tile| (tile, log.tiles[&tile][..usize::from(tile.width_at(size))].to_vec())).collect()
    };
    for (new, root) in sizes.iter().copied().zip(&roots) {
        let random_entries: Vec<_> = (0..20).map(|_| random(&mut state, new)).collect();
        for index in random_entries.into_iter().chain(edges.map(|edge| edge - 1).into_iter().filter(|at| *at < new)) {
            let needed = fetch(proof::needed_tiles(index, new).unwrap(), new);
            let path = proof::inclusion(index, new, &needed).unwrap();
            assert_eq!(proof::verify_inclusion(&leaves[index as usize], index, new, &path, root), Ok(()));
        }
        for (old, old_root) in sizes.iter().copied().zip(&roots).filter(|(old, _)| *old <= new) {
            let needed = fetch(proof::needed_tiles_consistency(old, new).unwrap(), new);
            let path = proof::consistency(old, new, &needed).unwrap();
            assert_eq!(proof::verify_consistency(old, old_root, new, root, &path), Ok(()));
        }
    }
    let missing = proof::inclusion(0, 257, &HashMap::from([(TileId { level: 0, index: 0 }, vec![[0; 32]; 256])]));
    assert_eq!(missing, Err(ProofError::MissingTile { tile: TileId { level: 0, index: 1 }, width: 1 }));
}
