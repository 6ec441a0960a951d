//! Letters: owed with the act, sent afterwards, tried again, never lost and never twice; and what they say.

mod kinds;
mod limits;

use chrono::Duration;
use louyi::domain::sessions;
use louyi::jobs;
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::{Db, sql};
use louyi::kernel::i18n::Lang;
use louyi::kernel::keys::Keys;
use louyi::kernel::outbox;
use louyi::kernel::settings::{Secret, Settings};
use rocket::tokio;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};

use crate::support::smtp::Sink;
use crate::support::{Town, on_both};

const CANARY: &str = "金丝雀在三十六层唱歌";

/// The town's house as a process sees it whose letters go to this server.
async fn posting(town: &Town, url: Option<String>, demonstration: bool) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { mail_url: url.map(Secret::new), demonstration, ..town.house.settings().clone() };
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

async fn owed(town: &Town) -> Vec<outbox::Model> {
    // Oldest first: PostgreSQL gives rows in whatever order they were last written.
    outbox::Entity::find().order_by_asc(outbox::Column::CreatedAt).order_by_asc(outbox::Column::Id).all(town.house.read()).await.expect("letters")
}

async fn round(house: &House) {
    jobs::round(house).await.expect("a round");
}

on_both! {
    /// What a reporter gets: their language, their page, one click to end it, and not a word of what they wrote.
    async fn a_letter_arrives_whole(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, Some(sink.url()), false).await;
        let told = town.says(CANARY).named("林晓棠", "13800000000").by_mail("lin@example.org").files().await;
        round(&house).await;
        let mails = sink.mails();
        let mail = mails.iter().find(|m| m.to == ["lin@example.org"]).expect("a receipt");
        assert_eq!(mail.header("Subject").as_deref(), Some("收到了：TQ-1 候梯太久"));
        assert_eq!(mail.header("From").as_deref(), Some("楼议 <louyi@localhost>"));
        assert_eq!(mail.header("Content-Language").as_deref(), Some("zh-CN"));
        assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(mail.header("Date").as_deref(), Some("Mon, 23 Nov 2026 01:12:00 +0000"));
        let own = format!("https://louyi.example/r/{}", told.receipt);
        assert_eq!(mail.header("List-Unsubscribe"), Some(format!("<{own}/following>")));
        assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        let id = mail.header("Message-ID").expect("an id");
        assert!(id.ends_with("@louyi.example>") && id.len() > 40, "{id}");
        assert!(mail.body().contains(&own), "{}", mail.body());
        assert!(mail.source.lines().all(|l| l.len() <= 998 && l.is_ascii()), "any server passes it on");
        for mail in &mails {
            for word in [CANARY, "林晓棠", "13800000000"] {
                assert!(!mail.body().contains(word) && !mail.header("Subject").expect("one").contains(word), "{}", mail.source);
            }
            let private = mail.to != ["lin@example.org"];
            assert!(!private || !mail.source.contains(&told.receipt), "a receipt is its holder's");
        }
        let staff = mails.iter().find(|m| m.to == ["ana@louyi.example"]).expect("the desk hears of it");
        assert!(staff.body().contains("https://louyi.example/b/tingqiao/issues/1"), "{}", staff.body());
        assert_eq!(staff.header("List-Unsubscribe").as_deref(), Some("<https://louyi.example/me/telling>"));
        assert_eq!(staff.header("List-Unsubscribe-Post"), None, "nobody is signed out of duty by one click");
        round(&house).await;
        assert_eq!(sink.mails().len(), mails.len(), "once");
    }

    /// A server that says no is asked again, later and later; nothing is lost and nothing comes twice.
    async fn a_refused_letter_is_tried_again(town: Town) {
        let sink = Sink::start().await;
        town.says("灯坏了").by_mail("lin@example.org").files().await;
        town.house.db().upkeep().execute_unprepared("delete from outbox where report_id is null").await.expect("only the receipt");
        let house = posting(&town, Some(sink.url()), false).await;
        sink.refuses(&["451 4.7.1 <lin@example.org>: try again later", "550 5.1.1 <lin@example.org> unknown here"]);
        round(&house).await;
        let letter = owed(&town).await.remove(0);
        assert_eq!((letter.tries, letter.sent_at, letter.claimed_until), (1, None, None));
        let why = letter.last_error.clone().expect("a reason");
        assert!(why.contains("try again later") && !why.contains("lin@"), "{why}");
        assert_eq!(letter.due_at, house.now() + Duration::minutes(2));
        round(&house).await;
        assert_eq!(owed(&town).await[0].tries, 1, "not before its time");
        assert!(house.clock().set(letter.due_at));
        round(&house).await;
        assert_eq!(owed(&town).await[0].due_at, house.now() + Duration::minutes(4));
        assert!(house.clock().set(house.now() + Duration::minutes(4)));
        round(&house).await;
        let letter = owed(&town).await.remove(0);
        assert_eq!((letter.tries, letter.sent_at.is_some(), letter.last_error), (3, true, None));
        assert_eq!(sink.mails().len(), 1);
    }

    /// With the server gone for good, a letter is given up after eight tries and shown; it can still be sent then.
    async fn a_hopeless_letter_is_given_up_and_shown(town: Town) {
        town.says("灯坏了").by_mail("lin@example.org").files().await;
        town.house.db().upkeep().execute_unprepared("delete from outbox where report_id is null").await.expect("only the receipt");
        let house = posting(&town, Some("smtp://127.0.0.1:1".into()), false).await;
        for _ in 0..outbox::TRIES + 2 {
            jobs::round(&house).await.expect("a failing letter is no failing job");
            assert!(house.clock().set(house.now() + Duration::minutes(300)));
        }
        let letter = owed(&town).await.remove(0);
        assert_eq!(letter.tries, outbox::TRIES);
        assert!(letter.given_up_at.is_some() && letter.sent_at.is_none() && letter.last_error.is_some());
    }

    /// Many processes send beside one another; whoever dies in the middle is followed by another.
    async fn two_processes_send_each_letter_once(town: Town) {
        let sink = Sink::start().await;
        for n in 0..12 {
            town.says("灯坏了").on_device(&n.to_string()).by_mail(&format!("worker{n}@example.org")).files().await;
        }
        let (a, b) = (posting(&town, Some(sink.url()), false).await, posting(&town, Some(sink.url()), false).await);
        // A third one claimed a letter and was never seen again.
        let lost = outbox::claim(town.house.db(), town.house.now(), outbox::Held::default()).await.expect("claims").expect("a letter");
        let (x, y) = tokio::join!(jobs::round(&a), jobs::round(&b));
        x.expect("a round");
        y.expect("a round");
        let mut to: Vec<String> = sink.mails().into_iter().filter(|m| m.to[0].starts_with("worker")).map(|m| m.to[0].clone()).collect();
        let all = to.len();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), all, "no letter came twice");
        let open: Vec<_> = owed(&town).await.into_iter().filter(|l| l.sent_at.is_none()).collect();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].id, lost.id);
        assert!(a.clock().set(a.now() + Duration::minutes(3)));
        round(&a).await;
        assert!(owed(&town).await.iter().all(|l| l.sent_at.is_some()));
    }

    /// What was withdrawn, erased or ended meanwhile does not go out.
    async fn what_is_no_longer_wanted_is_not_sent(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, Some(sink.url()), false).await;
        let left = town.says("灯坏了").by_mail("left@example.org").files().await;
        let quiet = town.says("水漏了").by_mail("quiet@example.org").files().await;
        town.staff.accepts(left.matter, "马上看").await.expect("accepted");
        town.staff.accepts(quiet.matter, "马上看").await.expect("accepted");
        town.holder_of(&left).withdraws(&left).await.expect("withdrawn");
        town.holder_of(&quiet).does(async |act| {
            louyi::domain::reports::by_id(act.tx(), quiet.report).await?.unfollow(act).await
        }).await.expect("stops following");
        round(&house).await;
        let to: Vec<String> = sink.mails().into_iter().flat_map(|m| m.to).filter(|a| a.ends_with("example.org")).collect();
        assert!(to.is_empty(), "one took the report back, the other the address: {to:?}");
    }

    /// Without a mail server letters are kept, and the operator's page opens nobody's receipt.
    async fn kept_letters_are_veiled(town: Town) {
        let told = town.says("灯坏了").by_mail("lin@example.org").files().await;
        town.administrator.gets(async |act| {
            let person = louyi::domain::persons::by_id(act.tx(), town.secretary.id).await?;
            sessions::mail_link(act, &person, None).await
        }).await;
        let link: String = owed(&town).await.into_iter().find(|l| l.kind == "sign_in").map(|l| l.data).expect("owed");
        let token = link.split("/sign-in/").nth(1).and_then(|t| t.split('"').next()).expect("a token").to_owned();
        let house = posting(&town, None, false).await;
        round(&house).await;
        let db = town.house.read();
        let rows = db.query_all_raw(sql(db, "select recipient, subject, body from kept_mails", [])).await.expect("kept");
        let kept: Vec<String> = rows.iter().map(|r| (0..3).map(|i| r.try_get_by_index::<String>(i).expect("text")).collect::<Vec<_>>().join("\n")).collect();
        assert!(kept.len() >= 3);
        for text in &kept {
            assert!(!text.contains(&told.receipt) && !text.contains("lin@example.org") && !text.contains(&token), "{text}");
        }
        assert!(owed(&town).await.iter().all(|l| l.data == "{}"), "what a letter was made from goes with it");
    }

    /// In the furnished district they are kept whole, whatever the environment says.
    async fn the_demonstration_sends_nothing(town: Town) {
        let sink = Sink::start().await;
        let told = town.says("灯坏了").by_mail("lin@example.org").files().await;
        let house = posting(&town, Some(sink.url()), true).await;
        round(&house).await;
        assert!(sink.mails().is_empty());
        let db = town.house.read();
        let rows = db.query_all_raw(sql(db, "select body from kept_mails where recipient = 'lin@example.org'", [])).await.expect("kept");
        assert!(rows[0].try_get_by_index::<String>(0).expect("text").contains(&told.receipt));
    }

    /// A person reads their own language; a link to sign in is made once and forgotten with its letter.
    async fn a_sign_in_link_goes_by_mail(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, Some(sink.url()), false).await;
        town.administrator.gets(async |act| {
            let person = louyi::domain::persons::add(act, "韦青", "Wei Qing", Some("wei@example.org"), Lang::En).await?;
            sessions::mail_link(act, &person, None).await
        }).await;
        round(&house).await;
        let mail = sink.mails().into_iter().find(|m| m.to == ["wei@example.org"]).expect("a letter");
        assert_eq!(mail.header("Subject").as_deref(), Some("Sign in to Louyi"));
        assert_eq!(mail.header("Content-Language").as_deref(), Some("en"));
        let body = mail.body();
        let token = body.lines().find_map(|l| l.strip_prefix("https://louyi.example/sign-in/")).expect("a link").trim().to_owned();
        assert!(sessions::link_holds(&town.house, &token).await.expect("looks"));
        assert!(owed(&town).await.iter().all(|l| !l.data.contains(&token)));
    }
}
