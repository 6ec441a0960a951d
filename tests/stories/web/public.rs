//! What everybody reads: buildings, lists, matters, posters. A reporter's words never stand there before they are released.

use chrono::Duration;
use louyi::domain::effect_checks::{self, Figure, NewMeasurement, Phase};
use louyi::domain::motions::NewMotion;
use louyi::domain::reports::Answer;
use rocket::http::Status;

use crate::support::verbs::{motion, promise};
use crate::support::{Matter, Town, on_both};

const CANARY: &str = "金丝雀0417";

impl Town {
    /// The lift case in small: staggered hours fail, time clocks before the gates help, the council closes.
    pub async fn lift_case(&self) -> Matter {
        let first = self.reports("九点二十就开始排队，等电梯比坐地铁还久").await;
        let matter = first.matter;
        for i in 0..20 {
            self.lets_pass(Duration::hours(9));
            self.says("我也一直等").on_device(&format!("手机{i}")).working_at(&self.egret).joins(matter).await;
        }
        self.secretary.releases(matter, "早高峰候梯太久", "早上九点到九点半，南座一层候梯要二十分钟。").await.expect("released");
        self.measured(matter, 184, Phase::Before).await;
        let stagger = NewMotion {
            title: "错峰30分钟", words: "向日葵科技分两批上班。", promise: Some(before(184)), check_days: "14", ..motion()
        };
        self.try_remedy(matter, stagger, 139).await;
        let clocks = NewMotion { title: "打卡机移到门禁之前", promise: Some(before(184)), check_days: "14,42", ..motion() };
        self.try_remedy(matter, clocks, 46).await;
        for check in effect_checks::of_issue(self.house.read(), matter.0).await.expect("read").into_iter().filter(|c| c.verdict.is_none()) {
            self.lets_pass(Duration::days(30));
            self.checks(matter, check.id, 45).await;
        }
        self.secretary.answers(&first, Answer::Yes).await.expect_err("only the holder of the receipt answers");
        self.secretary.confirms_for_the_council(matter).await.expect("closed");
        matter
    }

    async fn measured(&self, matter: Matter, value: i64, phase: Phase) {
        let issue = self.now(matter).await;
        let new = NewMeasurement {
            figure: Figure::WaitMedian,
            label: "候梯时长，中位",
            unit: "分钟",
            decimals: 1,
            value,
            phase,
            sample: Some(20),
            source: "10:30至11:00，每次20人计时",
        };
        self.secretary.gets(async |act| effect_checks::measure(act, &issue, new).await).await;
    }

    async fn try_remedy(&self, matter: Matter, new: NewMotion<'_>, after: i64) {
        let session = self.council_meets_about(matter).await;
        let u = self.secretary.asks_to_sign(session.item, &self.sunflower, "分两批上班", self.house.now() + Duration::days(20)).await.expect("asked");
        let resolution = self.carries(&session, new).await;
        self.representative.signs(u.id).await.expect("signed");
        self.secretary.publishes(&resolution).await.expect("published");
        self.convenor.closes(session.meeting).await.expect("closed");
        self.lets_pass(Duration::days(5));
        let tasks = louyi::domain::tasks::of_resolution(self.house.read(), resolution.id).await.expect("read");
        for task in tasks {
            self.representative.finishes(task.id, "已经照办").await.expect("finished");
        }
        self.staff.says_done(matter, "已按决议办好").await.expect("done");
        self.lets_pass(Duration::days(15));
        let check = effect_checks::of_issue(self.house.read(), matter.0).await.expect("read").into_iter().find(|c| c.verdict.is_none());
        self.checks(matter, check.expect("planned").id, after).await;
    }

    async fn checks(&self, matter: Matter, check: louyi::kernel::ids::CheckId, after: i64) {
        let issue = self.now(matter).await;
        self.secretary.gets(async |act| effect_checks::by_id(act.tx(), check).await?.make(act, issue, after, "20人计时，取中位").await).await;
    }
}

fn before(value: i64) -> louyi::domain::motions::Promise {
    louyi::domain::motions::Promise { before: Some(value), ..promise() }
}

on_both! {
    async fn a_matter_tells_its_outcome_first_and_the_failed_try_too(town: Town) {
        let matter = town.lift_case().await;
        let number = town.now(matter).await.number;
        let site = town.site().await;
        let reader = site.visitor();
        let page = reader.reads(&format!("/b/tingqiao/issues/{number}")).await;
        page.shows("打卡机移到门禁之前，").shows("降到4.5分钟。").shows("21份报事，说的是同一件事").shows("class=\"detour\"").shows("核验：没见效").shows("核验：见效了");
        page.shows("议事会确认").shows("公开账本").shows("role=\"img\"").shows("每周报事数");
        page.hides("我也一直等").hides("等电梯比坐地铁还久");
        assert!(page.body.matches("<li class=\"done\"").count() + page.body.matches("<li class=\"ok\"").count() >= 9);
        let english = reader.reads(&format!("/b/tingqiao/issues/{number}?lang=en")).await;
        english.shows("21 reports, one matter").shows("Checked: it did not help").shows("confirmed by the council");
    }

    async fn words_wait_for_release_in_every_form_of_the_list(town: Town) {
        town.says(CANARY).named("金丝雀张三", "13800004170").working_at(&town.egret).files().await;
        let told = town.reports(&format!("{CANARY}，灯坏了")).await;
        town.staff.accepts(told.matter, &format!("收到，{CANARY}")).await.expect("accepted");
        let site = town.site().await;
        let reader = site.visitor();
        for address in ["/b/tingqiao", "/b/tingqiao/issues", "/b/tingqiao/issues.csv", "/b/tingqiao/issues.json", "/b/tingqiao/issues.atom",
            "/b/tingqiao/issues/1", "/b/tingqiao/issues/2", "/b/tingqiao/issues/2/clock", "/", "/d/qingtang"] {
            let page = reader.reads(address).await;
            page.hides(CANARY).hides("金丝雀").hides("13800004170");
        }
        reader.reads("/b/tingqiao/issues?q=金丝雀").await.shows("这里没有这样的事");
    }

    async fn no_identifier_of_a_row_stands_on_a_public_page(town: Town) {
        let matter = town.lift_case().await;
        let site = town.site().await;
        let reader = site.visitor();
        let number = town.now(matter).await.number;
        for address in ["/b/tingqiao", "/b/tingqiao/issues", "/b/tingqiao/issues.json", "/b/tingqiao/issues.atom", &format!("/b/tingqiao/issues/{number}")] {
            let page = reader.reads(address).await;
            assert!(!uuid_in(&page.body), "an id stands in {address}");
        }
    }

    async fn a_place_let_to_one_unit_shows_its_zone_only(town: Town) {
        let told = town.says("茶水间漏水").at(&town.unit).files().await;
        let number = town.now(told.matter).await.number;
        let site = town.site().await;
        let reader = site.visitor();
        for address in [format!("/b/tingqiao/issues/{number}"), "/b/tingqiao/issues".into(), "/b/tingqiao/issues.csv".into(), "/b/tingqiao/issues.json".into()] {
            reader.reads(&address).await.shows("南座18F").hides("1801");
        }
        // Nor can the unit's own code narrow the list further than its zone.
        reader.reads("/b/tingqiao/issues?place=S18").await.shows("南座18F").hides("1801");
    }

    async fn filters_stand_in_the_address_and_combine(town: Town) {
        let lift = town.reports("南座2号梯有异响").await;
        town.says("闸机刷不开").at(&town.gate).about("access.gate").files().await;
        town.staff.accepts(lift.matter, "").await.expect("accepted");
        let site = town.site().await;
        let reader = site.visitor();
        let number = town.now(lift.matter).await.number;
        let link = format!("/b/tingqiao/issues/{number}\"");
        for query in ["", "?state=open", "?state=accepted", "?place=S1E", "?floor=南座/1", "?state=open&place=S1E", "?q=东电梯厅", "?state=accepted&q=电梯厅"] {
            reader.reads(&format!("/b/tingqiao/issues{query}")).await.shows(&link);
        }
        for query in ["?state=closed", "?category=access.gate", "?place=S1G", "?floor=南座/18", "?q=打印机", "?state=closed&place=S1E&q=梯"] {
            reader.reads(&format!("/b/tingqiao/issues{query}")).await.hides(&link);
        }
        for query in ["?state=不知道", "?category=none.such", "?place=NOWHERE", "?floor=x"] {
            assert_eq!(reader.opens(&format!("/b/tingqiao/issues{query}")).await.status, Status::NotFound, "{query}");
        }
        assert_eq!(reader.opens(&format!("/b/tingqiao/issues?q=TQ-{number}")).await.location, Some(format!("/b/tingqiao/issues/{number}")));
    }

    async fn pages_follow_one_another_without_gap(town: Town) {
        for i in 0..103 {
            town.lets_pass(Duration::minutes(1));
            town.says(&format!("第{i}件")).on_device(&format!("{i}")).files().await;
        }
        let site = town.site().await;
        let reader = site.visitor();
        let mut seen = vec![];
        let mut next = Some("/b/tingqiao/issues?state=open".to_owned());
        while let Some(address) = next.take() {
            let page = reader.reads(&address).await;
            let links: Vec<i32> = page.body.split("class=\"t\" href=\"/b/tingqiao/issues/").skip(1).filter_map(|r| r.split('"').next()?.parse().ok()).collect();
            seen.extend(links);
            next = page.body.split("rel=\"next\" href=\"").nth(1).and_then(|r| r.split('"').next()).map(|a| a.replace("&amp;", "&").replace("&#x3D;", "="));
        }
        assert_eq!(seen, (1..=103).rev().collect::<Vec<i32>>());
    }

    async fn a_feed_is_answered_by_304_until_something_moves(town: Town) {
        let told = town.reports("灯坏了").await;
        let site = town.site().await;
        let reader = site.visitor();
        for kind in ["atom", "json", "csv"] {
            let address = format!("/b/tingqiao/issues.{kind}");
            let tag = reader.reads(&address).await.etag.expect("a tag");
            assert_eq!(reader.opens_again(&address, &tag).await.status, Status::NotModified);
            town.lets_pass(Duration::minutes(3));
            town.another_joins(told.matter).await;
            assert_eq!(reader.opens_again(&address, &tag).await.status, Status::Ok);
        }
    }

    async fn a_spreadsheet_gets_no_formula(town: Town) {
        let told = town.reports("灯坏了").await;
        town.secretary.releases(told.matter, "=HYPERLINK(\"http://evil\")", "").await.expect("released");
        let site = town.site().await;
        let reader = site.visitor();
        let csv = reader.reads("/b/tingqiao/issues.csv").await;
        assert!(csv.body.starts_with('\u{feff}'));
        csv.shows("'=HYPERLINK").hides(",=HYPERLINK").hides(",\"=HYPERLINK");
    }

    async fn what_was_not_pursued_says_where_it_went(town: Town) {
        let (a, b, c) = (town.reports("排队一").await, town.reports("排队二").await, town.reports("物业费").await);
        town.staff.accepts(b.matter, "").await.expect("accepted");
        town.staff.accepts(a.matter, "").await.expect("accepted");
        town.staff.merges(a.matter, b.matter).await.expect("merged");
        town.staff.declines(c.matter, "out_of_scope", "请找业主").await.expect("declined");
        let site = town.site().await;
        let reader = site.visitor();
        let (into, from, no) = (town.now(b.matter).await.number, town.now(a.matter).await.number, town.now(c.matter).await.number);
        reader.reads(&format!("/b/tingqiao/issues/{from}")).await.shows(&format!("并入TQ-{into}")).shows(&format!("href=\"/b/tingqiao/issues/{into}\""));
        reader.reads(&format!("/b/tingqiao/issues/{into}")).await.shows(&format!("TQ-{from}并进来")).shows("2份报事");
        reader.reads(&format!("/b/tingqiao/issues/{no}")).await.shows("这件事楼里管不了").shows("12345").hides("请找业主");
    }

    async fn a_clock_explains_each_day(town: Town) {
        town.it_is("2026-09-30 10:00");
        let told = town.says("厕所堵了").about("env.noise").files().await;
        let number = town.now(told.matter).await.number;
        town.it_is("2026-10-09 10:00");
        let site = town.site().await;
        let reader = site.visitor();
        reader.reads(&format!("/b/tingqiao/issues/{number}/clock")).await.shows("5个工作日，用了2个，还剩3个").shows("国庆节").shows("报来当天，不算").shows("第2天");
        // Long after the end ten days are listed, and the sum counts them all.
        town.it_is("2026-11-05 10:00");
        let late = reader.reads(&format!("/b/tingqiao/issues/{number}/clock")).await;
        late.shows("晚了17个").shows("晚10").hides("晚11").shows("晚17").shows("11月5日");
    }

    async fn only_those_who_work_here_see_the_way_to_the_desk(town: Town) {
        let told = town.reports("灯坏了").await;
        let number = town.now(told.matter).await.number;
        let site = town.site().await;
        let reader = site.visitor();
        reader.reads(&format!("/b/tingqiao/issues/{number}")).await.hides("/work\"");
        assert_eq!(reader.opens("/b/tingqiao/issues/9999").await.status, Status::NotFound);
        assert_eq!(reader.opens("/b/nowhere/issues/1").await.status, Status::NotFound);
        assert_eq!(reader.opens("/b/tingqiao/issues/abc").await.status, Status::NotFound);
    }
}

/// Whether something that looks like an id stands in a text.
fn uuid_in(text: &str) -> bool {
    let hex = |s: &str| s.bytes().all(|b| b.is_ascii_hexdigit());
    text.as_bytes()
        .windows(36)
        .any(|w| std::str::from_utf8(w).is_ok_and(|s| s.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && s.split('-').all(hex)))
}
