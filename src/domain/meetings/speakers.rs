//! The speakers' list 发言: who has asked for the floor, who has it, for how long.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::items::{self, Item};
use super::{Meeting, MeetingState};
use crate::domain::councils::Seat;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{ItemId, MeetingId, SeatId, SpeakerId};
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "speakers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpeakerId,
    pub meeting_id: MeetingId,
    pub item_id: Option<ItemId>,
    pub seat_id: Option<SeatId>,
    /// Somebody without a seat, as the secretary names them.
    pub guest: Option<String>,
    pub asked_at: DateTimeUtc,
    pub began_at: Option<DateTimeUtc>,
    /// Spoke, or let it be.
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Speaker;

/// Who wants to speak.
pub enum Who<'a> {
    Seat(&'a Seat),
    Guest(&'a str),
}

/// Who speaks or waits for it, each with its number in this meeting, in order: whoever has the floor first.
pub async fn waiting(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<(u64, Speaker)>> {
    let all = Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::AskedAt).order_by_asc(Column::Id).all(db).await?;
    let mut all: Vec<_> = (1..).zip(all).filter(|(_, s)| s.ended_at.is_none()).collect();
    all.sort_by_key(|(_, s)| s.began_at.is_none());
    Ok(all)
}

/// Forgets the names of guests at meetings before an instant; gives how many.
pub(in crate::domain) async fn forget(act: &Act, before: DateTimeUtc) -> Result<u64> {
    let text = "update speakers set guest = '' where guest <> '' and meeting_id in (select id from meetings where starts_at < ?)";
    Ok(act.tx().execute_raw(sql(act.tx(), text, [before.into()])).await?.rows_affected())
}

/// How long each seat has spoken to an item so far.
pub async fn spoken(db: &impl ConnectionTrait, item: ItemId, now: DateTime<Utc>) -> Result<Vec<(SeatId, Duration)>> {
    let all = Entity::find().filter(Column::ItemId.eq(item)).filter(Column::BeganAt.is_not_null()).all(db).await?;
    let mut sums: Vec<(SeatId, Duration)> = vec![];
    for (seat, took) in all.iter().filter_map(|s| Some((s.seat_id?, s.ended_at.unwrap_or(now) - s.began_at?))) {
        match sums.iter_mut().find(|(id, _)| *id == seat) {
            Some((_, sum)) => *sum += took,
            None => sums.push((seat, took)),
        }
    }
    Ok(sums)
}

/// By its number in this meeting: the first who asked is 1 for ever.
pub async fn by_number(db: &impl ConnectionTrait, meeting: MeetingId, number: u64) -> Result<Speaker> {
    let all = Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::AskedAt).order_by_asc(Column::Id);
    all.offset(number.checked_sub(1).ok_or(Error::NotFound)?).limit(1).one(db).await?.ok_or(Error::NotFound)
}

/// Another item, or none: who waited to speak need not ask to be taken off, and who spoke has ended.
pub(super) async fn silence(act: &Act, meeting: MeetingId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(act.at)))
        .filter(Column::MeetingId.eq(meeting))
        .filter(Column::EndedAt.is_null())
        .exec(act.tx())
        .await?;
    Ok(())
}

impl Meeting {
    async fn at_hand(&self, act: &Act) -> Result<Item> {
        if self.state != MeetingState::Open {
            return Err(Refusal::new("meeting_not_open").into());
        }
        items::by_id(act.tx(), self.item_id.ok_or_else(|| Refusal::new("nothing_at_hand"))?).await
    }

    async fn of_seat(&self, act: &Act, seat: Option<SeatId>) -> Result<Option<i32>> {
        Ok(match seat {
            Some(id) => Some(super::presence::seat_by_id(act.tx(), id).await?.number),
            None => None,
        })
    }

    /// Asks for the floor on the item at hand. A seat waits once.
    pub async fn ask_floor(&self, act: &Act, who: Who<'_>) -> Result<Speaker> {
        let item = self.at_hand(act).await?;
        let (seat, guest) = match who {
            Who::Seat(seat) => (Some(seat), None),
            Who::Guest(name) => (None, Some(text::words("guest", name, 2, 40)?)),
        };
        if let Some(seat) = seat {
            if !super::presence::present(act.tx(), self.id).await?.iter().any(|a| a.seat_id == seat.id) {
                return Err(Refusal::new("not_present").into());
            }
            if let Some(asked) = waiting(act.tx(), self.id).await?.into_iter().map(|(_, s)| s).find(|s| s.seat_id == Some(seat.id)) {
                return Ok(asked);
            }
        }
        let row = ActiveModel {
            id: Set(SpeakerId(act.fresh())),
            meeting_id: Set(self.id),
            item_id: Set(Some(item.id)),
            seat_id: Set(seat.map(|s| s.id)),
            guest: Set(guest),
            asked_at: Set(act.at),
            began_at: Set(None),
            ended_at: Set(None),
        };
        let asked = row.insert(act.tx()).await?;
        act.journal(item.on_self(act).await?, &Entry::FloorAsked { seat: seat.map(|s| s.number) }).await?;
        Ok(asked)
    }

    /// Gives the floor; whoever had it has ended.
    pub async fn give_floor(&self, act: &Act, speaker: Speaker) -> Result<()> {
        let item = self.at_hand(act).await?;
        if speaker.began_at.is_some() || speaker.ended_at.is_some() {
            return Err(Refusal::new("speaker_over").into());
        }
        for (_, now) in waiting(act.tx(), self.id).await?.into_iter().filter(|(_, s)| s.began_at.is_some()) {
            self.end_floor(act, now).await?;
        }
        let seat = self.of_seat(act, speaker.seat_id).await?;
        let mut row: ActiveModel = speaker.into();
        row.began_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(item.on_self(act).await?, &Entry::FloorGiven { seat }).await.map(drop)
    }

    /// Has spoken; or, where the floor was not given yet, lets it be.
    pub async fn end_floor(&self, act: &Act, speaker: Speaker) -> Result<()> {
        let item = self.at_hand(act).await?;
        if speaker.ended_at.is_some() {
            return Ok(());
        }
        let (seat, spoke) = (self.of_seat(act, speaker.seat_id).await?, speaker.began_at.is_some());
        let mut row: ActiveModel = speaker.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        if spoke {
            act.journal(item.on_self(act).await?, &Entry::FloorEnded { seat }).await?;
        }
        Ok(())
    }
}
