//! Motions 动议: words that a meeting can adopt, the vote on them, and what follows.

mod roll;
mod terms;
mod voting;
mod weights;

pub use roll::Roll;
pub use terms::{MotionTask, TASK_FIELDS, TASKS_MAX, TaskToCome, Terms, Upon, tasks_of, tasks_to_come};
pub use voting::By;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::councils::Weight;
use super::effect_checks::Figure;
use super::journal::Entry;
use super::meetings::items::{self, Item, ItemState};
use super::meetings::{self, Meeting};
use super::resolutions;
use super::votes::tally;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, MotionId, OrganisationId, ResolutionId};
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Where a motion stands.
    MotionState { Draft = "draft", Open = "open", Closed = "closed", Withdrawn = "withdrawn" }
}

vocabulary! {
    /// How it is decided.
    Method {
        Consensus = "consensus",
        Named = "named",
        Show = "show",
        /// Nobody learns who said what: docs/decisions/0034.
        Secret = "secret",
    }
}

vocabulary! {
    /// What a vote came to.
    Outcome { Passed = "passed", Rejected = "rejected", NoQuorum = "no_quorum", Escalated = "escalated", Consensus = "consensus" }
}

impl Outcome {
    /// Whether the motion is carried.
    pub fn carried(self) -> bool {
        matches!(self, Outcome::Passed | Outcome::Consensus)
    }
}

impl From<tally::Outcome> for Outcome {
    fn from(o: tally::Outcome) -> Self {
        match o {
            tally::Outcome::Passed => Outcome::Passed,
            tally::Outcome::Rejected => Outcome::Rejected,
            tally::Outcome::NoQuorum => Outcome::NoQuorum,
            tally::Outcome::Escalated => Outcome::Escalated,
            tally::Outcome::Consensus => Outcome::Consensus,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "motions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MotionId,
    pub item_id: ItemId,
    pub number: i32,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub title: String,
    pub reasons: String,
    pub state: MotionState,
    pub method: Method,
    pub outcome: Option<Outcome>,
    pub seats: Option<i32>,
    pub recused: Option<i32>,
    pub present: Option<i32>,
    pub yes: Option<i32>,
    pub no: Option<i32>,
    pub abstain: Option<i32>,
    pub objections: i32,
    /// Where votes were weighed: of which base, and how.
    pub weight_base: Option<i32>,
    pub weight_yes: Option<i32>,
    pub weight_no: Option<i32>,
    pub weight_abstain: Option<i32>,
    pub weight_capped: Option<i32>,
    /// The effect promised: which figure, from what to what.
    pub figure: Option<Figure>,
    pub figure_unit: Option<String>,
    pub figure_before: Option<i64>,
    pub figure_target: Option<i64>,
    pub figure_decimals: Option<i32>,
    /// Days after the last task on which it is measured, `14,42`.
    pub check_days: String,
    pub display_days: i32,
    /// By which majority it is carried.
    pub weight: Weight,
    /// The earlier resolution that it is about.
    pub supersedes_id: Option<ResolutionId>,
    /// The motion whose words it changes.
    pub amends_id: Option<MotionId>,
    pub upon: Option<Upon>,
    /// Days of its force, and of its review.
    pub force_from: Option<String>,
    pub force_until: Option<String>,
    pub review_on: Option<String>,
    /// Why nobody has to act; empty where somebody has.
    pub no_action_because: String,
    /// What of its words is not public, and why.
    pub closed_words: Option<String>,
    pub closed_reason: Option<String>,
    /// Who measures the effect.
    pub measurer_id: Option<OrganisationId>,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Motion;

/// The effect that a motion promises.
#[derive(Clone, Debug)]
pub struct Promise {
    pub figure: Figure,
    pub unit: String,
    /// In units of 10^-decimals.
    pub before: Option<i64>,
    pub target: i64,
    pub decimals: i32,
}

/// What is put to the vote.
#[derive(Clone)]
pub struct NewMotion<'a> {
    pub title: &'a str,
    pub words: &'a str,
    pub reasons: &'a str,
    pub promise: Option<Promise>,
    /// Empty: the council's rule.
    pub check_days: &'a str,
    /// The earlier resolution that it is about.
    pub supersedes: Option<ResolutionId>,
    /// An amendment: carried, its words take the place of that motion's, which is then voted on.
    pub amends: Option<MotionId>,
    pub weight: Weight,
    pub terms: Terms<'a>,
}

/// Puts a motion on an item. A late item can be discussed only.
pub async fn put(act: &Act, item: &Item, new: NewMotion<'_>) -> Result<Motion> {
    if item.late {
        return Err(Refusal::new("item_late").into());
    }
    if item.state != ItemState::Listed {
        return Err(Refusal::new("item_over").into());
    }
    let words = text::words("words", new.words, 10, 5000)?;
    let rules = meetings::by_id(act.tx(), item.meeting_id.ok_or(Error::NotFound)?).await?.rules(act.tx()).await?;
    let upon = match new.supersedes {
        Some(id) => {
            let upon = new.terms.upon.unwrap_or(Upon::Supersedes);
            terms::ask_upon(act, item.council_id, &resolutions::by_id(act.tx(), id).await?, upon).await?;
            Some(upon)
        }
        None if new.terms.upon.is_some_and(|u| u != Upon::Supersedes) => return Err(Refusal::new("upon_what").at("supersedes").into()),
        None => None,
    };
    let set = new.terms.sound(act)?;
    let weight = match new.amends {
        // As hard to change as to carry.
        Some(id) => amended(act, item, id).await?.weight,
        None => new.weight,
    };
    let check_days = if new.check_days.trim().is_empty() { rules.follow_up_days.clone() } else { days(new.check_days)? };
    let number = of_item(act.tx(), item.id).await?.len() as i32 + 1;
    let salt = text::salt();
    let hash = TextHash::of(&salt, &words);
    let row = ActiveModel {
        id: Set(MotionId(act.fresh())),
        item_id: Set(item.id),
        number: Set(number),
        words: Set(words),
        words_salt: Set(salt),
        title: Set(text::words("title", new.title, 4, 80)?),
        reasons: Set(text::words("reasons", new.reasons, 0, 2000)?),
        state: Set(MotionState::Draft),
        method: Set(Method::Named),
        outcome: Set(None),
        seats: Set(None),
        recused: Set(None),
        present: Set(None),
        yes: Set(None),
        no: Set(None),
        abstain: Set(None),
        objections: Set(0),
        weight_base: Set(None),
        weight_yes: Set(None),
        weight_no: Set(None),
        weight_abstain: Set(None),
        weight_capped: Set(None),
        figure: Set(new.promise.as_ref().map(|p| p.figure)),
        figure_unit: Set(new.promise.as_ref().map(|p| p.unit.clone())),
        figure_before: Set(new.promise.as_ref().and_then(|p| p.before)),
        figure_target: Set(new.promise.as_ref().map(|p| p.target)),
        figure_decimals: Set(new.promise.as_ref().map(|p| p.decimals)),
        check_days: Set(check_days),
        display_days: Set(rules.display(weight)),
        weight: Set(weight),
        supersedes_id: Set(new.supersedes),
        amends_id: Set(new.amends),
        upon: Set(upon),
        force_from: Set(set.from),
        force_until: Set(set.until),
        review_on: Set(set.review_on),
        no_action_because: Set(set.no_action),
        closed_words: Set(set.closed_words),
        closed_reason: Set(set.closed_reason),
        measurer_id: Set(new.terms.measurer),
        opened_at: Set(None),
        closed_at: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let motion = row.insert(act.tx()).await?;
    let entry = Entry::MotionPut { motion: motion.id, number, words: hash };
    act.journal(item.on_self(act).await?, &entry).await?;
    Box::pin(terms::set_tasks(act, item, &motion, &new.terms.tasks)).await?;
    Ok(motion)
}

/// What an amendment may change: a motion on the same item, not an amendment itself, on which no vote has been opened.
async fn amended(act: &Act, item: &Item, id: MotionId) -> Result<Motion> {
    let motion = by_id(act.tx(), id).await?;
    if motion.item_id != item.id || motion.state != MotionState::Draft || motion.amends_id.is_some() {
        return Err(Refusal::new("amends").at("amends").into());
    }
    Ok(motion)
}

fn days(typed: &str) -> Result<String, Refusal> {
    let mut days: Vec<u32> = vec![];
    for part in typed.split([',', '，', ' ', '、']).filter(|p| !p.is_empty()) {
        days.push(part.parse().ok().filter(|d| (1..=730).contains(d)).ok_or_else(|| Refusal::new("check_days").at("check_days"))?);
    }
    days.sort_unstable();
    days.dedup();
    Ok(days.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
}

/// The motions on an item, in order.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Motion>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_asc(Column::Number).all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: MotionId) -> Result<Motion> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

async fn hold(act: &Act, id: MotionId) -> Result<Motion> {
    let mut q = Entity::find_by_id(id);
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}

/// By its number on an item.
pub async fn by_number(db: &impl ConnectionTrait, item: ItemId, number: i32) -> Result<Motion> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

impl Model {
    /// The meeting at which it was put.
    pub async fn meeting(&self, db: &impl ConnectionTrait) -> Result<(Item, Meeting)> {
        let item = items::by_id(db, self.item_id).await?;
        let meeting = meetings::by_id(db, item.meeting_id.ok_or(Error::NotFound)?).await?;
        Ok((item, meeting))
    }

    /// Takes over the words of an amendment that was carried.
    async fn amend(self, act: &Act, item: &Item, by: &Motion) -> Result<Motion> {
        let salt = text::salt();
        let words = TextHash::of(&salt, &by.words);
        let motion = self.change(act, ActiveModel { words: Set(by.words.clone()), words_salt: Set(salt), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::MotionAmended { number: motion.number, by: by.number, words }).await?;
        Ok(motion)
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Motion> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Motion> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// Takes a motion back before it is voted on.
    pub async fn withdraw(self, act: &Act) -> Result<Motion> {
        if self.state != MotionState::Draft {
            return Err(Refusal::new("motion_state").into());
        }
        let (item, _) = self.meeting(act.tx()).await?;
        let motion = self.change(act, ActiveModel { state: Set(MotionState::Withdrawn), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::MotionWithdrawn { number: motion.number }).await?;
        Ok(motion)
    }
}
