//! The vote on a motion: opening, casting, objecting, closing.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Method, Model, Motion, MotionState, Outcome, Upon, by_id, hold, of_item, tasks_of, weights};
use crate::domain::councils::{Seat, SeatClass};
use crate::domain::issues;
use crate::domain::journal::{Arithmetic, Entry, Weights};
use crate::domain::meetings::items::{Item, ItemState};
use crate::domain::meetings::presence::{self, Ground};
use crate::domain::meetings::{Meeting, MeetingKind, MeetingState};
use crate::domain::resolutions::{self, Resolution};
use crate::domain::undertakings;
use crate::domain::votes::tally::{Standing, Votes};
use crate::domain::votes::{self, Choice, secret};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{PersonId, VoteId};

/// How a vote reaches the count.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// A member's own hand.
    Own,
    /// The secretary counted hands in the room.
    Secretary,
    /// A member's own hand in a secret vote, with the receipt that was drawn for it.
    Secretly(&'a str),
}

impl Model {
    /// Opens the vote. An enterprise that must sign an undertaking on this item is recused; a resolution needs at least one
    /// undertaking or task, or else says why nobody has to act. Amendments are voted on before what they change.
    pub async fn open(self, act: &Act, method: Method) -> Result<Motion> {
        let (item, meeting) = self.meeting(act.tx()).await?;
        if meeting.state != MeetingState::Open {
            return Err(Refusal::new("meeting_not_open").into());
        }
        let meeting = meeting.take_up(act, &item).await?;
        let motion = self.put_to_vote(act, &item, &meeting, method).await?;
        meeting.tell_members(act, "vote_open").await?;
        Ok(motion)
    }

    pub(in crate::domain) async fn put_to_vote(self, act: &Act, item: &Item, meeting: &Meeting, method: Method) -> Result<Motion> {
        if self.state != MotionState::Draft || item.state != ItemState::Listed {
            return Err(Refusal::new("motion_state").into());
        }
        let others = of_item(act.tx(), item.id).await?;
        if meeting.kind != MeetingKind::Written && others.iter().any(|m| m.state == MotionState::Open) {
            return Err(Refusal::new("vote_running").into());
        }
        if others.iter().any(|m| m.amends_id == Some(self.id) && matches!(m.state, MotionState::Draft | MotionState::Open)) {
            return Err(Refusal::new("amendments_first").into());
        }
        let asked: Vec<_> = undertakings::of_item(act.tx(), item.id).await?.into_iter().filter(|u| u.state.counts()).collect();
        let explained = !self.no_action_because.is_empty() || self.upon == Some(Upon::Confirms) || self.amends_id.is_some();
        if asked.is_empty() && !explained && tasks_of(act.tx(), self.id).await?.is_empty() {
            return Err(Refusal::new("no_action_unexplained").into());
        }
        let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
        weights::keep(act, &self, &meeting.rules(act.tx()).await?, method, &seats).await?;
        for seat in seats {
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
    pub async fn cast(&self, act: &Act, seat: &Seat, person: PersonId, choice: Choice, by: By<'_>) -> Result<()> {
        // A vote and the closing of the vote wait for one another: none is cast that is not counted.
        let motion = hold(act, self.id).await?;
        let (item, meeting) = motion.meeting(act.tx()).await?;
        if motion.state != MotionState::Open || !meeting.takes_votes(act.at) {
            return Err(Refusal::new("vote_closed").into());
        }
        let roll = motion.roll(act.tx()).await?;
        let (_, standing, _) = roll.seats.iter().find(|(s, ..)| s.id == seat.id).ok_or_else(|| Refusal::new("no_seat"))?;
        if *standing == Standing::Recused {
            return Err(Refusal::new("seat_recused").into());
        }
        if roll.has_voted(seat.id) {
            return Err(Refusal::new("vote_cast").into());
        }
        if meeting.kind == MeetingKind::Written {
            if !seat.of_person(person) {
                return Err(Refusal::new("no_seat").into());
            }
        } else {
            let sitting = presence::present(act.tx(), meeting.id).await?.into_iter().find(|a| a.seat_id == seat.id);
            let sitting = sitting.ok_or_else(|| Refusal::new("not_present"))?;
            if sitting.person_id != person {
                return Err(Refusal::new("holder_present").into());
            }
        }
        match (motion.method, by) {
            (Method::Secret, By::Secretly(receipt)) => secret::put(act, self.id, (seat.id, person), choice, receipt).await?,
            // Nobody's hand is counted in a secret vote, and nobody's name goes beside a ballot.
            (Method::Secret, By::Secretary | By::Own) | (_, By::Secretly(_)) => return Err(Refusal::new("vote_secret").into()),
            (_, by) => {
                let row = votes::ActiveModel {
                    id: Set(VoteId(act.fresh())),
                    motion_id: Set(self.id),
                    seat_id: Set(seat.id),
                    person_id: Set(person),
                    choice: Set(choice),
                    recorded_by: Set(if matches!(by, By::Secretary) { act.actor.person() } else { None }),
                    cast_at: Set(act.at),
                };
                votes::Entity::insert(row).exec_without_returning(act.tx()).await?;
            }
        }
        act.journal(item.on_self(act).await?, &Entry::VoteCast { seat: seat.number, by_hand: matches!(by, By::Secretary) }).await?;
        Ok(())
    }

    /// Closes the vote and says what it came to, with its sum. A carried motion becomes a resolution at once; a carried amendment
    /// changes what it amends.
    pub async fn close(self, act: &Act, objections: u32) -> Result<(Motion, Option<Resolution>)> {
        hold(act, self.id).await?;
        if self.state != MotionState::Open {
            return Err(Refusal::new("motion_state").into());
        }
        let (item, meeting) = self.meeting(act.tx()).await?;
        let rules = meeting.rules(act.tx()).await?;
        let objections = objections.max(self.objections.unsigned_abs());
        let roll = self.roll(act.tx()).await?;
        if meeting.kind == MeetingKind::Written && meeting.takes_votes(act.at) && !roll.everybody_has_voted() {
            return Err(Refusal::new("written_runs").into());
        }
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
            weight_base: Set(sum.weighed.map(|w| n(w.base))),
            weight_yes: Set(sum.weighed.map(|w| n(w.votes.yes))),
            weight_no: Set(sum.weighed.map(|w| n(w.votes.no))),
            weight_abstain: Set(sum.weighed.map(|w| n(w.votes.abstain))),
            weight_capped: Set(sum.weighed.map(|w| n(w.capped))),
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
            weights: sum.weighed.map(|w| {
                let Votes { yes, no, abstain } = w.votes;
                Weights { base: n(w.base), yes: n(yes), no: n(no), abstain: n(abstain), capped: n(w.capped) }
            }),
        };
        act.journal(item.on_self(act).await?, &Entry::VoteClosed { number: motion.number, outcome, sum }).await?;
        if !outcome.carried() {
            return Ok((motion, None));
        }
        if let Some(id) = motion.amends_id {
            by_id(act.tx(), id).await?.amend(act, &item, &motion).await?;
            return Ok((motion, None));
        }
        let issue = match item.issue_id {
            Some(id) => Some(issues::hold_by_id(act, id).await?),
            None => None,
        };
        let item = item.decided(act).await?;
        let resolution = Box::pin(resolutions::adopt(act, &meeting, &item, &motion, issue.as_ref(), sum)).await?;
        Ok((motion, Some(resolution)))
    }
}
