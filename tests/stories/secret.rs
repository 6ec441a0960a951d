//! Secret votes and amendments.

use louyi::domain::councils::Basis;
use louyi::domain::meetings::items;
use louyi::domain::meetings::presence::Ground;
use louyi::domain::motions::{self, By, Method, MotionState, NewMotion, Outcome};
use louyi::domain::votes::tally::Standing;
use louyi::domain::votes::{self, Choice, secret};
use louyi::kernel::error::Result;
use louyi::kernel::ids::MotionId;

use crate::support::chamber::Chamber;
use crate::support::{Town, on_both, refusal, verbs};

async fn votes(town: &Town, chamber: &Chamber<'_>, motion: MotionId, seat: usize, choice: Choice, by: By<'_>) -> Result<()> {
    let (seat, who) = (&chamber.seats[seat], &town.members[seat]);
    who.does(async |act| motions::by_id(act.tx(), motion).await?.cast(act, seat, who.id, choice, by).await).await
}

on_both! {
    async fn a_secret_vote_is_counted_and_nobody_can_link_it(town: Town) {
        let chamber = town.a_council_of(7, Basis::All).await;
        chamber.sit(0..6).await;
        let motion = chamber.put(Method::Secret).await;
        let said = [Choice::Yes, Choice::No, Choice::Yes, Choice::Yes, Choice::Abstain];
        let receipts: Vec<String> = said.iter().map(|_| secret::receipt()).collect();
        for (n, (choice, receipt)) in said.iter().zip(&receipts).enumerate() {
            votes(&town, &chamber, motion, n, *choice, By::Secretly(receipt)).await.unwrap();
        }
        assert_eq!(refusal(votes(&town, &chamber, motion, 0, Choice::Yes, By::Secretly(&secret::receipt())).await), "vote_cast", "once");
        assert_eq!(refusal(votes(&town, &chamber, motion, 5, Choice::Yes, By::Own).await), "vote_secret");
        assert_eq!(refusal(votes(&town, &chamber, motion, 5, Choice::Yes, By::Secretary).await), "vote_secret");
        assert_eq!(refusal(votes(&town, &chamber, motion, 5, Choice::Yes, By::Secretly("")).await), "receipt_unreadable");
        assert_eq!(refusal(votes(&town, &chamber, motion, 5, Choice::Yes, By::Secretly(&receipts[0])).await), "receipt_unreadable", "copied");
        let roll = motions::by_id(town.house.read(), motion).await.unwrap().roll(town.house.read()).await.unwrap();
        assert!(roll.seats.iter().all(|(_, _, choice)| choice.is_none()), "what a seat said is nowhere");
        assert_eq!(roll.cast(), 5);
        // A member who has voted cannot be taken out of the count, and leaving changes nothing.
        let seat = &chamber.seats[1];
        let late = town.members[1].does(async |act| items::by_id(act.tx(), chamber.item).await?.recuse(act, seat, Ground::Declared).await).await;
        assert_eq!(refusal(late), "vote_cast");
        chamber.leaves(1).await;
        let (closed, _) = chamber.close(motion, 0).await;
        assert_eq!((closed.yes, closed.no, closed.abstain, closed.present), (Some(3), Some(1), Some(1), Some(6)));
        assert_eq!(closed.outcome, Some(Outcome::Rejected), "three of seven");
        let listed = secret::ballots(town.house.read(), motion).await.unwrap();
        for (receipt, choice) in receipts.iter().zip(said) {
            assert_eq!(listed.iter().find(|b| b.receipt == *receipt).map(|b| b.choice), Some(choice), "each finds their own");
        }
        assert!(listed.is_sorted_by_key(|b| b.receipt.clone()));
        assert!(votes::of_motion(town.house.read(), motion).await.unwrap().is_empty(), "no named vote stands beside it");
        // Nothing that names a seat holds a receipt or a choice.
        let casts = town.rows_of("secret_casts").await;
        assert!(receipts.iter().all(|r| !casts.contains(r.as_str())) && !casts.contains("yes"), "{casts}");
        let journal = town.rows_of("journal").await;
        assert!(receipts.iter().all(|r| !journal.contains(r.as_str())));
    }

    async fn who_is_recused_or_absent_casts_no_secret_ballot(town: Town) {
        let chamber = town.a_council_of(7, Basis::All).await;
        chamber.sit(0..5).await;
        chamber.recuse([4]).await;
        let motion = chamber.put(Method::Secret).await;
        assert_eq!(refusal(votes(&town, &chamber, motion, 4, Choice::Yes, By::Secretly(&secret::receipt())).await), "seat_recused");
        assert_eq!(refusal(votes(&town, &chamber, motion, 6, Choice::Yes, By::Secretly(&secret::receipt())).await), "not_present");
        for n in 0..4 {
            votes(&town, &chamber, motion, n, Choice::Yes, By::Secretly(&secret::receipt())).await.unwrap();
        }
        let (closed, resolution) = chamber.close(motion, 0).await;
        assert_eq!((closed.recused, closed.yes, closed.outcome), (Some(1), Some(4), Some(Outcome::Passed)), "four of six");
        assert!(resolution.is_some());
        let roll = closed.roll(town.house.read()).await.unwrap();
        assert_eq!(roll.count().outcome(&chamber.council.rules(town.house.read()).await.unwrap().procedure(closed.weight).unwrap()).unwrap().1.votes.yes, 4, "a recount agrees");
        assert!(roll.seats.iter().filter(|(_, s, _)| *s == Standing::Recused).count() == 1);
    }

    async fn an_amendment_is_voted_on_first_and_changes_the_words(town: Town) {
        let chamber = town.a_council_of(5, Basis::All).await;
        chamber.sit(0..5).await;
        let main = town.secretary.puts(chamber.item, verbs::motion()).await.unwrap();
        let words = "上班打卡机移到闸机之前，先试两周，再定要不要长期这样。";
        let amendment = |id| NewMotion { title: "先试两周", words, amends: Some(id), reasons: "", ..verbs::motion() };
        let put = town.secretary.puts(chamber.item, amendment(main.id)).await.unwrap();
        let of_amendment = town.secretary.puts(chamber.item, amendment(put.id)).await;
        assert_eq!(refusal(of_amendment), "amends", "an amendment is not amended");
        assert_eq!(refusal(town.convenor.opens_vote(main.id, Method::Named).await), "amendments_first");
        town.convenor.opens_vote(put.id, Method::Named).await.unwrap();
        chamber.count(put.id, 0, [3, 2, 0]).await;
        let (closed, resolution) = chamber.close(put.id, 0).await;
        assert_eq!((closed.outcome, resolution), (Some(Outcome::Passed), None), "an amendment is no resolution");
        let main = motions::by_id(town.house.read(), main.id).await.unwrap();
        assert_eq!((main.words.as_str(), main.state), (words, MotionState::Draft));
        town.convenor.opens_vote(main.id, Method::Named).await.unwrap();
        let too_late = town.secretary.puts(chamber.item, amendment(main.id)).await;
        assert_eq!(refusal(too_late), "amends", "its vote is open");
        chamber.count(main.id, 0, [5, 0, 0]).await;
        let (_, resolution) = chamber.close(main.id, 0).await;
        assert_eq!(resolution.unwrap().words, words);
    }

    async fn an_amendment_that_fails_changes_nothing(town: Town) {
        let chamber = town.a_council_of(5, Basis::All).await;
        chamber.sit(0..5).await;
        let main = town.secretary.puts(chamber.item, verbs::motion()).await.unwrap();
        let put = town.secretary.puts(chamber.item, NewMotion { words: "打卡机就放在工位旁边，人人都在座位上打卡。", amends: Some(main.id), ..verbs::motion() }).await.unwrap();
        town.convenor.opens_vote(put.id, Method::Named).await.unwrap();
        chamber.count(put.id, 0, [2, 3, 0]).await;
        chamber.close(put.id, 0).await;
        assert_eq!(motions::by_id(town.house.read(), main.id).await.unwrap().words, main.words);
        assert_eq!(items::by_id(town.house.read(), chamber.item).await.unwrap().state.as_str(), "listed");
    }
}
