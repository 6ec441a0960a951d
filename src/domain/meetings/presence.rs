//! Presence and recusal: who is in the room now, and who leaves the count of an item.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::items::Item;
use super::{Meeting, MeetingState};
use crate::domain::councils::{Seat, seat};
use crate::domain::journal::Entry;
use crate::domain::motions::{self, Method, MotionState};
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{AttendanceId, ItemId, MeetingId, PersonId, RecusalId, SeatId};

vocabulary! {
    /// How somebody takes part.
    How { Room = "room", Online = "online" }
}

vocabulary! {
    /// Why a seat leaves the count.
    Ground {
        /// It declared an interest.
        Declared = "declared",
        /// An enterprise that must sign an undertaking on this item.
        MustSign = "must_sign",
        /// The others decided so.
        Decided = "decided",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendances")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendanceId,
    pub meeting_id: MeetingId,
    pub seat_id: SeatId,
    pub person_id: PersonId,
    pub how: How,
    pub since: DateTimeUtc,
    pub left_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Attendance;

/// A seat that leaves the count of one item.
pub mod recusal {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recusals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: RecusalId,
        pub item_id: ItemId,
        pub seat_id: SeatId,
        pub ground: Ground,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use recusal::Model as Recusal;

/// Who is present now.
pub async fn present(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Attendance>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).filter(Column::LeftAt.is_null()).order_by_asc(Column::Since).all(db).await?)
}

/// Who was present at an instant.
pub async fn present_at(db: &impl ConnectionTrait, meeting: MeetingId, then: DateTimeUtc) -> Result<Vec<Attendance>> {
    Ok(Entity::find()
        .filter(Column::MeetingId.eq(meeting))
        .filter(Column::Since.lte(then))
        .filter(Column::LeftAt.is_null().or(Column::LeftAt.gte(then)))
        .order_by_asc(Column::Since)
        .all(db)
        .await?)
}

/// Everybody who was there at some time.
pub async fn attended(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Attendance>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::Since).all(db).await?)
}

/// The recusals of an item.
pub async fn recusals(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Recusal>> {
    Ok(recusal::Entity::find().filter(recusal::Column::ItemId.eq(item)).all(db).await?)
}

pub(super) async fn all_leave(act: &Act, meeting: MeetingId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::LeftAt, Expr::value(Some(act.at)))
        .filter(Column::MeetingId.eq(meeting))
        .filter(Column::LeftAt.is_null())
        .exec(act.tx())
        .await?;
    Ok(())
}

impl Meeting {
    /// The seat that a person may take here.
    pub async fn seat_of(&self, db: &impl ConnectionTrait, person: PersonId) -> Result<Seat> {
        let seats = self.council(db).await?.seats(db).await?;
        // The holder of one seat who deputises for another takes their own.
        let own = seats.iter().find(|s| s.person_id == Some(person)).cloned();
        own.or_else(|| seats.into_iter().find(|s| s.of_person(person))).ok_or_else(|| Refusal::new("no_seat").into())
    }

    /// Whether seats can be taken now: on the day of the meeting, and as long as it is open.
    pub fn signing_in(&self, now: DateTimeUtc, calendar: &Calendar) -> bool {
        match self.state {
            MeetingState::Called => calendar.date_of(now) >= calendar.date_of(self.starts_at),
            state => state == MeetingState::Open,
        }
    }

    /// A seat is taken: by its holder or deputy, or recorded by the secretary. A deputy gives way to the holder.
    pub async fn seat_present(&self, act: &Act, seat: &Seat, person: PersonId, how: How) -> Result<()> {
        if !matches!(self.state, MeetingState::Called | MeetingState::Open) {
            return Err(Refusal::new("meeting_state")
                .with("verb", "@meeting_verbs.sign_in")
                .with("state", format!("@meeting_states.{}", self.state.as_str()))
                .into());
        }
        if !self.signing_in(act.at, &act.calendar()) {
            return Err(Refusal::new("sign_in_early").into());
        }
        if !seat.of_person(person) {
            return Err(Refusal::new("no_seat").into());
        }
        if let Some(now) = present(act.tx(), self.id).await?.into_iter().find(|a| a.seat_id == seat.id) {
            if now.person_id == person {
                return Ok(());
            }
            if seat.person_id == Some(now.person_id) {
                return Err(Refusal::new("holder_present").into());
            }
            let mut row: ActiveModel = now.into();
            row.left_at = Set(Some(act.at));
            row.update(act.tx()).await?;
        }
        let row = ActiveModel {
            id: Set(AttendanceId(act.fresh())),
            meeting_id: Set(self.id),
            seat_id: Set(seat.id),
            person_id: Set(person),
            how: Set(how),
            since: Set(act.at),
            left_at: Set(None),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::SeatPresent { seat: seat.number, online: how == How::Online }).await?;
        Ok(())
    }

    /// A seat leaves; quorum is tested at each vote.
    pub async fn seat_left(&self, act: &Act, seat: &Seat) -> Result<()> {
        let now = present(act.tx(), self.id).await?.into_iter().find(|a| a.seat_id == seat.id).ok_or_else(|| Refusal::new("not_present"))?;
        let mut row: ActiveModel = now.into();
        row.left_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::SeatLeft { seat: seat.number }).await?;
        Ok(())
    }
}

impl Item {
    /// A seat leaves the count of this item. Said once; a vote that it may have cast is not counted.
    pub async fn recuse(&self, act: &Act, seat: &Seat, ground: Ground) -> Result<()> {
        if seat.council_id != self.council_id {
            return Err(Error::NotFound);
        }
        if recusals(act.tx(), self.id).await?.iter().any(|r| r.seat_id == seat.id) {
            return Ok(());
        }
        // What was said in a secret vote cannot be taken out of the count again: nobody knows which ballot it is.
        for motion in motions::of_item(act.tx(), self.id).await? {
            if motion.state == MotionState::Open && motion.method == Method::Secret && motion.roll(act.tx()).await?.has_voted(seat.id) {
                return Err(Refusal::new("vote_cast").into());
            }
        }
        let row = recusal::ActiveModel {
            id: Set(RecusalId(act.fresh())),
            item_id: Set(self.id),
            seat_id: Set(seat.id),
            ground: Set(ground),
            created_at: Set(act.at),
        };
        recusal::Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::SeatRecused { seat: seat.number, ground: ground.as_str().into() }).await?;
        Ok(())
    }
}

/// A seat by id.
pub async fn seat_by_id(db: &impl ConnectionTrait, id: SeatId) -> Result<Seat> {
    seat::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}
