//! Hand-overs through the pages: asked for, taken with a day, refused, handed back; the line of levels that everybody reads.

use louyi::domain::levels::Level;
use louyi::domain::meetings::items::{self, Source};
use rocket::http::Status;

use crate::support::levels::{District, district, street};
use crate::support::on_both;

fn at(path: &str) -> String {
    format!("/b/tingqiao/issues/1/{path}")
}

const PUBLIC: &str = "/b/tingqiao/issues/1";
const ITEM: &str = "/b/tingqiao/council/items/1";
const THEIRS: &str = "/d/qingtang/council/items/1";

on_both! {
    async fn to_the_street_and_back_on_its_pages(town: Town) {
        let (_, chief) = street(&town).await;
        let told = town.says("门口共享单车堆成山").about("park.bike").files().await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        let site = town.site().await;
        let (staff, chief) = (site.signed_in(&town.staff).await, site.signed_in(&chief).await);
        assert!(!site.visitor().reads(PUBLIC).await.says("移交的经过"), "nothing has gone anywhere");
        let form = staff.reads(&at("transfer")).await;
        assert!(form.says("街道：青塘路街道办（街道部门）") && form.says("部门：街道城管办（街道部门）"), "{}", form.text());
        assert!(!form.says("向日葵科技") && !form.says("退回楼宇"), "{}", form.text());
        // What was typed is kept, and each fault stands at its field.
        let page = staff.fills(&at("transfer"), &at("transfer"), &[("to", ""), ("reason", "needs_authority"), ("words", "车停在路上，物业无权挪")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.fault("to").is_some() && page.says("物业无权挪"), "{}", page.text());
        let page = staff.fills(&at("transfer"), &at("transfer"), &[("to", "@nobody"), ("reason", "needs_authority"), ("words", "车停在路上")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        staff.does(&at("transfer"), &at("transfer"), &[("to", "street-office"), ("reason", "needs_authority"), ("words", "车停在路上，物业无权挪")]).await;
        let asked = site.visitor().reads(PUBLIC).await;
        for part in ["移交的经过", "楼宇 汀桥物业", "街道 青塘路街道办", "11月24日 周二 24:00前", "没答复以前还由原单位负责"] {
            assert!(asked.says(part), "{part}: {}", asked.text());
        }
        // The desk of the street shows what waits for its answer.
        assert!(chief.reads("/desk").await.says("汀桥物业想移交"));
        let work = chief.reads(&at("work")).await;
        assert!(work.says("接下") && work.says("车停在路上，物业无权挪"), "{}", work.text());
        let take = at("transfer/acceptance");
        assert!(chief.reads(&take).await.says("答应报事人的日期"));
        for (day, words) in [("", "日期要写成"), ("2026-11-28", "这天不上班"), ("2026-11-20", "日期要在今天以后"), ("2026-12-31", "比答应报事人的日期晚")] {
            let page = chief.fills(&take, &take, &[("report_on", day)]).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "{day}");
            assert!(page.fault("report_on").is_some_and(|f| f.contains(words)), "{day}: {}", page.text());
        }
        chief.does(&take, &take, &[("report_on", "2026-12-31"), ("after_result", "1")]).await;
        for path in [PUBLIC.to_owned(), format!("/r/{}", told.receipt)] {
            let page = site.visitor().reads(&path).await;
            for part in ["汀桥物业", "街道 青塘路街道办", "现在负责，11月23日起", "12月31日 周四 24:00前", "答应报事人的日期不变"] {
                assert!(page.says(part), "{path} lacks {part}: {}", page.text());
            }
            assert!(!page.says("物业无权挪"), "words of the parties stay inside: {}", page.text());
        }
        assert!(site.visitor().in_english().reads(PUBLIC).await.says("Through whose hands it went"));
        // The giver has let go; the street reports, and says so once more.
        assert_eq!(staff.opens(&at("transfer")).await.status, Status::Ok);
        assert!(staff.reads(&at("transfer")).await.says("只有负责这件事的单位"));
        assert!(staff.reads(&at("transfer/report")).await.says("只有负责这件事的单位"));
        let report = at("transfer/report");
        chief.reads(&at("work")).await.shows(&report);
        let page = chief.fills(&report, &report, &[("words", "看"), ("report_on", "2026-11-25")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.fault("words").is_some(), "{}", page.text());
        let page = chief.fills(&report, &report, &[("words", "约了城管一起来"), ("report_on", "明天")]).await;
        assert!(page.fault("report_on").is_some() && page.says("约了城管一起来"), "{}", page.text());
        chief.does(&report, &report, &[("words", "约了城管一起来"), ("report_on", "")]).await;
        assert!(chief.reads(&report).await.says("现在没有要回报的"));
        let page = site.visitor().reads(PUBLIC).await;
        assert!(!page.says("12月31日 周四 24:00前") && !page.says("约了城管一起来"), "{}", page.text());
        // Back, with what came of it.
        assert!(chief.reads(&at("transfer")).await.says("退回楼宇：汀桥物业"));
        chief.does(&at("transfer"), &at("transfer"), &[("to", "@before"), ("reason", "carried_out"), ("words", "城管清过，划了线")]).await;
        let back = staff.reads(&take).await;
        assert!(!back.says("哪天回报进展"), "what comes back is reported to nobody: {}", back.text());
        staff.does(&take, &take, &[]).await;
        let page = site.visitor().reads(PUBLIC).await;
        assert!(page.says("青塘路街道办把事情退回汀桥物业") || page.says("汀桥物业接手"), "{}", page.text());
        assert!(!page.says("城管清过"), "{}", page.text());
        assert_eq!(town.now(told.matter).await.level, Level::Building);
    }

    async fn the_district_shows_what_went_beyond_its_buildings(town: Town) {
        let (office, chief) = street(&town).await;
        let told = town.says("南门的路灯坏了，我是向日葵的").files().await;
        town.reports("三号梯抖").await;
        let site = town.site().await;
        assert!(!site.visitor().reads("/d/qingtang").await.says("在商圈、街道和部门手里的"));
        town.staff.offers(told.matter, &office).await.unwrap();
        let page = site.visitor().reads("/d/qingtang").await;
        assert!(page.says("汀桥物业请青塘路街道办（街道）接手") && page.says("TQ-1") && !page.says("TQ-2"), "{}", page.text());
        chief.takes_over_until(told.matter, "2026-11-25").await.unwrap();
        let page = site.visitor().reads("/d/qingtang").await;
        assert!(page.says("11月23日起由青塘路街道办（街道）负责") && page.says("11月25日 周三 24:00前"), "{}", page.text());
        assert!(!page.says("路灯坏了") && !page.says("这是你们的事"), "neither words that are not released nor those of parties: {}", page.text());
        town.it_is("2026-11-27 09:00");
        assert!(site.visitor().reads("/d/qingtang").await.says("晚了"));
        let desk = site.signed_in(&chief).await.reads("/desk").await;
        assert!(desk.says("回报进展") && desk.says("晚了"), "{}", desk.text());
    }

    async fn from_the_council_to_the_district_on_its_pages(town: Town) {
        let District { secretary, .. } = district(&town).await;
        let told = town.says("广场外的车没人管").about("park.bike").files().await;
        town.staff.accepts(told.matter, "收到").await.unwrap();
        town.secretary.nominates(told.matter).await.unwrap();
        let site = town.site().await;
        let (local, coordinator) = (site.signed_in(&town.secretary).await, site.signed_in(&secretary).await);
        let page = local.reads(ITEM).await;
        assert!(page.says("商圈：提请青塘商圈议事会"), "{}", page.text());
        let refer = format!("{ITEM}/referral");
        let page = local.fills(ITEM, &refer, &[("to", "sunflower"), ("words", "请你们管起来")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("这家单位不能接管事项"), "{}", page.text());
        local.does(ITEM, &refer, &[("to", "@council"), ("words", "这段路在商圈里，请一起定")]).await;
        assert!(site.visitor().reads(PUBLIC).await.says("商圈 商圈议事会（青塘商圈协调办）"));
        // Only the district's secretary answers.
        assert!(local.reads(&at("transfer/acceptance")).await.says("请商圈议事会的秘书来答"));
        assert!(coordinator.reads("/desk").await.says("想移交"));
        let refusal = at("transfer/refusal");
        coordinator.does(&refusal, &refusal, &[("reason", "not_our_area"), ("words", "先请楼里量一量")]).await;
        let again = "/b/tingqiao/council/items/2";
        assert!(local.reads(again).await.says("商圈：提请青塘商圈议事会"));
        local.does(again, &format!("{again}/referral"), &[("to", "@council"), ("words", "量过了，一百多辆")]).await;
        let take = at("transfer/acceptance");
        coordinator.does(&take, &take, &[("report_on", "2026-11-25")]).await;
        let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("on the district's list");
        assert_eq!(item.source, Source::HandedOver);
        let list = coordinator.reads("/d/qingtang/council").await;
        assert!(list.says("TQ-1"), "{}", list.text());
        let theirs = coordinator.reads(THEIRS).await;
        theirs.shows("/b/tingqiao/issues/1");
        assert!(theirs.says("退回楼宇：汀桥物业") && !theirs.says("提请青塘商圈议事会"), "{}", theirs.text());
        coordinator.does(THEIRS, &format!("{THEIRS}/referral"), &[("to", "@before"), ("words", "划了线，楼里照线管")]).await;
        let staff = site.signed_in(&town.staff).await;
        staff.does(&take, &take, &[]).await;
        assert_eq!(town.now(told.matter).await.holder_id, Some(town.manager.id));
        // An item without a matter is referred in words alone.
        let other = "/b/tingqiao/council/items";
        local.does("/b/tingqiao/council", other, &[("source", "member"), ("title", "门厅的画"), ("question", "换不换？"), ("competence", "council")]).await;
        let third = "/b/tingqiao/council/items/3";
        assert!(!local.reads(third).await.says("事项一起移交给"));
    }

    async fn an_administrator_says_at_which_level(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let page = admin.reads("/b/tingqiao/organisations").await;
        assert!(page.says("部门一级") && page.says("商会一级") && page.says("楼宇一级"), "{}", page.text());
        assert!(page.form("/b/tingqiao/organisations/sunflower/level").is_none(), "an enterprise is responsible at no level");
        let path = "/b/tingqiao/organisations/city-order/level";
        let wrong = admin.fills("/b/tingqiao/organisations", path, &[("level", "heaven")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        admin.does("/b/tingqiao/organisations", path, &[("level", "street")]).await;
        assert!(admin.reads("/b/tingqiao/organisations").await.says("街道一级"));
        let told = town.reports("电梯慢").await;
        let office = louyi::domain::organisations::by_id(town.house.read(), town.department.id).await.unwrap();
        town.staff.offers(told.matter, &office).await.unwrap();
        town.officer.takes_over(told.matter).await.unwrap();
        assert_eq!(town.now(told.matter).await.level, Level::Street);
        let form = page.form(path).expect("a form");
        let (_, token) = form.iter().find(|(n, _)| n == "token").expect("a token");
        let fields = [("token", token.as_str()), ("level", "street")];
        assert_eq!(admin.posts("/b/tingqiao/organisations/nobody/level", &fields).await.status, Status::NotFound);
        assert_eq!(admin.posts("/b/tingqiao/organisations/sunflower/level", &fields).await.status, Status::UnprocessableEntity);
    }
}
