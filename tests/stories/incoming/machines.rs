//! Machines: what they answer is no report, what they pass on may be one; none of them is ever answered.

use louyi::domain::reports;
use rocket::http::{ContentType, Status};
use sea_orm::EntityTrait as _;

use super::{brought, came_to, from, taking};
use crate::support::browser::Site;
use crate::support::on_both;
use crate::support::smtp::Sink;

on_both! {
    async fn loops_end_here(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let own_id = format!("{}@louyi.example", "ab".repeat(16));
        for (n, (name, value)) in [
            ("Auto-Submitted", "auto-replied (vacation)"),
            ("Precedence", "auto_reply"),
            ("X-Autoreply", "yes"),
            ("Return-Path", "<>"),
            ("Content-Type", "multipart/report; report-type=delivery-status; boundary=x"),
            ("Message-ID", &format!("<{own_id}>")),
            ("From", "楼议 <louyi@localhost>"),
            ("From", "yuntai@mail.louyi.example"),
        ].into_iter().enumerate() {
            let mail = from("lin@example.org").id(&format!("e{n}@example.org")).with(name, value);
            let mail = if name == "Content-Type" { mail } else { mail.text("我不在办公室，周一回来。") };
            let answer = brought(&site, &mail.raw()).await;
            assert!(answer.status == Status::Ok && answer.body.contains(r#""outcome":"ignored""#), "{name}: {value}: {}", answer.body);
        }
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 0);
        for (n, (name, value)) in [
            ("Auto-Submitted", "auto-generated"), ("Precedence", "list"), ("Precedence", "bulk"), ("List-Id", "<tenants.example.org>"), ("X-Auto-Response-Suppress", "DR, All"),
        ].into_iter().enumerate() {
            let mail = from("list@example.org").id(&format!("f{n}@example.org")).with(name, value).text("大堂的灯坏了");
            assert!(brought(&site, &mail.raw()).await.body.contains(r#""outcome":"filed""#), "somebody may have meant it: {name}: {value}");
        }
        assert!(came_to(&house, &sink, "lin@example.org").await.is_empty() && came_to(&house, &sink, "list@example.org").await.is_empty());
        // "no" is said by programs that know the standard; it is a person.
        let person = from("lin@example.org").id("g@example.org").with("Auto-Submitted", "no").with("X-Auto-Response-Suppress", "OOF").text("灯坏了");
        brought(&site, &person.raw()).await;
        assert_eq!(came_to(&house, &sink, "lin@example.org").await.len(), 1);
    }

    /// Of two machines that do not say what they are, one must stop: six answers an hour, twenty mails.
    async fn a_flood_is_answered_no_more(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        for n in 0..20 {
            let mail = from("bot@example.org").id(&format!("h{n}@example.org")).text(&format!("第{n}封"));
            assert_eq!(brought(&site, &mail.raw()).await.status, Status::Ok);
        }
        let answer = brought(&site, &from("bot@example.org").id("h20@example.org").text("又一封").raw()).await;
        assert_eq!((answer.status, answer.header("content-type")), (Status::TooManyRequests, Some("application/problem+json")));
        assert_eq!(came_to(&house, &sink, "bot@example.org").await.len(), 6);
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 20);
    }

    /// The door is a secret; where none is set there is no door.
    async fn the_hook_is_for_who_knows_the_secret(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let raw = from("lin@example.org").id("i@example.org").text("灯坏了").raw();
        for key in ["Bearer what-both-kno", "Bearer what-both-knows", "Basic what-both-know", "Bearer", "what-both-know"] {
            let refused = site.visitor().sending("Authorization", key).posts_raw("/hooks/mail", ContentType::Binary, raw.clone()).await;
            assert_eq!((refused.status, refused.header("www-authenticate")), (Status::Unauthorized, Some("Bearer")), "{key}");
            assert!(refused.body.contains("钥匙不对"), "{}", refused.body);
        }
        let shut = town.site().await.visitor().sending("Authorization", "Bearer what-both-know").posts_raw("/hooks/mail", ContentType::Binary, raw).await;
        assert!(shut.status == Status::NotFound && shut.body.contains("LOUYI_HOOK_SECRET"), "{}", shut.body);
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 0);
    }
}
