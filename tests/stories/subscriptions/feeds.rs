//! The same without an address: a feed of one matter, a calendar for the phone.

use louyi::web::ical::{self, Event, When};
use rocket::http::Status;

use crate::support::{on_both, shanghai};

on_both! {
    async fn a_matter_has_a_feed_and_a_calendar(town: Town) {
        let site = town.site().await;
        let told = town.says("金丝雀在三十六层唱歌").files().await;
        town.it_is("2026-11-23 10:40");
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        let feed = site.visitor().reads("/b/tingqiao/issues/1.atom").await;
        assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
        feed.shows("<title>TQ-1 候梯太久</title>").shows("<id>https://louyi.example/b/tingqiao/issues/1#2</id>");
        feed.shows("汀桥物业受理").shows("<updated>2026-11-23T02:00:00+00:00</updated>").hides("金丝雀").hides("T01:12");
        let page = site.visitor().reads("/b/tingqiao/issues/1").await;
        page.shows("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/b/tingqiao/issues/1.atom\">");
        let calendar = site.visitor().reads("/b/tingqiao/issues/1.ics").await;
        assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
        let text = calendar.body.replace("\r\n ", "");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        assert!(text.contains("UID:tingqiao-1-result@louyi.example\r\nDTSTAMP:20261123T020000Z\r\n"), "{text}");
        assert!(text.contains("DTSTART;VALUE=DATE:20261223\r\nTRANSP:TRANSPARENT\r\nSUMMARY:TQ-1 该有结果：候梯太久\r\n"), "{text}");
        assert!(calendar.body.split("\r\n").all(|l| l.len() <= 75) && !text.contains("金丝雀"), "{text}");
        let tag = calendar.etag.expect("a tag");
        assert_eq!(site.visitor().opens_again("/b/tingqiao/issues/1.ics", &tag).await.status, Status::NotModified);
        for gone in ["/b/tingqiao/issues/9.ics", "/b/tingqiao/issues/1.txt", "/b/tingqiao/issues/x.atom"] {
            assert_eq!(site.visitor().opens(gone).await.status, Status::NotFound, "{gone}");
        }
    }

    /// Read by programs that did not write them: every feed and calendar, with all that can stand in one.
    async fn other_peoples_programs_read_them(town: Town) {
        let site = town.site().await;
        let told = town.says("排到门外").files().await;
        town.says("闸机慢").at(&town.gate).files().await;
        town.it_is("2026-11-23 10:40");
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        town.secretary.releases(told.matter, "早上<等>电梯 & 排队，到\\门外; 二十分钟", "").await.expect("released");
        town.secretary.nominates(told.matter).await.expect("nominated");
        let meeting = town.secretary.drafts_meeting(&town, 8).await.expect("drafted");
        town.secretary.lists(meeting.id, told.matter).await.expect("listed");
        town.secretary.calls(meeting.id).await.expect("called");
        let staff = site.signed_in(&town.staff).await;
        let fields = [("title", "3号梯保养, 停用; 半天"), ("words", "请走\\西厅\n第二行"), ("starts", "2026-11-28T09:00"), ("ends", "2026-11-28T12:00")];
        staff.does("/b/tingqiao/announcements/new", "/b/tingqiao/announcements", &fields).await;
        for (address, entries) in [("/b/tingqiao/issues.atom", 3), ("/b/tingqiao/issues/1.atom", 3), ("/b/tingqiao/issues.atom?place=S1G", 2)] {
            let body = site.visitor().reads(address).await.body;
            let feed = feed_rs::parser::parse(body.as_bytes()).unwrap_or_else(|e| panic!("{address}: {e}\n{body}"));
            assert_eq!(feed.feed_type, feed_rs::model::FeedType::Atom);
            assert!(feed.entries.len() >= entries, "{address}: {} entries", feed.entries.len());
            let mut ids: Vec<&str> = feed.entries.iter().map(|e| e.id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), feed.entries.len(), "{address}: each id once");
            assert!(feed.entries.iter().all(|e| e.updated.is_some() && e.title.as_ref().is_some_and(|t| !t.content.is_empty()) && !e.links.is_empty()));
            assert!(feed.updated >= feed.entries.iter().filter_map(|e| e.updated).max(), "{address}");
        }
        let body = site.visitor().reads("/b/tingqiao/issues.atom").await.body;
        let feed = feed_rs::parser::parse(body.as_bytes()).expect("a feed");
        let titles: Vec<&str> = feed.entries.iter().filter_map(|e| e.title.as_ref()).map(|t| t.content.as_str()).collect();
        assert!(titles.contains(&"TQ-1 早上<等>电梯 & 排队，到\\门外; 二十分钟") && titles.contains(&"公告：3号梯保养, 停用; 半天"), "{titles:?}");
        for address in ["/b/tingqiao/issues.ics", "/b/tingqiao/issues/1.ics"] {
            use icalendar::{CalendarComponent, Component as _};
            let body = site.visitor().reads(address).await.body;
            let calendar: icalendar::Calendar = body.parse().unwrap_or_else(|e| panic!("{address}: {e}\n{body}"));
            let events: Vec<&icalendar::Event> = calendar.components.iter().filter_map(CalendarComponent::as_event).collect();
            assert!(!events.is_empty() && events.iter().all(|e| e.get_uid().is_some() && e.get_start().is_some() && e.get_summary().is_some()), "{body}");
            if address.ends_with("issues.ics") {
                let one = events.iter().find(|e| e.get_uid().is_some_and(|u| u.contains("announcement"))).expect("the announcement");
                assert_eq!(one.get_summary(), Some("公告：3号梯保养, 停用; 半天"));
                assert!(one.get_description().is_some_and(|d| d.starts_with("请走\\西厅\n第二行\n")), "{:?}", one.get_description());
                assert!(one.get_end().is_some(), "from when to when");
            }
        }
    }

    /// The list's calendar takes the list's filters; the whole building's has its council's meetings, drafts excepted.
    async fn a_building_has_a_calendar_with_its_meetings(town: Town) {
        let site = town.site().await;
        let told = town.says("排到门外").files().await;
        town.says("闸机慢").at(&town.gate).files().await;
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        town.secretary.nominates(told.matter).await.expect("nominated");
        let meeting = town.secretary.drafts_meeting(&town, 8).await.expect("drafted");
        town.secretary.lists(meeting.id, told.matter).await.expect("listed");
        let all = "/b/tingqiao/issues.ics";
        site.visitor().reads(all).await.hides("meeting-1");
        town.secretary.calls(meeting.id).await.expect("called");
        let text = site.visitor().reads(all).await.body.replace("\r\n ", "");
        assert!(text.contains("UID:tingqiao-meeting-1@louyi.example") && text.contains("UID:tingqiao-2-answer@louyi.example"), "{text}");
        assert!(text.contains("DTSTART;TZID=Asia/Shanghai:20261201T091200") && text.contains("TZID:Asia/Shanghai"), "{text}");
        site.visitor().reads("/b/tingqiao/issues/1.ics").await.shows("tingqiao-meeting-1@");
        let here = site.visitor().reads("/b/tingqiao/issues.ics?place=S1G").await;
        here.shows("tingqiao-2-answer@").hides("tingqiao-1-").hides("meeting-1");
    }
}

fn event(summary: &str) -> Event {
    Event {
        uid: "tingqiao-1-result@louyi.example".into(),
        when: When::At(shanghai("2026-12-03 15:00")),
        summary: summary.into(),
        words: String::new(),
        place: Some("南座，3楼; 301\\A".into()),
        address: "https://louyi.example/b/tingqiao/issues/1".into(),
        changed: shanghai("2026-11-23 09:00"),
        version: 2,
        cancelled: true,
        organizer: None,
    }
}

/// RFC 5545, section 3.1: at most 75 octets, never within a character; unfolded it is what it was.
#[test]
fn lines_are_folded_between_characters() {
    let long = "候梯太久，排到门外 ".repeat(20);
    let text = ical::calendar("汀桥", &[event(&long)]);
    assert!(text.split("\r\n").all(|l| l.len() <= 75), "{text}");
    assert!(text.replace("\r\n ", "").contains(&format!("\r\nSUMMARY:{long}\r\n")), "{text}");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
}

/// Section 3.3.11, and nothing that somebody typed becomes a property of its own.
#[test]
fn what_has_a_meaning_is_escaped() {
    let text = ical::calendar("a", &[event("a,b;c\\d\r\nEND:VCALENDAR\rX:y")]);
    assert!(text.contains("SUMMARY:a\\,b\\;c\\\\d\\nEND:VCALENDARX:y\r\n"), "{text}");
    assert!(text.contains("LOCATION:南座，3楼\\; 301\\\\A\r\n") && text.contains("STATUS:CANCELLED\r\nEND:VEVENT\r\n"), "{text}");
    assert!(text.contains("DTSTART:20261203T070000Z\r\n") && text.contains("SEQUENCE:2\r\n"));
}
