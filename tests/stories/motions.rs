//! Motions and their votes: the vectors of a council's count through the database, and who may vote, when, and once.

use louyi::domain::councils::Basis;
use louyi::domain::journal::Entry;
use louyi::domain::meetings::items;
use louyi::domain::meetings::presence::{Ground, How};
use louyi::domain::motions::{self, By, Method, MotionState, Outcome};
use louyi::domain::votes::{self, Choice};
use louyi::kernel::journal;

use crate::support::{Town, on_both, refusal, verbs};

/// One line of the table C01–C12: name, seats, recused, present, votes, basis, outcome.
type Vector = (&'static str, usize, usize, usize, [usize; 3], Basis, Outcome);

/// Votes are yes/no/abstain. The recused are the last seats, the present the first.
const VECTORS: [Vector; 10] = [
    ("C01", 9, 0, 5, [5, 0, 0], Basis::All, Outcome::Passed),
    ("C02", 9, 0, 4, [4, 0, 0], Basis::All, Outcome::NoQuorum),
    ("C03", 9, 0, 6, [4, 1, 1], Basis::All, Outcome::Rejected),
    ("C03 present", 9, 0, 6, [4, 1, 1], Basis::Present, Outcome::Passed),
    ("C04", 9, 1, 5, [4, 1, 0], Basis::All, Outcome::Rejected),
    ("C05", 9, 1, 5, [5, 0, 0], Basis::All, Outcome::Passed),
    ("C06", 9, 5, 4, [4, 0, 0], Basis::All, Outcome::Escalated),
    ("C07", 8, 0, 8, [4, 4, 0], Basis::All, Outcome::Rejected),
    ("C08", 9, 0, 4, [4, 0, 0], Basis::All, Outcome::NoQuorum),
    ("C09", 9, 4, 3, [3, 0, 0], Basis::All, Outcome::Passed),
];

async fn open_vote(town: &Town) -> (verbs::Session, louyi::kernel::ids::MotionId) {
    let told = town.reports("打卡机该不该前移").await;
    let session = town.council_meets_about(told.matter).await;
    town.are_seated(session.meeting, 1..=7).await;
    let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
    town.convenor.opens_vote(motion, Method::Named).await.unwrap();
    (session, motion)
}

on_both! {
    async fn the_vectors(town: Town) {
        for (name, seats, recused, present, votes, basis, outcome) in VECTORS {
            let chamber = town.a_council_of(seats, basis).await;
            chamber.sit(0..present).await;
            chamber.recuse(seats - recused..seats).await;
            let motion = chamber.put(Method::Named).await;
            chamber.count(motion, 0, votes).await;
            let (motion, resolution) = chamber.close(motion, 0).await;
            assert_eq!(motion.outcome, Some(outcome), "{name}");
            assert_eq!(motion.state, MotionState::Closed);
            let n = |x: usize| Some(x as i32);
            assert_eq!((motion.seats, motion.recused, motion.present), (n(seats), n(recused), n(present)), "{name}");
            assert_eq!((motion.yes, motion.no, motion.abstain), (n(votes[0]), n(votes[1]), n(votes[2])), "{name}");
            assert_eq!(resolution.is_some(), outcome.carried(), "{name}: a carried motion is a resolution at once");
        }
    }

    async fn c10_consensus(town: Town) {
        let chamber = town.a_council_of(9, Basis::All).await;
        chamber.sit(0..6).await;
        let motion = chamber.put(Method::Consensus).await;
        let (motion, resolution) = chamber.close(motion, 0).await;
        assert_eq!(motion.outcome, Some(Outcome::Consensus));
        assert!(resolution.is_some());
    }

    async fn c11_an_objection_then_a_vote(town: Town) {
        let chamber = town.a_council_of(9, Basis::All).await;
        chamber.sit(0..6).await;
        let motion = chamber.put(Method::Consensus).await;
        town.convenor.gets(async |act| motions::by_id(act.tx(), motion).await?.object(act, 1).await).await;
        chamber.count(motion, 0, [5, 1, 0]).await;
        let (motion, _) = chamber.close(motion, 0).await;
        assert_eq!((motion.outcome, motion.objections), (Some(Outcome::Passed), 1), "carried, and the objection stays on the record");
    }

    async fn c12_quorum_is_tested_at_the_vote(town: Town) {
        let chamber = town.a_council_of(9, Basis::All).await;
        chamber.sit(0..5).await;
        let motion = chamber.put(Method::Named).await;
        chamber.count(motion, 0, [4, 0, 0]).await;
        chamber.leaves(4).await;
        let (motion, resolution) = chamber.close(motion, 0).await;
        assert_eq!((motion.outcome, motion.present), (Some(Outcome::NoQuorum), Some(4)));
        assert!(resolution.is_none());
    }

    async fn the_rules_quorum_is_the_rules_own(town: Town) {
        use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
        let chamber = town.a_council_of(9, Basis::Present).await;
        let mut rules: louyi::domain::councils::rules::ActiveModel = chamber.council.rules(town.house.read()).await.unwrap().into();
        (rules.quorum_num, rules.quorum_den) = (Set(2), Set(3));
        rules.update(town.house.db().upkeep()).await.unwrap();
        chamber.sit(0..6).await;
        let motion = chamber.put(Method::Named).await;
        chamber.count(motion, 0, [6, 0, 0]).await;
        let (motion, _) = chamber.close(motion, 0).await;
        assert_eq!(motion.outcome, Some(Outcome::NoQuorum), "six of nine are not more than two thirds");
    }

    async fn the_sum_stands_in_the_journal(town: Town) {
        let chamber = town.a_council_of(9, Basis::All).await;
        chamber.sit(0..6).await;
        chamber.recuse([8]).await;
        let motion = chamber.put(Method::Named).await;
        chamber.count(motion, 0, [5, 1, 0]).await;
        chamber.close(motion, 0).await;
        let lines = journal::of_object(town.house.read(), chamber.item).await.unwrap();
        let Entry::VoteClosed { outcome, sum, .. } = lines.last().unwrap().entry::<Entry>().unwrap() else { panic!("{lines:?}") };
        assert_eq!(outcome, Outcome::Passed);
        assert_eq!((sum.seats, sum.recused, sum.present, sum.needed, sum.yes, sum.no), (9, 1, 6, 5, 5, 1));
    }

    async fn a_seat_votes_once_and_only_while_the_vote_is_open(town: Town) {
        let (session, motion) = open_vote(&town).await;
        town.members[0].votes(&town, motion, 1, Choice::Yes).await.unwrap();
        assert_eq!(refusal(town.members[0].votes(&town, motion, 1, Choice::No).await), "vote_cast");
        assert_eq!(refusal(town.members[11].votes(&town, motion, 12, Choice::Yes).await), "not_present");
        assert_eq!(refusal(town.members[1].votes(&town, motion, 3, Choice::Yes).await), "holder_present", "not for another's seat");
        town.vote(motion, 2..=7, Choice::Yes).await;
        let (closed, _) = town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!(closed.yes, Some(7));
        assert_eq!(refusal(town.members[7].votes(&town, motion, 8, Choice::Yes).await), "vote_closed");
        assert_eq!(refusal(town.convenor.closes_vote(motion, 0).await), "motion_state");
        let cast = votes::of_motion(town.house.read(), motion).await.unwrap();
        assert_eq!(cast.len(), 7);
        assert!(items::by_id(town.house.read(), session.item).await.unwrap().closed_at.is_some());
    }

    async fn the_secretary_counts_hands(town: Town) {
        let (_, motion) = open_vote(&town).await;
        let (seat, holder) = (town.seat(3).await, town.members[2].id);
        town.secretary.gets(async |act| motions::by_id(act.tx(), motion).await?.cast(act, &seat, holder, Choice::Abstain, By::Secretary).await).await;
        let cast = votes::of_motion(town.house.read(), motion).await.unwrap();
        assert_eq!((cast[0].person_id, cast[0].recorded_by), (holder, Some(town.secretary.id)));
    }

    async fn the_recused_do_not_vote_and_what_they_cast_does_not_count(town: Town) {
        let (session, motion) = open_vote(&town).await;
        town.vote(motion, 1..=7, Choice::Yes).await;
        let seat = town.seat(7).await;
        town.members[6].gets(async |act| items::by_id(act.tx(), session.item).await?.recuse(act, &seat, Ground::Declared).await).await;
        let (closed, resolution) = town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!((closed.recused, closed.present, closed.yes, closed.outcome), (Some(1), Some(6), Some(6), Some(Outcome::NoQuorum)));
        assert!(resolution.is_none());
        let again = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(again, Method::Named).await.unwrap();
        assert_eq!(refusal(town.members[6].votes(&town, again, 7, Choice::Yes).await), "seat_recused");
    }

    async fn a_deputy_gives_way_to_the_holder(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        town.are_seated(session.meeting, [1, 2, 3, 4, 6, 7]).await;
        town.deputy.takes_seat(&town, session.meeting, 5).await.unwrap();
        let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.members[4].takes_seat(&town, session.meeting, 5).await.unwrap();
        assert_eq!(refusal(town.deputy.votes(&town, motion, 5, Choice::Yes).await), "holder_present");
        assert_eq!(refusal(town.deputy.takes_seat(&town, session.meeting, 5).await), "holder_present");
        town.members[4].votes(&town, motion, 5, Choice::Yes).await.unwrap();
        let roll = motions::by_id(town.house.read(), motion).await.unwrap().roll(town.house.read()).await.unwrap();
        assert_eq!(roll.seats.len(), 13);
        assert_eq!(roll.seats.iter().filter(|(.., choice)| choice.is_some()).count(), 1);
        let (stranger, seat) = (&town.representative, town.seat(5).await);
        let sat = stranger.at_meeting(session.meeting, async |act, m| m.seat_present(act, &seat, stranger.id, How::Online).await).await;
        assert_eq!(refusal(sat), "no_seat");
    }

    async fn an_enterprise_that_must_sign_leaves_the_count(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        let due = town.house.now() + chrono::Duration::days(20);
        town.secretary.asks_to_sign(session.item, &town.sunflower, "打卡机移到闸机前", due).await.unwrap();
        town.secretary.asks_to_sign(session.item, &town.manager, "配合改线", due).await.unwrap();
        town.are_seated(session.meeting, 1..=8).await;
        let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        assert_eq!(refusal(town.members[4].votes(&town, motion, 5, Choice::No).await), "seat_recused");
        town.vote(motion, [1, 2, 3, 4, 6, 7, 8], Choice::Yes).await;
        let (closed, _) = town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!((closed.recused, closed.outcome), (Some(1), Some(Outcome::Passed)), "seven of twelve");
    }

    async fn what_cannot_be_put_or_opened(town: Town) {
        let (session, motion) = open_vote(&town).await;
        let second = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        assert_eq!(refusal(town.convenor.opens_vote(second, Method::Named).await), "vote_running");
        assert_eq!(refusal(town.convenor.opens_vote(motion, Method::Named).await), "motion_state");
        let withdrawn = town.secretary.does(async |act| motions::by_id(act.tx(), second).await?.withdraw(act).await).await.unwrap();
        assert_eq!(withdrawn.state, MotionState::Withdrawn);
        let left = town.secretary.does(async |act| items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
        assert_eq!(refusal(left), "vote_running", "an item does not leave during its vote");
        let unexplained = louyi::domain::motions::NewMotion { terms: Default::default(), ..verbs::motion() };
        let third = town.secretary.puts(session.item, unexplained).await.unwrap().id;
        town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!(refusal(town.convenor.opens_vote(third, Method::Named).await), "no_action_unexplained");
        for (days, key) in [("soon", "check_days"), ("0", "check_days"), ("14，731", "check_days")] {
            let new = louyi::domain::motions::NewMotion { check_days: days, ..verbs::motion() };
            assert_eq!(refusal(town.secretary.puts(session.item, new).await), key);
        }
        let new = louyi::domain::motions::NewMotion { check_days: "42， 14、14", ..verbs::motion() };
        assert_eq!(town.secretary.puts(session.item, new).await.unwrap().check_days, "14,42");
    }

    async fn no_vote_is_cast_that_is_not_counted(town: Town) {
        let chamber = town.a_council_of(9, Basis::All).await;
        chamber.sit(0..9).await;
        let motion = chamber.put(Method::Named).await;
        chamber.count(motion, 0, [5, 0, 0]).await;
        let casting = futures::future::join_all((5..9).map(|n| chamber.votes(motion, n, Choice::No)));
        let (cast, (closed, _)) = futures::join!(casting, chamber.close(motion, 0));
        let arrived = cast.iter().filter(|c| c.is_ok()).count();
        assert!(cast.into_iter().filter(Result::is_err).all(|c| refusal(c) == "vote_closed"));
        assert_eq!(votes::of_motion(town.house.read(), motion).await.unwrap().len(), 5 + arrived);
        assert_eq!((closed.yes, closed.no), (Some(5), Some(arrived as i32)));
    }
}
