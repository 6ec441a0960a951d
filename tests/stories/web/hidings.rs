//! What is public is taken out of sight with one tap and a reason; its reporter reads why and may appeal, and nobody
//! judges what they hid themselves.

use chrono::Duration;
use louyi::domain::hidings;
use rocket::http::Status;

use crate::support::on_both;
use crate::support::photos::photo;

const PAGE: &str = "/b/tingqiao/issues/1/hidings";
const SEEN: &str = "/b/tingqiao/issues/1";

async fn released(town: &crate::support::Town) -> crate::support::Told {
    let told = town.says("三号梯不亮，物业不管").with_photo(photo(90)).files().await;
    let site = town.site().await;
    let secretary = site.signed_in(&town.secretary).await;
    let forms = secretary.reads("/b/tingqiao/release").await.forms();
    for form in forms.iter().filter(|f| f.ends_with("/release")) {
        secretary.does("/b/tingqiao/release", form, if form.contains("/photos/") { &[] } else { &[("how", "as_written")] }).await;
    }
    told
}

fn form(page: &crate::support::browser::Page, end: &str) -> String {
    page.forms().into_iter().find(|f| f.ends_with(end)).unwrap_or_else(|| panic!("no form to {end}"))
}

on_both! {
    async fn what_a_manager_hides_returns_unless_somebody_confirms_it(town: Town) {
        let told = released(&town).await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let before = site.visitor().reads(SEEN).await;
        assert!(before.says("物业不管") && before.body.contains("src=\"/photos/"));
        let page = staff.reads(PAGE).await;
        assert!(page.says("两个工作日内看一眼"), "{}", page.text());
        staff.does(PAGE, &form(&page, "/hiding"), &[("reason", "insult")]).await;
        let hidden = site.visitor().reads(SEEN).await;
        assert!(!hidden.says("物业不管") && !hidden.body.contains("src=\"/photos/"), "words and photo are gone at once");
        let receipt = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(receipt.says("理由：骂人") && receipt.says("可以申诉"), "{}", receipt.text());
        assert_eq!(town.letters("hiding_review").await.len(), 3, "the secretary and both editors are asked to look");
        assert!(!staff.reads(PAGE).await.forms().iter().any(|f| f.ends_with("/ruling")), "who hid it decides nothing");
        town.lets_working_days_pass(2);
        town.lets_pass(Duration::hours(24));
        assert_eq!(hidings::lapse_due(&town.house).await.expect("a round"), 1);
        assert_eq!(hidings::lapse_due(&town.house).await.expect("a round"), 0, "once");
        let again = site.visitor().reads(SEEN).await;
        assert!(again.says("物业不管") && again.body.contains("src=\"/photos/"), "nobody confirmed it");
        assert!(site.visitor().reads(&format!("/r/{}", told.receipt)).await.says("自动放回"));
    }

    async fn an_appeal_is_decided_by_somebody_else(town: Town) {
        let told = released(&town).await;
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        let action = form(&secretary.reads(PAGE).await, "/hiding");
        secretary.does(PAGE, &action, &[("reason", "elsewhere")]).await;
        let (holder, appeal) = (site.visitor(), format!("/r/{}/appeal", told.receipt));
        let empty = holder.fills(&appeal, &appeal, &[("words", "  ")]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        let long = holder.fills(&appeal, &appeal, &[("words", &"长".repeat(501))]).await;
        assert_eq!(long.status, Status::UnprocessableEntity);
        assert!(long.body.contains(&"长".repeat(501)), "what was typed is kept");
        holder.does(&appeal, &appeal, &[("words", "说的就是这台梯")]).await;
        assert!(holder.reads(&appeal).await.says("还在等结果"));
        let own = secretary.reads(PAGE).await;
        assert!(own.says("由另一位秘书或编辑决定"), "{}", own.text());
        let export = format!("/r/{}/export", told.receipt);
        let kept = holder.reads(&export).await;
        assert!(kept.says("哪些被收起过") && kept.says("理由：跟这件事无关") && kept.says("您申诉：说的就是这台梯"), "{}", kept.text());
        let ruling = format!("{action}/ruling");
        let editor = site.signed_in(&town.editor).await;
        let page = editor.reads(PAGE).await;
        assert!(page.says("说的就是这台梯") && page.says("三号梯不亮"), "{}", page.text());
        let silent = editor.fills(PAGE, &ruling, &[("ruling", "upheld"), ("answer", "")]).await;
        assert_eq!(silent.status, Status::UnprocessableEntity, "keeping it hidden needs a reason");
        editor.does(PAGE, &ruling, &[("ruling", "lifted"), ("answer", "是这台，对不住")]).await;
        assert!(site.visitor().reads(SEEN).await.says("物业不管"));
        let receipt = holder.reads(&format!("/r/{}", told.receipt)).await;
        assert!(receipt.says("答复：是这台，对不住"), "{}", receipt.text());
        assert!(holder.reads(&export).await.says("答复：是这台，对不住"));
        let file: serde_json::Value = serde_json::from_str(&holder.reads(&format!("{export}.json")).await.body).expect("JSON");
        let hidden = &file["hidings"][0];
        assert_eq!((&hidden["reason"], &hidden["ruling"], &hidden["appeal"]), (&"elsewhere".into(), &"lifted".into(), &"说的就是这台梯".into()));
        let acts: Vec<String> = town.story(told.matter).await.into_iter().filter(|a| a.contains("hid")).collect();
        assert_eq!(acts, ["report_hidden", "hiding_appealed", "hiding_decided"]);
    }

    async fn what_stays_hidden_is_answered_and_not_asked_again(town: Town) {
        let told = released(&town).await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let action = form(&staff.reads(PAGE).await, "/hiding");
        let unknown = staff.fills(PAGE, &action, &[("reason", "dislike")]).await;
        assert_eq!(unknown.status, Status::UnprocessableEntity);
        staff.does(PAGE, &action, &[("reason", "personal")]).await;
        let editor = site.signed_in(&town.editor).await;
        editor.does(PAGE, &format!("{action}/ruling"), &[("ruling", "upheld"), ("answer", "写了同事的名字")]).await;
        town.lets_working_days_pass(5);
        assert_eq!(hidings::lapse_due(&town.house).await.expect("a round"), 0);
        let (holder, appeal) = (site.visitor(), format!("/r/{}/appeal", told.receipt));
        holder.does(&appeal, &appeal, &[("words", "名字我可以删")]).await;
        editor.does(PAGE, &format!("{action}/ruling"), &[("ruling", "upheld"), ("answer", "删了再报一份就好")]).await;
        assert!(!site.visitor().reads(SEEN).await.says("物业不管"));
        assert!(holder.reads(&appeal).await.says("已经有结果"), "once");
        // Released by hand in another form, it is over.
        let secretary = site.signed_in(&town.secretary).await;
        let release = secretary.reads("/b/tingqiao/issues/1/release").await.forms().into_iter().find(|f| f.contains("/reports/")).expect("a form");
        secretary.does("/b/tingqiao/issues/1/release", &release, &[("how", "summary"), ("summary", "三号梯不亮")]).await;
        assert!(holder.reads(&format!("/r/{}", told.receipt)).await.says("放回公开的页面"));
        // With the report's words goes what was said about hiding them.
        holder.does(&format!("/r/{}/erasure", told.receipt), &format!("/r/{}/erasure", told.receipt), &[("agreed", "1")]).await;
        assert!(!editor.reads(PAGE).await.says("名字我可以删"));
    }
}
