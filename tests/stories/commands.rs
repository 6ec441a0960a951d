//! The binary as an operator meets it: what it says, what it refuses, how it starts and stops.

mod doctor;
mod people;
mod stopping;

use louyi::kernel::db::{Db, sql};
use sea_orm::ConnectionTrait as _;

use crate::support::binary::Louyi;
use crate::support::{on_both, postgres, tell_on_sqlite};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn help_is_worth_reading() {
    let f = folder();
    let louyi = Louyi::at(f.path());
    let help = louyi.run(&["--help"]);
    let text = help.done();
    for word in [
        "louyi demo",
        "louyi.db",
        "LOUYI_PUBLIC_URL",
        "LOUYI_MAIL_URL",
        "ROCKET_PORT",
        "serve",
        "person",
        "backup",
        "restore",
        "doctor",
        "calendar",
        "ledger",
    ] {
        assert!(text.contains(word), "{word} is missing:\n{text}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= 110), "it fits a terminal");
    assert_eq!(louyi.run(&["--version"]).done(), format!("louyi {}", env!("CARGO_PKG_VERSION")));
    for command in ["serve", "demo", "migrate", "person", "backup", "restore", "doctor", "calendar", "ledger"] {
        assert!(louyi.run(&[command, "--help"]).done().contains("Usage:"), "{command}");
    }
    assert_eq!(louyi.run(&["srve"]).code, Some(2));
    assert!(!f.path().join("data").exists(), "reading help makes nothing");
}

#[test]
fn a_wrong_setting_is_one_sentence() {
    let f = folder();
    let taken = f.path().join("a-file");
    std::fs::write(&taken, "text").expect("writes");
    let inside = taken.join("data").display().to_string();
    let cases = [
        ("LOUYI_DATABASE_URL", "mysql://somewhere/louyi", "postgres:// or sqlite://"),
        ("LOUYI_DATABASE_URL", "postgres://louyi:secret@127.0.0.1:1/louyi", "refuses the connection"),
        ("LOUYI_DATABASE_URL", "postgres://louyi:secret@no-such-host.invalid/louyi", "cannot be reached"),
        ("LOUYI_DATA", inside.as_str(), "the data folder"),
        ("LOUYI_PUBLIC_URL", "louyi.example", "LOUYI_PUBLIC_URL"),
        ("LOUYI_PUBLIC_URL", "ftp://louyi.example", "http:// or https://"),
        ("LOUYI_MAIL_FROM", "nobody", "LOUYI_MAIL_FROM"),
        ("LOUYI_MAIL_URL", "mail.example.org", "LOUYI_MAIL_URL"),
        ("LOUYI_DATA_SHARED", "perhaps", "LOUYI_DATA_SHARED"),
        ("LOUYI_MASTER_KEY", "1234", "LOUYI_MASTER_KEY"),
        ("ROCKET_PORT", "abc", "ROCKET_PORT"),
        ("ROCKET_ADDRESS", "192.0.2.1", "no address of this machine"),
    ];
    for (name, value, expected) in cases {
        let said = Louyi::at(f.path()).with("ROCKET_PORT", "0").with(name, value).run(&["serve"]);
        let sentence = said.refused();
        assert!(sentence.contains(expected), "{name}={value}: {sentence}");
        assert!(!said.err.contains("secret"), "{}", said.err);
    }
}

#[test]
fn settings_may_look_like_numbers() {
    let f = folder();
    let louyi = Louyi::at(f.path()).with("LOUYI_MASTER_KEY", &"12".repeat(32)).with("LOUYI_ICP_NUMBER", "20260001");
    assert!(louyi.run(&["migrate"]).done().contains("m00"));
    assert!(!f.path().join("data/keys/master").exists(), "the key came from the environment");
}

#[test]
fn the_file_of_settings_is_read_and_the_environment_wins() {
    let f = folder();
    std::fs::write(f.path().join("Rocket.toml"), "[default]\nport = 0\n\n[louyi]\ndata = \"elsewhere\"\npublic_url = \"nonsense\"\n")
        .expect("writes");
    let louyi = Louyi::at(f.path()).with("LOUYI_DATA", "");
    assert!(louyi.run(&["migrate"]).refused().contains("nonsense"));
    let louyi = louyi.with("LOUYI_PUBLIC_URL", "https://louyi.example");
    louyi.run(&["migrate"]).done();
    assert!(f.path().join("elsewhere/louyi.db").exists());
    std::fs::write(f.path().join("Rocket.toml"), "[louyi\n").expect("writes");
    assert!(louyi.run(&["migrate"]).refused().contains("Rocket.toml"));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let f = folder();
    let louyi = Louyi::at(f.path());
    let first = louyi.serves();
    let said = louyi.with("ROCKET_PORT", &first.port.to_string()).run(&["serve"]);
    assert!(said.refused().contains(&first.port.to_string()) && said.refused().contains("ROCKET_PORT"), "{}", said.err);
    assert!(first.get("/healthz").contains("ok"), "the first one goes on");
}

#[test]
fn what_is_no_database_is_left_as_it_is() {
    let f = folder();
    std::fs::create_dir(f.path().join("data")).expect("makes");
    let text = "This is a diary, and has been one for long enough to be longer than the header of a database file is.".repeat(40);
    std::fs::write(f.path().join("data/louyi.db"), &text).expect("writes");
    assert!(Louyi::at(f.path()).run(&["serve"]).refused().contains("not an SQLite database"));
    assert_eq!(std::fs::read_to_string(f.path().join("data/louyi.db")).expect("reads"), text);
}

on_both! {
    /// A database that a newer program has changed is not touched.
    async fn a_newer_database_is_refused(town: Town) {
        let w = town.house.db().upkeep();
        w.execute_raw(sql(w, "insert into seaql_migrations (version, applied_at) values (?, 0)", ["m9999_later".into()])).await.expect("from the future");
        let louyi = Louyi::of(&town);
        for command in ["serve", "migrate"] {
            let said = louyi.run(&[command]);
            assert!(said.refused().contains("newer version of Louyi"), "{}", said.err);
        }
    }

    /// Keys of another installation would make receipts and ledger worthless.
    async fn foreign_keys_are_refused(town: Town) {
        town.reports("灯坏了").await;
        let louyi = Louyi::of(&town);
        let said = louyi.with("LOUYI_MASTER_KEY", &"11".repeat(32)).run(&["migrate"]);
        assert!(said.refused().contains("LOUYI_MASTER_KEY"), "{}", said.err);
        town.louyi().gets(async |act| act.publish("minutes", "meeting", town.council.id, None, serde_json::json!({"n": 1})).await).await;
        let said = Louyi::of(&town).with("LOUYI_LEDGER_KEY", &"11".repeat(32)).run(&["migrate"]);
        assert!(said.refused().contains("LOUYI_LEDGER_KEY"), "{}", said.err);
        Louyi::of(&town).with("LOUYI_PUBLIC_URL", "https://moved.example").run(&["ledger", "verify"]).done();
    }
}

/// Six at once on an empty database: one migrates, all serve.
#[test]
fn many_may_start_at_once() {
    let start = |louyi: &Louyi| {
        std::thread::scope(|s| {
            let all: Vec<_> = (0..4).map(|_| s.spawn(|| louyi.run(&["migrate"]))).collect();
            for one in all {
                one.join().expect("it ran").done();
            }
        });
    };
    let f = folder();
    start(&Louyi::at(f.path()));
    let key = std::fs::read_to_string(f.path().join("data/keys/master")).expect("a key");
    assert_eq!(key.len(), 64);
    if let Some(cluster) = postgres::cluster() {
        let f = folder();
        let url = crate::support::wait_for(cluster.empty());
        start(&Louyi::at(f.path()).with("LOUYI_DATABASE_URL", &url));
        crate::support::wait_for(cluster.drop(&url));
    }
}

#[test]
fn a_demonstration_is_never_put_over_something_else() {
    let f = folder();
    std::fs::create_dir(f.path().join("data")).expect("makes");
    std::fs::write(f.path().join("data/diary.txt"), "mine").expect("writes");
    let said = Louyi::at(f.path()).run(&["demo", "--load-only"]);
    assert!(said.refused().contains("--data FOLDER"), "{}", said.err);
    tell_on_sqlite(|town| async move {
        // A database that is used already, reached from an empty folder.
        let f = folder();
        let said = Louyi::at(f.path()).with("LOUYI_DATABASE_URL", &town.url).run(&["demo", "--load-only"]);
        assert!(!said.err.contains("panicked") && said.code == Some(1), "{}", said.err);
        let made = serde_json::json!({ "district": { "name": "青塘", "name_en": "Qingtang", "address": "/d/qingtang" }, "buildings": [],
            "people": [{ "name": "顾念慈", "name_en": "Gu", "email": "secretary@louyi.example", "roles": [{ "role": "secretary" }] }] });
        std::fs::write(town.house.settings().data.join("demo.json"), made.to_string()).expect("writes");
        let said = Louyi::of(&town).run(&["demo", "--load-only", "--json"]);
        assert!(said.err.contains("already"), "{}", said.err);
        let made: serde_json::Value = serde_json::from_str(said.done()).expect("one document");
        let link = made["people"][0]["sign_in"].as_str().expect("a link").to_owned();
        let token = link.rsplit('/').next().expect("a token").to_owned();
        // The link was made by the machine's clock, the town's stands.
        let db = Db::open(&town.url).await.expect("opens");
        let text = "select count(*) from sign_in_links where token_hash = ? and used_at is null";
        let row =
            db.read().query_one_raw(sql(db.read(), text, [louyi::kernel::keys::token_hash(&token).into()])).await.expect("asks").expect("a row");
        assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), 1);
        db.close().await.expect("closes");
        let saved = std::fs::read_to_string(town.house.settings().data.join("demo.json")).expect("reads");
        assert!(!saved.contains(&token), "links do not lie about in files");
    });
}
