//! Messages through their pages: drafts that survive, names that call, words that are changed or withheld.

use chrono::Duration;
use louyi::domain::drafts;
use louyi::kernel::journal;
use louyi::kernel::outbox::Address;
use rocket::http::Status;

use crate::support::browser::{Page, Reader};
use crate::support::on_both;

const WORK: &str = "/b/tingqiao/issues/1/work";

fn at(path: &str) -> String {
    format!("/b/tingqiao/issues/1/{path}")
}

/// The fields of a voice's form as the page has them, with some replaced.
fn form(page: &Page, voice: &str, with: &[(&str, &str)]) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.body);
    let of = |s: &str| scraper::Selector::parse(s).expect("a selector");
    let mut fields: Vec<(String, String)> = html
        .select(&of(&format!("#say-{voice} input[type=hidden]")))
        .map(|f| (f.value().attr("name").unwrap_or_default().to_owned(), f.value().attr("value").unwrap_or_default().to_owned()))
        .collect();
    let words: String = html.select(&of(&format!("#say-{voice} textarea"))).flat_map(|t| t.text()).collect();
    fields.push(("words".into(), words.trim_start_matches('\n').to_owned()));
    for (name, value) in with {
        fields.retain(|(n, _)| n != name);
        fields.push(((*name).into(), (*value).into()));
    }
    fields
}

async fn sends(reader: &Reader<'_>, to: &str, voice: &str, with: &[(&str, &str)]) -> Page {
    let fields = form(&reader.reads(WORK).await, voice, with);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    reader.posts(&at(to), &fields).await
}

async fn says(reader: &Reader<'_>, voice: &str, words: &str) -> Page {
    sends(reader, "messages", voice, &[("words", words)]).await
}

fn typed(page: &Page, voice: &str) -> String {
    form(page, voice, &[]).into_iter().find(|(n, _)| n == "words").expect("a box").1
}

/// The address of the last message's way with this end.
fn way(page: &Page, end: &str) -> Option<String> {
    page.body.split('"').rfind(|a| a.contains("/messages/") && a.ends_with(end)).map(str::to_owned)
}

on_both! {
    async fn a_draft_is_its_writers_on_every_device_and_goes_with_the_message(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let (phone, desk) = (site.signed_in(&town.staff).await, site.signed_in(&town.staff).await);
        let kept = sends(&phone, "drafts", "parties", &[("words", "请恒升两点到"), ("do", "keep")]).await;
        assert_eq!(kept.status, Status::SeeOther);
        assert!(kept.location.as_deref().is_some_and(|l| l.ends_with("?voice=parties#voice-parties")), "{:?}", kept.location);
        let page = desk.reads(WORK).await;
        assert_eq!((typed(&page, "parties"), typed(&page, "internal")), ("请恒升两点到".into(), String::new()));
        assert!(page.says("只有您看得到"), "{}", page.text());
        for other in [&town.colleague, &town.secretary, &town.fitter] {
            assert!(!site.signed_in(other).await.reads(WORK).await.says("请恒升两点到"), "a draft is nobody else's");
        }
        // As it is typed: kept without a page.
        let quiet = sends(&phone, "drafts", "parties", &[("words", "请恒升三点到"), ("quiet", "1")]).await;
        assert_eq!(quiet.status, Status::NoContent);
        assert_eq!(typed(&desk.reads(WORK).await, "parties"), "请恒升三点到");
        // A refused message is a draft, too.
        let long = "长".repeat(2001);
        assert_eq!(says(&phone, "parties", &long).await.status, Status::UnprocessableEntity);
        assert_eq!(typed(&desk.reads(WORK).await, "parties"), long);
        assert_eq!(says(&phone, "parties", "请恒升三点到").await.status, Status::SeeOther);
        assert_eq!(typed(&desk.reads(WORK).await, "parties"), "");
        assert!(drafts::of(town.house.read(), town.staff.id, told.matter.0).await.expect("asked").is_empty());
        // Thrown away.
        sends(&phone, "drafts", "reporters", &[("words", "下周换"), ("do", "keep")]).await;
        sends(&phone, "drafts", "reporters", &[("do", "discard")]).await;
        assert_eq!(typed(&desk.reads(WORK).await, "reporters"), "");
        assert_eq!(town.story(told.matter).await.iter().filter(|a| *a == "message_sent").count(), 1, "a draft leaves no line");
    }

    async fn who_may_not_speak_keeps_no_draft(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let fitter = site.signed_in(&town.fitter).await;
        let refused = sends(&fitter, "drafts", "parties", &[("voice", "reporters"), ("words", "我来答")]).await;
        assert_eq!(refused.status, Status::Forbidden);
    }

    async fn whoever_is_named_is_called_once_until_they_have_read_it(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(WORK).await;
        assert!(page.body.contains("data-text=\"@恒升电梯 \"") && page.body.contains("data-text=\"@秘书 \""), "{}", page.body);
        assert!(page.body.contains("data-text=\"@Bo \"") && !page.body.contains("data-text=\"@Fitter \""), "whoever has not spoken here is in no list");
        assert_eq!(says(&staff, "parties", "@恒升电梯请两点到，@秘书 知悉，@Bo开门。钥匙问 kai@example.com").await.status, Status::SeeOther);
        let mut called = town.letters("mentioned").await;
        called.sort_by_key(|a| format!("{a:?}"));
        let mut all = [&town.fitter, &town.secretary, &town.colleague].map(|w| Address::Person(w.id)).to_vec();
        all.sort_by_key(|a| format!("{a:?}"));
        assert_eq!(called, all, "one letter each");
        let fitter = site.signed_in(&town.fitter).await;
        assert!(fitter.reads("/desk").await.says("有人@您"));
        let page = fitter.reads(WORK).await;
        assert!(page.says("有人@您，1条没看") && page.body.contains("<b class=\"named me\">@恒升电梯</b>"), "{}", page.body);
        fitter.does(WORK, &at("mentions/reading"), &[]).await;
        assert!(!fitter.reads("/desk").await.says("有人@您") && !fitter.reads(WORK).await.says("1条没看"));
        // Whoever answers has read it.
        let secretary = site.signed_in(&town.secretary).await;
        says(&secretary, "parties", "知道了").await;
        assert!(!secretary.reads("/desk").await.says("有人@您"));
        assert!(!site.signed_in(&town.neighbour).await.reads("/desk").await.says("有人@您"));
        let line = journal::of_issue(town.house.read(), told.matter.0).await.expect("lines").into_iter().find(|l| l.act == "mentioned").expect("a line");
        assert!(!line.data.contains("恒升") && !line.data.contains("Bo"), "ids only: {}", line.data);
    }

    async fn nobody_is_called_to_what_they_cannot_read(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        for (voice, words, why) in [
            ("parties", "请@白鹭设计看一下", "“白鹭设计”看不到这段话"),
            ("internal", "@恒升电梯明天来", "“恒升电梯”看不到这段话"),
            ("parties", "@召集人请过目", "“召集人”看不到这段话"),
            ("parties", "@Lin 请过目", "没有叫“Lin”的人或单位"),
            ("parties", "@王小二请过目", "没有叫“王小二请过目”的人或单位"),
        ] {
            let page = says(&staff, voice, words).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "{words}");
            assert!(page.says(why) && page.says("就这么发"), "{words}: {}", page.text());
            assert_eq!(typed(&page, voice), words);
        }
        let sent = sends(&staff, "messages", "parties", &[("words", "@王小二请过目"), ("as_it_is", "1")]).await;
        assert_eq!(sent.status, Status::SeeOther);
        assert!(town.letters("mentioned").await.is_empty());
        // To reporters it is an ordinary sign.
        assert_eq!(says(&staff, "reporters", "有事@物业").await.status, Status::SeeOther);
        assert!(town.letters("mentioned").await.is_empty());
    }

    async fn picked_without_script_a_name_stands_in_the_words(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        sends(&staff, "drafts", "parties", &[("words", "两点到"), ("do", "name"), ("name", "恒升电梯")]).await;
        assert_eq!(typed(&staff.reads(WORK).await, "parties").trim(), "两点到 @恒升电梯");
    }

    async fn the_button_names_who_reads_it(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(WORK).await;
        assert!(page.says("发给1位报事人") && page.says("发给恒升电梯、议事会秘书") && page.says("记给汀桥物业的Bo"), "{}", page.text());
        // Somebody else has come to read along since: nobody is told unawares.
        let before = form(&page, "parties", &[("words", "这家很难谈")]);
        town.staff.dispatches(told.matter, &town.sunflower, "交一份班次表").await.expect("dispatched");
        let sent: Vec<(&str, &str)> = before.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let page = staff.posts(&at("messages"), &sent).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("看得到的人变了") && page.says("向日葵科技") && typed(&page, "parties") == "这家很难谈", "{}", page.text());
        assert_eq!(says(&staff, "parties", "好谈").await.status, Status::SeeOther);
    }

    async fn what_was_said_before_a_change_can_still_be_read(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        says(&staff, "reporters", "下周二换导靴").await;
        let edit = way(&staff.reads(WORK).await, "/edit").expect("a way");
        let change = edit.trim_end_matches("/edit").to_owned();
        assert_eq!(staff.fills(&edit, &change, &[("words", "下周二换导靴")]).await.status, Status::UnprocessableEntity);
        staff.does(&edit, &change, &[("words", "下周三换导靴")]).await;
        for page in [staff.reads(WORK).await, site.visitor().reads(&format!("/r/{}", told.receipt)).await] {
            assert!(page.says("下周三换导靴") && page.says("改过，看原文") && page.says("下周二换导靴"), "{}", page.text());
        }
        // Nobody else changes it, and nobody after a day.
        let colleague = site.signed_in(&town.colleague).await;
        assert!(colleague.reads(&edit).await.says("只能改自己说过的话"));
        town.lets_pass(Duration::hours(25));
        assert!(staff.reads(&edit).await.says("不能再改") && way(&staff.reads(WORK).await, "/edit").is_none());
        assert_eq!(town.story(told.matter).await.last().unwrap(), "message_edited");
        // Whoever does not read a message reads nothing at its address.
        says(&staff, "internal", "钥匙在值班台").await;
        let inside = way(&staff.reads(WORK).await, "/edit").expect("a way");
        assert_eq!(site.signed_in(&town.fitter).await.opens(&inside).await.status, Status::NotFound);
    }

    async fn staff_withhold_with_a_reason_and_delete_nothing(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let (staff, secretary) = (site.signed_in(&town.staff).await, site.signed_in(&town.secretary).await);
        let receipt = format!("/r/{}", told.receipt);
        says(&staff, "reporters", "八楼张三的手机是13800000000").await;
        let withholding = way(&staff.reads(WORK).await, "/withholding").expect("a way");
        assert_eq!(staff.fills(&withholding, &withholding, &[]).await.status, Status::UnprocessableEntity);
        staff.does(&withholding, &withholding, &[("reason", "personal")]).await;
        let page = site.visitor().reads(&receipt).await;
        assert!(!page.says("张三") && page.says("汀桥物业把这句话收起了：写了别人的隐私"), "{}", page.text());
        let colleague = site.signed_in(&town.colleague).await;
        assert!(!colleague.reads(WORK).await.says("张三") && colleague.reads(WORK).await.says("收起了"));
        assert!(staff.reads(WORK).await.says("张三") && secretary.reads(WORK).await.says("张三"), "its author and the secretary");
        secretary.does(WORK, &format!("{withholding}/lifting"), &[]).await;
        assert!(site.visitor().reads(&receipt).await.says("张三"));
        // What reporters wrote, only the secretary withholds: nobody is gatekeeper of complaints about itself.
        town.holder_of(&told).gets(async |act| {
            let issue = louyi::domain::issues::hold_by_id(act, told.matter.0).await?;
            let report = louyi::domain::reports::by_id(act.tx(), told.report).await?;
            louyi::domain::messages::add(act, &issue, &report, "物业就是不管").await
        }).await;
        let own = way(&secretary.reads(WORK).await, "/withholding").expect("a way");
        assert_ne!(own, withholding);
        assert!(staff.reads(&own).await.says("只有议事会秘书能收起"));
        secretary.does(&own, &own, &[("reason", "insult")]).await;
        assert!(!staff.reads(WORK).await.says("物业就是不管"));
        assert!(site.visitor().reads(&receipt).await.says("物业就是不管"), "one's own words stay one's own");
    }

    async fn these_pages_read_in_english_too(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await.in_english();
        says(&staff, "parties", "@secretary please look").await;
        let page = staff.reads(WORK).await;
        let (edit, withholding) = (way(&page, "/edit").expect("a way"), way(&page, "/withholding").expect("a way"));
        for page in [page, staff.reads(&edit).await, staff.reads(&withholding).await, site.signed_in(&town.secretary).await.in_english().reads(WORK).await] {
            assert!(!page.body.contains('⟨'), "{}", page.text());
        }
    }
}
