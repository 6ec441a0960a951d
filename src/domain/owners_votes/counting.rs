//! What an owners' vote comes to: counted anew from roll and ballots whenever it is asked, written down once after the end.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Ballot, Column, Entity, Held, OwnersVote, Phase, hold, of_vote};
use crate::domain::journal::Entry;
use crate::domain::votes::owners::{self, Decision, OwnersCount};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Result};

/// A count and what it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub decision: Decision,
    pub count: OwnersCount,
}

/// Counts these ballots on this roll.
fn counted(vote: &OwnersVote, roll: &[Held], ballots: &[Ballot]) -> Result<Counted> {
    let units: Vec<owners::Unit> =
        roll.iter().map(|h| owners::Unit { holder: h.holder.counted(), area: h.unit.area.unsigned_abs(), parking: h.unit.parking }).collect();
    let of = |b: &Ballot| {
        let holder = roll.iter().find(|h| h.holder.id == b.holder_id).map(|h| h.holder.counted())?;
        Some(owners::Ballot { holder, choice: b.choice.into(), handed: b.handed })
    };
    let ballots: Vec<owners::Ballot> = ballots.iter().filter_map(of).collect();
    let (decision, count) = owners::count(&units, &ballots, vote.matter, vote.rules()).map_err(|e| Error::broken(e.to_string()))?;
    Ok(Counted { decision, count })
}

impl OwnersVote {
    /// What it comes to by the ballots that are in.
    pub async fn count(&self, db: &impl ConnectionTrait) -> Result<Counted> {
        counted(self, &self.roll(db).await?, &of_vote(db, self.id).await?)
    }

    /// Writes down what it came to, after its end.
    async fn settle(self, act: &Act) -> Result<OwnersVote> {
        if self.settled_at.is_some() || self.phase(act.at) != Phase::Ended {
            return Err(Error::Conflict);
        }
        let Counted { decision, count } = self.count(act.tx()).await?;
        let on = self.on_self();
        let vote = self.change(act, ActiveModel { decision: Set(Some(decision)), settled_at: Set(Some(act.at)), ..Default::default() }).await?;
        let entry = Entry::OwnersVoteCounted { number: vote.number, decision, all: count.all, part: count.part, yes: count.yes };
        act.journal(on, &entry).await?;
        Ok(vote)
    }
}

/// Votes whose time is over are written down. Gives how many. The page says the same before this has run.
pub async fn settle_due(house: &House) -> Result<usize> {
    let open = Entity::find().filter(Column::SettledAt.is_null()).filter(Column::CalledOffAt.is_null());
    let due = open.filter(Column::ClosesAt.lte(house.now())).order_by_asc(Column::ClosesAt).all(house.read()).await?;
    let mut n = 0;
    for vote in due {
        let act = house.act(Actor::System).await?;
        let vote = hold(&act, vote.building_id, vote.number).await?;
        match vote.settle(&act).await {
            Ok(_) => {
                act.commit().await?;
                n += 1;
            }
            // Another process was first.
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}
