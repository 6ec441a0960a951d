//! The door by mail: an enterprise's own domain, one slip an address, and nothing that tells who asked.

use louyi::domain::slips::{self, Door};
use louyi::kernel::act::House;
use louyi::kernel::db::Db;
use louyi::kernel::keys::Keys;
use louyi::kernel::settings::{Secret, Settings};

use crate::support::browser::Page;
use crate::support::smtp::Sink;
use crate::support::{Town, on_both, refusal};

const LIN: &str = "lin.xiaotang@sunflower.example";

async fn posting(town: &Town, sink: &Sink) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { mail_url: Some(Secret::new(sink.url())), ..town.house.settings().clone() };
    House::new(db, town.house.clock().clone(), crate::support::calendar(), Keys::fixed(7), settings)
}

impl Town {
    async fn opens_the_mail_door(&self, n: i32) {
        let act = async |act: &louyi::kernel::act::Act| {
            slips::state_domains(act, &self.tower, &self.sunflower, "sunflower.example").await?;
            slips::make(act, &self.tower, &self.sunflower, Door::Mail, n, None).await
        };
        self.representative.gets(act).await;
    }
}

fn said(page: &Page) -> Option<String> {
    page.cookie("notice").map(|(said, _)| said)
}

on_both! {
    /// A letter with a link, which redeems a slip; asked again, the page says the same, whatever the address has had.
    async fn an_address_gets_one_slip_and_nobody_learns_which(town: Town) {
        town.opens_the_mail_door(3).await;
        let sink = Sink::start().await;
        let house = posting(&town, &sink).await;
        let site = town.site().await;
        let reader = site.visitor().on_phone(1);
        let mut answers = vec![];
        let mut ask = async |address: &str| {
            answers.push(said(&reader.fills("/slip", "/slip/mail", &[("email", address)]).await));
            louyi::jobs::round(&house).await.expect("a round");
            sink.mails()
        };
        ask(LIN).await;
        let again = ask("Lin.XiaoTang+news@sunflower.example").await;
        let links: Vec<String> = again
            .iter()
            .map(|m| m.body())
            .map(|b| b[b.find("/slip/").expect("a link")..].split_whitespace().next().expect("a word").to_owned())
            .collect();
        assert!(links.len() == 2 && links[0] == links[1], "the link again, as long as it is good: {links:?}");
        let worker = site.visitor().on_phone(2);
        assert!(worker.reads(&links[0]).await.says("兑换"), "an address that a program looks at redeems nothing");
        let done = worker.fills(&links[0], "/slip", &[]).await;
        let secret = done.cookie("slip").expect("a cookie").0;
        assert!(worker.holding(&secret).reads("/slip").await.says("这台手机能证明您在向日葵科技上班"));
        let third = ask(LIN).await;
        assert!(third.len() == 3 && third[2].body().contains("已经领过") && !third[2].body().contains("/slip/"), "{}", third[2].body());
        assert!(answers.iter().all(|a| a.as_deref() == Some("slips.said.sent")), "{answers:?}");

        // The database has neither the address nor the link, nor anything that joins the two with what the device holds.
        let dump = town.everything().await.to_lowercase();
        let code = links[0].trim_start_matches("/slip/").to_lowercase();
        for trace in ["xiaotang", code.as_str(), &hex::encode(LIN), &secret.to_lowercase()] {
            assert!(!dump.contains(trace), "“{trace}” is in the database");
        }
    }

    /// Only domains where one has to work to have an address; with the reason.
    async fn a_domain_open_to_all_proves_nothing(town: Town) {
        let state = async |typed: &str| {
            town.representative.does(async |act| slips::state_domains(act, &town.tower, &town.sunflower, typed).await).await
        };
        for open in ["qq.com", "@163.com", "GMAIL.com", "sub.outlook.com", "sunflower.example, foxmail.com"] {
            assert_eq!(refusal(state(open).await), "mail_domain_open", "{open}");
        }
        for wrong in ["sunflower", "sun flower", "http://sunflower.example", "192.168.1.1", "-a.example", "a..b", &"a.".repeat(80)] {
            assert_eq!(refusal(state(wrong).await), "mail_domain", "{wrong}");
        }
        state(" @Sunflower.example，mail.sunflower.example ").await.expect("stated");
        let stated = slips::domains(town.house.read(), town.sunflower.id).await.expect("reads");
        assert_eq!(stated, ["mail.sunflower.example", "sunflower.example"]);
        assert_eq!(refusal(state(&"abcdefghi".chars().map(|c| format!("{c}.example ")).collect::<String>()).await), "mail_domains_many");
        let theirs = town.neighbour.does(async |act| slips::state_domains(act, &town.tower, &town.sunflower, "egret.example").await).await;
        assert_eq!(refusal(theirs), "only_own_slips");
    }

    async fn who_may_be_invited(town: Town) {
        town.opens_the_mail_door(1).await;
        let invite = async |address: &str| {
            town.visitor().does(async |act| slips::invite(act, address, louyi::kernel::i18n::Lang::Zh).await).await
        };
        for other in ["lin@egret.example", "lin@evil-sunflower.example", "lin@sub.sunflower.example", "lin@sunflower.example.evil.example"] {
            assert_eq!(refusal(invite(other).await), "mail_not_stated", "{other}");
        }
        assert_eq!(refusal(invite("no address").await), "mail_address");
        assert_eq!(refusal(invite("").await), "empty");
        invite(LIN).await.expect("invited");
        invite(LIN).await.expect("and again");
        assert_eq!(refusal(invite("chen@sunflower.example").await), "slips_out");
        let batch = slips::batches(town.house.read(), town.sunflower.id).await.expect("reads").remove(0);
        town.secretary.gets(async |act| slips::hold(act, batch.id).await?.end(act).await).await;
        assert_eq!(refusal(invite(LIN).await), "mail_not_stated", "an ended batch invites nobody");
    }
}
