//! Channels 群机器人: the chat group of an organisation in a building, or of the building's council, that is told by a robot what
//! concerns all of it. A message names a number, what is public of a matter, a day and a link: no words of a report, nobody's
//! name. The robot's address and secret lie sealed and are never shown again.

mod changing;
mod reading;
mod sending;
mod telling;

pub use reading::{Backlog, backlog, by_id, by_number, of_building, recent, topics_of};
pub use sending::{Outcome, claim, give_up_old, hold, noted, parked, try_out};
pub use telling::{KINDS, topic_of};
pub(in crate::domain) use telling::{To, tell};

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::buildings::{self, Building};
use super::journal::Entry;
use super::persons::Membership;
use super::rights::{Right, Role};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, ChannelId, OrganisationId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;
use crate::kernel::quiet::Quiet;
use crate::kernel::robots::{Maker, Robot};
use crate::kernel::settings::Settings;
use crate::kernel::text;

/// Most channels of one building.
pub const MOST: usize = 60;
/// Longest name, in characters.
pub const NAME_MAX: usize = 30;
/// So often in a row a robot may refuse before its channel pauses by itself.
pub const PAUSE_AFTER: i32 = 3;
/// Days after which what a group was not told is news no more.
pub const STALE_DAYS: i64 = 3;

vocabulary! {
    /// Whose robot it is.
    RobotKind {
        /// 企业微信.
        Wecom = "wecom",
        /// 钉钉.
        Dingtalk = "dingtalk",
        /// 飞书.
        Feishu = "feishu",
    }
}

impl RobotKind {
    /// The maker.
    pub fn maker(self) -> Maker {
        match self {
            RobotKind::Wecom => Maker::Wecom,
            RobotKind::Dingtalk => Maker::Dingtalk,
            RobotKind::Feishu => Maker::Feishu,
        }
    }
}

vocabulary! {
    /// What a channel may be told of.
    Topic {
        /// A new matter, or one that is offered.
        NewIssue = "new_issue",
        /// A task is given, or sent back.
        Task = "task",
        /// Something ends today or is late.
        Late = "late",
        /// What stays late is reported to the street.
        Supervision = "supervision",
        /// What will not work.
        Announcement = "announcement",
        /// A meeting is called or called off.
        Meeting = "meeting",
    }
}

vocabulary! {
    /// How a channel stands.
    ChannelState {
        /// It is told.
        Active = "active",
        /// Somebody paused it: what happens meanwhile is not told later either.
        Paused = "paused",
        /// Its robot refused too often: what happens waits until somebody has seen to it.
        Broken = "broken",
        /// It is gone.
        Removed = "removed",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChannelId,
    pub building_id: BuildingId,
    /// Whose group; none is the council's.
    pub organisation_id: Option<OrganisationId>,
    /// Within its building, from 1.
    pub number: i32,
    pub kind: RobotKind,
    /// `工程部群`.
    pub name: String,
    /// `qyapi.weixin.qq.com …3f9c`.
    pub masked: String,
    pub sealed: Vec<u8>,
    /// The language of what it is told.
    pub locale: String,
    pub quiet_from: Option<i32>,
    pub quiet_to: Option<i32>,
    pub state: ChannelState,
    pub state_at: DateTimeUtc,
    /// Tries in a row that failed.
    pub failures: i32,
    /// Those of them that the robot refused.
    pub refusals: i32,
    pub last_error: Option<String>,
    /// When it was called of late, microseconds, JSON.
    pub recent: String,
    /// Not before.
    pub ready_at: DateTimeUtc,
    pub busy_until: Option<DateTimeUtc>,
    pub sent_at: Option<DateTimeUtc>,
    pub made_by: Option<PersonId>,
    pub made_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Channel;

/// What a channel is told of; a row each.
pub mod topic {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "channel_topics")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel_id: ChannelId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub topic: Topic,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What is kept under seal.
#[derive(Serialize, Deserialize)]
struct Sealed {
    url: String,
    secret: Option<String>,
}

/// What somebody types about a channel.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    pub name: &'a str,
    pub topics: &'a [Topic],
    pub lang: Lang,
    pub quiet: Option<Quiet>,
}

impl Typed<'_> {
    fn checked(&self) -> Result<(String, Vec<Topic>), Refusal> {
        let name = text::words("name", self.name, 1, NAME_MAX)?.replace('\n', " ");
        let mut topics = self.topics.to_vec();
        topics.sort();
        topics.dedup();
        if topics.is_empty() { Err(Refusal::new("channel_topics").at("topics")) } else { Ok((name, topics)) }
    }
}

/// Whether somebody in this role sees to the channels of an organisation, or of the council.
fn sees_to(role: Role, own: OrganisationId, of: Option<OrganisationId>) -> bool {
    match of {
        _ if role == Role::Administrator => true,
        Some(of) => own == of && role.may(Right::Channels) && role != Role::Secretary,
        None => role == Role::Secretary,
    }
}

/// Whether one of these roles sees to the channels of an organisation, or of the council, in a building.
pub fn manages(memberships: &[Membership], building: &Building, of: Option<OrganisationId>) -> bool {
    memberships.iter().any(|m| m.covers(building) && sees_to(m.role, m.organisation_id, of))
}

fn ask_manages(actor: &Actor, of: Option<OrganisationId>) -> Result<(), Refusal> {
    match actor {
        Actor::Person { organisation, role, .. } if role.parse().is_ok_and(|r: Role| sees_to(r, *organisation, of)) => Ok(()),
        _ => Err(Refusal::new("only_own_channel")),
    }
}

fn seal(keys: &Keys, id: ChannelId, robot: &Robot) -> Result<Vec<u8>> {
    let (url, secret) = robot.to_keep();
    let sealed = Sealed { url: url.into(), secret: secret.map(Into::into) };
    keys.seal("channel", id.0.as_bytes(), &serde_json::to_vec(&sealed)?)
}

/// Adds a channel of an organisation, or of the council where none is named.
pub async fn add(act: &Act, building: &Building, of: Option<OrganisationId>, kind: RobotKind, robot: &Robot, typed: &Typed<'_>) -> Result<Channel> {
    ask_manages(&act.actor, of)?;
    let (name, topics) = typed.checked()?;
    buildings::hold(act, building.id).await?;
    let all = Entity::find().filter(Column::BuildingId.eq(building.id)).order_by_asc(Column::Number).all(act.tx()).await?;
    let in_use = || all.iter().filter(|c| c.state != ChannelState::Removed);
    if in_use().count() >= MOST {
        return Err(Refusal::new("channels_most").with("max", MOST).into());
    }
    if in_use().any(|c| c.organisation_id == of && c.name == name) {
        return Err(Refusal::new("known_already").at("name").into());
    }
    let id = ChannelId(act.fresh());
    let row = ActiveModel {
        id: Set(id),
        building_id: Set(building.id),
        organisation_id: Set(of),
        number: Set(all.last().map_or(1, |c| c.number + 1)),
        kind: Set(kind),
        name: Set(name),
        masked: Set(robot.masked()),
        sealed: Set(seal(act.house().keys(), id, robot)?),
        locale: Set(typed.lang.tag().into()),
        quiet_from: Set(typed.quiet.map(|q| q.from as i32)),
        quiet_to: Set(typed.quiet.map(|q| q.to as i32)),
        state: Set(ChannelState::Active),
        state_at: Set(act.at),
        failures: Set(0),
        refusals: Set(0),
        last_error: Set(None),
        recent: Set("[]".into()),
        ready_at: Set(act.at),
        busy_until: Set(None),
        sent_at: Set(None),
        made_by: Set(act.actor.person()),
        made_at: Set(act.at),
        version: Set(1),
    };
    let made = row.insert(act.tx()).await?;
    set_topics(act, id, &topics).await?;
    act.journal(made.on_self(), &Entry::ChannelAdded { channel: id, organisation: of, kind }).await?;
    Ok(made)
}

async fn set_topics(act: &Act, id: ChannelId, topics: &[Topic]) -> Result<()> {
    topic::Entity::delete_many().filter(topic::Column::ChannelId.eq(id)).exec(act.tx()).await?;
    let rows = topics.iter().map(|t| topic::ActiveModel { channel_id: Set(id), topic: Set(*t) });
    topic::Entity::insert_many(rows).exec_without_returning(act.tx()).await?;
    Ok(())
}

impl Model {
    fn on_self(&self) -> On {
        On::new("channel", self.id).in_building(self.building_id)
    }

    /// The language of what it is told.
    pub fn lang(&self) -> Lang {
        Lang::from_tag(&self.locale)
    }

    /// When it wants to be left alone.
    pub fn quiet(&self) -> Option<Quiet> {
        Quiet::kept(self.quiet_from, self.quiet_to)
    }

    /// Its robot, unsealed: for the one who calls it.
    pub fn robot(&self, keys: &Keys) -> Result<Robot> {
        let sealed: Sealed = serde_json::from_slice(&keys.unseal("channel", self.id.0.as_bytes(), &self.sealed)?)?;
        Robot::kept(self.kind.maker(), &sealed.url, sealed.secret)
    }

    /// Reads what was pasted for a robot of this kind.
    pub fn read_robot(kind: RobotKind, address: &str, secret: &str, settings: &Settings) -> Result<Robot> {
        Robot::read(kind.maker(), address, secret, settings)
    }

    /// Who may see to it, of those with these roles.
    pub fn is_managed_by(&self, memberships: &[Membership], building: &Building) -> bool {
        manages(memberships, building, self.organisation_id)
    }

    /// When it was called of late.
    fn called(&self, now: DateTime<Utc>) -> Vec<i64> {
        let all: Vec<i64> = serde_json::from_str(&self.recent).unwrap_or_default();
        // By a clock that was put back since, a call lies ahead and counts all the same.
        all.into_iter().filter(|at| (now.timestamp_micros() - at).abs() < 60_000_000).collect()
    }
}
