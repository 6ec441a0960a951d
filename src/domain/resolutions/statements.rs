//! What travels with a resolution for good: the dissent of a member who did not vote for it, the reply of a party named in it.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{Resolution, ResolutionState};
use crate::domain::journal::Entry;
use crate::domain::motions::{self, Method};
use crate::domain::organisations::Organisation;
use crate::domain::undertakings;
use crate::domain::votes::{self, Choice};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId, ResolutionId, SeatId, StatementId};
use crate::kernel::text;

vocabulary! {
    /// Who says it.
    StatementKind {
        /// A member who voted against it or abstained.
        Dissent = "dissent",
        /// A party that must act, or is named in it.
        Reply = "reply",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatementId,
    pub resolution_id: ResolutionId,
    pub kind: StatementKind,
    pub organisation_id: OrganisationId,
    pub seat_id: Option<SeatId>,
    pub person_id: PersonId,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Statement;

/// An organisation that a resolution names without its having to act.
pub mod named_party {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "named_parties")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub resolution_id: ResolutionId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: OrganisationId,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was said to a resolution, in the order in which it came.
pub async fn statements_of(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Statement>> {
    statements_of_all(db, vec![id]).await
}

/// What was said to several.
pub async fn statements_of_all(db: &impl ConnectionTrait, ids: Vec<ResolutionId>) -> Result<Vec<Statement>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ResolutionId.is_in(ids)).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// The organisations that may reply: those that must act, and those that the secretary has named.
pub async fn named(db: &impl ConnectionTrait, r: &Resolution) -> Result<Vec<OrganisationId>> {
    let signs = undertakings::of_resolution(db, r.id).await?.into_iter().filter(|u| u.state.counts()).map(|u| u.organisation_id);
    let tasks = motions::tasks_of(db, r.motion_id).await?.into_iter().map(|t| t.organisation_id);
    let by_name = named_party::Entity::find().filter(named_party::Column::ResolutionId.eq(r.id)).all(db).await?;
    let mut all: Vec<OrganisationId> = signs.chain(tasks).chain(by_name.into_iter().map(|n| n.organisation_id)).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// The secretary notes that a resolution names an organisation.
pub async fn name_party(act: &Act, r: &Resolution, of: &Organisation) -> Result<()> {
    r.ask_displayed(act)?;
    if named(act.tx(), r).await?.contains(&of.id) {
        return Err(Refusal::new("named_already").at("organisation").into());
    }
    let row = named_party::ActiveModel { resolution_id: Set(r.id), organisation_id: Set(of.id), created_at: Set(act.at) };
    named_party::Entity::insert(row).exec_without_returning(act.tx()).await?;
    let entry = Entry::PartyNamed { year: r.year, serial: r.serial, organisation: of.id };
    act.journal(r.on_self(act).await?, &entry).await?;
    Ok(())
}

/// The seat with which somebody voted by name against a resolution, or abstained.
pub async fn dissenting_seat(db: &impl ConnectionTrait, r: &Resolution, person: PersonId) -> Result<Option<SeatId>> {
    if motions::by_id(db, r.motion_id).await?.method != Method::Named {
        return Ok(None);
    }
    let cast = votes::of_motion(db, r.motion_id).await?;
    Ok(cast.into_iter().find(|v| v.person_id == person && v.choice != Choice::Yes).map(|v| v.seat_id))
}

/// A member who voted by name against it, or abstained, says why.
pub async fn dissent(act: &Act, r: &Resolution, words: &str) -> Result<Statement> {
    r.ask_displayed(act)?;
    let (person, _) = speaker(act)?;
    let seat = dissenting_seat(act.tx(), r, person).await?.ok_or_else(|| Refusal::new("only_dissenter"))?;
    let council = r.council(act.tx()).await?;
    let then = motions::by_id(act.tx(), r.motion_id).await?.closed_at.unwrap_or(act.at);
    let seats = council.seats_at(act.tx(), then).await?;
    let of = seats.iter().find(|s| s.id == seat).map(|s| s.organisation_id).ok_or(Error::NotFound)?;
    enter(act, r, StatementKind::Dissent, of, Some(seat), words).await
}

/// A party named in it replies.
pub async fn reply(act: &Act, r: &Resolution, words: &str) -> Result<Statement> {
    r.ask_displayed(act)?;
    let (_, organisation) = speaker(act)?;
    if !named(act.tx(), r).await?.contains(&organisation) {
        return Err(Refusal::new("only_named").into());
    }
    enter(act, r, StatementKind::Reply, organisation, None, words).await
}

fn speaker(act: &Act) -> Result<(PersonId, OrganisationId), Refusal> {
    match &act.actor {
        Actor::Person { id, organisation, .. } => Ok((*id, *organisation)),
        _ => Err(Refusal::new("no_right")),
    }
}

async fn enter(act: &Act, r: &Resolution, kind: StatementKind, of: OrganisationId, seat: Option<SeatId>, words: &str) -> Result<Statement> {
    let words = text::words("words", words, 4, 2000)?;
    let said = statements_of(act.tx(), r.id).await?;
    if said.iter().any(|s| s.kind == kind && s.organisation_id == of) {
        return Err(Refusal::new("stated").into());
    }
    let (person, _) = speaker(act)?;
    let (salt, hash) = text::salted(&words);
    let row = ActiveModel {
        id: Set(StatementId(act.fresh())),
        resolution_id: Set(r.id),
        kind: Set(kind),
        organisation_id: Set(of),
        seat_id: Set(seat),
        person_id: Set(person),
        words: Set(words),
        words_salt: Set(salt),
        created_at: Set(act.at),
    };
    let statement = row.insert(act.tx()).await?;
    let entry = Entry::StatementEntered { year: r.year, serial: r.serial, kind, organisation: of, words: hash };
    act.journal(r.on_self(act).await?, &entry).await?;
    Ok(statement)
}

impl Resolution {
    /// Whether its days of display last, or have yet to begin: until their end something can be said to it.
    pub fn is_displayed(&self, now: DateTimeUtc) -> bool {
        self.state == ResolutionState::Adopted && self.display_until.is_none_or(|d| d > now)
    }

    pub(super) fn ask_displayed(&self, act: &Act) -> Result<(), Refusal> {
        if self.is_displayed(act.at) { Ok(()) } else { Err(Refusal::new("display_over")) }
    }
}
