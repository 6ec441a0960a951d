//! Resolutions 决议: the council's decision, numbered, with its vote; never changed but by another resolution, which supersedes,
//! amends, repeals or confirms it.

mod board;
mod force;
mod late;
mod objections;
mod register;
mod returning;
mod statements;
mod themes;

pub use board::Showing;
pub(in crate::domain) use force::tasks_to_come;
pub use force::{expire_due, take_effect_due};
pub use late::{LATE_DAYS, table_late_due};
pub use objections::{Objection, ObjectionOutcome, has_standing_objection, is_party, object, objection_by_id, objections_of, waiting_objections};
pub use register::{Choices, Narrowed, RegisterRow, Standing, choices, count, list};
pub(in crate::domain) use returning::back_on_list;
pub use returning::review_due;
pub use statements::{Statement, StatementKind, dissent, dissenting_seat, name_party, named, reply, statements_of, statements_of_all};

pub use themes::{Decided, HITS_MAX, Hit, THEME_MAX, Theme, elsewhere, of_theme, search, themes};

use chrono::Datelike as _;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::buildings;
use super::councils::{self, Council};
use super::issues::Issue;
use super::journal::{Arithmetic, Entry};
use super::meetings::Meeting;
use super::meetings::items::Item;
use super::motions::{self, Motion, Upon};
use super::undertakings;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CouncilId, IssueId, MotionId, ResolutionId};
use crate::kernel::journal::On;
use crate::kernel::text;

vocabulary! {
    /// Whether it holds.
    ResolutionState { Adopted = "adopted", InForce = "in_force", Superseded = "superseded", Repealed = "repealed", Lapsed = "lapsed", Expired = "expired" }
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
    /// The earlier resolution that it is about, and what it does to it.
    pub supersedes_id: Option<ResolutionId>,
    pub upon: Option<Upon>,
    /// Its first day, where that is later than the end of the display; its last; the day of its review.
    pub force_from: Option<String>,
    pub force_until: Option<String>,
    pub review_on: Option<String>,
    /// When it came onto the council's list for that.
    pub reviewed_at: Option<DateTimeUtc>,
    /// What of its words is not public, and why. The salt is that of the words.
    pub closed_words: Option<String>,
    pub closed_reason: Option<String>,
    pub no_action_because: Option<String>,
    pub adopted_at: DateTimeUtc,
    /// On display until then (公示); nothing is in force before.
    pub display_until: Option<DateTimeUtc>,
    pub in_force_at: Option<DateTimeUtc>,
    /// When it was superseded, repealed, given up, or over.
    pub ended_at: Option<DateTimeUtc>,
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
    let nobody = asked.is_empty() && !motion.no_action_because.is_empty() && motions::tasks_of(act.tx(), motion.id).await?.is_empty();
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
        upon: Set(motion.upon),
        force_from: Set(motion.force_from.clone()),
        force_until: Set(motion.force_until.clone()),
        review_on: Set(motion.review_on.clone()),
        reviewed_at: Set(None),
        closed_words: Set(motion.closed_words.clone()),
        closed_reason: Set(motion.closed_reason.clone()),
        no_action_because: Set(nobody.then(|| motion.no_action_because.clone())),
        adopted_at: Set(act.at),
        display_until: Set(None),
        in_force_at: Set(None),
        ended_at: Set(None),
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
    if resolution.upon == Some(Upon::Confirms)
        && let Some(old) = resolution.supersedes_id
    {
        Box::pin(objections::confirmed(act, &by_id(act.tx(), old).await?, &resolution)).await?;
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

/// The later resolutions that are about this one, oldest first.
pub async fn later(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Resolution>> {
    Ok(Entity::find().filter(Column::SupersedesId.eq(id)).order_by_asc(Column::AdoptedAt).all(db).await?)
}

/// The resolution that a motion became.
pub async fn of_motion(db: &impl ConnectionTrait, motion: MotionId) -> Result<Option<Resolution>> {
    Ok(Entity::find().filter(Column::MotionId.eq(motion)).one(db).await?)
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

    /// Its name, with the short name of its building or district.
    pub async fn full_label(&self, db: &impl ConnectionTrait) -> Result<String> {
        let council = self.council(db).await?;
        let short = match council.building_id {
            Some(id) => buildings::by_id(db, id).await?.short,
            None => buildings::district_by_id(db, council.district_id).await?.short,
        };
        Ok(self.label(&short))
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
}
