//! Filing: a new report opens a matter, "me too" joins one. The same form sent twice makes one report.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sha2::{Digest as _, Sha256};

use super::reporter::{self, Identity};
use super::representing::Behalf;
use super::{ActiveModel, Channel, Column, Entity, MayKnow, Release, Report, ReportKind, receipts};
use crate::domain::attachments::{self, Of};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories::{Category, Limit};
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::messages;
use crate::domain::times;
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{PosterId, ReportId};
use crate::kernel::outbox::Address;
use crate::kernel::photos::Prepared;
use crate::kernel::text;

/// Longest text of a report, in characters.
pub const WORDS_MAX: usize = 2000;

/// What somebody sends.
pub struct NewReport<'a> {
    pub words: &'a str,
    pub channel: Channel,
    pub poster: Option<PosterId>,
    pub may_know: MayKnow,
    pub who: Identity,
    /// Hash of the device's cookie: one "me too" per device.
    pub device: Option<Vec<u8>>,
    pub photos: Vec<Prepared>,
    pub lang: Lang,
    /// The form's own key.
    pub form_key: Option<Vec<u8>>,
    /// For how many workers of which enterprise its representative speaks.
    pub behalf: Option<Behalf>,
}

/// What is on disk when the page says so.
pub struct Filed {
    pub issue: Issue,
    pub report: Report,
    /// For the address `/r/{receipt}`.
    pub receipt: String,
    /// To write down.
    pub code: String,
    /// The form had been sent before; this is what it made then.
    pub again: bool,
}

/// What somebody typed, as it would be kept; refused where it is empty or too long.
pub fn words_of(typed: &str) -> Result<String, Refusal> {
    text::words("words", typed, 1, WORDS_MAX)
}

/// Files a new matter at a place.
pub async fn file(act: &Act, building: &Building, place: &Place, category: &Category, new: NewReport<'_>) -> Result<Filed> {
    let words = words_of(new.words)?;
    let digest = digest(&[&words, &category.code, &place.code]);
    // Lock the building first: the same form sent twice at once must find its first half finished.
    buildings::hold(act, building.id).await?;
    if let Some(filed) = sent_before(act, new.form_key.as_deref(), &digest).await? {
        return Ok(filed);
    }
    let owed = times::at(act.tx(), building.id, act.at).await?.of(category);
    let issue = issues::receive(act, building, place, (category, owed), &words).await?;
    let filed = join(act, issue, place, (category, owed.first), ReportKind::New, Some(words), digest, new).await?;
    filed.issue.tell_desk(act, building, "issue_received").await?;
    Ok(filed)
}

/// Joins an open matter: counted once per device, with a sentence or a picture if wished.
pub async fn me_too(act: &Act, issue: Issue, place: &Place, category: &Category, new: NewReport<'_>) -> Result<Filed> {
    let mut issue = issues::hold_by_id(act, issue.id).await?;
    while let Some(into) = issue.merged_into_id {
        issue = issues::hold_by_id(act, into).await?;
    }
    if !issue.state.is_open() {
        return Err(Refusal::new("me_too_closed").into());
    }
    issue.ask_no_round(None)?;
    let words = if text::clean(new.words).is_empty() { None } else { Some(words_of(new.words)?) };
    let digest = digest(&[words.as_deref().unwrap_or_default(), "me too", &issue.number.to_string()]);
    if let Some(filed) = sent_before(act, new.form_key.as_deref(), &digest).await? {
        return Ok(filed);
    }
    if let Some(device) = &new.device
        && let Some(known) = reporter::device_known(act, issue.id, device).await?
    {
        let report = super::by_id(act.tx(), known).await?;
        // Counted already; what is new in it still arrives.
        if let Some(words) = &words {
            messages::add(act, &issue, &report, words).await?;
        }
        attachments::attach(act, issue.id, Of::Report(report.id), new.photos).await?;
        return Ok(of(act, issue, report, true));
    }
    let first = times::at(act.tx(), issue.building_id, act.at).await?.of(category).first;
    join(act, issue, place, (category, first), ReportKind::MeToo, words, digest, new).await
}

#[expect(clippy::too_many_arguments, reason = "the shared half of two verbs; a struct would only be taken apart again")]
async fn join(
    act: &Act,
    issue: Issue,
    place: &Place,
    (category, first): (&Category, Limit),
    kind: ReportKind,
    words: Option<String>,
    digest: Vec<u8>,
    new: NewReport<'_>,
) -> Result<Filed> {
    let keys = act.house().keys();
    let calendar = act.calendar();
    let id = ReportId(act.fresh());
    let receipt = receipts::receipt_of(keys, id);
    let (code, round) = receipts::unused_code(act, id).await?;
    let NewReport { channel, poster, may_know, lang, form_key, behalf, .. } = new;
    let kept = Kept { first, kind, channel, poster, may_know, lang, words: words.as_deref(), form_key, form_digest: Some(digest), behalf };
    let row = row(id, act.at, &calendar, (&receipt, receipts::code_hash(keys, &code), round), (&issue, place, category), kept);
    let report = row.insert(act.tx()).await?;
    let (has_mail, has_number) = (new.who.email.is_some(), new.who.sms.is_some());
    reporter::keep(act, id, new.who.within(new.may_know), new.device).await?;
    let photos = attachments::attach(act, issue.id, Of::Report(id), new.photos).await?;
    let entry = Entry::ReportReceived { report: id, kind, channel: report.channel, photos, words: report.words_hash() };
    act.journal(report.on_self(), &entry).await?;
    let issue = issue.gained_a_report(act, &report).await?;
    if has_mail {
        act.owe("receipt", Address::Report(id), &serde_json::json!({ "issue": issue.id }), None).await?;
    }
    if has_number {
        act.owe("receipt", Address::Sms(id), &serde_json::json!({ "issue": issue.id }), None).await?;
    }
    Ok(Filed { issue, report, receipt, code, again: false })
}

/// What is kept of a report, beside who sent it.
pub(super) struct Kept<'a> {
    /// How soon its first answer is owed.
    pub first: Limit,
    pub kind: ReportKind,
    pub channel: Channel,
    pub poster: Option<PosterId>,
    pub may_know: MayKnow,
    pub lang: Lang,
    pub words: Option<&'a str>,
    /// The form's own key.
    pub form_key: Option<Vec<u8>>,
    /// The digest of what was in it.
    pub form_digest: Option<Vec<u8>>,
    /// For how many it speaks.
    pub behalf: Option<Behalf>,
}

/// A report's row as it begins, under a receipt and a code that nobody else has.
pub(super) fn row(
    id: ReportId,
    at: DateTimeUtc,
    calendar: &Calendar,
    (receipt, code_hash, round): (&str, Vec<u8>, i32),
    (issue, place, category): (&Issue, &Place, &Category),
    new: Kept<'_>,
) -> ActiveModel {
    ActiveModel {
        id: Set(id),
        building_id: Set(issue.building_id),
        issue_id: Set(issue.id),
        filed_issue_id: Set(issue.id),
        place_id: Set(place.id),
        poster_id: Set(new.poster),
        kind: Set(new.kind),
        channel: Set(new.channel),
        category: Set(category.code.clone()),
        may_know: Set(new.may_know),
        release: Set(if new.words.is_some() { Release::Waiting } else { Release::Nothing }),
        release_due: Set(new.words.map(|_| Limit::WorkingDays(2).from(at, calendar).at)),
        words: Set(new.words.map(str::to_owned)),
        words_salt: Set(new.words.map(|_| text::salt())),
        public_words: Set(None),
        released_at: Set(None),
        released_by: Set(None),
        locale: Set(new.lang.tag().into()),
        receipt_hash: Set(receipts::receipt_hash(receipt)),
        code_hash: Set(code_hash),
        code_round: Set(round),
        form_key: Set(new.form_key),
        form_digest: Set(new.form_digest),
        first_answer_due: Set(new.first.from(at, calendar).at),
        first_answered_at: Set(None),
        answer: Set(None),
        answered_at: Set(None),
        following: Set(true),
        created_at: Set(at),
        withdrawn_at: Set(None),
        erased_at: Set(None),
        rating: Set(None),
        rating_words: Set(None),
        rating_salt: Set(None),
        rated_at: Set(None),
        on_behalf_of: Set(new.behalf.map(|b| b.workers)),
        represented_id: Set(new.behalf.map(|b| b.organisation)),
        copy_of_id: Set(None),
        folded_into_id: Set(None),
    }
}

fn of(act: &Act, issue: Issue, report: Report, again: bool) -> Filed {
    let keys = act.house().keys();
    Filed { receipt: receipts::receipt_of(keys, report.id), code: receipts::code_of(keys, report.id, report.code_round), issue, report, again }
}

async fn sent_before(act: &Act, form_key: Option<&[u8]>, digest: &[u8]) -> Result<Option<Filed>> {
    let Some(key) = form_key else { return Ok(None) };
    let Some(report) = Entity::find().filter(Column::FormKey.eq(key.to_vec())).one(act.tx()).await? else { return Ok(None) };
    if report.form_digest.as_deref() != Some(digest) {
        return Err(Refusal::new("form_used").into());
    }
    let issue = issues::by_id(act.tx(), report.issue_id).await?;
    Ok(Some(of(act, issue, report, true)))
}

fn digest(parts: &[&str]) -> Vec<u8> {
    let mut h = Sha256::new();
    for p in parts {
        h.update((p.len() as u64).to_be_bytes());
        h.update(p.as_bytes());
    }
    h.finalize().to_vec()
}
