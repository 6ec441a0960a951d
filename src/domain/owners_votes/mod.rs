//! Owners' votes 业主共同决定事项表决: a question that is the owners' to decide (Civil Code 278), put to all who are on the roll, and
//! counted by persons and by area. A counting aid and an archive: where a city has a system of its own, the official vote is there
//! (北京市物业管理条例 art. 35, 杭州市物业管理条例 art. 20).

mod ballots;
mod counting;

pub use ballots::{Ballot, Entering, Void, of_vote, void_of};
pub use counting::{Counted, settle_due};

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use crate::domain::buildings::{self, Building};
use crate::domain::councils;
use crate::domain::journal::Entry;
use crate::domain::meetings::items::{Competence, Item, ItemState};
use crate::domain::owners::{self, Held, Holder};
use crate::domain::votes::owners::{Decision, Matter, OwnersRules};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, ItemId, OrganisationId, OwnersVoteId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::text::{self, TextHash};

/// Days between the announcement and the first day of voting (物业管理条例 art. 14: owners are told of a meeting 15 days before it).
pub const NOTICE_DAYS: i64 = 15;
/// Fewest days of voting (杭州市物业管理条例 art. 20).
pub const LEAST_DAYS: i64 = 5;
/// Most days of voting (the same).
pub const MOST_DAYS: i64 = 60;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "owners_votes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OwnersVoteId,
    pub building_id: BuildingId,
    pub number: i32,
    /// The agenda item that waits for it.
    pub item_id: Option<ItemId>,
    pub matter: Matter,
    pub title: String,
    /// What is voted on, word for word; never changed.
    pub question: String,
    pub question_salt: Vec<u8>,
    /// The version of the roll that held when it was announced: who joins or leaves later changes nothing.
    pub roll_version: i32,
    /// Whether parking spaces count.
    pub parking_counts: bool,
    /// The clause of the owners' rules by which silence is counted with the majority; none: it is not counted.
    pub silent_ground: Option<String>,
    /// Whether owners that are organisations may vote signed in; paper is always taken.
    pub online: bool,
    pub opens_at: DateTimeUtc,
    /// From this instant no ballot is taken, whether or not anything has run by then.
    pub closes_at: DateTimeUtc,
    pub announced_by: Option<PersonId>,
    pub created_at: DateTimeUtc,
    pub called_off_at: Option<DateTimeUtc>,
    pub called_off_because: Option<String>,
    /// What it came to, once it was written down.
    pub decision: Option<Decision>,
    pub settled_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as OwnersVote;

/// Where a vote is at an instant; never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Announced,
    Running,
    Ended,
    CalledOff,
}

impl Phase {
    /// Its word in keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Announced => "announced",
            Phase::Running => "running",
            Phase::Ended => "ended",
            Phase::CalledOff => "called_off",
        }
    }
}

/// What is put to the owners.
pub struct NewOwnersVote<'a> {
    pub item: Option<&'a Item>,
    pub matter: Matter,
    pub title: &'a str,
    pub question: &'a str,
    pub parking_counts: bool,
    /// Empty: silence is not counted.
    pub silent_ground: &'a str,
    pub online: bool,
    pub opens_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
}

/// Announces a vote on the roll as it stands now.
pub async fn announce(act: &Act, building: &Building, new: NewOwnersVote<'_>) -> Result<OwnersVote> {
    buildings::hold(act, building.id).await?;
    if let Some(item) = new.item {
        ask_item(act, building, item).await?;
    }
    let title = text::words("title", new.title, 4, 80)?;
    let question = text::words("question", new.question, 10, 5000)?;
    let ground = text::words("silent_ground", new.silent_ground, 0, 200)?;
    let days = |from: DateTime<Utc>, to: DateTime<Utc>| (act.calendar().date_of(to) - act.calendar().date_of(from)).num_days();
    if days(act.at, new.opens_at) < NOTICE_DAYS {
        return Err(Refusal::new("owners_notice").with("days", NOTICE_DAYS).at("opens_at").into());
    }
    if new.closes_at - new.opens_at < Duration::days(LEAST_DAYS) || new.closes_at - new.opens_at > Duration::days(MOST_DAYS) {
        return Err(Refusal::new("owners_window").with("least", LEAST_DAYS).with("most", MOST_DAYS).at("closes_at").into());
    }
    let roll = owners::latest(act.tx(), building.id).await?.filter(|r| r.units > 0).ok_or_else(|| Refusal::new("owners_no_roll"))?;
    let last = of_building(act.tx(), building.id).await?.first().map_or(0, |v| v.number);
    let salt = text::salt();
    let hash = TextHash::of(&salt, &question);
    let row = ActiveModel {
        id: Set(OwnersVoteId(act.fresh())),
        building_id: Set(building.id),
        number: Set(last + 1),
        item_id: Set(new.item.map(|i| i.id)),
        matter: Set(new.matter),
        title: Set(title),
        question: Set(question),
        question_salt: Set(salt),
        roll_version: Set(roll.version),
        parking_counts: Set(new.parking_counts),
        silent_ground: Set(Some(ground).filter(|g| !g.is_empty())),
        online: Set(new.online),
        opens_at: Set(new.opens_at),
        closes_at: Set(new.closes_at),
        announced_by: Set(act.actor.person()),
        created_at: Set(act.at),
        called_off_at: Set(None),
        called_off_because: Set(None),
        decision: Set(None),
        settled_at: Set(None),
        version: Set(1),
    };
    let vote = row.insert(act.tx()).await?;
    let (number, matter) = (vote.number, vote.matter);
    let entry = Entry::OwnersVoteAnnounced { number, roll: roll.version, matter, from: vote.opens_at, until: vote.closes_at, question: hash };
    act.journal(vote.on_self(), &entry).await?;
    Ok(vote)
}

/// Fails unless an item of this building's council is the owners' to decide, waits for it, and no other vote is about it.
async fn ask_item(act: &Act, building: &Building, item: &Item) -> Result<()> {
    let here = councils::by_id(act.tx(), item.council_id).await?.building_id == Some(building.id);
    let open = matches!(item.state, ItemState::Proposed | ItemState::Listed);
    if !here || !open || item.competence != Competence::OwnersVote {
        return Err(Refusal::new("owners_item").at("item").into());
    }
    let running = |v: &OwnersVote| matches!(v.phase(act.at), Phase::Announced | Phase::Running);
    if of_item(act.tx(), item.id).await?.iter().any(running) {
        return Err(Refusal::new("owners_item_taken").at("item").into());
    }
    Ok(())
}

/// Every vote of a building, the latest first.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<OwnersVote>> {
    Ok(Entity::find().filter(Column::BuildingId.eq(building)).order_by_desc(Column::Number).all(db).await?)
}

/// The votes about an agenda item, the latest first.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<OwnersVote>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_desc(Column::Number).all(db).await?)
}

/// By its number.
pub async fn by_number(db: &impl ConnectionTrait, building: BuildingId, number: i32) -> Result<OwnersVote> {
    Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// The same, held: whoever else changes it or hands a ballot in waits.
pub async fn hold(act: &Act, building: BuildingId, number: i32) -> Result<OwnersVote> {
    let mut one = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number));
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        one = one.lock_exclusive();
    }
    one.one(act.tx()).await?.ok_or(Error::NotFound)
}

impl Model {
    pub(in crate::domain) fn on_self(&self) -> On {
        On::new("owners_vote", self.id).in_building(self.building_id)
    }

    /// Where it is.
    pub fn phase(&self, now: DateTime<Utc>) -> Phase {
        match () {
            () if self.called_off_at.is_some() => Phase::CalledOff,
            () if now < self.opens_at => Phase::Announced,
            () if now < self.closes_at => Phase::Running,
            () => Phase::Ended,
        }
    }

    /// What the count needs of the owners' rules.
    pub fn rules(&self) -> OwnersRules {
        OwnersRules { parking_counts: self.parking_counts, silent_follows_majority: self.silent_ground.is_some() }
    }

    /// The roll that it keeps.
    pub async fn roll(&self, db: &impl ConnectionTrait) -> Result<Vec<Held>> {
        owners::of_version(db, self.building_id, self.roll_version).await
    }

    /// As which holder an organisation votes here.
    pub async fn holder_of(&self, db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Option<Holder>> {
        Ok(self.roll(db).await?.into_iter().map(|h| h.holder).find(|h| h.organisation_id == Some(organisation)))
    }

    async fn change(self, act: &Act, mut set: ActiveModel) -> Result<OwnersVote> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_number(act.tx(), self.building_id, self.number).await
    }

    /// Calls it off before its end; nothing is counted.
    pub async fn call_off(self, act: &Act, because: &str) -> Result<OwnersVote> {
        if !matches!(self.phase(act.at), Phase::Announced | Phase::Running) {
            return Err(Refusal::new("owners_vote_over").into());
        }
        let because = text::words("because", because, 4, 300)?;
        let on = self.on_self();
        let set = ActiveModel { called_off_at: Set(Some(act.at)), called_off_because: Set(Some(because)), ..Default::default() };
        let vote = self.change(act, set).await?;
        act.journal(on, &Entry::OwnersVoteCalledOff { number: vote.number }).await?;
        Ok(vote)
    }
}
