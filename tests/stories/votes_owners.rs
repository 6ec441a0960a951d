//! Counting an owners' joint decision.

use louyi::domain::votes::owners::{self, Ballot, Decision, Handed, Holder, Matter, OwnersRules, Unit};
use louyi::domain::votes::tally::Choice::{self, Abstain as A, No as N, Yes as Y};
use proptest::prelude::*;

const SAME: OwnersRules = OwnersRules { parking_counts: true, silent_follows_majority: false };

fn unit(owner: u64, area: u64) -> Unit {
    Unit { holder: Holder::Owner(owner), area, parking: false }
}

/// Units of different owners 0, 1, 2, ….
fn units(areas: &[u64]) -> Vec<Unit> {
    areas.iter().enumerate().map(|(i, area)| unit(i as u64, *area)).collect()
}

/// Votes of owners `first`, `first + 1`, …: `runs` of so many of a choice.
fn votes(first: u64, runs: &[(usize, Choice)]) -> Vec<Ballot> {
    let choices = runs.iter().flat_map(|(n, choice)| std::iter::repeat_n(*choice, *n));
    choices.zip(first..).map(|(choice, owner)| Ballot { holder: Holder::Owner(owner), choice, handed: Handed::InPerson }).collect()
}

#[track_caller]
fn check(name: &str, roll: &[Unit], ballots: &[Ballot], matter: Matter, numbers: [(u64, u64); 3], expected: Decision) {
    let (decision, count) = owners::count(roll, ballots, matter, SAME).expect("a roll that adds up");
    let got = [count.all, count.part, count.yes].map(|w| (w.area, w.persons));
    assert_eq!((decision, got), (expected, numbers), "{name}");
}

#[test]
fn owners_o01_to_o07_equal_units() {
    use Decision::{NoQuorum, Passed, Rejected};
    let (nine, twelve) = (units(&[10_000; 9]), units(&[10_000; 12]));
    let ordinary = |name: &str, runs: &[(usize, Choice)], part, yes, expected| {
        check(name, &nine, &votes(0, runs), Matter::Manager, [(90_000, 9), part, yes], expected);
    };
    ordinary("O01", &[(4, Y), (2, N)], (60_000, 6), (40_000, 4), Passed);
    ordinary("O02", &[(5, Y)], (50_000, 5), (50_000, 5), NoQuorum);
    ordinary("O03", &[(3, Y), (3, N)], (60_000, 6), (30_000, 3), Rejected);
    ordinary("O04", &[(3, Y), (3, A)], (60_000, 6), (30_000, 3), Rejected);
    ordinary("O05", &[(4, Y), (1, N), (4, A)], (90_000, 9), (40_000, 4), Rejected);
    let special = |name: &str, runs: &[(usize, Choice)], part, yes, expected| {
        check(name, &twelve, &votes(0, runs), Matter::CommonParts, [(120_000, 12), part, yes], expected);
    };
    special("O06", &[(6, Y), (2, N)], (80_000, 8), (60_000, 6), Passed);
    special("O07", &[(8, Y), (3, N)], (110_000, 11), (80_000, 8), Rejected);
}

#[test]
fn owners_o08_to_o12_one_person_with_many_units() {
    use Decision::{NoQuorum, Passed, Rejected};
    let big: Vec<Unit> = [unit(0, 20_000); 6].into_iter().chain((1..=9).map(|o| unit(o, 10_000))).collect();
    let vote = |name: &str, runs: &[(usize, Choice)], part, yes, expected| {
        check(name, &big, &votes(0, runs), Matter::UseFund, [(210_000, 10), part, yes], expected);
    };
    vote("O08", &[(1, Y), (4, Y)], (160_000, 5), (160_000, 5), NoQuorum);
    vote("O09", &[(1, Y), (2, Y), (5, N)], (190_000, 8), (140_000, 3), Rejected);
    vote("O10", &[(1, N), (8, Y)], (200_000, 9), (80_000, 8), Rejected);

    let unsold = Unit { holder: Holder::Developer, area: 15_000, parking: false };
    let new: Vec<Unit> = [unsold; 4].into_iter().chain((0..8).map(|o| unit(o, 10_000))).collect();
    let mut ballots = votes(0, &[(8, Y)]);
    check("O11", &new, &ballots, Matter::Committee, [(140_000, 9), (80_000, 8), (80_000, 8)], NoQuorum);
    ballots.push(Ballot { holder: Holder::Developer, choice: A, handed: Handed::InPerson });
    check("O12", &new, &ballots, Matter::Committee, [(140_000, 9), (140_000, 9), (80_000, 8)], Passed);
}

#[test]
fn owners_o13_to_o18_at_the_edge() {
    use Decision::{NoQuorum, Passed, Rejected};
    let o13 = units(&[12_345, 6_789, 10_001, 4_567, 8_888, 7_410]);
    check("O13", &o13, &votes(0, &[(3, Y), (1, N)]), Matter::Other, [(50_000, 6), (33_702, 4), (29_135, 3)], Passed);
    let two = votes(0, &[(2, Y)]);
    check("O14", &units(&[20_000, 13_333, 16_667]), &two, Matter::Other, [(50_000, 3), (33_333, 2), (33_333, 2)], NoQuorum);
    check("O15", &units(&[20_000, 13_334, 16_666]), &two, Matter::Other, [(50_000, 3), (33_334, 2), (33_334, 2)], Passed);
    let one = [unit(0, 50_000); 10];
    check("O16", &one, &votes(0, &[(1, Y)]), Matter::Rebuild, [(500_000, 1); 3], Passed);
    assert!(owners::count(&one, &[], Matter::Rebuild, SAME).expect("adds up").1.owner_sole);
    let o17 = units(&[60_000, 20_000, 20_000]);
    check("O17", &o17, &votes(0, &[(2, Y), (1, N)]), Matter::RaiseFund, [(100_000, 3), (100_000, 3), (80_000, 2)], Rejected);
    check("O18", &units(&[10_000; 3]), &[], Matter::Other, [(30_000, 3), (0, 0), (0, 0)], NoQuorum);
    check("no roll", &[], &two, Matter::Other, [(0, 0); 3], NoQuorum);
}

#[test]
fn owners_o19_to_o22_papers_conflicts_silence() {
    use Decision::{NoQuorum, Passed};
    let nine = units(&[10_000; 9]);
    let mut ballots = votes(0, &[(4, Y), (2, N)]);
    ballots[0].handed = Handed::ByProxy;
    ballots[1].handed = Handed::ByProxy;
    check("O19", &nine, &ballots, Matter::Manager, [(90_000, 9), (60_000, 6), (40_000, 4)], Passed);

    let numbers = [(90_000, 9), (50_000, 5), (50_000, 5)];
    let mut ballots = votes(0, &[(6, Y)]);
    ballots[5].handed = Handed::ByProxyWithoutPaper;
    check("O20", &nine, &ballots, Matter::Manager, numbers, NoQuorum);
    let mut ballots = votes(0, &[(5, Y)]);
    ballots.extend([Y, N].map(|choice| Ballot { holder: Holder::Owner(5), choice, handed: Handed::InPerson }));
    check("O21", &nine, &ballots, Matter::Manager, numbers, NoQuorum);
    assert_eq!(owners::count(&nine, &ballots, Matter::Manager, SAME).expect("adds up").1.void.conflicting, 1);

    let ballots = votes(0, &[(4, Y), (1, N)]);
    check("O22 off", &nine, &ballots, Matter::Manager, [(90_000, 9), (50_000, 5), (40_000, 4)], NoQuorum);
    let on = OwnersRules { silent_follows_majority: true, ..SAME };
    let (decision, count) = owners::count(&nine, &ballots, Matter::Manager, on).expect("adds up");
    assert_eq!((decision, count.part.area, count.yes.area, count.yes.persons), (Passed, 90_000, 80_000, 8));
    assert!(count.silence_was_counted, "the page warns");
}

#[test]
fn parking_strangers_and_sums_too_large() {
    let roll = [unit(0, 10_000), Unit { parking: true, ..unit(1, 1_200) }];
    let without = OwnersRules::default();
    let (_, count) = owners::count(&roll, &votes(0, &[(3, Y)]), Matter::Other, without).expect("adds up");
    assert_eq!((count.all.area, count.all.persons, count.void.not_on_roll), (10_000, 1, 2));
    let (_, count) = owners::count(&roll, &votes(0, &[(3, Y)]), Matter::Other, SAME).expect("adds up");
    assert_eq!((count.all.area, count.all.persons, count.void.not_on_roll), (11_200, 2, 1));
    assert!(owners::count(&units(&[u64::MAX, 1]), &[], Matter::Other, SAME).is_err());
    let vast = units(&[u64::MAX - 2, 1, 1]);
    let (decision, _) = owners::count(&vast, &votes(0, &[(3, Y)]), Matter::Rebuild, SAME).expect("products are wide");
    assert_eq!(decision, Decision::Passed);
}

proptest! {
    #[test]
    fn owners_recount_in_any_order(areas in prop::collection::vec(1u64..50_000, 1..20), said in prop::collection::vec((0u64..22, a_choice(), 0usize..3), 0..30), special: bool, follow: bool) {
        let mut roll = units(&areas);
        roll.extend(units(&areas[..areas.len() / 2]));
        let handed = [Handed::InPerson, Handed::ByProxy, Handed::ByProxyWithoutPaper];
        let mut ballots: Vec<Ballot> = said.into_iter().map(|(o, choice, h)| Ballot { holder: Holder::Owner(o), choice, handed: handed[h] }).collect();
        let matter = if special { Matter::Rebuild } else { Matter::Manager };
        let rules = OwnersRules { silent_follows_majority: follow, ..SAME };
        let first = owners::count(&roll, &ballots, matter, rules);
        roll.reverse();
        ballots.reverse();
        prop_assert_eq!(first, owners::count(&roll, &ballots, matter, rules));
        let (decision, c) = first.expect("adds up");
        prop_assert_eq!(c.part.area + c.silent.area, c.all.area);
        prop_assert_eq!(c.yes.persons + c.no.persons + c.abstain.persons, c.part.persons);
        // Fractions as a check of the integers, away from equality where they would round.
        let (ya, pa) = (c.yes.area as f64, c.part.area as f64);
        let share = if special { 0.7499 } else { 0.4999 };
        prop_assert!(decision != Decision::Passed || ya / pa > share);
    }
}

fn a_choice() -> impl Strategy<Value = Choice> {
    prop::sample::select(vec![Y, N, A])
}
