//! A mail becomes a report, and its writer gets a receipt that can be answered.

use louyi::domain::messages;
use louyi::domain::reports::{self, Channel, MayKnow, Release};
use louyi::kernel::i18n::Lang;
use rocket::http::Status;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use super::{brought, came_to, from, taking};
use crate::support::browser::Site;
use crate::support::smtp::Sink;
use crate::support::{Town, on_both};
use crate::web::pictures;

/// The newest report.
async fn newest(town: &Town) -> reports::Report {
    reports::Entity::find().order_by_desc(reports::Column::Id).one(town.house.read()).await.expect("reads").expect("a report")
}

async fn reports(town: &Town) -> usize {
    reports::Entity::find().all(town.house.read()).await.expect("reads").len()
}

on_both! {
    /// In the charset of an old office program: filed where its words say, held for release, unknown to everybody; the answer
    /// threads, names nobody, and leads back to the same matter.
    async fn a_mail_becomes_a_report_and_a_reply_finds_it(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let mail = from("林晓棠 <lin@example.org>").id("a1@example.org").subject_in("gb18030", "候梯太久").with("References", "<older@example.org>");
        let mail = mail.text_in("text/plain", "gb18030", "南座1楼东电梯厅，早上排到门外，等了二十分钟。\r\n\r\n-- \r\n林晓棠\r\n某某公司 行政部\r\n13800000000\r\n");
        let answer = brought(&site, &mail.raw()).await;
        assert_eq!((answer.status, answer.body.as_str()), (Status::Ok, r#"{"outcome":"filed","reason":null,"issue":"TQ-1","again":false}"#));
        let report = newest(&town).await;
        assert_eq!((report.channel, report.may_know, report.release), (Channel::Mail, MayKnow::Nobody, Release::Waiting));
        assert_eq!(report.words.as_deref(), Some("候梯太久\n南座1楼东电梯厅，早上排到门外，等了二十分钟。"), "and no signature");
        assert_eq!((report.place_id, report.category.as_str()), (town.lobby.id, "lift.queue"));
        let mails = came_to(&house, &sink, "lin@example.org").await;
        assert_eq!(mails.len(), 1, "one answer");
        let receipt = &mails[0];
        assert_eq!(receipt.header("Subject").as_deref(), Some("收到了：TQ-1 候梯太久"), "the kind, not the words");
        assert_eq!(receipt.header("Auto-Submitted").as_deref(), Some("auto-replied"));
        assert_eq!(receipt.header("In-Reply-To").as_deref(), Some("<a1@example.org>"));
        assert_eq!(receipt.header("References").as_deref(), Some("<older@example.org> <a1@example.org>"));
        let reply_to = receipt.header("Reply-To").expect("an address to answer");
        let token = reply_to.strip_prefix("tingqiao+").and_then(|r| r.strip_suffix("@mail.louyi.example")).expect("a thread");
        assert_eq!(token.len(), 32);
        let body = receipt.body();
        let own = format!("https://louyi.example/r/{}", reports::receipt_of(house.keys(), report.id));
        assert!(body.contains(&own) && body.contains("没有人知道是您写的") && !body.contains("二十分钟"), "{body}");
        let staff = sink.mails().into_iter().find(|m| m.to == ["ana@louyi.example"]).expect("the desk hears of it");
        assert!(!staff.source.contains(token) && staff.header("Reply-To").is_none());
        // The reply, with everything that programs hang below it.
        let reply = from("lin@example.org").id("a2@example.org").with("To", &reply_to).with("In-Reply-To", "<x@louyi.example>").subject("回复：收到了：TQ-1");
        let reply = reply.text("今天也一样，九点还在排。\n\n发自我的iPhone\n\n------------------ 原始邮件 ------------------\n发件人: \"楼议\" <louyi@localhost>\n发送时间: 2026年11月23日\n收件人: \"林晓棠\"\n主题: 收到了\n\n您写给汀桥的信收到了");
        assert_eq!(brought(&site, &reply.raw()).await.body, r#"{"outcome":"added","reason":null,"issue":"TQ-1","again":false}"#);
        let said = messages::for_report(town.house.read(), report.issue_id, report.id).await.expect("reads");
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].words.as_deref(), Some("今天也一样，九点还在排。"));
        assert_eq!((said[0].report_id, reports(&town).await), (Some(report.id), 1));
        assert_eq!(came_to(&house, &sink, "lin@example.org").await.len(), 1, "a reply that was taken whole needs no answer");
        // Every other letter to its reporter can be answered the same way.
        town.staff.asks(crate::support::Matter(report.issue_id), "几点？").await.expect("asked");
        let asked = came_to(&house, &sink, "lin@example.org").await.remove(1);
        assert_eq!(asked.header("Reply-To").as_deref(), Some(reply_to.as_str()));
        assert!(asked.body().contains("直接回信就是补充"), "{}", asked.body());
    }

    /// Without the token a name says nothing: a mail in somebody's name opens a matter of its own, and what is answered goes
    /// to that name's mailbox. A token that was guessed leads nowhere.
    async fn a_borrowed_name_reads_nothing(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        brought(&site, &from("lin@example.org").id("b1@example.org").text("灯坏了").raw()).await;
        let report = newest(&town).await;
        let forged = from("lin@example.org").id("b2@example.org").with("In-Reply-To", "<b1@example.org>").subject("Re: TQ-1").text("请把回执再发一次");
        assert!(brought(&site, &forged.raw()).await.body.contains(r#""outcome":"filed""#), "a matter of its own");
        let said = messages::for_report(town.house.read(), report.issue_id, report.id).await.expect("reads");
        assert!(said.is_empty());
        for address in [format!("tingqiao+{}@mail.louyi.example", "0".repeat(32)), "tingqiao+1@mail.louyi.example".into()] {
            let guessed = from("eve@example.net").id(&format!("{address}b")).with("To", &address).text("让我看看");
            let answer = brought(&site, &guessed.raw()).await;
            assert!(answer.body.contains(r#""outcome":"refused","reason":"unknown_thread""#), "{}", answer.body);
        }
        let to_eve = came_to(&house, &sink, "eve@example.net").await;
        assert!(to_eve.len() == 2 && to_eve[0].body().contains("回信地址不对") && !to_eve[0].body().contains("/r/"), "{to_eve:?}");
        let own = reports::receipt_of(house.keys(), report.id);
        assert!(sink.mails().iter().filter(|m| m.source.contains(&own)).all(|m| m.to == ["lin@example.org"]));
        assert!(sink.mails().iter().all(|m| !m.body().contains(&own) || m.to == ["lin@example.org"]));
        // Another building's name before the right token is no way in either.
        let elsewhere = from("lin@example.org").id("b5@example.org").with("To", &format!("yuntai+{}@mail.louyi.example", "0".repeat(32))).text("x");
        assert!(brought(&site, &elsewhere.raw()).await.body.contains("unknown_thread"));
    }

    /// Photos are kept as everywhere, other files are named in the answer, and what a signature is adorned with is nothing.
    async fn attachments_are_kept_or_named(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let photo = pictures::jpeg(640, 480);
        let mail = from("lin@example.org").id("c1@example.org").subject("漏水").text("茶水间地上都是水").file("IMG_1.JPG", "image/jpeg", false, &photo);
        let mail = mail.file("logo.png", "image/png", true, &pictures::jpeg(20, 20)).file("现场.jpg", "application/octet-stream", false, &pictures::jpeg(300, 200));
        let mail = mail.file("合同.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false, b"PK\x03\x04").file("坏.jpg", "image/jpeg", false, b"\xff\xd8\xffnothing");
        let mail = mail.file("smime.p7s", "application/pkcs7-signature", false, b"x");
        assert_eq!(brought(&site, &mail.raw()).await.status, Status::Ok);
        let report = newest(&town).await;
        let kept = louyi::domain::attachments::of_report(town.house.read(), report.id).await.expect("reads");
        assert_eq!(kept.iter().map(|p| (p.width, p.height)).collect::<Vec<_>>(), [(640, 480), (300, 200)]);
        assert!(kept.iter().all(|p| p.media == "image/jpeg" && p.released_at.is_none()));
        let answer = came_to(&house, &sink, "lin@example.org").await.remove(0).body();
        assert!(answer.contains("没有留下的附件：合同.docx、坏.jpg。"), "{answer}");
        assert!(!answer.contains("logo") && !answer.contains("p7s"), "{answer}");
        // Only a photo, and not a word: still a report.
        let wordless = from("lin@example.org").id("c2@example.org").file("a.jpg", "image/jpeg", false, &pictures::jpeg(100, 100));
        brought(&site, &wordless.raw()).await;
        assert_eq!(newest(&town).await.words.as_deref(), Some("（信里只有照片）"));
        // Seven photos: six, and the seventh by name.
        let mut many = from("lin@example.org").id("c3@example.org").text("很多照片");
        for n in 0..7u32 {
            many = many.file(&format!("{n}.jpg"), "image/jpeg", false, &pictures::jpeg(50 + n, 40));
        }
        brought(&site, &many.raw()).await;
        let report = newest(&town).await;
        assert_eq!(louyi::domain::attachments::of_report(town.house.read(), report.id).await.expect("reads").len(), 6);
        let answer = came_to(&house, &sink, "lin@example.org").await.remove(2).body();
        assert!(answer.contains("没有留下的附件：6.jpg。"), "{answer}");
    }

    /// Whatever a program writes in: HTML alone, Big5, GBK, English.
    async fn every_charset_is_read(town: Town) {
        let sink = Sink::start().await;
        let house = taking(&town, &sink, None).await;
        let site = Site::of(&house).await;
        let html = "<html><head><style>p{color:red}</style></head><body><p>三楼的灯<b>坏了</b></p><p>两天了&nbsp;&amp;没人来</p><script>alert(1)</script></body></html>";
        brought(&site, &from("a@example.org").id("d1@example.org").text_in("text/html", "gbk", html).raw()).await;
        let words = newest(&town).await.words.expect("words");
        assert!(words.starts_with("三楼的灯坏了") && words.contains("&没人来") && !words.contains(['<', '>']) && !words.contains("alert"), "{words}");
        brought(&site, &from("b@example.org").id("d2@example.org").subject_in("big5", "故障").text_in("text/plain", "big5", "電梯壞了").raw()).await;
        assert_eq!(newest(&town).await.words.as_deref(), Some("故障\n電梯壞了"));
        brought(&site, &from("c@example.org").id("d3@example.org").subject("Lift stuck").text("The lift stands still on 12.").raw()).await;
        let report = newest(&town).await;
        assert_eq!(Lang::from_tag(&report.locale), Lang::En);
        let answer = came_to(&house, &sink, "c@example.org").await.remove(0);
        assert_eq!(answer.header("Content-Language").as_deref(), Some("en"));
        let place = louyi::domain::buildings::place_by_id(town.house.read(), report.place_id).await.expect("a place");
        assert_eq!((place.code.as_str(), place.name.as_str()), ("ALL", "整幢楼"), "nothing else is named");
        // A long letter loses nothing of its first four thousand characters.
        let long = "灯".repeat(4100);
        brought(&site, &from("d@example.org").id("d4@example.org").text(&long).raw()).await;
        let report = newest(&town).await;
        let said = messages::for_report(town.house.read(), report.issue_id, report.id).await.expect("reads");
        let kept = report.words.expect("words").chars().count() + said[0].words.as_deref().expect("words").chars().count();
        assert_eq!(kept, 4000);
        assert!(came_to(&house, &sink, "d@example.org").await[0].body().contains("只留了前4000个字"));
    }
}
