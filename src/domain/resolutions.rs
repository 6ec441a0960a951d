//! Resolutions 决议: the council's decision, numbered, with its vote; never changed, only superseded by another.

use chrono::Datelike as _;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;

use super::councils::{self, Council};
use super::issues::{self, Issue};
use super::journal::{Arithmetic, Entry};
use super::meetings::Meeting;
use super::meetings::items::{self, Item};
use super::motions::{self, Motion};
use super::organisations;
use super::tasks::{self, Due, NewTask};
use super::undertakings::{self, UndertakingState};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, IssueId, MotionId, ResolutionId};
use crate::kernel::journal::On;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Whether it holds.
    ResolutionState { Adopted = "adopted", InForce = "in_force", Superseded = "superseded", Repealed = "repealed", Lapsed = "lapsed" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resolutions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResolutionId,
    pub council_id: CouncilId,
    pub motion_id: MotionId,
    pub issue_id: Option<IssueId>,
    pub year: i32,
    pub serial: i32,
    pub title: String,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub reasons: String,
    pub state: ResolutionState,
    pub supersedes_id: Option<ResolutionId>,
    pub no_action_because: Option<String>,
    pub adopted_at: DateTimeUtc,
    /// On display until then (公示); nothing is in force before.
    pub display_until: Option<DateTimeUtc>,
    pub in_force_at: Option<DateTimeUtc>,
    pub published_at: Option<DateTimeUtc>,
    /// Its entry in the public ledger.
    pub ledger_index: Option<i64>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Resolution;

/// Adopts what a motion carried, under the next number of the year.
pub(super) async fn adopt(act: &Act, meeting: &Meeting, item: &Item, motion: &Motion, issue: Option<&Issue>, sum: Arithmetic) -> Result<Resolution> {
    let year = act.calendar().date_of(act.at).year();
    let last: Option<i32> = Entity::find()
        .select_only()
        .column_as(Column::Serial.max(), "last")
        .filter(Column::CouncilId.eq(meeting.council_id))
        .filter(Column::Year.eq(year))
        .into_tuple::<Option<i32>>()
        .one(act.tx())
        .await?
        .flatten();
    let serial = last.unwrap_or(0) + 1;
    let asked: Vec<_> = undertakings::of_item(act.tx(), item.id).await?.into_iter().filter(|u| u.state.counts()).collect();
    let row = ActiveModel {
        id: Set(ResolutionId(act.fresh())),
        council_id: Set(meeting.council_id),
        motion_id: Set(motion.id),
        issue_id: Set(issue.map(|i| i.id)),
        year: Set(year),
        serial: Set(serial),
        title: Set(motion.title.clone()),
        words: Set(motion.words.clone()),
        words_salt: Set(text::salt()),
        reasons: Set(motion.reasons.clone()),
        state: Set(ResolutionState::Adopted),
        supersedes_id: Set(motion.supersedes_id),
        no_action_because: Set(asked.is_empty().then(|| motion.reasons.clone())),
        adopted_at: Set(act.at),
        display_until: Set(None),
        in_force_at: Set(None),
        published_at: Set(None),
        ledger_index: Set(None),
        version: Set(1),
    };
    let resolution = row.insert(act.tx()).await?;
    let on = resolution.on_self(act).await?;
    act.journal(on, &Entry::ResolutionAdopted { resolution: resolution.id, year, serial, sum }).await?;
    for u in asked {
        let set = undertakings::ActiveModel { motion_id: Set(Some(motion.id)), resolution_id: Set(Some(resolution.id)), ..Default::default() };
        u.change(act, set).await?;
    }
    resolution.settle(act).await
}

/// By council, year and serial number.
pub async fn by_number(db: &impl ConnectionTrait, council: CouncilId, year: i32, serial: i32) -> Result<Resolution> {
    Entity::find()
        .filter(Column::CouncilId.eq(council))
        .filter(Column::Year.eq(year))
        .filter(Column::Serial.eq(serial))
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Resolution> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// A council's resolutions, the latest first.
pub async fn of_council(db: &impl ConnectionTrait, council: CouncilId, limit: u64) -> Result<Vec<Resolution>> {
    Ok(Entity::find().filter(Column::CouncilId.eq(council)).order_by_desc(Column::Year).order_by_desc(Column::Serial).limit(limit).all(db).await?)
}

/// The resolutions on a matter, oldest first.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Resolution>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::AdoptedAt).all(db).await?)
}

/// The resolution that a motion became.
pub async fn of_motion(db: &impl ConnectionTrait, motion: MotionId) -> Result<Option<Resolution>> {
    Ok(Entity::find().filter(Column::MotionId.eq(motion)).one(db).await?)
}

/// What can no longer change, because it is on display long enough and published: puts it in force. Gives how many.
pub async fn take_effect_due(house: &House) -> Result<usize> {
    let shown = Entity::find().filter(Column::State.eq(ResolutionState::Adopted)).filter(Column::DisplayUntil.lte(house.now()));
    let mut n = 0;
    for r in shown.order_by_asc(Column::DisplayUntil).all(house.read()).await? {
        // One that a party has not signed waits, and keeps no other waiting.
        if !r.all_signed(house.read()).await? {
            continue;
        }
        let act = house.act(Actor::System).await?;
        let r = by_id(act.tx(), r.id).await?;
        match r.take_effect(&act).await {
            Ok(true) => {
                act.commit().await?;
                n += 1;
            }
            Ok(false) | Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

/// `汀桥〔2026〕第9号`: the name by which a resolution is cited, the same in both languages.
pub fn number(short: &str, year: i32, serial: i32) -> String {
    format!("{short}〔{year}〕第{serial}号")
}

impl Model {
    /// Its [`number`], where the council is of the building or district with this short name.
    pub fn label(&self, short: &str) -> String {
        number(short, self.year, self.serial)
    }

    /// `2026-9`, as its address has it.
    pub fn address(&self) -> String {
        format!("{}-{}", self.year, self.serial)
    }

    /// The council that adopted it.
    pub async fn council(&self, db: &impl ConnectionTrait) -> Result<Council> {
        councils::by_id(db, self.council_id).await
    }

    pub(in crate::domain) async fn on_self(&self, act: &Act) -> Result<On> {
        let on = self.council(act.tx()).await?.on("resolution", self.id);
        Ok(match self.issue_id {
            Some(i) => on.of_issue(i),
            None => on,
        })
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Resolution> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Resolution> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// Whether every party that must act has signed.
    pub async fn all_signed(&self, db: &impl ConnectionTrait) -> Result<bool> {
        let all = undertakings::of_resolution(db, self.id).await?;
        Ok(all.iter().filter(|u| u.state.counts()).all(|u| u.state == UndertakingState::Signed))
    }

    /// When every party has signed, the agreement holds: the matter is decided, and each undertaking becomes a task.
    pub(in crate::domain) async fn settle(self, act: &Act) -> Result<Resolution> {
        if !self.all_signed(act.tx()).await? {
            return Ok(self);
        }
        let Some(issue_id) = self.issue_id else { return Ok(self) };
        let mut issue = issues::hold_by_id(act, issue_id).await?;
        if issue.state == issues::IssueState::OnAgenda {
            issue = issue.decide(act).await?;
        }
        for u in undertakings::of_resolution(act.tx(), self.id).await? {
            if u.task_id.is_some() || !u.state.counts() {
                continue;
            }
            let to = organisations::by_id(act.tx(), u.organisation_id).await?;
            let new = NewTask { words: &u.words, measure: &u.measure, due: Due::At(u.due_at), resolution: Some(self.id), undertaking: Some(u.id) };
            let (after, task) = tasks::dispatch(act, issue, &to, new).await?;
            issue = after;
            u.change(act, undertakings::ActiveModel { task_id: Set(Some(task.id)), ..Default::default() }).await?;
        }
        let id = self.id;
        self.take_effect(act).await?;
        by_id(act.tx(), id).await
    }

    /// Gives an agreement up that a party has refused to sign: it never held. The matter stays with the council, on its list.
    pub async fn lapse(self, act: &Act) -> Result<Resolution> {
        let refused = undertakings::of_resolution(act.tx(), self.id).await?.iter().any(|u| u.state == UndertakingState::Refused);
        if self.state != ResolutionState::Adopted || !refused {
            return Err(Refusal::new("agreement_stands").into());
        }
        let r = self.change(act, ActiveModel { state: Set(ResolutionState::Lapsed), ..Default::default() }).await?;
        act.journal(r.on_self(act).await?, &Entry::ResolutionLapsed { year: r.year, serial: r.serial }).await?;
        if let Some(id) = r.issue_id {
            let issue = issues::by_id(act.tx(), id).await?;
            items::propose(act, &issue, items::Source::Issue).await?;
        }
        Ok(r)
    }

    /// Publishes: an entry in the public ledger, and the days of display begin.
    pub async fn publish(self, act: &Act) -> Result<Resolution> {
        if self.published_at.is_some() {
            return Err(Refusal::new("published").into());
        }
        let motion = motions::by_id(act.tx(), self.motion_id).await?;
        let council = self.council(act.tx()).await?;
        let TextHash(words) = TextHash::of(&self.words_salt, &self.words);
        let facts = json!({
            "council": council.name, "year": self.year, "serial": self.serial, "words_sha256": words,
            "vote": { "seats": motion.seats, "recused": motion.recused, "present": motion.present, "yes": motion.yes, "no": motion.no,
                      "abstain": motion.abstain, "outcome": motion.outcome.map(|o| o.as_str()) },
        });
        let position = act.publish("resolution", "resolution", self.id, council.building_id, facts).await?;
        let today = act.calendar().date_of(act.at);
        let until = act.calendar().natural_due(today, motion.display_days.unsigned_abs());
        let set = ActiveModel {
            published_at: Set(Some(act.at)),
            ledger_index: Set(Some(position as i64)),
            display_until: Set(Some(until.at)),
            ..Default::default()
        };
        let resolution = self.change(act, set).await?;
        let (year, serial) = (resolution.year, resolution.serial);
        act.journal(resolution.on_self(act).await?, &Entry::ResolutionPublished { year, serial, position }).await?;
        Ok(resolution)
    }

    /// In force once published, displayed long enough and signed by everybody; what it supersedes ends with it.
    async fn take_effect(self, act: &Act) -> Result<bool> {
        let displayed = self.display_until.is_some_and(|d| d <= act.at);
        if self.state != ResolutionState::Adopted || self.ledger_index.is_none() || !displayed || !self.all_signed(act.tx()).await? {
            return Ok(false);
        }
        let r = self.change(act, ActiveModel { state: Set(ResolutionState::InForce), in_force_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(r.on_self(act).await?, &Entry::ResolutionInForce { year: r.year, serial: r.serial }).await?;
        if let Some(old) = r.supersedes_id {
            let old = by_id(act.tx(), old).await?;
            let (year, serial) = (old.year, old.serial);
            let old = old.change(act, ActiveModel { state: Set(ResolutionState::Superseded), ..Default::default() }).await?;
            act.journal(old.on_self(act).await?, &Entry::ResolutionSuperseded { year, serial, by_year: r.year, by_serial: r.serial }).await?;
        }
        Ok(true)
    }
}
