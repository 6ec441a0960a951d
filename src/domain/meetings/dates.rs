//! A date by availability: the secretary offers a few times, each seat says whether it can come, and one of them becomes the
//! meeting's time. A seat can come if its holder or its deputy can.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel as MeetingModel, Meeting, MeetingState};
use crate::domain::councils::Seat;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{DateAnswerId, MeetingDateId, MeetingId, PersonId, SeatId};

vocabulary! {
    /// Whether somebody can come then, from the best.
    Availability { Yes = "yes", IfNeedBe = "if_need_be", No = "no" }
}

/// How many times are offered.
pub const FEWEST: usize = 2;
/// At most.
pub const MOST: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting_dates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingDateId,
    pub meeting_id: MeetingId,
    pub starts_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Date;

/// What one person said of one time, for a seat.
pub mod answer {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "date_answers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DateAnswerId,
        pub date_id: MeetingDateId,
        pub seat_id: SeatId,
        pub person_id: PersonId,
        pub answer: Availability,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The times that are offered for a meeting, in order, with every answer.
#[derive(Clone, Debug)]
pub struct Poll {
    pub dates: Vec<Date>,
    pub answers: Vec<answer::Model>,
}

/// How many seats can come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub yes: usize,
    pub if_need_be: usize,
    pub no: usize,
}

impl Poll {
    /// Of a meeting; without dates where none were offered.
    pub async fn of(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Self> {
        let dates = Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::StartsAt).all(db).await?;
        if dates.is_empty() {
            return Ok(Self { dates, answers: vec![] });
        }
        let ids = dates.iter().map(|d| d.id);
        let answers = answer::Entity::find().filter(answer::Column::DateId.is_in(ids)).order_by_asc(answer::Column::At).all(db).await?;
        Ok(Self { dates, answers })
    }

    /// What a seat says: the best of what those who may sit there say. Who no longer sits there has no say.
    pub fn seat(&self, date: MeetingDateId, seat: &Seat) -> Option<Availability> {
        self.answers.iter().filter(|a| a.date_id == date && a.seat_id == seat.id && seat.of_person(a.person_id)).map(|a| a.answer).min()
    }

    /// What a person said for a seat.
    pub fn person(&self, date: MeetingDateId, seat: SeatId, person: PersonId) -> Option<Availability> {
        self.answers.iter().find(|a| a.date_id == date && a.seat_id == seat && a.person_id == person).map(|a| a.answer)
    }

    /// Seats that can come, among those that count.
    pub fn count(&self, date: MeetingDateId, seats: &[Seat]) -> Count {
        let mut count = Count::default();
        for seat in seats.iter().filter(|s| !s.vacant()) {
            match self.seat(date, seat) {
                Some(Availability::Yes) => count.yes += 1,
                Some(Availability::IfNeedBe) => count.if_need_be += 1,
                Some(Availability::No) => count.no += 1,
                None => {}
            }
        }
        count
    }
}

impl Meeting {
    /// Offers times for a draft, and asks every member. Offered anew, answers stay with the times that stay.
    pub async fn offer_dates(self, act: &Act, mut times: Vec<DateTime<Utc>>) -> Result<Meeting> {
        self.ask_state("offer_dates", &[MeetingState::Draft])?;
        times.sort();
        times.dedup();
        if times.len() < FEWEST || times.len() > MOST {
            return Err(Refusal::new("dates_number").with("least", FEWEST).with("most", MOST).at("dates").into());
        }
        let rules = self.council(act.tx()).await?.rules(act.tx()).await?;
        // A time at which the notice could no longer go out is none.
        if times.iter().any(|t| *t - act.at < self.notice_under(&rules)) {
            return Err(self.short_notice(&rules).at("dates").into());
        }
        let before = Poll::of(act.tx(), self.id).await?.dates;
        let gone: Vec<MeetingDateId> = before.iter().filter(|d| !times.contains(&d.starts_at)).map(|d| d.id).collect();
        if !gone.is_empty() {
            answer::Entity::delete_many().filter(answer::Column::DateId.is_in(gone.clone())).exec(act.tx()).await?;
            Entity::delete_many().filter(Column::Id.is_in(gone)).exec(act.tx()).await?;
        }
        for time in times.iter().filter(|t| before.iter().all(|d| d.starts_at != **t)) {
            let row = ActiveModel { id: Set(MeetingDateId(act.fresh())), meeting_id: Set(self.id), starts_at: Set(*time) };
            Entity::insert(row).exec_without_returning(act.tx()).await?;
        }
        let meeting = self.change(act, MeetingModel { ..Default::default() }).await?;
        act.journal(meeting.on_self(act).await?, &Entry::DatesOffered { number: meeting.number, times }).await?;
        meeting.tell_members(act, "dates_asked").await?;
        Ok(meeting)
    }

    /// One who may sit in a seat says for each time whether they can come; said again, it replaces what was said.
    pub async fn answer_dates(&self, act: &Act, seat: &Seat, person: PersonId, said: &BTreeMap<DateTime<Utc>, Availability>) -> Result<()> {
        self.ask_state("answer_dates", &[MeetingState::Draft])?;
        if seat.council_id != self.council_id || !seat.of_person(person) {
            return Err(Refusal::new("no_seat").into());
        }
        let dates = Poll::of(act.tx(), self.id).await?.dates;
        if dates.is_empty() {
            return Err(Refusal::new("dates_none").into());
        }
        // Somebody who answered a page from before the times were changed is shown the new ones.
        if said.is_empty() || said.keys().any(|t| dates.iter().all(|d| d.starts_at != *t)) {
            return Err(Error::Conflict);
        }
        for date in &dates {
            let Some(answer) = said.get(&date.starts_at) else { continue };
            answer::Entity::delete_many()
                .filter(answer::Column::DateId.eq(date.id))
                .filter(answer::Column::SeatId.eq(seat.id))
                .filter(answer::Column::PersonId.eq(person))
                .exec(act.tx())
                .await?;
            let row = answer::ActiveModel {
                id: Set(DateAnswerId(act.fresh())),
                date_id: Set(date.id),
                seat_id: Set(seat.id),
                person_id: Set(person),
                answer: Set(*answer),
                at: Set(act.at),
            };
            answer::Entity::insert(row).exec_without_returning(act.tx()).await?;
        }
        let answers = said.iter().map(|(t, a)| (*t, *a)).collect();
        act.journal(self.on_self(act).await?, &Entry::DatesAnswered { seat: seat.number, answers }).await?;
        Ok(())
    }

    /// One of the offered times becomes the meeting's; what was answered stays to be read.
    pub async fn take_date(self, act: &Act, time: DateTime<Utc>) -> Result<Meeting> {
        self.ask_state("take_date", &[MeetingState::Draft])?;
        let poll = Poll::of(act.tx(), self.id).await?;
        let date = poll.dates.iter().find(|d| d.starts_at == time).ok_or_else(|| Refusal::new("unknown_choice").at("date"))?;
        let count = poll.count(date.id, &self.council(act.tx()).await?.seats(act.tx()).await?);
        let meeting = self.change(act, MeetingModel { starts_at: Set(time), ..Default::default() }).await?;
        let (yes, if_need_be, no) = (count.yes as i32, count.if_need_be as i32, count.no as i32);
        act.journal(meeting.on_self(act).await?, &Entry::DateTaken { number: meeting.number, starts_at: time, yes, if_need_be, no }).await?;
        Ok(meeting)
    }
}
