//! Votes weighed by the size of enterprises: where the rules say so, written down at the opening, never more than half for one.

use louyi::domain::councils::Weight;
use louyi::domain::councils::rules::{Terms, Weighing};
use louyi::domain::motions::{self, Method, Motion, Outcome};
use louyi::domain::votes::Choice;
use louyi::domain::votes::tally::{
    self, Basis,
    Choice::{No, Yes},
    Standing::{Absent, Present, Recused},
    Weighed, WeighedSeat,
};
use louyi::kernel::ids::MotionId;
use proptest::prelude::*;
use sea_orm::ConnectionTrait as _;

use crate::rules::{adopts, council, decided, terms};
use crate::support::{Town, on_both, refusal, verbs};

fn seat(of: u32, number: i32, standing: tally::Standing, choice: Option<tally::Choice>, weight: u32) -> WeighedSeat<u32> {
    WeighedSeat { of, number, standing, choice, weight }
}

#[test]
fn one_enterprise_alone_never_has_more_than_half() {
    let seats = || {
        [
            seat(1, 1, Present, Some(Yes), 10),
            seat(2, 2, Present, Some(No), 1),
            seat(3, 3, Absent, None, 1),
            seat(4, 4, Recused, Some(No), 4),
            seat(5, 5, Present, None, 1),
        ]
    };
    let all = Weighed::of(seats(), Basis::All);
    assert_eq!((all.base, all.votes.yes, all.votes.no, all.capped), (6, 3, 1, 7));
    let present = Weighed::of(seats(), Basis::Present);
    assert_eq!((present.base, present.votes.yes, present.capped), (4, 2, 8));
    // Two seats of one enterprise are one; each keeps a vote.
    let two = Weighed::of([seat(1, 1, Present, Some(Yes), 4), seat(1, 2, Present, Some(Yes), 4), seat(2, 3, Present, Some(No), 3)], Basis::All);
    assert_eq!((two.base, two.votes.yes, two.capped), (6, 3, 5));
    let alone = Weighed::of([seat(1, 1, Present, Some(Yes), 4)], Basis::All);
    assert_eq!((alone.base, alone.votes.yes), (1, 1));
    assert_eq!(Weighed::of(Vec::<WeighedSeat<u32>>::new(), Basis::All), Weighed::default());
}

proptest! {
    #[test]
    fn no_order_of_seats_changes_a_weighed_count(seats in prop::collection::vec((0u32..4, 0usize..3, prop::option::of(0usize..3), 1u32..5), 1..14), turn in 0usize..14) {
        let choices = [Yes, No, tally::Choice::Abstain];
        let mut all: Vec<_> = seats.iter().zip(1..).map(|((of, s, c, w), n)| seat(*of, n, [Present, Absent, Recused][*s], c.map(|c| choices[c]), *w)).collect();
        let before = [Basis::All, Basis::Present].map(|b| Weighed::of(all.clone(), b));
        all.reverse();
        let len = all.len();
        all.rotate_left(turn % len);
        prop_assert_eq!(before, [Basis::All, Basis::Present].map(|b| Weighed::of(all.clone(), b)));
        prop_assert!(before.iter().all(|w| w.votes.cast() <= w.base), "nothing is counted that is not in the base");
    }
}

/// The council weighs ordinary actions by enterprise: seat 5 is huge, seat 6 middle, 7 to 13 small.
async fn weighing(town: &Town) {
    let r = decided(town, Weight::Rules).await;
    adopts(town, Terms { weighing: Weighing::Enterprise, ..terms(town).await }, &r).await.unwrap();
}

async fn put(town: &Town) -> (louyi::kernel::ids::MeetingId, MotionId) {
    let (meeting, item) = town.convenes(&council(town).await).await;
    (meeting, town.secretary.puts(item, verbs::motion()).await.unwrap().id)
}

async fn closed(town: &Town, motion: MotionId) -> Motion {
    town.convenor.closes_vote(motion, 0).await.unwrap().0
}

on_both! {
    async fn five_seats_of_thirteen_carry_where_they_weigh_enough(town: Town) {
        weighing(&town).await;
        let (meeting, motion) = put(&town).await;
        town.are_seated(meeting, 1..=13).await;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.vote(motion, [5, 6, 7, 8, 9], Choice::Yes).await;
        town.vote(motion, [1, 2, 3, 4, 10, 11, 12, 13], Choice::No).await;
        // An enterprise that shrinks in the middle weighs what it weighed.
        town.house.db().upkeep().execute_unprepared("update organisations set size = 'small', workers = 9 where slug = 'sunflower'").await.unwrap();
        let motion = closed(&town, motion).await;
        let weights = (motion.weight_base, motion.weight_yes, motion.weight_no, motion.weight_capped);
        assert_eq!((motion.outcome, motion.yes, weights), (Some(Outcome::Passed), Some(5), (Some(17), Some(9), Some(8), Some(0))));
        let again = motion.roll(town.house.read()).await.unwrap().count();
        assert_eq!(Some(again), motion.counted(), "a recount is the same");
    }

    async fn quorum_is_of_seats_and_what_is_not_weighed_stays_so(town: Town) {
        weighing(&town).await;
        let (meeting, motion) = put(&town).await;
        // Nine votes of seventeen, but six seats of thirteen.
        town.are_seated(meeting, [1, 5, 6, 7, 8, 9]).await;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.vote(motion, [5, 6, 7, 8, 9], Choice::Yes).await;
        assert_eq!(closed(&town, motion).await.outcome, Some(Outcome::NoQuorum));
        let item = motions::by_id(town.house.read(), motion).await.unwrap().item_id;
        let major = motions::NewMotion { weight: Weight::Major, ..verbs::motion() };
        let motion = town.secretary.puts(item, major).await.unwrap().id;
        town.are_seated(meeting, [10, 11]).await;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.vote(motion, [5, 6, 7, 8, 9], Choice::Yes).await;
        let motion = closed(&town, motion).await;
        assert_eq!((motion.outcome, motion.weight_base), (Some(Outcome::Rejected), None));
    }

    async fn a_weighed_vote_cannot_be_secret(town: Town) {
        weighing(&town).await;
        let (_, motion) = put(&town).await;
        assert_eq!(refusal(town.convenor.opens_vote(motion, Method::Secret).await), "weights_secret");
        town.convenor.opens_vote(motion, Method::Consensus).await.unwrap();
    }

    async fn the_weights_are_rules_and_are_shown(town: Town) {
        let (page, new) = ("/b/tingqiao/council/rules", "/b/tingqiao/council/rules/new");
        let site = town.site().await;
        let r = decided(&town, Weight::Rules).await;
        let s = site.signed_in(&town.secretary).await;
        assert!(!site.visitor().reads(page).await.says("按企业大小"));
        let address = r.address();
        for (field, value) in [("weight_huge", "11"), ("weight_small", "0"), ("weight_huge", "1"), ("weighing", "workers")] {
            let refused = s.fills(new, page, &[(field, value), ("resolution", &address), ("words", "按大小"), ("weighing", "enterprise")]).await;
            assert!(refused.status.code == 422 && refused.fault(field).is_some(), "{field}={value}: {}", refused.text());
        }
        s.does(new, page, &[("resolution", &address), ("words", "大企业多一点份量"), ("weighing", "enterprise"), ("weight_huge", "5")]).await;
        assert!(site.visitor().reads(page).await.says("普通事项表决按企业大小计票：小企业1票，中2票，大3票，特大5票"));
        let (meeting, motion) = put(&town).await;
        town.are_seated(meeting, 1..=13).await;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.vote(motion, [5, 6, 7, 8, 9], Choice::Yes).await;
        town.vote(motion, [1, 2], Choice::No).await;
        closed(&town, motion).await;
        let number = louyi::domain::meetings::by_id(town.house.read(), meeting).await.unwrap().number;
        let shown = site.visitor().reads(&format!("/b/tingqiao/meetings/{number}/items/1/motions/1")).await;
        assert!(shown.says("按企业大小共18票 → 过半要10票 ≤ 10票赞成（5席）"), "{}", shown.text());
    }
}
