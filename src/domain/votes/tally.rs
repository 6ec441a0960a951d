//! The count of a council's vote: whether a motion carries, with every number of the sum that shows it.
//!
//! Defaults follow the rules for owners' committees by analogy (Shanghai property rules art. 26: quorum more than
//! half, decision by more than half of **all** members); each is a setting of the council's rules of procedure.

mod threshold;
mod weighed;

use serde::{Deserialize, Serialize};

pub use threshold::Threshold;
pub use weighed::{Weighed, WeighedSeat};

/// Of what the threshold is a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Of all eligible seats, absent ones included.
    All,
    /// Of the eligible seats present.
    Present,
}

/// The rules that a count needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Of what `threshold` is a share.
    pub basis: Basis,
    /// The share in favour that carries a motion.
    pub threshold: Threshold,
    /// The share of the eligible seats that must be present at the vote; by default more than half.
    pub quorum: Threshold,
    /// Whether a seat may be represented by another; by default not.
    pub allow_proxy: bool,
}

impl Default for Procedure {
    fn default() -> Self {
        Self { basis: Basis::All, threshold: Threshold::MAJORITY, quorum: Threshold::MAJORITY, allow_proxy: false }
    }
}

/// What a seat said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Yes,
    No,
    Abstain,
}

/// Where a seat is **at the moment of the vote**: quorum is tested then, not at the opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the room or on the line, in person or by its standing deputy.
    Present,
    /// Represented by another seat.
    ByProxy,
    Absent,
    /// Has a direct interest: leaves the eligible seats, whether it sits in the room or not, and its vote is nothing.
    Recused,
}

/// Votes by choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Votes {
    pub yes: u32,
    pub no: u32,
    pub abstain: u32,
}

impl Votes {
    /// All votes, abstentions included.
    pub fn cast(self) -> u32 {
        self.yes + self.no + self.abstain
    }

    fn add(&mut self, choice: Choice) {
        match choice {
            Choice::Yes => self.yes += 1,
            Choice::No => self.no += 1,
            Choice::Abstain => self.abstain += 1,
        }
    }
}

/// What is counted. Vacant seats are not seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Occupied seats of the council.
    pub seats: u32,
    /// Seats that are recused in this matter.
    pub recused: u32,
    /// Eligible seats present at the vote, without those represented.
    pub present: u32,
    /// Eligible seats represented by proxy.
    pub proxies: u32,
    /// Votes of the seats present.
    pub votes: Votes,
    /// Votes by proxy: nothing where the rules do not allow proxies.
    pub proxy_votes: Votes,
    /// Objections when the chair asked for consensus; None when the chair did not ask.
    pub objections: Option<u32>,
    /// Where the rules weigh votes by enterprise; None: each seat counts one.
    pub weighed: Option<Weighed>,
}

impl Count {
    /// Counts seat by seat. The order of seats is of no consequence; what an absent or a recused seat may have sent is
    /// not counted.
    pub fn of(seats: impl IntoIterator<Item = (Standing, Option<Choice>)>) -> Self {
        let mut count = Self::default();
        for (standing, choice) in seats {
            count.seats += 1;
            let votes = match standing {
                Standing::Present => {
                    count.present += 1;
                    &mut count.votes
                }
                Standing::ByProxy => {
                    count.proxies += 1;
                    &mut count.proxy_votes
                }
                Standing::Recused => {
                    count.recused += 1;
                    continue;
                }
                Standing::Absent => continue,
            };
            if let Some(choice) = choice {
                votes.add(choice);
            }
        }
        count
    }

    /// Records what the chair heard when asking for consensus.
    #[must_use]
    pub fn asked_for_consensus(mut self, objections: u32) -> Self {
        self.objections = Some(objections);
        self
    }

    /// The outcome under the rules, with its sum.
    ///
    /// # Errors
    /// [`TallyFault`] where the numbers contradict each other: such a count must be repeated, not interpreted.
    pub fn outcome(&self, procedure: &Procedure) -> Result<(Outcome, Arithmetic), TallyFault> {
        let sum = self.sum(procedure)?;
        let outcome = if u64::from(sum.eligible) * 2 <= u64::from(sum.seats) {
            Outcome::Escalated
        } else if sum.present < sum.quorum {
            Outcome::NoQuorum
        } else if self.objections == Some(0) && sum.votes.cast() == 0 {
            Outcome::Consensus
        } else if sum.reached() {
            Outcome::Passed
        } else {
            Outcome::Rejected
        };
        Ok((outcome, sum))
    }

    fn sum(&self, procedure: &Procedure) -> Result<Arithmetic, TallyFault> {
        let wide = |numbers: &[u32]| numbers.iter().copied().map(u64::from).sum::<u64>();
        if wide(&[self.recused, self.present, self.proxies]) > u64::from(self.seats) {
            return Err(TallyFault::MoreThanSeats);
        }
        let within = |v: Votes, seats: u32| wide(&[v.yes, v.no, v.abstain]) <= u64::from(seats);
        if !within(self.votes, self.present) || !within(self.proxy_votes, self.proxies) {
            return Err(TallyFault::MoreThanPresent);
        }
        let (mut present, mut votes) = (self.present, self.votes);
        if procedure.allow_proxy {
            present += self.proxies;
            votes.yes += self.proxy_votes.yes;
            votes.no += self.proxy_votes.no;
            votes.abstain += self.proxy_votes.abstain;
        }
        let eligible = self.seats - self.recused;
        let base = match procedure.basis {
            Basis::All => eligible,
            Basis::Present => present,
        };
        let base = self.weighed.map_or(base, |w| w.base);
        if self.weighed.is_some_and(|w| w.votes.cast() > w.base) {
            return Err(TallyFault::MoreThanPresent);
        }
        Ok(Arithmetic {
            seats: self.seats,
            recused: self.recused,
            eligible,
            present,
            absent: eligible - present,
            quorum: procedure.quorum.needed(eligible),
            basis: procedure.basis,
            base,
            threshold: procedure.threshold,
            needed: procedure.threshold.needed(base),
            votes,
            silent: present - votes.cast(),
            objections: self.objections,
            weighed: self.weighed,
        })
    }
}

/// What a vote came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Carried by vote.
    Passed,
    /// Not carried. A tie is not carried, and the chair has no casting vote.
    Rejected,
    /// Too few eligible seats present at the vote: nothing is decided.
    NoQuorum,
    /// Half of the seats or fewer are eligible after recusals: the matter goes to the street office.
    Escalated,
    /// The chair asked, nobody objected, no vote was needed.
    Consensus,
}

/// Every number of the written-out sum: `13席 − 1回避 = 12有权 → 过半要7 ≤ 9赞成` is `seats − recused = eligible →
/// needed ≤ votes.yes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Arithmetic {
    /// Occupied seats.
    pub seats: u32,
    /// Seats recused.
    pub recused: u32,
    /// Seats that may vote: `seats − recused`.
    pub eligible: u32,
    /// Eligible seats present, represented ones included where the rules allow it.
    pub present: u32,
    /// `eligible − present`.
    pub absent: u32,
    /// Present seats that a decision needs, a share of `eligible`.
    pub quorum: u32,
    /// What `base` counts.
    pub basis: Basis,
    /// The number of which `threshold` is a share.
    pub base: u32,
    /// The share that carries.
    pub threshold: Threshold,
    /// Votes in favour that carry.
    pub needed: u32,
    /// Votes that count.
    pub votes: Votes,
    /// Present seats that gave no vote: `present − votes`.
    pub silent: u32,
    /// Objections to consensus, if the chair asked; recorded also when a vote then carried.
    pub objections: Option<u32>,
    /// Where votes are weighed: then `base` and `needed` are of these.
    pub weighed: Option<Weighed>,
}

impl Arithmetic {
    /// Whether so many are in favour as carry.
    pub fn reached(&self) -> bool {
        self.weighed.map_or(self.votes, |w| w.votes).yes >= self.needed
    }
}

/// Numbers that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TallyFault {
    /// Recused, present and represented seats are more than there are seats.
    #[error("more seats present or recused than there are")]
    MoreThanSeats,
    /// There are more votes than seats present (or represented) to cast them.
    #[error("more votes than seats present")]
    MoreThanPresent,
}
