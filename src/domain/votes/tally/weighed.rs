//! Votes weighed by enterprise: what each seat weighs is given; nobody alone has more than half.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Basis, Choice, Standing, Votes};

/// A seat that is weighed.
#[derive(Clone, Copy, Debug)]
pub struct WeighedSeat<G> {
    /// Whose it is: seats of one organisation are one.
    pub of: G,
    pub number: i32,
    pub standing: Standing,
    pub choice: Option<Choice>,
    pub weight: u32,
}

/// Votes as they weigh, within a base of which the threshold is a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// Of all eligible seats, or of those present, as the basis says; without what was left out.
    pub base: u32,
    pub votes: Votes,
    /// Left out, since one organisation alone would have had more than half of the base.
    pub capped: u32,
}

impl Weighed {
    /// Weighs seat by seat. The order of seats is of no consequence.
    pub fn of<G: Ord + Copy>(seats: impl IntoIterator<Item = WeighedSeat<G>>, basis: Basis) -> Self {
        let in_base = |s: Standing| match basis {
            Basis::All => s != Standing::Recused,
            Basis::Present => s == Standing::Present,
        };
        let mut seats: Vec<WeighedSeat<G>> = seats.into_iter().filter(|s| in_base(s.standing)).collect();
        let capped = cap(&mut seats);
        let mut weighed = Self { capped, ..Self::default() };
        for s in seats {
            weighed.base += s.weight;
            match s.choice.filter(|_| s.standing == Standing::Present) {
                Some(Choice::Yes) => weighed.votes.yes += s.weight,
                Some(Choice::No) => weighed.votes.no += s.weight,
                Some(Choice::Abstain) => weighed.votes.abstain += s.weight,
                None => {}
            }
        }
        weighed
    }
}

/// Takes from an organisation that has more than half what is above, from its heaviest seats first; each keeps one. Gives how much.
fn cap<G: Ord + Copy>(seats: &mut [WeighedSeat<G>]) -> u32 {
    let mut sums: BTreeMap<G, u32> = BTreeMap::new();
    for s in seats.iter() {
        *sums.entry(s.of).or_default() += s.weight;
    }
    let total: u32 = sums.values().sum();
    // There is one at most.
    let Some((of, sum)) = sums.into_iter().find(|(_, sum)| u64::from(*sum) * 2 > u64::from(total)) else { return 0 };
    let mut above = sum - (total - sum);
    let mut capped = 0;
    while above > 0 {
        let Some(heaviest) = seats.iter_mut().filter(|s| s.of == of && s.weight > 1).max_by_key(|s| (s.weight, s.number)) else { break };
        heaviest.weight -= 1;
        above -= 1;
        capped += 1;
    }
    capped
}
