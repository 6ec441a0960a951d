//! Bad input, as a table: each row is refused with a message in the reader's language, beside the field where it belongs
//! to one, what was typed is kept, the status is one of 4xx, and nothing is stored by half.

use rocket::http::{ContentType, Status};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::pictures;
use super::reports::{FILES, FORM, fields, filled, receipt, reports_kept};
use crate::support::browser::{Chosen, Page};
use crate::support::on_both;

/// One row: what is changed in a good form, and what comes back.
struct Row {
    what: &'static str,
    typed: Vec<(&'static str, String)>,
    files: Vec<Vec<u8>>,
    status: Status,
    field: Option<&'static str>,
    zh: &'static str,
    en: &'static str,
}

fn row(what: &'static str, field: &'static str, value: impl Into<String>, zh: &'static str, en: &'static str) -> Row {
    Row { what, typed: vec![(field, value.into())], files: vec![], status: Status::UnprocessableEntity, field: Some(field), zh, en }
}

fn photo(what: &'static str, bytes: Vec<u8>, zh: &'static str, en: &'static str) -> Row {
    Row { what, typed: vec![], files: vec![bytes], status: Status::UnprocessableEntity, field: Some("photos"), zh, en }
}

fn table() -> Vec<Row> {
    let mut many: Vec<(&'static str, String)> = (0..1000).map(|n| ("filler", n.to_string())).collect();
    many.rotate_left(1);
    vec![
        row("empty words", "words", "", "还没写怎么了", "You have not said what is wrong"),
        row("only control characters", "words", "\u{1}\u{7}\u{202e}", "还没写怎么了", "You have not said what is wrong"),
        row("one character too many", "words", "电".repeat(2001), "最多2000个字，现在2001个", "2001"),
        row("an unknown kind", "category", "lift.dance", "没有这一类", "no such category"),
        row("an unknown place", "place", "Z99", "没有这个点位", "no such place"),
        row("no place", "place", "", "还没选在哪里", "No place is chosen yet"),
        row("an unknown choice of who may know", "may_know", "everybody", "没有这个选项", "no such choice"),
        row("a number for a choice", "may_know", "7", "没有这个选项", "no such choice"),
        row("a tenant that isn't one", "organisation", "tq-property", "没有这个选项", "no such choice"),
        row("a telephone of letters", "phone", "call me", "这不像电话号码", "does not look like a telephone number"),
        row("a name too long", "name", "林".repeat(41), "最多40个字，现在41个", "41"),
        row("no mail address", "email", "lin.example.com", "这不像邮箱地址", "does not look like an email address"),
        row("a mail address with a line end", "email", "a@b.cn\r\nBcc: all@b.cn", "这不像邮箱地址", "does not look like an email address"),
        photo("a text called .jpg", b"this is text".to_vec(), "第1个文件不是照片", "File 1 is not a photo"),
        photo("a photo of 22 MB", pictures::of_bytes(22_100_000), "第1张太大，最大20MB", "Photo 1 is too large; the limit is 20 MB"),
        photo("a decompression bomb", pictures::bomb(), "第1张的像素太多", "Photo 1 has too many pixels"),
        photo("half a photo", pictures::jpeg(800, 600)[..4000].to_vec(), "第1张没传完整", "Photo 1 is damaged"),
        photo("a HEIC", pictures::heic(), "兼容性最佳", "Most Compatible"),
        Row {
            what: "eight photos",
            typed: vec![],
            files: (1..=8).map(|n| pictures::jpeg(20 + n, 20)).collect(),
            status: Status::UnprocessableEntity,
            field: Some("photos"),
            zh: "照片最多6张",
            en: "At most 6 photos",
        },
        Row {
            what: "a thousand fields",
            typed: many,
            files: vec![],
            status: Status::Conflict,
            field: None,
            zh: "一次交的东西太多了",
            en: "Too much at once",
        },
        Row {
            what: "no token",
            typed: vec![("token", String::new())],
            files: vec![],
            status: Status::Conflict,
            field: None,
            zh: "这张表放得太久了",
            en: "too long",
        },
        Row {
            what: "a forged token",
            typed: vec![("token", "6b0535f0.00000000000000000000000000000000".into())],
            files: vec![],
            status: Status::Conflict,
            field: None,
            zh: "这张表放得太久了",
            en: "too long",
        },
    ]
}

fn check(row: &Row, page: &Page, english: bool) {
    let (what, text) = (row.what, page.text());
    assert_eq!(page.status, row.status, "{what}: {text}");
    let expected = if english { row.en } else { row.zh };
    match row.field {
        Some(field) => {
            let said = page.fault(field).unwrap_or_else(|| panic!("{what}: nothing beside {field}: {text}"));
            assert!(said.contains(expected), "{what}: {said}");
            assert!(page.body.contains(&format!("href=\"#{field}\"")), "{what}: the summary leads to the field");
        }
        None => assert!(text.contains(expected), "{what}: {text}"),
    }
    let form = page.form(FILES).unwrap_or_else(|| panic!("{what}: the form is gone"));
    for (name, value) in [("words", "门口的灯坏了 😀𠮷"), ("category", "env.noise"), ("place", "S1E")] {
        if row.typed.iter().all(|(n, _)| *n != name) {
            assert!(form.iter().any(|(n, v)| n == name && v == value), "{what}: {name} is kept, but the form has {form:?}");
        }
    }
    for (name, value) in row.typed.iter().filter(|(n, _)| ["words", "phone", "name"].contains(n)) {
        let kept = form.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
        assert!(kept == value || what == "only control characters", "{what}: what was typed is shown again, not {kept}");
    }
}

on_both! {
    async fn every_row_of_the_table_is_refused_and_stores_nothing(town: Town) {
        let site = town.site().await;
        for (n, row) in table().iter().enumerate() {
            for english in [false, true] {
                let reader = site.visitor().on_phone(100 + 2 * n as u32 + u32::from(english));
                let reader = if english { reader.in_english() } else { reader };
                let mut form = filled(&reader, FORM, &[("category", "env.noise"), ("words", "门口的灯坏了 😀𠮷")]).await;
                for (name, _) in &row.typed {
                    form.retain(|(n, _)| n != name);
                }
                form.extend(row.typed.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
                let files: Vec<Chosen<'_>> = row.files.iter().map(|bytes| Chosen { field: "photos", name: "IMG_1.jpg", bytes }).collect();
                check(row, &reader.uploads(FILES, &fields(&form), &files).await, english);
                assert_eq!(reports_kept(&town).await, 0, "{}", row.what);
            }
        }
        let issues = louyi::domain::issues::Entity::find().count(town.house.read()).await.expect("counts");
        assert_eq!(issues, 0);
    }

    async fn lengths_count_characters_not_bytes(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let words = "𠮷".repeat(2000);
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", &words)]).await;
        receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
    }

    async fn control_characters_are_left_out_and_line_ends_kept(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", "第一\u{0}行\r\n第\u{8}二行\u{202e}")]).await;
        receipt(&worker.uploads(FILES, &fields(&form), &[]).await);
        let report = louyi::domain::reports::Entity::find().one(town.house.read()).await.expect("reads").expect("a report");
        assert_eq!(report.words.as_deref(), Some("第一行\n第二行"));
    }

    async fn invalid_utf8_is_no_fault_of_ours(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "env.noise")]).await;
        let mut body: Vec<u8> = form.iter().filter(|(n, _)| n != "words").flat_map(|(n, v)| format!("{n}={v}&").into_bytes()).collect();
        body.extend(b"words=%ff%fe%c3%28");
        let answer = worker.posts_raw(FILES, ContentType::Form, body).await;
        assert!(answer.status == Status::SeeOther || answer.status.class().is_client_error(), "{}", answer.status);
        let raw = [&b"words="[..], &[0xff, 0xfe, 0x00]].concat();
        let answer = worker.posts_raw(FILES, ContentType::Form, raw).await;
        assert!(answer.status.class().is_client_error(), "{}", answer.status);
        let strange = site.visitor().on_phone(2).posts_raw(FILES, ContentType::JSON, "{}").await;
        assert!(strange.status.class().is_client_error(), "{}", strange.status);
        assert_eq!(site.visitor().on_phone(3).posts_raw(FILES, ContentType::Form, "").await.status, Status::Conflict);
    }

    async fn what_is_not_there_is_not_there(town: Town) {
        let site = town.site().await;
        let visitor = site.visitor();
        for path in ["/b/nowhere/report", "/b/tingqiao/issues/77/me-too", "/b/tingqiao/issues/x/me-too", "/r/AAAAAAAAAAAAAAAAAAAAAA", "/r/short"] {
            assert_eq!(visitor.opens(path).await.status, Status::NotFound, "{path}");
        }
        for path in ["/b/tingqiao/report?place=Z99", "/b/tingqiao/report?poster=none22", "/b/tingqiao/report?place=S18%00"] {
            let page = visitor.opens(path).await;
            assert_eq!(page.status, Status::NotFound, "{path}");
            assert!(page.fault("place").is_some(), "{path}: {}", page.text());
            assert!(page.form(FILES).is_some(), "{path}: a place can be picked instead");
        }
        visitor.reads("/b/tingqiao/report?place=S1E&category=nothing").await;
    }

    async fn a_form_of_three_days_ago_is_shown_again(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", "门口的灯坏了")]).await;
        town.lets_pass(chrono::Duration::days(4));
        let old = worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &pictures::jpeg(60, 40) }]).await;
        assert_eq!(old.status, Status::Conflict);
        let again = old.form(FILES).expect("the form");
        assert!(again.iter().any(|(n, _)| n == "kept"), "the photo is kept too");
        receipt(&worker.uploads(FILES, &fields(&again), &[]).await);
        // Another browser's token is worth nothing.
        let form = filled(&worker, FORM, &[("category", "env.noise"), ("words", "别人的表")]).await;
        assert_eq!(site.visitor().on_phone(2).uploads(FILES, &fields(&form), &[]).await.status, Status::Conflict);
    }

    async fn another_site_files_nothing(town: Town) {
        let site = town.site().await;
        let form = filled(&site.visitor(), FORM, &[("category", "env.noise"), ("words", "从别处来的")]).await;
        for (header, value) in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")] {
            let evil = site.visitor().sending(header, value);
            let photo = pictures::jpeg(60, 40);
            let refused = evil.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &photo }]).await;
            assert_eq!(refused.status, Status::Forbidden, "{header}: {value}");
            assert!(!refused.body.contains("name=\"kept\""), "not even a picture is stored");
        }
        assert_eq!(reports_kept(&town).await, 0);
        let ours = site.visitor().sending("Origin", "https://louyi.example");
        receipt(&ours.uploads(FILES, &fields(&form), &[]).await);
    }
}
