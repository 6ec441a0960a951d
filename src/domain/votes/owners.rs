//! The count of an owners' joint decision under Civil Code art. 278, exactly, in integers.
//!
//! A counting aid and an archive: the official vote of owners is held in the city's own system where the city has one
//! (Beijing property rules art. 35, Hangzhou art. 20).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tally::Choice;

vocabulary! {
    /// The matters of Civil Code 278, in its order.
    Matter {
        /// (1) rules of the owners' assembly
        AssemblyRules = "assembly_rules",
        /// (2) covenant
        Covenant = "covenant",
        /// (3) electing the committee or replacing its members
        Committee = "committee",
        /// (4) hiring or dismissing the property manager
        Manager = "manager",
        /// (5) using the repair fund
        UseFund = "use_fund",
        /// (6) raising the repair fund
        RaiseFund = "raise_fund",
        /// (7) rebuilding
        Rebuild = "rebuild",
        /// (8) changing the use of common parts, or doing business with them
        CommonParts = "common_parts",
        /// (9) other major matters
        Other = "other",
    }
}

impl Matter {
    /// Items 6 to 8 need three quarters of those who take part; all others more than half.
    pub fn is_special(self) -> bool {
        matches!(self, Self::RaiseFund | Self::Rebuild | Self::CommonParts)
    }

    /// Its number in the article, from 1.
    pub fn number(self) -> usize {
        1 + Self::ALL.iter().position(|m| *m == self).unwrap_or_default()
    }
}

/// Who counts as one person (Supreme Court's interpretation on unit ownership, art. 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// An owner, of one unit or of many: one person. Co-owners of a unit are one holder.
    Owner(u64),
    /// The developer with all that it has not sold or not handed over: one person.
    Developer,
}

/// An exclusive unit of the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub holder: Holder,
    /// 1/100 m²: by the title register, before that the survey, before that the contract (same interpretation, art. 8).
    pub area: u64,
    /// A parking space that is an exclusive unit (art. 2).
    pub parking: bool,
}

vocabulary! {
    /// How a ballot was handed in.
    Handed {
        InPerson = "in_person",
        /// By proxy, with the principal's written opinion on the item (Shanghai property rules art. 18).
        ByProxy = "by_proxy",
        /// By proxy without that paper: void, and not taking part.
        ByProxyWithoutPaper = "by_proxy_without_paper",
    }
}

/// A ballot of a holder; a blank one that was returned is an abstention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    pub holder: Holder,
    pub choice: Choice,
    pub handed: Handed,
}

/// Settings of the building's rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnersRules {
    /// Whether parking spaces count, in area and for persons; many local rules leave them out.
    pub parking_counts: bool,
    /// Adds silent owners to the choice that leads by area and by persons. Contested since Civil Code 278.
    pub silent_follows_majority: bool,
}

/// Area in 1/100 m² and number of persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    pub area: u64,
    pub persons: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.area += other.area;
        self.persons += other.persons;
    }

    fn leads(self, other: Self) -> bool {
        self.area > other.area && self.persons > other.persons
    }

    /// Does this hold `num/den` of `whole`, by area and by persons? `strict`: more than that. The products are wide,
    /// and nothing is divided.
    fn holds(self, num: u8, den: u8, strict: bool, whole: Self) -> Share {
        let test = |part: u64, whole: u64| {
            let (left, right) = (u128::from(part) * u128::from(den), u128::from(whole) * u128::from(num));
            left > right || (!strict && left == right)
        };
        Share { num, den, strict, area: test(self.area, whole.area), persons: test(self.persons, whole.persons) }
    }
}

/// A test of a part against a whole, written out as `part × den ≥ whole × num` (or `>` when strict).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    pub num: u8,
    pub den: u8,
    /// True: more than the share; false: the share itself is enough (Civil Code 1259).
    pub strict: bool,
    /// Reached by area.
    pub area: bool,
    /// Reached by persons.
    pub persons: bool,
}

impl Share {
    /// Both by area and by persons.
    pub fn met(self) -> bool {
        self.area && self.persons
    }
}

vocabulary! {
    /// What an owners' vote came to.
    Decision {
        Passed = "passed",
        Rejected = "rejected",
        /// Fewer than two thirds took part, by area or by persons: nothing is decided.
        NoQuorum = "no_quorum",
    }
}

/// The whole count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwnersCount {
    /// All that is on the roll.
    pub all: Weight,
    /// Those taking part: `yes + no + abstain`.
    pub part: Weight,
    pub yes: Weight,
    pub no: Weight,
    /// Takes part, is not agreement.
    pub abstain: Weight,
    /// Those not taking part: `all − part`.
    pub silent: Weight,
    /// Ballots without effect.
    pub void: Void,
    /// Two thirds of all took part.
    pub participation: Share,
    /// More than half, or three quarters, of those taking part agree.
    pub agreement: Share,
    /// One owner holds everything: no assembly is formed, the owner decides (Shanghai property rules art. 13).
    pub owner_sole: bool,
    /// Silent owners were added to the majority: the page must warn that this is contested.
    pub silence_was_counted: bool,
}

/// Ballots without effect, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Void {
    /// By proxy without the principal's written opinion.
    pub without_paper: u32,
    /// Holders whose ballots contradict each other (co-owners who disagree).
    pub conflicting: u32,
    /// From somebody who is not on the roll.
    pub not_on_roll: u32,
}

/// The areas of the roll do not fit into 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the areas of the roll are too large to add up")]
pub struct RollTooLarge;

/// Counts an owners' vote. Neither the order of units nor that of ballots is of consequence, and equal ballots of one
/// holder count once.
///
/// # Errors
/// [`RollTooLarge`].
pub fn count(units: &[Unit], ballots: &[Ballot], matter: Matter, rules: OwnersRules) -> Result<(Decision, OwnersCount), RollTooLarge> {
    let mut roll: BTreeMap<Holder, u64> = BTreeMap::new();
    let mut all = Weight::default();
    for unit in units.iter().filter(|unit| rules.parking_counts || !unit.parking) {
        all.area = all.area.checked_add(unit.area).ok_or(RollTooLarge)?;
        *roll.entry(unit.holder).or_default() += unit.area;
    }
    all.persons = roll.len() as u64;

    let (choices, void) = valid(&roll, ballots);
    let (mut yes, mut no, mut abstain) = (Weight::default(), Weight::default(), Weight::default());
    for (holder, choice) in choices {
        let weight = Weight { area: roll.get(&holder).copied().unwrap_or_default(), persons: 1 };
        match choice {
            Choice::Yes => yes.add(weight),
            Choice::No => no.add(weight),
            Choice::Abstain => abstain.add(weight),
        }
    }
    let sum = |parts: [Weight; 3]| parts.into_iter().fold(Weight::default(), |mut sum, w| (sum.add(w), sum).1);
    let cast = sum([yes, no, abstain]);
    let mut silent = Weight { area: all.area - cast.area, persons: all.persons - cast.persons };
    let mut silence_was_counted = false;
    if rules.silent_follows_majority && silent.persons > 0 {
        let leader = match () {
            () if yes.leads(no) && yes.leads(abstain) => Some(&mut yes),
            () if no.leads(yes) && no.leads(abstain) => Some(&mut no),
            () if abstain.leads(yes) && abstain.leads(no) => Some(&mut abstain),
            () => None, // area and persons disagree: there is no majority to follow
        };
        if let Some(leader) = leader {
            leader.add(std::mem::take(&mut silent));
            silence_was_counted = true;
        }
    }

    let part = sum([yes, no, abstain]);
    let participation = part.holds(2, 3, false, all);
    let agreement = if matter.is_special() { yes.holds(3, 4, false, part) } else { yes.holds(1, 2, true, part) };
    let decision = match (participation.met() && part.persons > 0, agreement.met()) {
        (false, _) => Decision::NoQuorum,
        (true, true) => Decision::Passed,
        (true, false) => Decision::Rejected,
    };
    let owner_sole = all.persons == 1;
    let count = OwnersCount { all, part, yes, no, abstain, silent, void, participation, agreement, owner_sole, silence_was_counted };
    Ok((decision, count))
}

/// One choice per holder, and what is void.
fn valid(roll: &BTreeMap<Holder, u64>, ballots: &[Ballot]) -> (BTreeMap<Holder, Choice>, Void) {
    let mut void = Void::default();
    // None: the holder's ballots contradict each other.
    let mut choices: BTreeMap<Holder, Option<Choice>> = BTreeMap::new();
    for ballot in ballots {
        if !roll.contains_key(&ballot.holder) {
            void.not_on_roll += 1;
        } else if ballot.handed == Handed::ByProxyWithoutPaper {
            void.without_paper += 1;
        } else {
            let choice = choices.entry(ballot.holder).or_insert(Some(ballot.choice));
            if *choice != Some(ballot.choice) {
                *choice = None;
            }
        }
    }
    void.conflicting = choices.values().filter(|choice| choice.is_none()).count() as u32;
    (choices.into_iter().filter_map(|(holder, choice)| Some((holder, choice?))).collect(), void)
}
