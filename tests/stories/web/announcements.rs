//! What is known beforehand is said beforehand: on the building's page, above the form, on paper; and it goes by itself.

use rocket::http::Status;

use crate::support::browser::{Page, Reader};
use crate::support::on_both;

const HOUSE: &str = "/b/tingqiao";
const ALL: &str = "/b/tingqiao/announcements";
const NEW: &str = "/b/tingqiao/announcements/new";
const ONE: &str = "/b/tingqiao/announcements/1";
const FORM: &str = "/b/tingqiao/report?place=S1E";

/// Monday it is; on Saturday the third lift stands still.
const LIFT: [(&str, &str); 6] = [
    ("title", "3号梯保养，停用"),
    ("words", "请走西厅。"),
    ("category", "lift.fault"),
    ("place", "S1E"),
    ("starts", "2026-11-28T09:00"),
    ("ends", "2026-11-28T12:00"),
];

async fn announces(desk: &Reader<'_>, fields: &[(&str, &str)]) -> String {
    desk.does(NEW, ALL, fields).await
}

fn but<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(n, v)| (*n, if *n == name { value } else { *v })).collect()
}

async fn seen(reader: &Reader<'_>, address: &str, what: &str) -> bool {
    reader.reads(address).await.says(what)
}

on_both! {
    async fn it_is_said_before_it_begins_while_it_runs_and_not_after(town: Town) {
        let site = town.site().await;
        let (staff, anyone) = (site.signed_in(&town.staff).await, site.visitor());
        assert!(staff.reads(HOUSE).await.body.contains(NEW) && !anyone.reads(HOUSE).await.body.contains(NEW));
        assert!(anyone.reads(ALL).await.says("眼下没有公告"));
        assert_eq!(announces(&staff, &LIFT).await, ONE);
        let house = anyone.reads(HOUSE).await;
        assert!(house.says("3号梯保养，停用") && house.says("11月28日 周六 09:00–12:00") && house.says("要来的"), "{}", house.text());
        let page = anyone.reads(ONE).await;
        assert!(page.says("南座1F东电梯厅") && page.says("请走西厅。") && page.says("汀桥物业发布") && page.says("电梯停运"), "{}", page.text());
        assert!(page.forms().iter().all(|f| !f.contains("announcements")), "nobody else ends it");
        assert!(!seen(&anyone, FORM, "3号梯保养").await, "on Monday nobody need know of Saturday to report");
        town.it_is("2026-11-26 09:00");
        let form = anyone.reads(FORM).await;
        assert!(form.says("已经知道的") && form.says("3号梯保养，停用"), "{}", form.text());
        town.it_is("2026-11-28 10:00");
        let house = anyone.reads(HOUSE).await;
        assert!(house.says("正在进行") && seen(&anyone, FORM, "正在进行").await, "{}", house.text());
        assert!(!seen(&anyone, "/b/tingqiao/report?place=S18", "3号梯保养").await, "another floor has nothing to do with it");
        // Never a barrier: the form takes what is said all the same.
        let filed = anyone.fills(FORM, "/b/tingqiao/report", &[("words", "保养完了还是不走")]).await;
        assert_eq!(filed.status, Status::SeeOther);
        town.it_is("2026-11-28 12:00");
        assert!(!seen(&anyone, HOUSE, "3号梯保养").await && !seen(&anyone, FORM, "3号梯保养").await, "its time is over");
        assert!(anyone.reads(ALL).await.says("以前的") && seen(&anyone, ONE, "过了").await);
        assert_eq!(staff.opens(&format!("{ONE}/edit")).await.status, Status::Conflict, "what is over is not written anew");
    }

    /// Asked while somebody writes: what is about this kind of trouble stands before what is open.
    async fn what_somebody_writes_finds_it(town: Town) {
        let site = town.site().await;
        let (staff, anyone) = (site.signed_in(&town.staff).await, site.visitor());
        let elsewhere = [LIFT.as_slice(), &[("place", "S1G")]].concat();
        announces(&staff, &but(&elsewhere, "starts", "2026-11-23T09:00")).await;
        let form = anyone.reads("/b/tingqiao/report").await.form("/b/tingqiao/report").expect("a form");
        let with = |words: &'static str| form.iter().map(|(n, v)| (n.as_str(), if n == "words" { words } else { v.as_str() })).collect::<Vec<_>>();
        let about = anyone.posts("/b/tingqiao/report/similar", &with("三号电梯停了不走")).await.body;
        assert!(about.contains("announcements/1"), "{about}");
        let other = anyone.posts("/b/tingqiao/report/similar", &with("空调太冷了")).await.body;
        assert!(!other.contains("announcements/1"), "{other}");
    }

    async fn it_is_corrected_and_ended_by_who_wrote_it(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        announces(&staff, &LIFT).await;
        let edit = format!("{ONE}/edit");
        let page = staff.reads(&edit).await;
        let fields = page.form(ONE).expect("a form");
        assert!(fields.contains(&("place".into(), "S1E".into())) && fields.contains(&("starts".into(), "2026-11-28T09:00".into())), "{fields:?}");
        // Two at once: the second one sees what the first one wrote, and nothing typed is lost.
        staff.does(&edit, ONE, &[("ends", "2026-11-28T16:00")]).await;
        let late = staff.fills(&edit, ONE, &[("version", "1"), ("title", "3号梯保养改期")]).await;
        assert_eq!(late.status, Status::Conflict);
        assert!(late.body.contains("3号梯保养改期"));
        let now = site.visitor().reads(ONE).await;
        assert!(now.says("09:00–16:00") && now.says("汀桥物业改过") && !now.says("改期"), "{}", now.text());
        // The contractor's people have the right here, and still not over what the property manager wrote; the secretary has.
        let fitter = site.signed_in(&town.fitter).await;
        assert_eq!(fitter.opens(&edit).await.status, Status::Forbidden);
        assert!(!fitter.reads(ONE).await.body.contains("/ending"));
        assert_eq!(site.signed_in(&town.representative).await.opens(NEW).await.status, Status::Forbidden);
        let secretary = site.signed_in(&town.secretary).await;
        secretary.does(&edit, ONE, &[("words", "请走西厅或货梯。")]).await;
        town.it_is("2026-11-28 10:30");
        assert!(staff.reads(ONE).await.says("提前结束"));
        staff.does(ONE, &format!("{ONE}/ending"), &[]).await;
        let over = site.visitor().reads(ONE).await;
        assert!(over.says("提前结束") && over.says("09:00–10:30"), "{}", over.text());
        assert!(!seen(&site.visitor(), HOUSE, "3号梯保养").await);
        // The next one is called off before it begins, and says when it would have been.
        announces(&staff, &but(&but(&LIFT, "starts", "2026-11-29T09:00"), "ends", "2026-11-29T12:00")).await;
        staff.does("/b/tingqiao/announcements/2", "/b/tingqiao/announcements/2/ending", &[]).await;
        let off = site.visitor().reads("/b/tingqiao/announcements/2").await;
        assert!(off.says("不做了") && off.says("11月29日 周日 09:00–12:00"), "{}", off.text());
    }

    async fn what_is_wrong_is_said_beside_its_field(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let long = "停".repeat(41);
        for (name, value, field, says) in [
            ("title", "", "title", "还没写"),
            ("title", long.as_str(), "title", "太长"),
            ("starts", "", "starts", "还没写"),
            ("starts", "星期六", "starts", "时间要写成"),
            ("starts", "2028-11-28T09:00", "starts", "太远了"),
            ("ends", "2026-11-28T09:00", "ends", "开始以后"),
            ("ends", "2027-11-28T09:00", "ends", "一条公告最多180天"),
            ("place", "S99", "place", "没有这个点位"),
            ("category", "lift.flying", "category", "没有这一类"),
        ] {
            let answer = staff.fills(NEW, ALL, &but(&LIFT, name, value)).await;
            assert_eq!(answer.status, Status::UnprocessableEntity, "{name}={value}");
            assert!(answer.fault(field).is_some_and(|f| f.contains(says)), "{name}={value}: {:?}", answer.fault(field));
            assert!(name == "words" || answer.body.contains("请走西厅。"), "what was typed is kept");
        }
        let past = staff.fills(NEW, ALL, &but(&but(&LIFT, "starts", "2026-11-22T09:00"), "ends", "2026-11-22T10:00")).await;
        assert_eq!(past.fault("ends").as_deref(), Some("这个时间已经过了。"));
        let foreign = staff.posts(ALL, &LIFT).await;
        assert!(foreign.status.code >= 400, "without the form's token nothing is written");
        assert!(site.visitor().reads(ALL).await.says("眼下没有公告"));
        for gone in ["/b/tingqiao/announcements/9", "/b/tingqiao/announcements/x", "/b/tingqiao/announcements/9/print"] {
            assert_eq!(site.visitor().opens(gone).await.status, Status::NotFound, "{gone}");
        }
    }

    async fn it_hangs_in_the_lobby_and_stands_in_feed_and_calendar(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let before = site.visitor().reads("/b/tingqiao/issues.atom").await;
        announces(&staff, &LIFT).await;
        let paper = site.visitor().reads(&format!("{ONE}/print")).await;
        paper.shows("<svg").shows("louyi.example/b/tingqiao/announcements/1").hides("style=");
        assert!(paper.says("11月28日 周六 09:00–12:00") && paper.says("汀桥物业"), "{}", paper.text());
        let english = site.visitor().in_english().reads(&format!("{ONE}/print")).await;
        assert!(english.says("Announcement") && english.says("Sat 28 Nov, 09:00–12:00"), "{}", english.text());
        let feed = site.visitor().opens_again("/b/tingqiao/issues.atom", &before.etag.expect("a tag")).await;
        assert_eq!(feed.status, Status::Ok, "something is new");
        feed.shows("公告：3号梯保养，停用").shows("<id>https://louyi.example/b/tingqiao/announcements/1</id>");
        for (query, there) in [("?place=S1E", true), ("?place=S18", false), ("?category=lift.queue", true), ("?category=hvac.temp", false), ("?state=open", false)] {
            let narrowed = site.visitor().reads(&format!("/b/tingqiao/issues.atom{query}")).await;
            assert_eq!(narrowed.body.contains("announcements/1"), there, "{query}");
        }
        let events = |page: Page| page.body.replace("\r\n ", "");
        let calendar = events(site.visitor().reads("/b/tingqiao/issues.ics").await);
        assert!(calendar.contains("UID:tingqiao-announcement-1@louyi.example"), "{calendar}");
        assert!(calendar.contains("DTSTART:20261128T010000Z\r\nDTEND:20261128T040000Z\r\nTRANSP:TRANSPARENT"), "{calendar}");
        staff.does(ONE, &format!("{ONE}/ending"), &[]).await;
        let off = events(site.visitor().reads("/b/tingqiao/issues.ics").await);
        assert!(off.contains("STATUS:CANCELLED") && off.contains("SEQUENCE:1"), "{off}");
        site.visitor().reads("/b/tingqiao/issues.atom").await.shows("不做了");
    }
}
