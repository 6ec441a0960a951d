//! Links between matters, what comes back, and what is split off.

use chrono::Duration;
use louyi::domain::handling::{self, Cut, Scope};
use louyi::domain::issues::IssueState;
use louyi::domain::journal::Entry;
use louyi::domain::links::{self, How};
use louyi::domain::reports::{self, Answer, MayKnow};
use louyi::domain::{attachments, messages, proofs};
use louyi::kernel::outbox::Address;

use crate::support::photos::photo;
use crate::support::{Matter, Town, on_both, refusal};

async fn seen(town: &Town, of: Matter) -> Vec<(How, i32)> {
    links::of_issue(town.house.read(), of.0).await.unwrap().into_iter().map(|l| (l.how, l.other.number)).collect()
}

/// How many of this organisation's matters count as having come back.
async fn again(town: &Town) -> i64 {
    let scope = Scope { buildings: vec![town.tower.id], holders: None };
    let (from, to) = (town.house.now() - Duration::days(400), town.house.now() + Duration::days(1));
    Cut::Again.count(&handling::cases(town.house.read(), &scope, from, to).await.unwrap())
}

on_both! {
    async fn both_see_the_link_from_their_side(town: Town) {
        let (a, b, c) = (town.reports("门厅积水").await.matter, town.reports("楼上漏水").await.matter, town.reports("地砖翘了").await.matter);
        town.staff.links(a, How::CausedBy, b).await.unwrap();
        town.staff.links(c, How::WaitsFor, a).await.unwrap();
        town.staff.links(c, How::Related, b).await.unwrap();
        assert_eq!(seen(&town, a).await, [(How::CausedBy, 2), (How::HoldsUp, 3)]);
        assert_eq!(seen(&town, b).await, [(How::Causes, 1), (How::Related, 3)]);
        assert_eq!(seen(&town, c).await, [(How::WaitsFor, 1), (How::Related, 2)]);
        assert!(matches!(town.last(b).await, Entry::IssueLinked { how: How::Related, number: 3, .. }));
        // The same from the other side is the same link.
        assert_eq!(refusal(town.staff.links(b, How::Causes, a).await), "link_twice");
        assert_eq!(refusal(town.staff.links(b, How::Related, c).await), "link_twice");
        assert_eq!(refusal(town.staff.links(a, How::WaitsFor, c).await), "link_circle");
        assert_eq!(refusal(town.staff.links(a, How::Related, a).await), "link_self");
        assert_eq!(refusal(town.staff.links(a, How::SplitFrom, b).await), "choose_how");
        assert_eq!(refusal(town.staff.links(a, How::Returns, b).await), "link_not_before");
        assert_eq!(refusal(town.representative.links(a, How::Related, b).await), "only_holder");
        let far = town.says("丙").at(&town.lobby_elsewhere).files().await;
        assert_eq!(refusal(town.staff.links(a, How::Related, far.matter).await), "merge_elsewhere");
        town.staff.unlinks(b, How::Causes, a).await.unwrap();
        assert_eq!(seen(&town, a).await, [(How::HoldsUp, 3)]);
        assert_eq!(refusal(town.staff.unlinks(b, How::Causes, a).await), "link_gone");
    }

    async fn who_waited_is_told_when_the_last_is_closed(town: Town) {
        let first = town.a_matter_done().await;
        let second = town.a_matter_done().await;
        let waits = town.reports("地砖等干了再换").await.matter;
        for holds in [first.matter, second.matter] {
            town.staff.links(waits, How::WaitsFor, holds).await.unwrap();
        }
        let told = async || town.letters("held_up_no_more").await.len();
        town.holder_of(&first).answers(&first, Answer::Yes).await.unwrap();
        assert_eq!(told().await, 0, "one of two still holds it up");
        town.holder_of(&second).answers(&second, Answer::Yes).await.unwrap();
        assert!(told().await > 0);
    }

    async fn what_comes_back_within_ninety_days_is_linked_and_counted(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        let closed = town.now(told.matter).await;
        assert_eq!(again(&town).await, 0);
        town.lets_pass(Duration::days(89));
        let back = town.reports("电梯又停了").await.matter;
        assert_eq!(town.now(back).await.category, closed.category, "the same kind at the same place");
        assert_eq!(seen(&town, back).await, [(How::Returns, closed.number)]);
        assert_eq!(seen(&town, told.matter).await, [(How::CameBack, 2)]);
        assert!(matches!(town.last(told.matter).await, Entry::IssueCameBack { number: 2, .. }));
        assert!(town.story(back).await.contains(&"issue_returned".to_owned()));
        assert_eq!(again(&town).await, 1);
        // Of another kind it is another trouble, until somebody who knows says that it is not.
        let other = town.says("电梯口灯坏了").about("util.power").files().await.matter;
        assert_eq!((seen(&town, other).await, again(&town).await), (vec![], 1));
        town.staff.links(other, How::Returns, told.matter).await.unwrap();
        assert_eq!(again(&town).await, 2);
        // What was said by mistake is taken back; what the rule counts stays counted.
        town.staff.unlinks(other, How::Returns, told.matter).await.unwrap();
        town.staff.unlinks(back, How::Returns, told.matter).await.unwrap();
        assert_eq!(again(&town).await, 1);
        town.lets_pass(Duration::days(3));
        assert_eq!(seen(&town, town.reports("电梯停了").await.matter).await, [], "after ninety days it is a new trouble");
    }

    async fn what_was_declined_does_not_come_back(town: Town) {
        let told = town.reports("电梯停了").await;
        town.staff.declines(told.matter, "out_of_scope", "这件事楼里管不了").await.unwrap();
        town.lets_pass(Duration::days(3));
        assert_eq!(seen(&town, town.reports("电梯停了").await.matter).await, []);
        assert_eq!(again(&town).await, 0);
    }

    async fn a_part_is_split_off_and_nobody_waits_anew(town: Town) {
        let a = town.says("排队，空调也太冷").by_mail("a@example.com").with_photo(photo(1)).files().await;
        town.lets_pass(Duration::hours(1));
        let b = town.says("三楼太冷").by_mail("b@example.com").with_photo(photo(2)).joins(a.matter).await;
        let c = town.another_joins(a.matter).await;
        town.lets_pass(Duration::days(1));
        let (old, new) = town.staff.splits(a.matter, "三楼太冷", "hvac.temp", &[&b], &[&a]).await.unwrap();
        assert_eq!((old.reports, old.me_too, new.reports, new.number), (2, 1, 2, 2));
        assert_eq!((new.state, new.holder_id, new.title.as_str()), (IssueState::Received, old.holder_id, "三楼太冷"));
        assert_eq!(new.received_at, town.report(&a).await.created_at, "its clock began with the first who spoke of it");
        assert!(new.result_due <= old.result_due && new.first_answer_due.unwrap() <= town.house.now() + Duration::days(3));
        assert_eq!(town.report(&b).await.issue_id, new.id);
        assert_eq!(town.report(&c).await.issue_id, old.id);
        assert_eq!(town.report(&a).await.issue_id, old.id, "who spoke of both still stands behind the first");
        let pictures = async |m| { attachments::of_issue(town.house.read(), m).await.unwrap().len() };
        assert_eq!((pictures(old.id).await, pictures(new.id).await), (1, 2), "a picture stands where its report stands");
        assert_eq!(seen(&town, Matter(new.id)).await, [(How::SplitFrom, 1)]);
        assert_eq!(seen(&town, a.matter).await, [(How::SplitInto, 2)]);
        let copy = reports::copies(town.house.read(), a.report).await.unwrap().remove(0);
        let mut told = town.letters("split").await;
        told.sort_by_key(|t| format!("{t:?}"));
        let mut both = vec![Address::Report(b.report), Address::Report(copy.id)];
        both.sort_by_key(|t| format!("{t:?}"));
        assert_eq!(told, both);
        let letter = town.letter_of("split").await;
        assert!(letter.body.contains("说的是另一桩事，和这件不相干。") && letter.body.contains("“另一桩事另外办，不耽误”"), "{}", letter.body);
        let said = messages::for_report(town.house.read(), new.id, b.report).await.unwrap();
        assert!(said.iter().any(|m| m.words.as_deref() == Some("另一桩事另外办，不耽误")), "its receipt says so too");
        assert!(messages::for_report(town.house.read(), old.id, c.report).await.unwrap().is_empty(), "who stays is not told");
        assert_eq!(refusal(town.staff.unlinks(Matter(new.id), How::SplitFrom, a.matter).await), "link_kept");
    }

    async fn a_split_is_undone_by_merging_and_that_again(town: Town) {
        let a = town.reports("排队，空调也太冷").await;
        let (_, new) = town.staff.splits(a.matter, "太冷", "hvac.temp", &[], &[&a]).await.unwrap();
        let part = Matter(new.id);
        let behind = async |m: Matter| { (town.now(m).await.reports, reports::of_issue(town.house.read(), m.0).await.unwrap().len()) };
        assert_eq!((behind(a.matter).await, behind(part).await), ((1, 1), (1, 1)));
        town.staff.merges(part, a.matter).await.unwrap();
        assert_eq!((behind(a.matter).await, behind(part).await), ((1, 1), (0, 0)), "one report counts once in a matter");
        town.staff.unmerges(part).await.unwrap();
        assert_eq!((behind(a.matter).await, behind(part).await), ((1, 1), (1, 1)));
        // The other way round: the original goes to where its copy stands.
        town.staff.merges(a.matter, part).await.unwrap();
        assert_eq!((behind(a.matter).await, behind(part).await), ((0, 0), (1, 1)));
        town.staff.unmerges(a.matter).await.unwrap();
        assert_eq!((behind(a.matter).await, behind(part).await), ((1, 1), (1, 1)));
    }

    async fn what_a_writer_wants_holds_for_the_copy(town: Town) {
        let a = town.says("排队，空调也太冷").named("王小明", "13800138000").may_be_known_to(MayKnow::SecretaryAndManager).with_photo(photo(1)).files().await;
        let (_, new) = town.staff.splits(a.matter, "太冷", "hvac.temp", &[], &[&a]).await.unwrap();
        let copy = async || reports::copies(town.house.read(), a.report).await.unwrap().remove(0);
        assert_eq!(copy().await.may_know, MayKnow::SecretaryAndManager);
        let known = async |m| town.secretary.does(async |act| reports::read_identity(act, &m).await).await;
        assert_eq!(known(copy().await).await.unwrap().name.as_deref(), Some("王小明"));
        town.holder_of(&a)
            .does(async |act| {
                let report = reports::by_id(act.tx(), a.report).await?;
                report.choose_who_may_know(act, MayKnow::Nobody, false, Default::default()).await
            })
            .await
            .unwrap();
        assert_eq!(refusal(known(copy().await).await), "reporter_unknown");
        town.holder_of(&a).does(async |act| reports::erase(act, reports::by_id(act.tx(), a.report).await?).await).await.unwrap();
        let copy = copy().await;
        assert!(copy.erased_at.is_some() && copy.words.is_none());
        assert!(attachments::of_issue(town.house.read(), new.id).await.unwrap().is_empty());
        assert_eq!(proofs::own(town.house.read(), town.house.keys(), copy.id).await.unwrap(), None);
    }

    async fn what_cannot_be_split(town: Town) {
        let a = town.reports("排队").await;
        let b = town.reports("灯坏了").await;
        let split = async |moved: &[&crate::support::Told], copied: &[&crate::support::Told]| {
            refusal(town.staff.splits(a.matter, "另一桩", "hvac.temp", moved, copied).await)
        };
        assert_eq!(split(&[], &[]).await, "split_nothing");
        assert_eq!(split(&[&a], &[]).await, "split_all");
        let because = async |why, words| refusal(town.staff.splits_because(a.matter, ("另一桩", "hvac.temp"), &[], &[&a], (why, words)).await);
        assert_eq!(because("", "另外办").await, "choose_reason");
        assert_eq!(because("own_pace", "").await, "empty");
        assert!(town.staff.splits(a.matter, "另一桩", "hvac.temp", &[], &[&b]).await.is_err(), "a report of another matter");
        assert_eq!(refusal(town.staff.splits(a.matter, "", "hvac.temp", &[], &[&a]).await), "empty");
        assert_eq!(refusal(town.representative.splits(a.matter, "另一桩", "hvac.temp", &[], &[&a]).await), "only_holder");
        let done = town.a_matter_done().await;
        assert_eq!(refusal(town.staff.splits(done.matter, "另一桩", "hvac.temp", &[], &[&done]).await), "issue_state");
    }

    async fn pictures_go_along_and_come_back(town: Town) {
        let a = town.says("排队").with_photo(photo(1)).files().await;
        let b = town.reports("也排队").await;
        let pictures = async |m: Matter| { attachments::of_issue(town.house.read(), m.0).await.unwrap().len() };
        town.staff.merges(a.matter, b.matter).await.unwrap();
        assert_eq!((pictures(a.matter).await, pictures(b.matter).await), (0, 1));
        town.staff.unmerges(a.matter).await.unwrap();
        assert_eq!((pictures(a.matter).await, pictures(b.matter).await), (1, 0));
    }
}
