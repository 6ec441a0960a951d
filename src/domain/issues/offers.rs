//! Offers whose time is over: a matter offered to another organisation that said nothing.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Issue, by_id};
use crate::domain::hand_overs::{self, HandOverState};
use crate::domain::journal::Entry;
use crate::domain::persons;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};

/// Ends the offers that were neither taken nor refused in their time: the giver stays responsible, as before, and is
/// told. Silence is no refusal, so it does not count as one. Gives how many.
pub async fn offers_lapse_due(house: &House) -> Result<usize> {
    let over = Entity::find().filter(Column::OfferedUntil.lte(house.now()));
    let mut n = 0;
    for issue in over.order_by_asc(Column::OfferedUntil).all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let issue = by_id(act.tx(), issue.id).await?;
        match issue.offer_lapses(&act).await {
            Ok(true) => {
                act.commit().await?;
                n += 1;
            }
            Ok(false) | Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

impl Issue {
    /// Takes back an offer that nobody has answered yet; those to whom it was made are told.
    pub async fn take_offer_back(self, act: &Act) -> Result<Issue> {
        self.ask_holder(act)?;
        let to = self.offered_to_id.ok_or_else(|| Refusal::new("nothing_offered"))?;
        let asked = hand_overs::end_open(act, self.id, HandOverState::TakenBack).await?;
        let set = ActiveModel { offered_to_id: Set(None), offered_until: Set(None), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::OfferTakenBack { to }).await?;
        if let Some(asked) = asked {
            issue.item_comes_back(act, &asked).await?;
        }
        issue.tell(act, "transfer_taken_back", persons::of_organisation(act.tx(), to).await?).await?;
        Ok(issue)
    }

    async fn offer_lapses(self, act: &Act) -> Result<bool> {
        let (Some(by), Some(until)) = (self.offered_to_id, self.offered_until) else { return Ok(false) };
        if until > act.at {
            return Ok(false);
        }
        let asked = hand_overs::end_open(act, self.id, HandOverState::Lapsed).await?;
        let set = ActiveModel { offered_to_id: Set(None), offered_until: Set(None), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TransferLapsed { by }).await?;
        if let Some(asked) = asked {
            issue.item_comes_back(act, &asked).await?;
        }
        issue.tell_holder(act, "transfer_lapsed").await?;
        Ok(true)
    }
}
