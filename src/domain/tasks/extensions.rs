//! Extensions 延期: more time for a task, asked for before it is due and granted by somebody else. While it is asked the
//! clock runs on. A task has two at most, none longer than the task itself; the second, and any of a task that a
//! resolution set, is the street department's to grant (Beijing's regulation on complaints 2021, art. 15: asked before the
//! day, and told to whoever reported).

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel as TaskRow, Task, stops};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::persons::Membership;
use crate::domain::rights::{Right, Role};
use crate::domain::{buildings, persons};
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, ExtensionId, OrganisationId, PersonId, TaskId};
use crate::kernel::text::{self, TextHash};

/// Extensions that a task can be granted.
pub const EXTENSIONS_MAX: usize = 2;
/// Longest reason or answer, in characters.
pub const WORDS_MAX: usize = 500;

vocabulary! {
    /// Why more time is needed.
    ExtensionReason {
        /// 配件没到
        Part = "part",
        /// 进不了门，约不上
        Access = "access",
        /// 等别家配合
        Others = "others",
        /// 天气
        Weather = "weather",
        /// 比原来看到的大
        Larger = "larger",
    }
}

vocabulary! {
    /// Who decides about it.
    Decider {
        /// The organisation responsible for the matter, or the secretary.
        Holder = "holder",
        /// The street's department.
        Department = "department",
    }
}

vocabulary! {
    /// What became of it.
    Decision {
        Granted = "granted",
        Refused = "refused",
        /// The task came to its end before anybody decided.
        Lapsed = "lapsed",
    }
}

/// An extension that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extensions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExtensionId,
    pub task_id: TaskId,
    pub building_id: BuildingId,
    pub reason: ExtensionReason,
    pub words: String,
    pub words_salt: Vec<u8>,
    /// Working days more.
    pub days: i32,
    /// The day that it was to move.
    pub due_before: DateTimeUtc,
    pub decider: Decider,
    pub asked_at: DateTimeUtc,
    pub asked_by: PersonId,
    pub asked_for: OrganisationId,
    pub decision: Option<Decision>,
    /// The new day, where it was granted.
    pub due_after: Option<DateTimeUtc>,
    pub answer: Option<String>,
    pub answer_salt: Option<Vec<u8>>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<PersonId>,
    pub decided_for: Option<OrganisationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Extension;

/// Those of several tasks, in the order of asking.
pub async fn extensions(db: &impl ConnectionTrait, tasks: impl IntoIterator<Item = TaskId>) -> Result<Vec<Extension>> {
    let tasks: Vec<TaskId> = tasks.into_iter().collect();
    if tasks.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::TaskId.is_in(tasks)).order_by_asc(Column::AskedAt).all(db).await?)
}

/// By its id.
pub async fn extension_by_id(db: &impl ConnectionTrait, id: ExtensionId) -> Result<Extension> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Those of some buildings that wait for a decision, what is due first, first.
pub async fn extensions_waiting(db: &impl ConnectionTrait, buildings: &[BuildingId]) -> Result<Vec<Extension>> {
    if buildings.is_empty() {
        return Ok(vec![]);
    }
    let open = Entity::find().filter(Column::BuildingId.is_in(buildings.iter().copied())).filter(Column::Decision.is_null());
    Ok(open.order_by_asc(Column::DueBefore).all(db).await?)
}

impl Model {
    /// Why this role of a person does not decide about it.
    pub fn ask_decides(&self, issue: &Issue, person: Option<PersonId>, organisation: Option<OrganisationId>, role: Role) -> Result<(), Refusal> {
        let may = match self.decider {
            Decider::Holder => role == Role::Secretary || role.may(Right::Triage) && organisation.is_some() && organisation == issue.holder_id,
            Decider::Department => role == Role::Department,
        };
        if !may {
            return Err(Refusal::new(match self.decider {
                Decider::Holder => "only_extension_holder",
                Decider::Department => "only_extension_department",
            }));
        }
        // Whoever asked does not grant it, in whatever role.
        if person == Some(self.asked_by) { Err(Refusal::new("extension_own").at("ruling")) } else { Ok(()) }
    }

    /// Whether a role decides about it.
    pub fn waits_for(&self, issue: &Issue, m: &Membership) -> bool {
        self.ask_decides(issue, Some(m.person_id), Some(m.organisation_id), m.role).is_ok()
    }
}

/// How the extensions of a task stand: those granted, and the one that waits.
pub fn granted(all: &[Extension]) -> impl Iterator<Item = &Extension> {
    all.iter().filter(|e| e.decision == Some(Decision::Granted))
}

/// The one that waits for a decision.
pub fn waiting(all: &[Extension]) -> Option<&Extension> {
    all.iter().find(|e| e.decision.is_none())
}

/// The working days that were granted in all.
pub fn granted_days(all: &[Extension]) -> u32 {
    granted(all).map(|e| e.days.unsigned_abs()).sum()
}

impl Task {
    /// Its length as it was given, in working days: the longest that one extension may be. A task of a day, or of less,
    /// can be given another day.
    pub fn original_days(&self, extensions: &[Extension], stops: &[super::stop::Model], calendar: &Calendar) -> u32 {
        if let Some(n) = self.due_days {
            return n.unsigned_abs().max(1);
        }
        let last = calendar.date_of(self.due_at - chrono::Duration::microseconds(1));
        let now = calendar.working_days_between(calendar.date_of(self.dispatched_at), last);
        let stood: u32 = stops.iter().filter_map(|s| Some(calendar.ends_between(s.since, s.ended_at?))).sum();
        now.saturating_sub(granted_days(extensions) + stood).max(1)
    }

    /// Why no extension can be asked for now.
    pub fn extendable(&self, extensions: &[Extension], now: DateTime<Utc>) -> Result<(), Refusal> {
        self.ask_running_for("@task_verbs.extend")?;
        if self.due_at <= now {
            return Err(Refusal::new("extension_late").at("days"));
        }
        if waiting(extensions).is_some() {
            return Err(Refusal::new("extension_open").at("days"));
        }
        if granted(extensions).count() >= EXTENSIONS_MAX {
            return Err(Refusal::new("extension_most").with("max", EXTENSIONS_MAX).at("days"));
        }
        Ok(())
    }

    /// Who decides about the next extension.
    pub fn next_decider(&self, extensions: &[Extension]) -> Decider {
        if self.resolution_id.is_some() || granted(extensions).next().is_some() { Decider::Department } else { Decider::Holder }
    }

    /// Asks for so many working days more. The clock runs on until somebody else has granted it.
    pub async fn ask_extension(self, act: &Act, issue: &Issue, reason: ExtensionReason, days: u32, words: &str) -> Result<Task> {
        self.ask_own(act)?;
        let before = extensions(act.tx(), [self.id]).await?;
        self.extendable(&before, act.at)?;
        let Some(asked_by) = act.actor.person() else { return Err(Error::broken("nobody asks for more time")) };
        let longest = self.original_days(&before, &stops(act.tx(), self.id).await?, &act.calendar());
        if days == 0 || days > longest {
            return Err(Refusal::new("extension_days").with("max", longest).at("days").into());
        }
        let words = text::words("words", words, 4, WORDS_MAX)?;
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            id: Set(ExtensionId(act.fresh())),
            task_id: Set(self.id),
            building_id: Set(issue.building_id),
            reason: Set(reason),
            words: Set(words),
            words_salt: Set(salt),
            days: Set(days as i32),
            due_before: Set(self.due_at),
            decider: Set(self.next_decider(&before)),
            asked_at: Set(act.at),
            asked_by: Set(asked_by),
            asked_for: Set(self.organisation_id),
            decision: Set(None),
            due_after: Set(None),
            answer: Set(None),
            answer_salt: Set(None),
            decided_at: Set(None),
            decided_by: Set(None),
            decided_for: Set(None),
        };
        let asked = row.insert(act.tx()).await?;
        let task = self.change(act, <TaskRow as Default>::default()).await?;
        let entry = Entry::ExtensionAsked { number: task.number, reason, days: asked.days, words: hash };
        act.journal(issue.on_self(), &entry).await?;
        let deciders = deciders(act, issue, asked.decider).await?;
        issue.tell_of_extension(act, "extension_asked", deciders, &asked).await?;
        Ok(task)
    }

    /// Grants what was asked for: the due date moves, and those who reported are told before the first one has passed.
    pub async fn grant_extension(self, act: &Act, issue: &Issue, answer: &str) -> Result<Task> {
        let (open, answer) = self.extension_to_decide(act, issue, answer).await?;
        let from = self.due_at;
        let due = act.calendar().moved(from, open.days.unsigned_abs());
        let task = self.change(act, TaskRow { due_at: Set(due), ..Default::default() }).await?;
        let (decided, hash) = open.decide(act, Decision::Granted, answer, Some(due)).await?;
        let (number, reason, days) = (task.number, decided.reason, decided.days);
        act.journal(issue.on_self(), &Entry::ExtensionGranted { number, reason, days, from, due, words: hash }).await?;
        issue.tell_of_extension(act, "extension_granted", both_sides(act, issue, &decided).await?, &decided).await?;
        issue.tell_reporters_of_extension(act, "extended", &decided).await?;
        Ok(task)
    }

    /// Refuses it, with words: the date stays.
    pub async fn refuse_extension(self, act: &Act, issue: &Issue, answer: &str) -> Result<Task> {
        let (open, answer) = self.extension_to_decide(act, issue, answer).await?;
        let task = self.change(act, <TaskRow as Default>::default()).await?;
        let (decided, hash) = open.decide(act, Decision::Refused, answer, None).await?;
        act.journal(issue.on_self(), &Entry::ExtensionRefused { number: task.number, words: hash }).await?;
        issue.tell_of_extension(act, "extension_refused", both_sides(act, issue, &decided).await?, &decided).await?;
        Ok(task)
    }

    async fn extension_to_decide(&self, act: &Act, issue: &Issue, answer: &str) -> Result<(Extension, String)> {
        let all = extensions(act.tx(), [self.id]).await?;
        let open = waiting(&all).ok_or_else(|| Refusal::new("extension_none"))?.clone();
        let role = act.actor.role().and_then(|r| r.parse().ok()).ok_or_else(|| Refusal::new("no_right"))?;
        open.ask_decides(issue, act.actor.person(), act.actor.organisation(), role)?;
        self.ask_running_for("@task_verbs.extend")?;
        Ok((open, text::words("answer", answer, 2, WORDS_MAX)?))
    }

    /// A task that has come to its end needs no more time: what was asked for lapses with it.
    pub(super) async fn extension_lapses(&self, act: &Act) -> Result<()> {
        let set = ActiveModel { decision: Set(Some(Decision::Lapsed)), decided_at: Set(Some(act.at)), ..Default::default() };
        Entity::update_many().set(set).filter(Column::TaskId.eq(self.id)).filter(Column::Decision.is_null()).exec(act.tx()).await?;
        Ok(())
    }
}

impl Model {
    async fn decide(self, act: &Act, decision: Decision, answer: String, due: Option<DateTime<Utc>>) -> Result<(Extension, TextHash)> {
        let (salt, hash) = text::salted(&answer);
        let set = ActiveModel {
            decision: Set(Some(decision)),
            due_after: Set(due),
            answer: Set(Some(answer)),
            answer_salt: Set(Some(salt)),
            decided_at: Set(Some(act.at)),
            decided_by: Set(act.actor.person()),
            decided_for: Set(act.actor.organisation()),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Decision.is_null()).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        Ok((extension_by_id(act.tx(), self.id).await?, hash))
    }
}

/// Who may decide about it.
async fn deciders(act: &Act, issue: &Issue, decider: Decider) -> Result<Vec<PersonId>> {
    let building = buildings::by_id(act.tx(), issue.building_id).await?;
    let mut all = match decider {
        Decider::Department => persons::holders(act.tx(), &building, Role::Department).await?,
        Decider::Holder => {
            let mut all = persons::holders(act.tx(), &building, Role::Secretary).await?;
            if let Some(holder) = issue.holder_id {
                all.extend(persons::at_work(act.tx(), holder, &building).await?);
            }
            all
        }
    };
    all.sort();
    all.dedup();
    Ok(all)
}

/// The organisation that asked, and whoever else may have been about to decide.
async fn both_sides(act: &Act, issue: &Issue, extension: &Extension) -> Result<Vec<PersonId>> {
    let mut all = persons::of_organisation(act.tx(), extension.asked_for).await?;
    all.extend(deciders(act, issue, extension.decider).await?);
    all.sort();
    all.dedup();
    Ok(all)
}
