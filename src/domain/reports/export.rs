//! All that is kept about one reporter, for that reporter (Personal Information Protection Law, art. 45). The same shape for
//! the page and for the file; a field's name stays.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{Answer, Channel, MayKnow, Rating, Release, Report, ReportKind, reporter};
use crate::domain::hidings::{self, HideReason, Ruling};
use crate::domain::retention::{CONTACT_DAYS, PHOTO_DAYS};
use crate::domain::{attachments, buildings, issues, journal as vocabulary, messages, organisations, proofs};
use crate::kernel::act::House;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::journal;
use vocabulary::Entry;

/// The whole document.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// Version of this document's shape.
    pub louyi_export: u32,
    pub made_at: DateTime<Utc>,
    pub report: Sent,
    pub contact: Contact,
    pub messages: Vec<Said>,
    pub photos: Vec<Photo>,
    pub letters: Vec<Letter>,
    /// What of it was taken out of public sight, and what became of that.
    pub hidings: Vec<Hidden>,
    /// Who looked up how to reach the reporter.
    pub read_by: Vec<Read>,
    pub goes: Goes,
}

/// The report.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    pub label: String,
    pub building: String,
    pub place: String,
    pub category: String,
    pub kind: ReportKind,
    pub channel: Channel,
    pub language: String,
    pub sent_at: DateTime<Utc>,
    pub words: Option<String>,
    pub release: Release,
    pub public_words: Option<String>,
    pub may_know: MayKnow,
    pub answer: Option<Answer>,
    pub answered_at: Option<DateTime<Utc>>,
    pub rating: Option<Rating>,
    pub rating_words: Option<String>,
    pub following: bool,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub erased_at: Option<DateTime<Utc>>,
}

/// What the reporter said of themselves.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Contact {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub mail: Option<String>,
    /// The number for short messages.
    pub sms: Option<String>,
    pub organisation: Option<String>,
    pub floor: Option<String>,
    /// Where this report proves that its writer works.
    pub proven: Option<String>,
    /// Whether a hash of the device is kept; it says nothing, and so is not given out.
    pub device: bool,
}

/// What the reporter added later. What others wrote to them stands on the receipt's page, and is theirs.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub at: DateTime<Utc>,
    pub words: Option<String>,
}

/// A picture; the address is the reporter's own.
#[derive(Clone, Debug, Serialize)]
pub struct Photo {
    pub address: String,
    pub width: i32,
    pub height: i32,
    pub bytes: i32,
    pub sent_at: DateTime<Utc>,
    pub released_at: Option<DateTime<Utc>>,
}

/// One hiding of what was public.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    pub at: DateTime<Utc>,
    /// The organisation for which it was hidden.
    pub by: Option<String>,
    pub reason: HideReason,
    /// By when it is confirmed, or returns.
    pub review_due: Option<DateTime<Utc>>,
    /// The reporter's own words against it.
    pub appeal: Option<String>,
    pub appealed_at: Option<DateTime<Utc>>,
    pub ruling: Option<Ruling>,
    pub decided_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
}

/// A letter to the reporter; its words are not kept once it was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    pub kind: String,
    pub owed_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// A reading.
#[derive(Clone, Debug, Serialize)]
pub struct Read {
    pub role: String,
    pub at: DateTime<Utc>,
}

/// When things go by themselves; none while the matter is open.
#[derive(Clone, Debug, Serialize)]
pub struct Goes {
    pub contact_at: Option<DateTime<Utc>>,
    pub photos_at: Option<DateTime<Utc>>,
}

/// Gathers all that is kept about a report's writer.
pub async fn export(house: &House, report: &Report, lang: Lang) -> Result<Export> {
    let db = house.read();
    let issue = issues::by_id(db, report.issue_id).await?;
    let building = buildings::by_id(db, report.building_id).await?;
    let place = buildings::place_by_id(db, report.place_id).await?;
    let over = [issue.closed_at, report.withdrawn_at].into_iter().flatten().min();
    Ok(Export {
        louyi_export: 1,
        made_at: house.now(),
        report: Sent {
            label: building.label(issue.number),
            building: building.name(lang).to_owned(),
            place: place.full(lang),
            category: crate::domain::categories::name(&report.category, lang),
            kind: report.kind,
            channel: report.channel,
            language: report.locale.clone(),
            sent_at: report.created_at,
            words: report.words.clone(),
            release: report.release,
            public_words: report.public_words.clone(),
            may_know: report.may_know,
            answer: report.answer,
            answered_at: report.answered_at,
            rating: report.rating,
            rating_words: report.rating_words.clone(),
            following: report.following,
            withdrawn_at: report.withdrawn_at,
            erased_at: report.erased_at,
        },
        contact: Contact { proven: proven(house, report, lang).await?, ..contact(db, report, lang).await? },
        messages: said(db, report).await?,
        photos: photos(house, report).await?,
        letters: letters(db, report).await?,
        hidings: hidden(db, report, lang).await?,
        read_by: read_by(db, report).await?,
        goes: Goes { contact_at: over.map(|at| at + Duration::days(CONTACT_DAYS)), photos_at: over.map(|at| at + Duration::days(PHOTO_DAYS)) },
    })
}

async fn contact(db: &impl ConnectionTrait, report: &Report, lang: Lang) -> Result<Contact> {
    let Some((who, device)) = reporter::own(db, report.id).await? else { return Ok(Contact::default()) };
    let organisation = match who.organisation {
        Some(id) => Some(organisations::by_id(db, id).await?.name(lang).to_owned()),
        None => None,
    };
    Ok(Contact { name: who.name, phone: who.phone, mail: who.email, sms: who.sms, organisation, floor: who.floor, proven: None, device })
}

async fn proven(house: &House, report: &Report, lang: Lang) -> Result<Option<String>> {
    match proofs::own(house.read(), house.keys(), report.id).await? {
        Some(id) => Ok(Some(organisations::by_id(house.read(), id).await?.name(lang).to_owned())),
        None => Ok(None),
    }
}

async fn said(db: &impl ConnectionTrait, report: &Report) -> Result<Vec<Said>> {
    let all = messages::for_report(db, report.issue_id, report.id).await?;
    Ok(all.into_iter().filter(|m| m.report_id == Some(report.id)).map(|m| Said { at: m.created_at, words: m.words }).collect())
}

async fn photos(house: &House, report: &Report) -> Result<Vec<Photo>> {
    let receipt = super::receipt_of(house.keys(), report.id);
    let all = attachments::of_report(house.read(), report.id).await?.into_iter().enumerate();
    Ok(all
        .map(|(i, p)| Photo {
            address: house.settings().address(&format!("/r/{receipt}/photos/{}", i + 1)),
            width: p.width,
            height: p.height,
            bytes: p.bytes,
            sent_at: p.created_at,
            released_at: p.released_at,
        })
        .collect())
}

async fn hidden(db: &impl ConnectionTrait, report: &Report, lang: Lang) -> Result<Vec<Hidden>> {
    let all = hidings::all_of_report(db, report.id).await?;
    let by = organisations::by_ids(db, all.iter().filter_map(|h| h.hidden_for).collect::<Vec<_>>()).await?;
    let name = |id| by.iter().find(|o| o.id == id).map(|o| o.name(lang).to_owned());
    let one = |h: hidings::Hiding| Hidden {
        at: h.hidden_at,
        by: h.hidden_for.and_then(name),
        reason: h.reason,
        review_due: h.review_due,
        appeal: h.appeal,
        appealed_at: h.appealed_at,
        ruling: h.ruling,
        decided_at: h.decided_at,
        answer: h.answer,
    };
    Ok(all.into_iter().map(one).collect())
}

async fn letters(db: &impl ConnectionTrait, report: &Report) -> Result<Vec<Letter>> {
    let text = "select kind, created_at, sent_at from outbox where report_id = ? order by created_at, id";
    let mut all = vec![];
    for row in db.query_all_raw(sql(db, text, [report.id.0.into()])).await? {
        all.push(Letter { kind: row.try_get_by_index(0)?, owed_at: row.try_get_by_index(1)?, sent_at: row.try_get_by_index(2)? });
    }
    Ok(all)
}

async fn read_by(db: &impl ConnectionTrait, report: &Report) -> Result<Vec<Read>> {
    let mut all = vec![];
    for line in journal::of_object(db, report.id).await? {
        if matches!(vocabulary::read(&line)?, Entry::ReporterRead { .. }) {
            all.push(Read { role: line.role.clone().unwrap_or_default(), at: line.at });
        }
    }
    Ok(all)
}
