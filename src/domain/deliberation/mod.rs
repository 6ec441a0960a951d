//! Deliberation 讨论 in between meetings: options, what the parties say beforehand, reasons for and against, which way the seats lean.
//! None of it binds; the item's papers carry it.

mod clock_ins;
mod leanings;
mod options;
mod positions;
mod remarks;

pub use clock_ins::{ClockIns, FEW, NewClockIns, give, of_item as clock_ins_of, of_items as clock_ins_of_all};
pub use leanings::{Leaning, Model as Lean, lean, of_item as leanings_of};
pub use options::{Model as Choice, NewOption, by_number as option_by_number, of_item as options_of, of_items as options_of_all, put};
pub use positions::{Model as Position, ask, by_id as position_by_id, by_number as position_by_number, of_item as positions_of, waiting_for};
pub use remarks::{Model as Remark, Stance, of_item as remarks_of, say};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::meetings::items::{self, Item, ItemState};
use super::meetings::{self, MeetingState};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};

vocabulary! {
    /// Who may take part in an item's deliberation.
    OpenTo {
        /// Whoever holds a seat, and the secretary.
        Members = "members",
        /// Everybody with a role in the building: enterprises, the property manager.
        Enterprises = "enterprises",
    }
}

/// Fails once the item is over.
fn ask_open(item: &Item) -> Result<(), Refusal> {
    if matches!(item.state, ItemState::Proposed | ItemState::Listed) { Ok(()) } else { Err(Refusal::new("item_over")) }
}

/// Fails once the notice has frozen the papers.
async fn ask_thawed(db: &impl ConnectionTrait, item: &Item) -> Result<()> {
    ask_open(item)?;
    match item.meeting_id {
        Some(id) if meetings::by_id(db, id).await?.state != MeetingState::Draft => Err(Refusal::new("papers_frozen").into()),
        _ => Ok(()),
    }
}

impl Item {
    /// Lets others than the seats take part, or no longer.
    pub async fn open_deliberation(self, act: &Act, to: OpenTo) -> Result<Item> {
        ask_open(&self)?;
        if self.open_to == to {
            return Ok(self);
        }
        let item = self.change(act, items::ActiveModel { open_to: Set(to), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::DeliberationOpened { to: to.as_str().into() }).await?;
        Ok(item)
    }
}
