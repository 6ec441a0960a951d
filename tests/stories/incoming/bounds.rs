//! Mails that are too much: a clear answer to whoever wrote them, and the server goes on.

use louyi::domain::incoming::{Unreadable, read};
use louyi::domain::reports;
use louyi::jobs;
use rocket::http::Status;
use sea_orm::EntityTrait as _;

use super::{brought, came_to, from, taking};
use crate::support::browser::Site;
use crate::support::on_both;
use crate::support::smtp::Sink;

/// A hundred envelopes in one another.
fn nested(parts: usize) -> Vec<u8> {
    let mut out = b"From: lin@example.org\r\nTo: tingqiao@mail.louyi.example\r\nMessage-ID: <nested@example.org>\r\n".to_vec();
    for n in 0..parts {
        out.extend(format!("Content-Type: multipart/mixed; boundary=\"e{n}\"\r\n\r\n--e{n}\r\n").into_bytes());
    }
    out.extend(b"Content-Type: text/plain\r\n\r\nhello\r\n");
    out
}

#[test]
fn bombs_are_seen_before_they_go_off() {
    let head = "From: lin@example.org\r\nTo: tingqiao@mail.louyi.example\r\n";
    let many = format!("{head}{}\r\nhello\r\n", "X-A: b\r\n".repeat(60_000));
    assert_eq!(read(many.as_bytes()).err(), Some(Unreadable::NoMail), "a header that never ends");
    let long = format!("{head}Subject: {}\r\n\r\nhello\r\n", "x".repeat(300 << 10));
    assert_eq!(read(long.as_bytes()).err(), Some(Unreadable::NoMail));
    let edges = format!("{head}Content-Type: multipart/mixed; boundary=e\r\n\r\n{}", "--e\r\n\r\na\r\n".repeat(100_000));
    assert_eq!(read(edges.as_bytes()).err(), Some(Unreadable::TooManyParts));
    let lines = format!("{head}Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n{}", "a:b\r\n".repeat(200_000));
    assert_eq!(read(lines.as_bytes()).err(), Some(Unreadable::TooManyParts), "headers within a part");
    assert_eq!(read(&nested(150)).err(), Some(Unreadable::TooManyParts));
    for nothing in [&b""[..], b"\r\n\r\n", b"\0\0\0\0", b"hello", &[0xff; 4000]] {
        assert_eq!(read(nothing).err(), Some(Unreadable::NoMail), "{nothing:?}");
    }
    // Every beginning of an ordinary mail is read or refused, never a fault.
    let whole = from("lin@example.org").subject("灯").text("灯坏了").file("a.jpg", "image/jpeg", false, &[0xff, 0xd8, 0xff, 1, 2, 3]).raw();
    for end in 0..whole.len() {
        let _ = read(&whole[..end]);
    }
}

on_both! {
    async fn what_is_too_much_is_said(town: Town) {
        let sink = Sink::start().await;
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["new", "cur", "tmp"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let house = taking(&town, &sink, Some(folder.path())).await;
        let site = Site::of(&house).await;
        let mut huge = from("lin@example.org").id("m1@example.org").raw();
        huge.resize(50 << 20, b'a');
        let answer = brought(&site, &huge).await;
        assert_eq!((answer.status, answer.header("content-type")), (Status::PayloadTooLarge, Some("application/problem+json")));
        assert!(answer.body.contains("25 MB"), "{}", answer.body);
        assert!(came_to(&house, &sink, "lin@example.org").await.remove(0).body().contains("25 MB"), "its writer hears of it too");
        let mut huge = from("wei@example.org").id("m2@example.org").raw();
        huge.resize(50 << 20, b'a');
        std::fs::write(folder.path().join("new/1.host"), &huge).expect("writes");
        jobs::round(&house).await.expect("a round");
        assert!(folder.path().join("cur/1.host:2,F").exists());
        assert!(came_to(&house, &sink, "wei@example.org").await.remove(0).body().contains("25 MB"));
        let answer = brought(&site, &nested(150)).await;
        assert!(answer.body.contains(r#""reason":"too_many_parts""#), "{}", answer.body);
        let fine = brought(&site, &nested(40)).await;
        assert!(fine.status == Status::Ok && fine.body.contains("filed"), "forty are odd, and still a mail: {}", fine.body);
        for (n, (mail, reason)) in [
            (from("zoe@example.org").text("  \n "), "no_text"),
            (from("zoe@example.org").with("To", "nobody@mail.louyi.example").text("灯"), "unknown_building"),
            (from("zoe@example.org").with("To", "tingqiao@elsewhere.example").text("灯"), "no_address"),
        ].into_iter().enumerate() {
            let answer = brought(&site, &mail.id(&format!("n{n}@example.org")).raw()).await;
            assert!(answer.status == Status::Ok && answer.body.contains(&format!(r#""reason":"{reason}""#)), "{reason}: {}", answer.body);
            assert_eq!(came_to(&house, &sink, "zoe@example.org").await.len(), n + 1, "{reason} is said");
        }
        // Nobody to answer: then who brings it hears of it.
        let answer = brought(&site, &from("").with("Subject", "x").id("n9@example.org").text("灯").raw()).await;
        assert_eq!(answer.status, Status::UnprocessableEntity);
        assert!(answer.body.contains("看不出信是谁写的"), "{}", answer.body);
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 1);
    }
}
