//! An open session on its screens: the secretary's desk, the projector, a member's phone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use louyi::domain::motions::Method;
use louyi::domain::persons;
use louyi::domain::votes::Choice;
use rocket::http::Status;

use super::meetings::{ITEM, LIVE, LIVE_ITEM, MEETING, PRESENCE, Room, SEAT};
use crate::support::binary::Louyi;
use crate::support::{on_both, verbs};

const WALL: &str = "/b/tingqiao/meetings/1/wall";

on_both! {
    async fn the_projector_lets_those_in_the_room_sign_in(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        let code = room.code().await;
        let (wall, outside) = (room.convenor.reads(WALL).await, site.visitor().reads(WALL).await);
        assert!(wall.says(&code) && wall.body.contains("<svg"), "on the screen that whoever presides has put up");
        assert!(!outside.says(&code) && outside.says("早高峰候梯太久"), "not on anybody else's");
        let member = &room.members[6];
        let page = format!("{PRESENCE}?code={code}");
        let form = member.reads(&page).await.form(PRESENCE).expect("a form");
        assert!(form.contains(&("code".to_owned(), code.clone())), "what was scanned stands in the field");
        assert_eq!(site.visitor().opens(&page).await.status, Status::SeeOther, "whoever is not signed in is asked who they are first");
        let wrong = member.fills(PRESENCE, PRESENCE, &[("how", "room"), ("code", "000000")]).await;
        assert!(wrong.status == Status::Conflict || wrong.status == Status::UnprocessableEntity, "{:?}", wrong.status);
        assert!(wrong.says("签到码不对") && wrong.body.contains("000000"), "what was typed is kept");
        assert_eq!(member.does(&page, PRESENCE, &[("how", "room")]).await, SEAT);
        assert!(member.reads(SEAT).await.says("已签到"));
        assert!(room.convenor.reads(WALL).await.says("到会1席"));
    }

    async fn a_phone_follows_what_is_at_hand(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.signs_in(1..=8).await;
        let phone = &room.members[6];
        assert!(phone.reads(SEAT).await.says("要不要把打卡机移到闸机之前？"), "the first item is at hand");
        // The floor.
        assert_eq!(phone.does(SEAT, &format!("{MEETING}/floor"), &[("wish", "floor")]).await, SEAT);
        let name = persons::by_ids(town.house.read(), vec![town.members[6].id]).await.unwrap()[0].name.clone();
        let desk = room.convenor.reads(LIVE).await;
        assert!(desk.says(&name) && desk.says("请发言"));
        room.convenor.does(LIVE_ITEM, &format!("{MEETING}/speakers"), &[("act", "give 1")]).await;
        assert!(site.visitor().reads(WALL).await.says(&name), "the room sees who speaks");
        assert!(phone.reads(SEAT).await.says("我讲完了"));
        phone.does(SEAT, &format!("{MEETING}/floor"), &[("wish", "back")]).await;
        room.convenor.does(LIVE_ITEM, &format!("{MEETING}/speakers"), &[("act", "guest"), ("guest", "维保老陈")]).await;
        assert!(site.visitor().reads(WALL).await.says("下一位 维保老陈"));
        let nameless = room.convenor.fills(LIVE_ITEM, &format!("{MEETING}/speakers"), &[("act", "guest"), ("guest", "")]).await;
        assert!(nameless.status != Status::SeeOther && nameless.says("列席的人"), "{}", nameless.text());
        // Notes go where the minutes are drafted from.
        room.convenor.does(LIVE_ITEM, &format!("{MEETING}/notes"), &[("words", "七席问：费用谁出？")]).await;
        assert!(room.convenor.reads(LIVE).await.says("费用谁出"));
        assert!(!site.visitor().reads(WALL).await.says("费用谁出") && !phone.reads(SEAT).await.says("费用谁出"));
        // The vote, from the same page.
        room.puts(&[]).await;
        assert!(phone.reads(SEAT).await.says("将打卡机移到门禁之前"));
        room.opens_vote(1, "named").await;
        let votes = format!("{ITEM}/motions/1/votes");
        assert_eq!(phone.does(SEAT, &votes, &[("choice", "yes")]).await, SEAT, "back to the phone's own page");
        assert!(phone.reads(SEAT).await.says("您投了赞成"));
        let undecided = room.members[7].fills(SEAT, &votes, &[]).await;
        assert!(undecided.status != Status::SeeOther && undecided.says("我的席位"), "{}", undecided.text());
    }

    async fn a_secret_vote_on_phones(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.meets().await;
        room.signs_in(1..=9).await;
        room.puts(&[]).await;
        room.opens_vote(1, "secret").await;
        let votes = format!("{ITEM}/motions/1/votes");
        let mut receipts = vec![];
        for (n, member) in room.members.iter().take(8).enumerate() {
            let form = member.reads(SEAT).await.form(&votes).expect("a ballot");
            let receipt = form.iter().find(|(name, _)| name == "receipt").expect("a receipt").1.clone();
            let choice = if n < 7 { "yes" } else { "no" };
            let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain([("choice", choice)]).collect();
            assert_eq!(member.posts(&votes, &fields).await.location.as_deref(), Some(SEAT));
            receipts.push((receipt, choice));
        }
        let page = format!("{ITEM}/motions/1");
        let desk = room.convenor.reads(LIVE_ITEM).await;
        assert!(desk.says("已投8席") && !desk.says("7赞成") && !desk.says("现在结束"), "nothing is told of it before its end");
        assert!(!room.members[0].reads(&page).await.says("您投了赞成") && room.members[0].reads(&page).await.says("您的票投出去了"));
        room.closes_vote(1).await;
        let inside = room.members[8].reads(&page).await;
        assert!(inside.says("通过") && receipts.iter().all(|(r, _)| inside.says(r)), "every receipt is listed for those inside");
        let outside = site.visitor().reads(&page).await;
        assert!(outside.says("通过") && receipts.iter().all(|(r, _)| !outside.says(r)));
        assert!(outside.says("已投") && !outside.body.contains("class=\"seatgrid\"><li class=\"y\""), "no seat stands beside a choice");
        let wall = site.visitor().reads(WALL).await;
        assert_eq!(wall.body.matches("<li class=\"y").count(), 7);
    }

    async fn a_written_procedure_through_its_pages(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        let missing = room.secretary.fills("/b/tingqiao/meetings", "/b/tingqiao/meetings", &[("kind", "written"), ("starts_at", "2026-12-01T09:00")]).await;
        assert!(missing.status != Status::SeeOther && missing.body.contains("draft-votes_until-error"), "{}", missing.text());
        let fields = [("kind", "written"), ("starts_at", "2026-12-01T09:00"), ("votes_until", "2026-12-08T18:00")];
        assert_eq!(room.secretary.does("/b/tingqiao/meetings", "/b/tingqiao/meetings", &fields).await, MEETING);
        room.secretary.does(MEETING, "/b/tingqiao/council/items/1/listing", &[]).await;
        room.secretary.does(ITEM, ITEM, &[("title", "早高峰候梯太久"), ("question", "要不要移？"), ("competence", "council"), ("papers", "")]).await;
        let early = room.secretary.fills(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        assert!(early.says("第1题要有一个"), "{}", early.text());
        let motion = [("title", "移到门禁之前"), ("words", "打卡机移到一层闸机之前，先打卡后候梯。"), ("reasons", "书面表决试行。"), ("no_action", "各家照新的流程走。")];
        room.secretary.does(ITEM, &format!("{ITEM}/motions"), &motion).await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        let member = &room.members[2];
        assert!(member.reads(SEAT).await.says("还没到开始投票的时间"));
        town.it_is("2026-12-01 09:00");
        let votes = format!("{ITEM}/motions/1/votes");
        for member in room.members.iter().take(8) {
            member.does(SEAT, &votes, &[("choice", "yes")]).await;
        }
        assert!(room.secretary.reads(MEETING).await.form("/b/tingqiao/meetings/1/result").is_none(), "some have not voted");
        town.it_is("2026-12-08 18:00");
        assert!(room.members[9].reads(SEAT).await.says("投票时间已经过了"), "closed by the instant, whatever has run");
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/result", &[]).await;
        assert!(site.visitor().reads(MEETING).await.says("通过"));
    }

    async fn papers_changed_past_the_program_are_shown(town: Town) {
        let site = town.site().await;
        let room = Room::with_a_matter(&town, &site).await;
        room.drafts().await;
        room.secretary.does(MEETING, "/b/tingqiao/meetings/1/notice", &[]).await;
        assert!(!site.visitor().reads(MEETING).await.says("有人绕开程序改过"));
        use sea_orm::ConnectionTrait as _;
        town.house.db().upkeep().execute_unprepared("update agenda_items set question = '要不要涨物业费？' where meeting_id is not null").await.unwrap();
        assert!(site.visitor().reads(MEETING).await.says("有人绕开程序改过"));
    }

    async fn a_screen_is_told_what_another_process_wrote(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        town.are_seated(session.meeting, 1..=7).await;
        let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        let server = Louyi::of(&town).serves();
        let mut lines = listens(server.connection());
        assert!(hears(&mut lines, "retry:").is_some());
        std::thread::sleep(Duration::from_millis(1500));
        // Cast by this process, told by the one that serves.
        let cast = Instant::now();
        town.vote(motion, [1], Choice::Yes).await;
        let took = hears(&mut lines, "event:changed").expect("it is told").duration_since(cast);
        assert!(took < Duration::from_secs(3), "{took:?}");
        // What happens to a matter is not what a session listens for.
        town.reports("灯不亮").await;
        assert!(hears(&mut lines, "event:changed").is_none());
    }

    async fn a_server_that_is_killed_in_the_middle_of_a_vote_counts_nobody_twice(town: Town) {
        let told = town.reports("打卡机该不该前移").await;
        let session = town.council_meets_about(told.matter).await;
        town.are_seated(session.meeting, 1..=8).await;
        let motion = town.secretary.puts(session.item, verbs::motion()).await.unwrap().id;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        let server = Louyi::of(&town).serves();
        town.vote(motion, 1..=4, Choice::Yes).await;
        server.signal("KILL");
        server.ends();
        let server = Louyi::of(&town).serves();
        assert!(server.get(WALL).contains("已投4席"), "what was cast before is there, and nothing else");
        assert!(town.members[0].votes(&town, motion, 1, Choice::Yes).await.is_err(), "not twice");
        town.vote(motion, 5..=8, Choice::Yes).await;
        let (closed, resolution) = town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!((closed.yes, resolution.is_some()), (Some(8), true));
        server.signal("TERM");
        server.ends();
    }
}

fn listens(mut line: TcpStream) -> BufReader<TcpStream> {
    line.write_all(b"GET /b/tingqiao/meetings/1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n").expect("it is sent");
    line.set_read_timeout(Some(Duration::from_secs(5))).expect("a time limit");
    BufReader::new(line)
}

/// When a line that begins like this came; none where nothing comes for some seconds.
fn hears(lines: &mut BufReader<TcpStream>, start: &str) -> Option<Instant> {
    let mut line = String::new();
    loop {
        line.clear();
        match lines.read_line(&mut line) {
            Ok(n) if n > 0 && line.starts_with(start) => return Some(Instant::now()),
            Ok(n) if n > 0 => {}
            _ => return None,
        }
    }
}
