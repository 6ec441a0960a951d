//! What each seat weighs on a motion, written down when its vote is opened: whoever grows or shrinks later changes nothing.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{Method, Motion};
use crate::domain::councils::rules::Weighing;
use crate::domain::councils::{Rules, Seat, SeatClass, Size};
use crate::domain::organisations::{self, SizeClass};
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{MotionId, SeatId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seat_weights")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub motion_id: MotionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seat_id: SeatId,
    pub weight: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What the seats weigh on a motion; none where each counts one.
pub async fn of_motion(db: &impl ConnectionTrait, motion: MotionId) -> Result<Option<HashMap<SeatId, u32>>> {
    let rows = Entity::find().filter(Column::MotionId.eq(motion)).all(db).await?;
    Ok((!rows.is_empty()).then(|| rows.into_iter().map(|r| (r.seat_id, r.weight.unsigned_abs())).collect()))
}

/// How large the enterprise of a seat is: as it says itself, else as the seat says for whom it speaks.
async fn size(act: &Act, seat: &Seat) -> Result<SizeClass> {
    let said = organisations::by_id(act.tx(), seat.organisation_id).await?.size;
    let spoken_for = seat.size.map(|s| match s {
        Size::Small => SizeClass::Small,
        Size::Medium => SizeClass::Middle,
        Size::Large => SizeClass::Large,
    });
    Ok(said.or(spoken_for).unwrap_or(SizeClass::Small))
}

/// Writes down what the seats weigh, where the rules weigh this kind of matter.
pub(super) async fn keep(act: &Act, motion: &Motion, rules: &Rules, method: Method, seats: &[Seat]) -> Result<()> {
    if rules.weighing(motion.weight) == Weighing::Seat {
        return Ok(());
    }
    if method == Method::Secret {
        // No ballot leads to a seat, and so to no weight.
        return Err(Refusal::new("weights_secret").at("method").into());
    }
    for seat in seats.iter().filter(|s| !s.vacant()) {
        let weight = if seat.class == SeatClass::Enterprise { rules.weight_of(size(act, seat).await?) } else { 1 };
        let row = ActiveModel { motion_id: Set(motion.id), seat_id: Set(seat.id), weight: Set(weight) };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
    }
    Ok(())
}
