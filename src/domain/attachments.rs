//! Pictures: of a report, of a finished task, of a message. Private until released.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, FromQueryResult, QueryOrder as _};

use super::journal::Entry;
use super::reports::Report;
use crate::kernel::act::{Act, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::files;
use crate::kernel::ids::{AttachmentId, BuildingId, IssueId, MessageId, PersonId, ReportId, TaskId};
use crate::kernel::journal::On;
use crate::kernel::photos::Prepared;

vocabulary! {
    /// What a task's picture shows: how it was, how it is, who signed that it is so, how far it had come.
    Phase { Before = "before", After = "after", Signature = "signature", Progress = "progress" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    pub issue_id: Option<IssueId>,
    pub report_id: Option<ReportId>,
    pub task_id: Option<TaskId>,
    pub message_id: Option<MessageId>,
    /// SHA-256 of the re-encoded picture: its name.
    pub hash: String,
    pub thumb_hash: String,
    pub media: String,
    pub width: i32,
    pub height: i32,
    pub bytes: i32,
    pub position: i32,
    pub released_at: Option<DateTimeUtc>,
    pub released_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    pub erased_at: Option<DateTimeUtc>,
    /// The picture before parts of it were covered, where it was kept: for those who release, and noted each time.
    pub original_hash: Option<String>,
    pub covered_at: Option<DateTimeUtc>,
    /// When it was released, while its report is hidden.
    pub hidden_at: Option<DateTimeUtc>,
    /// Which side of the work a task's picture shows.
    pub phase: Option<Phase>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Attachment;

/// What a picture belongs to.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// A visitor's report.
    Report(ReportId),
    /// Evidence of a task.
    Task(TaskId, Phase),
    /// What was found at work: the matter's own.
    Finding,
}

/// Keeps prepared pictures with an issue.
pub async fn attach(act: &Act, issue: IssueId, of: Of, pictures: Vec<Prepared>) -> Result<u32> {
    let mut n = 0;
    for p in pictures {
        let bytes = p.picture.bytes.len() as i32;
        let (width, height) = (p.picture.width as i32, p.picture.height as i32);
        let hash = files::keep(act, p.picture.bytes).await?;
        let thumb_hash = files::keep(act, p.thumb.bytes).await?;
        let (report_id, task_id, phase) = match of {
            Of::Report(id) => (Some(id), None, None),
            Of::Task(id, phase) => (None, Some(id), Some(phase)),
            Of::Finding => (None, None, None),
        };
        let row = ActiveModel {
            id: Set(AttachmentId(act.fresh())),
            issue_id: Set(Some(issue)),
            report_id: Set(report_id),
            task_id: Set(task_id),
            message_id: Set(None),
            hash: Set(hash),
            thumb_hash: Set(thumb_hash),
            media: Set("image/jpeg".into()),
            width: Set(width),
            height: Set(height),
            bytes: Set(bytes),
            position: Set(n as i32),
            released_at: Set(None),
            released_by: Set(None),
            created_at: Set(act.at),
            erased_at: Set(None),
            original_hash: Set(None),
            covered_at: Set(None),
            hidden_at: Set(None),
            phase: Set(phase),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        n += 1;
    }
    Ok(n)
}

/// The pictures of an issue, in the order in which they came.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Attachment>> {
    Ok(Entity::find()
        .filter(Column::IssueId.eq(issue))
        .filter(Column::ErasedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Position)
        .all(db)
        .await?)
}

/// Pictures of reports stand where their reports stand: after reports have moved to a matter.
pub(super) async fn follow(act: &Act, issue: IssueId) -> Result<()> {
    let text = "update attachments set issue_id = ? where issue_id <> ? and report_id in (select id from reports where issue_id = ?)";
    act.tx().execute_raw(sql(act.tx(), text, [issue.0.into(), issue.0.into(), issue.0.into()])).await?;
    Ok(())
}

/// The pictures of a report belong to its copy too, each to be released on its own.
pub(super) async fn copy(act: &Act, report: ReportId, copy: &Report) -> Result<()> {
    for picture in of_report(act.tx(), report).await? {
        let mut row: ActiveModel = picture.into();
        row.id = Set(AttachmentId(act.fresh()));
        row.report_id = Set(Some(copy.id));
        row.issue_id = Set(Some(copy.issue_id));
        row.released_at = Set(None);
        row.released_by = Set(None);
        row.hidden_at = Set(None);
        Entity::insert(row).exec_without_returning(act.tx()).await?;
    }
    Ok(())
}

/// A public picture of a matter.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Public {
    pub hash: String,
    pub thumb_hash: String,
    /// How often the same one was sent.
    pub times: i64,
    /// It shows what somebody did.
    pub evidence: bool,
}

/// What everybody may see of a matter's pictures, each once, in the order in which they came.
pub async fn public_of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Public>> {
    let text = "select hash, min(thumb_hash) as thumb_hash, count(*) as times, count(task_id) > 0 as evidence from attachments \
                where issue_id = ? and released_at is not null and erased_at is null group by hash order by min(created_at), min(position)";
    let rows = db.query_all_raw(sql(db, text, [issue.into()])).await?;
    Ok(rows.iter().map(|r| Public::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}

/// The pictures of a report, in the order in which they came.
pub async fn of_report(db: &impl ConnectionTrait, report: ReportId) -> Result<Vec<Attachment>> {
    Ok(Entity::find()
        .filter(Column::ReportId.eq(report))
        .filter(Column::ErasedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Position)
        .all(db)
        .await?)
}

/// The pictures of several reports at once, in the order in which they came.
pub async fn of_reports(db: &impl ConnectionTrait, ids: Vec<ReportId>) -> Result<Vec<Attachment>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let all = Entity::find().filter(Column::ReportId.is_in(ids)).filter(Column::ErasedAt.is_null());
    Ok(all.order_by_asc(Column::CreatedAt).order_by_asc(Column::Position).all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: AttachmentId) -> Result<Attachment> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Every picture that shows these bytes, large or small: who may see one of them may see the file.
pub async fn by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Vec<Attachment>> {
    Ok(Entity::find().filter(Column::Hash.eq(hash).or(Column::ThumbHash.eq(hash))).filter(Column::ErasedAt.is_null()).all(db).await?)
}

/// Marks the pictures of a report erased; gives the files that now belong to nothing.
pub(super) async fn erase_of(act: &Act, report: ReportId) -> Result<Vec<String>> {
    let pictures = of_report(act.tx(), report).await?;
    Entity::update_many().col_expr(Column::ErasedAt, Expr::value(Some(act.at))).filter(Column::ReportId.eq(report)).exec(act.tx()).await?;
    unused(act.tx(), pictures.into_iter().flat_map(|p| [Some(p.hash), Some(p.thumb_hash), p.original_hash]).flatten()).await
}

/// Those of these files that no picture shows or keeps as its original.
async fn unused(db: &impl ConnectionTrait, hashes: impl IntoIterator<Item = String>) -> Result<Vec<String>> {
    let mut files = vec![];
    for hash in hashes {
        let kept = Entity::find().filter(Column::OriginalHash.eq(&hash)).filter(Column::ErasedAt.is_null()).one(db).await?;
        let scanned = super::meetings::paper::holds(db, &hash).await?;
        if kept.is_none() && !scanned && by_hash(db, &hash).await?.is_empty() {
            files.push(hash);
        }
    }
    Ok(files)
}

/// Most pictures that one night takes away; the rest goes in the next.
const A_NIGHT: u64 = 5_000;

/// Erases, of matters that closed and reports that were withdrawn before an instant, reporters' pictures that nobody
/// released, and what was covered on those that were. Gives how many, and the files that now belong to nothing.
pub(super) async fn forget_unreleased(act: &Act, before: DateTimeUtc) -> Result<(u64, Vec<String>)> {
    let text = "select a.* from attachments a join reports r on r.id = a.report_id join issues i on i.id = r.issue_id \
                where a.erased_at is null and (a.released_at is null or a.original_hash is not null) \
                and (i.closed_at < ? or r.withdrawn_at < ?) order by a.id limit ?";
    let rows = act.tx().query_all_raw(sql(act.tx(), text, [before.into(), before.into(), A_NIGHT.into()])).await?;
    let pictures: Vec<Attachment> = rows.iter().map(|r| Model::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?;
    let n = pictures.len() as u64;
    let mut hashes = vec![];
    for picture in pictures {
        hashes.extend(picture.original_hash.clone());
        let shown = picture.released_at.is_some();
        if !shown {
            hashes.extend([picture.hash.clone(), picture.thumb_hash.clone()]);
        }
        let mut row: ActiveModel = picture.into();
        row.original_hash = Set(None);
        row.erased_at = Set(if shown { None } else { Some(act.at) });
        row.update(act.tx()).await?;
    }
    Ok((n, unused(act.tx(), hashes).await?))
}

/// Removes pictures that came with a form which was never sent again; gives how many. Upkeep.
pub async fn forget_unsent(house: &House) -> Result<u64> {
    let gone = unused(house.read(), files::old(house).await?).await?;
    files::remove(house, &gone).await?;
    Ok(gone.len() as u64)
}

/// Takes a report's public pictures out of sight; gives how many.
pub(super) async fn hide_of(act: &Act, id: ReportId) -> Result<u32> {
    let text = "update attachments set hidden_at = released_at, released_at = null where report_id = ? and released_at is not null";
    Ok(act.tx().execute_raw(sql(act.tx(), text, [id.into()])).await?.rows_affected() as u32)
}

/// Shows them again.
pub(super) async fn show_again(act: &Act, id: ReportId) -> Result<()> {
    let text = "update attachments set released_at = hidden_at, hidden_at = null where report_id = ? and hidden_at is not null and erased_at is null";
    act.tx().execute_raw(sql(act.tx(), text, [id.into()])).await?;
    Ok(())
}

impl Model {
    /// Shows a picture to everybody. Asked of the secretary or an editor.
    pub async fn release(self, act: &Act, building: BuildingId) -> Result<()> {
        let (id, issue) = (self.id, self.issue_id);
        let mut row: ActiveModel = self.into();
        row.released_at = Set(Some(act.at));
        row.released_by = Set(act.actor.person());
        row.update(act.tx()).await?;
        let mut on = On::new("attachment", id).in_building(building);
        on.issue = issue;
        act.journal(on, &Entry::PhotoReleased { attachment: id }).await?;
        Ok(())
    }

    /// Puts a copy with covered parts in its place; what was there is kept apart, or goes. Gives the files that now belong
    /// to nothing, to be removed once the act is true.
    pub async fn cover(self, act: &Act, building: BuildingId, covered: Prepared, keep_original: bool) -> Result<Vec<String>> {
        if self.erased_at.is_some() {
            return Err(Error::NotFound);
        }
        let (id, issue) = (self.id, self.issue_id);
        let before = [Some(self.hash.clone()), Some(self.thumb_hash.clone()), self.original_hash.clone()];
        let original = keep_original.then(|| self.original_hash.clone().unwrap_or(self.hash.clone()));
        let bytes = covered.picture.bytes.len() as i32;
        let mut row: ActiveModel = self.into();
        row.hash = Set(files::keep(act, covered.picture.bytes).await?);
        row.thumb_hash = Set(files::keep(act, covered.thumb.bytes).await?);
        row.bytes = Set(bytes);
        row.original_hash = Set(original);
        row.covered_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        let mut on = On::new("attachment", id).in_building(building);
        on.issue = issue;
        act.journal(on, &Entry::PhotoCovered { attachment: id, original_kept: keep_original }).await?;
        unused(act.tx(), before.into_iter().flatten()).await
    }

    /// The name of the picture as it was before parts of it were covered; noted each time that somebody looks.
    pub async fn original(&self, act: &Act, building: BuildingId) -> Result<String> {
        let original = self.original_hash.clone().ok_or(Error::NotFound)?;
        let mut on = On::new("attachment", self.id).in_building(building);
        on.issue = self.issue_id;
        act.journal(on, &Entry::OriginalSeen { attachment: self.id }).await?;
        Ok(original)
    }
}
