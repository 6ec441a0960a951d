//! Calling a meeting through its pages: times that are offered, the agenda's clock, apologies, a change of time, what is not public.

use icalendar::{CalendarComponent, Component as _};
use rocket::http::Status;

use super::meetings::{COUNCIL, ITEM, MEETING, Room};
use crate::support::browser::{Page, Reader};
use crate::support::on_both;

const DATES: &str = "/b/tingqiao/meetings/1/dates";
const ICS: &str = "/b/tingqiao/meetings/1.ics";

/// A file for calendars, read as a program reads it: what the one event says.
async fn event(reader: &Reader<'_>) -> icalendar::Event {
    let body = reader.reads(ICS).await.body;
    let calendar: icalendar::Calendar = body.parse().unwrap_or_else(|e| panic!("{e}\n{body}"));
    assert!(body.lines().all(|l| l.trim_end_matches('\r').len() <= 75), "{body}");
    let event = calendar.components.iter().find_map(CalendarComponent::as_event).expect("an event");
    event.clone()
}

fn says(event: &icalendar::Event, name: &str) -> String {
    event.property_value(name).unwrap_or_default().to_owned()
}

/// The fields that answer every offered time in the same way.
fn answers(page: &Page, how: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = vec![];
    for part in page.body.split("name=\"answer-").skip(1) {
        names.push(format!("answer-{}", part.split('"').next().unwrap_or_default()));
    }
    names.dedup();
    names.into_iter().map(|n| (n, how.to_owned())).collect()
}

on_both! {
    async fn a_time_is_offered_answered_and_taken(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        let member = &room.members[4];
        assert_eq!(member.opens(DATES).await.status, Status::NotFound, "nothing has been offered yet");
        // Bad input stands beside its field, and nothing that was typed is lost.
        let again = room.secretary.fills(DATES, DATES, &[("date1", "明天"), ("date2", "2026-12-02T15:00")]).await;
        assert_eq!(again.status, Status::UnprocessableEntity);
        assert!(again.fault("offer-date1").is_some() && again.body.contains("2026-12-02T15:00"), "{}", again.text());
        let one = room.secretary.fills(DATES, DATES, &[("date1", "2026-12-02T15:00")]).await;
        assert!(one.says("给2个到6个时间"), "{}", one.text());
        room.secretary.does(DATES, DATES, &[("date1", "2026-12-01T14:00"), ("date2", "2026-12-02T15:00"), ("date3", "2026-12-03T10:00")]).await;
        assert!(member.reads(COUNCIL).await.body.contains(DATES) && !site.visitor().reads(COUNCIL).await.body.contains(DATES));
        let page = member.reads(DATES).await;
        assert!(page.says("0席来得了，0席勉强，0席来不了，13席没说"), "{}", page.text());
        let nothing = member.fills(DATES, &format!("{DATES}/answers"), &[]).await;
        assert!(nothing.says("一个时间都还没选"), "{}", nothing.text());
        for (n, how) in [(1, "yes"), (2, "yes"), (3, "yes"), (4, "yes"), (5, "yes"), (6, "if_need_be"), (7, "if_need_be"), (8, "no")] {
            let member = &room.members[n - 1];
            let said = answers(&member.reads(DATES).await, how);
            assert_eq!(said.len(), 3);
            let said: Vec<(&str, &str)> = said.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            member.does(DATES, &format!("{DATES}/answers"), &said).await;
        }
        let grid = room.secretary.reads(DATES).await;
        assert!(grid.says("5席来得了，2席勉强，1席来不了，5席没说") && grid.says("加上勉强的才够：过半要7席"), "{}", grid.text());
        assert!(site.visitor().opens(DATES).await.status != Status::Ok, "who can come is no outsider's business");
        // The second is taken.
        let form = format!("{DATES}/choice");
        room.secretary.does(DATES, &form, &[("date", "2026-12-02T07:00:00+00:00")]).await;
        assert!(room.secretary.reads(MEETING).await.says("12月2日"));
        assert!(room.secretary.reads(DATES).await.says("这次会议的时间"));
    }

    async fn an_agenda_with_times_and_a_calendar_file(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        let fields = [("source", "member"), ("competence", "council"), ("title", "公约修订"), ("question", "改不改？")];
        room.secretary.does(COUNCIL, "/b/tingqiao/council/items", &fields).await;
        room.secretary.does(MEETING, "/b/tingqiao/council/items/2/listing", &[]).await;
        let agenda = "/b/tingqiao/meetings/1/agenda";
        let wrong = room.secretary.fills(MEETING, agenda, &[("minutes-1", "很久")]).await;
        assert!(wrong.says("第1题的时间要写1到240分钟"), "{}", wrong.text());
        room.secretary.does(MEETING, agenda, &[("minutes-1", "30"), ("minutes-2", ""), ("move", "2 up")]).await;
        let page = room.secretary.reads(MEETING).await;
        let (covenant, lifts) = (page.text().find("公约修订").unwrap(), page.text().find("早高峰候梯太久").unwrap());
        assert!(covenant < lifts && page.says("14:00") && page.says("14:20") && page.says("按议程开到14:50左右"), "{}", page.text());
        assert_eq!(site.visitor().opens(ICS).await.status, Status::NotFound, "a draft is in nobody's calendar");
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let visitor = site.visitor();
        let body = visitor.reads(ICS).await.body;
        assert!(body.contains("METHOD:PUBLISH\r\n") && body.contains("BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\n"), "{body}");
        assert!(body.contains("DTSTART;TZID=Asia/Shanghai:20261201T140000\r\n") && body.contains("DTEND;TZID=Asia/Shanghai:20261201T145000\r\n"), "{body}");
        assert!(!body.contains("meet.example"), "the online address is the council's");
        let first = event(&visitor).await;
        assert_eq!((says(&first, "UID"), says(&first, "SEQUENCE")), ("tingqiao-meeting-1@louyi.example".into(), "0".into()));

        // Moved: too soon is refused beside the field, then the file says so under the same name.
        let to = "/b/tingqiao/meetings/1/postponement";
        let soon = room.secretary.fills(MEETING, to, &[("starts_at", "2026-11-25T14:00")]).await;
        assert!(soon.fault("move-starts_at").is_some_and(|f| f.contains("5天")), "{}", soon.text());
        room.secretary.does(MEETING, to, &[("starts_at", "2026-12-08T14:00")]).await;
        let moved = event(&visitor).await;
        assert_eq!((says(&moved, "UID"), says(&moved, "SEQUENCE")), (says(&first, "UID"), "1".into()));
        assert_eq!(says(&moved, "DTSTART"), "20261208T140000");
        assert!(visitor.reads(MEETING).await.says("改期了，原定12月1日"));
        // The matter's own page says where it is now.
        let issue = visitor.reads("/b/tingqiao/issues/1").await;
        assert!(issue.says("会改过期了") && issue.says("改到12月8日") && issue.says("第1次会议改期，从"), "{}", issue.text());
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/cancellation", &[]).await;
        let off = event(&visitor).await;
        assert_eq!((says(&off, "STATUS"), says(&off, "SEQUENCE")), ("CANCELLED".into(), "2".into()));
    }

    async fn who_cannot_come_is_seen_and_taken_back(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let (apology, member) = ("/b/tingqiao/meetings/1/apology", &room.members[4]);
        member.does(MEETING, apology, &[("words", "金丝雀出差"), ("deputy", "1")]).await;
        let deputy = site.signed_in(&town.deputy).await;
        let asked = deputy.reads(MEETING).await;
        assert!(asked.says("请您代为出席") && !asked.says("金丝雀"), "{}", asked.text());
        assert!(room.secretary.reads(MEETING).await.says("金丝雀出差"), "the secretariat reads why");
        assert!(!room.members[0].reads(MEETING).await.says("金丝雀") && !site.visitor().reads(MEETING).await.says("来不了"));
        deputy.does(MEETING, &format!("{apology}/deputy"), &[("comes", "no")]).await;
        assert!(room.secretary.reads(MEETING).await.says("预计到12席，1席说来不了"));
        assert!(member.reads(MEETING).await.says("也来不了"));
        let long = "长".repeat(301);
        let refused = room.members[0].fills(MEETING, apology, &[("words", &long)]).await;
        assert!(refused.fault("apology-words").is_some(), "{}", refused.text());
        for n in [1, 2, 3, 4, 6, 7] {
            room.members[n - 1].does(MEETING, apology, &[]).await;
        }
        assert!(room.secretary.reads(MEETING).await.says("预计只到6席，过半要7席"));
        assert!(!room.members[9].reads(MEETING).await.says("预计只到6席"), "the warning is the secretariat's");
        member.does(MEETING, &format!("{apology}/withdrawal"), &[]).await;
        assert!(room.secretary.reads(MEETING).await.says("预计到7席，6席说来不了"));
    }

    /// A made-up word in the title, question, papers and motion of an item that is not public: nobody outside reads it anywhere.
    async fn what_is_not_public_is_nowhere_to_be_read(town: Town) {
        const CANARY: &str = "鸲鹆";
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        let said = [("title", "鸲鹆的合同"), ("question", "鸲鹆怎么办？"), ("competence", "council"), ("papers", "鸲鹆材料")];
        room.secretary.does(ITEM, ITEM, &said).await;
        let publicity = format!("{ITEM}/publicity");
        let unsaid = room.secretary.fills(ITEM, &publicity, &[("ground", "other")]).await;
        assert!(unsaid.fault("publicity-words").is_some(), "{}", unsaid.text());
        room.secretary.does(ITEM, &publicity, &[("ground", "trade_secret")]).await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let visitor = site.visitor();
        let public = visitor.reads(MEETING).await;
        assert!(public.says("这一项不公开") && public.says("涉及商业秘密"), "{}", public.text());
        assert_eq!(visitor.opens(ITEM).await.status, Status::NotFound);
        assert!(visitor.reads(ICS).await.body.replace("\r\n ", "").contains("有一项不公开：涉及商业秘密"));
        assert!(room.members[6].reads(ITEM).await.says("鸲鹆材料"), "members read all of it");
        town.it_is("2026-12-01 13:55");
        room.convenor.does(MEETING, "/b/tingqiao/meetings/1/session", &[]).await;
        room.signs_in(1..=9).await;
        room.puts(&[("title", "鸲鹆决定"), ("words", "鸲鹆的事就这么办，写进合同。"), ("reasons", "鸲鹆")]).await;
        room.opens_vote(1, "named").await;
        room.vote(1, 1..=9, "yes").await;
        room.closes_vote(1).await;
        let outsiders = [site.visitor(), site.visitor().in_english()];
        for outsider in &outsiders {
            for page in [
                "/", "/b/tingqiao", COUNCIL, "/b/tingqiao/meetings", MEETING, ITEM, ICS, "/b/tingqiao/meetings/1/wall", "/b/tingqiao/meetings/1/minutes",
                "/b/tingqiao/meetings/1/items/1/motions/1", "/b/tingqiao/council/items/1/lifts", "/b/tingqiao/issues/1", "/b/tingqiao/issues/1.atom",
                "/b/tingqiao/issues/1.json", "/b/tingqiao/issues/1.ics", "/b/tingqiao/issues.ics", "/b/tingqiao/issues", "/b/tingqiao/resolutions/2026-1",
                "/ledger", "/ledger/entries/0", "/d/qingtang", "/b/tingqiao/issues?words=%E9%B8%B2%E9%B9%86",
            ] {
                let read = outsider.opens(page).await;
                assert!(read.status.code < 500, "{page}: {}", read.status);
                // What was asked for is said again in its own field, and nowhere else.
                let body = read.body.replace("value=\"鸲鹆\"", "");
                assert!(!body.replace("\r\n ", "").contains(CANARY), "{page} tells: {}", read.text());
            }
        }
    }

    async fn the_secretary_notes_what_was_said_by_telephone(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let form = "/b/tingqiao/meetings/1/apologies";
        assert!(room.members[0].reads(MEETING).await.form(form).is_none(), "nobody else speaks for another");
        let nobody = room.secretary.fills(MEETING, form, &[("seat", "99"), ("words", "金丝雀发烧")]).await;
        assert!(nobody.status.code >= 400 && nobody.fault("excuse-seat").is_some() && nobody.body.contains("金丝雀发烧"), "{}", nobody.text());
        room.secretary.does(MEETING, form, &[("seat", "5"), ("words", "金丝雀发烧")]).await;
        let page = room.secretary.reads(MEETING).await;
        assert!(page.says("来不了") && page.says("金丝雀发烧"), "{}", page.text());
        assert!(!page.form(form).expect("still there").iter().any(|(n, v)| n == "seat" && v == "5"));
        // It is theirs: they see it, and may take it back.
        assert!(room.members[4].reads(MEETING).await.says("您说过来不了"));
        assert!(!room.members[5].reads(MEETING).await.says("金丝雀"));
        room.members[4].does(MEETING, "/b/tingqiao/meetings/1/apology/withdrawal", &[]).await;
        // What was said in confidence goes ninety days after the meeting.
        room.secretary.does(MEETING, form, &[("seat", "6"), ("words", "金丝雀出差")]).await;
        assert!(town.rows_of("apologies").await.contains("金丝雀"));
        town.lets_pass(chrono::Duration::days(100));
        louyi::domain::retention::tonight(&town.house).await.unwrap();
        assert!(!town.rows_of("apologies").await.contains("金丝雀"));
    }

    async fn ones_own_meetings_are_a_calendar(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let member = &room.members[4];
        let made = member.fills("/me", "/me/calendar", &[("do", "make")]).await;
        assert_eq!(made.status, Status::Ok, "{}", made.text());
        let secret = |page: &Page| {
            let at = page.body.find("/calendars/of/").expect("an address");
            page.body[at..].chars().take_while(|c| *c != '"' && *c != '<').collect::<String>()
        };
        let address = secret(&made);
        assert!(!member.reads("/me").await.body.contains("/calendars/of/"), "shown once");
        let read = async |address: &str| {
            let page = site.visitor().opens(address).await;
            (page.status, page.body.parse::<icalendar::Calendar>().ok().map(|c| c.components.iter().filter_map(CalendarComponent::as_event).cloned().collect::<Vec<_>>()))
        };
        let (status, events) = read(&address).await;
        let events = events.expect("a calendar");
        assert_eq!((status, events.len()), (Status::Ok, 1));
        assert!(says(&events[0], "SUMMARY").contains("议事会"));
        // The secretary's holds it too; somebody without a seat has an empty one; nobody guesses an address.
        let of_secretary = secret(&room.secretary.fills("/me", "/me/calendar", &[("do", "make")]).await);
        assert_eq!(read(&of_secretary).await.1.expect("a calendar").len(), 1);
        let of_staff = secret(&site.signed_in(&town.staff).await.fills("/me", "/me/calendar", &[("do", "make")]).await);
        assert_eq!(read(&of_staff).await.1.expect("a calendar").len(), 0);
        assert_eq!(site.visitor().opens("/calendars/of/guess.ics").await.status, Status::NotFound);
        // What is called off says so; a new address ends the old one; ended is ended.
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/cancellation", &[]).await;
        let events = read(&address).await.1.expect("a calendar");
        assert_eq!(says(&events[0], "STATUS"), "CANCELLED");
        let other = secret(&member.fills("/me", "/me/calendar", &[("do", "make")]).await);
        assert_eq!((read(&address).await.0, read(&other).await.0), (Status::NotFound, Status::Ok));
        member.does("/me", "/me/calendar", &[("do", "end")]).await;
        assert_eq!(read(&other).await.0, Status::NotFound);
        assert!(!town.rows_of("calendar_feeds").await.contains(other.trim_start_matches("/calendars/of/").trim_end_matches(".ics")));
    }
}
