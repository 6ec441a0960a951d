//! Votes 表决: how a count becomes an outcome (pure), and the votes cast.

pub mod owners;
pub mod secret;
pub mod tally;

use sea_orm::entity::prelude::*;

use crate::kernel::error::Result;
use crate::kernel::ids::{MotionId, PersonId, SeatId, VoteId};

vocabulary! {
    /// What a seat says.
    Choice { Yes = "yes", No = "no", Abstain = "abstain" }
}

impl From<Choice> for tally::Choice {
    fn from(c: Choice) -> Self {
        match c {
            Choice::Yes => tally::Choice::Yes,
            Choice::No => tally::Choice::No,
            Choice::Abstain => tally::Choice::Abstain,
        }
    }
}

/// The vote of one seat on one motion; cast once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "votes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VoteId,
    pub motion_id: MotionId,
    pub seat_id: SeatId,
    pub person_id: PersonId,
    pub choice: Choice,
    /// The secretary, where the hand was counted in the room.
    pub recorded_by: Option<PersonId>,
    pub cast_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Vote;

/// The votes on a motion.
pub async fn of_motion(db: &impl ConnectionTrait, id: MotionId) -> Result<Vec<Vote>> {
    Ok(Entity::find().filter(Column::MotionId.eq(id)).all(db).await?)
}
