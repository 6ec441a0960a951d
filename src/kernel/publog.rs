//! The public ledger in the database: an entry, the tiles it fills and a signed checkpoint, written in the same
//! transaction as the act that it records. Tree, tiles and notes themselves are in [`super::ledger`].

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};

use super::act::{Act, House};
use super::db::sql;
use super::error::{Error, Result};
use super::ids::BuildingId;
use super::ledger::{
    Frontier, Hash, Resource, Signer, TileId, TilePath, appended, checkpoint_note, inclusion, leaf_hash, needed_tiles, tiles, to_canonical,
};

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entries")]
pub struct Model {
    /// From 0, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// What was published: `resolution`, `vote`, `edition`, `effect_check`, `release`, `minutes`.
    pub kind: String,
    /// Canonical JSON (RFC 8785): the bytes that were hashed.
    pub body: String,
    /// SHA-256(0x00 ‖ body) (RFC 6962 §2.1).
    pub leaf_hash: Vec<u8>,
    pub object: String,
    pub object_id: Uuid,
    pub building_id: Option<BuildingId>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Size and signed checkpoint of the log as it stands.
#[derive(Clone, Debug)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// The C2SP signed note.
    pub checkpoint: String,
}

/// The signer of this installation's checkpoints, under the ledger's name.
pub fn signer(house: &House) -> Result<Signer> {
    Signer::new(house.settings().ledger_name(), house.keys().ledger().clone()).map_err(|e| Error::broken(e.to_string()))
}

impl Act {
    /// Adds an entry and gives its position. `facts` must hold no personal data and no free text that may have to be
    /// erased: such a text goes in as a salted hash.
    pub async fn publish(
        &self,
        kind: &'static str,
        object: &'static str,
        id: impl Into<Uuid>,
        building: Option<BuildingId>,
        facts: Value,
    ) -> Result<u64> {
        let tx = self.tx();
        // The head row is the lock: whoever updates it orders the log, on both databases.
        let lock = || sql(tx, "update ledger_head set size = size where id = 1 returning frontier", []);
        let locked = match tx.query_one_raw(lock()).await? {
            Some(row) => row,
            None => {
                // The very first entry; of two at once, one waits here for the other.
                let empty = "insert into ledger_head (id, size, frontier, checkpoint, at) values (1, 0, ?, '', ?) on conflict (id) do nothing";
                tx.execute_raw(sql(tx, empty, [Frontier::default().to_bytes().into(), self.at.into()])).await?;
                tx.query_one_raw(lock()).await?.ok_or_else(|| Error::broken("the ledger has no head"))?
            }
        };
        let mut frontier = Frontier::from_bytes(&locked.try_get_by_index::<Vec<u8>>(0)?).map_err(|e| Error::broken(e.to_string()))?;
        let position = frontier.size();
        let body =
            to_canonical(&json!({ "louyi": 1, "kind": kind, "n": position, "at": self.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "facts": facts }))
                .map_err(|e| Error::broken(e.to_string()))?;
        let leaf = leaf_hash(body.as_bytes());
        let entry = ActiveModel {
            position: Set(position as i64),
            kind: Set(kind.into()),
            body: Set(body),
            leaf_hash: Set(leaf.to_vec()),
            object: Set(object.into()),
            object_id: Set(id.into()),
            building_id: Set(building),
            at: Set(self.at),
        };
        Entity::insert(entry).exec_without_returning(tx).await?;
        for part in appended(&mut frontier, leaf) {
            let append = if part.width == 1 {
                "insert into ledger_tiles (level, tile, hashes) values (?, ?, ?)"
            } else {
                "update ledger_tiles set hashes = hashes || ? where level = ? and tile = ?"
            };
            let (level, tile, hash) = (i32::from(part.tile.level), part.tile.index as i64, part.hash.to_vec());
            let values: [sea_orm::Value; 3] =
                if part.width == 1 { [level.into(), tile.into(), hash.into()] } else { [hash.into(), level.into(), tile.into()] };
            let text = if tx.get_database_backend() == sea_orm::DatabaseBackend::Sqlite && part.width > 1 {
                // `||` makes text in SQLite: the cast keeps bytes bytes.
                "update ledger_tiles set hashes = cast(hashes || ? as blob) where level = ? and tile = ?"
            } else {
                append
            };
            tx.execute_raw(sql(tx, text, values)).await?;
        }
        let note = checkpoint_note(&signer(self.house())?, frontier.size(), &frontier.root()).map_err(|e| Error::broken(e.to_string()))?;
        tx.execute_raw(sql(
            tx,
            "update ledger_head set size = ?, frontier = ?, checkpoint = ?, at = ? where id = 1",
            [(frontier.size() as i64).into(), frontier.to_bytes().into(), note.into(), self.at.into()],
        ))
        .await?;
        Ok(position)
    }
}

/// The head, or none before the first entry.
pub async fn head(db: &impl ConnectionTrait) -> Result<Option<Head>> {
    let row = db.query_one_raw(sql(db, "select size, checkpoint from ledger_head where id = 1", [])).await?;
    row.map(|r| Ok(Head { size: r.try_get_by_index::<i64>(0)? as u64, checkpoint: r.try_get_by_index(1)? })).transpose()
}

/// The hashes of one tile, as many as it holds now.
pub async fn tile(db: &impl ConnectionTrait, id: TileId) -> Result<Option<Vec<u8>>> {
    let row = db
        .query_one_raw(sql(
            db,
            "select hashes from ledger_tiles where level = ? and tile = ?",
            [i32::from(id.level).into(), (id.index as i64).into()],
        ))
        .await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?)
}

/// Up to `count` entries from a position on.
pub async fn entries(db: &impl ConnectionTrait, from: u64, count: u64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Position.gte(from as i64)).order_by_asc(Column::Position).limit(count).all(db).await?)
}

/// A tile of hashes or a bundle of entries as the file that C2SP tlog-tiles makes of it, exactly as wide as asked for.
pub async fn file(db: &impl ConnectionTrait, path: TilePath) -> Result<Option<Vec<u8>>> {
    let width = usize::from(path.width);
    match path.resource {
        // What a tile holds beyond this width came later: its first hashes never change.
        Resource::Tile(id) => Ok(tile(db, id).await?.and_then(|hashes| Some(hashes.get(..width * 32)?.to_vec()))),
        Resource::Entries { index } => {
            let entries = entries(db, index * u64::from(tiles::FULL), width as u64).await?;
            if entries.len() < width {
                return Ok(None);
            }
            let bodies: Vec<&str> = entries.iter().map(|e| e.body.as_str()).collect();
            tiles::encode_bundle(&bodies).map(Some).map_err(|e| Error::broken(e.to_string()))
        }
    }
}

/// The newest entries, newest first.
pub async fn newest(db: &impl ConnectionTrait, before: Option<u64>, count: u64) -> Result<Vec<Model>> {
    let mut q = Entity::find().order_by_desc(Column::Position).limit(count);
    if let Some(n) = before {
        q = q.filter(Column::Position.lt(n as i64));
    }
    Ok(q.all(db).await?)
}

/// What the ledger holds about one object, oldest first.
pub async fn about(db: &impl ConnectionTrait, id: impl Into<Uuid>) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ObjectId.eq(id.into())).order_by_asc(Column::Position).all(db).await?)
}

/// The inclusion proof of an entry in the log of the given size (RFC 9162 §2.1.3): from the leaf up.
pub async fn proof(db: &impl ConnectionTrait, position: u64, size: u64) -> Result<Vec<Hash>> {
    let mut tiles: HashMap<TileId, Vec<Hash>> = HashMap::new();
    for id in needed_tiles(position, size).map_err(|e| Error::broken(e.to_string()))? {
        let bytes = tile(db, id).await?.ok_or_else(|| Error::broken("a tile of the ledger is missing"))?;
        tiles.insert(id, bytes.chunks_exact(32).filter_map(|c| c.try_into().ok()).collect());
    }
    inclusion(position, size, &tiles).map_err(|e| Error::broken(e.to_string()))
}
