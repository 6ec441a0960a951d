//! What is answered often: kept by the desk of an organisation, picked with its places filled in.

use louyi::domain::canned_answers;
use louyi::domain::categories;
use rocket::http::Status;

use crate::support::on_both;

const PAGE: &str = "/b/tingqiao/canned-answers";
const WORK: &str = "/b/tingqiao/issues/1/work";

fn own(n: i32) -> String {
    format!("{PAGE}/{n}")
}

/// Keeps what is typed with one canned answer put in, without script; gives what the box then holds.
async fn puts(reader: &crate::support::browser::Reader<'_>, words: &str, canned: &str) -> String {
    let page = reader.reads(WORK).await;
    let html = scraper::Html::parse_document(&page.body);
    let token = scraper::Selector::parse("#say-reporters [name=token]").expect("a selector");
    let token = html.select(&token).next().and_then(|f| f.value().attr("value")).expect("a token");
    let sent = [("token", token), ("voice", "reporters"), ("words", words), ("do", "canned"), ("canned", canned)];
    assert_eq!(reader.posts("/b/tingqiao/issues/1/drafts", &sent).await.status, Status::SeeOther);
    let html = scraper::Html::parse_document(&reader.reads(WORK).await.body);
    let held = scraper::Selector::parse("#say-reporters textarea").expect("a selector");
    html.select(&held).flat_map(|t| t.text()).collect::<String>().trim().to_owned()
}

#[test]
fn the_first_set_can_be_read_and_fits() {
    let all = canned_answers::built_in();
    assert!(all.len() >= 16, "{}", all.len());
    for group in ["vertical", "climate", "access", "parking", "safety", "hygiene", "utilities", "services"] {
        assert!(all.iter().any(|b| b.group.as_deref() == Some(group)), "nothing for {group}");
    }
    for b in all {
        assert!(b.group.is_none() || categories::all().iter().any(|c| Some(&c.group) == b.group.as_ref()), "{}", b.key);
        for words in [&b.zh, &b.en] {
            let rest = canned_answers::PLACES.iter().fold(words.clone(), |w, p| w.replace(&format!("{{{p}}}"), ""));
            assert!(!rest.contains(['{', '}']), "{}: {rest}", b.key);
        }
    }
}

on_both! {
    async fn written_picked_changed_and_retired(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let empty = staff.reads(PAGE).await;
        assert!(empty.says("还没有自己的常用语") && empty.says("收到，去看"), "{}", empty.text());
        let new = format!("{PAGE}/new");
        let page = staff.fills(&new, PAGE, &[("title", "等师傅"), ("words", "{place}的师傅{when}到")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.fault("words").is_some_and(|f| f.contains("when")) && page.says("{place}的师傅{when}到"), "{}", page.text());
        let typed = [("title", "等师傅"), ("category", "vertical"), ("words", "{number}：{place}的师傅{due}到，急的打{contact}"), ("words_en", "")];
        staff.does(&new, PAGE, &typed).await;
        let work = staff.reads(WORK).await;
        assert!(work.body.contains(">等师傅</option>"), "{}", work.body);
        let put = puts(&staff, "您好。", "1-zh-CN").await;
        assert!(put.starts_with("您好。 TQ-1：") && put.contains("021-5550-0100") && put.contains("东电梯厅"), "{put}");
        assert!(!put.contains(['{', '}']), "{put}");
        // The organisation's own; nobody else's.
        let officer = site.signed_in(&town.officer).await;
        assert!(!officer.reads(PAGE).await.says("等师傅"));
        assert_eq!(officer.opens(&own(1)).await.status, Status::NotFound);
        assert_eq!(site.signed_in(&town.representative).await.opens(PAGE).await.status, Status::Forbidden);
        // Two change it at once: the later one keeps what they typed.
        let colleague = site.signed_in(&town.colleague).await;
        let before = colleague.reads(&own(1)).await.form(&own(1)).expect("a form");
        staff.does(&own(1), &own(1), &[("title", "等维保师傅")]).await;
        let mut late: Vec<(&str, &str)> = before.iter().filter(|(n, _)| n != "title").map(|(n, v)| (n.as_str(), v.as_str())).collect();
        late.push(("title", "师傅在路上"));
        let page = colleague.posts(&own(1), &late).await;
        assert_eq!(page.status, Status::Conflict);
        assert!(page.body.contains("师傅在路上"));
        staff.does(PAGE, &format!("{}/retirement", own(1)), &[]).await;
        assert!(!staff.reads(WORK).await.says("等维保师傅") && staff.reads(PAGE).await.says("不用了的，1条"));
        staff.does(&own(1), &own(1), &[]).await;
        assert!(staff.reads(WORK).await.says("等维保师傅"), "written anew it is in use again");
    }

    async fn the_ready_made_ones_are_there_and_begin_ones_own(town: Town) {
        town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let work = staff.reads(WORK).await;
        assert!(work.says("早高峰候梯") && !work.says("非机动车乱停"), "those of this kind of trouble");
        let put = puts(&staff, "", "going-en").await;
        assert!(put.starts_with("Thank you, we have it."), "{put}");
        let begun = staff.reads(&format!("{PAGE}/new?from=lift_fault")).await;
        assert!(begun.says("维保师傅在路上"), "{}", begun.text());
        // A first answer begins from one, too.
        town.reports("四号梯不亮").await;
        let page = staff.reads("/b/tingqiao/issues/2/acceptance?canned=going-zh-CN").await;
        assert!(page.says("收到了。我们派人去"), "{}", page.text());
        for path in [PAGE, "/b/tingqiao/canned-answers/new", WORK, "/b/tingqiao/issues/2/acceptance"] {
            let page = site.signed_in(&town.staff).await.in_english().reads(path).await;
            assert!(!page.body.contains('⟨'), "{path}: {}", page.text());
        }
    }
}
