//! Receipts by SMS: asked for with a number that is checked, sent from what was committed, tried again where that helps,
//! ended by a reply; the number is nowhere but in the one row that is erased.

use chrono::Duration;
use louyi::domain::reports;
use louyi::jobs;
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::{Db, sql};
use louyi::kernel::keys::Keys;
use louyi::kernel::outbox;
use louyi::kernel::settings::{Secret, Settings};
use louyi::kernel::sms::{self, mobile, parts};
use rocket::http::{ContentType, Status};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::support::browser::Site;
use crate::support::gateway::{Gateway, SILENCE};
use crate::support::{Told, Town, on_both, refusal};

const NUMBER: &str = "13912345678";
const CANARY: &str = "金丝雀在三十六层唱歌";
const SECRET: &str = "what-both-know";

#[test]
fn a_number_is_what_people_type() {
    for typed in
        ["13912345678", " 139 1234 5678 ", "139-1234-5678", "+8613912345678", "008613912345678", "+86 139 1234 5678", "１３９１２３４５６７８"]
    {
        assert_eq!(mobile(typed).as_deref(), Ok(NUMBER), "{typed}");
    }
    for typed in [
        "",
        "1391234567",
        "139123456789",
        "12912345678",
        "021-55500100",
        "+85291234567",
        "1391234567a",
        "一三九",
        "+86139123456789",
        "13912345678 转 2",
    ] {
        let fault = mobile(typed).expect_err(typed);
        assert_eq!((fault.key.as_ref(), fault.field), ("mobile_number", Some("sms")), "{typed}");
    }
}

#[test]
fn parts_are_counted_as_they_are_paid_for() {
    for (text, n) in [
        ("楼".repeat(70), 1),
        ("楼".repeat(71), 2),
        ("楼".repeat(134), 2),
        ("楼".repeat(135), 3),
        ("a".repeat(160), 1),
        ("a".repeat(161), 2),
        (format!("{}楼", "a".repeat(69)), 1),
    ] {
        assert_eq!(parts(&text), n, "{text}");
    }
    assert_eq!(parts(&"🛗".repeat(35)), 1, "a picture is two");
    assert_eq!(parts(&"🛗".repeat(36)), 2);
    assert_eq!(parts(&"[".repeat(100)), 2, "what GSM 03.38 only has by an escape is counted as UCS-2");
}

#[test]
fn a_gateway_is_reached_safely_or_not_at_all() {
    let with = |url: &str| sms::gateway(&Settings { sms_url: Some(url.into()), ..Settings::default() });
    for good in ["https://sms.example.org/v1", "http://127.0.0.1:8080/", "http://localhost/send", "http://[::1]:9/"] {
        assert!(with(good).is_ok(), "{good}");
    }
    for wrong in ["http://sms.example.org/", "http://10.0.0.8/", "ftp://sms.example.org", "sms", "https://user:secret@sms.example.org/"] {
        let why = with(wrong).err().expect(wrong).to_string();
        assert!(why.contains("LOUYI_SMS_URL") && !why.contains("secret@"), "{why}");
    }
    let both = Settings { sms_url: Some("https://sms.example.org".into()), sms_folder: Some("sms".into()), ..Settings::default() };
    assert!(sms::gateway(&both).is_err());
}

/// The town's house as a process sees it whose messages go to this gateway.
async fn texting(town: &Town, url: Option<String>) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let token = Some(Secret::new("the-token"));
    let settings = Settings { sms_url: url, sms_token: token, hook_secret: Some(Secret::new(SECRET)), ..town.house.settings().clone() };
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

/// Messages owed, oldest first.
async fn owed(town: &Town) -> Vec<outbox::Model> {
    let own = outbox::Entity::find().filter(outbox::Column::Way.eq("sms"));
    own.order_by_asc(outbox::Column::CreatedAt).order_by_asc(outbox::Column::Id).all(town.house.read()).await.expect("messages")
}

async fn round(house: &House) {
    jobs::round(house).await.expect("a round");
}

/// Every text of the database but the one row that may hold a number.
async fn traces(town: &Town, needle: &str) -> Vec<String> {
    let db = town.house.read();
    let mut found = vec![];
    for (table, columns) in [
        ("journal", vec!["data", "act", "object"]),
        ("outbox", vec!["data", "mail", "last_error", "once"]),
        ("kept_mails", vec!["recipient", "subject", "body"]),
        ("reports", vec!["words", "public_words"]),
        ("reporters", vec!["sms", "phone", "name"]),
    ] {
        for column in columns {
            let text = format!("select count(*) from {table} where {column} like ?");
            let row = db.query_one_raw(sql(db, &text, [format!("%{needle}%").into()])).await.expect("reads").expect("a row");
            if row.try_get_by_index::<i64>(0).expect("a number") > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}

on_both! {
    /// One message, one part, the receipt's address, not a word of what was written, and how to end it.
    async fn a_receipt_comes_by_sms(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        let told = town.says(CANARY).by_sms("+86 139-1234-5678").files().await;
        assert!(gateway.posted().is_empty(), "nothing goes out within the act");
        round(&house).await;
        round(&house).await;
        let posted = gateway.posted();
        assert_eq!(posted.len(), 1, "once");
        assert_eq!(posted[0].body["to"], "+8613912345678");
        assert_eq!(posted[0].body["parts"], 1);
        assert_eq!(posted[0].text(), format!("【楼议】TQ-1收到了，进展：https://louyi.example/r/{} 回T退订", told.receipt));
        assert_eq!(parts(posted[0].text()), 1);
        assert_eq!(posted[0].header("Authorization"), Some("Bearer the-token"));
        let id = posted[0].header("Idempotency-Key").expect("a key");
        assert!(id.len() == 32 && posted[0].body["id"] == id, "{id}");
        assert_eq!(traces(&town, NUMBER).await, ["reporters.sms"]);
        assert_eq!(traces(&town, "39123456").await, ["reporters.sms"]);
        let figures = Site::of(&house).await.visitor().opens("/metrics").await.body;
        assert!(figures.contains("louyi_sms_total{outcome=\"sent\"} 1\n") && figures.contains("louyi_sms_parts_total 1\n"), "{figures}");
    }

    /// Only what asks something of them, or ends the matter, is worth a message.
    async fn few_messages_follow(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        let told = town.says("灯坏了").by_sms(NUMBER).files().await;
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        town.staff.asks(told.matter, "哪一盏？").await.expect("asked");
        round(&house).await;
        let texts: Vec<String> = gateway.posted().iter().map(|p| p.text().to_owned()).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts[1].starts_with("【楼议】TQ-1想问您一句话：") && !texts[1].contains("哪一盏"), "{texts:?}");
        assert!(texts.iter().all(|t| parts(t) == 1));
    }

    /// A gateway that stumbles is asked again, one that says no is not; neither says whose number it was.
    async fn what_stumbles_is_tried_again_and_what_is_refused_is_not(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        town.says("灯坏了").by_sms(NUMBER).files().await;
        gateway.answers(&[500, 429]);
        round(&house).await;
        let tried = owed(&town).await.remove(0);
        assert_eq!((tried.tries, tried.sent_at, tried.given_up_at), (1, None, None));
        assert_eq!(tried.last_error.as_deref(), Some("the gateway answered 500"));
        assert_eq!(tried.due_at, house.now() + Duration::minutes(2));
        assert!(house.clock().set(tried.due_at));
        round(&house).await;
        assert!(house.clock().set(owed(&town).await[0].due_at));
        round(&house).await;
        assert!(owed(&town).await[0].sent_at.is_some());
        let ids: Vec<_> = gateway.posted().iter().map(|p| p.header("Idempotency-Key").map(str::to_owned)).collect();
        assert!(ids.len() == 3 && ids.iter().all(|i| *i == ids[0]), "the same message each time: {ids:?}");
        for (status, said) in [(422, "the gateway answered 422"), (307, "the gateway answered 307")] {
            town.house.db().upkeep().execute_unprepared("delete from kept_mails").await.expect("deleted");
            town.letters_arrive().await;
            let before = gateway.posted().len();
            town.says("水漏了").by_sms(NUMBER).files().await;
            gateway.answers(&[status]);
            round(&house).await;
            let refused = owed(&town).await.remove(0);
            assert_eq!((refused.tries, refused.given_up_at.is_some(), refused.last_error.as_deref()), (1, true, Some(said)));
            assert!(house.clock().set(house.now() + Duration::hours(3)));
            round(&house).await;
            assert_eq!(gateway.posted().len(), before + 1, "asked once, and not where it pointed to");
        }
        assert_eq!(traces(&town, NUMBER).await, ["reporters.sms"]);
    }

    /// Three seconds are enough; and where nobody listens, nothing is lost.
    async fn a_silent_gateway_holds_nothing_up(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        town.says("灯坏了").by_sms(NUMBER).files().await;
        gateway.answers(&[SILENCE]);
        let began = std::time::Instant::now();
        round(&house).await;
        assert!(began.elapsed() < std::time::Duration::from_secs(10));
        let tried = owed(&town).await.remove(0);
        assert_eq!((tried.last_error.as_deref(), tried.sent_at), (Some("no answer in time"), None));
        let nobody = texting(&town, Some("http://127.0.0.1:1/".into())).await;
        assert!(nobody.clock().set(tried.due_at));
        round(&nobody).await;
        let tried = owed(&town).await.remove(0);
        assert!(tried.last_error.as_deref().is_some_and(|w| w.starts_with("no connection")), "{tried:?}");
        assert_eq!(tried.tries, 2);
    }

    /// Erased with everything else, and by itself with the other ways to reach them.
    async fn the_number_goes_with_the_rest(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        let told = town.says("灯坏了").by_sms(NUMBER).files().await;
        town.holder_of(&told).gets(async |act| reports::erase(act, reports::by_id(act.tx(), told.report).await?).await).await;
        round(&house).await;
        assert!(gateway.posted().is_empty(), "what was erased meanwhile is not sent");
        assert!(traces(&town, NUMBER).await.is_empty());
        let told = town.says("水漏了").by_sms(NUMBER).files().await;
        town.holder_of(&told).withdraws(&told).await.expect("withdrawn");
        town.it_is("2027-06-01 03:30");
        round(&town.house).await;
        assert!(traces(&town, NUMBER).await.is_empty(), "ninety days after it was over");
    }

    /// On the form: offered where there is a gateway, checked, kept where it is wrong, limited.
    async fn the_form_asks_for_a_number(town: Town) {
        let site = town.site().await;
        let form = "/b/tingqiao/report?place=S1E";
        site.visitor().reads(form).await.hides("name=\"sms\"");
        let unasked = site.visitor().fills(form, "/b/tingqiao/report", &[("words", "灯坏了"), ("may_know", "nobody"), ("sms", NUMBER)]).await;
        assert!(unasked.fault("sms").is_none_or(|f| f.contains("不能发短信")) && unasked.status == Status::UnprocessableEntity, "{}", unasked.text());
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        let site = Site::of(&house).await;
        let fields = |number: &'static str| [("words", "灯坏了"), ("may_know", "nobody"), ("sms", number)];
        let wrong = site.visitor().fills(form, "/b/tingqiao/report", &fields("1391234")).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert!(wrong.fault("sms").is_some_and(|f| f.contains("手机号")), "{}", wrong.text());
        wrong.shows("value=\"1391234\"");
        wrong.shows("灯坏了");
        let next = site.visitor().does(form, "/b/tingqiao/report", &fields("139 1234 5678")).await;
        round(&house).await;
        assert_eq!(gateway.posted().len(), 1);
        assert!(gateway.posted()[0].text().contains(&next), "{next}");
        for n in 0..4 {
            site.visitor().on_phone(n).does(form, "/b/tingqiao/report", &fields(NUMBER)).await;
        }
        let sixth = site.visitor().on_phone(9).fills(form, "/b/tingqiao/report", &fields(NUMBER)).await;
        assert_eq!((sixth.status, sixth.fault("sms").is_some()), (Status::TooManyRequests, true), "{}", sixth.text());
        sixth.shows("灯坏了");
        let phone = site.visitor().on_phone(10);
        for n in 0..5 {
            let number = format!("1381234567{n}");
            phone.does(form, "/b/tingqiao/report", &[("words", "灯坏了"), ("may_know", "nobody"), ("sms", &number)]).await;
        }
        let one_more = phone.fills(form, "/b/tingqiao/report", &fields("13812345679")).await;
        assert_eq!(one_more.status, Status::TooManyRequests, "one telephone cannot make others ring");
    }

    /// From the receipt: kept later, changed, ended there; a reply ends it too.
    async fn the_receipt_page_starts_and_ends_it(town: Town) {
        let gateway = Gateway::start().await;
        let house = texting(&town, Some(gateway.url())).await;
        let site = Site::of(&house).await;
        let told = town.reports("灯坏了").await;
        let page = format!("/r/{}/following", told.receipt);
        let by_sms = format!("{page}/sms");
        let wrong = site.visitor().fills(&page, &by_sms, &[("follow", "yes"), ("sms", "12345")]).await;
        assert_eq!((wrong.status, wrong.fault("sms").is_some()), (Status::UnprocessableEntity, true));
        wrong.shows("value=\"12345\"");
        let empty = site.visitor().fills(&page, &by_sms, &[("follow", "yes"), ("sms", "")]).await;
        assert_eq!((empty.status, empty.fault("sms").is_some()), (Status::UnprocessableEntity, true));
        site.visitor().does(&page, &by_sms, &[("follow", "yes"), ("sms", NUMBER)]).await;
        round(&house).await;
        assert_eq!(gateway.posted().len(), 1);
        assert!(town.report(&told).await.following);
        let own = site.visitor().reads(&format!("/r/{}/export", told.receipt)).await;
        assert!(own.says(NUMBER), "{}", own.text());
        site.visitor().does(&page, &by_sms, &[("follow", "no")]).await;
        assert!(!town.report(&told).await.following);
        assert!(traces(&town, NUMBER).await.is_empty());
        site.visitor().does(&page, &by_sms, &[("follow", "yes"), ("sms", NUMBER)]).await;
        ends_by_reply(&site, &town, &told).await;
    }

    /// Where no gateway is set the choice isn't offered, and nothing is promised.
    async fn without_a_gateway_it_is_not_offered(town: Town) {
        let told = town.reports("灯坏了").await;
        let page = format!("/r/{}/following", told.receipt);
        let site = town.site().await;
        site.visitor().reads(&page).await.hides("/following/sms");
        let form = site.visitor().reads(&page).await.form(&page).expect("a form");
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("sms", NUMBER));
        let refused = site.visitor().posts(&format!("{page}/sms"), &fields).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(traces(&town, NUMBER).await.is_empty());
        assert_eq!(refusal(town.holder_of(&told).does(async |act| reports::by_id(act.tx(), told.report).await?.follow_by_sms(act, "021").await).await), "mobile_number");
    }

    /// In a folder: whole files, once each; and what the operator reads opens nobody's receipt.
    async fn a_folder_takes_them_too(town: Town) {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&town.url).await.expect("opens");
        let settings = Settings { sms_folder: Some(folder.path().join("out")), ..town.house.settings().clone() };
        let house = House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings);
        let told = town.says("灯坏了").by_sms(NUMBER).files().await;
        round(&house).await;
        let files: Vec<_> = std::fs::read_dir(folder.path().join("out")).expect("a folder").flatten().collect();
        assert_eq!(files.len(), 1);
        let text: serde_json::Value = serde_json::from_slice(&std::fs::read(files[0].path()).expect("a file")).expect("JSON");
        assert_eq!((text["to"].as_str(), text["parts"].as_u64()), (Some("+8613912345678"), Some(1)));
        assert!(text["text"].as_str().is_some_and(|t| t.contains(&told.receipt) && t.ends_with("停发见此页")), "no replies come back here: {text}");
        let site = Site::of(&house).await;
        let letters = site.signed_in(&town.administrator).await.reads("/letters").await;
        letters.shows("短信（计1条）");
        letters.hides(&told.receipt);
        letters.hides(NUMBER);
    }
}

async fn ends_by_reply(site: &Site, town: &Town, told: &Told) {
    let reply = |text: &str| format!("{{\"from\":\"+86{NUMBER}\",\"text\":\"{text}\"}}");
    let stranger = site.visitor().posts_raw("/hooks/sms", ContentType::JSON, reply("T")).await;
    assert_eq!((stranger.status, stranger.header("content-type")), (Status::Unauthorized, Some("application/problem+json")));
    let gateway = site.visitor().sending("Authorization", "Bearer what-both-know");
    let thanks = gateway.posts_raw("/hooks/sms", ContentType::JSON, reply("谢谢")).await;
    assert_eq!(thanks.status, Status::NoContent);
    assert_eq!(reports::number_of(town.house.read(), told.report).await.expect("reads").as_deref(), Some(NUMBER), "thanks end nothing");
    assert_eq!(gateway.posts_raw("/hooks/sms", ContentType::JSON, "nonsense").await.status, Status::BadRequest);
    let ended = gateway.posts_raw("/hooks/sms", ContentType::JSON, reply("ｔ。").replace('ｔ', "t")).await;
    assert_eq!(ended.status, Status::NoContent);
    assert!(traces(town, NUMBER).await.is_empty());
}
