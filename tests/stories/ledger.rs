//! The public ledger in the database: every entry extends one tree, whoever writes it and from wherever.

use std::path::Path;

use futures::future::join_all;
use louyi::kernel::act::{Act, House};
use louyi::kernel::error::Result;
use louyi::kernel::ledger::{
    Checkpoint, Folder, Hash, Resource, Signer, TileId, TilePath, VerifierKey, consistency, needed_tiles_consistency, tiles, verify_consistency,
    verify_folder, verify_inclusion,
};
use louyi::kernel::publog;
use serde_json::json;

use crate::support::on_both;
use crate::support::town::house;

async fn publish(act: &Act, n: u64) -> Result<u64> {
    act.publish("release", "issue", uuid::Uuid::from_u128(u128::from(n)), None, json!({ "issue": n, "words": "量" })).await
}

fn key(house: &House) -> VerifierKey {
    let signer = Signer::new(house.settings().ledger_name(), house.keys().ledger().clone()).unwrap();
    signer.verifier().clone()
}

async fn checkpoint(house: &House) -> Checkpoint {
    let head = publog::head(house.read()).await.unwrap().expect("a head");
    let key = key(house);
    let checkpoint = Checkpoint::open(head.checkpoint.as_bytes(), key.name(), std::slice::from_ref(&key)).expect("signed by the house");
    assert_eq!(checkpoint.size, head.size);
    checkpoint
}

async fn stored(house: &House, ids: Vec<TileId>) -> std::collections::HashMap<TileId, Vec<Hash>> {
    let mut found = std::collections::HashMap::new();
    for id in ids {
        let bytes = publog::tile(house.read(), id).await.unwrap().expect("a tile");
        found.insert(id, tiles::decode_tile(&bytes).unwrap());
    }
    found
}

/// The ledger as files, as anybody could mirror it.
async fn exported(house: &House, folder: &Path) {
    let size = checkpoint(house).await.size;
    let put = |path: String, bytes: &[u8]| {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    };
    put("checkpoint".into(), publog::head(house.read()).await.unwrap().unwrap().checkpoint.as_bytes());
    for id in TileId::all(size) {
        let path = TilePath::tile_at(id, size).unwrap();
        put(path.to_string(), &publog::tile(house.read(), id).await.unwrap().unwrap());
        if id.level == 0 {
            let entries = publog::entries(house.read(), id.index * 256, 256).await.unwrap();
            let bundle = tiles::encode_bundle(&entries.iter().map(|e| e.body.as_bytes()).collect::<Vec<_>>()).unwrap();
            let path = TilePath { resource: Resource::Entries { index: id.index }, width: path.width };
            put(path.to_string(), &bundle);
        }
    }
}

/// Every entry is proved by the checkpoint, and the whole by the verifier that knows only files.
async fn is_sound(house: &House) {
    let now = checkpoint(house).await;
    for e in publog::entries(house.read(), 0, now.size).await.unwrap() {
        let leaf: Hash = e.leaf_hash.clone().try_into().unwrap();
        assert_eq!(leaf, louyi::kernel::ledger::leaf_hash(e.body.as_bytes()));
        let proof = publog::proof(house.read(), e.position as u64, now.size).await.unwrap();
        verify_inclusion(&leaf, e.position as u64, now.size, &proof, &now.root).unwrap_or_else(|f| panic!("entry {}: {f}", e.position));
    }
    let folder = tempfile::tempdir().unwrap();
    exported(house, folder.path()).await;
    let report = verify_folder(&Folder(folder.path().to_owned()), &key(house)).expect("verifies");
    assert_eq!(report.checkpoint.size, now.size);
}

on_both! {
    async fn every_entry_extends_the_tree(town: Town) {
        assert!(publog::head(town.house.read()).await.unwrap().is_none());
        let mut before: Option<Checkpoint> = None;
        for n in 0..40 {
            assert_eq!(town.editor.gets(async |act| publish(act, n).await).await, n);
            let now = checkpoint(&town.house).await;
            assert_eq!(now.size, n + 1);
            if let Some(old) = before {
                let tiles = stored(&town.house, needed_tiles_consistency(old.size, now.size).unwrap()).await;
                let proof = consistency(old.size, now.size, &tiles).unwrap();
                verify_consistency(old.size, &old.root, now.size, &now.root, &proof).unwrap();
            }
            before = Some(now);
        }
        is_sound(&town.house).await;
    }

    async fn past_the_width_of_a_tile(town: Town) {
        // Several in one act, as a loaded history does.
        for first in [0u64, 100, 200, 258] {
            town.editor
                .gets(async |act| {
                    for n in first..(first + 100).min(260).max(first + 2) {
                        publish(act, n).await?;
                    }
                    Ok(())
                })
                .await;
        }
        assert_eq!(checkpoint(&town.house).await.size, publog::entries(town.house.read(), 0, 1000).await.unwrap().len() as u64);
        is_sound(&town.house).await;
    }

    async fn two_processes_keep_one_order(town: Town) {
        let folder = tempfile::tempdir().unwrap();
        let other = house(&town.url, folder.path(), town.house.now()).await;
        let written = join_all((0..20u64).map(|n| {
            let house = if n % 2 == 0 { town.house.clone() } else { other.clone() };
            let actor = town.editor.actor.clone();
            async move {
                let act = house.act(actor).await?;
                let position = publish(&act, n).await?;
                act.commit().await?;
                Ok::<_, louyi::kernel::error::Error>(position)
            }
        }))
        .await;
        let mut positions: Vec<u64> = written.into_iter().map(|p| p.expect("nobody is refused, not even the very first")).collect();
        positions.sort_unstable();
        assert_eq!(positions, (0..20).collect::<Vec<_>>());
        is_sound(&town.house).await;
        is_sound(&other).await;
        other.db().clone().close().await.unwrap();
    }

    async fn what_is_undone_was_never_published(town: Town) {
        town.editor.gets(async |act| publish(act, 0).await).await;
        let before = checkpoint(&town.house).await;
        let act = town.house.act(town.editor.actor.clone()).await.unwrap();
        publish(&act, 1).await.unwrap();
        act.undo().await.unwrap();
        assert_eq!(checkpoint(&town.house).await.root, before.root);
        assert_eq!(town.editor.gets(async |act| publish(act, 2).await).await, 1);
        is_sound(&town.house).await;
    }

    async fn the_verifier_sees_every_change(town: Town) {
        for n in 0..5 {
            town.editor.gets(async |act| publish(act, n).await).await;
        }
        let folder = tempfile::tempdir().unwrap();
        exported(&town.house, folder.path()).await;
        let bundle = folder.path().join("tile/entries/000.p/5");
        let bytes = std::fs::read(&bundle).unwrap();
        let mut changed = bytes.clone();
        let at = bytes.windows(9).position(|w| w == b"\"issue\":3").unwrap() + 8;
        changed[at] = b'4';
        std::fs::write(&bundle, changed).unwrap();
        assert!(verify_folder(&Folder(folder.path().to_owned()), &key(&town.house)).is_err());
    }

    async fn entries_are_canonical_and_dated(town: Town) {
        town.editor.gets(async |act| publish(act, 7).await).await;
        let entry = publog::newest(town.house.read(), None, 1).await.unwrap().remove(0);
        assert_eq!(entry.body, r#"{"at":"2026-11-23T01:12:00Z","facts":{"issue":7,"words":"量"},"kind":"release","louyi":1,"n":0}"#);
        assert_eq!(publog::about(town.house.read(), uuid::Uuid::from_u128(7)).await.unwrap(), [entry]);
    }
}
