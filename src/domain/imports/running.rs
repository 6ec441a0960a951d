//! Writing the rows, in the background and in chunks: each is one transaction that also says how far it has come, so that
//! another process, or the next start, goes on where this one stopped.

use std::collections::HashSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{ActiveModel, Column, Entity, Import, ImportState, Mapping, Ready, undoing};
use crate::domain::buildings::{self, Place};
use crate::domain::issues::bulk::{self, Begin, Ground, Life, Past};
use crate::domain::issues::confirm_days;
use crate::domain::journal::Entry;
use crate::domain::organisations;
use crate::domain::times;
use crate::kernel::act::{Act, House};
use crate::kernel::db::{execute_all, inserts};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, ImportId, IssueId};

/// Rows of one transaction: written in a fraction of a second, so that nobody waits long for the next.
const CHUNK: usize = 500;

/// Which row a matter came from.
pub(super) mod imported {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "imported")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub issue_id: IssueId,
        pub import_id: ImportId,
        pub building_id: BuildingId,
        pub line: i32,
        pub former: Option<String>,
        pub key: Vec<u8>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The keys of rows that are in a building already.
pub(super) async fn keys(db: &impl ConnectionTrait, building: BuildingId) -> Result<HashSet<Vec<u8>>> {
    let known = imported::Entity::find().select_only().column(imported::Column::Key).filter(imported::Column::BuildingId.eq(building));
    Ok(known.into_tuple::<Vec<u8>>().all(db).await?.into_iter().collect())
}

/// The number that a matter had in the former system.
pub async fn former(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<String>> {
    Ok(imported::Entity::find_by_id(issue).one(db).await?.and_then(|i| i.former))
}

/// The same of several matters at once, of those that had one.
pub async fn formers(db: &impl ConnectionTrait, issues: Vec<IssueId>) -> Result<Vec<(IssueId, String)>> {
    if issues.is_empty() {
        return Ok(vec![]);
    }
    let all = imported::Entity::find().filter(imported::Column::IssueId.is_in(issues)).filter(imported::Column::Former.is_not_null());
    Ok(all.all(db).await?.into_iter().filter_map(|i| Some((i.issue_id, i.former?))).collect())
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: i32,
    pub of: i32,
}

impl Import {
    /// How far it is, while something is under way.
    pub fn progress(&self) -> Option<Progress> {
        match self.state {
            ImportState::Running => Some(Progress { done: self.made, of: self.fresh }),
            ImportState::Undoing => Some(Progress { done: self.taken_back + self.stayed, of: self.made }),
            _ => None,
        }
    }
}

/// What a process has in hand: the rows of the import that it writes, read and looked at once.
#[derive(Default)]
pub struct Writing(Option<InHand>);

struct InHand {
    import: ImportId,
    rows: Vec<Ready>,
    places: Vec<Place>,
}

impl Writing {
    /// The rows of an import as they were just looked at, for whoever looks and writes in one go: reading and looking again would
    /// take as long a second time.
    pub async fn of(db: &impl ConnectionTrait, import: &Import, rows: Vec<Ready>) -> Result<Self> {
        Ok(Self(Some(InHand { import: import.id, rows, places: buildings::places(db, import.building_id).await? })))
    }
}

/// Writes the next rows of an import that is under way, or takes back the next of one; true when there was one.
pub async fn step(house: &House, writing: &mut Writing) -> Result<bool> {
    let under_way = Entity::find().filter(Column::State.is_in([ImportState::Running, ImportState::Undoing])).order_by_asc(Column::StartedAt);
    let Some(import) = under_way.one(house.read()).await? else {
        *writing = Writing::default();
        return Ok(false);
    };
    let done = match import.state {
        ImportState::Undoing => undoing::take_back(house, import).await,
        _ => write(house, import, writing).await,
    };
    match done {
        Ok(()) => Ok(true),
        // Another process was faster, or somebody brought the same row: looked at anew.
        Err(Error::Conflict) => {
            *writing = Writing::default();
            Ok(true)
        }
        Err(e) => {
            *writing = Writing::default();
            Err(e)
        }
    }
}

async fn take_in_hand(house: &House, import: &Import) -> Result<InHand> {
    let db = house.read();
    let sheet = import.sheet(db).await?.ok_or_else(|| Error::broken("the file of an import that is being written is gone"))?;
    let mapping: Mapping = serde_json::from_str(import.mapping.as_deref().unwrap_or_default())?;
    let checked = import.look(db, house, sheet, mapping).await?;
    Ok(InHand { import: import.id, rows: checked.fresh, places: buildings::places(db, import.building_id).await? })
}

async fn write(house: &House, import: Import, writing: &mut Writing) -> Result<()> {
    if writing.0.as_ref().is_none_or(|w| w.import != import.id) {
        writing.0 = Some(take_in_hand(house, &import).await?);
    }
    let Some(in_hand) = &writing.0 else { return Ok(()) };
    let from = in_hand.rows.partition_point(|r| i64::from(r.line) <= i64::from(import.at_line));
    let rows = in_hand.rows.get(from..in_hand.rows.len().min(from + CHUNK)).unwrap_or_default();
    let act = house.act(import.actor()).await?;
    let Some(last) = rows.last() else {
        let (number, made, on) = (import.number, import.made, import.on_self());
        import.turn(&act, ActiveModel { state: Set(ImportState::Done), ended_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(on, &Entry::ImportDone { number, made }).await?;
        writing.0 = None;
        return act.commit().await;
    };
    // Claimed first: of two processes, one writes these rows.
    let made = import.made + i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let import = import.turn(&act, ActiveModel { at_line: Set(last.line as i32), made: Set(made), ..Default::default() }).await?;
    write_rows(&act, &import, rows, &in_hand.places).await?;
    act.commit().await
}

async fn write_rows(act: &Act, import: &Import, rows: &[Ready], places: &[Place]) -> Result<()> {
    let (calendar, keys) = (act.calendar(), act.house().keys().clone());
    let confirm_days = confirm_days(act.tx(), import.building_id).await?;
    let ground = Ground { calendar: &calendar, keys: &keys, confirm_days };
    let holder = organisations::manager_of(act.tx(), import.building_id).await?.ok_or_else(|| Refusal::new("import_no_manager"))?.id;
    let times = times::at(act.tx(), import.building_id, act.at).await?;
    let n = i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let first = bulk::reserve(act, import.building_id, n).await?;
    let (mut lives, mut sources) = (vec![], vec![]);
    for (number, row) in (first..).zip(rows) {
        let place = places.iter().find(|p| p.id == row.place).ok_or(Error::NotFound)?;
        let begin = Begin { building: import.building_id, number, place, category: row.category, holder };
        let past =
            Past { import: import.id, owed: times.of(row.category), words: &row.words, filed: row.filed, closed: row.closed, rating: row.rating };
        let life = Life::past(&ground, act.at, &act.actor, begin, past)?;
        sources.push(imported::ActiveModel {
            issue_id: Set(life.id()),
            import_id: Set(import.id),
            building_id: Set(import.building_id),
            line: Set(row.line as i32),
            former: Set(row.former.clone()),
            key: Set(row.key.clone()),
        });
        lives.push(life);
    }
    let statements = bulk::Writer::beside(act, &lives).await?.statements(lives);
    execute_all(act.tx(), statements).await?;
    execute_all(act.tx(), inserts::<imported::Entity, _>(act.tx().get_database_backend(), sources)).await
}
