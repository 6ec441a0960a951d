//! The file itself: read, kept compressed for as long as it may be corrected, with what is wrong with its rows; then forgotten.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rocket::tokio::task::spawn_blocking;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _};

use super::{ActiveModel, Column, Entity, FAULTS_HEAD, Fault, Import, Sample};
use crate::kernel::act::Act;
use crate::kernel::db::{execute_all, inserts, sql};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::ImportId;
use crate::kernel::spreadsheet::{self, Spreadsheet};

mod file {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: ImportId,
        pub bytes: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod fault {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_faults")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: ImportId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i32,
        /// [`Fault`]s as JSON.
        pub faults: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::broken(e.to_string())
}

/// Does something that takes a while beside the thread that answers others.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(broken)
}

/// Reads a file as somebody sent it, without the column that Louyi itself has put there.
pub async fn read(bytes: Vec<u8>) -> Result<(Arc<Spreadsheet>, Vec<u8>)> {
    let read = move || {
        let sheet = spreadsheet::read(&bytes)?;
        let mut packed = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::fast());
        let packed = packed.write_all(&bytes).and_then(|()| packed.finish());
        Ok::<_, spreadsheet::SheetFault>((Arc::new(without_faults(sheet)), packed))
    };
    let (sheet, packed) = aside(read).await?.map_err(Refusal::from)?;
    Ok((sheet, packed?))
}

fn without_faults(mut sheet: Spreadsheet) -> Spreadsheet {
    if let Some(at) = sheet.head.iter().position(|h| FAULTS_HEAD.contains(&h.as_str())) {
        sheet.head.remove(at);
        for row in sheet.rows.iter_mut().filter(|r| r.cells.len() > at) {
            row.cells.remove(at);
            while row.cells.last().is_some_and(String::is_empty) {
                row.cells.pop();
            }
        }
    }
    sheet
}

/// Keeps it, compressed.
pub(super) async fn keep(act: &Act, import: ImportId, packed: Vec<u8>) -> Result<()> {
    file::ActiveModel { import_id: Set(import), bytes: Set(packed) }.insert(act.tx()).await?;
    Ok(())
}

impl Import {
    /// The file, as it was read; none where it is no longer kept.
    pub async fn sheet(&self, db: &impl ConnectionTrait) -> Result<Option<Arc<Spreadsheet>>> {
        let Some(kept) = file::Entity::find_by_id(self.id).one(db).await? else { return Ok(None) };
        let unpacked = move || {
            let mut bytes = vec![];
            flate2::read::DeflateDecoder::new(kept.bytes.as_slice()).read_to_end(&mut bytes)?;
            spreadsheet::read(&bytes).map(without_faults).map(Arc::new).map_err(|f| std::io::Error::other(format!("{f:?}")))
        };
        Ok(Some(aside(unpacked).await??))
    }

    /// Whether the file is kept.
    pub async fn has_file(&self, db: &impl ConnectionTrait) -> Result<bool> {
        Ok(file::Entity::find_by_id(self.id).select_only().column(file::Column::ImportId).count(db).await? > 0)
    }

    /// Keeps what is wrong, in place of what was.
    pub(super) async fn keep_faults(&self, act: &Act, faulty: &[(u32, Vec<Fault>)]) -> Result<()> {
        fault::Entity::delete_many().filter(fault::Column::ImportId.eq(self.id)).exec(act.tx()).await?;
        let mut rows = vec![];
        for (line, faults) in faulty {
            rows.push(fault::ActiveModel { import_id: Set(self.id), line: Set(*line as i32), faults: Set(serde_json::to_string(faults)?) });
        }
        execute_all(act.tx(), inserts::<fault::Entity, _>(act.tx().get_database_backend(), rows)).await
    }

    /// What is wrong with the first `limit` faulty rows.
    pub async fn faults(&self, db: &impl ConnectionTrait, limit: u64) -> Result<Vec<(u32, Vec<Fault>)>> {
        let rows = fault::Entity::find().filter(fault::Column::ImportId.eq(self.id)).order_by_asc(fault::Column::Line).limit(limit).all(db).await?;
        rows.into_iter().map(|r| Ok((r.line.unsigned_abs(), serde_json::from_str(&r.faults)?))).collect()
    }

    /// The first rows as they will be.
    pub fn samples(&self) -> Result<Vec<Sample>> {
        Ok(self.sample.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
    }

    pub(super) async fn forget_file(&self, act: &Act) -> Result<()> {
        let set = ActiveModel { sample: Set(None), ..Default::default() };
        Entity::update_many().set(set).filter(Column::Id.eq(self.id)).exec(act.tx()).await?;
        file::Entity::delete_by_id(self.id).exec(act.tx()).await?;
        fault::Entity::delete_many().filter(fault::Column::ImportId.eq(self.id)).exec(act.tx()).await?;
        Ok(())
    }
}

/// Takes files away that were brought before an instant, and what is wrong with their rows; gives how many. One that is being
/// written stays until it is done.
pub async fn forget(act: &Act, before: DateTimeUtc) -> Result<u64> {
    let old = "select id from imports where uploaded_at < ? and state <> 'running'";
    let text = format!("delete from import_faults where import_id in ({old})");
    act.tx().execute_raw(sql(act.tx(), &text, [before.into()])).await?;
    let text = format!("update imports set sample = null where id in ({old})");
    act.tx().execute_raw(sql(act.tx(), &text, [before.into()])).await?;
    let text = format!("delete from import_files where import_id in ({old})");
    Ok(act.tx().execute_raw(sql(act.tx(), &text, [before.into()])).await?.rows_affected())
}
