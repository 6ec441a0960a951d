//! Supervision 督办: what stays late for some working days although everybody was reminded is reported to the street's
//! department, once, and stays on its desk until it is done. An officer takes it up with words and a day.

mod raising;

pub(in crate::domain) use raising::from as raised_from;
pub use raising::{raise_due, settle_due};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::buildings;
use super::issues::Issue;
use super::journal::Entry;
use super::persons;
use super::rights::Role;
use super::tasks;
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, IssueId, OrganisationId, PersonId, SupervisionId};
use crate::kernel::text::{self, TextHash};

/// Longest note, in characters.
pub const WORDS_MAX: usize = 500;
/// The day of a note lies at most so many days ahead.
pub const AHEAD_MAX: i64 = 60;

vocabulary! {
    /// What was missed.
    Missed {
        /// A task's day.
        Task = "task",
        /// The first answer to a report.
        Answer = "answer",
        /// The result of a matter.
        Result = "result",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supervisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SupervisionId,
    pub building_id: BuildingId,
    pub issue_id: IssueId,
    pub what: Missed,
    /// The task, or the matter itself.
    pub object_id: Uuid,
    /// The day that was missed.
    pub due_at: DateTimeUtc,
    pub raised_at: DateTimeUtc,
    /// When it was found to be over: done, answered, given more time.
    pub settled_at: Option<DateTimeUtc>,
    /// What the department wrote last, and until when it wants to see it done.
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    pub by_day: Option<String>,
    pub noted_at: Option<DateTimeUtc>,
    pub noted_by: Option<PersonId>,
    pub noted_for: Option<OrganisationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Supervision;

/// What was missed is still owed. The day is part of it: what was given more time is no longer late.
const OWED: &str = "((supervisions.what = 'task' and exists (select 1 from tasks t where t.id = supervisions.object_id \
      and t.due_at = supervisions.due_at and t.state in ('dispatched','acknowledged','in_work'))) \
    or (supervisions.what = 'answer' and exists (select 1 from issues i where i.id = supervisions.issue_id \
      and i.first_answer_due = supervisions.due_at and i.state in ('received','accepted','in_work','on_agenda','decided','long_term','done'))) \
    or (supervisions.what = 'result' and exists (select 1 from issues i where i.id = supervisions.issue_id \
      and i.result_due = supervisions.due_at and i.state in ('accepted','in_work'))))";

impl Model {
    /// When it is to be seen to: the day that the department named, or the one that was missed.
    pub fn due(&self) -> DateTime<Utc> {
        self.by_day.as_deref().and_then(dates::parse).and_then(dates::end_of_day).unwrap_or(self.due_at)
    }
}

/// Those of some buildings that are not over, the oldest first.
pub async fn open(db: &impl ConnectionTrait, buildings: &[BuildingId]) -> Result<Vec<Supervision>> {
    if buildings.is_empty() {
        return Ok(vec![]);
    }
    let all = Entity::find().filter(Column::BuildingId.is_in(buildings.iter().copied())).filter(Column::SettledAt.is_null());
    Ok(all.filter(Expr::cust(OWED)).order_by_asc(Column::RaisedAt).all(db).await?)
}

/// Those of a matter that are not over.
pub async fn open_of(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Supervision>> {
    let all = Entity::find().filter(Column::IssueId.eq(issue)).filter(Column::SettledAt.is_null());
    Ok(all.filter(Expr::cust(OWED)).order_by_asc(Column::RaisedAt).all(db).await?)
}

/// How far somebody has been pressed for something owed by a day.
#[derive(Clone, Debug, Default)]
pub struct Pressed {
    /// Reminders that were sent.
    pub times: usize,
    pub supervised: Option<Supervision>,
}

/// By task or matter, and day.
pub type AllPressed = HashMap<(Uuid, DateTime<Utc>), Pressed>;

/// How far it has come with several tasks and matters.
pub async fn pressed(db: &impl ConnectionTrait, objects: Vec<Uuid>) -> Result<AllPressed> {
    let mut all = AllPressed::new();
    if objects.is_empty() {
        return Ok(all);
    }
    for (object, due) in super::reminders::sent(db, &objects).await? {
        all.entry((object, due)).or_default().times += 1;
    }
    for s in Entity::find().filter(Column::ObjectId.is_in(objects)).all(db).await? {
        let key = (s.object_id, s.due_at);
        all.entry(key).or_default().supervised = Some(s);
    }
    Ok(all)
}

/// An officer of the department takes up what is late in a matter: words and a day for those who owe it.
pub async fn note(act: &Act, issue: &Issue, words: &str, by_day: &str) -> Result<()> {
    if act.actor.role() != Some(Role::Department.as_str()) {
        return Err(Refusal::new("only_department").into());
    }
    let open = open_of(act.tx(), issue.id).await?;
    if open.is_empty() {
        return Err(Refusal::new("supervision_none").into());
    }
    let words = text::words("words", words, 4, WORDS_MAX)?;
    let day = dates::parse(by_day.trim()).ok_or_else(|| Refusal::new("date").at("by_day"))?;
    let today = act.calendar().date_of(act.at);
    if day <= today {
        return Err(Refusal::new("date_past").at("by_day").into());
    }
    if day > today + chrono::Duration::days(AHEAD_MAX) {
        return Err(Refusal::new("date_far").with("max", AHEAD_MAX).at("by_day").into());
    }
    let salt = text::salt();
    let hash = TextHash::of(&salt, &words);
    let set = ActiveModel {
        words: Set(Some(words)),
        words_salt: Set(Some(salt)),
        by_day: Set(Some(day.to_string())),
        noted_at: Set(Some(act.at)),
        noted_by: Set(act.actor.person()),
        noted_for: Set(act.actor.organisation()),
        ..Default::default()
    };
    Entity::update_many().set(set).filter(Column::Id.is_in(open.iter().map(|s| s.id))).exec(act.tx()).await?;
    act.journal(issue.on_self(), &Entry::SupervisionNoted { by_day: day.to_string(), words: hash }).await?;
    for organisation in owing_organisations(act, issue, &open).await? {
        issue.tell_channels(act, "supervision_noted", Some(organisation), false, None, None).await?;
    }
    issue.tell(act, "supervision_noted", owing(act, issue, &open).await?).await
}

/// The organisations that owe what is late, each once.
async fn owing_organisations(act: &Act, issue: &Issue, open: &[Supervision]) -> Result<Vec<OrganisationId>> {
    let tasked = tasks::by_ids(act.tx(), open.iter().filter(|s| s.what == Missed::Task).map(|s| crate::kernel::ids::TaskId(s.object_id))).await?;
    let holder = issue.holder_id.filter(|_| open.iter().any(|s| s.what != Missed::Task) || tasked.is_empty());
    let mut all: Vec<OrganisationId> = tasked.iter().map(|t| t.organisation_id).chain(holder).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// Those who owe what is late, and the secretary.
async fn owing(act: &Act, issue: &Issue, open: &[Supervision]) -> Result<Vec<PersonId>> {
    let building = buildings::by_id(act.tx(), issue.building_id).await?;
    let mut all = persons::holders(act.tx(), &building, Role::Secretary).await?;
    for organisation in owing_organisations(act, issue, open).await? {
        all.extend(persons::of_organisation(act.tx(), organisation).await?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// By its id.
pub async fn by_id(db: &impl ConnectionTrait, id: SupervisionId) -> Result<Supervision> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}
