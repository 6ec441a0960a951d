//! The vote on a motion: where the seats stand, opening, casting, objecting, closing.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Method, Model, Motion, MotionState, Outcome, hold, of_item};
use crate::domain::councils::{Seat, SeatClass};
use crate::domain::issues;
use crate::domain::journal::{Arithmetic, Entry};
use crate::domain::meetings::MeetingState;
use crate::domain::meetings::items::ItemState;
use crate::domain::meetings::presence::{self, Ground};
use crate::domain::resolutions::{self, Resolution};
use crate::domain::undertakings;
use crate::domain::votes::tally::{self, Count, Standing};
use crate::domain::votes::{self, Choice};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{PersonId, VoteId};

/// Where the seats of a council stand on a motion now.
pub struct Roll {
    /// Each occupied seat with its standing and what it said.
    pub seats: Vec<(Seat, Standing, Option<Choice>)>,
}

impl Roll {
    /// What would be counted if the vote closed now.
    pub fn count(&self) -> Count {
        Count::of(self.seats.iter().map(|(_, standing, choice)| (*standing, choice.map(Into::into))))
    }
}

impl Model {
    /// The count with which the vote was closed.
    pub fn counted(&self) -> Option<Count> {
        let n = |x: Option<i32>| x.map(i32::unsigned_abs);
        Some(Count {
            seats: n(self.seats)?,
            recused: n(self.recused)?,
            present: n(self.present)?,
            votes: tally::Votes { yes: n(self.yes)?, no: n(self.no)?, abstain: n(self.abstain)? },
            objections: (self.method == Method::Consensus).then_some(self.objections.unsigned_abs()),
            ..Count::default()
        })
    }

    /// The seats as they stand at this moment; once the vote is closed, as they stood then.
    pub async fn roll(&self, db: &impl ConnectionTrait) -> Result<Roll> {
        let (item, meeting) = self.meeting(db).await?;
        let council = meeting.council(db).await?;
        let (seats, present) = match self.closed_at {
            None => (council.seats(db).await?, presence::present(db, meeting.id).await?),
            Some(then) => (council.seats_at(db, then).await?, presence::present_at(db, meeting.id, then).await?),
        };
        let recused = presence::recusals(db, item.id).await?;
        let cast = votes::of_motion(db, self.id).await?;
        let seats = seats
            .into_iter()
            .filter(|s| !s.vacant())
            .map(|s| {
                let standing = if recused.iter().any(|r| r.seat_id == s.id) {
                    Standing::Recused
                } else if present.iter().any(|a| a.seat_id == s.id) {
                    Standing::Present
                } else {
                    Standing::Absent
                };
                let choice = cast.iter().find(|v| v.seat_id == s.id).map(|v| v.choice);
                (s, standing, choice)
            })
            .collect();
        Ok(Roll { seats })
    }

    /// Opens the vote. An enterprise that must sign an undertaking on this item is recused; a resolution needs at least one
    /// undertaking, or else its words say why nobody has to act.
    pub async fn open(self, act: &Act, method: Method) -> Result<Motion> {
        let (item, meeting) = self.meeting(act.tx()).await?;
        if meeting.state != MeetingState::Open {
            return Err(Refusal::new("meeting_not_open").into());
        }
        if self.state != MotionState::Draft || item.state != ItemState::Listed {
            return Err(Refusal::new("motion_state").into());
        }
        if of_item(act.tx(), item.id).await?.iter().any(|m| m.state == MotionState::Open) {
            return Err(Refusal::new("vote_running").into());
        }
        let asked: Vec<_> = undertakings::of_item(act.tx(), item.id).await?.into_iter().filter(|u| u.state.counts()).collect();
        if asked.is_empty() && self.reasons.is_empty() {
            return Err(Refusal::new("no_action_unexplained").into());
        }
        for seat in meeting.council(act.tx()).await?.seats(act.tx()).await? {
            // A tenant that must act is a party to the matter and leaves the count; the property manager acts for the
            // building, and keeps its vote unless it declares an interest.
            let party = seat.class == SeatClass::Enterprise;
            if party && asked.iter().any(|u| u.organisation_id == seat.organisation_id) {
                item.recuse(act, &seat, Ground::MustSign).await?;
            }
        }
        let set = ActiveModel { state: Set(MotionState::Open), method: Set(method), opened_at: Set(Some(act.at)), ..Default::default() };
        let motion = self.change(act, set).await?;
        act.journal(item.on_self(act).await?, &Entry::VoteOpened { number: motion.number }).await?;
        meeting.tell_members(act, "vote_open").await?;
        Ok(motion)
    }

    /// The chair asked for consensus and heard objections: they stay on the record, and the seats vote.
    pub async fn object(self, act: &Act, objections: u32) -> Result<Motion> {
        let (item, _) = self.meeting(act.tx()).await?;
        let heard = i32::try_from(objections).ok().filter(|n| (1..=99).contains(n)).ok_or_else(|| Refusal::new("unreadable").at("objections"))?;
        if self.state != MotionState::Open || self.method != Method::Consensus {
            return Err(Refusal::new("motion_state").into());
        }
        let motion = self.change(act, ActiveModel { objections: Set(heard), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::ObjectionHeard { number: motion.number, objections: heard }).await?;
        Ok(motion)
    }

    /// A seat votes, once, by its own person or by the secretary's hand.
    pub async fn cast(&self, act: &Act, seat: &Seat, person: PersonId, choice: Choice, by_hand: bool) -> Result<()> {
        // A vote and the closing of the vote wait for one another: none is cast that is not counted.
        let motion = hold(act, self.id).await?;
        let (item, meeting) = motion.meeting(act.tx()).await?;
        if motion.state != MotionState::Open || meeting.state != MeetingState::Open {
            return Err(Refusal::new("vote_closed").into());
        }
        let roll = self.roll(act.tx()).await?;
        let (_, standing, said) = roll.seats.iter().find(|(s, ..)| s.id == seat.id).ok_or_else(|| Refusal::new("no_seat"))?;
        match standing {
            Standing::Recused => return Err(Refusal::new("seat_recused").into()),
            Standing::Absent => return Err(Refusal::new("not_present").into()),
            Standing::Present | Standing::ByProxy => {}
        }
        let sitting = presence::present(act.tx(), meeting.id).await?.into_iter().find(|a| a.seat_id == seat.id);
        if sitting.is_none_or(|a| a.person_id != person) {
            return Err(Refusal::new("holder_present").into());
        }
        if said.is_some() {
            return Err(Refusal::new("vote_cast").into());
        }
        let row = votes::ActiveModel {
            id: Set(VoteId(act.fresh())),
            motion_id: Set(self.id),
            seat_id: Set(seat.id),
            person_id: Set(person),
            choice: Set(choice),
            recorded_by: Set(if by_hand { act.actor.person() } else { None }),
            cast_at: Set(act.at),
        };
        votes::Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(item.on_self(act).await?, &Entry::VoteCast { seat: seat.number, by_hand }).await?;
        Ok(())
    }

    /// Closes the vote and says what it came to, with its sum. A carried motion becomes a resolution at once.
    pub async fn close(self, act: &Act, objections: u32) -> Result<(Motion, Option<Resolution>)> {
        hold(act, self.id).await?;
        if self.state != MotionState::Open {
            return Err(Refusal::new("motion_state").into());
        }
        let (item, meeting) = self.meeting(act.tx()).await?;
        let rules = meeting.rules(act.tx()).await?;
        let objections = objections.max(self.objections.unsigned_abs());
        let roll = self.roll(act.tx()).await?;
        let mut count = roll.count();
        if self.method == Method::Consensus {
            count = count.asked_for_consensus(objections);
        }
        let (outcome, sum) = count.outcome(&rules.procedure(self.weight)?).map_err(|e| Error::broken(e.to_string()))?;
        let outcome = Outcome::from(outcome);
        let n = |x: u32| x as i32;
        let set = ActiveModel {
            state: Set(MotionState::Closed),
            outcome: Set(Some(outcome)),
            seats: Set(Some(n(sum.seats))),
            recused: Set(Some(n(sum.recused))),
            present: Set(Some(n(sum.present))),
            yes: Set(Some(n(sum.votes.yes))),
            no: Set(Some(n(sum.votes.no))),
            abstain: Set(Some(n(sum.votes.abstain))),
            objections: Set(n(objections)),
            closed_at: Set(Some(act.at)),
            ..Default::default()
        };
        let motion = self.change(act, set).await?;
        let sum = Arithmetic {
            seats: n(sum.seats),
            recused: n(sum.recused),
            present: n(sum.present),
            needed: n(sum.needed),
            yes: n(sum.votes.yes),
            no: n(sum.votes.no),
            abstain: n(sum.votes.abstain),
            objections: n(objections),
        };
        act.journal(item.on_self(act).await?, &Entry::VoteClosed { number: motion.number, outcome, sum }).await?;
        if !outcome.carried() {
            return Ok((motion, None));
        }
        let issue = match item.issue_id {
            Some(id) => Some(issues::hold_by_id(act, id).await?),
            None => None,
        };
        let item = item.decided(act).await?;
        let resolution = resolutions::adopt(act, &meeting, &item, &motion, issue.as_ref(), sum).await?;
        Ok((motion, Some(resolution)))
    }
}
