//! Hand-overs between the five levels: up, down, sideways and back, agreed or refused by the receiver, one responsible at any
//! time; from council to council; the day of the report.

use futures::future::join;
use louyi::domain::hand_overs::{self, HandOver, HandOverState};
use louyi::domain::issues::{IssueState, Receiver};
use louyi::domain::journal::Entry;
use louyi::domain::levels::{Direction, Level};
use louyi::domain::meetings::items::{self, Item, Source};
use louyi::domain::meetings::presence::How;
use louyi::domain::meetings::{self, MeetingKind, NewMeeting};
use louyi::domain::motions::Method;
use louyi::domain::organisations;
use louyi::domain::votes::Choice;
use louyi::kernel::outbox::Address;

use crate::support::levels::{District, district, street};
use crate::support::verbs;
use crate::support::{Matter, Town, on_both, refusal, shanghai};

async fn rows(town: &Town, matter: Matter) -> Vec<HandOver> {
    hand_overs::of_issue(town.house.read(), matter.0).await.expect("hand-overs")
}

async fn directions(town: &Town, matter: Matter) -> Vec<Direction> {
    rows(town, matter).await.iter().filter(|h| h.state == HandOverState::Agreed).map(|h| h.direction).collect()
}

/// Accepted, on the list of its building's council, with a question.
async fn on_the_list(town: &Town) -> (Matter, Item) {
    let told = town.says("广场外面的人行道停满了车").about("park.bike").files().await;
    town.staff.accepts(told.matter, "先理到里面").await.expect("accepted");
    town.secretary.nominates(told.matter).await.expect("nominated");
    let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("on the list");
    let item = town.secretary.gets(async |act| item.prepare(act, "外面的车", "谁来管外面的车？", items::Competence::Council, "").await).await;
    (told.matter, item)
}

async fn refers(town: &Town, item: &Item, to: Receiver) -> louyi::kernel::error::Result<Item> {
    town.secretary.does(async |act| items::by_id(act.tx(), item.id).await?.refer_to(act, to, "这一段路在商圈里，请商圈一起定").await).await
}

async fn open_item(town: &Town, matter: Matter) -> Option<Item> {
    items::open_of_issue(town.house.read(), matter.0).await.unwrap()
}

on_both! {
    async fn up_down_sideways_and_back(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.says("门口共享单车堆成山").about("park.bike").files().await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        let before = town.now(told.matter).await;
        let issue = town.staff.offers(told.matter, &office).await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(town.manager.id), Level::Building), "the giver stays responsible");
        assert_eq!(issue.offered_until, Some(shanghai("2026-11-25 00:00")), "one working day");
        let issue = chief.takes_over_until(told.matter, "2026-11-26").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(office.id), Level::Street));
        chief.offers(told.matter, &town.department).await.unwrap();
        let issue = town.officer.takes_over_until(told.matter, "2026-11-27").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(town.department.id), Level::Department));
        // What came of it goes back step by step; each who had it agrees.
        assert_eq!(refusal(town.officer.hands_to(told.matter, Receiver::Before, "carried_out", "好").await), "too_short");
        town.officer.hands_to(told.matter, Receiver::Before, "carried_out", "车清走了，路口加了巡查").await.unwrap();
        assert_eq!(town.now(told.matter).await.holder_id, Some(town.department.id));
        let issue = chief.takes_over_until(told.matter, "").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(office.id), Level::Street), "what comes back is reported to nobody");
        // Naming whoever had it before is handing back too.
        chief.hands_to(told.matter, Receiver::Organisation(town.manager.id), "carried_out", "街道清过一遍，请接着看").await.unwrap();
        let issue = town.staff.takes_over_until(told.matter, "").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(town.manager.id), Level::Building));
        assert_eq!(refusal(town.staff.hands_to(told.matter, Receiver::Before, "carried_out", "再退一步").await), "nobody_before");
        assert_eq!(directions(&town, told.matter).await, [Direction::Up, Direction::Down, Direction::Back, Direction::Back]);
        let now = town.now(told.matter).await;
        assert_eq!((now.first_answer_due, now.result_due), (before.first_answer_due, before.result_due), "no clock restarts");
        assert_eq!((now.state, now.accepted_at), (IssueState::Accepted, before.accepted_at));
        // From the building to a department is neither up nor down; from there to the chamber it is up.
        let other = town.reports("消防门关不上").await;
        town.staff.offers(other.matter, &town.department).await.unwrap();
        town.officer.takes_over(other.matter).await.unwrap();
        town.officer.offers(other.matter, &town.chamber).await.unwrap();
        town.chamber_officer.takes_over(other.matter).await.unwrap();
        assert_eq!(directions(&town, other.matter).await, [Direction::Sideways, Direction::Up]);
        assert_eq!(town.now(other.matter).await.level, Level::Association);
    }

    async fn the_receiver_says_by_which_day_it_reports(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.reports("大堂门口积水").await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        town.staff.offers(told.matter, &office).await.unwrap();
        let due = town.now(told.matter).await.result_due.expect("promised");
        let strict = async |day: &str| {
            let report = louyi::domain::issues::Report { on: day, after_result: false };
            chief.does(async |act| louyi::domain::issues::hold_by_id(act, told.matter.0).await?.take_over(act, report).await).await
        };
        for (day, key) in [("", "date"), ("下周", "date"), ("2026-11-23", "date_past"), ("2026-11-28", "report_day_off"), ("2027-03-01", "date_far")] {
            assert_eq!(refusal(strict(day).await), key, "{day}");
        }
        let after = (due + chrono::Duration::days(14)).with_timezone(&louyi::kernel::calendar::BEIJING).date_naive();
        let after = (0..7).map(|n| after + chrono::Duration::days(n)).find(|d| town.house.calendar().is_working(*d)).unwrap().to_string();
        assert_eq!(refusal(strict(&after).await), "report_after_result", "later than promised only where that is said");
        let issue = strict("2026-11-26").await.unwrap();
        assert_eq!(issue.result_due, Some(due), "promised dates stay");
        assert!(matches!(town.last(told.matter).await, Entry::TransferTaken { level: Some(Level::Street), report_on: Some(day), .. } if day == "2026-11-26"));
        assert_eq!(town.letters("transfer_taken").await, [Address::Person(town.staff.id), Address::Person(town.colleague.id)]);
        assert_eq!(refusal(town.staff.reports_back(told.matter, "还在看", None).await), "only_holder");
        assert_eq!(refusal(chief.reports_back(told.matter, "看", None).await), "too_short");
        assert_eq!(refusal(chief.reports_back(told.matter, "排水口堵了，找了市政", Some("2026-11-29")).await), "report_day_off");
        chief.reports_back(told.matter, "排水口堵了，找了市政", Some("2026-11-27")).await.unwrap();
        assert_eq!(rows(&town, told.matter).await[0].report_on.as_deref(), Some("2026-11-27"));
        assert_eq!(town.letters("transfer_reported").await.len(), 2, "whoever gave it is told");
        chief.reports_back(told.matter, "市政疏通了，三天没再积水", None).await.unwrap();
        assert_eq!(refusal(chief.reports_back(told.matter, "没有别的了", None).await), "no_report_owed");
    }

    async fn a_report_is_on_the_desk_and_reminded_of(town: Town) {
        use louyi::domain::desk::{Desk, Narrow, View, What};
        let (office, chief) = street(&town).await;
        let told = town.says("门口共享单车堆成山").about("park.bike").files().await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        town.staff.offers(told.matter, &office).await.unwrap();
        let lines = async |who: &crate::support::people::Who| {
            let memberships = louyi::domain::persons::memberships(town.house.read(), who.id).await.unwrap();
            Desk::of(&town.house, who.id, &memberships, None, Narrow::default()).await.unwrap().lines(View::Next, 50).await.unwrap()
        };
        assert!(lines(&chief).await.iter().any(|l| matches!(l.what, What::Offer(_)) && l.due == Some(shanghai("2026-11-25 00:00"))));
        chief.takes_over_until(told.matter, "2026-11-25").await.unwrap();
        let owed = lines(&chief).await.into_iter().find(|l| matches!(l.what, What::Report(..))).expect("on the desk");
        assert_eq!(owed.due, Some(shanghai("2026-11-26 00:00")));
        assert!(!lines(&town.officer).await.iter().any(|l| matches!(l.what, What::Report(..))), "another department owes nothing");
        let told_of = async |kind: &str| town.letters(kind).await.contains(&Address::Person(chief.id));
        louyi::domain::reminders::send_due(&town.house).await.unwrap();
        assert!(!told_of("report_due").await);
        town.it_is("2026-11-25 09:30");
        louyi::domain::reminders::send_due(&town.house).await.unwrap();
        assert!(told_of("report_due").await && !told_of("report_late").await);
        town.it_is("2026-11-26 09:30");
        louyi::domain::reminders::send_due(&town.house).await.unwrap();
        assert!(told_of("report_late").await);
        assert!(town.letters("report_late").await.contains(&Address::Person(town.secretary.id)), "the secretary learns that it is late");
        chief.reports_back(told.matter, "清了一遍，还差划线", None).await.unwrap();
        assert!(!lines(&chief).await.iter().any(|l| matches!(l.what, What::Report(..))));
    }

    async fn who_may_not(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.reports("电梯慢").await;
        assert_eq!(refusal(town.staff.offers(told.matter, &town.sunflower).await), "transfer_not_theirs", "an enterprise is never responsible");
        assert_eq!(refusal(town.representative.offers(told.matter, &office).await), "only_holder");
        assert_eq!(refusal(town.staff.hands_to(told.matter, Receiver::Council, "joint", "请商圈议").await), "no_district_council");
        assert_eq!(refusal(town.staff.hands_to(told.matter, Receiver::Organisation(office.id), "because", "请街道").await), "choose_reason");
        town.staff.offers(told.matter, &office).await.unwrap();
        for who in [&town.officer, &town.staff, &town.secretary, &town.representative, &town.visitor()] {
            assert_eq!(refusal(who.takes_over(told.matter).await), "only_offered");
            assert_eq!(refusal(who.refuses_transfer(told.matter).await), "only_offered");
        }
        chief.takes_over(told.matter).await.unwrap();
        assert_eq!(refusal(town.staff.offers(told.matter, &town.department).await), "only_holder", "who gave it has let go");
        let enterprise = organisations::by_id(town.house.read(), town.sunflower.id).await.unwrap();
        assert_eq!(refusal(town.administrator.does(async |act| enterprise.at_level(act, Level::Street).await).await), "level_not_theirs");
    }

    async fn taken_and_refused_at_once(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.reports("电梯慢").await;
        town.staff.offers(told.matter, &office).await.unwrap();
        let (taken, refused) = join(chief.takes_over(told.matter), chief.refuses_transfer(told.matter)).await;
        assert_eq!(usize::from(taken.is_ok()) + usize::from(refused.is_ok()), 1, "one of them wins: {taken:?} {refused:?}");
        let all = rows(&town, told.matter).await;
        assert_eq!(all.len(), 1);
        let issue = town.now(told.matter).await;
        let holder = if taken.is_ok() { office.id } else { town.manager.id };
        assert_eq!((issue.holder_id, issue.offered_to_id), (Some(holder), None));
    }

    async fn a_later_offer_ends_the_earlier(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.reports("电梯慢").await;
        town.staff.offers(told.matter, &office).await.unwrap();
        town.staff.offers(told.matter, &town.department).await.unwrap();
        assert_eq!(refusal(chief.takes_over(told.matter).await), "only_offered");
        let states: Vec<_> = rows(&town, told.matter).await.iter().map(|h| h.state).collect();
        assert_eq!(states, [HandOverState::TakenBack, HandOverState::Asked]);
    }

    async fn from_a_council_to_the_districts_and_back(town: Town) {
        let District { council, office, secretary } = district(&town).await;
        let (matter, item) = on_the_list(&town).await;
        let before = town.now(matter).await;
        refers(&town, &item, Receiver::Council).await.unwrap();
        let issue = town.now(matter).await;
        assert_eq!((issue.holder_id, issue.level), (Some(town.manager.id), Level::Building), "the building stays responsible");
        assert!(open_item(&town, matter).await.is_none());
        assert_eq!(town.letters("transfer_offered").await, [Address::Person(secretary.id)]);
        for who in [&town.secretary, &town.officer, &town.staff] {
            assert_eq!(refusal(who.takes_over(matter).await), "only_district_secretary");
        }
        // Refused with a reason, the item is on the building's list again, as it was.
        secretary.refuses_transfer(matter).await.unwrap();
        let again = open_item(&town, matter).await.expect("on the list again");
        assert_eq!((again.council_id, again.title.as_str(), again.question.as_str()), (town.council.id, "外面的车", "谁来管外面的车？"));
        assert_eq!(town.now(matter).await.holder_id, Some(town.manager.id));
        refers(&town, &again, Receiver::Council).await.unwrap();
        let issue = secretary.takes_over_until(matter, "2026-11-27").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(office.id), Level::District));
        let theirs = open_item(&town, matter).await.expect("on the district's list");
        assert_eq!((theirs.council_id, theirs.source, theirs.question.as_str()), (council.id, Source::HandedOver, "谁来管外面的车？"));
        // It hands the matter back; who had it before says no, and it is on the district's list again.
        let hand_back = async |item: &Item| {
            let words = "商圈划了线，楼里照线管";
            secretary.does(async |act| items::by_id(act.tx(), item.id).await?.refer_to(act, Receiver::Before, words).await).await
        };
        hand_back(&theirs).await.unwrap();
        town.staff.refuses_transfer(matter).await.unwrap();
        let again = open_item(&town, matter).await.expect("on the district's list again");
        assert_eq!((again.council_id, town.now(matter).await.holder_id), (council.id, Some(office.id)));
        hand_back(&again).await.unwrap();
        let issue = town.staff.takes_over_until(matter, "").await.unwrap();
        assert_eq!((issue.holder_id, issue.level), (Some(town.manager.id), Level::Building));
        assert!(open_item(&town, matter).await.is_none());
        assert_eq!((issue.first_answer_due, issue.result_due), (before.first_answer_due, before.result_due));
        assert_eq!(directions(&town, matter).await, [Direction::Up, Direction::Back]);
    }

    async fn the_districts_council_decides(town: Town) {
        let District { council, secretary, .. } = district(&town).await;
        let (matter, item) = on_the_list(&town).await;
        refers(&town, &item, Receiver::Council).await.unwrap();
        secretary.takes_over_until(matter, "2026-11-27").await.unwrap();
        let item = open_item(&town, matter).await.expect("on the district's list");
        let starts_at = town.house.now() + chrono::Duration::days(8);
        let id = council.id;
        let meeting = secretary
            .gets(async |act| {
                let council = louyi::domain::councils::by_id(act.tx(), id).await?;
                let new = NewMeeting { kind: MeetingKind::Regular, starts_at, place: "商圈会议室", online: None, votes_until: None };
                let meeting = meetings::draft(act, &council, new).await?;
                meeting.clone().list(act, items::by_id(act.tx(), item.id).await?).await?;
                meeting.call(act).await.map(|m| m.id)
            })
            .await;
        assert_eq!(town.now(matter).await.state, IssueState::OnAgenda);
        town.lets_pass(chrono::Duration::days(8));
        town.convenor.opens(meeting).await.unwrap();
        let seats = council.seats(town.house.read()).await.unwrap();
        for (seat, who) in seats.iter().zip(&town.members) {
            who.at_meeting(meeting, async |act, m| m.seat_present(act, seat, who.id, How::Room).await).await.unwrap();
        }
        let motion = secretary.puts(item.id, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        for (seat, who) in seats.iter().zip(&town.members) {
            who.does(async |act| {
                let motion = louyi::domain::motions::by_id(act.tx(), motion).await?;
                motion.cast(act, seat, who.id, Choice::Yes, louyi::domain::motions::By::Own).await
            })
            .await
            .unwrap();
        }
        let (_, resolution) = town.convenor.closes_vote(motion, 0).await.unwrap();
        let resolution = secretary.publishes(&resolution.expect("carried")).await.unwrap();
        assert_eq!((resolution.council_id, resolution.issue_id), (council.id, Some(matter.0)));
        assert_eq!(town.now(matter).await.state, IssueState::Decided);
        // The matter's own page leads to the district's meeting and resolution.
        let site = town.site().await;
        let page = site.visitor().reads("/b/tingqiao/issues/1").await;
        page.shows("/d/qingtang/meetings/1").shows(&format!("/d/qingtang/resolutions/{}", resolution.address()));
        page.hides("/b/tingqiao/meetings/1");
        let there = site.visitor().reads(&format!("/d/qingtang/resolutions/{}", resolution.address())).await;
        there.shows("/b/tingqiao/issues/1");
    }

    async fn silence_of_the_receiver_is_no_answer(town: Town) {
        district(&town).await;
        let (matter, item) = on_the_list(&town).await;
        refers(&town, &item, Receiver::Council).await.unwrap();
        town.it_is("2026-11-25 00:01");
        assert_eq!(louyi::domain::issues::offers_lapse_due(&town.house).await.unwrap(), 1);
        let again = open_item(&town, matter).await.expect("on the list again");
        assert_eq!(again.council_id, town.council.id);
        assert_eq!((rows(&town, matter).await[0].state, town.now(matter).await.transfers_refused), (HandOverState::Lapsed, 0));
        // To a department and back the same way.
        refers(&town, &again, Receiver::Organisation(town.department.id)).await.unwrap();
        town.officer.refuses_transfer(matter).await.unwrap();
        assert!(open_item(&town, matter).await.is_some());
    }
}
