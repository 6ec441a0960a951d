//! What visitors wrote becomes public only by the secretary's or an editor's decision.

use louyi::domain::reports::Release;
use louyi::domain::reports::personal::{Trace, pieces, traces};
use rocket::http::Status;

use crate::support::on_both;
use crate::support::photos::photo;

const QUEUE: &str = "/b/tingqiao/release";

fn at(path: &str) -> String {
    format!("/b/tingqiao/issues/1/{path}")
}

#[test]
fn what_could_tell_who_somebody_is_is_found() {
    let found = |words: &str| pieces(words).into_iter().filter_map(|p| p.trace.map(|t| (p.words.to_owned(), t))).collect::<Vec<_>>();
    let one = |words: &str, piece: &str, trace: Trace| assert_eq!(found(words), [(piece.to_owned(), trace)], "{words}");
    one("打我电话13912345678，谢谢", "13912345678", Trace::Phone);
    one("139 1234 5678", "139 1234 5678", Trace::Phone);
    one("+86 139-1234-5678", "+86 139-1234-5678", Trace::Phone);
    one("电话021-5550 0100", "021-5550 0100", Trace::Phone);
    one("１３９１２３４５６７８", "１３９１２３４５６７８", Trace::Phone);
    one("写信到li.si@example.com。", "li.si@example.com", Trace::Mail);
    one("身份证31010519900101123X丢了", "31010519900101123X", Trace::Identity);
    one("身份证310105199001011234", "310105199001011234", Trace::Identity);
    one("卡号6222 0212 3456 7890", "6222 0212 3456 7890", Trace::Card);
    for innocent in ["三号梯等了20分钟", "2026年11月25日 08:30", "TQ-214那件", "1801室", "@物业 来看", "8:30-9:10排到B1", "a@b", "12345", ""]
    {
        assert_eq!(traces(innocent), 0, "{innocent}");
    }
    let words = "电话13912345678或li.si@example.com";
    assert_eq!(pieces(words).iter().map(|p| p.words).collect::<String>(), words, "nothing is lost in cutting");
}

#[test]
fn what_makes_one_look_twice_is_remarked() {
    use louyi::domain::reports::{Doubt, doubts};
    for (words, expected) in [
        ("看这里 https://cheap.example/x", vec![Doubt::Link]),
        ("上 www.cheap.example", vec![Doubt::Link]),
        ("cheap.top/abc 便宜", vec![Doubt::Link]),
        ("加 微信 领红包", vec![Doubt::Offer]),
        ("啊啊啊啊啊啊啊啊啊", vec![Doubt::Repeats]),
        ("电梯又坏了怎么办电梯又坏了怎么办电梯又坏了怎么办电梯又坏了怎么办", vec![Doubt::Repeats]),
    ] {
        assert_eq!(doubts(words), expected, "{words}");
    }
    for innocent in ["三号梯等了20分钟", "8:30-9:10排到B1", "写信到li.si@example.com", "温度28.5度", "电话 88888888", "等了3.com", "", "a.b"]
    {
        assert_eq!(doubts(innocent), [], "{innocent}");
    }
}

on_both! {
    async fn the_longest_waiting_comes_first(town: Town) {
        town.reports("先来的话").await;
        town.lets_pass(chrono::Duration::hours(1));
        town.reports("后来的话").await;
        town.lets_working_days_pass(2);
        let site = town.site().await;
        for who in [&town.secretary, &town.editor] {
            let page = site.signed_in(who).await.reads(QUEUE).await;
            let text = page.text();
            assert!(text.find("先来的话") < text.find("后来的话"), "{text}");
            assert!(page.says("2份报事的话等着审读") && page.says("2份过了2个工作日"), "{text}");
        }
        // A property manager is no gatekeeper of complaints about itself.
        for who in [&town.staff, &town.fitter, &town.convenor, &town.representative, &town.officer] {
            assert_eq!(site.signed_in(who).await.opens(QUEUE).await.status, Status::Forbidden);
        }
    }

    async fn as_written_as_a_summary_or_not_at_all(town: Town) {
        let one = town.reports("三号梯不亮").await;
        let two = town.says("我是禾迅18楼的，二号梯也坏").joins(one.matter).await;
        let three = town.says("保安老李骂人").joins(one.matter).await;
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        let site_before = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(!site_before.says("三号梯不亮"));
        let mut forms: Vec<String> = secretary.reads(QUEUE).await.forms();
        forms.retain(|f| f.ends_with("/release"));
        assert_eq!(forms.len(), 3);
        let next = secretary.does(QUEUE, &forms[0], &[("how", "as_written")]).await;
        assert_eq!(next, QUEUE);
        let preview = secretary.fills(QUEUE, &forms[1], &[("how", "preview"), ("summary", "二号梯也不亮")]).await;
        assert!(preview.says("还没有公开") && preview.says("二号梯也不亮"), "{}", preview.text());
        secretary.does(QUEUE, &forms[1], &[("how", "summary"), ("summary", "二号梯也不亮")]).await;
        secretary.does(QUEUE, &forms[2], &[("how", "withheld")]).await;
        let states = [town.report(&one).await.release, town.report(&two).await.release, town.report(&three).await.release];
        assert_eq!(states, [Release::AsWritten, Release::Summary, Release::Withheld]);
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("三号梯不亮") && public.says("二号梯也不亮"), "{}", public.text());
        assert!(!public.says("禾迅") && !public.says("老李"));
        // What was released can be taken back.
        secretary.does(&at("release"), &forms[0], &[("how", "withheld")]).await;
        assert!(!site.visitor().reads("/b/tingqiao/issues/1").await.says("三号梯不亮"));
        let acts: Vec<String> = town.story(one.matter).await.into_iter().filter(|a| a.starts_with("words_")).collect();
        assert_eq!(acts, ["words_released", "words_released", "words_withheld", "words_withheld"]);
    }

    async fn what_looks_personal_needs_a_second_look(town: Town) {
        let told = town.reports("联系我13912345678").await;
        let site = town.site().await;
        let editor = site.signed_in(&town.editor).await;
        let page = editor.reads(QUEUE).await;
        assert!(page.says("里面像有1处个人信息"), "{}", page.text());
        let form = page.forms().into_iter().find(|f| f.ends_with("/release")).expect("a form");
        let answer = editor.fills(QUEUE, &form, &[("how", "as_written")]).await;
        assert_eq!(answer.status, Status::UnprocessableEntity);
        assert!(answer.says("逐处看过"), "{}", answer.text());
        let answer = editor.fills(QUEUE, &form, &[("how", "summary"), ("summary", "打13912345678")]).await;
        assert_eq!(answer.status, Status::UnprocessableEntity);
        assert!(answer.says("请改掉") && answer.says("打13912345678"), "{}", answer.text());
        assert_eq!(town.report(&told).await.release, Release::Waiting);
        editor.does(QUEUE, &form, &[("how", "as_written"), ("looked", "1")]).await;
        assert_eq!(town.report(&told).await.release, Release::AsWritten);
    }

    async fn of_two_who_decide_one_is_first(town: Town) {
        let told = town.reports("三号梯不亮").await;
        let site = town.site().await;
        let editor = site.signed_in(&town.editor).await;
        let page = editor.reads(&at("release")).await;
        let action = page.forms().into_iter().find(|f| f.contains("/reports/")).expect("a form");
        let form = page.form(&action).expect("a form");
        town.secretary.gets(async |act| louyi::domain::reports::by_id(act.tx(), told.report).await?.withhold(act).await).await;
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("how", "as_written"));
        let answer = editor.posts(&action, &fields).await;
        assert_eq!(answer.status, Status::Conflict);
        assert!(answer.says("有人刚刚先决定了这一份"), "{}", answer.text());
        assert_eq!(town.report(&told).await.release, Release::Withheld);
    }

    async fn a_picture_that_many_sent_is_shown_once(town: Town) {
        let first = town.says("三号梯不亮").with_photo(photo(90)).files().await;
        for shade in [90, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99] {
            town.says("也是").with_photo(photo(shade)).joins(first.matter).await;
        }
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        for action in secretary.reads(&at("release")).await.forms().into_iter().filter(|f| f.contains("/photos/")) {
            secretary.does(&at("release"), &action, &[]).await;
        }
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        let (open, folded) = public.body.split_once("<details class=\"no-print\"").expect("some are folded");
        assert_eq!(open.matches("<img ").count(), 8, "{}", public.text());
        assert_eq!(folded.matches("<img ").count(), 2, "each picture once");
        assert!(public.says("同一张，3份报事都交了") && public.says("还有2张"), "{}", public.text());
    }

    async fn a_photograph_is_released_by_itself(town: Town) {
        town.says("三号梯不亮").with_photo(photo(90)).files().await;
        let site = town.site().await;
        let editor = site.signed_in(&town.editor).await;
        let page = editor.reads(QUEUE).await;
        let action = page.forms().into_iter().find(|f| f.contains("/photos/")).expect("a form");
        editor.does(QUEUE, &action, &[]).await;
        editor.posts(&action, &page.form(&action).unwrap().iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()).await;
        let story = town.rows_of("journal").await;
        assert_eq!(story.matches("photo_released").count(), 1, "pressed twice, released once");
        assert!(site.signed_in(&town.secretary).await.reads(QUEUE).await.says("已公开"));
    }

    async fn a_matter_gets_a_title_that_can_be_found(town: Town) {
        let told = town.reports("三号梯不亮").await;
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        let page = secretary.fills(&at("release"), &at("release"), &[("title", "三号梯外呼按钮"), ("summary", ""), ("preview", "1")]).await;
        assert!(page.says("三号梯外呼按钮") && page.says("还没有公开"), "{}", page.text());
        assert!(town.now(told.matter).await.public_title.is_none());
        let page = secretary.fills(&at("release"), &at("release"), &[("title", "问13912345678"), ("summary", "")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("标题里像有1处"), "{}", page.text());
        secretary.does(&at("release"), &at("release"), &[("title", "三号梯外呼按钮按了不亮"), ("summary", "两块板都要换。")]).await;
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("三号梯外呼按钮按了不亮") && public.says("两块板都要换"), "{}", public.text());
        assert_eq!(town.story(told.matter).await.last().unwrap(), "title_released");
        for who in [&town.staff, &town.convenor, &town.officer, &town.representative] {
            assert_eq!(site.signed_in(who).await.opens(&at("release")).await.status, Status::Forbidden);
        }
    }

    async fn a_doubtful_report_is_kept_remarked_and_its_reporter_told(town: Town) {
        let told = town.reports("空调坏了，便宜维修加微信 cool.top/1").await;
        let site = town.site().await;
        site.signed_in(&town.secretary).await.reads(QUEUE).await.shows("像是广告").shows("里面有网址");
        let receipt = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(receipt.says("先由秘书") && receipt.says("照样登记"), "{}", receipt.text());
        assert!(site.visitor().reads("/b/tingqiao/issues/1").await.says("TQ-1"), "registered all the same");
    }
}
