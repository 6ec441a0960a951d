//! The ledger for people: what was recorded, in words, and how to check it.

use chrono::{DateTime, Utc};
use rocket::{Route, get, routes};
use serde::Serialize;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::caller::Caller;
use super::super::dates;
use super::super::frame::Frame;
use super::super::guards::Anyone;
use crate::domain::recorded::{self, Recorded};
use crate::kernel::error::{Error, Result};
use crate::kernel::ledger::leaf_hash;
use crate::kernel::publog;

pub(super) fn routes() -> Vec<Route> {
    routes![index, show]
}

/// Entries on one page.
const PAGE: u64 = 50;

#[derive(Serialize)]
struct Line {
    n: i64,
    when: String,
    kind: String,
    words: String,
    href: String,
}

#[derive(Serialize)]
struct Index {
    size: u64,
    since: Option<String>,
    lines: Vec<Line>,
    older: Option<String>,
    checkpoint: Option<String>,
    key: String,
    name: String,
}

/// What an entry says, in one line.
fn line(caller: &Caller, e: &publog::Model, now: DateTime<Utc>) -> Line {
    let lang = caller.lang;
    let facts: Value = serde_json::from_str::<Value>(&e.body).ok().and_then(|b| b.get("facts").cloned()).unwrap_or_default();
    let get = |name: &str| match facts.get(name) {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    let verdict = get("verdict");
    let verdict = if verdict.is_empty() { verdict } else { lang.t(&format!("verdicts.{verdict}")) };
    let words = lang.say(
        &format!("ledger.kinds.{}.words", e.kind),
        &[
            ("council", &get("council")),
            ("year", &get("year")),
            ("serial", &get("serial")),
            ("meeting", &get("meeting")),
            ("issue", &format!("{}-{}", get("building"), get("issue"))),
            ("title", &get("title")),
            ("edition", &get("edition")),
            ("verdict", &verdict),
        ],
    );
    Line {
        n: e.position,
        when: dates::moment(e.at, now, lang),
        kind: lang.t(&format!("ledger.kinds.{}.name", e.kind)),
        words,
        href: format!("/ledger/entries/{}", e.position),
    }
}

#[get("/ledger?<before>")]
async fn index(who: Anyone<'_>, before: Option<u64>) -> Result<Answer> {
    let (db, now) = (who.house.read(), who.house.now());
    let head = publog::head(db).await?;
    let mut entries = publog::newest(db, before, PAGE + 1).await?;
    let more = entries.len() as u64 > PAGE;
    entries.truncate(PAGE as usize);
    let first = publog::entries(db, 0, 1).await?.pop();
    let page = Index {
        size: head.as_ref().map_or(0, |h| h.size),
        since: first.map(|e| dates::full(e.at, who.lang)),
        older: more.then(|| entries.last().map(|e| format!("/ledger?before={}", e.position))).flatten(),
        lines: entries.iter().map(|e| line(&who, e, now)).collect(),
        checkpoint: head.map(|h| h.checkpoint),
        key: publog::signer(&who.house)?.verifier().to_string(),
        name: who.house.settings().ledger_name(),
    };
    who.page(Frame::titled(who.lang.t("ledger.title")).here("ledger").class("pg-ledger"), "ledger/index", &page)
}

#[derive(Serialize)]
struct Way {
    label: String,
    href: String,
}

#[derive(Serialize)]
struct Entry {
    line: Line,
    when: String,
    size: u64,
    unchanged: bool,
    object: Option<String>,
    object_words: String,
    /// The matters and resolutions that it is about, where their pages are others than its own.
    about: Vec<Way>,
    salt: Option<String>,
    hashed: Option<String>,
    body: String,
    leaf: String,
    entry: String,
    proof: String,
    older: Option<String>,
    newer: Option<String>,
}

#[get("/ledger/entries/<n>", rank = 2)]
async fn show(who: Anyone<'_>, n: u64) -> Result<Answer> {
    let (db, now) = (who.house.read(), who.house.now());
    let entry = publog::entries(db, n, 1).await?.pop().filter(|e| e.position as u64 == n).ok_or(Error::NotFound)?;
    let size = publog::head(db).await?.map_or(0, |h| h.size);
    let Recorded { address, about, salt, words, agrees } = recorded::of(db, &entry).await?;
    let whole = leaf_hash(entry.body.as_bytes()).as_slice() == entry.leaf_hash.as_slice();
    let page = Entry {
        when: dates::full(entry.at, who.lang),
        size,
        unchanged: whole && agrees,
        object_words: who.lang.t(&format!("ledger.kinds.{}.open", entry.kind)),
        about: about.into_iter().filter(|a| Some(&a.address) != address.as_ref()).map(|a| Way { label: a.label, href: a.address }).collect(),
        object: address,
        salt: salt.map(hex::encode),
        hashed: words,
        leaf: hex::encode(&entry.leaf_hash),
        entry: format!("/ledger/entries/{n}/entry.json"),
        proof: format!("/ledger/entries/{n}/proof"),
        older: n.checked_sub(1).map(|p| format!("/ledger/entries/{p}")),
        newer: (n + 1 < size).then(|| format!("/ledger/entries/{}", n + 1)),
        line: line(&who, &entry, now),
        body: entry.body,
    };
    let title = who.lang.say("ledger.entry", &[("n", &n.to_string())]);
    who.page(Frame::titled(title).here("ledger").class("pg-ledger"), "ledger/show", &page)
}
