//! Owners' votes: on the roll of their day, closed by their instant, counted the same however often.

use chrono::Duration;
use louyi::domain::meetings::items::{self, Competence, NewItem, Source};
use louyi::domain::owners::{self, Holder, Row};
use louyi::domain::owners_votes::{self, Counted, Entering, NewOwnersVote, OwnersVote, Phase, Void, void_of};
use louyi::domain::persons::{self, Scope};
use louyi::domain::rights::Role;
use louyi::domain::votes::Choice;
use louyi::domain::votes::owners::{Decision, Handed, Matter};
use louyi::kernel::error::Result;
use louyi::kernel::i18n::Lang;
use louyi::kernel::journal;

use super::owners::{an_owner, enters, row};
use crate::support::{Town, conflict, on_both, refusal};

fn put<'a>(town: &Town) -> NewOwnersVote<'a> {
    let opens_at = town.house.now() + Duration::days(16);
    NewOwnersVote {
        item: None,
        matter: Matter::Manager,
        title: "续聘汀桥物业",
        question: "是否同意续聘汀桥物业，为期三年？",
        parking_counts: false,
        silent_ground: "",
        online: true,
        opens_at,
        closes_at: opens_at + Duration::days(10),
    }
}

async fn announces(town: &Town, new: NewOwnersVote<'_>) -> Result<OwnersVote> {
    town.secretary.does(async |act| owners_votes::announce(act, &town.tower, new).await).await
}

/// So many units of a hundred square metres, of as many holders, and a vote about them that takes ballots.
async fn running(town: &Town, units: usize) -> OwnersVote {
    let rows: Vec<Row> = (1..=units).map(|n| row(&format!("{n:02}"), "100", "")).collect();
    enters(town, &rows, 0).await.unwrap();
    let vote = announces(town, put(town)).await.unwrap();
    town.lets_pass(Duration::days(17));
    vote
}

async fn holder(town: &Town, vote: &OwnersVote, label: &str) -> Holder {
    vote.roll(town.house.read()).await.unwrap().into_iter().map(|h| h.holder).find(|h| h.label == label).expect("a holder")
}

async fn ballot(town: &Town, vote: &OwnersVote, label: &str, ballot: Entering) -> Result<()> {
    let holder = holder(town, vote, label).await;
    town.secretary
        .does(async |act| owners_votes::hold(act, town.tower.id, vote.number).await?.enter_paper(act, &holder, ballot).await)
        .await
        .map(drop)
}

fn says(choice: Choice) -> Entering {
    Entering { voice: 0, choice, handed: Handed::InPerson }
}

async fn counted(town: &Town, vote: &OwnersVote) -> Counted {
    vote.count(town.house.read()).await.unwrap()
}

on_both! {
    async fn it_is_announced_in_time_and_for_long_enough(town: Town) {
        assert_eq!(refusal(announces(&town, put(&town)).await), "owners_no_roll");
        enters(&town, &[row("01", "100", "")], 0).await.unwrap();
        let now = town.house.now();
        let at = |from: i64, days: i64| NewOwnersVote { opens_at: now + Duration::days(from), closes_at: now + Duration::days(from + days), ..put(&town) };
        for (new, key) in [
            (at(14, 10), "owners_notice"),
            (at(16, 4), "owners_window"),
            (at(16, 61), "owners_window"),
            (at(16, -3), "owners_window"),
            (NewOwnersVote { question: "同意吗", ..put(&town) }, "too_short"),
        ] {
            assert_eq!(refusal(announces(&town, new).await), key);
        }
        let vote = announces(&town, at(15, 60)).await.unwrap();
        assert_eq!((vote.number, vote.roll_version, vote.phase(town.house.now())), (1, 1, Phase::Announced));
        assert_eq!(announces(&town, put(&town)).await.unwrap().number, 2);
    }

    async fn only_an_item_that_is_the_owners_to_decide_and_once_at_a_time(town: Town) {
        enters(&town, &[row("01", "100", "")], 0).await.unwrap();
        let raise = async |competence| {
            let new = NewItem { source: Source::Member, competence, title: "大堂做广告", question: "做不做？", papers: "" };
            town.secretary.gets(async |act| items::raise(act, &town.council, new).await).await
        };
        let council = raise(Competence::Council).await;
        assert_eq!(refusal(announces(&town, NewOwnersVote { item: Some(&council), ..put(&town) }).await), "owners_item");
        let item = raise(Competence::OwnersVote).await;
        let vote = announces(&town, NewOwnersVote { item: Some(&item), ..put(&town) }).await.unwrap();
        assert_eq!(refusal(announces(&town, NewOwnersVote { item: Some(&item), ..put(&town) }).await), "owners_item_taken");
        town.secretary.gets(async |act| owners_votes::hold(act, town.tower.id, vote.number).await?.call_off(act, "问题写错了").await).await;
        assert!(announces(&town, NewOwnersVote { item: Some(&item), ..put(&town) }).await.is_ok());
        let again = town.secretary.does(async |act| owners_votes::hold(act, town.tower.id, vote.number).await?.call_off(act, "再撤一次").await).await;
        assert_eq!(refusal(again), "owners_vote_over");
    }

    async fn ballots_are_taken_from_the_first_instant_until_the_last(town: Town) {
        enters(&town, &[row("01", "100", "")], 0).await.unwrap();
        let vote = announces(&town, put(&town)).await.unwrap();
        assert_eq!(refusal(ballot(&town, &vote, "01", says(Choice::Yes)).await), "owners_vote_early");
        town.house.clock().set(vote.closes_at - Duration::microseconds(1));
        ballot(&town, &vote, "01", says(Choice::No)).await.unwrap();
        town.house.clock().set(vote.closes_at);
        // No job has run.
        assert_eq!(refusal(ballot(&town, &vote, "01", says(Choice::Yes)).await), "owners_vote_over");
        assert_eq!(counted(&town, &vote).await.decision, Decision::Rejected);
    }

    async fn a_ballot_handed_in_again_counts_once_and_as_it_was_last(town: Town) {
        let vote = running(&town, 3).await;
        for label in ["01", "02", "03"] {
            ballot(&town, &vote, label, says(Choice::No)).await.unwrap();
        }
        ballot(&town, &vote, "01", says(Choice::Yes)).await.unwrap();
        ballot(&town, &vote, "01", says(Choice::Yes)).await.unwrap();
        ballot(&town, &vote, "02", says(Choice::Yes)).await.unwrap();
        let count = counted(&town, &vote).await.count;
        assert_eq!((count.yes.persons, count.no.persons, count.yes.area), (2, 1, 20_000));
        let lines = journal::of_object(town.house.read(), vote.id).await.unwrap();
        let taken: Vec<&str> = lines.iter().filter(|l| l.act == "owners_ballot_taken").map(|l| l.data.as_str()).collect();
        assert_eq!(taken.len(), 6);
        assert!(taken.iter().all(|l| !l.contains("yes") && !l.contains("\"no\"")), "no line says how: {taken:?}");
    }

    async fn void_ballots_are_named_by_their_reason(town: Town) {
        let together = Row { co_owners: "2".into(), ..row("01", "100", "") };
        enters(&town, &[together, row("02", "100", ""), row("03", "100", "")], 0).await.unwrap();
        let vote = announces(&town, put(&town)).await.unwrap();
        town.lets_pass(Duration::days(17));
        let of = |voice, choice| Entering { voice, choice, handed: Handed::InPerson };
        ballot(&town, &vote, "01", of(1, Choice::Yes)).await.unwrap();
        ballot(&town, &vote, "01", of(2, Choice::No)).await.unwrap();
        assert_eq!(refusal(ballot(&town, &vote, "01", of(3, Choice::No)).await), "owners_voice");
        assert_eq!(refusal(ballot(&town, &vote, "02", of(1, Choice::No)).await), "owners_voice");
        assert_eq!(refusal(ballot(&town, &vote, "02", of(-1, Choice::No)).await), "owners_voice");
        ballot(&town, &vote, "02", Entering { voice: 0, choice: Choice::Yes, handed: Handed::ByProxyWithoutPaper }).await.unwrap();
        ballot(&town, &vote, "03", Entering { voice: 0, choice: Choice::Yes, handed: Handed::ByProxy }).await.unwrap();
        let count = counted(&town, &vote).await.count;
        assert_eq!((count.void.conflicting, count.void.without_paper, count.part.persons), (1, 1, 1));
        let void = void_of(&owners_votes::of_vote(town.house.read(), vote.id).await.unwrap());
        let why = async |label: &str| void.get(&holder(&town, &vote, label).await.id).copied();
        assert_eq!([why("01").await, why("02").await, why("03").await], [Some(Void::Conflicting), Some(Void::WithoutPaper), None]);
        // They agree after all.
        ballot(&town, &vote, "01", of(2, Choice::Yes)).await.unwrap();
        assert_eq!(counted(&town, &vote).await.count.part.persons, 2);
    }

    async fn a_roll_that_changes_in_the_middle_changes_nothing(town: Town) {
        let vote = running(&town, 3).await;
        ballot(&town, &vote, "01", says(Choice::Yes)).await.unwrap();
        ballot(&town, &vote, "02", says(Choice::Yes)).await.unwrap();
        let before = counted(&town, &vote).await;
        enters(&town, &[row("01", "900", "户9"), row("04", "5000", "")], 1).await.unwrap();
        assert_eq!(counted(&town, &vote).await, before);
        let newcomer = owners::of_version(town.house.read(), town.tower.id, 2).await.unwrap().into_iter().map(|h| h.holder).find(|h| h.label == "04").unwrap();
        let refused = town.secretary.does(async |act| owners_votes::hold(act, town.tower.id, 1).await?.enter_paper(act, &newcomer, says(Choice::No)).await).await;
        assert_eq!(refusal(refused), "owners_not_on_roll");
        ballot(&town, &vote, "03", says(Choice::No)).await.unwrap();
        assert_eq!((counted(&town, &vote).await.decision, before.decision), (Decision::Passed, Decision::Passed));
    }

    async fn what_it_came_to_is_written_down_once_and_recounts_to_the_same(town: Town) {
        let vote = running(&town, 9).await;
        for (label, choice) in [("01", Choice::Yes), ("02", Choice::Yes), ("03", Choice::Yes), ("04", Choice::Yes), ("05", Choice::No), ("06", Choice::No)] {
            ballot(&town, &vote, label, says(choice)).await.unwrap();
        }
        let running = counted(&town, &vote).await;
        assert_eq!(owners_votes::settle_due(&town.house).await.unwrap(), 0);
        town.house.clock().set(vote.closes_at);
        let (one, other) = rocket::tokio::join!(owners_votes::settle_due(&town.house), owners_votes::settle_due(&town.house));
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        let vote = owners_votes::by_number(town.house.read(), town.tower.id, vote.number).await.unwrap();
        assert_eq!((vote.decision, counted(&town, &vote).await), (Some(Decision::Passed), running));
        let lines = journal::of_object(town.house.read(), vote.id).await.unwrap();
        assert_eq!(lines.iter().filter(|l| l.act == "owners_vote_counted").count(), 1);
    }

    async fn an_owner_votes_by_its_own_representative(town: Town) {
        let owner = an_owner(&town, "sungari", "松江置业").await;
        enters(&town, &[row("01", "100", "松江置业"), row("02", "300", "松江置业"), row("03", "100", "")], 0).await.unwrap();
        let vote = announces(&town, put(&town)).await.unwrap();
        town.lets_pass(Duration::days(17));
        let who = town.administrator.gets(async |act| {
            let person = persons::add(act, "Owner", "Owner", Some("owner@louyi.example"), Lang::Zh).await?;
            person.appoint(act, owner.id, Role::Representative, Scope::Building(town.tower.id)).await
        }).await;
        let who = crate::support::Who::new(&town.house, who.person_id, who.actor());
        let cast = async |by: &crate::support::Who, organisation| {
            by.does(async |act| owners_votes::hold(act, town.tower.id, 1).await?.cast(act, organisation, Choice::Yes).await).await
        };
        assert_eq!(refusal(cast(&town.representative, town.sunflower.id).await), "only_owner");
        cast(&who, owner.id).await.unwrap();
        let count = counted(&town, &vote).await.count;
        assert_eq!((count.all.persons, count.yes.persons, count.yes.area), (2, 1, 40_000), "two units, one person");
    }

    async fn two_at_once_call_off_and_ballot_wait_for_one_another(town: Town) {
        let vote = running(&town, 2).await;
        let off = town.secretary.does(async |act| owners_votes::hold(act, town.tower.id, vote.number).await?.call_off(act, "名册有错").await);
        let (off, cast) = rocket::tokio::join!(off, ballot(&town, &vote, "01", says(Choice::Yes)));
        assert!(off.is_ok() || conflict(&off));
        if cast.is_err() {
            assert_eq!(refusal(cast), "owners_vote_over");
        }
        let vote = owners_votes::by_number(town.house.read(), town.tower.id, vote.number).await.unwrap();
        assert_eq!(vote.phase(town.house.now()), Phase::CalledOff);
        town.lets_pass(Duration::days(30));
        assert_eq!(owners_votes::settle_due(&town.house).await.unwrap(), 0, "what was called off is not counted");
    }
}
