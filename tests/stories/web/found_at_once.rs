//! Two administrators found the same building at the same time, on two servers: nothing comes twice, nothing of either is
//! lost, and the second reads that somebody was first.

use louyi::domain::first_links;
use louyi::domain::{buildings, councils, organisations, persons, tenancies};
use rocket::futures::future::join;
use rocket::http::Status;

use crate::support::browser::{Page, Reader, Site};
use crate::support::town::house;
use crate::support::{Town, on_both};

const B: &str = "/b/tingqiao";

/// Both open the page, both fill in the form, and send it in the same moment.
async fn at_once(two: [&Reader<'_>; 2], page: &str, action: &str, fields: [&[(&str, &str)]; 2]) -> [Page; 2] {
    let mut forms = vec![];
    for (reader, fields) in two.iter().zip(fields) {
        let there = reader.reads(page).await.form(action).unwrap_or_else(|| panic!("{page} has no form for {action}"));
        let typed = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let kept = there.into_iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n));
        forms.push(kept.chain(typed).collect::<Vec<(String, String)>>());
    }
    let sent = |n: usize| forms[n].iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>();
    let (one, other) = (sent(0), sent(1));
    let (one, other) = join(two[0].posts(action, &one), two[1].posts(action, &other)).await;
    [one, other]
}

/// One of the two was first; gives what the other reads.
fn second(answers: [Page; 2]) -> Page {
    let [one, other] = answers;
    let (first, second) = if one.status == Status::SeeOther { (one, other) } else { (other, one) };
    assert_eq!(first.status, Status::SeeOther, "{}\n{}", first.text(), second.text());
    assert!((400..500).contains(&second.status.code), "{}: {}", second.status, second.text());
    second
}

async fn other_server(town: &Town, folder: &std::path::Path) -> louyi::kernel::act::House {
    house(&town.url, folder, town.house.now()).await
}

on_both! {
    async fn what_two_add_at_once_is_there_once(town: Town) {
        let folder = tempfile::tempdir().expect("a folder");
        let there = other_server(&town, folder.path()).await;
        let (here_site, there_site) = (town.site().await, Site::of(&there).await);
        let (one, other) = (here_site.signed_in(&town.administrator).await, there_site.signed_in(&town.administrator).await);
        let (two, building, read) = ([&one, &other], town.tower.id, town.house.read());
        let both = |f: &'static [(&'static str, &'static str)]| [f, f];

        let places = format!("{B}/places");
        let floors = format!("{places}/floors");
        let late = second(at_once(two, &places, &floors, both(&[("floors", "主楼：31")])).await);
        assert!(late.says("31F已经有了"), "{}", late.text());
        let there_now = async |floor: &str| buildings::places(read, building).await.expect("reads").iter().filter(|p| p.floor.as_deref() == Some(floor) && p.name.is_empty()).count();
        assert_eq!(there_now("31").await, 1);
        // Each a floor of its own: the building knows of both.
        let answers = at_once(two, &places, &floors, [&[("floors", "主楼：32")], &[("floors", "主楼：33")]]).await;
        assert!(answers.iter().all(|a| a.status == Status::SeeOther), "{}\n{}", answers[0].text(), answers[1].text());
        assert_eq!((there_now("32").await, there_now("33").await), (1, 1));
        let towers = buildings::by_id(read, building).await.expect("is there").towers;
        assert!(towers.contains("主楼:31:33"), "{towers}");
        let late = second(at_once(two, &places, &places, both(&[("kind", "zone"), ("names", "A区"), ("tower", "主楼"), ("floors", "31")])).await);
        assert!(late.says("“主楼31FA区”已经有了"), "{}", late.text());

        let organisations_page = format!("{B}/organisations");
        let late = second(at_once(two, &organisations_page, &organisations_page, [&[("kind", "enterprise"), ("name", "棠梨动画")], &[("kind", "enterprise"), ("name", "棠梨动画")]]).await);
        assert!(late.says("这个名字已经有了"), "{}", late.text());

        // A unit, by a known enterprise and by one that is new.
        let tenants = format!("{B}/tenants");
        for (tenant, unit) in [("棠梨动画", "3101"), ("鹿鸣教育", "3102")] {
            let fields = [("tenant", tenant), ("tower", "主楼"), ("floor", "31"), ("unit", unit)];
            let answers = at_once(two, &tenants, &tenants, [&fields, &fields]).await;
            assert!(answers.iter().all(|a| a.status == Status::SeeOther), "{}\n{}", answers[0].text(), answers[1].text());
            let mut told: Vec<String> = answers.iter().map(|a| a.cookie("notice").expect("told").0).collect();
            told.sort();
            assert_eq!(told, ["tenancies.said.all_here", "tenancies.said.moved_in"], "{tenant}");
            let known: Vec<_> = organisations::tenants(read, building).await.expect("reads").into_iter().filter(|o| o.name == tenant).collect();
            assert_eq!(known.len(), 1, "{tenant}");
            let seated = tenancies::of_building(read, building).await.expect("reads");
            assert_eq!(seated.iter().filter(|t| t.organisation_id == known[0].id).count(), 1, "{tenant}");
        }

        // Somebody with a mail address, somebody without, and somebody who is known and gets a second role.
        let people = format!("{B}/people");
        for list in ["闻人竹,wenren@tq.example,汀桥物业", "何舟,13800001234,汀桥物业", "闻人竹,wenren@tq.example,汀桥物业,议事会成员"] {
            let looked = [one.fills(&people, &format!("{people}/check"), &[("list", list)]).await, other.fills(&people, &format!("{people}/check"), &[("list", list)]).await];
            let forms = looked.map(|p| p.form(&people).expect("the list again"));
            let sent = forms.each_ref().map(|f| f.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>());
            let (a, b) = join(one.posts(&people, &sent[0]), other.posts(&people, &sent[1])).await;
            let (done, late): (Vec<&Page>, Vec<&Page>) = [&a, &b].into_iter().partition(|p| p.status.code < 400);
            assert_eq!((done.len(), late.len()), (1, 1), "{list}: {}\n{}", a.text(), b.text());
            assert!(late[0].status.code < 500 && late[0].says("名单上的人都已经在了"), "{list}: {}", late[0].text());
        }
        let here = persons::all_here(read, &town.tower).await.expect("reads");
        let found = persons::by_ids(read, here.iter().map(|m| m.person_id)).await.expect("reads");
        let roles = |name: &str| {
            let ids: Vec<_> = found.iter().filter(|p| p.name == name).map(|p| p.id).collect();
            (ids.len(), here.iter().filter(|m| ids.contains(&m.person_id)).count())
        };
        assert_eq!((roles("闻人竹"), roles("何舟")), ((1, 2), (1, 1)));
        assert_eq!((town.letters("invited").await.len(), town.letters("appointed").await.len()), (1, 1));

        let posters = format!("{B}/posters");
        second(at_once(two, &posters, &format!("{posters}/together"), both(&[("kind", "zone")])).await);
        let hung = buildings::posters(read, building).await.expect("reads");
        assert_eq!(hung.iter().filter(|(_, p)| p.name == "A区").count(), 1);

        let seats = format!("{B}/council/seats");
        let handle = persons::by_email(read, "wenren@tq.example").await.expect("asks").expect("is there").handle(town.house.keys());
        let fields = [("class", "property"), ("organisation", "tq-property"), ("person", handle.as_str())];
        let late = second(at_once(two, &seats, &seats, [&fields, &fields]).await);
        assert!(late.says("一个人只有一票"), "{}", late.text());
        let council = councils::of_building(read, building).await.expect("is there");
        let wenren = persons::by_email(read, "wenren@tq.example").await.expect("asks").expect("is there").id;
        assert_eq!(council.seats(read).await.expect("reads").iter().filter(|s| s.person_id == Some(wenren)).count(), 1);
        there.db().clone().close().await.expect("closes");
    }

    /// The first link, and a building of the same name.
    async fn what_two_found_at_once_is_founded_once(town: Town) {
        let folder = tempfile::tempdir().expect("a folder");
        let there = other_server(&town, folder.path()).await;
        let (here_site, there_site) = (town.site().await, Site::of(&there).await);
        let token = town.louyi().gets(async |act| first_links::renew(act).await).await;
        let link = format!("/first/{token}");
        let (one, other) = (here_site.visitor().on_phone(1), there_site.visitor().on_phone(2));
        let fields = |mail: &'static str, slug: &'static str, code: &'static str| {
            [
                ("own_name", "顾念慈"), ("email", mail), ("kind", "station"), ("organisation", "岚溪服务站"), ("name", "岚溪商圈"), ("name_en", "Lanxi"),
                ("short", "岚溪"), ("street", "岚溪街道"), ("street_en", "Lanxi Street"), ("slug", slug), ("code", code),
            ]
        };
        let (a, b) = (fields("gu@lanxi.example", "lanxi", "LX"), fields("lu@lanxi.example", "lanxi-two", "LY"));
        let before = town.house.read();
        let late = second(at_once([&one, &other], &link, &link, [&a, &b]).await);
        assert_eq!(late.status, Status::Gone, "{}", late.text());
        assert!(late.session().is_none(), "the second is not let in");
        let founded = [buildings::district_by_slug(before, "lanxi").await.is_ok(), buildings::district_by_slug(before, "lanxi-two").await.is_ok()];
        assert_eq!(founded.iter().filter(|f| **f).count(), 1);
        let first = if founded[0] { "gu@lanxi.example" } else { "lu@lanxi.example" };
        let (district, first) = (if founded[0] { "lanxi" } else { "lanxi-two" }, persons::by_email(before, first).await.expect("asks").expect("is there"));

        let (one, other) = (here_site.signed_in_as(first.id).await, there_site.signed_in_as(first.id).await);
        let building = [
            ("name", "岚溪中心"), ("name_en", "Lanxi Centre"), ("short", "岚溪"), ("address", "岚溪路8号"), ("duty_phone", "021-5550-0800"),
            ("slug", "lanxi-centre"), ("code", "LC"), ("floors", "B1, 1-3"),
        ];
        let late = second(at_once([&one, &other], &format!("/d/{district}/buildings/new"), &format!("/d/{district}/buildings"), [&building, &building]).await);
        late.shows("value=\"岚溪路8号\"");
        let building = buildings::by_slug(before, "lanxi-centre").await.expect("is there");
        assert_eq!(buildings::places(before, building.id).await.expect("reads").iter().filter(|p| p.name.is_empty()).count(), 4);

        let seats = "/b/lanxi-centre/council/seats";
        second(at_once([&one, &other], seats, &format!("{seats}/founding"), [&[], &[]]).await);
        let organisations_page = "/b/lanxi-centre/organisations";
        let (a, b) = ([("kind", "property_manager"), ("name", "岚溪物业")], [("kind", "property_manager"), ("name", "蓝溪物业")]);
        second(at_once([&one, &other], organisations_page, organisations_page, [&a, &b]).await);
        let around = organisations::around(before, building.district_id, building.id).await.expect("reads");
        assert_eq!(around.iter().filter(|o| o.kind == organisations::OrganisationKind::PropertyManager).count(), 1);
        there.db().clone().close().await.expect("closes");
    }
}
