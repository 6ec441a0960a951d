//! One reporter who must stay unknown, and everything that leaves the house searched for them, byte by byte.

use std::io::Write;
use std::sync::{Mutex, OnceLock};

use louyi::domain::channels::{self, Channel, RobotKind, Topic, Typed};
use louyi::domain::letters;
use louyi::domain::reports::MayKnow;
use louyi::domain::rights::Right;
use louyi::kernel::db::sql;
use louyi::kernel::i18n::Lang;
use louyi::kernel::outbox;
use rocket::http::Method;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};

use super::Names;
use super::table::{Who as May, rows};
use crate::support::{Told, Town, Who, on_both};

const NAME: &str = "金丝雀";
const PHONE: &str = "13917654321";
const MAIL: &str = "jinsique@canary.example";
const FLOOR: &str = "七十七层半";
const WORDS: &str = "七十七层半的金属牌子掉了";
const DEVICE: &str = "canary-device-0123456789";

/// What nobody may ever read of somebody who chose nobody.
const NEVER: &[&str] = &[NAME, PHONE, MAIL, DEVICE];

/// Everything that was logged in this run.
static LOG: OnceLock<&'static Mutex<Vec<u8>>> = OnceLock::new();

struct Keep(&'static Mutex<Vec<u8>>);

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map(|mut log| log.extend_from_slice(bytes)).map_err(|_| std::io::ErrorKind::Other)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log() -> &'static Mutex<Vec<u8>> {
    LOG.get_or_init(|| {
        let log: &'static Mutex<Vec<u8>> = Box::leak(Box::default());
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(move || Keep(log)).finish();
        assert!(tracing::subscriber::set_global_default(subscriber).is_ok(), "another test has taken the log");
        log
    })
}

impl Town {
    /// The canary reports something and chooses that nobody may know.
    pub async fn canary_reports(&self) -> Told {
        let mut about = self.says(WORDS).at(&self.unit).named(NAME, PHONE).by_mail(MAIL).by_sms(PHONE).working_at(&self.egret).on_device(DEVICE);
        about = about.may_be_known_to(MayKnow::Nobody).on_floor(FLOOR);
        about.files().await
    }

    /// The property manager's group is told everything.
    pub async fn group_is_told_everything(&self) -> Channel {
        let robot = Channel::read_robot(RobotKind::Wecom, &"k".repeat(36), "", self.house.settings()).expect("a robot");
        let typed = Typed { name: "工程部群", topics: Topic::ALL, lang: Lang::Zh, quiet: None };
        self.staff.gets(async |act| channels::add(act, &self.tower, Some(self.manager.id), RobotKind::Wecom, &robot, &typed).await).await
    }

    /// An ordinary report, for visits that need one.
    pub async fn visitor_reports(&self) -> Told {
        self.says("候梯太久，排到门外").files().await
    }
}

impl Told {
    /// What stands for the dynamic parts of an address in this town.
    pub async fn names(&self, town: &Town) -> Names {
        let issue = town.now(self.matter).await.number;
        Names { building: town.tower.slug.clone(), district: town.district.slug.clone(), issue, receipt: self.receipt.clone() }
    }
}

fn holds_a_uuid(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let is = |w: &str| {
        let parts: Vec<&str> = w.split('-').collect();
        parts.len() == 5 && [8, 4, 4, 4, 12].iter().zip(&parts).all(|(n, p)| p.len() == *n && p.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')).find(|w| is(w)).map(str::to_owned)
}

async fn nowhere(town: &Town, told: &Told) {
    let site = town.site().await;
    let names = told.names(town).await;
    let roles: Vec<(&str, Option<&Who>)> = vec![
        ("nobody", None),
        ("staff", Some(&town.staff)),
        ("staff of another tower", Some(&town.staff_elsewhere)),
        ("the contractor", Some(&town.fitter)),
        ("an enterprise", Some(&town.representative)),
        ("the reporter's own enterprise", Some(&town.neighbour)),
        ("a member", Some(&town.members[5])),
        ("the secretary", Some(&town.secretary)),
        ("the convenor", Some(&town.convenor)),
        ("the chamber", Some(&town.chamber_officer)),
        ("a department", Some(&town.officer)),
        ("an editor", Some(&town.editor)),
        ("the administrator", Some(&town.administrator)),
    ];
    for (called, who) in roles {
        let reader = match who {
            Some(who) => site.signed_in(who).await,
            None => site.visitor(),
        };
        for row in rows().filter(|r| r.method == "GET") {
            let address = names.fill(row.uri);
            let answer = reader.visits(Method::Get, &address).await;
            assert!(answer.status.code < 500, "{called} at {address}: {}", answer.status);
            if let May::Receipt = row.who {
                // The receipt is the reporter's own: whoever holds it reads their words, and still no name of theirs is needed there.
                continue;
            }
            for canary in NEVER.iter().chain([&FLOOR]).filter(|c| **c != FLOOR || !answer.holds(WORDS)) {
                assert!(!answer.holds(canary), "{called} reads “{canary}” at {address}");
            }
            assert!(!answer.holds(&told.receipt), "{called} reads the receipt at {address}");
            assert!(
                !answer.holds(&told.report.0.to_string()) && !answer.holds(&told.report.0.simple().to_string()),
                "{called} reads the report's id at {address}"
            );
            let works_there = matches!(
                row.who,
                May::Right(
                    Right::Desk | Right::Triage | Right::Nominate | Right::Preside | Right::Work | Right::Release | Right::Hide | Right::Secretariat
                ) | May::SignedIn
            );
            assert!(works_there || !answer.holds(WORDS), "{called} reads unreleased words at {address}");
            if let May::Open = row.who {
                // A form names every place where something can be reported; only a report says that something is wrong there.
                let a_form = row.uri.starts_with("/b/<_>/report");
                assert!(who.is_some() || a_form || !answer.holds("1801室"), "{called} reads a single unit's room at {address}");
                assert_eq!(holds_a_uuid(&answer.bytes), None, "{called} reads an id that carries a time at {address}");
            }
        }
    }
}

on_both! {
    async fn a_reporter_who_chose_nobody_is_nowhere_to_be_read(town: Town) {
        log();
        let told = town.canary_reports().await;
        nowhere(&town, &told).await;
    }

    async fn nor_once_the_matter_is_worked_on_and_its_words_are_released(town: Town) {
        let told = town.canary_reports().await;
        town.staff.accepts(told.matter, "收到，下午去看").await.expect("accepted");
        town.secretary.releases(told.matter, "南座高层有牌子松动", "").await.expect("released");
        town.staff.dispatches(told.matter, &town.contractor, "把牌子固定好").await.expect("dispatched");
        nowhere(&town, &told).await;
    }

    async fn neither_journal_nor_ledger_nor_letter_nor_log_holds_them(town: Town) {
        let group = town.group_is_told_everything().await;
        let told = town.canary_reports().await;
        town.staff.accepts(told.matter, "收到，下午去看").await.expect("accepted");
        town.staff.dispatches(told.matter, &town.manager, "把牌子固定好").await.expect("dispatched");
        let site = town.site().await;
        let names = told.names(&town).await;
        site.visitor().visits(Method::Get, &names.fill("/r/<receipt>")).await;
        let db = town.house.read();
        for table in ["journal", "ledger_entries"] {
            let column = if table == "journal" { "data" } else { "body" };
            for line in db.query_all_raw(sql(db, &format!("select {column} from {table}"), [])).await.expect("lines") {
                let line: String = line.try_get_by_index(0).expect("text");
                for canary in NEVER.iter().chain([&FLOOR, &WORDS]) {
                    assert!(!line.contains(canary), "“{canary}” is in {table}: {line}");
                }
            }
        }
        for owed in outbox::Entity::find().all(db).await.expect("letters") {
            let Some(letter) = letters::compose(&town.house, &owed).await.expect("composes") else { continue };
            let own = letter.to == MAIL;
            for canary in [NAME, PHONE, FLOOR, WORDS, DEVICE] {
                assert!(!letter.body.contains(canary) && !letter.subject.contains(canary), "“{canary}” is in a letter to {}", letter.to);
            }
            assert!(own || !letter.body.contains(MAIL), "the reporter's address is in a letter to {}", letter.to);
            assert!(own || !letter.body.contains(&told.receipt), "the receipt is in a letter to {}", letter.to);
        }
        let of_group = outbox::Entity::find().filter(outbox::Column::ChannelId.eq(group.id)).all(db).await.expect("messages");
        assert_eq!(of_group.len(), 2);
        for owed in of_group {
            let news = letters::compose_news(&town.house, &owed, &group).await.expect("composes").expect("something to say");
            let words = format!("{news:?}{:?}{:?}", news.message(Lang::Zh), letters::together(std::slice::from_ref(&news), 4096, Lang::En).0);
            for canary in NEVER.iter().chain([&FLOOR, &WORDS]).chain([&told.receipt.as_str(), &"1801室"]) {
                assert!(!words.contains(canary), "“{canary}” is told to a group: {words}");
            }
        }
        let log = String::from_utf8_lossy(&log().lock().expect("the log")).into_owned();
        for canary in NEVER.iter().chain([&FLOOR, &WORDS]).chain([&told.receipt.as_str()]) {
            assert!(!log.contains(canary), "“{canary}” is in the log");
        }
    }
}
