//! Counting a council's votes.

use louyi::domain::votes::tally::{Basis, Choice, Count, Outcome, Procedure, Standing, TallyFault, Threshold, Votes};
use proptest::prelude::*;

const PRESENT: Procedure = Procedure { basis: Basis::Present, threshold: Threshold::MAJORITY, quorum: Threshold::MAJORITY, allow_proxy: false };

fn council(seats: u32, recused: u32, present: u32, (yes, no, abstain): (u32, u32, u32)) -> Count {
    Count { seats, recused, present, votes: Votes { yes, no, abstain }, ..Count::default() }
}

fn outcome(count: Count, procedure: &Procedure) -> Outcome {
    count.outcome(procedure).expect("consistent numbers").0
}

#[test]
fn council_c01_to_c12() {
    let all = Procedure::default();
    for (name, count, expected) in [
        ("C01", council(9, 0, 5, (5, 0, 0)), Outcome::Passed),
        ("C02", council(9, 0, 4, (4, 0, 0)), Outcome::NoQuorum),
        ("C03", council(9, 0, 6, (4, 1, 1)), Outcome::Rejected),
        ("C04", council(9, 1, 5, (4, 1, 0)), Outcome::Rejected),
        ("C05", council(9, 1, 5, (5, 0, 0)), Outcome::Passed),
        ("C06", council(9, 5, 4, (4, 0, 0)), Outcome::Escalated),
        ("C07", council(8, 0, 8, (4, 4, 0)), Outcome::Rejected),
        ("C09", council(9, 4, 3, (3, 0, 0)), Outcome::Passed),
        ("C10", council(9, 0, 6, (0, 0, 0)).asked_for_consensus(0), Outcome::Consensus),
        ("C11", council(9, 0, 6, (5, 1, 0)).asked_for_consensus(1), Outcome::Passed),
        ("C12", council(9, 0, 4, (4, 0, 0)), Outcome::NoQuorum),
    ] {
        assert_eq!(outcome(count, &all), expected, "{name}");
    }
    assert_eq!(outcome(council(9, 0, 6, (4, 1, 1)), &PRESENT), Outcome::Passed, "C03 of those present");

    let mut by_proxy = council(9, 0, 4, (4, 0, 0));
    by_proxy.proxies = 1;
    by_proxy.proxy_votes.yes = 1;
    assert_eq!(outcome(by_proxy, &all), Outcome::NoQuorum, "C08");
    assert_eq!(outcome(by_proxy, &Procedure { allow_proxy: true, ..all }), Outcome::Passed, "C08 with proxies");

    let (_, sum) = council(9, 0, 6, (5, 1, 0)).asked_for_consensus(1).outcome(&all).expect("consistent");
    assert_eq!(sum.objections, Some(1), "C11: the objection stays on the record");
}

#[test]
fn the_sum_is_written_out() {
    let (outcome, sum) = council(13, 1, 11, (9, 1, 1)).outcome(&Procedure::default()).expect("consistent");
    assert_eq!(outcome, Outcome::Passed);
    let (seats, recused, eligible, needed, yes) = (sum.seats, sum.recused, sum.eligible, sum.needed, sum.votes.yes);
    let written = format!("{seats}席 − {recused}回避 = {eligible}有权 → 过半要{needed} ≤ {yes}赞成");
    assert_eq!(written, "13席 − 1回避 = 12有权 → 过半要7 ≤ 9赞成");
    assert_eq!((sum.quorum, sum.absent, sum.silent), (7, 1, 0));
}

#[test]
fn thresholds_in_integers() {
    assert_eq!([9, 8, 12, 1, 0].map(|n| Threshold::MAJORITY.needed(n)), [5, 5, 7, 1, 1]);
    assert_eq!([9, 10, 12].map(|n| Threshold::TWO_THIRDS.needed(n)), [6, 7, 8]);
    assert!(Threshold::new(0, 2, false).is_none() && Threshold::new(3, 2, false).is_none() && Threshold::new(2, 2, true).is_none());
    assert!(Threshold::new(2, 2, false).is_some(), "unanimity");
}

#[test]
fn contradicting_numbers_are_refused() {
    let fault = |count: Count| count.outcome(&Procedure::default()).expect_err("contradiction");
    assert_eq!(fault(council(9, 5, 5, (0, 0, 0))), TallyFault::MoreThanSeats);
    assert_eq!(fault(council(9, 0, 5, (5, 1, 0))), TallyFault::MoreThanPresent);
    assert_eq!(fault(council(9, 0, 5, (u32::MAX, u32::MAX, 0))), TallyFault::MoreThanPresent);
    assert_eq!(outcome(Count::default(), &Procedure::default()), Outcome::Escalated, "a council without seats decides nothing");
}

fn a_seat() -> impl Strategy<Value = (Standing, Option<Choice>)> {
    let standing = prop::sample::select(vec![Standing::Present, Standing::ByProxy, Standing::Absent, Standing::Recused]);
    (standing, prop::option::of(a_choice()))
}

fn a_choice() -> impl Strategy<Value = Choice> {
    prop::sample::select(vec![Choice::Yes, Choice::No, Choice::Abstain])
}

proptest! {
    #[test]
    fn the_order_of_votes_is_of_no_consequence(seats in prop::collection::vec(a_seat(), 0..26), turn in 0usize..26, proxy: bool) {
        let mut turned = seats.clone();
        turned.reverse();
        if !turned.is_empty() {
            let turn = turn % turned.len();
            turned.rotate_left(turn);
        }
        let rules = Procedure { allow_proxy: proxy, ..Procedure::default() };
        prop_assert_eq!(Count::of(turned).outcome(&rules), Count::of(seats).outcome(&rules));
    }

    #[test]
    fn a_recused_or_absent_vote_never_counts(seats in prop::collection::vec(a_seat(), 1..26), choice in prop::option::of(a_choice())) {
        let other = seats.iter().map(|(standing, said)| match standing {
            Standing::Recused | Standing::Absent => (*standing, choice),
            _ => (*standing, *said),
        });
        prop_assert_eq!(Count::of(other), Count::of(seats.clone()));
    }

    #[test]
    fn a_recount_equals_and_adds_up(seats in prop::collection::vec(a_seat(), 0..26), of_present: bool) {
        let rules = if of_present { PRESENT } else { Procedure::default() };
        let count = Count::of(seats.clone());
        let (outcome, sum) = count.outcome(&rules).expect("a count of seats is consistent");
        prop_assert_eq!(Count::of(seats).outcome(&rules), Ok((outcome, sum)));
        prop_assert_eq!(sum.present + sum.absent + sum.recused, sum.seats);
        prop_assert_eq!(sum.votes.cast() + sum.silent, sum.present);
        prop_assert_eq!(outcome == Outcome::Passed, sum.eligible * 2 > sum.seats && sum.present * 2 > sum.eligible && sum.votes.yes * 2 > sum.base);
    }
}
