//! A building is founded in the browser, from nothing to the first report off a printed poster; and what is typed wrong on the
//! way is said beside its field, with all that was typed kept.

use louyi::domain::buildings::{self, floors};
use louyi::domain::first_links;
use louyi::domain::{letters, organisations, tenancies};
use louyi::kernel::outbox;
use rocket::http::Status;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::support::browser::Site;
use crate::support::{Town, on_both};

const FIRST: [(&str, &str); 14] = [
    ("own_name", "顾念慈"),
    ("own_name_en", "Gu Nianci"),
    ("email", "gu@lanxi.example"),
    ("new_password", ""),
    ("kind", "station"),
    ("organisation", "岚溪服务站"),
    ("organisation_en", "Lanxi Station"),
    ("name", "岚溪商圈"),
    ("name_en", "Lanxi"),
    ("short", "岚溪"),
    ("street", "岚溪街道"),
    ("street_en", "Lanxi Street"),
    ("slug", "lanxi"),
    ("code", "LX"),
];

const BUILDING: [(&str, &str); 8] = [
    ("name", "岚溪中心"),
    ("name_en", "Lanxi Centre"),
    ("short", "岚溪"),
    ("address", "岚溪路8号"),
    ("duty_phone", "021-5550-0800"),
    ("slug", "lanxi-centre"),
    ("code", "LC"),
    ("floors", "B1, 1-3,5-12"),
];

/// These fields, with one of them written otherwise.
fn but<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect()
}

async fn first_link(town: &Town) -> String {
    let token = town.louyi().gets(async |act| first_links::renew(act).await).await;
    format!("/first/{token}")
}

/// The link in the last letter of a kind to somebody.
async fn link_to(town: &Town, kind: &str, mail: &str) -> String {
    let rows =
        outbox::Entity::find().filter(outbox::Column::Kind.eq(kind)).order_by_desc(outbox::Column::Id).all(town.house.read()).await.expect("reads");
    for owed in rows {
        let letter = letters::compose(&town.house, &owed).await.expect("composes").expect("a letter");
        if letter.to == mail {
            let at = letter.body.find("https://louyi.example/").expect("an address") + "https://louyi.example".len();
            return letter.body[at..].split_whitespace().next().expect("an address").to_owned();
        }
    }
    panic!("no {kind} to {mail}");
}

/// Somebody founds a district and a building; gives the session.
async fn founded(town: &Town, site: &Site) -> String {
    let link = first_link(town).await;
    let begun = site.visitor().fills(&link, &link, &FIRST).await;
    assert_eq!((begun.status, begun.location.as_deref()), (Status::SeeOther, Some("/d/lanxi/buildings/new")), "{}", begun.text());
    let session = begun.session().expect("signed in");
    let admin = site.visitor().with_session(&session);
    let next = admin.does("/d/lanxi/buildings/new", "/d/lanxi/buildings", &BUILDING).await;
    assert_eq!(next, "/b/lanxi-centre/founding");
    session
}

const B: &str = "/b/lanxi-centre";

on_both! {
    async fn a_building_is_founded_from_nothing_to_its_first_report(town: Town) {
        let site = town.site().await;
        let session = founded(&town, &site).await;
        let admin = site.visitor().with_session(&session);
        let list = format!("{B}/founding");
        let page = admin.reads(&list).await;
        assert!(page.says("海报先别挂") && page.says("物业值班的人") && page.says("12层"), "{}", page.text());
        page.hides("⟨");
        admin.reads("/desk").await.shows("/help/administrator/put-away").shows(&list);

        let organisations = format!("{B}/organisations");
        admin.does(&organisations, &organisations, &[("kind", "property_manager"), ("name", "岚溪物业管理有限公司"), ("short", "岚溪物业"), ("name_en", "Lanxi Property")]).await;
        let people = format!("{B}/people");
        let names = "闻人竹，wenren@lanxi.example，岚溪物业\n苏晚，su@lanxi.example，岚溪服务站，秘书";
        let looked = admin.fills(&people, &format!("{people}/check"), &[("list", names)]).await;
        assert!(looked.status == Status::Ok && looked.says("会发出2封信"), "{}", looked.text());
        assert!(town.letters("invited").await.is_empty(), "looking writes to nobody");
        let sent: Vec<(String, String)> = looked.form(&people).expect("the list again");
        let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(admin.posts(&people, &sent).await.status, Status::SeeOther);
        assert_eq!(town.letters("invited").await.len(), 2);
        let ready = admin.reads(&list).await;
        assert!(ready.says("都齐了，可以挂海报"), "{}", ready.text());

        let places = format!("{B}/places");
        admin.does(&places, &places, &[("kind", "zone"), ("names", "A区、B区"), ("floors", "5-7")]).await;
        let tenants = format!("{B}/tenants");
        let table = "楼层\t分区\t单元\t租户\t规模\n5\tA区\t501\t棠梨动画\t120\n6F\t\t\t鹿鸣教育\t大\n7\tB区\t702\t棠梨动画\t\n";
        let looked = admin.fills(&tenants, &format!("{tenants}/check"), &[("list", table)]).await;
        assert!(looked.says("3行要加上，其中新来的企业2家"), "{}", looked.text());
        let body = looked.form(&format!("{tenants}/list")).expect("the list again");
        let body: Vec<(&str, &str)> = body.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(admin.posts(&format!("{tenants}/list"), &body).await.status, Status::SeeOther);
        let building = buildings::by_slug(town.house.read(), "lanxi-centre").await.expect("is there");
        assert_eq!(tenancies::of_building(town.house.read(), building.id).await.expect("reads").len(), 3);
        let known = organisations::tenants(town.house.read(), building.id).await.expect("reads");
        assert_eq!(known.iter().map(|o| (o.name.as_str(), o.workers)).max(), Some(("鹿鸣教育", None)));
        let room = buildings::place_by_code(town.house.read(), building.id, "501").await.expect("a unit");
        assert!(room.let_to_one && room.name == "501室");

        let seats = format!("{B}/council/seats");
        admin.does(&seats, &format!("{seats}/founding"), &[]).await;
        let manager = "lanxi-property";
        let page = admin.reads(&seats).await;
        let handle = page.body.split("<option value=\"").filter(|o| o.contains("闻人竹")).find_map(|o| o.split('"').next()).expect("a handle").to_owned();
        admin.does(&seats, &seats, &[("class", "property"), ("organisation", manager), ("person", &handle)]).await;
        assert!(site.visitor().reads(&format!("{B}/council")).await.says("闻人竹"));

        let posters = format!("{B}/posters");
        admin.does(&posters, &format!("{posters}/together"), &[("kind", "lobby")]).await;
        let hung = buildings::posters(town.house.read(), building.id).await.expect("reads");
        assert_eq!(hung.len(), 13, "twelve lift lobbies and the entrance hall");
        let page = admin.reads(&format!("{posters}/print")).await;
        assert_eq!(page.body.matches("class=\"poster\"").count(), 13);
        page.shows("021-5550-0800");
        let (poster, _) = hung.iter().find(|(_, p)| p.name == "大堂").expect("one in the hall");
        page.shows(&format!("louyi.example/q/{}", poster.code));

        let worker = site.visitor().on_phone(7);
        let form = worker.opens(&format!("/q/{}", poster.code)).await.location.expect("the form");
        let receipt = worker.does(&form, &format!("{B}/report"), &[("words", "大堂的灯不亮")]).await;
        assert!(worker.reads(&receipt).await.says("LC-1"));
        let way_in = link_to(&town, "invited", "wenren@lanxi.example").await;
        let staff = site.visitor();
        let inside = staff.fills(&way_in, &way_in, &[]).await;
        let staff = site.visitor().with_session(&inside.session().expect("signed in"));
        let desk = staff.reads("/desk").await;
        assert!(desk.says("LC-1") && desk.says("大堂"), "{}", desk.text());
        desk.shows("/help/staff/put-away");
        staff.does("/desk", "/help/staff/put-away", &[]).await;
        let after = staff.reads("/desk").await;
        after.hides("/help/staff/put-away").shows("/help/member/put-away").shows("href=\"/help\"");
        assert!(staff.reads("/help").await.says("您是物业"));
        let english = site.visitor().in_english().reads("/help").await;
        english.hides("⟨");
        for page in ["founding", "places", "tenants", "organisations", "people", "council/seats", "posters", "founding/basics"] {
            site.visitor().with_session(&session).in_english().reads(&format!("{B}/{page}")).await.hides("⟨");
        }
    }

    /// Once, by one, and not for ever.
    async fn the_first_link_opens_once(town: Town) {
        let site = town.site().await;
        let old = first_link(&town).await;
        let link = first_link(&town).await;
        assert_eq!(site.visitor().opens(&old).await.status, Status::Gone, "a new one ends the one before");
        for (name, value) in [("email", "not a mail"), ("slug", "Not a slug"), ("slug", "qingtang"), ("code", "QT"), ("code", "四"), ("own_name", " "), ("name", ""), ("new_password", "short"), ("kind", "enterprise")] {
            let refused = site.visitor().fills(&link, &link, &but(&FIRST, name, value)).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{name}={value}: {}", refused.text());
            assert!(refused.fault(name).is_some(), "{name}={value}: {}", refused.text());
            refused.shows("value=\"岚溪服务站\"");
        }
        let other = site.visitor().on_phone(2);
        let page = other.reads(&link).await;
        let ours = site.visitor().fills(&link, &link, &FIRST).await;
        assert_eq!(ours.status, Status::SeeOther);
        let token = page.form(&link).and_then(|f| f.into_iter().find(|(n, _)| n == "token")).expect("a token").1;
        let mut late: Vec<(&str, &str)> = but(&FIRST, "slug", "elsewhere");
        late.push(("token", &token));
        let late = other.posts(&link, &late).await;
        assert_eq!(late.status, Status::Gone, "of two, one: {}", late.text());
        assert!(buildings::district_by_slug(town.house.read(), "elsewhere").await.is_err());
        let expires = first_link(&town).await;
        town.lets_pass(chrono::Duration::hours(25));
        assert_eq!(site.visitor().opens(&expires).await.status, Status::Gone);
        assert!(first_links::offer(&town.house).await.expect("asks").is_none(), "a house that is begun offers none");
    }

    async fn what_a_building_cannot_be_is_said_beside_its_field(town: Town) {
        let site = town.site().await;
        let session = founded(&town, &site).await;
        let admin = site.visitor().with_session(&session);
        let (new, create) = ("/d/lanxi/buildings/new", "/d/lanxi/buildings");
        let second = but(&BUILDING, "slug", "lanxi-two");
        for (name, value) in [
            ("slug", "lanxi-centre"),
            ("slug", "岚溪"),
            ("code", "LC"),
            ("code", "lc"),
            ("duty_phone", "call me"),
            ("floors", ""),
            ("floors", "1-12,5"),
            ("floors", "12-1"),
            ("floors", "B2,roof"),
            ("floors", "0-5"),
            ("floors", "1-500"),
            ("floors", "南座：1-3\n南座：4-5"),
            ("floors", "南座：1-3\n4-5"),
            ("name", ""),
        ] {
            let typed = but(&but(&second, "code", "LD"), name, value);
            let refused = admin.fills(new, create, &typed).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{name}={value}: {}", refused.text());
            assert!(refused.fault(name).is_some(), "{name}={value}: {}", refused.text());
            refused.shows("value=\"岚溪路8号\"");
        }
        assert_eq!(buildings::all(town.house.read(), None).await.expect("reads").len(), 3, "nothing is half founded");
        let foreign = site.signed_in(&town.administrator).await;
        assert_eq!(foreign.opens(new).await.status, Status::Forbidden);
        let places = format!("{B}/places");
        for (action, name, value) in [("places/floors", "floors", "3"), ("places", "floors", "4"), ("places", "names", "电梯厅")] {
            let at = if action == "places" { "add" } else { "more" };
            let fields = [("kind", "lobby"), ("names", if name == "names" { value } else { "东厅" }), ("floors", if name == "floors" { value } else { "2" })];
            let refused = admin.fills(&places, &format!("{B}/{action}"), &fields).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{action} {value}: {}", refused.text());
            assert!(refused.fault(&format!("{at}-{name}")).is_some(), "{action} {value}: {}", refused.body);
        }
        let basics = format!("{B}/founding/basics");
        admin.does(&basics, &basics, &[("duty_phone", "021-5550-0801")]).await;
        assert!(site.visitor().reads(B).await.says("021-5550-0801"));
        assert!(admin.fills(&basics, &basics, &[("duty_phone", "12")]).await.fault("duty_phone").is_some());
    }

    /// Row by row, and all or nothing.
    async fn a_list_of_tenants_is_looked_at_whole(town: Town) {
        let site = town.site().await;
        let session = founded(&town, &site).await;
        let admin = site.visitor().with_session(&session);
        let (page, check) = (format!("{B}/tenants"), format!("{B}/tenants/check"));
        let wrong = "floor,unit,tenant,size\r\n5,501,棠梨动画,120\n4,401,鹿鸣教育,\n6,601,,\n7,701,云帆,很多\n5,501,棠梨动画,\n";
        let refused = admin.fills(&page, &check, &[("list", wrong)]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        for words in ["第3行", "没有4这一层", "第4行", "第5行", "“很多”看不懂", "第6行", "和第2行一样"] {
            assert!(refused.says(words), "{words}: {}", refused.text());
        }
        refused.shows("棠梨动画\t120");
        for nothing in ["", "a,b\n1,2\n", "floor,tenant\n", "\"楼层"] {
            let refused = admin.fills(&page, &check, &[("list", nothing)]).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.fault("many-list").is_some(), "{nothing}: {}", refused.body);
        }
        let wide = format!("floor,tenant{}\n5,甲\n", ",x".repeat(300));
        assert!(admin.fills(&page, &check, &[("list", &wide)]).await.status == Status::UnprocessableEntity);
        let token = admin.reads(&page).await.form(&check).and_then(|f| f.into_iter().find(|(n, _)| n == "token")).expect("a token").1;
        let by_hand = admin.posts(&format!("{page}/list"), &[("token", &token), ("list", wrong)]).await;
        assert!(by_hand.status.code >= 400, "what was not looked at is not done either");
        let building = buildings::by_slug(town.house.read(), "lanxi-centre").await.expect("is there");
        assert!(organisations::tenants(town.house.read(), building.id).await.expect("reads").is_empty(), "nothing half done");
        admin.does(&page, &page, &[("tenant", "棠梨动画"), ("floor", "5"), ("unit", "501"), ("size", "50-299")]).await;
        admin.does(&page, &page, &[("tenant", "云帆"), ("floor", "5"), ("unit", "501")]).await;
        let room = buildings::place_by_code(town.house.read(), building.id, "501").await.expect("a unit");
        assert!(!room.let_to_one, "two share it");
        let unknown = admin.fills(&page, &page, &[("tenant", "云帆"), ("floor", "44")]).await;
        assert!(unknown.fault("one-floor").is_some(), "{}", unknown.text());
        unknown.shows("value=\"云帆\"");
        let slug = organisations::tenants(town.house.read(), building.id).await.expect("reads").into_iter().find(|o| o.name == "云帆").expect("it").slug;
        admin.does(&page, &format!("{page}/{slug}/501/ending"), &[]).await;
        let room = buildings::place_by_code(town.house.read(), building.id, "501").await.expect("a unit");
        assert!(room.let_to_one, "one is left");
    }
}

#[test]
fn floors_as_people_write_them() {
    let one = |typed: &str| floors::floor(typed).map(|(name, n)| format!("{name}/{n}"));
    for (typed, expected) in [
        ("1", Some("1/1")),
        ("18F", Some("18/18")),
        ("b2", Some("B2/-2")),
        ("-1", Some("B1/-1")),
        ("地下1层", Some("B1/-1")),
        ("12A", Some("12A/12")),
        ("１２楼", Some("12/12")),
        ("0", None),
        ("B0", None),
        ("B12", None),
        ("roof", None),
        ("201", None),
        ("", None),
        ("1.5", None),
    ] {
        assert_eq!(one(typed).as_deref(), expected, "{typed}");
    }
    let all = |typed: &str| -> Vec<String> { floors::read(typed).expect("floors")[0].floors.iter().map(|(f, _)| f.clone()).collect() };
    assert_eq!(all("B2-2"), ["2", "1", "B1", "B2"]);
    assert_eq!(all("-2至-1、3F－5F"), ["5", "4", "3", "B1", "B2"]);
    assert_eq!(all("12A,12"), ["12A", "12"]);
    let two = floors::read("南座：B1,1-3\n北座: 1~2").expect("floors");
    assert_eq!(two.iter().map(|t| (t.tower.as_deref(), t.floors.len())).collect::<Vec<_>>(), [(Some("南座"), 4), (Some("北座"), 2)]);
}
