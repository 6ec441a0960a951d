//! Undertakings 承诺: what a party signs that it will do. A council cannot order a tenant.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::journal::Entry;
use super::meetings::Meeting;
use super::meetings::items::{self, Item, ItemState};
use super::organisations::{self, Organisation};
use super::persons;
use super::resolutions;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, MotionId, OrganisationId, PersonId, ResolutionId, ScanId, TaskId, UndertakingId};
use crate::kernel::outbox::Address;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// What a party has said. Silence is neither yes nor no.
    UndertakingState { Asked = "asked", Signed = "signed", ChangesAsked = "changes_asked", Refused = "refused", Lapsed = "lapsed" }
}

impl UndertakingState {
    /// Whether the agreement still needs this party.
    pub fn counts(self) -> bool {
        self != UndertakingState::Lapsed
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "undertakings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UndertakingId,
    pub item_id: ItemId,
    pub motion_id: Option<MotionId>,
    pub resolution_id: Option<ResolutionId>,
    pub organisation_id: OrganisationId,
    pub number: i32,
    pub words: String,
    pub words_salt: Vec<u8>,
    /// How it will be seen that it is kept.
    pub measure: String,
    pub due_at: DateTimeUtc,
    pub state: UndertakingState,
    pub reply: Option<String>,
    pub signed_by: Option<PersonId>,
    pub answered_at: Option<DateTimeUtc>,
    pub task_id: Option<TaskId>,
    /// The sheet on which it was signed.
    pub scan_id: Option<ScanId>,
    /// Whose name stands under it.
    pub paper_name: Option<String>,
    /// Who entered it.
    pub paper_by: Option<PersonId>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Undertaking;

/// Asks a party to sign: these words, by this instant, seen by this measure.
pub async fn ask(act: &Act, item: &Item, of: &Organisation, words: &str, measure: &str, due_at: DateTime<Utc>) -> Result<Undertaking> {
    if !matches!(item.state, ItemState::Proposed | ItemState::Listed) {
        return Err(Refusal::new("item_over").into());
    }
    let words = text::words("words", words, 4, 500)?;
    let measure = text::words("measure", measure, 2, 200)?;
    if due_at <= act.at {
        return Err(Refusal::new("date_past").at("due").into());
    }
    let number = of_item(act.tx(), item.id).await?.len() as i32 + 1;
    let salt = text::salt();
    let hash = TextHash::of(&salt, &words);
    let row = ActiveModel {
        id: Set(UndertakingId(act.fresh())),
        item_id: Set(item.id),
        motion_id: Set(None),
        resolution_id: Set(None),
        organisation_id: Set(of.id),
        number: Set(number),
        words: Set(words),
        words_salt: Set(salt),
        measure: Set(measure),
        due_at: Set(due_at),
        state: Set(UndertakingState::Asked),
        reply: Set(None),
        signed_by: Set(None),
        answered_at: Set(None),
        task_id: Set(None),
        scan_id: Set(None),
        paper_name: Set(None),
        paper_by: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let undertaking = row.insert(act.tx()).await?;
    let entry = Entry::UndertakingAsked { undertaking: undertaking.id, organisation: of.id, due: due_at, words: hash };
    act.journal(item.on_self(act).await?, &entry).await?;
    for person in persons::of_organisation(act.tx(), of.id).await? {
        act.owe("undertaking_asked", Address::Person(person), &json!({ "undertaking": undertaking.id, "issue": item.issue_id }), None).await?;
    }
    Ok(undertaking)
}

/// The undertakings of an item, in order.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Undertaking>> {
    Ok(Entity::find().filter(Column::ItemId.eq(item)).order_by_asc(Column::Number).all(db).await?)
}

/// Those of several items, item by item.
pub async fn of_items(db: &impl ConnectionTrait, items: impl IntoIterator<Item = ItemId>) -> Result<Vec<Undertaking>> {
    Ok(Entity::find().filter(Column::ItemId.is_in(items)).order_by_asc(Column::ItemId).order_by_asc(Column::Number).all(db).await?)
}

/// Those of a resolution.
pub async fn of_resolution(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Undertaking>> {
    Ok(Entity::find().filter(Column::ResolutionId.eq(id)).order_by_asc(Column::Number).all(db).await?)
}

/// Those of several resolutions.
pub async fn of_resolutions(db: &impl ConnectionTrait, ids: Vec<ResolutionId>) -> Result<Vec<Undertaking>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ResolutionId.is_in(ids)).order_by_asc(Column::ResolutionId).order_by_asc(Column::Number).all(db).await?)
}

/// What an organisation has been asked to sign and has not answered.
pub async fn waiting_for(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Undertaking>> {
    Ok(Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.is_in([UndertakingState::Asked, UndertakingState::ChangesAsked]))
        .order_by_asc(Column::DueAt)
        .all(db)
        .await?)
}

/// By its number on an item.
pub async fn by_number(db: &impl ConnectionTrait, item: ItemId, number: i32) -> Result<Undertaking> {
    Entity::find().filter(Column::ItemId.eq(item)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: UndertakingId) -> Result<Undertaking> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// What nobody has signed yet falls away when its item leaves the agenda undecided.
pub(in crate::domain) async fn lapse_open(act: &Act, item: ItemId) -> Result<()> {
    for u in of_item(act.tx(), item).await?.into_iter().filter(|u| matches!(u.state, UndertakingState::Asked | UndertakingState::ChangesAsked)) {
        u.take_back(act).await?;
    }
    Ok(())
}

impl Model {
    fn ask_own(&self, act: &Act) -> Result<PersonId, Refusal> {
        match &act.actor {
            Actor::Person { id, organisation, .. } if *organisation == self.organisation_id => Ok(*id),
            _ => Err(Refusal::new("only_own_undertaking")),
        }
    }

    pub(in crate::domain) async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Undertaking> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Undertaking> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    fn ask_waiting(&self) -> Result<(), Refusal> {
        let waits = matches!(self.state, UndertakingState::Asked | UndertakingState::ChangesAsked);
        if waits { Ok(()) } else { Err(Refusal::new("undertaking_answered")) }
    }

    async fn answered(self, act: &Act, state: UndertakingState, reply: Option<String>) -> Result<Undertaking> {
        let person = self.ask_own(act)?;
        self.ask_waiting()?;
        // What a party said before it signed, or before it said more, stays on the record.
        let said: Vec<String> = self.reply.iter().cloned().chain(reply).collect();
        let reply = (!said.is_empty()).then(|| said.join("\n"));
        let set =
            ActiveModel { state: Set(state), reply: Set(reply), signed_by: Set(Some(person)), answered_at: Set(Some(act.at)), ..Default::default() };
        self.change(act, set).await
    }

    /// Signs. Once every party has signed and the motion is carried, the agreement holds and tasks begin.
    pub async fn sign(self, act: &Act) -> Result<Undertaking> {
        let u = self.answered(act, UndertakingState::Signed, None).await?;
        u.holds(act, None).await
    }

    /// Enters what the party signed on paper, with the sheet's scan. Its people are told, so that nobody is said to have signed
    /// without knowing.
    pub async fn sign_on_paper(self, act: &Act, meeting: &Meeting, name: &str, sheet: Vec<u8>) -> Result<Undertaking> {
        self.ask_waiting()?;
        let name = text::words("name", name, 2, 40)?;
        let of = organisations::by_id(act.tx(), self.organisation_id).await?;
        let title = format!("{} {}", of.short, self.number);
        let scan = meeting.attach_scan(act, &title, sheet).await?;
        let set = ActiveModel {
            state: Set(UndertakingState::Signed),
            scan_id: Set(Some(scan.id)),
            paper_name: Set(Some(name)),
            paper_by: Set(act.actor.person()),
            answered_at: Set(Some(act.at)),
            ..Default::default()
        };
        let u = self.change(act, set).await?;
        let item = items::by_id(act.tx(), u.item_id).await?;
        for person in persons::of_organisation(act.tx(), of.id).await? {
            act.owe("undertaking_entered", Address::Person(person), &json!({ "undertaking": u.id, "issue": item.issue_id }), None).await?;
        }
        u.holds(act, Some(scan.number)).await
    }

    /// It is signed, here or on the sheet with this number.
    async fn holds(self, act: &Act, sheet: Option<i32>) -> Result<Undertaking> {
        let item = items::by_id(act.tx(), self.item_id).await?;
        let entry = Entry::UndertakingSigned { undertaking: self.id, organisation: self.organisation_id, sheet };
        act.journal(item.on_self(act).await?, &entry).await?;
        if let Some(id) = self.resolution_id {
            resolutions::by_id(act.tx(), id).await?.settle(act).await?;
        }
        by_id(act.tx(), self.id).await
    }

    /// Asks for other words.
    pub async fn ask_changes(self, act: &Act, reply: &str) -> Result<Undertaking> {
        let reply = text::words("reply", reply, 4, 500)?;
        let u = self.answered(act, UndertakingState::ChangesAsked, Some(reply)).await?;
        let item = items::by_id(act.tx(), u.item_id).await?;
        act.journal(item.on_self(act).await?, &Entry::UndertakingChangesAsked { undertaking: u.id, organisation: u.organisation_id }).await?;
        Ok(u)
    }

    /// Takes the question back before the agreement is carried: it was worded anew, or this party need not act. What it
    /// had said stays on the record; the agreement no longer counts on it.
    pub async fn take_back(self, act: &Act) -> Result<Undertaking> {
        if self.resolution_id.is_some() || self.state == UndertakingState::Lapsed {
            return Err(Refusal::new("undertaking_over").into());
        }
        let item = items::by_id(act.tx(), self.item_id).await?;
        let u = self.change(act, ActiveModel { state: Set(UndertakingState::Lapsed), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::UndertakingLapsed { undertaking: u.id, organisation: u.organisation_id }).await?;
        Ok(u)
    }

    /// Says no, with a reason.
    pub async fn refuse(self, act: &Act, reply: &str) -> Result<Undertaking> {
        let reply = text::words("reply", reply, 4, 500)?;
        let u = self.answered(act, UndertakingState::Refused, Some(reply)).await?;
        let item = items::by_id(act.tx(), u.item_id).await?;
        act.journal(item.on_self(act).await?, &Entry::UndertakingRefused { undertaking: u.id, organisation: u.organisation_id }).await?;
        Ok(u)
    }
}
