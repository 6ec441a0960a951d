//! Devices: a key that is shown once and can be taken back; what they send is a report like any other, made once.

use louyi::domain::reports::{self, Channel, Release};
use louyi::kernel::journal;
use rocket::http::{ContentType, Status};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};

use crate::support::browser::{Page, Reader, Site};
use crate::support::{Matter, Town, on_both};

const KEYS: &str = "/b/tingqiao/devices";
const API: &str = "/api/v1/buildings/tingqiao/reports";
const BODY: &str = r#"{"words":"三号梯门机两分钟内重关五次","place":"S1E","category":"lift.fault"}"#;

/// The administrator makes a key, and reads it off the page.
async fn key(town: &Town, site: &Site, name: &str) -> String {
    let admin = site.signed_in(&town.administrator).await;
    let page = admin.fills(KEYS, KEYS, &[("name", name), ("organisation", "lift-care")]).await;
    assert_eq!((page.status, page.header("cache-control")), (Status::Ok, Some("no-store")), "{}", page.text());
    let at = page.body.find("louyi_").expect("the key");
    page.body[at..].split('<').next().expect("its end").to_owned()
}

fn held<'s>(site: &'s Site, key: &str, once: &str) -> Reader<'s> {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    site.visitor().sending("Authorization", leak(format!("Bearer {key}"))).sending("Idempotency-Key", leak(once.to_owned()))
}

async fn sends(device: &Reader<'_>, body: &str) -> Page {
    device.posts_raw(API, ContentType::JSON, body).await
}

fn json(page: &Page) -> serde_json::Value {
    serde_json::from_str(&page.body).unwrap_or_else(|e| panic!("{e}: {}", page.body))
}

/// A fault as RFC 9457 has it: its name and the members it points at.
fn problem(page: &Page) -> (String, Vec<String>) {
    assert_eq!(page.header("content-type"), Some("application/problem+json"), "{}", page.body);
    let told = json(page);
    assert_eq!(told["status"].as_u64(), Some(u64::from(page.status.code)));
    for member in ["title", "detail"] {
        assert!(told[member].as_str().is_some_and(|t| !t.is_empty() && !t.contains("problems.")), "{member} of {told}");
    }
    let pointers = told["errors"].as_array().into_iter().flatten().filter_map(|e| e["pointer"].as_str().map(str::to_owned)).collect();
    (told["type"].as_str().unwrap_or_default().trim_start_matches("tag:louyi,2026:").to_owned(), pointers)
}

on_both! {
    async fn a_device_reports_with_its_key(town: Town) {
        let site = town.site().await;
        let key = key(&town, &site, "三号梯门机").await;
        assert_eq!(key.len(), 6 + 43);
        let made = sends(&held(&site, &key, "\"a-1\""), BODY).await;
        assert_eq!((made.status, made.location.as_deref()), (Status::Created, Some("https://louyi.example/b/tingqiao/issues/1")), "{}", made.body);
        let answer = json(&made);
        assert_eq!((answer["issue"].as_str(), answer["again"].as_bool()), (Some("TQ-1"), Some(false)));
        let report = reports::Entity::find().one(town.house.read()).await.expect("reads").expect("a report");
        assert_eq!((report.channel, report.release, report.place_id), (Channel::Device, Release::Waiting, town.lobby.id));
        let receipt = answer["receipt"].as_str().and_then(|r| r.strip_prefix("https://louyi.example")).expect("a receipt");
        assert!(site.visitor().reads(receipt).await.says("三号梯门机两分钟内重关五次"));
        let lines = journal::of_issue(town.house.read(), Matter(report.issue_id).0).await.expect("lines");
        let filed = lines.iter().find(|l| l.act == "report_received").expect("a line");
        let row = town.house.read().query_one_raw(louyi::kernel::db::sql(town.house.read(), "select id from device_keys", [])).await.expect("reads").expect("a key");
        assert_eq!((filed.actor.as_str(), filed.actor_id), ("device", Some(row.try_get_by_index(0).expect("an id"))));
        assert_eq!(filed.organisation_id, Some(town.contractor.id));
        // Nowhere is the key but in the device: not in the list, not in any table.
        let admin = site.signed_in(&town.administrator).await;
        let list = admin.reads(KEYS).await;
        assert!(list.says("三号梯门机") && list.says("恒升电梯") && list.says("最近11月23日用过"), "{}", list.text());
        list.hides(&key[..20]);
        let work = site.signed_in(&town.staff).await.reads("/b/tingqiao/issues/1/work").await;
        assert!(work.says("设备"), "{}", work.text());
        // Taken back: only where it is meant, and for good.
        let path = list.forms().into_iter().find(|f| f.ends_with("/revocation")).expect("a way to take it back");
        assert_eq!(admin.fills(KEYS, &path, &[]).await.status, Status::Conflict);
        admin.does(KEYS, &path, &[("sure", "yes")]).await;
        let refused = sends(&held(&site, &key, "a-2"), BODY).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (Status::Unauthorized, Some("Bearer")));
        assert_eq!(problem(&refused).0, "unauthorized");
        assert!(admin.reads(KEYS).await.says("收回了"));
    }

    /// What was sent once is made once, whatever the network does; a key for one thing is no key for another.
    async fn it_is_made_once(town: Town) {
        let site = town.site().await;
        let (one, two) = (key(&town, &site, "甲").await, key(&town, &site, "乙").await);
        let device = held(&site, &one, "b-1");
        let first = json(&sends(&device, BODY).await);
        let again = sends(&device, BODY).await;
        assert_eq!(again.status, Status::Ok);
        let again = json(&again);
        assert_eq!((&again["issue"], &again["receipt"], again["again"].as_bool()), (&first["issue"], &first["receipt"], Some(true)));
        let other = sends(&device, r#"{"words":"另一件","place":"S1E"}"#).await;
        assert_eq!((other.status, problem(&other).0.as_str()), (Status::Conflict, "form_used"));
        assert_eq!(sends(&held(&site, &two, "b-1"), BODY).await.status, Status::Created, "of another device it says nothing");
        let leaked: &'static str = Box::leak(format!("Bearer {one}").into_boxed_str());
        let without = site.visitor().sending("Authorization", leaked).posts_raw(API, ContentType::JSON, BODY).await;
        assert_eq!((without.status, problem(&without).0.as_str()), (Status::BadRequest, "no_idempotency_key"));
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 2);
    }

    /// Faults are said in a form that machines read, all at once, in the language that is asked for.
    async fn faults_have_names(town: Town) {
        let site = town.site().await;
        let key = key(&town, &site, "甲").await;
        let device = held(&site, &key, "c-1");
        let (name, pointers) = problem(&sends(&device, r#"{"words":"  ","place":"X9","category":"nonsense"}"#).await);
        assert_eq!((name.as_str(), pointers), ("empty", vec!["/words".to_owned(), "/place".into(), "/category".into()]));
        for (body, status) in [
            ("", Status::BadRequest), ("{", Status::BadRequest), ("[]", Status::UnprocessableEntity), (r#"{"words":"灯坏了"}"#, Status::UnprocessableEntity),
            (r#"{"words":"灯坏了","place":"S1E","photo":"x"}"#, Status::UnprocessableEntity), (r#"{"words":7,"place":"S1E"}"#, Status::UnprocessableEntity),
        ] {
            let refused = sends(&device, body).await;
            assert_eq!((refused.status, problem(&refused).0.as_str()), (status, "unreadable"), "{body}: {}", refused.body);
        }
        let long = format!(r#"{{"words":"{}","place":"S1E"}}"#, "灯".repeat(2001));
        assert_eq!(problem(&sends(&device, &long).await), ("too_long".into(), vec!["/words".into()]));
        let huge = format!(r#"{{"words":"{}","place":"S1E"}}"#, "a".repeat(3 << 20));
        let refused = sends(&device, &huge).await;
        assert!(matches!(refused.status.code, 400 | 413), "{}", refused.status);
        problem(&refused);
        let english = held(&site, &key, "c-2").in_english().posts_raw(API, ContentType::JSON, r#"{"words":"x","place":"X9"}"#).await;
        assert!(english.body.contains("\"title\":\"invalid\""), "{}", english.body);
        for path in ["/api/v1/buildings/yuntai/reports", "/api/v1/buildings/nowhere/reports"] {
            let elsewhere = device.posts_raw(path, ContentType::JSON, BODY).await;
            assert_eq!((elsewhere.status, problem(&elsewhere).0.as_str()), (Status::NotFound, "not_found"), "{path}");
        }
        for wrong in ["", "louyi_", "louyi_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x"] {
            assert_eq!(sends(&held(&site, wrong, "c-3"), BODY).await.status, Status::Unauthorized, "{wrong}");
        }
        assert_eq!(problem(&device.opens("/api/v1/nothing").await).0, "not_found");
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 0);
        for _ in 0..120 {
            sends(&device, r#"{"words":"","place":"S1E"}"#).await;
        }
        let flood = sends(&device, BODY).await;
        assert_eq!((flood.status, problem(&flood).0.as_str()), (Status::TooManyRequests, "too_often"));
    }

    /// Names are for people: one each, and never empty.
    async fn a_key_has_a_name(town: Town) {
        let site = town.site().await;
        key(&town, &site, "甲").await;
        let admin = site.signed_in(&town.administrator).await;
        for name in ["", "甲", &"长".repeat(61)] {
            let refused = admin.fills(KEYS, KEYS, &[("name", name)]).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.fault("name").is_some(), "{name}: {}", refused.text());
            refused.hides("louyi_A");
        }
        let nobody = admin.fills(KEYS, KEYS, &[("name", "乙"), ("organisation", "nowhere")]).await;
        assert!(nobody.status == Status::UnprocessableEntity && nobody.fault("organisation").is_some(), "{}", nobody.text());
        nobody.shows("value=\"乙\"");
    }
}
