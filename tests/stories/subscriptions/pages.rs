//! Asking, beginning, changing, ending.

use louyi::kernel::journal;
use rocket::http::Status;
use sea_orm::EntityTrait as _;

use super::{by, follows, link, mails, posting, round, rows};
use crate::support::on_both;
use crate::support::smtp::Sink;

const LIN: &str = "lin@example.org";
const PAGE: &str = "/b/tingqiao/follow?issue=1";

on_both! {
    /// Until the link is used there is one letter and no other; after three days not even the address is left.
    async fn nothing_is_sent_before_the_mailbox_says_yes(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let told = town.says("排到门外").files().await;
        let page = site.visitor().reads("/b/tingqiao/issues/1").await;
        page.shows("/b/tingqiao/follow?issue&#x3D;1");
        let page = site.visitor().reads(PAGE).await;
        page.shows("https://louyi.example/b/tingqiao/issues/1.atom").shows("https://louyi.example/b/tingqiao/issues/1.ics");
        let next = site.visitor().does(PAGE, PAGE, &[("email", LIN), ("pace", "at_once")]).await;
        assert_eq!(next, "/b/tingqiao/issues/1");
        round(&house).await;
        let own = link(&mails(&sink, LIN)[0]);
        assert_eq!(mails(&sink, LIN)[0].header("Subject").as_deref(), Some("要关注吗？TQ-1 候梯太久"));
        // A mail program opens the link to look at it: that begins nothing.
        site.visitor().reads(&own).await;
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        assert_eq!(by(&house, &sink, "2026-11-24 09:00", LIN).await.len(), 1);
        assert_eq!(rows(&town).await, 1);
        by(&house, &sink, "2026-11-26 09:30", LIN).await;
        assert_eq!(rows(&town).await, 0, "three days later");
        assert_eq!(site.visitor().opens(&own).await.status, Status::Gone);
        assert_eq!(mails(&sink, LIN).len(), 1);
        let lines = journal::Entity::find().all(town.house.read()).await.expect("lines");
        assert!(lines.iter().any(|l| l.act == "cleaned_up" && l.data == r#"{"n":1,"what":"subscriptions"}"#));
        assert!(!town.everything().await.contains("lin@example"), "nothing of the address is left anywhere");
    }

    /// Settings by the link in each letter: more often, less often, never; and one click of a mail program.
    async fn it_is_changed_and_ended_from_any_letter(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let told = town.says("排到门外").files().await;
        let own = follows(&site, &house, &sink, PAGE, LIN, "daily").await;
        let reader = site.visitor();
        reader.does(&own, &own, &[("do", "pace"), ("pace", "at_once")]).await;
        town.staff.accepts(told.matter, "马上看").await.expect("accepted");
        let all = by(&house, &sink, "2026-11-23 10:30", LIN).await;
        assert_eq!(all.len(), 2);
        assert_eq!(link(&all[1]), own, "the same link in each letter");
        // Owed and not sent yet: ending it ends that letter, too.
        town.it_is("2026-11-23 11:10");
        town.staff.dispatches(told.matter, &town.contractor, "修门机").await.expect("dispatched");
        town.lets_pass(chrono::Duration::minutes(5));
        louyi::domain::subscriptions::send_due(&town.house).await.expect("owed");
        let next = reader.does(&own, &own, &[("do", "end")]).await;
        assert_eq!((next.as_str(), rows(&town).await), ("/b/tingqiao/issues/1", 0));
        assert_eq!(by(&house, &sink, "2026-11-23 12:00", LIN).await.len(), 2);

        let own = follows(&site, &house, &sink, PAGE, LIN, "daily").await;
        let header = mails(&sink, LIN).last().and_then(|m| m.header("List-Unsubscribe")).expect("a header");
        let one_click = header.trim_matches(['<', '>']).trim_start_matches("https://louyi.example").to_owned();
        assert_eq!(one_click, format!("{own}/unsubscribe"));
        assert_eq!(reader.opens(&one_click).await.location.as_deref(), Some(own.as_str()), "looked at, it leads to the page");
        assert_eq!(rows(&town).await, 1, "and ends nothing");
        let done = reader.posts(&one_click, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!((done.status, rows(&town).await), (Status::SeeOther, 0));
        assert!(!town.everything().await.contains("lin@example"));
        // The link in an old letter says that it is over and how to begin again, and nothing of whom or what it was about.
        for address in [own.as_str(), one_click.as_str()] {
            let over = reader.opens(address).await;
            assert_eq!(over.status, Status::Gone, "{address}");
            assert!(over.says("这里不再发信了") && over.says("再留一次邮箱") && !over.says("TQ-1") && !over.body.contains(LIN), "{}", over.text());
        }
        assert!(site.visitor().in_english().opens(&own).await.says("To follow again"));
        let again = reader.posts(&own, &[("do", "end")]).await;
        assert!(again.status == Status::Gone && !again.says("您写的还在"), "{}", again.text());
        // What never could be such an address is none.
        for address in ["/follow/short", "/follow/a.b", "/follow/%E5%85%B3%E6%B3%A8"] {
            assert_eq!(reader.opens(address).await.status, Status::NotFound, "{address}");
        }
    }

    /// What is wrong stands beside its field, and what was typed stays; nobody learns who follows already.
    async fn a_wrong_address_is_kept_and_a_known_one_is_not_told(town: Town) {
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        town.says("排到门外").files().await;
        let wrong = site.visitor().fills(PAGE, PAGE, &[("email", "lin.example"), ("pace", "at_once")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert_eq!(wrong.fault("email").as_deref(), Some("这不像邮箱地址，请再看一眼。"));
        let form = wrong.form(PAGE).expect("the form again");
        assert!(form.contains(&("email".into(), "lin.example".into())) && form.contains(&("pace".into(), "at_once".into())));
        let empty = site.visitor().fills(PAGE, PAGE, &[("email", " ")]).await;
        assert_eq!(empty.fault("email").as_deref(), Some("还没写邮箱。"));
        assert_eq!(rows(&town).await, 0);

        let own = follows(&site, &house, &sink, PAGE, LIN, "daily").await;
        let again = site.visitor().does(PAGE, PAGE, &[("email", "Lin@example.org"), ("pace", "at_once")]).await;
        assert_eq!(again, "/b/tingqiao/issues/1", "the page says the same");
        round(&house).await;
        let last = mails(&sink, LIN).pop().expect("a letter");
        assert_eq!(last.header("Subject").as_deref(), Some("您已经在关注：TQ-1 候梯太久"));
        assert_eq!((link(&last), rows(&town).await), (own, 1));
        // Nobody fills somebody else's mailbox: so many letters a day, from however many phones.
        for n in 0..4 {
            site.visitor().on_phone(n).does(PAGE, PAGE, &[("email", LIN)]).await;
        }
        let refused = site.visitor().on_phone(9).fills(PAGE, PAGE, &[("email", LIN)]).await;
        assert_eq!(refused.status, Status::TooManyRequests);
        // Nor many mailboxes from one phone.
        let mut last = Status::SeeOther;
        for n in 0..12 {
            let email = format!("somebody{n}@example.org");
            last = site.visitor().on_phone(77).fills(PAGE, PAGE, &[("email", &email)]).await.status;
            assert!(n == 11 || last == Status::SeeOther, "{n}: {last}");
        }
        assert_eq!(last, Status::SeeOther);
        let refused = site.visitor().on_phone(77).fills(PAGE, PAGE, &[("email", "one.more@example.org")]).await;
        assert_eq!(refused.status, Status::TooManyRequests);
        assert!(refused.form(PAGE).expect("the form again").contains(&("email".into(), "one.more@example.org".into())));
    }

    async fn what_is_not_there_cannot_be_followed(town: Town) {
        let site = town.site().await;
        for page in ["/b/tingqiao/follow?issue=7", "/b/tingqiao/follow?place=NOWHERE", "/b/tingqiao/follow?category=moon", "/b/nowhere/follow"] {
            assert_eq!(site.visitor().opens(page).await.status, Status::NotFound, "{page}");
        }
        site.visitor().reads("/b/tingqiao/follow?place=S18").await.hides("1801");
    }
}
