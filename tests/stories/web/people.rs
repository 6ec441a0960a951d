//! People are let in by a list, by an administrator or by whoever leads an organisation's people.

use louyi::domain::persons;
use louyi::domain::rights::Role;
use rocket::http::Status;

use crate::support::browser::Reader;
use crate::support::{Town, Who, on_both};

const PEOPLE: &str = "/b/tingqiao/people";
const CHECK: &str = "/b/tingqiao/people/check";

async fn page_of(town: &Town, who: &Who) -> String {
    let person = persons::by_id(town.house.read(), who.id).await.expect("is there");
    format!("{PEOPLE}/{}", person.handle(town.house.keys()))
}

/// Looks at a list, and does what was shown.
async fn invites(reader: &Reader<'_>, list: &str, more: &[(&str, &str)]) -> crate::support::browser::Page {
    let fields: Vec<(&str, &str)> = [("list", list)].into_iter().chain(more.iter().copied()).collect();
    let looked = reader.fills(PEOPLE, CHECK, &fields).await;
    assert_eq!(looked.status, Status::Ok, "{}", looked.text());
    let sent = looked.form(PEOPLE).expect("the list again");
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    reader.posts(PEOPLE, &sent).await
}

on_both! {
    async fn a_list_lets_people_in_once_each(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let list = "姓名,邮箱,单位,角色\n闻人竹,wenren@tq.example,汀桥物业,物业\n陆青,luqing@tq.example;向日葵科技;企业代表\n何舟,13800001234,汀桥物业";
        let done = invites(&admin, list, &[]).await;
        // Who has no mail address gets a link by hand, shown once.
        assert_eq!(done.status, Status::Ok, "{}", done.text());
        assert!(done.says("何舟") && done.header("cache-control") == Some("no-store"));
        let link = done.body.split("https://louyi.example").nth(1).and_then(|l| l.split('<').next()).expect("a link").to_owned();
        assert_eq!(town.letters("invited").await.len(), 2);
        let wenren = persons::by_email(town.house.read(), "WENREN@tq.example").await.expect("asks").expect("is there");
        let roles = persons::memberships(town.house.read(), wenren.id).await.expect("reads");
        assert_eq!((roles.len(), roles[0].role, roles[0].organisation_id, roles[0].building_id), (1, Role::Staff, town.manager.id, Some(town.tower.id)));
        let inside = site.visitor().fills(&link, &link, &[]).await;
        assert_eq!(inside.status, Status::SeeOther);
        assert!(site.visitor().with_session(&inside.session().expect("in")).reads("/desk").await.says("物业"));
        // The same list again changes nothing and writes to nobody.
        let again = admin.fills(PEOPLE, CHECK, &[("list", list)]).await;
        assert!(again.says("会发出0封信") && again.says("本来就在，不动"), "{}", again.text());
        // A second role of somebody known: no second account, and a letter of another kind.
        let second = invites(&admin, "闻人竹,wenren@tq.example,汀桥物业,议事会成员", &[]).await;
        assert_eq!(second.status, Status::SeeOther, "{}", second.text());
        assert_eq!((town.letters("invited").await.len(), town.letters("appointed").await.len()), (2, 1));
        admin.reads(PEOPLE).await.shows("wenren@tq.example").shows("13800001234");
    }

    async fn what_is_wrong_is_said_line_by_line(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let list = "甲,jia@tq.example,汀桥物业\n,yi@tq.example,汀桥物业\n丙,not@,汀桥物业\n丁,汀桥物业\n戊,wu@tq.example,没有这家\n己,ji@tq.example,向日葵科技,物业\n甲,JIA@tq.example,汀桥物业\n庚,geng@tq.example\n辛,12345678,汀桥物业";
        let refused = admin.fills(PEOPLE, CHECK, &[("list", list)]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        for words in ["第2行：没写姓名", "第3行：这不像邮箱", "第4行：丁的邮箱和手机都没写", "第5行：“没有这家”看不懂", "第6行", "第7行：和第1行是同一个人", "第8行：庚是哪家单位的", "第9行：“12345678”不像"] {
            assert!(refused.says(words), "{words}: {}", refused.text());
        }
        refused.shows("geng@tq.example");
        assert!(admin.fills(PEOPLE, CHECK, &[("list", " ")]).await.fault("list").is_some());
        assert!(persons::by_email(town.house.read(), "jia@tq.example").await.expect("asks").is_none(), "nobody was let in");
        let chosen = admin.fills(PEOPLE, CHECK, &[("list", "庚,geng@tq.example"), ("organisation", "tq-property")]).await;
        assert!(chosen.status == Status::Ok && chosen.says("会发出1封信"), "{}", chosen.text());
    }

    async fn whoever_leads_looks_after_their_own(town: Town) {
        let site = town.site().await;
        let (admin, staff) = (site.signed_in(&town.administrator).await, site.signed_in(&town.staff).await);
        let page = staff.reads(PEOPLE).await;
        assert!(page.says("Bo") && !page.says("Wei"), "colleagues, and no other organisation's: {}", page.text());
        page.hides("bo@louyi.example");
        assert!(page.form(CHECK).is_none());
        let own = page_of(&town, &town.staff).await;
        assert_eq!(staff.opens(&own).await.status, Status::Conflict, "only who leads");
        admin.does(&own, &format!("{own}/lead"), &[("lead", "yes")]).await;
        let page = staff.reads(PEOPLE).await;
        page.shows("bo@louyi.example");
        let done = invites(&staff, "何舟,hezhou@tq.example", &[]).await;
        assert_eq!(done.status, Status::SeeOther, "{}", done.text());
        let fresh = persons::by_email(town.house.read(), "hezhou@tq.example").await.expect("asks").expect("is there");
        let roles = persons::memberships(town.house.read(), fresh.id).await.expect("reads");
        assert_eq!((roles[0].role, roles[0].organisation_id), (Role::Staff, town.manager.id));
        for (list, organisation) in [("陆青,lu@tq.example,向日葵科技", ""), ("陆青,lu@tq.example,汀桥物业,管理员", ""), ("陆青,lu@tq.example", "sunflower")] {
            let refused = staff.fills(PEOPLE, CHECK, &[("list", list), ("organisation", organisation)]).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.says("只能请本单位的人"), "{list}: {}", refused.text());
        }
        let foreign = page_of(&town, &town.representative).await;
        assert_eq!(staff.opens(&foreign).await.status, Status::NotFound);
        let elsewhere = site.signed_in(&town.staff_elsewhere).await;
        assert_eq!(elsewhere.opens(PEOPLE).await.status, Status::Forbidden);
    }

    /// Who has a mail address asks for a link themselves; nobody else gets one.
    async fn links_are_for_those_without_mail(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let page = page_of(&town, &town.staff).await;
        let token = admin.reads(&page).await.forms();
        assert!(!token.iter().any(|f| f.ends_with("/link")));
        let form = admin.reads(PEOPLE).await.form(CHECK).expect("a form");
        let token = form.iter().find(|(n, _)| n == "token").expect("a token").1.clone();
        let refused = admin.posts(&format!("{page}/link"), &[("token", &token)]).await;
        assert_eq!(refused.status, Status::Conflict, "{}", refused.text());
        refused.hides("/sign-in/");
    }
}
