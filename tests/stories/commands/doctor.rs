//! The doctor finds what is wrong, and leaves everything as it is.

use louyi::kernel::db::sql;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::support::binary::{Louyi, Said};
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

    /// A clock behind what was written already would break every promise.
    async fn a_clock_that_is_behind_is_found(town: Town) {
        assert!(town.house.clock().set(crate::support::shanghai("2090-01-01 00:00")));
        town.louyi().gets(async |act| louyi::domain::persons::add(act, "某", "X", None, louyi::kernel::i18n::Lang::Zh).await).await;
        let said = Louyi::of(&town).run(&["doctor"]);
        assert_eq!((said.code, mark(&said, "earlier than the last record")), (Some(1), '✗'));
    }
}
