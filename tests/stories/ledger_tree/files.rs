//! Paths, tiles and bundles as they lie on disk.

use louyi::kernel::ledger::{TileId, TilePath, path, tiles};

#[test]
fn paths_are_written_one_way_only() {
    assert_eq!(path::index_path(1_234_067), "x001/x234/067");
    let tile = |level, index| TileId { level, index };
    for size in [1u64, 255, 256, 257, 70_000, u64::MAX >> 1] {
        for tile in [tile(0, 0), tile(0, (size - 1) / 256), tile(1, 0), tile(2, 0), tile(7, 0)] {
            for path in [TilePath::tile_at(tile, size), TilePath::entries_at(tile.index, size)].into_iter().flatten() {
                assert_eq!(path.to_string().parse(), Ok(path), "{path}");
            }
        }
    }
    assert_eq!(TilePath::tile_at(tile(0, 273), 70_000).unwrap().to_string(), "tile/0/273.p/112");
    assert_eq!(TilePath::tile_at(tile(1, 1), 70_000).unwrap().to_string(), "tile/1/001.p/17");
    assert_eq!(TilePath::tile_at(tile(2, 0), 70_000).unwrap().to_string(), "tile/2/000.p/1");
    assert_eq!(TilePath::tile_at(tile(3, 0), 70_000), None);
    assert_eq!(TileId::all(70_000).count(), 274 + 2 + 1);
    for bad in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/x/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/x001/",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/",
        "tile/0/000.p",
        "/tile/0/000",
        "tile/0/٠٠٠",
        "tile/0/../000",
        "tile/data/000",
        "tile/entries/000.p/-1",
        "tile/0/x99/x999/x999/x999/x999/x999/999",
        "tile/8/0/000",
    ] {
        assert!(bad.parse::<TilePath>().is_err(), "{bad}");
    }
}

#[test]
fn bundles_give_back_their_entries_and_refuse_what_is_cut() {
    let entries = [b"".to_vec(), vec![1; 65_535], "楼议".into()];
    let bundle = tiles::encode_bundle(&entries).unwrap();
    assert_eq!(tiles::decode_bundle(&bundle).unwrap(), entries);
    assert_eq!(bundle[..4], [0, 0, 255, 255]);
    assert!(tiles::decode_bundle(&bundle[..bundle.len() - 1]).is_err() && tiles::decode_bundle(&[0]).is_err());
    assert!(tiles::decode_bundle(&[]).is_err() && tiles::decode_bundle(&[0; 514]).is_err());
    assert!(tiles::encode_bundle(&[vec![0; 65_536]]).is_err() && tiles::encode_bundle(&[[]; 257]).is_err());
    assert!(tiles::decode_tile(&[0; 33]).is_err() && tiles::decode_tile(&[]).is_err());
    assert!(tiles::decode_tile(&[0; 257 * 32]).is_err());
}
