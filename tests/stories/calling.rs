//! Calling a meeting: times to choose from, who cannot come, another time, what was settled before, what is not public.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use louyi::domain::meetings::dates::{Availability, Count, Poll};
use louyi::domain::meetings::items::{self, ItemState};
use louyi::domain::meetings::overtaken::{self, Overtaken};
use louyi::domain::meetings::publicity::NotPublic;
use louyi::domain::meetings::timing::{self, Step};
use louyi::domain::meetings::{self, Meeting, apologies};
use louyi::domain::{letters, reminders};
use louyi::kernel::error::{Error, Result};
use louyi::kernel::ids::MeetingId;
use louyi::kernel::outbox::{self, Address};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::support::{Matter, Town, Who, on_both, refusal};

/// A matter on the agenda of a meeting in eight days, called.
async fn called(town: &Town) -> (Matter, MeetingId) {
    let told = town.says("电梯").by_mail("lin@example.org").files().await;
    town.staff.accepts(told.matter, "").await.unwrap();
    town.secretary.nominates(told.matter).await.unwrap();
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
    town.secretary.lists(meeting, told.matter).await.unwrap();
    town.secretary.calls(meeting).await.unwrap();
    (told.matter, meeting)
}

async fn now(town: &Town, id: MeetingId) -> Meeting {
    meetings::by_id(town.house.read(), id).await.unwrap()
}

async fn says(town: &Town, who: &Who, meeting: MeetingId, seat: i32, said: &[(DateTime<Utc>, Availability)]) -> Result<()> {
    let (seat, said): (_, BTreeMap<_, _>) = (town.seat(seat).await, said.iter().copied().collect());
    who.at_meeting(meeting, async |act, m| m.answer_dates(act, &seat, who.id, &said).await).await
}

async fn excuses(town: &Town, who: &Who, meeting: MeetingId, seat: i32, deputy: bool) -> Result<()> {
    let seat = town.seat(seat).await;
    who.at_meeting(meeting, async |act, m| m.apologise(act, &seat, who.id, "金丝雀病了", deputy).await).await
}

async fn moves(town: &Town, meeting: MeetingId, to: DateTime<Utc>) -> Result<Meeting> {
    town.secretary.at_meeting(meeting, async |act, m| m.postpone(act, to, "南座3楼", None).await).await
}

/// The letters of a kind as they would go out now.
async fn composed(town: &Town, kind: &str) -> Vec<letters::Letter> {
    let mut out = vec![];
    for owed in outbox::Entity::find().filter(outbox::Column::Kind.eq(kind)).all(town.house.read()).await.unwrap() {
        out.extend(letters::compose(&town.house, &owed).await.unwrap());
    }
    out
}

on_both! {
    async fn a_time_is_chosen_by_seats_and_not_by_persons(town: Town) {
        use Availability::{IfNeedBe, No, Yes};
        let meeting = town.secretary.drafts_meeting(&town, 30).await.unwrap().id;
        let days = |n: i64| town.house.now() + Duration::days(n);
        let offers = async |times: Vec<DateTime<Utc>>| town.secretary.at_meeting(meeting, async |act, m| m.offer_dates(act, times.clone()).await).await;
        assert_eq!(refusal(offers(vec![days(8)]).await), "dates_number");
        assert_eq!(refusal(offers(vec![days(8), days(8)]).await), "dates_number", "the same twice is one");
        assert_eq!(refusal(offers((8..15).map(days).collect()).await), "dates_number");
        assert_eq!(refusal(offers(vec![days(2), days(8)]).await), "notice_short", "no time at which the notice would be late");
        assert_eq!(refusal(says(&town, &town.members[0], meeting, 1, &[(days(8), Yes)]).await), "dates_none");
        offers(vec![days(9), days(8), days(10)]).await.unwrap();
        assert_eq!(town.letters("dates_asked").await.len(), 14, "thirteen holders and a deputy");
        // The holder of the fifth seat cannot, its deputy can: the seat can. Said again, it holds instead.
        says(&town, &town.members[4], meeting, 5, &[(days(8), No), (days(9), No)]).await.unwrap();
        says(&town, &town.deputy, meeting, 5, &[(days(8), Yes), (days(9), IfNeedBe)]).await.unwrap();
        says(&town, &town.members[0], meeting, 1, &[(days(8), Yes)]).await.unwrap();
        says(&town, &town.members[0], meeting, 1, &[(days(8), No)]).await.unwrap();
        assert_eq!(refusal(says(&town, &town.members[0], meeting, 2, &[(days(8), Yes)]).await), "no_seat");
        assert!(matches!(says(&town, &town.members[0], meeting, 1, &[(days(12), Yes)]).await, Err(Error::Conflict)));
        let seats = town.council.seats(town.house.read()).await.unwrap();
        let poll = Poll::of(town.house.read(), meeting).await.unwrap();
        assert_eq!(poll.count(poll.dates[0].id, &seats), Count { yes: 1, if_need_be: 0, no: 1 });
        assert_eq!(poll.count(poll.dates[1].id, &seats), Count { yes: 0, if_need_be: 1, no: 0 });
        // Offered anew, what was said of a time that stays stays.
        offers(vec![days(8), days(11)]).await.unwrap();
        let poll = Poll::of(town.house.read(), meeting).await.unwrap();
        assert_eq!((poll.dates.len(), poll.answers.len()), (2, 3));
        let takes = async |t| town.secretary.at_meeting(meeting, async |act, m| m.take_date(act, t).await).await;
        assert_eq!(refusal(takes(days(9)).await), "unknown_choice");
        assert_eq!(takes(days(11)).await.unwrap().starts_at, days(11));
        assert!(composed(&town, "dates_asked").await.iter().all(|l| l.address.ends_with("/meetings/1/dates")));
    }

    async fn the_agenda_has_a_clock(town: Town) {
        let meeting = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        for _ in 0..3 {
            let told = town.reports("电梯").await;
            town.staff.accepts(told.matter, "").await.unwrap();
            town.secretary.nominates(told.matter).await.unwrap();
            town.secretary.lists(meeting, told.matter).await.unwrap();
        }
        let order = async || items::of_meeting(town.house.read(), meeting).await.unwrap();
        let ids: Vec<_> = order().await.iter().map(|i| i.id).collect();
        let arranges = async |minutes: &[(i32, Option<i32>)], step| {
            town.secretary.at_meeting(meeting, async |act, m| m.arrange(act, minutes, step).await).await
        };
        assert_eq!(refusal(arranges(&[(1, Some(0))], None).await), "minutes_range");
        arranges(&[(1, Some(35)), (2, None)], Some((3, Step::Up))).await.unwrap();
        let now: Vec<_> = order().await;
        assert_eq!(now.iter().map(|i| i.id).collect::<Vec<_>>(), [ids[0], ids[2], ids[1]]);
        arranges(&[], Some((1, Step::Up))).await.expect("at the top there is nowhere to go");
        let m = meetings::by_id(town.house.read(), meeting).await.unwrap();
        let clock = timing::clock(m.starts_at, &order().await);
        assert_eq!(clock[1].1 - clock[0].1, Duration::minutes(35));
        assert_eq!(clock[2].1 - clock[1].1, Duration::minutes(20), "the rule of thumb");
        assert_eq!(timing::ends_at(m.starts_at, &order().await) - m.starts_at, Duration::minutes(75));
        town.secretary.calls(meeting).await.unwrap();
        assert_eq!(refusal(arranges(&[(1, Some(5))], None).await), "meeting_state");
        let letter = composed(&town, "meeting_called").await.pop().unwrap();
        assert!(letter.body.contains("09:12 第1题") && letter.body.contains("09:47 第2题"), "{}", letter.body);
    }

    async fn who_cannot_come_and_whose_deputy_does(town: Town) {
        let (_, meeting) = called(&town).await;
        let expected = async || apologies::expected(town.house.read(), &now(&town, meeting).await).await.unwrap();
        assert_eq!((expected().await.coming.len(), expected().await.quorum), (13, 7));
        assert_eq!(refusal(excuses(&town, &town.members[0], meeting, 1, true).await), "no_deputy");
        assert_eq!(refusal(excuses(&town, &town.deputy, meeting, 5, false).await), "holder_says");
        assert_eq!(refusal(excuses(&town, &town.members[0], meeting, 2, false).await), "no_seat");
        excuses(&town, &town.members[4], meeting, 5, true).await.unwrap();
        assert_eq!(town.letters("deputy_asked").await, [Address::Person(town.deputy.id)]);
        assert!(expected().await.coming.contains(&(town.seat(5).await.id, town.deputy.id)));
        // The deputy says no, then yes again.
        let seat = town.seat(5).await;
        let answers = async |comes| town.deputy.at_meeting(meeting, async |act, m| m.deputy_answers(act, &seat, town.deputy.id, comes).await).await;
        answers(false).await.unwrap();
        assert_eq!(town.letters("deputy_refused").await, [Address::Person(town.members[4].id)]);
        assert_eq!(expected().await.away, [seat.id]);
        answers(true).await.unwrap();
        // Not reminded: whoever does not come and has a deputy who does.
        town.lets_pass(Duration::days(7));
        reminders::send_due(&town.house).await.unwrap();
        reminders::send_due(&town.house).await.unwrap();
        let reminded = town.letters("meeting_soon").await;
        assert_eq!(reminded.len(), 13, "twelve holders and the deputy, each once");
        assert!(!reminded.contains(&Address::Person(town.members[4].id)) && reminded.contains(&Address::Person(town.deputy.id)));
        // Taken back as easily.
        let back = async || town.members[4].at_meeting(meeting, async |act, m| m.come_after_all(act, &seat, town.members[4].id).await).await;
        back().await.unwrap();
        assert_eq!(town.letters("deputy_free").await, [Address::Person(town.deputy.id)]);
        assert_eq!(refusal(back().await), "no_apology");
        assert_eq!(expected().await.coming.len(), 13);
        town.lets_pass(Duration::days(1));
        assert_eq!(refusal(excuses(&town, &town.members[0], meeting, 1, false).await), "meeting_begun");
        let all = town.house.read();
        for line in louyi::kernel::journal::of_object(all, meeting.0).await.unwrap() {
            assert!(!line.data.contains("金丝雀"), "what was said with an apology is in no journal: {}", line.data);
        }
    }

    async fn the_secretary_hears_once_that_too_few_come(town: Town) {
        let (_, meeting) = called(&town).await;
        for n in (1..=7).filter(|n| *n != 5) {
            excuses(&town, &town.members[n as usize - 1], meeting, n, false).await.unwrap();
        }
        assert!(town.letters("quorum_at_risk").await.is_empty(), "seven of thirteen are enough");
        excuses(&town, &town.members[7], meeting, 8, false).await.unwrap();
        excuses(&town, &town.members[8], meeting, 9, false).await.unwrap();
        assert_eq!(town.letters("quorum_at_risk").await, [Address::Person(town.secretary.id)]);
        assert!(composed(&town, "quorum_at_risk").await[0].body.contains("只到5席，过半要7席"));
    }

    async fn a_moved_meeting_gives_its_notice_anew(town: Town) {
        let (matter, meeting) = called(&town).await;
        excuses(&town, &town.members[0], meeting, 1, false).await.unwrap();
        town.letters_arrive().await;
        let before = now(&town, meeting).await;
        assert_eq!(refusal(moves(&town, meeting, town.house.now() + Duration::days(4)).await), "notice_short");
        assert_eq!(refusal(town.secretary.at_meeting(meeting, async |act, m| m.postpone(act, before.starts_at, &before.place, None).await).await), "nothing_moved");
        let to = town.house.now() + Duration::days(12);
        let moved = moves(&town, meeting, to).await.unwrap();
        assert_eq!((moved.starts_at, moved.moved_from, moved.sequence), (to, Some(before.starts_at), before.sequence + 1));
        assert_eq!(moved.papers_hash, before.papers_hash, "the papers stay as they were");
        assert_eq!(town.letters("meeting_moved").await.len(), 14);
        assert_eq!(town.letters("agenda_moved").await.len(), 1, "and whoever reported what is on it");
        assert!(apologies::of_meeting(town.house.read(), meeting).await.unwrap().is_empty(), "who could not come then is asked again");
        let letter = composed(&town, "meeting_moved").await.pop().unwrap();
        let file = letter.calendar.expect("a calendar file");
        assert!(file.contains("METHOD:PUBLISH\r\n") && file.contains("SEQUENCE:1\r\n") && file.contains("DTSTART;TZID=Asia/Shanghai:20261205T091200\r\n"), "{file}");
        // A new place alone counts no days, and ends no apology.
        excuses(&town, &town.members[0], meeting, 1, false).await.unwrap();
        town.lets_pass(Duration::days(11));
        let elsewhere = town.secretary.at_meeting(meeting, async |act, m| m.postpone(act, to, "北座1楼", None).await).await.unwrap();
        assert_eq!((elsewhere.sequence, elsewhere.moved_from), (2, Some(before.starts_at)));
        assert_eq!(apologies::of_meeting(town.house.read(), meeting).await.unwrap().len(), 1);
        assert_eq!(town.letters("agenda_moved").await.len(), 1, "where it meets concerns members");
        // Called off: out of calendars again, and reporters hear it.
        town.secretary.at_meeting(meeting, async |act, m| m.cancel(act).await).await.unwrap();
        assert_eq!(town.letters("agenda_off").await.len(), 1);
        let file = composed(&town, "meeting_cancelled").await.pop().unwrap().calendar.expect("a calendar file");
        assert!(file.contains("STATUS:CANCELLED\r\n") && file.contains("SEQUENCE:3\r\n"), "{file}");
        assert_eq!(items::open_of_issue(town.house.read(), matter.0).await.unwrap().unwrap().state, ItemState::Proposed);
    }

    async fn what_was_settled_before_the_meeting_says_so(town: Town) {
        let settled = async |matter: Matter| {
            let item = items::open_of_issue(town.house.read(), matter.0).await.unwrap().expect("an item");
            overtaken::of_item(town.house.read(), &item).await.unwrap()
        };
        // All that was asked of anybody is done, while it waits on the agenda.
        let (work, task) = town.a_matter_in_work().await;
        town.secretary.nominates(work.matter).await.unwrap();
        let meeting = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        town.secretary.lists(meeting, work.matter).await.unwrap();
        assert_eq!(settled(work.matter).await, None);
        town.lets_pass(Duration::hours(1));
        town.fitter.finishes(task.id, "换了导靴").await.unwrap();
        assert_eq!(settled(work.matter).await, Some(Overtaken::TasksDone));
        // Joined to another: what was prepared goes along.
        let (one, other) = (town.reports("门坏了").await, town.reports("门关不上").await);
        for told in [&one, &other] {
            town.staff.accepts(told.matter, "").await.unwrap();
        }
        town.secretary.nominates(one.matter).await.unwrap();
        let item = items::open_of_issue(town.house.read(), one.matter.0).await.unwrap().unwrap();
        town.staff.merges(one.matter, other.matter).await.unwrap();
        let carried = items::by_id(town.house.read(), item.id).await.unwrap();
        assert_eq!((carried.issue_id, carried.state), (Some(other.matter.0), ItemState::Proposed));
        // Closed, then brought up on purpose.
        let done = town.a_matter_done().await;
        town.secretary.nominates(done.matter).await.unwrap();
        assert_eq!(settled(done.matter).await, None, "brought up after it was done: for its effect");
    }

    async fn what_was_put_off_comes_back_on_its_day(town: Town) {
        let (matter, _) = called(&town).await;
        let item = items::open_of_issue(town.house.read(), matter.0).await.unwrap().unwrap();
        town.secretary.gets(async |act| items::by_id(act.tx(), item.id).await?.withhold(act, NotPublic::Personal, "").await).await;
        town.secretary.gets(async |act| items::by_id(act.tx(), item.id).await?.defer(act, "2026-12-20").await).await;
        let again = items::open_of_issue(town.house.read(), matter.0).await.unwrap().unwrap();
        assert_eq!((again.not_before.as_deref(), again.public), (Some("2026-12-20"), false), "as public as it was");
    }
}
