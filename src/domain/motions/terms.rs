//! What a motion sets beside its words: what becomes of an earlier resolution, from when until when it holds, when it is looked at
//! again, what is not public, why nobody has to act, who measures, and tasks that need no signature.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Motion;
use crate::domain::journal::Entry;
use crate::domain::meetings::items::Item;
use crate::domain::organisations::{self, OrganisationKind};
use crate::domain::resolutions::{Resolution, ResolutionState, has_standing_objection};
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{CouncilId, MotionId, MotionTaskId, OrganisationId, ResolutionId, TaskId};
use crate::kernel::text;

vocabulary! {
    /// What a resolution does to an earlier one.
    Upon {
        /// The earlier one ends, this one stands in its place.
        Supersedes = "supersedes",
        /// The earlier one stays in force as amended.
        Amends = "amends",
        /// The earlier one ends.
        Repeals = "repeals",
        /// The earlier one was objected to, and holds all the same.
        Confirms = "confirms",
    }
}

/// Most tasks that a motion sets.
pub const TASKS_MAX: usize = 5;

/// The fields of a form's rows: organisation, what, by when, how it will be seen.
pub const TASK_FIELDS: [[&str; 4]; TASKS_MAX] = [
    ["task_1_organisation", "task_1_words", "task_1_due", "task_1_measure"],
    ["task_2_organisation", "task_2_words", "task_2_due", "task_2_measure"],
    ["task_3_organisation", "task_3_words", "task_3_due", "task_3_measure"],
    ["task_4_organisation", "task_4_words", "task_4_due", "task_4_measure"],
    ["task_5_organisation", "task_5_words", "task_5_due", "task_5_measure"],
];

/// A task that begins with the resolution's force.
#[derive(Clone, Debug)]
pub struct TaskToCome<'a> {
    pub organisation: OrganisationId,
    pub words: &'a str,
    /// How it will be seen that it is done.
    pub measure: &'a str,
    pub due: DateTime<Utc>,
}

/// What a motion sets beside its words; days are as typed, `2026-12-01`, and empty where there is none.
#[derive(Clone, Debug, Default)]
pub struct Terms<'a> {
    /// What becomes of the earlier one; none is that it is superseded.
    pub upon: Option<Upon>,
    /// Its first day, where that is later than the end of the display.
    pub from: &'a str,
    /// Its last day.
    pub until: &'a str,
    /// The day on which the council looks at it again.
    pub review_on: &'a str,
    /// Why nobody has to act.
    pub no_action: &'a str,
    /// What of it is not public…
    pub closed_words: &'a str,
    /// …and why.
    pub closed_reason: &'a str,
    /// Who measures the promised effect.
    pub measurer: Option<OrganisationId>,
    pub tasks: Vec<TaskToCome<'a>>,
}

/// The same, found sound.
pub(super) struct Sound {
    pub from: Option<String>,
    pub until: Option<String>,
    pub review_on: Option<String>,
    pub no_action: String,
    pub closed_words: Option<String>,
    pub closed_reason: Option<String>,
}

fn day(field: &'static str, typed: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let day = dates::parse(typed).ok_or_else(|| Refusal::new("date").at(field))?;
    if day <= today { Err(Refusal::new("date_past").at(field)) } else { Ok(Some(day)) }
}

impl Terms<'_> {
    pub(super) fn sound(&self, act: &Act) -> Result<Sound, Refusal> {
        let today = act.calendar().date_of(act.at);
        let from = day("force_from", self.from, today)?;
        let until = day("force_until", self.until, today)?;
        let review_on = day("review_on", self.review_on, today)?;
        if until.zip(from).is_some_and(|(until, from)| until < from) {
            return Err(Refusal::new("force_order").at("force_until"));
        }
        if until.zip(review_on).is_some_and(|(until, review)| review > until) {
            return Err(Refusal::new("review_late").at("review_on"));
        }
        let given = |field, typed: &str, min, max| {
            if typed.trim().is_empty() { Ok(None) } else { text::words(field, typed, min, max).map(Some) }
        };
        let closed_words = given("closed_words", self.closed_words, 4, 3000)?;
        let closed_reason = given("closed_reason", self.closed_reason, 4, 300)?;
        match (&closed_words, &closed_reason) {
            (Some(_), None) => return Err(Refusal::new("empty").at("closed_reason")),
            (None, Some(_)) => return Err(Refusal::new("closed_nothing").at("closed_words")),
            _ => {}
        }
        let kept = |d: Option<NaiveDate>| d.map(|d| d.to_string());
        let no_action = given("no_action", self.no_action, 4, 1000)?.unwrap_or_default();
        Ok(Sound { from: kept(from), until: kept(until), review_on: kept(review_on), no_action, closed_words, closed_reason })
    }
}

/// Fails unless a motion before this council may do this to an earlier resolution.
pub(super) async fn ask_upon(act: &Act, council: CouncilId, old: &Resolution, upon: Upon) -> Result<()> {
    let standing = matches!(old.state, ResolutionState::Adopted | ResolutionState::InForce);
    let fits = match upon {
        Upon::Confirms => has_standing_objection(act.tx(), old.id).await?,
        Upon::Amends => old.state == ResolutionState::InForce,
        Upon::Supersedes | Upon::Repeals => standing,
    };
    if old.council_id != council || !fits {
        return Err(Refusal::new(if upon == Upon::Confirms { "confirms" } else { "supersedes" }).at("supersedes").into());
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "motion_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MotionTaskId,
    pub motion_id: MotionId,
    pub number: i32,
    pub organisation_id: OrganisationId,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub measure: String,
    pub due_at: DateTimeUtc,
    /// What it has become.
    pub task_id: Option<TaskId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as MotionTask;

/// The tasks that a motion sets, in order.
pub async fn tasks_of(db: &impl ConnectionTrait, motion: MotionId) -> Result<Vec<MotionTask>> {
    Ok(Entity::find().filter(Column::MotionId.eq(motion)).order_by_asc(Column::Number).all(db).await?)
}

/// The tasks of several resolutions that have not begun, each with whose it is.
pub async fn tasks_to_come(db: &impl ConnectionTrait, ids: &[ResolutionId]) -> Result<Vec<(ResolutionId, MotionTask)>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    use crate::domain::resolutions;
    let motions = resolutions::Entity::find().filter(resolutions::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let waiting = Entity::find().filter(Column::MotionId.is_in(motions.iter().map(|r| r.motion_id))).filter(Column::TaskId.is_null());
    let all = waiting.order_by_asc(Column::MotionId).order_by_asc(Column::Number).all(db).await?;
    Ok(all.into_iter().filter_map(|t| motions.iter().find(|r| r.motion_id == t.motion_id).map(|r| (r.id, t))).collect())
}

/// Sets a motion's tasks, as it is put. A council cannot order a tenant or an owner: those are asked to sign.
pub(super) async fn set_tasks(act: &Act, item: &Item, motion: &Motion, all: &[TaskToCome<'_>]) -> Result<()> {
    if all.len() > TASKS_MAX {
        return Err(Refusal::new("tasks_many").with("max", TASKS_MAX).into());
    }
    for ((t, number), [organisation, what, due, measure]) in all.iter().zip(1..).zip(TASK_FIELDS) {
        if item.issue_id.is_none() {
            return Err(Refusal::new("task_no_matter").at(organisation).into());
        }
        let to = organisations::by_id(act.tx(), t.organisation).await?;
        if matches!(to.kind, OrganisationKind::Enterprise | OrganisationKind::Owner) {
            return Err(Refusal::new("task_must_sign").at(organisation).into());
        }
        let words = text::words(what, t.words, 4, 500)?;
        let measure = text::words(measure, t.measure, 2, 200)?;
        if t.due <= act.at {
            return Err(Refusal::new("date_past").at(due).into());
        }
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            id: Set(MotionTaskId(act.fresh())),
            motion_id: Set(motion.id),
            number: Set(number),
            organisation_id: Set(to.id),
            words: Set(words),
            words_salt: Set(salt),
            measure: Set(measure),
            due_at: Set(t.due),
            task_id: Set(None),
            created_at: Set(act.at),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        let entry = Entry::MotionTaskSet { motion: motion.number, number, organisation: to.id, due: t.due, words: hash };
        act.journal(item.on_self(act).await?, &entry).await?;
    }
    Ok(())
}

impl Model {
    /// Notes which task it has become.
    pub(in crate::domain) async fn became(self, act: &Act, task: TaskId) -> Result<()> {
        let set = ActiveModel { task_id: Set(Some(task)), ..Default::default() };
        Entity::update_many().set(set).filter(Column::Id.eq(self.id)).exec(act.tx()).await?;
        Ok(())
    }
}
