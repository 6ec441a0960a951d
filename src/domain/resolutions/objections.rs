//! Objections 异议: while a resolution is on display, a party objects with reasons. It does not come into force before the council
//! has looked at it again: upholds the objection by another resolution, or confirms what it decided.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::{Resolution, back_on_list, by_id, named};
use crate::domain::buildings;
use crate::domain::categories::Limit;
use crate::domain::journal::Entry;
use crate::domain::meetings::items::Source;
use crate::domain::motions::Upon;
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::rights::Role;
use crate::domain::tenancies;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, ItemId, ObjectionId, OrganisationId, PersonId, ResolutionId};
use crate::kernel::outbox::Address;
use crate::kernel::text;

vocabulary! {
    /// What the council made of it.
    ObjectionOutcome {
        /// Another resolution has taken the place of the one objected to, or ended it.
        Upheld = "upheld",
        /// The council has confirmed what it decided.
        Confirmed = "confirmed",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "objections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ObjectionId,
    pub resolution_id: ResolutionId,
    pub organisation_id: OrganisationId,
    pub person_id: PersonId,
    /// Under which it comes before the council: one for all objections to a resolution.
    pub item_id: ItemId,
    pub words: String,
    pub words_salt: Vec<u8>,
    /// Until when the secretary answers.
    pub answer_due: DateTimeUtc,
    pub answer: Option<String>,
    pub answer_salt: Option<Vec<u8>>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<DateTimeUtc>,
    pub outcome: Option<ObjectionOutcome>,
    pub settled_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Objection;

/// Whether an objection to it waits for the council.
pub async fn has_standing_objection(db: &impl ConnectionTrait, id: ResolutionId) -> Result<bool> {
    Ok(Entity::find().filter(Column::ResolutionId.eq(id)).filter(Column::SettledAt.is_null()).count(db).await? > 0)
}

/// The objections to a resolution, oldest first.
pub async fn objections_of(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Objection>> {
    Ok(Entity::find().filter(Column::ResolutionId.eq(id)).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// By id.
pub async fn objection_by_id(db: &impl ConnectionTrait, id: ObjectionId) -> Result<Objection> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// What waits for the secretary's answer in these councils, with what it is about, the most pressing first.
pub async fn waiting_objections(db: &impl ConnectionTrait, councils: &[CouncilId]) -> Result<Vec<(Objection, Resolution)>> {
    if councils.is_empty() {
        return Ok(vec![]);
    }
    let open = Entity::find().filter(Column::AnsweredAt.is_null()).filter(Column::SettledAt.is_null()).order_by_asc(Column::AnswerDue);
    let open = open.all(db).await?;
    if open.is_empty() {
        return Ok(vec![]);
    }
    let about = super::Entity::find()
        .filter(super::Column::Id.is_in(open.iter().map(|o| o.resolution_id)))
        .filter(super::Column::CouncilId.is_in(councils.iter().copied()))
        .all(db)
        .await?;
    Ok(open.into_iter().filter_map(|o| about.iter().find(|r| r.id == o.resolution_id).cloned().map(|r| (o, r))).collect())
}

/// Whether an organisation may object: it must act or is named, or it is of the building; in a district's council, of the district.
pub async fn is_party(db: &impl ConnectionTrait, r: &Resolution, id: OrganisationId) -> Result<bool> {
    if named(db, r).await?.contains(&id) {
        return Ok(true);
    }
    let (council, of) = (r.council(db).await?, organisations::by_id(db, id).await?);
    Ok(match council.building_id {
        Some(building) => of.building_id == Some(building) || tenancies::of_building(db, building).await?.iter().any(|t| t.organisation_id == id),
        None => of.district_id == council.district_id,
    })
}

/// A party objects, once; the council looks at the resolution again, and until then it does not come into force.
pub async fn object(act: &Act, r: &Resolution, words: &str) -> Result<Objection> {
    let (person, organisation) = match &act.actor {
        Actor::Person { id, organisation, .. } => (*id, *organisation),
        _ => return Err(Refusal::new("no_right").into()),
    };
    if r.published_at.is_none() || !r.is_displayed(act.at) {
        return Err(Refusal::new("display_over").into());
    }
    // What confirms a decision is not objected to again.
    if r.upon == Some(Upon::Confirms) {
        return Err(Refusal::new("confirming").into());
    }
    if !is_party(act.tx(), r, organisation).await? {
        return Err(Refusal::new("only_objector").into());
    }
    let words = text::words("words", words, 10, 2000)?;
    let before = objections_of(act.tx(), r.id).await?;
    if before.iter().any(|o| o.organisation_id == organisation) {
        return Err(Refusal::new("objected").into());
    }
    // Confirmed is confirmed: it is not returned a second time.
    if before.iter().any(|o| o.settled_at.is_some()) {
        return Err(Refusal::new("confirming").into());
    }
    let item = match before.first() {
        Some(o) => o.item_id,
        None => back_on_list(act, r, Source::Objection).await?.id,
    };
    let council = r.council(act.tx()).await?;
    let days = council.rules(act.tx()).await?.objection_answer_days.unsigned_abs();
    let (salt, hash) = text::salted(&words);
    let row = ActiveModel {
        id: Set(ObjectionId(act.fresh())),
        resolution_id: Set(r.id),
        organisation_id: Set(organisation),
        person_id: Set(person),
        item_id: Set(item),
        words: Set(words),
        words_salt: Set(salt),
        answer_due: Set(Limit::WorkingDays(days).from(act.at, &act.calendar()).at),
        answer: Set(None),
        answer_salt: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
        outcome: Set(None),
        settled_at: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let objection = row.insert(act.tx()).await?;
    let entry = Entry::ObjectionRaised { year: r.year, serial: r.serial, organisation, words: hash };
    act.journal(r.on_self(act).await?, &entry).await?;
    let secretaries = match council.building_id {
        Some(id) => persons::holders(act.tx(), &buildings::by_id(act.tx(), id).await?, Role::Secretary).await?,
        None => persons::holders_in_district(act.tx(), council.district_id, Role::Secretary).await?,
    };
    let seats = council.seats(act.tx()).await?;
    let members = seats.iter().flat_map(|s| [s.person_id, s.deputy_id]).flatten();
    let people: Vec<PersonId> = secretaries.into_iter().chain(members).collect();
    tell(act, "objected", r, organisation, people).await?;
    Ok(objection)
}

async fn tell(act: &Act, kind: &'static str, r: &Resolution, of: OrganisationId, mut people: Vec<PersonId>) -> Result<()> {
    people.sort();
    people.dedup();
    for person in people.into_iter().filter(|p| act.actor.person() != Some(*p)) {
        act.owe(kind, Address::Person(person), &json!({ "resolution": r.id, "organisation": of }), None).await?;
    }
    Ok(())
}

/// What a later resolution decided ends the objections to the earlier one.
async fn settle(act: &Act, old: &Resolution, outcome: ObjectionOutcome, kind: &'static str) -> Result<bool> {
    let open: Vec<Objection> = objections_of(act.tx(), old.id).await?.into_iter().filter(|o| o.settled_at.is_none()).collect();
    for o in &open {
        let set = ActiveModel { outcome: Set(Some(outcome)), settled_at: Set(Some(act.at)), version: Set(o.version + 1), ..Default::default() };
        Entity::update_many().set(set).filter(Column::Id.eq(o.id)).exec(act.tx()).await?;
        tell(act, kind, old, o.organisation_id, persons::of_organisation(act.tx(), o.organisation_id).await?).await?;
    }
    Ok(!open.is_empty())
}

/// The council has confirmed what was objected to: once its days of display are over it comes into force.
pub(super) async fn confirmed(act: &Act, old: &Resolution, by: &Resolution) -> Result<()> {
    if !settle(act, old, ObjectionOutcome::Confirmed, "objection_confirmed").await? {
        return Ok(());
    }
    let entry = Entry::ResolutionConfirmed { year: old.year, serial: old.serial, by_year: by.year, by_serial: by.serial };
    act.journal(old.on_self(act).await?, &entry).await?;
    Box::pin(by_id(act.tx(), old.id).await?.take_effect(act)).await?;
    Ok(())
}

/// Another resolution has come into force instead.
pub(super) async fn upheld(act: &Act, old: &Resolution) -> Result<()> {
    settle(act, old, ObjectionOutcome::Upheld, "objection_upheld").await.map(drop)
}

impl Model {
    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Objection> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// The secretary answers: what happens with it now, and when the council looks at it.
    pub async fn answer(self, act: &Act, words: &str) -> Result<Objection> {
        if self.answered_at.is_some() {
            return Err(Refusal::new("objection_answered").into());
        }
        let words = text::words("answer", words, 4, 1000)?;
        let (salt, hash) = text::salted(&words);
        let set = ActiveModel {
            answer: Set(Some(words)),
            answer_salt: Set(Some(salt)),
            answered_by: Set(act.actor.person()),
            answered_at: Set(Some(act.at)),
            version: Set(self.version + 1),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let r = by_id(act.tx(), self.resolution_id).await?;
        let entry = Entry::ObjectionAnswered { year: r.year, serial: r.serial, organisation: self.organisation_id, words: hash };
        act.journal(r.on_self(act).await?, &entry).await?;
        let people = persons::of_organisation(act.tx(), self.organisation_id).await?;
        tell(act, "objection_answered", &r, self.organisation_id, people).await?;
        objection_by_id(act.tx(), self.id).await
    }
}
