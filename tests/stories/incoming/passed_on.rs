//! Somebody passes a mail on as it is: what is in it is what they mean, within the same bounds.

use louyi::domain::incoming::{Unreadable, read};
use louyi::domain::reports;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::{brought, taking};
use crate::support::browser::Site;
use crate::support::on_both;
use crate::support::smtp::Sink;
use crate::web::pictures;

/// Forwarded as an attachment by a mail program: an empty text, and the mail as it came, with its photo.
fn passed_on(inner: &[u8]) -> Vec<u8> {
    let mut mail = b"From: =?UTF-8?B?5p6X5pmT5qOg?= <lin@example.org>\r\n\
To: tingqiao@mail.louyi.example\r\n\
Subject: =?UTF-8?B?6L2s5Y+R77ya?=\r\n\
Date: Mon, 23 Nov 2026 09:10:00 +0800\r\n\
Message-ID: <fwd1@example.org>\r\n\
User-Agent: Mozilla Thunderbird\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"------------outer\"\r\n\r\n\
This is a multi-part message in MIME format.\r\n\
--------------outer\r\n\
Content-Type: text/plain; charset=UTF-8; format=flowed\r\n\
Content-Transfer-Encoding: 7bit\r\n\r\n\r\n\
--------------outer\r\n\
Content-Type: message/rfc822; charset=UTF-8; name=\"mail.eml\"\r\n\
Content-Disposition: attachment; filename=\"mail.eml\"\r\n\r\n"
        .to_vec();
    mail.extend(inner);
    mail.extend(b"\r\n--------------outer--\r\n");
    mail
}

fn inner(photo: &[u8]) -> Vec<u8> {
    super::from("wang@example.org").subject("闸机").text("南座1楼闸机刷了卡不开，队排到门外。").file("IMG_2.jpg", "image/jpeg", false, photo).raw()
}

#[test]
fn the_mail_within_is_read_and_nothing_else() {
    let mail = read(&passed_on(&inner(&pictures::jpeg(300, 200)))).expect("a mail");
    assert_eq!(mail.text, "南座1楼闸机刷了卡不开，队排到门外。");
    assert_eq!((mail.pictures.len(), mail.pictures[0].name.as_str(), mail.others.len()), (1, "IMG_2.jpg", 0));
    assert_eq!(mail.from.as_deref(), Some("lin@example.org"), "who passed it on wrote it");
    // Passed on twice.
    let twice = read(&passed_on(&passed_on(&inner(&pictures::jpeg(300, 200))))).expect("a mail");
    assert_eq!((twice.text.as_str(), twice.pictures.len()), (mail.text.as_str(), 1));
    // With words of one's own those are what is said, and the mail is an attachment by its name.
    let own = String::from_utf8(passed_on(b"From: wang@example.org\r\nSubject: x\r\n\r\nsomething else\r\n")).expect("text");
    let own = own.replacen("Content-Transfer-Encoding: 7bit\r\n\r\n\r\n", "Content-Transfer-Encoding: 7bit\r\n\r\n看看这个\r\n", 1);
    let own = read(own.as_bytes()).expect("a mail");
    assert_eq!((own.text.as_str(), own.others.len()), ("看看这个", 1));
}

#[test]
fn bounds_hold_within() {
    let many = (0..150)
        .fold(super::from("wang@example.org").text("灯坏了"), |letter, n| letter.file(&format!("{n}.bin"), "application/x-y", false, b"1"));
    assert_eq!(read(&passed_on(&many.raw())).err(), Some(Unreadable::TooManyParts));
    let deep = (0..60).fold(inner(b"x"), |mail, _| passed_on(&mail));
    let read = read(&deep);
    assert!(matches!(read.as_ref().map(|m| m.text.len() < 2_000), Ok(true)) || read.err() == Some(Unreadable::TooManyParts), "an end to it");
}

on_both! {
    async fn what_somebody_passes_on_becomes_a_report(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let answer = brought(&site, &passed_on(&inner(&pictures::jpeg(300, 200)))).await;
        assert!(answer.body.contains(r#""outcome":"filed""#), "{}", answer.body);
        let report = reports::Entity::find().order_by_desc(reports::Column::Id).one(town.house.read()).await.expect("reads").expect("a report");
        assert!(report.words.as_deref().is_some_and(|w| w.contains("刷了卡不开")), "{:?}", report.words);
        let photos = louyi::domain::attachments::of_report(town.house.read(), report.id).await.expect("reads");
        assert_eq!(photos.len(), 1, "its photo came along");
    }
}
