//! From the poster to the receipt: filing, photos, "me too".

use louyi::domain::attachments;
use louyi::domain::buildings;
use louyi::domain::reports::{self, Channel};
use rocket::http::Status;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};

use super::pictures;
use crate::support::browser::{Chosen, Page, Reader};
use crate::support::{Town, on_both};

pub const FORM: &str = "/b/tingqiao/report?place=S1E";
pub const FILES: &str = "/b/tingqiao/report";

/// The form as the page has it, with what somebody typed.
pub async fn filled(reader: &Reader<'_>, page: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = reader.reads(page).await.form(FILES).expect("the form");
    for (name, value) in typed {
        form.retain(|(n, _)| n != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

pub fn fields(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

pub async fn reports_kept(town: &Town) -> u64 {
    reports::Entity::find().count(town.house.read()).await.expect("counts")
}

/// The receipt that an answer leads to.
pub fn receipt(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.text());
    page.location.as_deref().and_then(|l| l.strip_prefix("/r/")).expect("a receipt").to_owned()
}

on_both! {
    async fn a_report_with_a_photo_is_filed_and_only_its_holder_sees_it(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "lift.queue"), ("words", "排队排到门外，等了二十分钟 😀𠮷")]).await;
        let photo = pictures::jpeg(1200, 800);
        let sent = worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "IMG_1.JPG", bytes: &photo }]).await;
        let receipt = receipt(&sent);
        let page = worker.reads(&format!("/r/{receipt}")).await;
        assert!(page.says("排队排到门外，等了二十分钟 😀𠮷"), "{}", page.text());
        assert!(page.says("没有人知道是您"));

        let own = worker.reads(&format!("/r/{receipt}/photos/1")).await;
        assert_eq!(own.header("content-type"), Some("image/jpeg"));
        assert_eq!(own.header("cache-control"), Some("private, no-cache"));
        assert_eq!(&own.bytes[..3], [0xff, 0xd8, 0xff]);
        let picture = attachments::Entity::find().one(town.house.read()).await.expect("reads").expect("a picture");
        let address = format!("/photos/{}.jpg", picture.hash);
        assert_eq!(site.visitor().opens(&address).await.status, Status::NotFound, "not released");
        assert_eq!(site.signed_in(&town.staff_elsewhere).await.opens(&address).await.status, Status::NotFound, "another building");
        assert_eq!(site.signed_in(&town.representative).await.opens(&address).await.status, Status::NotFound, "an enterprise");
        site.signed_in(&town.staff).await.reads(&address).await;
        town.secretary.gets(async |act| picture.clone().release(act, town.tower.id).await).await;
        let shown = site.visitor().reads(&address).await;
        assert_eq!(shown.header("cache-control"), Some("private, max-age=31536000, immutable"));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
        let tag = shown.header("etag").expect("a tag").to_owned();
        let known = site.visitor().sending("If-None-Match", Box::leak(tag.into_boxed_str())).opens(&address).await;
        assert_eq!(known.status, Status::NotModified);
        let public = site.visitor().opens("/photos/kept/anything").await;
        assert_eq!(public.status, Status::NotFound);
    }

    async fn a_form_that_fails_loses_neither_words_nor_photos(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "no.such"), ("words", "冷风直吹"), ("phone", "abc")]).await;
        let (good, bad) = (pictures::jpeg(600, 400), b"this is text".to_vec());
        let files = [Chosen { field: "photos", name: "a.jpg", bytes: &good }, Chosen { field: "photos", name: "b.jpg", bytes: &bad }];
        let back = worker.uploads(FILES, &fields(&form), &files).await;
        assert_eq!(back.status, Status::UnprocessableEntity);
        assert!(back.fault("category").is_some(), "{}", back.text());
        assert!(back.fault("photos").is_some_and(|f| f.contains("第2个文件不是照片")));
        assert!(back.fault("phone").is_some());
        assert_eq!(reports_kept(&town).await, 0, "nothing by half");

        // As a browser would send it: what the page now holds, and the missing choice.
        let mut again = back.form(FILES).expect("the form is there again");
        assert!(again.iter().any(|(n, v)| n == "words" && v == "冷风直吹"));
        let kept = again.iter().find(|(n, _)| n == "kept").expect("the good photo").1.clone();
        worker.reads(&format!("/photos/kept/{kept}")).await;
        assert_eq!(site.visitor().on_phone(2).opens(&format!("/photos/kept/{kept}")).await.status, Status::NotFound, "another phone");
        again.retain(|(n, _)| n != "phone");
        again.push(("category".into(), "hvac.temp".into()));
        let receipt = receipt(&worker.uploads(FILES, &fields(&again), &[]).await);
        let page = worker.reads(&format!("/r/{receipt}")).await;
        assert!(page.says("冷风直吹"));
        worker.reads(&format!("/r/{receipt}/photos/1")).await;
        assert_eq!(worker.opens(&format!("/r/{receipt}/photos/2")).await.status, Status::NotFound);
    }

    async fn a_sealed_photo_of_somebody_else_is_not_taken(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("words", ""), ("category", "hvac.temp")]).await;
        let back = worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &pictures::jpeg(60, 40) }]).await;
        let kept = back.form(FILES).expect("the form").into_iter().find(|(n, _)| n == "kept").expect("kept").1;
        let other = site.visitor().on_phone(2);
        let form = filled(&other, FORM, &[("words", "热"), ("category", "hvac.temp"), ("kept", &kept)]).await;
        let refused = other.uploads(FILES, &fields(&form), &[]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.fault("photos").is_some());
    }

    async fn what_the_desk_writes_down_for_somebody_is_theirs(town: Town) {
        let site = town.site().await;
        let desk = site.signed_in(&town.staff).await;
        let form = filled(&desk, FORM, &[("category", "lift.queue"), ("words", "打电话来说排队"), ("channel", "phone"), ("phone", "13800138000")]).await;
        let to = desk.posts(FILES, &fields(&form)).await.location.expect("a page to hand it over from");
        assert!(to.starts_with("/b/tingqiao/issues/1/taken-down/"), "{to}");
        let handed = desk.reads(&to).await;
        let code = handed.code().expect("a code to read out");
        assert!(!handed.body.contains("/r/") && handed.header("cache-control") == Some("no-store"), "the code and its picture, no link");
        // Nobody else at the desk sees it, and after an hour nobody does.
        assert_eq!(site.signed_in(&town.secretary).await.opens(&to).await.status, Status::NotFound);

        let caller = site.visitor().on_phone(7);
        let receipt = caller.does("/r", "/r", &[("code", &code)]).await;
        caller.does(&format!("{receipt}/messages"), &format!("{receipt}/messages"), &[("words", "还有四号梯")]).await;
        // Who wrote it down knows the code, and still does not speak as its reporter.
        for (act, typed) in [("messages", ("words", "其实没事")), ("withdrawal", ("x", "x")), ("may-know", ("may_know", "nobody"))] {
            let page = format!("{receipt}/{act}");
            let refused = desk.fills(&page, &page, &[typed]).await;
            assert_eq!(refused.status, Status::Forbidden, "{act}");
            assert!(refused.says("这份报事是您替别人记的"), "{act}: {}", refused.text());
        }
        assert!(town.house.clock().set(town.house.now() + chrono::Duration::minutes(61)), "the clock stands");
        assert_eq!(desk.opens(&to).await.status, Status::NotFound);

        // "Me too", said on the telephone by somebody else.
        let joined = desk.does("/b/tingqiao/issues/1/me-too", "/b/tingqiao/issues/1/me-too", &[("channel", "chat"), ("words", "群里也有人说")]).await;
        assert!(desk.reads(&joined).await.code().is_some_and(|second| second != code));
        assert_eq!(reports_kept(&town).await, 2);
    }

    async fn the_same_form_sent_twice_makes_one_report(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "lift.fault"), ("words", "三号梯不动")]).await;
        let first = receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
        let second = receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
        assert_eq!(first, second);
        assert_eq!(reports_kept(&town).await, 1);
        // Changed and sent from the same page: said, kept, and filed when pressed once more.
        let changed: Vec<(String, String)> =
            form.iter().map(|(n, v)| (n.clone(), if n == "words" { "四号梯也不动".into() } else { v.clone() })).collect();
        let said = worker.uploads(FILES, &fields(&changed), &[]).await;
        assert_eq!(said.status, Status::Conflict);
        let again = said.form(FILES).expect("the form");
        assert!(again.iter().any(|(n, v)| n == "words" && v == "四号梯也不动"));
        assert_ne!(receipt(&worker.uploads(FILES, &fields(&again), &[]).await), first);
        assert_eq!(reports_kept(&town).await, 2);
    }

    async fn a_poster_names_its_place(town: Town) {
        let act = town.house.act(louyi::kernel::act::Actor::System).await.expect("an act");
        town.tower.hang_poster(&act, &town.gate, Some("gate22")).await.expect("hangs");
        act.commit().await.expect("commits");
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, "/b/tingqiao/report?poster=gate22", &[("category", "access.gate"), ("words", "刷不开")]).await;
        assert!(form.iter().any(|(n, v)| n == "place" && v == "S1G"));
        receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
        let report = reports::Entity::find().one(town.house.read()).await.expect("reads").expect("a report");
        assert_eq!((report.channel, report.place_id), (Channel::Poster, town.gate.id));
        assert_eq!(buildings::poster_by_code(town.house.read(), "gate22").await.expect("a poster").id, report.poster_id.expect("its poster"));
    }

    async fn without_a_place_one_is_picked(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let page = worker.reads(FILES).await;
        assert!(page.says("南座1F东电梯厅"), "{}", page.text());
        let form = filled(&worker, FILES, &[("category", "access.gate"), ("words", "刷不开")]).await;
        let back = worker.uploads(FILES, &fields(&form), &[]).await;
        assert_eq!((back.status, back.fault("place").as_deref()), (Status::UnprocessableEntity, Some("还没选在哪里。")));
        let form = filled(&worker, FILES, &[("category", "access.gate"), ("words", "刷不开"), ("place", "S1G")]).await;
        receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
    }

    async fn every_kind_can_be_reached_and_the_likely_ones_stand_first(town: Town) {
        let page = town.site().await.visitor().reads(FORM).await;
        for category in louyi::domain::categories::all() {
            assert!(page.body.contains(&format!("value=\"{}\"", category.code)), "{}", category.code);
        }
        assert!(page.body.find("lift.queue") < page.body.find("park.car"));
        assert!(page.says("021-5550-0100"), "the duty desk before everything");
    }

    async fn nobody_leaves_no_name_behind(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let typed = [("category", "hvac.temp"), ("words", "太冷"), ("name", "小林"), ("phone", "13800138000"), ("email", "lin@example.com")];
        let form = filled(&worker, FORM, &typed).await;
        receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
        let sql = "select count(*) from reporters where name is null and phone is null and email = 'lin@example.com'";
        let row = town.house.read().query_one_raw(louyi::kernel::db::sql(town.house.read(), sql, [])).await.expect("reads").expect("a row");
        assert_eq!(row.try_get_by_index::<i64>(0).expect("a count"), 1);
    }

    async fn a_device_says_me_too_once_and_what_it_adds_arrives(town: Town) {
        let told = town.reports("三号梯不动").await;
        let matter = told.matter;
        let site = town.site().await;
        let (page, form) = (FORM, "/b/tingqiao/issues/1/me-too");
        let worker = site.visitor().on_phone(7);
        let first = worker.does(page, form, &[]).await;
        assert_eq!(town.now(matter).await.reports, 2);
        assert_eq!(worker.does(page, form, &[]).await, first, "the same receipt");
        assert_eq!(worker.does(form, form, &[("words", "二楼也按不动")]).await, first);
        assert_eq!(town.now(matter).await.reports, 2);
        assert!(worker.reads(&first).await.says("二楼也按不动"));
        site.visitor().on_phone(8).does(form, form, &[("words", "我在五楼")]).await;
        assert_eq!(town.now(matter).await.reports, 3);
        assert_eq!(town.now(matter).await.me_too, 2);
    }

    async fn a_merged_matter_leads_to_the_one_that_survived(town: Town) {
        let (one, two) = (town.reports("三号梯不动").await, town.reports("电梯又停了").await);
        for t in [&one, &two] {
            town.staff.accepts(t.matter, "").await.expect("accepts");
        }
        town.staff.merges(two.matter, one.matter).await.expect("merges");
        let site = town.site().await;
        let form = "/b/tingqiao/issues/2/me-too";
        let page = site.visitor().on_phone(9).reads(form).await;
        assert!(page.forms().contains(&"/b/tingqiao/issues/1/me-too".to_owned()), "{:?}", page.forms());
        site.visitor().on_phone(9).posts(form, &fields(&page.form("/b/tingqiao/issues/1/me-too").expect("a form"))).await;
        assert_eq!(town.now(one.matter).await.reports, 3);
        let receipt = site.visitor().reads(&format!("/r/{}", two.receipt)).await;
        assert!(receipt.says("TQ-1") && receipt.says("原来是TQ-2"), "{}", receipt.text());
    }

    async fn a_closed_matter_takes_no_me_too(town: Town) {
        let told = town.reports("大堂想要一台咖啡机").await;
        town.staff.declines(told.matter, "out_of_scope", "这要找业主商量").await.expect("declines");
        let site = town.site().await;
        let worker = site.visitor().on_phone(3);
        let page = worker.reads("/b/tingqiao/issues/1/me-too").await;
        assert!(page.forms().is_empty() && page.says("要是又出现了，请报一件新的"), "{}", page.text());
    }

    async fn who_files_too_often_is_asked_to_wait_and_keeps_the_words(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        for n in 0..20 {
            let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", &format!("第{n}次"))]).await;
            receipt(&worker.posts(FILES, &fields(&form)).await);
        }
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", "再说一次")]).await;
        let refused = worker.posts(FILES, &fields(&form)).await;
        assert_eq!(refused.status, Status::TooManyRequests);
        assert!(refused.says("分钟后再试"), "{}", refused.text());
        assert!(refused.form(FILES).expect("the form").iter().any(|(n, v)| n == "words" && v == "再说一次"));
        let other = site.visitor().on_phone(2);
        let form = filled(&other, FORM, &[("category", "env.noise"), ("words", "我是别人")]).await;
        receipt(&other.posts(FILES, &fields(&form)).await);
        town.lets_pass(chrono::Duration::minutes(61));
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", "一小时后")]).await;
        receipt(&worker.posts(FILES, &fields(&form)).await);
    }

    async fn the_kind_is_taken_from_the_words_where_none_was_chosen(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        for (n, (words, kind)) in [("八点四十，电梯排队排到门外", "lift.queue"), ("闸机刷不开，工牌扫了三次", "access.gate"), ("想请大家留意", "biz.other")].into_iter().enumerate() {
            let form = filled(&worker, FORM, &[("words", words)]).await;
            assert!(form.iter().any(|(name, value)| name == "category" && value.is_empty()), "left to us unless somebody chooses");
            receipt(&worker.posts(FILES, &fields(&form)).await);
            let issue = louyi::domain::issues::by_number(town.house.read(), town.tower.id, n as i32 + 1).await.expect("filed");
            assert_eq!(issue.category, kind, "{words}");
        }
    }

    async fn the_place_of_a_poster_can_be_corrected(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("words", "刷不开")]).await;
        let elsewhere: Vec<(String, String)> = form.into_iter().chain([("elsewhere".to_owned(), "S1G".to_owned())]).collect();
        receipt(&worker.posts(FILES, &fields(&elsewhere)).await);
        let report = reports::Entity::find().one(town.house.read()).await.expect("reads").expect("one");
        assert_eq!(report.place_id, town.gate.id);
        let wrong: Vec<(String, String)> = elsewhere.into_iter().map(|(n, v)| if n == "elsewhere" { (n, "Z99".into()) } else { (n, v) }).collect();
        let back = worker.posts(FILES, &fields(&wrong)).await;
        assert_eq!(back.status, Status::UnprocessableEntity);
        assert!(back.fault("place").is_some());
    }

    async fn while_somebody_writes_what_is_known_is_shown_and_nothing_is_kept(town: Town) {
        let told = town.reports("三号梯不动").await;
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let asked = async |words: &str, place: &str| -> serde_json::Value {
            let form = filled(&worker, FORM, &[("words", words), ("place", place)]).await;
            let answer = worker.posts("/b/tingqiao/report/similar", &fields(&form)).await;
            assert_eq!((answer.status, answer.header("cache-control")), (Status::Ok, Some("no-store")));
            serde_json::from_str(&answer.body).expect("JSON")
        };
        let same = asked("电梯停在一楼不开门，故障了", "S1E").await;
        assert_eq!(same["kind"], "lift.fault");
        assert!(same["say"].as_str().is_some_and(|s| s.contains("电梯停运") && s.contains("故障")), "{same}");
        assert!(same["known"].as_str().is_some_and(|k| k.contains("/b/tingqiao/issues/1/me-too")), "{same}");
        // Neither another kind at another place, nor what only its reporter wrote, brings it up.
        for place in ["S1G", "S1E"] {
            let other = asked("空调太冷", place).await;
            assert_eq!(other["known"], "", "another kind, at {place}: {other}");
        }
        let guessed = asked("三号梯不动", "S1G").await;
        assert!(!guessed["known"].as_str().is_some_and(|k| k.contains("三号梯")), "{guessed}");
        assert_eq!(reports_kept(&town).await, 1);

        // One tap, and what was written goes along.
        let form = filled(&worker, FORM, &[("words", "门一直开着")]).await;
        let to = worker.posts("/b/tingqiao/issues/1/me-too", &fields(&form)).await;
        assert!(worker.reads(&format!("/r/{}", receipt(&to))).await.says("门一直开着"));
        assert_eq!(town.now(told.matter).await.reports, 2);
    }

    async fn a_photo_may_travel_ahead_of_its_form(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let to = "/b/tingqiao/report/photos";
        let form = filled(&worker, FORM, &[("words", "门禁的读头掉了")]).await;
        let token = form.iter().find(|(n, _)| n == "token").expect("a token").1.clone();
        let ahead = async |bytes: &[u8], token: &str| {
            let answer = worker.uploads(to, &[("token", token)], &[Chosen { field: "photos", name: "a.jpg", bytes }]).await;
            let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
            (answer.status, body)
        };
        let (status, stored) = ahead(&pictures::jpeg(900, 600), &token).await;
        assert_eq!(status, Status::Ok);
        let sealed = stored["sealed"].as_str().expect("a sealed name").to_owned();
        worker.reads(stored["src"].as_str().expect("a picture")).await;
        assert_eq!(site.visitor().on_phone(2).opens(stored["src"].as_str().expect("a picture")).await.status, Status::NotFound);
        let (status, refused) = ahead(b"this is text", &token).await;
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(refused["error"].as_str().is_some_and(|e| e.contains("不是照片")), "{refused}");
        assert_eq!(ahead(&pictures::jpeg(90, 60), "").await.0, Status::Conflict, "a form of ours, or nothing");

        let whole: Vec<(String, String)> = form.into_iter().chain([("kept".to_owned(), sealed)]).collect();
        let first = receipt(&worker.posts(FILES, &fields(&whole)).await);
        // The answer was lost on the way: sent once more it is the same report, with the same photo.
        assert_eq!(receipt(&worker.posts(FILES, &fields(&whole)).await), first);
        worker.reads(&format!("/r/{first}/photos/1")).await;
        assert_eq!(worker.opens(&format!("/r/{first}/photos/2")).await.status, Status::NotFound);
        assert_eq!(reports_kept(&town).await, 1);
    }

    async fn the_page_without_a_network_holds_nothing_of_anybody(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let worker_script = worker.reads("/sw.js").await;
        assert!(worker_script.header("content-type").is_some_and(|t| t.starts_with("text/javascript") || t.starts_with("application/javascript")), "{:?}", worker_script.header("content-type"));
        assert!(!worker_script.body.contains("ASSETS") && !worker_script.body.contains("VERSION"));
        for address in worker_script.body.split('"').filter(|a| a.starts_with("/static/")) {
            worker.reads(address).await;
        }
        let page = worker.reads("/offline").await;
        assert!(page.says("现在没有网") && !page.body.contains("name=\"token\""), "{}", page.text());
        assert!(worker.in_english().reads("/offline").await.says("No network"));
    }
}
