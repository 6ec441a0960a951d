//! Taking an import back: what nobody has touched goes as if it had never come; what somebody acted on stays, and is named.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::running::imported;
use super::{ActiveModel, Import, ImportState, ask_importer};
use crate::domain::buildings::Building;
use crate::domain::issues;
use crate::domain::journal::Entry;
use crate::kernel::act::{Act, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::IssueId;
use crate::kernel::search;

/// Rows of one transaction.
const CHUNK: u64 = 200;

/// Everything that points at a matter and is there only where somebody did something with it: table and column.
pub const POINTING: &[(&str, &str)] = &[
    ("issues", "merged_into_id"),
    ("tasks", "issue_id"),
    ("messages", "issue_id"),
    ("attachments", "issue_id"),
    ("stories", "issue_id"),
    ("calls", "issue_id"),
    ("drafts", "issue_id"),
    ("call_backs", "issue_id"),
    ("subscriptions", "issue_id"),
    ("proofs", "issue_id"),
    ("proof_keys", "issue_id"),
    ("proof_marks", "issue_id"),
    ("spent_tokens", "issue_id"),
    ("batch_parts", "issue_id"),
    ("supervisions", "issue_id"),
    ("agenda_items", "issue_id"),
    ("resolutions", "issue_id"),
    ("measurements", "issue_id"),
    ("effect_checks", "issue_id"),
    ("issue_links", "from_id"),
    ("issue_links", "to_id"),
    ("reports", "folded_into_id"),
    ("maintenance_rounds", "issue_id"),
    ("hand_overs", "issue_id"),
    ("topics", "issue_id"),
];
/// What points at a matter and goes with it.
pub const WITH_IT: &[(&str, &str)] = &[("imported", "issue_id"), ("issue_texts", "issue_id"), ("reports", "issue_id"), ("reports", "filed_issue_id")];

impl Import {
    /// Begins to take it back.
    pub async fn undo(self, act: &Act, building: &Building) -> Result<Import> {
        ask_importer(act.tx(), building, &act.actor).await?;
        self.ask(&[ImportState::Done])?;
        if self.made == 0 {
            return Err(Refusal::new("import_nothing").into());
        }
        self.turn(act, ActiveModel { state: Set(ImportState::Undoing), at_line: Set(0), ..Default::default() }).await
    }
}

/// Takes back the next rows.
pub(super) async fn take_back(house: &House, import: Import) -> Result<()> {
    let act = house.act(import.actor()).await?;
    let next = imported::Entity::find().filter(imported::Column::ImportId.eq(import.id)).filter(imported::Column::Line.gt(import.at_line));
    let rows = next.order_by_asc(imported::Column::Line).limit(CHUNK).all(act.tx()).await?;
    let Some(last) = rows.last() else {
        let (number, taken_back, stayed, on) = (import.number, import.taken_back, import.stayed, import.on_self());
        let set = ActiveModel { state: Set(ImportState::Undone), ended_at: Set(Some(act.at)), ..Default::default() };
        import.turn(&act, set).await?.forget_file(&act).await?;
        act.journal(on, &Entry::ImportUndone { number, taken_back, stayed }).await?;
        return act.commit().await;
    };
    let at_line = last.line;
    let all: Vec<IssueId> = rows.iter().map(|r| r.issue_id).collect();
    let untouched = untouched(&act, &all).await?;
    let (gone, stayed) = (untouched.len() as i32, (all.len() - untouched.len()) as i32);
    let (taken_back, stayed) = (import.taken_back + gone, import.stayed + stayed);
    let set = ActiveModel { at_line: Set(at_line), taken_back: Set(taken_back), stayed: Set(stayed), ..Default::default() };
    import.turn(&act, set).await?;
    take_away(&act, &untouched).await?;
    act.commit().await
}

fn several(n: usize) -> String {
    vec!["?"; n].join(",")
}

fn values(ids: &[IssueId]) -> Vec<sea_orm::Value> {
    ids.iter().map(|i| i.0.into()).collect()
}

/// Those of which the journal has nothing but their coming, and at which nothing points.
async fn untouched(act: &Act, ids: &[IssueId]) -> Result<Vec<IssueId>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let pointed: Vec<String> =
        POINTING.iter().map(|(table, column)| format!("and not exists (select 1 from {table} x where x.{column} = i.id)")).collect();
    let lock = if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres { " for update of i" } else { "" };
    let text = format!(
        "select i.id from issues i where i.id in ({}) and i.version = 1 and i.reports = 1 \
         and (select count(*) from journal j where j.issue_id = i.id) = 1 {}{lock}",
        several(ids.len()),
        pointed.join(" ")
    );
    let rows = act.tx().query_all_raw(sql(act.tx(), &text, values(ids))).await?;
    rows.iter().map(|r| Ok(IssueId(r.try_get_by_index(0)?))).collect()
}

async fn take_away(act: &Act, ids: &[IssueId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    search::forget(act, ids).await?;
    let some = several(ids.len());
    for text in [
        format!("delete from imported where issue_id in ({some})"),
        format!("delete from reporters where report_id in (select id from reports where issue_id in ({some}))"),
        format!("delete from reports where issue_id in ({some})"),
        format!("delete from issues where id in ({some})"),
    ] {
        act.tx().execute_raw(sql(act.tx(), &text, values(ids))).await?;
    }
    Ok(())
}

/// The numbers of the matters that are left of an import, the first `limit`.
pub async fn stayed(db: &impl ConnectionTrait, import: &Import, limit: u64) -> Result<Vec<i32>> {
    let left = imported::Entity::find().select_only().column(imported::Column::IssueId).filter(imported::Column::ImportId.eq(import.id));
    let ids: Vec<IssueId> = left.order_by_asc(imported::Column::Line).limit(limit).into_tuple().all(db).await?;
    let mut numbers: Vec<i32> = issues::by_ids(db, ids).await?.into_iter().map(|i| i.number).collect();
    numbers.sort_unstable();
    Ok(numbers)
}
