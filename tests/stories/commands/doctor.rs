//! The doctor finds what is wrong, and leaves everything as it is.

use louyi::kernel::db::sql;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::support::binary::{Louyi, Said};
use crate::support::gateway::Gateway;
use crate::support::on_both;
use crate::support::smtp::Sink;

/// The mark in front of the line that holds these words.
#[track_caller]
fn mark(said: &Said, words: &str) -> char {
    let line = said.out.lines().find(|l| l.contains(words)).unwrap_or_else(|| panic!("no line says {words}:\n{}{}", said.out, said.err));
    line.chars().next().unwrap_or(' ')
}

#[test]
fn before_the_first_start_nothing_is_made() {
    let f = tempfile::tempdir().expect("a folder");
    let said = Louyi::at(f.path()).run(&["doctor"]);
    said.done();
    assert_eq!(mark(&said, "data folder"), '!');
    assert_eq!(mark(&said, "no database yet"), '!');
    assert_eq!(mark(&said, "public address"), '!');
    assert!(!f.path().join("data").exists());
    let said = Louyi::at(f.path()).with("LANG", "zh_CN.UTF-8").run(&["doctor"]);
    assert!(said.done().contains("没有邮件服务器"), "{}", said.out);
}

#[test]
fn a_fresh_installation_is_in_order() {
    let f = tempfile::tempdir().expect("a folder");
    let louyi = Louyi::at(f.path());
    louyi.run(&["migrate"]).done();
    let said = louyi.run(&["doctor"]);
    said.done();
    for good in ["can be written", "keys/master", "keys/ledger", "SQLite", "up to date", "belong together", "clock", "no entry yet"] {
        assert_eq!(mark(&said, good), '✓', "{good}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = f.path().join("data/keys/master");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("opens it");
        let said = louyi.run(&["doctor"]);
        assert_eq!((said.code, mark(&said, "can be read by others")), (Some(1), '✗'));
        assert!(said.out.contains("chmod 600"));
    }
}

on_both! {
    /// Address, mail, letters and ledger: each with its own line.
    async fn each_fault_has_its_line(town: Town) {
        let sink = Sink::start().await;
        town.louyi().gets(async |act| act.publish("minutes", "meeting", town.council.id, None, json!({ "n": 1 })).await).await;
        let louyi = Louyi::of(&town).with("LOUYI_MAIL_URL", &sink.url()).with("LOUYI_ICP_NUMBER", "沪ICP备00000000号");
        let said = louyi.run(&["doctor"]);
        said.done();
        for good in ["public address: https://louyi.example", "the mail server answers", "ledger louyi.example/ledger: 1 entry", "letters"] {
            assert_eq!(mark(&said, good), '✓', "{good}\n{}", said.out);
        }
        let w = town.house.db().upkeep();
        w.execute_raw(sql(w, "update ledger_tiles set hashes = ?", [vec![7u8; 32].into()])).await.expect("somebody writes past the program");
        town.says("灯坏了").by_mail("lin@example.org").files().await;
        w.execute_raw(sql(w, "update outbox set given_up_at = ?", [town.house.now().into()])).await.expect("given up");
        let said = louyi.with("LOUYI_MAIL_URL", "smtp://127.0.0.1:1").run(&["doctor"]);
        assert_eq!(said.code, Some(1));
        assert_eq!(mark(&said, "ledger: the ledger is NOT in order"), '✗');
        assert_eq!(mark(&said, "the mail server does not answer"), '✗');
        assert_eq!(mark(&said, "given up"), '!');
    }

    /// The doors in and out that can be set up besides: silent gateways, folders that are not there, half a setting.
    async fn other_doors_have_their_lines(town: Town) {
        let gateway = Gateway::start().await;
        let said = Louyi::of(&town).run(&["doctor"]);
        assert_eq!(mark(&said, "short messages are not offered"), '✓', "nothing is missing");
        let texting = Louyi::of(&town).with("LOUYI_SMS_URL", &gateway.url()).with("LOUYI_MAIL_IN_DOMAIN", "mail.louyi.example");
        let said = texting.run(&["doctor"]);
        assert_eq!((mark(&said, "gateway for short messages answers"), mark(&said, "replies to short messages"), mark(&said, "has no way in")), ('✓', '!', '!'));
        assert!(gateway.posted().is_empty(), "it sends nothing");
        let whole = texting.with("LOUYI_HOOK_SECRET", "0123456789abcdef");
        let said = whole.run(&["doctor"]);
        assert_eq!(mark(&said, "comes in by HTTP (mail.louyi.example)"), '✓');
        assert!(!said.out.contains("replies to short messages") && !said.out.contains("0123456789abcdef"));
        gateway.answers(&[401]);
        assert_eq!(mark(&whole.run(&["doctor"]), "LOUYI_SMS_TOKEN does not hold"), '✗');
        let broken = whole.with("LOUYI_SMS_URL", "http://127.0.0.1:1/").with("LOUYI_MAILDIR", "/nowhere/at/all");
        let said = broken.run(&["doctor"]);
        assert_eq!((said.code, mark(&said, "short messages does not answer"), mark(&said, "/nowhere/at/all cannot be read")), (Some(1), '✗', '✗'));
        for (name, value, why) in [("LOUYI_HOOK_SECRET", "short", "16 characters"), ("LOUYI_SMS_URL", "http://sms.example.org", "only https"), ("LOUYI_MAIL_IN_DOMAIN", "a@b", "not a domain")] {
            let said = Louyi::of(&town).with(name, value).run(&["doctor"]);
            assert!(said.code == Some(1) && format!("{}{}", said.out, said.err).contains(why), "{name}: {}{}", said.out, said.err);
        }
    }

    /// A clock behind what was written already would break every promise.
    async fn a_clock_that_is_behind_is_found(town: Town) {
        assert!(town.house.clock().set(crate::support::shanghai("2090-01-01 00:00")));
        town.louyi().gets(async |act| louyi::domain::persons::add(act, "某", "X", None, louyi::kernel::i18n::Lang::Zh).await).await;
        let said = Louyi::of(&town).run(&["doctor"]);
        assert_eq!((said.code, mark(&said, "earlier than the last record")), (Some(1), '✗'));
    }
}
