//! Meetings: notice, a frozen agenda, what comes too late, and what becomes of a matter that a meeting lets go.

use chrono::Duration;
use louyi::domain::issues::{ClosedBy, IssueState};
use louyi::domain::meetings::items::{self, Competence, ItemState};
use louyi::domain::meetings::presence::{self, How};
use louyi::domain::meetings::{self, Meeting, MeetingKind, MeetingState};
use louyi::domain::reports::Answer;
use louyi::kernel::error::{Error, Result};
use louyi::kernel::ids::{ItemId, MeetingId};
use louyi::kernel::outbox::Address;
use louyi::kernel::publog;

use crate::support::{Matter, Town, Who, on_both, refusal, verbs};

const TABLE: &str = "
            list  call  open  close  cancel
draft       yes   yes   -     -      yes
called      yes   -     yes   -      yes
open        -     -     -     yes    -
closed      -     -     -     -      -
cancelled   -     -     -     -      -
";

/// A meeting in a state, with one item that has no matter behind it.
async fn in_state(town: &Town, state: MeetingState) -> Meeting {
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap();
    let item = raised(town).await;
    town.secretary.at_meeting(meeting.id, async |act, m| m.list(act, items::by_id(act.tx(), item).await?).await).await.unwrap();
    if state == MeetingState::Cancelled {
        town.secretary.at_meeting(meeting.id, async |act, m| m.cancel(act).await).await.unwrap();
    }
    if matches!(state, MeetingState::Called | MeetingState::Open | MeetingState::Closed) {
        town.secretary.calls(meeting.id).await.unwrap();
    }
    if matches!(state, MeetingState::Open | MeetingState::Closed) {
        town.convenor.opens(meeting.id).await.unwrap();
    }
    if state == MeetingState::Closed {
        withdraws(&town.secretary, item).await.unwrap();
        town.convenor.closes(meeting.id).await.unwrap();
    }
    meetings::by_id(town.house.read(), meeting.id).await.unwrap()
}

async fn raised(town: &Town) -> ItemId {
    town.secretary
        .gets(async |act| {
            let council = louyi::domain::councils::by_id(act.tx(), town.council.id).await?;
            let new = items::NewItem {
                source: items::Source::Member,
                competence: Competence::Council,
                title: "公约修订",
                question: "改不改？",
                papers: "",
            };
            items::raise(act, &council, new).await
        })
        .await
        .id
}

async fn withdraws(who: &Who, item: ItemId) -> Result<items::Item> {
    who.does(async |act| items::by_id(act.tx(), item).await?.withdraw(act).await).await
}

/// Puts a matter on the agenda of a new meeting.
async fn listed(town: &Town, matter: Matter) -> (MeetingId, ItemId) {
    town.secretary.nominates(matter).await.unwrap();
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
    (meeting, town.secretary.lists(meeting, matter).await.unwrap().id)
}

on_both! {
    async fn every_state_and_every_verb(town: Town) {
        let mut lines = TABLE.lines().filter(|l| !l.is_empty());
        let verbs: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        for line in lines {
            let mut words = line.split_whitespace();
            let state: MeetingState = words.next().unwrap().parse().unwrap();
            let meeting = in_state(&town, state).await;
            assert_eq!(meeting.state, state);
            let spare = raised(&town).await;
            for verb in &verbs {
                let act = town.house.act(town.secretary.actor.clone()).await.unwrap();
                if *verb == "close" {
                    for item in items::of_meeting(act.tx(), meeting.id).await.unwrap().into_iter().filter(|i| i.state == ItemState::Listed) {
                        item.withdraw(&act).await.unwrap();
                    }
                }
                let meeting = meeting.clone();
                let done = match *verb {
                    "list" => meeting.list(&act, items::by_id(act.tx(), spare).await.unwrap()).await.map(|_| ()),
                    "call" => meeting.call(&act).await.map(|_| ()),
                    "open" => meeting.open(&act).await.map(|_| ()),
                    "close" => meeting.close(&act).await.map(|_| ()),
                    _ => meeting.cancel(&act).await.map(|_| ()),
                };
                match words.next().unwrap() {
                    "yes" => done.unwrap_or_else(|e| panic!("{state} {verb}: {e:?}")),
                    _ => assert_eq!(refusal(done), "meeting_state", "{state} {verb}"),
                }
                act.undo().await.unwrap();
            }
        }
    }

    async fn notice_in_time_and_everybody_is_told(town: Town) {
        let told = town.reports("电梯").await;
        town.staff.accepts(told.matter, "").await.unwrap();
        let empty = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        assert_eq!(refusal(town.secretary.calls(empty).await), "agenda_empty");
        let (meeting, _) = listed(&town, told.matter).await;
        town.lets_pass(Duration::days(3) + Duration::minutes(1));
        assert_eq!(refusal(town.secretary.calls(meeting).await), "notice_short", "less than five days");
        town.house.clock().set(town.house.now() - Duration::minutes(1));
        let called = town.secretary.calls(meeting).await.unwrap();
        assert_eq!((called.state, called.called_at), (MeetingState::Called, Some(town.house.now())));
        let letters = town.letters("meeting_called").await;
        assert_eq!(letters.len(), 14, "thirteen seats and a deputy");
        assert!(letters.contains(&Address::Person(town.deputy.id)));
        assert!(matches!(town.secretary.drafts(&town, MeetingKind::Regular, town.house.now()).await, Err(Error::Refused(r)) if r.key == "meeting_past"));
    }

    async fn an_extraordinary_meeting_needs_a_day(town: Town) {
        let told = town.reports("电梯").await;
        town.staff.accepts(told.matter, "").await.unwrap();
        town.secretary.nominates(told.matter).await.unwrap();
        let soon = town.house.now() + Duration::hours(24);
        let meeting = town.secretary.drafts(&town, MeetingKind::Extraordinary, soon).await.unwrap().id;
        town.secretary.lists(meeting, told.matter).await.unwrap();
        town.lets_pass(Duration::seconds(1));
        assert_eq!(refusal(town.secretary.calls(meeting).await), "notice_short_hours");
        town.house.clock().set(town.house.now() - Duration::seconds(1));
        town.secretary.calls(meeting).await.unwrap();
    }

    async fn papers_are_frozen_at_the_notice(town: Town) {
        let told = town.reports("电梯").await;
        town.staff.accepts(told.matter, "").await.unwrap();
        let (meeting, item) = listed(&town, told.matter).await;
        let prepares = async |title: &str| {
            town.secretary
                .does(async |act| items::by_id(act.tx(), item).await?.prepare(act, title, "要不要前移？", Competence::Council, "附：候梯数据").await)
                .await
        };
        prepares("打卡机前移").await.unwrap();
        let hash = town.secretary.calls(meeting).await.unwrap().papers_hash.expect("a hash");
        assert_eq!(hash.len(), 64);
        assert_eq!(refusal(prepares("别的题目").await), "papers_frozen");
        assert_eq!(items::by_id(town.house.read(), item).await.unwrap().title, "打卡机前移");
    }

    async fn what_comes_after_the_notice_is_only_discussed(town: Town) {
        let told = town.reports("电梯").await;
        let session = town.council_meets_about(told.matter).await;
        let meeting = in_state(&town, MeetingState::Called).await;
        // Without a question there is nothing to be discussed, and after the notice none can be written on the agenda.
        let empty = town
            .secretary
            .gets(async |act| {
                let council = louyi::domain::councils::by_id(act.tx(), town.council.id).await?;
                let source = items::Source::Member;
                items::raise(act, &council, items::NewItem { source, competence: Competence::Council, title: "再一件", question: "", papers: "" }).await
            })
            .await
            .id;
        let unasked = town.secretary.at_meeting(meeting.id, async |act, m| m.list(act, items::by_id(act.tx(), empty).await?).await).await;
        assert_eq!(refusal(unasked), "question_first");
        let late = raised(&town).await;
        let item = town.secretary.at_meeting(meeting.id, async |act, m| m.list(act, items::by_id(act.tx(), late).await?).await).await.unwrap();
        assert!(item.late);
        assert_eq!(item.position, 2);
        town.convenor.opens(meeting.id).await.unwrap();
        assert_eq!(refusal(town.secretary.puts(late, verbs::motion()).await), "item_late");
        assert!(town.secretary.puts(session.item, verbs::motion()).await.is_ok());
    }

    async fn a_session_closes_when_every_item_has_an_outcome(town: Town) {
        let told = town.reports("电梯").await;
        let session = town.council_meets_about(told.matter).await;
        town.are_seated(session.meeting, 1..=7).await;
        assert_eq!(refusal(town.convenor.closes(session.meeting).await), "items_unfinished");
        let referred = town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.refer(act, "由业主大会决定").await).await;
        assert_eq!((referred.state, referred.outcome_words.as_deref()), (ItemState::Referred, Some("由业主大会决定")));
        town.convenor.closes(session.meeting).await.unwrap();
        assert!(presence::present(town.house.read(), session.meeting).await.unwrap().is_empty());
        assert_eq!(presence::attended(town.house.read(), session.meeting).await.unwrap().len(), 7, "who was there stays known");
        assert_eq!(town.now(told.matter).await.state, IssueState::Accepted);
    }

    async fn who_is_present(town: Town) {
        let told = town.reports("电梯").await;
        let session = town.council_meets_about(told.matter).await;
        town.members[0].takes_seat(&town, session.meeting, 1).await.unwrap();
        town.members[0].takes_seat(&town, session.meeting, 1).await.expect("twice is once");
        assert_eq!(presence::present(town.house.read(), session.meeting).await.unwrap().len(), 1);
        town.members[0].leaves_seat(&town, session.meeting, 1).await.unwrap();
        assert_eq!(refusal(town.members[0].leaves_seat(&town, session.meeting, 1).await), "not_present");
        town.members[0].takes_seat(&town, session.meeting, 1).await.unwrap();
        let seat = town.seat(5).await;
        let online = town.deputy.at_meeting(session.meeting, async |act, m| m.seat_present(act, &seat, town.deputy.id, How::Online).await).await;
        online.unwrap();
        assert_eq!(meetings::by_id(town.house.read(), session.meeting).await.unwrap().seat_of(town.house.read(), town.deputy.id).await.unwrap().number, 5);
        let draft = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        assert_eq!(refusal(town.members[0].takes_seat(&town, draft, 1).await), "meeting_state");
    }

    async fn minutes_are_adopted_once_and_their_hash_is_public(town: Town) {
        let meeting = in_state(&town, MeetingState::Open).await;
        let adopts = async |words: &str| {
            town.secretary.at_meeting(meeting.id, async |act, m| m.save_minutes(act, words).await?.send_minutes(act).await?.adopt_minutes(act).await).await
        };
        assert_eq!(refusal(adopts("纪要：金丝雀唱歌，大家同意。").await), "meeting_state");
        for item in items::of_meeting(town.house.read(), meeting.id).await.unwrap() {
            withdraws(&town.secretary, item.id).await.unwrap();
        }
        town.convenor.closes(meeting.id).await.unwrap();
        let adopted = adopts("纪要：金丝雀唱歌，大家同意。").await.unwrap();
        let entry = publog::about(town.house.read(), meeting.id).await.unwrap().pop().expect("an entry");
        assert!(entry.body.contains(&adopted.minutes_hash.unwrap()) && !entry.body.contains("金丝雀"));
        assert_eq!(refusal(adopts("另一份纪要，改几个字").await), "minutes_adopted");
    }

    async fn a_cancelled_meeting_gives_its_items_back(town: Town) {
        let (work, _) = town.a_matter_in_work().await;
        let (meeting, item) = listed(&town, work.matter).await;
        let dropped = raised(&town).await;
        town.secretary.at_meeting(meeting, async |act, m| m.list(act, items::by_id(act.tx(), dropped).await?).await).await.unwrap();
        withdraws(&town.secretary, dropped).await.unwrap();
        town.secretary.calls(meeting).await.unwrap();
        assert_eq!(town.now(work.matter).await.state, IssueState::OnAgenda);
        town.secretary.at_meeting(meeting, async |act, m| m.cancel(act).await).await.unwrap();
        let back = items::by_id(town.house.read(), item).await.unwrap();
        assert_eq!((back.state, back.meeting_id, back.position), (ItemState::Proposed, None, 0));
        assert_eq!(items::by_id(town.house.read(), dropped).await.unwrap().state, ItemState::Withdrawn, "what was withdrawn stays so");
        assert_eq!(town.now(work.matter).await.state, IssueState::InWork, "the matter stands where it stood");
        assert_eq!(town.letters("meeting_cancelled").await.len(), 14);
        // And it can be listed again.
        let next = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        town.secretary.lists(next, work.matter).await.unwrap();
    }

    async fn what_a_meeting_lets_go_stands_where_it_stood(town: Town) {
        let shelved = town.reports("车位不够").await;
        town.staff.accepts(shelved.matter, "").await.unwrap();
        town.staff.shelves(shelved.matter, "改造地下二层", "2027-03-01").await.unwrap();
        let done = town.a_matter_done().await;
        let closed = town.a_matter_done().await;
        town.holder_of(&closed).answers(&closed, Answer::Yes).await.unwrap();
        let closed_at = town.now(closed.matter).await.closed_at;
        for matter in [shelved.matter, done.matter, closed.matter] {
            let (_, item) = listed(&town, matter).await;
            assert_eq!(town.now(matter).await.state, IssueState::OnAgenda);
            town.lets_pass(Duration::days(1));
            withdraws(&town.secretary, item).await.unwrap();
        }
        assert_eq!(town.now(shelved.matter).await.state, IssueState::LongTerm);
        let now = town.now(done.matter).await;
        assert_eq!(now.state, IssueState::Done);
        assert!(now.confirm_due > town.now(done.matter).await.done_at, "reporters are given their time anew");
        let now = town.now(closed.matter).await;
        assert_eq!((now.state, now.closed_by, now.closed_at), (IssueState::Closed, Some(ClosedBy::Reporter), closed_at));
    }

    async fn deferred_it_waits_on_the_list_again(town: Town) {
        let told = town.reports("电梯").await;
        town.staff.accepts(told.matter, "").await.unwrap();
        let (_, item) = listed(&town, told.matter).await;
        let defers = async |to: &str| town.secretary.does(async |act| items::by_id(act.tx(), item).await?.defer(act, to).await).await;
        assert_eq!(refusal(defers("2026-11-23").await), "date_past");
        assert_eq!(defers("2026-12-20").await.unwrap().state, ItemState::Deferred);
        assert_eq!(refusal(defers("2026-12-21").await), "item_over");
        let again = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("a fresh item");
        assert_ne!(again.id, item);
        assert_eq!(town.now(told.matter).await.state, IssueState::Accepted);
    }

    async fn numbers_are_counted_per_council_and_never_twice(town: Town) {
        let drafted = futures::future::join_all((0..3).map(|_| town.secretary.drafts_meeting(&town, 8))).await;
        let mut numbers: Vec<i32> = drafted.iter().flatten().map(|m| m.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), drafted.iter().flatten().count());
        assert!(drafted.iter().all(|d| d.is_ok() || matches!(d, Err(Error::Conflict))));
    }
}
