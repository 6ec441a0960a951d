//! One mail, from its bytes to what became of it.

use serde_json::json;

use super::kept::{self, Incoming, Note};
use super::read::{self, BYTES_MAX, Machine, Mail, Unreadable};
use super::{Door, Outcome, taking, threads};
use crate::domain::buildings::{self, Building};
use crate::domain::issues;
use crate::domain::reports::{self, Report};
use crate::kernel::act::{Actor, House};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::limits::Limit;
use crate::kernel::outbox::Address;

/// Most mails of one sender in an hour that are taken.
const TAKEN: Limit = Limit { what: "mail-taken", minutes: 60, at_most: 20 };
/// Most that are answered: of two machines that talk to each other, one must stop.
const ANSWERED: Limit = Limit { what: "mail-answered", minutes: 60, at_most: 6 };

/// What became of a mail.
#[derive(Debug)]
pub struct Taken {
    pub outcome: Outcome,
    /// A word of `incoming.reasons`, where it was ignored or refused.
    pub reason: Option<String>,
    /// The matter's label.
    pub label: Option<String>,
    /// Whoever wrote it is told by mail.
    pub answered: bool,
    /// It had come before.
    pub again: bool,
}

/// Where a mail leads.
pub(super) enum To {
    Building(Building),
    /// A reporter's own address.
    Report(Building, Box<Report>),
}

/// Takes a whole mail.
pub async fn receive(house: &House, door: Door, raw: Vec<u8>, file: Option<&str>) -> Result<Taken> {
    let bytes = raw.len();
    if bytes > BYTES_MAX {
        return receive_beginning(house, door, raw, bytes, file).await;
    }
    let (raw, read) = on_a_thread(move || {
        let mail = read::read(&raw);
        (raw, mail)
    })
    .await?;
    match read {
        Ok(mail) => taken(house, door, mail, (bytes, file)).await,
        Err(why) => refused_unread(house, door, (raw, bytes), file, why).await,
    }
}

/// Takes note of a mail that is too large, of which there is only the beginning.
pub async fn receive_beginning(house: &House, door: Door, beginning: Vec<u8>, bytes: usize, file: Option<&str>) -> Result<Taken> {
    refused_unread(house, door, (beginning, bytes), file, Unreadable::TooLarge).await
}

/// A parser that trips over a hostile mail must not take the job with it.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    rocket::tokio::task::spawn_blocking(work).await.map_err(|e| Error::broken(format!("a mail could not be read: {e}")))
}

fn note_of<'f>(house: &House, door: Door, mail: &Mail, (bytes, file): (usize, Option<&'f str>)) -> Note<'f> {
    let id = mail.message_id.as_deref().unwrap_or_default();
    let from = mail.from.as_deref().unwrap_or_default().to_ascii_lowercase();
    let parts: [&[u8]; 4] = [id.as_bytes(), from.as_bytes(), mail.subject.as_bytes(), &mail.body_hash];
    Note { fingerprint: house.keys().derive("incoming", &parts).to_vec(), door, file, bytes }
}

async fn refused_unread(house: &House, door: Door, (raw, bytes): (Vec<u8>, usize), file: Option<&str>, why: Unreadable) -> Result<Taken> {
    const BEGINNING: usize = 512 << 10;
    let head = on_a_thread(move || read::read_head(&raw[..raw.len().min(BEGINNING)])).await?;
    let mail = head.unwrap_or_default();
    let note = note_of(house, door, &mail, (bytes, file));
    refuse(house, &mail, &note, why.as_str(), None).await
}

async fn taken(house: &House, door: Door, mail: Mail, of: (usize, Option<&str>)) -> Result<Taken> {
    let note = note_of(house, door, &mail, of);
    if let Some(seen) = kept::seen(house.read(), &note.fingerprint).await? {
        return again(house, seen).await;
    }
    let done = match ignored(house, &mail) {
        Some(reason) => ignore(house, &note, reason).await,
        None => addressed(house, mail, &note).await,
    };
    match (done, kept::seen(house.read(), &note.fingerprint).await?) {
        // Somebody else took the same mail meanwhile.
        (Err(Error::Conflict), Some(seen)) => again(house, seen).await,
        (done, _) => done,
    }
}

/// Why a mail is no affair of ours: it came from ourselves, or from something that answers by itself.
fn ignored(house: &House, mail: &Mail) -> Option<&'static str> {
    let settings = house.settings();
    let host = settings.public().ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    let own = settings.mail_from.parse::<lettre::message::Mailbox>().map(|m| m.email.to_string()).unwrap_or_default();
    let from = mail.from.as_deref().unwrap_or_default();
    let domain = settings.mail_in_domain.as_deref().unwrap_or_default();
    let from_us = from.eq_ignore_ascii_case(&own) || threads::parts(from, domain).is_some();
    if from_us || mail.message_id.as_deref().is_some_and(|id| threads::is_own_id(id, &host)) {
        return Some("own");
    }
    (mail.machine == Some(Machine::Answers)).then_some("automatic")
}

async fn ignore(house: &House, note: &Note<'_>, reason: &'static str) -> Result<Taken> {
    let act = house.act(Actor::System).await?;
    kept::note(&act, note, Outcome::Ignored, Some(reason), (None, None)).await?;
    act.commit().await?;
    Ok(Taken { outcome: Outcome::Ignored, reason: Some(reason.into()), label: None, answered: false, again: false })
}

async fn addressed(house: &House, mail: Mail, note: &Note<'_>) -> Result<Taken> {
    let to = match leads_to(house, &mail).await? {
        Ok(to) => to,
        Err(reason) => return refuse(house, &mail, note, reason, None).await,
    };
    let building = match &to {
        To::Building(b) | To::Report(b, _) => b.clone(),
    };
    let Some(from) = mail.from.clone() else { return refuse(house, &mail, note, "no_sender", Some(&building)).await };
    if TAKEN.hit(house, from.to_ascii_lowercase().as_bytes()).await.is_err() {
        return refuse(house, &Mail { machine: Some(Machine::Sends), ..mail }, note, "too_often", Some(&building)).await;
    }
    let taking = taking::Taking { house, note, mail, from, building };
    match to {
        To::Building(_) => taking.files().await,
        To::Report(_, report) => taking.adds(*report).await,
    }
}

/// The first address that is one of ours; or why there is none.
async fn leads_to(house: &House, mail: &Mail) -> Result<Result<To, &'static str>> {
    let db = house.read();
    let Some(domain) = &house.settings().mail_in_domain else { return Ok(Err("no_address")) };
    let mut reason = "no_address";
    for (slug, token) in mail.to.iter().filter_map(|a| threads::parts(a, domain)) {
        let building = match buildings::by_slug(db, &slug.to_ascii_lowercase()).await {
            Ok(b) => b,
            Err(Error::NotFound) => {
                reason = "unknown_building";
                continue;
            }
            Err(e) => return Err(e),
        };
        let Some(token) = token else { return Ok(Ok(To::Building(building))) };
        if !threads::may_be_token(token) {
            reason = "unknown_thread";
            continue;
        }
        match threads::by_token(db, token).await {
            Ok(report) if report.building_id == building.id => return Ok(Ok(To::Report(building, Box::new(report)))),
            Ok(_) | Err(Error::NotFound) => reason = "unknown_thread",
            Err(e) => return Err(e),
        }
    }
    Ok(Err(reason))
}

/// Whether a mail may be answered: a person wrote it, and not for the hundredth time.
pub(super) async fn answerable(house: &House, mail: &Mail) -> Result<bool> {
    let Some(from) = mail.from.as_deref().filter(|_| mail.machine.is_none()) else { return Ok(false) };
    if crate::domain::persons::mail_address("email", from).is_err() {
        return Ok(false);
    }
    match ANSWERED.hit(house, from.to_ascii_lowercase().as_bytes()).await {
        Ok(()) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(e) => Err(e),
    }
}

/// What a letter that answers is threaded by.
pub(super) fn thread(mail: &Mail) -> serde_json::Value {
    let start = mail.references.len().saturating_sub(8);
    json!({ "replied": true, "in_reply_to": mail.message_id, "references": mail.references[start..] })
}

/// The language of somebody's words.
pub(super) fn language(mail: &Mail) -> Lang {
    let han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let words = || mail.subject.chars().chain(mail.text.chars());
    if words().any(han) || !words().any(char::is_alphabetic) { Lang::Zh } else { Lang::En }
}

/// Refuses a mail, with a sentence to whoever wrote it where somebody did.
pub(super) async fn refuse(house: &House, mail: &Mail, note: &Note<'_>, reason: &'static str, building: Option<&Building>) -> Result<Taken> {
    if let Some(seen) = kept::seen(house.read(), &note.fingerprint).await? {
        return again(house, seen).await;
    }
    let answered = answerable(house, mail).await?;
    let act = house.act(Actor::System).await?;
    kept::note(&act, note, Outcome::Refused, Some(reason), (building.map(|b| b.id), None)).await?;
    if let Some(from) = mail.from.clone().filter(|_| answered) {
        let data = json!({ "reason": reason, "lang": language(mail).tag(), "thread": thread(mail) });
        act.owe("mail_refused", Address::Mail(from), &data, None).await?;
    }
    act.commit().await?;
    Ok(Taken { outcome: Outcome::Refused, reason: Some(reason.into()), label: None, answered, again: false })
}

async fn again(house: &House, seen: Incoming) -> Result<Taken> {
    let label = match seen.report_id {
        Some(id) => {
            let report = reports::by_id(house.read(), id).await?;
            let (issue, building) = (issues::by_id(house.read(), report.issue_id).await?, buildings::by_id(house.read(), report.building_id).await?);
            Some(building.label(issue.number))
        }
        None => None,
    };
    Ok(Taken { outcome: seen.outcome, reason: seen.reason, label, answered: true, again: true })
}
