//! Who cannot come: said beforehand, with or without words, with or without the deputy; and so who is expected.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::{Meeting, MeetingState};
use crate::domain::buildings;
use crate::domain::councils::{Seat, Weight};
use crate::domain::journal::Entry;
use crate::domain::persons;
use crate::domain::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{ApologyId, MeetingId, PersonId, SeatId};
use crate::kernel::outbox::Address;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "apologies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApologyId,
    pub meeting_id: MeetingId,
    pub seat_id: SeatId,
    /// Who said it: the seat's holder, or its deputy where it has no other.
    pub person_id: PersonId,
    /// For the secretariat alone.
    pub words: String,
    /// Who was asked to come instead.
    pub deputy_id: Option<PersonId>,
    pub deputy_refused_at: Option<DateTimeUtc>,
    pub at: DateTimeUtc,
    /// Taken back, or the meeting was moved: what was said of the old day says nothing of the new one.
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Apology;

impl Model {
    /// Who comes instead: the deputy, unless they have said no.
    pub fn stands_in(&self) -> Option<PersonId> {
        self.deputy_id.filter(|_| self.deputy_refused_at.is_none())
    }
}

/// Whom a meeting expects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Seats with who is to sit there.
    pub coming: Vec<(SeatId, PersonId)>,
    pub away: Vec<SeatId>,
    /// Seats that must be there for a vote.
    pub quorum: usize,
}

impl Expected {
    /// Whether so few come that nothing could be decided.
    pub fn at_risk(&self) -> bool {
        self.coming.len() < self.quorum
    }
}

/// Those that hold for a meeting.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Apology>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).filter(Column::EndedAt.is_null()).order_by_asc(Column::At).all(db).await?)
}

/// Whom a meeting expects, as far as they have said.
pub async fn expected(db: &impl ConnectionTrait, meeting: &Meeting) -> Result<Expected> {
    let seats = meeting.council(db).await?.seats(db).await?;
    let said = of_meeting(db, meeting.id).await?;
    let mut out = Expected::default();
    for seat in seats.iter().filter(|s| !s.vacant()) {
        let person = match said.iter().find(|a| a.seat_id == seat.id) {
            Some(apology) => apology.stands_in(),
            None => seat.person_id.or(seat.deputy_id),
        };
        match person {
            Some(person) => out.coming.push((seat.id, person)),
            None => out.away.push(seat.id),
        }
    }
    let occupied = (out.coming.len() + out.away.len()) as u32;
    out.quorum = meeting.rules(db).await?.procedure(Weight::Ordinary)?.quorum.needed(occupied) as usize;
    Ok(out)
}

/// Forgets the words of those to meetings before an instant; gives of how many.
pub(in crate::domain) async fn forget(act: &Act, before: DateTimeUtc) -> Result<u64> {
    let text = "update apologies set words = '' where words <> '' and meeting_id in (select id from meetings where starts_at < ?)";
    Ok(act.tx().execute_raw(sql(act.tx(), text, [before.into()])).await?.rows_affected())
}

impl Meeting {
    fn ask_ahead(&self, act: &Act) -> Result<(), Refusal> {
        self.ask_state("excuse", &[MeetingState::Called])?;
        // From the time of the meeting on, the roll says who is there.
        if act.at >= self.starts_at { Err(Refusal::new("meeting_begun")) } else { Ok(()) }
    }

    async fn apology_of(&self, act: &Act, seat: &Seat) -> Result<Option<Apology>> {
        Ok(of_meeting(act.tx(), self.id).await?.into_iter().find(|a| a.seat_id == seat.id))
    }

    /// Somebody cannot come; with `deputy`, whoever stands by is asked to. Said again, it replaces what was said.
    pub async fn apologise(&self, act: &Act, seat: &Seat, person: PersonId, words: &str, deputy: bool) -> Result<()> {
        self.ask_ahead(act)?;
        if seat.council_id != self.council_id || !seat.of_person(person) {
            return Err(Refusal::new("no_seat").into());
        }
        // Who only stands by has nothing to excuse.
        if seat.person_id.is_some() && seat.person_id != Some(person) {
            return Err(Refusal::new("holder_says").into());
        }
        let stands_by = seat.deputy_id.filter(|d| deputy && *d != person);
        if deputy && stands_by.is_none() {
            return Err(Refusal::new("no_deputy").at("deputy").into());
        }
        let words = text::words("words", words, 0, 300)?;
        let before = self.apology_of(act, seat).await?;
        let risk = expected(act.tx(), self).await?.at_risk();
        if let Some(before) = &before {
            self.end(act, before).await?;
        }
        let row = ActiveModel {
            id: Set(ApologyId(act.fresh())),
            meeting_id: Set(self.id),
            seat_id: Set(seat.id),
            person_id: Set(person),
            words: Set(words),
            deputy_id: Set(stands_by),
            deputy_refused_at: Set(None),
            at: Set(act.at),
            ended_at: Set(None),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::ApologyGiven { seat: seat.number, deputy: stands_by.is_some() }).await?;
        let stood = before.and_then(|b| b.stands_in());
        if let Some(deputy) = stands_by.filter(|d| stood != Some(*d)) {
            act.owe("deputy_asked", Address::Person(deputy), &json!({ "meeting": self.id }), None).await?;
        }
        if let Some(deputy) = stood.filter(|d| stands_by != Some(*d)) {
            act.owe("deputy_free", Address::Person(deputy), &json!({ "meeting": self.id }), None).await?;
        }
        self.warn(act, risk).await
    }

    /// Somebody has told the secretary, by telephone, that the seat stays empty or its deputy comes: kept as if they had said it.
    pub async fn apologise_for(&self, act: &Act, seat: &Seat, words: &str, deputy: bool) -> Result<()> {
        let person = seat.person_id.or(seat.deputy_id).ok_or_else(|| Refusal::new("no_seat").at("seat"))?;
        self.apologise(act, seat, person, words, deputy).await
    }

    /// Can come after all: whoever was to stand in is told.
    pub async fn come_after_all(&self, act: &Act, seat: &Seat, person: PersonId) -> Result<()> {
        self.ask_ahead(act)?;
        let Some(apology) = self.apology_of(act, seat).await?.filter(|a| a.person_id == person) else {
            return Err(Refusal::new("no_apology").into());
        };
        self.end(act, &apology).await?;
        act.journal(self.on_self(act).await?, &Entry::ApologyTakenBack { seat: seat.number }).await?;
        if let Some(deputy) = apology.stands_in() {
            act.owe("deputy_free", Address::Person(deputy), &json!({ "meeting": self.id }), None).await?;
        }
        Ok(())
    }

    /// The deputy cannot come either, or can after all; who asked is told.
    pub async fn deputy_answers(&self, act: &Act, seat: &Seat, person: PersonId, comes: bool) -> Result<()> {
        self.ask_ahead(act)?;
        let Some(apology) = self.apology_of(act, seat).await?.filter(|a| a.deputy_id == Some(person)) else {
            return Err(Refusal::new("no_apology").into());
        };
        if comes == apology.stands_in().is_some() {
            return Ok(());
        }
        let risk = expected(act.tx(), self).await?.at_risk();
        let asked_by = apology.person_id;
        let row = ActiveModel { id: Set(apology.id), deputy_refused_at: Set((!comes).then_some(act.at)), ..Default::default() };
        Entity::update(row).exec(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::DeputyAnswered { seat: seat.number, comes }).await?;
        let kind = if comes { "deputy_comes" } else { "deputy_refused" };
        act.owe(kind, Address::Person(asked_by), &json!({ "meeting": self.id }), None).await?;
        self.warn(act, risk).await
    }

    async fn end(&self, act: &Act, apology: &Apology) -> Result<()> {
        Entity::update(ActiveModel { id: Set(apology.id), ended_at: Set(Some(act.at)), ..Default::default() }).exec(act.tx()).await?;
        Ok(())
    }

    /// What was said of the old day says nothing of the new one; gives the seats that had said it.
    pub(super) async fn end_apologies(&self, act: &Act) -> Result<Vec<i32>> {
        let seats = self.council(act.tx()).await?.seats(act.tx()).await?;
        let mut numbers = vec![];
        for apology in of_meeting(act.tx(), self.id).await? {
            self.end(act, &apology).await?;
            numbers.extend(seats.iter().find(|s| s.id == apology.seat_id).map(|s| s.number));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Tells the secretary once the meeting could decide nothing; `before`: whether it was so already.
    async fn warn(&self, act: &Act, before: bool) -> Result<()> {
        if before || !expected(act.tx(), self).await?.at_risk() {
            return Ok(());
        }
        let council = self.council(act.tx()).await?;
        let people = match council.building_id {
            Some(id) => persons::holders(act.tx(), &buildings::by_id(act.tx(), id).await?, Role::Secretary).await?,
            None => persons::holders_in_district(act.tx(), council.district_id, Role::Secretary).await?,
        };
        for person in people.into_iter().filter(|p| act.actor.person() != Some(*p)) {
            act.owe("quorum_at_risk", Address::Person(person), &json!({ "meeting": self.id }), None).await?;
        }
        Ok(())
    }

    /// Those who need not be reminded: they do not come, and somebody else does.
    pub(super) async fn excused(&self, db: &impl ConnectionTrait) -> Result<Vec<PersonId>> {
        Ok(of_meeting(db, self.id).await?.into_iter().filter(|a| a.stands_in().is_some()).map(|a| a.person_id).collect())
    }
}
