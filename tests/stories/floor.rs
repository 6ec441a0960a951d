//! The floor of an open session: what is at hand, who speaks, what is written down, who is in the room.

use chrono::Duration;
use louyi::domain::councils::Basis;
use louyi::domain::journal::Entry;
use louyi::domain::meetings;
use louyi::domain::meetings::interests::{self, Why};
use louyi::domain::meetings::items::{self, ItemState};
use louyi::domain::meetings::notes;
use louyi::domain::meetings::speakers::{self, Who};
use louyi::domain::motions::Method;
use louyi::kernel::journal;

use crate::support::{on_both, refusal, verbs};

on_both! {
    async fn the_first_item_is_at_hand_and_another_is_taken_up(town: Town) {
        let told = [town.reports("电梯太慢").await, town.reports("灯太暗").await];
        for t in &told {
            town.staff.accepts(t.matter, "收到").await.unwrap();
            town.secretary.nominates(t.matter).await.unwrap();
        }
        let meeting = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        let (first, second) = (town.secretary.lists(meeting, told[0].matter).await.unwrap(), town.secretary.lists(meeting, told[1].matter).await.unwrap());
        town.secretary.calls(meeting).await.unwrap();
        town.lets_pass(Duration::days(8));
        let opened = town.convenor.opens(meeting).await.unwrap();
        assert_eq!(opened.item_id, Some(first.id));
        town.are_seated(meeting, 1..=7).await;
        let seat = town.seat(3).await;
        town.members[2].at_meeting(meeting, async |act, m| m.ask_floor(act, Who::Seat(&seat)).await).await.unwrap();
        let taken = town.convenor.at_meeting(meeting, async |act, m| m.take_up(act, &items::by_id(act.tx(), second.id).await?).await).await.unwrap();
        assert_eq!((taken.item_id, taken.item_since), (Some(second.id), Some(town.house.now())));
        assert!(speakers::waiting(town.house.read(), meeting).await.unwrap().is_empty(), "who waited to speak to the first need not be struck off");
        // Opening a vote takes its item up: nobody votes on what the room does not see.
        let motion = town.secretary.puts(first.id, verbs::motion()).await.unwrap();
        town.convenor.opens_vote(motion.id, Method::Named).await.unwrap();
        assert_eq!(meetings::by_id(town.house.read(), meeting).await.unwrap().item_id, Some(first.id));
    }

    async fn speakers_wait_speak_and_their_time_is_summed(town: Town) {
        let chamber = town.a_council_of(5, Basis::All).await;
        chamber.sit(0..4).await;
        let meeting = chamber.meeting;
        let ask = async |n: usize| {
            let seat = &chamber.seats[n];
            town.members[n].at_meeting(meeting, async |act, m| m.ask_floor(act, Who::Seat(seat)).await).await
        };
        let first = ask(1).await.unwrap();
        town.lets_pass(Duration::seconds(5));
        ask(2).await.unwrap();
        assert_eq!(ask(1).await.unwrap().id, first.id, "a seat waits once");
        assert_eq!(refusal(ask(4).await), "not_present");
        town.secretary.at_meeting(meeting, async |act, m| m.ask_floor(act, Who::Guest("维保单位老陈")).await).await.unwrap();
        let waiting = async || speakers::waiting(town.house.read(), meeting).await.unwrap();
        let numbers = waiting().await.iter().map(|(n, _)| *n).collect::<Vec<_>>();
        assert_eq!(numbers, [1, 2, 3]);
        let give = async |n: u64| {
            town.convenor.at_meeting(meeting, async |act, m| m.give_floor(act, speakers::by_number(act.tx(), m.id, n).await?).await).await
        };
        give(1).await.unwrap();
        town.lets_pass(Duration::seconds(70));
        // Giving it to the next takes it from whoever had it.
        give(3).await.unwrap();
        assert_eq!(refusal(give(1).await), "speaker_over");
        let now: Vec<_> = waiting().await.into_iter().map(|(n, s)| (n, s.began_at.is_some())).collect();
        assert_eq!(now, [(3, true), (2, false)], "whoever speaks stands first");
        let again = ask(1).await.unwrap();
        give(4).await.unwrap();
        town.lets_pass(Duration::seconds(30));
        town.members[1].at_meeting(meeting, async |act, m| m.end_floor(act, speakers::by_number(act.tx(), m.id, 4).await?).await).await.unwrap();
        assert_ne!(again.id, first.id);
        let spoken = speakers::spoken(town.house.read(), chamber.item, town.house.now()).await.unwrap();
        assert_eq!(spoken, [(chamber.seats[1].id, Duration::seconds(100))], "both times together; a guest is nobody's seat");
        let lines = journal::of_object(town.house.read(), chamber.item).await.unwrap();
        let told = lines.iter().filter(|l| l.act.starts_with("floor_")).count();
        assert_eq!(told, 4 + 3 + 3, "asked four times, given three times, ended three times");
    }

    async fn what_the_secretary_writes_down_is_kept_apart_from_the_journal(town: Town) {
        let told = town.reports("电梯太慢").await;
        let session = town.council_meets_about(told.matter).await;
        let note = town
            .secretary
            .at_meeting(session.meeting, async |act, m| {
                let item = items::by_id(act.tx(), session.item).await?;
                m.note(act, Some(&item), "七席说：先试两周，费用由物业垫付。").await
            })
            .await
            .unwrap();
        assert_eq!(notes::of_meeting(town.house.read(), session.meeting).await.unwrap(), std::slice::from_ref(&note));
        let line = journal::of_object(town.house.read(), session.item).await.unwrap().into_iter().rfind(|l| l.act == "note_taken").unwrap();
        assert!(!line.data.contains("七席"), "{}", line.data);
        assert!(matches!(line.entry::<Entry>().unwrap(), Entry::NoteTaken { words } if words == louyi::kernel::text::TextHash::of(&note.words_salt, &note.words)));
        let short = town.secretary.at_meeting(session.meeting, async |act, m| m.note(act, None, " ").await).await;
        assert_eq!(refusal(short), "empty");
    }

    async fn the_code_is_of_this_meeting_and_of_these_minutes(town: Town) {
        let told = town.reports("电梯太慢").await;
        let session = town.council_meets_about(told.matter).await;
        let meeting = meetings::by_id(town.house.read(), session.meeting).await.unwrap();
        let (keys, now) = (town.house.keys(), town.house.now());
        let code = meeting.room_code(keys, now);
        assert_eq!(code.len(), 6);
        meeting.ask_room_code(keys, now, &code).unwrap();
        let wide: String = code.chars().map(|c| char::from_u32(u32::from('０') + c.to_digit(10).unwrap()).unwrap()).collect();
        meeting.ask_room_code(keys, now, &format!(" {wide} ")).unwrap();
        meeting.ask_room_code(keys, now + Duration::seconds(300), &code).unwrap();
        assert!(meeting.ask_room_code(keys, now + Duration::seconds(600), &code).is_err(), "ten minutes later it is another");
        assert!(meeting.ask_room_code(keys, now, "").is_err());
        let mut other = meeting.clone();
        other.id = louyi::kernel::ids::MeetingId(louyi::kernel::ids::fresh(now));
        // One in a million would agree by chance, in each of two windows.
        assert!(other.ask_room_code(keys, now, &code).is_err());
    }

    async fn whom_an_item_concerns_is_proposed(town: Town) {
        let told = town.reports("打卡机排队").await;
        let session = town.council_meets_about(told.matter).await;
        let item = async || items::by_id(town.house.read(), session.item).await.unwrap();
        assert_eq!(item().await.state, ItemState::Listed);
        let by = async || interests::of_item(town.house.read(), &item().await).await.unwrap();
        let handles: Vec<_> = by().await.into_iter().map(|(s, why)| (s.organisation_id, why)).collect();
        assert!(!handles.is_empty() && handles.iter().all(|(o, why)| *o == town.manager.id && *why == Why::Handles), "{handles:?}");
        let due = town.house.now() + Duration::days(10);
        town.convenor.asks_to_sign(session.item, &town.sunflower, "打卡机移到闸机之前", due).await.unwrap();
        let parties = by().await;
        let tenant = parties.iter().find(|(s, _)| s.organisation_id == town.sunflower.id).expect("the tenant's seat");
        assert_eq!(tenant.1, Why::MustSign);
        town.are_seated(session.meeting, 1..=7).await;
        let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap();
        town.convenor.opens_vote(motion.id, Method::Named).await.unwrap();
        assert!(by().await.iter().all(|(s, _)| s.organisation_id != town.sunflower.id), "once recused, nobody need ask");
    }
}
