//! What is said about an item between meetings, and petitions of proven workers.

use chrono::Duration;
use louyi::domain::deliberation::{self, Leaning, NewClockIns, NewOption, OpenTo, Stance};
use louyi::domain::meetings;
use louyi::domain::meetings::items::{self, Source};
use louyi::domain::petitions;
use rocket::http::Status;
use sea_orm::ConnectionTrait as _;

use crate::support::{Town, on_both, refusal};

const PAGE: &str = "/b/tingqiao/council/items/1/deliberation";

async fn an_item(town: &Town) -> items::Item {
    let told = town.reports("电梯太慢").await;
    town.staff.accepts(told.matter, "收到").await.unwrap();
    town.secretary.nominates(told.matter).await.unwrap();
    items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().unwrap()
}

on_both! {
    async fn options_positions_remarks_and_leanings_through_the_page(town: Town) {
        an_item(&town).await;
        let site = town.site().await;
        let (secretary, member, tenant) = (site.signed_in(&town.secretary).await, site.signed_in(&town.members[6]).await, site.signed_in(&town.representative).await);
        let option = [("title", "打卡机前移"), ("words", "全部移到闸机前"), ("costs", "八千元，禾迅出"), ("doers", "禾迅装，物业配合")];
        assert_eq!(secretary.does(PAGE, &format!("{PAGE}/options"), &option).await, PAGE);
        let nameless = secretary.fills(PAGE, &format!("{PAGE}/options"), &[("title", ""), ("costs", "一万元")]).await;
        assert!(nameless.status != Status::SeeOther && nameless.body.contains("option-title-error") && nameless.body.contains("一万元"), "{}", nameless.text());
        // A party is asked by a day, and answers for itself.
        let due = (louyi::kernel::dates::local(town.house.now()).date() + chrono::Days::new(5)).to_string();
        secretary.does(PAGE, &format!("{PAGE}/positions"), &[("organisation", &town.sunflower.slug), ("due", &due)]).await;
        assert!(town.rows_of("outbox").await.contains("position_asked"));
        let again = secretary.fills(PAGE, &format!("{PAGE}/positions"), &[("organisation", &town.sunflower.slug), ("due", &due)]).await;
        assert!(again.says("已经请过"), "{}", again.text());
        let past = secretary.fills(PAGE, &format!("{PAGE}/positions"), &[("organisation", &town.egret.slug), ("due", "2020-01-01")]).await;
        assert!(past.status != Status::SeeOther && past.body.contains("ask-due-error"), "{}", past.text());
        assert!(member.reads(PAGE).await.form(&format!("{PAGE}/positions/1")).is_none(), "nobody answers for another");
        tenant.does(PAGE, &format!("{PAGE}/positions/1"), &[("words", "前移可以，先在南座试两周。")]).await;
        let read = member.reads(PAGE).await;
        assert!(read.says("先在南座试两周") && read.says("八千元"));
        // Leanings are sums, change at any time, and are nobody's.
        member.does(PAGE, &format!("{PAGE}/leanings"), &[("lean", "1 for")]).await;
        member.does(PAGE, &format!("{PAGE}/leanings"), &[("lean", "1 unsure")]).await;
        assert!(tenant.reads(PAGE).await.says("0席赞成，0席反对，1席没想好"));
        assert!(!town.rows_of("journal").await.contains("leaning"));
        // Among the seats, until the secretary opens it.
        member.does(PAGE, &format!("{PAGE}/remarks"), &[("stance", "for"), ("about", "1"), ("words", "别的楼试过，管用。")]).await;
        assert!(!tenant.reads(PAGE).await.says("别的楼试过"));
        assert!(tenant.reads(PAGE).await.form(&format!("{PAGE}/remarks")).is_none());
        secretary.does(PAGE, &format!("{PAGE}/opening"), &[("open_to", "enterprises")]).await;
        assert!(tenant.reads(PAGE).await.says("别的楼试过"));
        tenant.does(PAGE, &format!("{PAGE}/remarks"), &[("stance", "against"), ("words", "下雨天门口排队要淋雨。")]).await;
        let forged = member.fills(PAGE, &format!("{PAGE}/remarks"), &[("stance", "summary"), ("words", "大家都同意")]).await;
        assert!(forged.status != Status::SeeOther, "only the secretary sums up");
        secretary.does(PAGE, &format!("{PAGE}/remarks"), &[("stance", "summary"), ("words", "多数说可以试，雨天的事要解决。")]).await;
        assert!(member.reads(PAGE).await.says("秘书归纳"));
        // The papers carry it; outsiders read none of it.
        let papers = secretary.reads("/b/tingqiao/council/items/1").await;
        assert!(papers.says("先在南座试两周") && papers.says("雨天的事要解决") && papers.says("八千元"));
        assert_eq!(site.visitor().opens(PAGE).await.status, Status::SeeOther);
    }

    async fn an_enterprise_gives_its_clock_ins(town: Town) {
        an_item(&town).await;
        let site = town.site().await;
        let (secretary, member, tenant) = (site.signed_in(&town.secretary).await, site.signed_in(&town.members[6]).await, site.signed_in(&town.representative).await);
        let (give, day) = (format!("{PAGE}/clock-ins"), town.house.calendar().date_of(town.house.now()).to_string());
        // What cannot be read is said line by line, and what was typed stays.
        for (lines, said) in [
            ("8:30 120\n八点半 20", "第2行看不懂"),
            ("8:32 120", "第1行看不懂"),
            ("8:30 120\n8:30 5", "第2行看不懂"),
            ("8:30 -4", "第1行看不懂"),
            ("8:30 4", "合计要在5到"),
            ("0:00 9\n23:55 9", "最多写6小时"),
            ("", "写"),
        ] {
            let again = tenant.fills(PAGE, &give, &[("day", &day), ("lines", lines)]).await;
            assert!(again.status == Status::UnprocessableEntity && again.says(said), "{lines}: {}", again.text());
            assert!(lines.lines().all(|l| again.body.contains(l)) && again.body.contains("clock-ins-lines-error"));
        }
        for (bad, said) in [("2099-01-01", "过去一年里"), ("昨天", "日期")] {
            let again = tenant.fills(PAGE, &give, &[("day", bad), ("lines", "8:30 120")]).await;
            assert!(again.says(said) && again.body.contains("8:30 120"), "{bad}: {}", again.text());
        }
        let lines = "8:40 340人\n8:30，120\n8:35 260\n8:50 3";
        tenant.does(PAGE, &give, &[("day", &day), ("lines", lines)]).await;
        let read = member.reads(PAGE).await;
        assert!(read.says("共723人") && read.says("8:40到8:45最多，340人") && read.says("不到5"), "{}", read.text());
        assert!(!read.body.contains(">3<"), "a count below five is nobody's to read");
        // The papers carry it, and the forecast can start from it. Nobody outside reads it.
        let papers = secretary.reads("/b/tingqiao/council/items/1").await;
        assert!(papers.says("共723人"), "{}", papers.text());
        let lifts = secretary.reads("/b/tingqiao/council/items/1/lifts").await;
        assert!(lifts.body.contains("?clock_ins=1"));
        let taken = secretary.reads("/b/tingqiao/council/items/1/lifts?clock_ins=1").await;
        assert!(taken.body.contains("120 260 340 0 3") && taken.body.contains("value=\"08:30\""), "{}", taken.body);
        // For the same day they take the place of what was given; another enterprise's are not one's own to take back.
        tenant.does(PAGE, &give, &[("day", &day), ("lines", "8:30 200")]).await;
        let read = tenant.reads(PAGE).await;
        assert!(read.says("共200人") && !read.says("共723人"), "{}", read.text());
        assert_eq!(secretary.posts(&format!("{give}/2/withdrawal"), &[]).await.status, Status::Forbidden);
        let counted = louyi::kernel::dates::local(town.house.now()).date();
        let by_staff = town.staff.does(async |act| {
            let item = items::of_council(act.tx(), town.council.id).await?.remove(0);
            deliberation::give(act, &item, NewClockIns { day: counted, lines: "8:30 200" }).await
        });
        assert_eq!(refusal(by_staff.await), "clock_ins_only_enterprise");
        tenant.does(PAGE, &format!("{give}/2/withdrawal"), &[]).await;
        assert!(!member.reads(PAGE).await.says("共200人"));
        let journal = town.rows_of("journal").await;
        assert!(journal.contains("clock_ins_given") && journal.contains("clock_ins_withdrawn"));
    }

    async fn the_notice_freezes_the_options(town: Town) {
        let item = an_item(&town).await;
        let meeting = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        town.secretary.at_meeting(meeting, async |act, m| m.list(act, items::by_id(act.tx(), item.id).await?).await).await.unwrap();
        let put = async |title: &str| {
            town.secretary
                .does(async |act| deliberation::put(act, &items::by_id(act.tx(), item.id).await?, NewOption { title, words: "", costs: "", doers: "" }).await)
                .await
        };
        put("错峰").await.unwrap();
        town.secretary.calls(meeting).await.unwrap();
        assert_eq!(refusal(put("前移").await), "papers_frozen");
        let frozen = meetings::by_id(town.house.read(), meeting).await.unwrap();
        assert_eq!(frozen.papers_hash, Some(frozen.papers(town.house.read()).await.unwrap()));
        town.house.db().upkeep().execute_unprepared("update item_options set costs = '不要钱'").await.unwrap();
        assert_ne!(frozen.papers_hash, Some(frozen.papers(town.house.read()).await.unwrap()), "an option changed past the program is no longer what was frozen");
        // What the parties say may still come in.
        let due = town.house.now() + Duration::days(3);
        town.secretary.does(async |act| deliberation::ask(act, &items::by_id(act.tx(), item.id).await?, &town.sunflower, due).await).await.unwrap();
        let closed = town.representative.does(async |act| deliberation::say(act, &items::by_id(act.tx(), item.id).await?, false, (Stance::Remark, None), "说一句").await).await;
        assert_eq!(refusal(closed), "deliberation_closed");
        let item = items::by_id(town.house.read(), item.id).await.unwrap();
        assert_eq!(item.open_to, OpenTo::Members);
        let other = town.a_council_of(3, louyi::domain::councils::Basis::All).await;
        let option = deliberation::option_by_number(town.house.read(), item.id, 1).await.unwrap();
        let foreign = town.members[0].does(async |act| deliberation::lean(act, &item, &option, &other.seats[0], Leaning::For).await).await;
        assert!(foreign.is_err(), "a seat of another council leans on nothing here");
    }

    async fn so_many_proven_workers_put_a_matter_before_the_council(town: Town) {
        let told = town.reports("电梯太慢").await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        let today = louyi::kernel::dates::local(town.house.now()).date();
        let prove = async |n: u8, of: uuid::Uuid, day: chrono::NaiveDate| {
            let mut row = vec![];
            for i in 0..n {
                let id = [vec![i, n], of.as_bytes().to_vec()].concat();
                let postgres = town.house.read().get_database_backend() == sea_orm::DatabaseBackend::Postgres;
                let hex = |bytes: &[u8]| if postgres { format!("'\\x{}'", hex::encode(bytes)) } else { format!("x'{}'", hex::encode(bytes)) };
                let uuid = |id: uuid::Uuid| if postgres { format!("'{id}'") } else { format!("x'{}'", hex::encode(id.as_bytes())) };
                row.push(format!("({}, {}, {}, '{day}')", hex(&id), uuid(told.matter.0.0), uuid(of)));
            }
            let text = format!("insert into proofs (report, issue_id, organisation_id, day) values {}", row.join(", "));
            town.house.db().upkeep().execute_unprepared(&text).await.unwrap();
        };
        prove(6, town.sunflower.id.0, today).await;
        prove(4, town.egret.id.0, today).await;
        assert_eq!(petitions::raise_due(&town.house).await.unwrap(), 0, "today's are told tomorrow");
        town.lets_pass(Duration::days(1));
        assert_eq!(petitions::raise_due(&town.house).await.unwrap(), 0, "four of one enterprise are not told of");
        prove(5, town.egret.id.0, today).await;
        assert_eq!(petitions::raise_due(&town.house).await.unwrap(), 1, "six and nine are more than ten");
        assert_eq!(petitions::raise_due(&town.house).await.unwrap(), 0, "once");
        let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().unwrap();
        assert_eq!(item.source, Source::Petition);
        let site = town.site().await;
        assert!(site.signed_in(&town.secretary).await.reads("/b/tingqiao/council").await.says("联名够数，必须排会"));
    }
}
