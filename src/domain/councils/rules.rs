//! Rules of procedure 议事规则 as data with versions: a council changes them by a resolution, forward only, and a meeting keeps the
//! version under which it was called.

mod terms;

pub use terms::{Share, Terms, WEIGHTS};

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Council;
use crate::domain::journal::Entry;
use crate::domain::motions;
use crate::domain::organisations::SizeClass;
use crate::domain::resolutions::{Resolution, ResolutionState};
use crate::domain::votes::tally::{self, Procedure, Threshold};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, PersonId, ResolutionId, RulesId};
use crate::kernel::text;

vocabulary! {
    /// Of what the majority is a share.
    Basis { All = "all", Present = "present" }
}

vocabulary! {
    /// What a vote counts.
    Weighing {
        /// Each seat one.
        Seat = "seat",
        /// An enterprise's seat by how large it is; every other seat one.
        Enterprise = "enterprise",
    }
}

vocabulary! {
    /// What a motion is about; the rules say by which majority it is carried and how long it is on display.
    Weight {
        /// An ordinary action.
        Ordinary = "ordinary",
        /// The covenant, spending, what binds many.
        Major = "major",
        /// These rules.
        Rules = "rules",
        /// Who sits in the council.
        Seats = "seats",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RulesId,
    pub council_id: CouncilId,
    pub version: i32,
    pub basis: Basis,
    pub majority_num: i32,
    pub majority_den: i32,
    pub majority_strict: bool,
    /// The majority for everything that is not ordinary.
    pub major_num: i32,
    pub major_den: i32,
    pub major_strict: bool,
    pub quorum_num: i32,
    pub quorum_den: i32,
    pub allow_proxy: bool,
    /// Natural days between notice and a regular meeting.
    pub notice_days: i32,
    pub urgent_notice_hours: i32,
    pub meeting_months: i32,
    pub minutes_days: i32,
    pub publish_days: i32,
    /// Natural days on display before an ordinary action holds.
    pub display_days: i32,
    pub display_days_major: i32,
    pub objection_answer_days: i32,
    pub confirm_days: i32,
    /// Days after the last task on which the effect is checked, `30,90`.
    pub follow_up_days: String,
    pub petition_workers: i32,
    /// How long one may speak to an item.
    pub speaking_minutes: i32,
    /// Natural days of a written procedure.
    pub written_days: i32,
    pub in_force_from: DateTimeUtc,
    /// The decision that they rest on; those of the founding rest on it.
    pub resolution_id: Option<ResolutionId>,
    pub words: String,
    pub made_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    /// What a vote on an ordinary action counts.
    pub weighing: Weighing,
    /// What a vote on everything else counts.
    pub weighing_major: Weighing,
    pub weight_small: i32,
    pub weight_middle: i32,
    pub weight_large: i32,
    pub weight_huge: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What the count of a vote needs of these rules.
    pub fn procedure(&self, weight: Weight) -> Result<Procedure> {
        let basis = match self.basis {
            Basis::All => tally::Basis::All,
            Basis::Present => tally::Basis::Present,
        };
        let threshold = self.majority(weight).ok_or_else(|| Error::broken("rules with a majority that nobody or everybody reaches"))?;
        // A quorum is more than its share (过半数), as for owners' committees.
        let quorum = Threshold::new(self.quorum_num.unsigned_abs(), self.quorum_den.unsigned_abs(), true)
            .ok_or_else(|| Error::broken("rules with a quorum that nobody or everybody reaches"))?;
        Ok(Procedure { basis, threshold, quorum, allow_proxy: self.allow_proxy })
    }

    /// By which share something is carried.
    pub fn majority(&self, weight: Weight) -> Option<Threshold> {
        let (num, den, strict) = match weight {
            Weight::Ordinary => (self.majority_num, self.majority_den, self.majority_strict),
            Weight::Major | Weight::Rules | Weight::Seats => (self.major_num, self.major_den, self.major_strict),
        };
        Threshold::new(num.unsigned_abs(), den.unsigned_abs(), strict)
    }

    /// What a vote counts.
    pub fn weighing(&self, weight: Weight) -> Weighing {
        match weight {
            Weight::Ordinary => self.weighing,
            Weight::Major | Weight::Rules | Weight::Seats => self.weighing_major,
        }
    }

    /// What the seat of an enterprise weighs, where votes are weighed.
    pub fn weight_of(&self, size: SizeClass) -> i32 {
        match size {
            SizeClass::Small => self.weight_small,
            SizeClass::Middle => self.weight_middle,
            SizeClass::Large => self.weight_large,
            SizeClass::Huge => self.weight_huge,
        }
    }

    /// How long a resolution is on display before it holds, natural days.
    pub fn display(&self, weight: Weight) -> i32 {
        match weight {
            Weight::Ordinary => self.display_days,
            Weight::Major | Weight::Rules | Weight::Seats => self.display_days_major,
        }
    }
}

/// Rules by id: those under which a meeting was called.
pub async fn by_id(db: &impl ConnectionTrait, id: RulesId) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Every version, the latest first.
pub async fn versions(db: &impl ConnectionTrait, council: CouncilId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::CouncilId.eq(council)).order_by_desc(Column::Version).all(db).await?)
}

async fn insert(act: &Act, council: &Council, version: i32, t: Terms, (resolution, words): (Option<ResolutionId>, String)) -> Result<Model> {
    let [small, middle, large, huge] = t.weights;
    let row = ActiveModel {
        id: Set(RulesId(act.fresh())),
        council_id: Set(council.id),
        version: Set(version),
        basis: Set(t.basis),
        majority_num: Set(t.majority.num),
        majority_den: Set(t.majority.den),
        majority_strict: Set(t.majority.strict),
        major_num: Set(t.major.num),
        major_den: Set(t.major.den),
        major_strict: Set(t.major.strict),
        quorum_num: Set(t.quorum.0),
        quorum_den: Set(t.quorum.1),
        allow_proxy: Set(t.allow_proxy),
        notice_days: Set(t.notice_days),
        urgent_notice_hours: Set(t.urgent_notice_hours),
        meeting_months: Set(t.meeting_months),
        minutes_days: Set(t.minutes_days),
        publish_days: Set(t.publish_days),
        display_days: Set(t.display_days),
        display_days_major: Set(t.display_days_major),
        objection_answer_days: Set(t.objection_answer_days),
        confirm_days: Set(t.confirm_days),
        follow_up_days: Set(t.follow_up_days),
        petition_workers: Set(t.petition_workers),
        speaking_minutes: Set(t.speaking_minutes),
        written_days: Set(t.written_days),
        weighing: Set(t.weighing),
        weighing_major: Set(t.weighing_major),
        weight_small: Set(small),
        weight_middle: Set(middle),
        weight_large: Set(large),
        weight_huge: Set(huge),
        in_force_from: Set(act.at),
        resolution_id: Set(resolution),
        words: Set(words),
        made_by: Set(act.actor.person()),
        created_at: Set(act.at),
    };
    let rules = row.insert(act.tx()).await?;
    act.journal(council.on("rules", rules.id), &Entry::RulesAdopted { version }).await?;
    Ok(rules)
}

/// The rules with which a council begins.
pub(super) async fn adopt_default(act: &Act, council: &Council) -> Result<Model> {
    insert(act, council, 1, Terms::usual(), (None, String::new())).await
}

/// Enters a new version. It rests on a resolution of this council about its rules that holds, and on one only once. Meetings that
/// have been called keep the version under which they were called.
pub async fn adopt(act: &Act, council: &Council, terms: Terms, resolution: &Resolution, words: &str) -> Result<Model> {
    terms.ask_sound()?;
    let words = text::words("words", words, 2, 500)?;
    decided(act, council, resolution, Weight::Rules).await?;
    let all = versions(act.tx(), council.id).await?;
    let last = all.first().ok_or_else(|| Error::broken("a council without rules"))?;
    if all.iter().any(|r| r.resolution_id == Some(resolution.id)) {
        return Err(Refusal::new("rules_resolution_used").at("resolution").into());
    }
    if Terms::of(last) == terms {
        return Err(Refusal::new("rules_same").into());
    }
    insert(act, council, last.version + 1, terms, (Some(resolution.id), words)).await
}

/// Fails unless a resolution of this council holds and is about this.
pub(super) async fn decided(act: &Act, council: &Council, resolution: &Resolution, weight: Weight) -> Result<()> {
    if resolution.council_id != council.id || resolution.state != ResolutionState::InForce {
        return Err(Refusal::new("not_in_force").at("resolution").into());
    }
    if motions::by_id(act.tx(), resolution.motion_id).await?.weight != weight {
        return Err(Refusal::new("resolution_about").with("about", format!("@motions.weight.{weight}")).at("resolution").into());
    }
    Ok(())
}

impl Council {
    /// The rules in force.
    pub async fn rules(&self, db: &impl ConnectionTrait) -> Result<Model> {
        let newest = Entity::find().filter(Column::CouncilId.eq(self.id)).order_by_desc(Column::Version);
        newest.one(db).await?.ok_or_else(|| Error::broken("a council without rules"))
    }
}
