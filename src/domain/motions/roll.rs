//! Where the seats of a council stand on a motion.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;

use super::{Method, Model, weights};
use crate::domain::councils::Seat;
use crate::domain::meetings::{MeetingKind, presence};
use crate::domain::votes::tally::{self, Basis, Count, Standing, Weighed, WeighedSeat};
use crate::domain::votes::{self, Choice, secret};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganisationId, SeatId};

/// Where the seats of a council stand on a motion now.
pub struct Roll {
    /// Each occupied seat with its standing and what it said; what it said in a secret vote is nowhere.
    pub seats: Vec<(Seat, Standing, Option<Choice>)>,
    /// Of a secret vote: which seats have voted, and what all of them said.
    secret: Option<(Vec<SeatId>, tally::Votes)>,
    /// Where votes are weighed: of which base, and what each seat weighs.
    weights: Option<(Basis, HashMap<SeatId, u32>)>,
}

impl Roll {
    /// What would be counted if the vote closed now.
    pub fn count(&self) -> Count {
        let mut count = Count::of(self.seats.iter().map(|(_, standing, choice)| (*standing, choice.map(Into::into))));
        if let Some((_, votes)) = &self.secret {
            count.votes = *votes;
        }
        count.weighed = self.weights.as_ref().map(|(basis, _)| Weighed::of(self.weighed_seats(), *basis));
        count
    }

    /// What a seat weighs, where votes are weighed; a seat that was added meanwhile weighs one.
    pub fn weight(&self, seat: SeatId) -> Option<u32> {
        self.weights.as_ref().map(|(_, all)| all.get(&seat).copied().unwrap_or(1))
    }

    fn weighed_seats(&self) -> impl Iterator<Item = WeighedSeat<OrganisationId>> {
        self.seats.iter().map(|(seat, standing, choice)| WeighedSeat {
            of: seat.organisation_id,
            number: seat.number,
            standing: *standing,
            choice: choice.map(Into::into),
            weight: self.weight(seat.id).unwrap_or(1),
        })
    }

    /// Whether a seat has voted.
    pub fn has_voted(&self, seat: SeatId) -> bool {
        match &self.secret {
            Some((cast, _)) => cast.contains(&seat),
            None => self.seats.iter().any(|(s, _, choice)| s.id == seat && choice.is_some()),
        }
    }

    /// How many seats that count have voted.
    pub fn cast(&self) -> usize {
        self.seats.iter().filter(|(s, standing, _)| *standing == Standing::Present && self.has_voted(s.id)).count()
    }

    /// Nobody's vote is missing.
    pub fn everybody_has_voted(&self) -> bool {
        self.seats.iter().all(|(s, standing, _)| *standing == Standing::Recused || self.has_voted(s.id))
    }

    /// Nobody learns who said what.
    pub fn is_secret(&self) -> bool {
        self.secret.is_some()
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
            weighed: self.weighed(),
            ..Count::default()
        })
    }

    /// The weights with which the vote was closed.
    fn weighed(&self) -> Option<Weighed> {
        let n = |x: Option<i32>| x.map(i32::unsigned_abs);
        let votes = tally::Votes { yes: n(self.weight_yes)?, no: n(self.weight_no)?, abstain: n(self.weight_abstain)? };
        Some(Weighed { base: n(self.weight_base)?, votes, capped: n(self.weight_capped)? })
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
        let secret = match self.method {
            Method::Secret => Some((secret::seats(db, self.id).await?, secret::sum(&secret::ballots(db, self.id).await?))),
            _ => None,
        };
        let weights = match weights::of_motion(db, self.id).await? {
            Some(all) => Some((meeting.rules(db).await?.procedure(self.weight)?.basis, all)),
            None => None,
        };
        let written = meeting.kind == MeetingKind::Written;
        let seats = seats
            .into_iter()
            .filter(|s| !s.vacant())
            .map(|s| {
                let choice = cast.iter().find(|v| v.seat_id == s.id).map(|v| v.choice);
                let voted = choice.is_some() || secret.as_ref().is_some_and(|(seats, _)| seats.contains(&s.id));
                // A secret ballot cannot be taken out of the count again: whoever has cast one stays in it, gone or not. In a written
                // procedure whoever votes takes part.
                let there = if written || secret.is_some() { voted } else { false };
                let standing = if recused.iter().any(|r| r.seat_id == s.id) {
                    Standing::Recused
                } else if there || (!written && present.iter().any(|a| a.seat_id == s.id)) {
                    Standing::Present
                } else {
                    Standing::Absent
                };
                (s, standing, choice)
            })
            .collect();
        Ok(Roll { seats, secret, weights })
    }
}
