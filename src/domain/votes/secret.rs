//! Secret votes: who has voted, and what was said, in two tables that nothing joins. Each voter holds a receipt, drawn by lot before
//! the vote; after it every receipt is listed with what was said under it. What this shows and what it does not:
//! docs/decisions/0034.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Choice;
use super::tally::Votes;
use crate::kernel::act::Act;
use crate::kernel::codes;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{MotionId, PersonId, SeatId};

/// That a seat has voted.
pub mod cast {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "secret_casts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub motion_id: MotionId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seat_id: SeatId,
        pub person_id: PersonId,
        pub cast_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "secret_ballots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub motion_id: MotionId,
    /// As [`receipt`] makes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    pub choice: Choice,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Ballot;

/// A receipt for the next vote: nobody but its holder can tell whose it is.
pub fn receipt() -> String {
    codes::of(rand::random())
}

/// The seats that have voted.
pub async fn seats(db: &impl ConnectionTrait, motion: MotionId) -> Result<Vec<SeatId>> {
    Ok(cast::Entity::find().filter(cast::Column::MotionId.eq(motion)).all(db).await?.into_iter().map(|c| c.seat_id).collect())
}

/// Every ballot, in the order of receipts, which says nothing about the order of voting.
pub async fn ballots(db: &impl ConnectionTrait, motion: MotionId) -> Result<Vec<Ballot>> {
    Ok(Entity::find().filter(Column::MotionId.eq(motion)).order_by_asc(Column::Receipt).all(db).await?)
}

/// What they come to.
pub fn sum(ballots: &[Ballot]) -> Votes {
    let n = |choice: Choice| ballots.iter().filter(|b| b.choice == choice).count() as u32;
    Votes { yes: n(Choice::Yes), no: n(Choice::No), abstain: n(Choice::Abstain) }
}

/// Puts a ballot in, in the same transaction as the mark that the seat has voted.
pub(in crate::domain) async fn put(act: &Act, motion: MotionId, (seat, person): (SeatId, PersonId), choice: Choice, receipt: &str) -> Result<()> {
    let unreadable = || Refusal::new("receipt_unreadable").at("receipt");
    let receipt = codes::normal(receipt).ok_or_else(unreadable)?;
    // Not drawn by lot, but copied: a second ballot under a known receipt would show whose it is.
    if Entity::find_by_id((motion, receipt.clone())).one(act.tx()).await?.is_some() {
        return Err(unreadable().into());
    }
    let row = cast::ActiveModel { motion_id: Set(motion), seat_id: Set(seat), person_id: Set(person), cast_at: Set(act.at) };
    cast::Entity::insert(row).exec_without_returning(act.tx()).await?;
    let row = ActiveModel { motion_id: Set(motion), receipt: Set(receipt), choice: Set(choice) };
    Entity::insert(row).exec_without_returning(act.tx()).await?;
    Ok(())
}
