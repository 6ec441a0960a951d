//! Linking, splitting, correcting the place and taking what is suggested, through the pages.

use louyi::domain::links::{self, How};
use louyi::domain::reports::Answer;
use rocket::http::Status;

use crate::support::on_both;

const WORK: &str = "/b/tingqiao/issues/1/work";
const LINKS: &str = "/b/tingqiao/issues/1/links";
const END: &str = "/b/tingqiao/issues/1/links/end";
const SPLIT: &str = "/b/tingqiao/issues/1/split";

on_both! {
    async fn linked_and_unlinked(town: Town) {
        let wet = town.reports("门厅积水").await.matter;
        let leak = town.reports("楼上漏水").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        assert!(staff.reads(WORK).await.says("没有和别的事连在一起"));
        let page = staff.fills(LINKS, LINKS, &[("other", "2")]).await;
        assert_eq!((page.status, page.fault("how").as_deref()), (Status::UnprocessableEntity, Some("请选两件事是什么关系。")), "{}", page.text());
        let page = staff.fills(LINKS, LINKS, &[("how", "caused_by"), ("other", "99")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity, "{}", page.text());
        assert!(page.form(LINKS).unwrap().contains(&("other".into(), "99".into())), "what was typed is kept");
        let page = staff.fills(LINKS, LINKS, &[("how", "returns"), ("other", "2")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("不能算又来"), "{}", page.text());
        staff.does(LINKS, LINKS, &[("how", "waits_for"), ("other", "TQ-2")]).await;
        let page = staff.reads(WORK).await;
        assert!(page.says("要等") && page.says("TQ-2 楼上漏水"), "{}", page.text());
        assert!(staff.reads("/b/tingqiao/issues/2/work").await.says("等着这件的"));
        // The public reads the kind of trouble where nothing is released.
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("要等") && public.says("TQ-2") && !public.says("楼上漏水"), "{}", public.text());
        // It reminds and does not bar.
        town.staff.accepts(leak.matter, "收到").await.unwrap();
        let task = town.staff.dispatches(leak.matter, &town.contractor, "补漏").await.unwrap();
        town.fitter.finishes(task.id, "漏的地方补好了").await.unwrap();
        town.staff.accepts(wet, "收到").await.unwrap();
        let task = town.staff.dispatches(wet, &town.manager, "拖干").await.unwrap();
        town.staff.finishes(task.id, "门厅拖干了").await.unwrap();
        let page = staff.reads("/b/tingqiao/issues/1/completion").await;
        assert!(page.says("还连着要等的：TQ-2"), "{}", page.text());
        staff.does(WORK, END, &[]).await;
        assert!(links::of_issue(town.house.read(), leak.matter.0).await.unwrap().is_empty());
        assert!(!staff.reads("/b/tingqiao/issues/1/completion").await.says("还连着要等的"));
    }

    async fn one_report_about_two_things(town: Town) {
        let told = town.says("排队太久，空调也太冷").by_mail("a@example.com").files().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let page = staff.fills(SPLIT, SPLIT, &[("title", "三楼太冷"), ("category", "hvac.temp")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("至少挑一份报事"), "{}", page.text());
        page.shows("三楼太冷");
        let form = page.form(SPLIT).unwrap();
        let report = form.iter().find(|(n, _)| n.starts_with("r-")).unwrap().0.clone();
        assert!(!page.says("只说新的那桩"), "a matter does not lose its only report");
        let part = [("title", "三楼太冷"), ("category", "hvac.temp"), (report.as_str(), "both")];
        let page = staff.fills(SPLIT, SPLIT, &part).await;
        assert_eq!((page.status, page.fault("reason").as_deref()), (Status::UnprocessableEntity, Some("请选一个理由。")), "{}", page.text());
        let page = staff.fills(SPLIT, SPLIT, &[part.as_slice(), &[("reason", "another_party")]].concat()).await;
        assert!(page.status == Status::UnprocessableEntity && page.fault("words").is_some(), "{}", page.text());
        let why = [("reason", "another_party"), ("words", "空调归楼里机房管，另外派人去看")];
        let next = staff.does(SPLIT, SPLIT, &[part.as_slice(), &why].concat()).await;
        assert_eq!(next, "/b/tingqiao/issues/2/work");
        let page = staff.reads(&next).await;
        assert!(page.says("三楼太冷") && page.says("拆自") && page.says("TQ-1"), "{}", page.text());
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("另一桩事拆出去，单独立为TQ-2") && public.says("要别的单位来办。"), "{}", public.text());
        assert!(!public.says("空调归楼里机房管"), "the words are for its reporters");
        // Its writer reaches both from the one receipt they hold.
        let receipt = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(receipt.says("您说的另一桩单独立了TQ-2"), "{}", receipt.text());
        let html = scraper::Html::parse_document(&receipt.body);
        let links = scraper::Selector::parse("dd a[href^='/r/']").unwrap();
        let other = html.select(&links).next().unwrap().attr("href").unwrap().to_owned();
        let second = site.visitor().reads(&other).await;
        assert!(second.says("空调归楼里机房管，另外派人去看"), "{}", second.text());
        assert!(second.says("TQ-2") && second.says("排队太久，空调也太冷") && second.says("您说的另一桩单独立了TQ-1"), "{}", second.text());
        // Merged again, one report is one, and the second receipt leads to the first.
        let back = [("other", "1"), ("reason", "one_remedy"), ("words", "一起修更快")];
        staff.does("/b/tingqiao/issues/2/merge", "/b/tingqiao/issues/2/merge", &back).await;
        assert_eq!(site.visitor().opens(&other).await.location, Some(format!("/r/{}", told.receipt)));
        assert!(!site.visitor().reads(&format!("/r/{}", told.receipt)).await.says("您说的另一桩单独立了"));
    }

    async fn what_is_suggested_is_taken_with_one_press(town: Town) {
        // Two that another firm has mended before, one that is open and says the same.
        for _ in 0..2 {
            let told = town.a_matter_done().await;
            town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        }
        let open = town.says("空调太冷，冻得手僵").about("hvac.temp").files().await;
        let told = town.says("办公室空调太冷，手都冻僵了").files().await;
        let (n, m) = (town.now(told.matter).await.number, town.now(open.matter).await.number);
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let work = format!("/b/tingqiao/issues/{n}/work");
        let page = staff.reads(&work).await;
        assert!(page.says("像是“太冷、太热”") && page.says("报事里写了"), "{}", page.text());
        staff.does(&format!("/b/tingqiao/issues/{n}/acceptance"), &format!("/b/tingqiao/issues/{n}/acceptance"), &[("answer", "下午去看。")]).await;
        let page = staff.reads(&work).await;
        assert!(page.says("多半由恒升电梯来做") && page.says("同类的最近2件，2件是它做的"), "{}", page.text());
        let category = format!("/b/tingqiao/issues/{n}/category");
        staff.does(&work, &category, &[]).await;
        assert_eq!(town.now(told.matter).await.category, "hvac.temp");
        let page = staff.reads(&work).await;
        assert!(page.says(&format!("和TQ-{m}“空调太冷，冻得手僵”像是同一件")) && page.says("同一类"), "{}", page.text());
        assert!(!page.says("多半由恒升电梯来做"), "of this kind it has done none");
        let merge = format!("/b/tingqiao/issues/{n}/merge");
        let says = format!("和TQ-{m}说的是同一件事，并过去一起办");
        assert!(page.says(&says), "what a press says to the reporters stands beside it: {}", page.text());
        staff.does(&work, &merge, &[]).await;
        assert!(site.visitor().reads(&format!("/r/{}", told.receipt)).await.says(&says));
        assert_eq!(town.now(told.matter).await.merged_into_id, Some(open.matter.0));
        assert!(!site.signed_in(&town.officer).await.reads(&format!("/b/tingqiao/issues/{m}/work")).await.says("也许用得上"));
    }

    async fn the_place_is_corrected(town: Town) {
        let told = town.reports("二楼茶水间漏水").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        const PLACE: &str = "/b/tingqiao/issues/1/place";
        let page = staff.fills(PLACE, PLACE, &[("place", "NOWHERE")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity, "{}", page.text());
        let due = town.now(told.matter).await.result_due;
        let before = town.now(told.matter).await.place_id;
        staff.does(PLACE, PLACE, &[("place", &town.unit.code)]).await;
        let after = town.now(told.matter).await;
        assert!(after.place_id == town.unit.id && after.place_id != before && after.result_due == due);
        assert_eq!(town.report(&told).await.place_id, before, "it was filed where it was filed");
        assert_eq!(town.story(told.matter).await.last().unwrap(), "place_changed");
    }

    async fn what_came_back_says_so(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        let again = town.reports("电梯又停了").await;
        assert_eq!(links::of_issue(town.house.read(), again.matter.0).await.unwrap()[0].how, How::Returns);
        let public = town.site().await;
        let page = public.visitor().reads("/b/tingqiao/issues/2").await;
        assert!(page.says("又来了：同样的事TQ-1办结不到三个月"), "{}", page.text());
    }
}
