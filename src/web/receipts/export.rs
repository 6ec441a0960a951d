//! `/r/{receipt}/export`: all that is kept about whoever holds the receipt, to read, and as a file to keep.

use rocket::http::ContentType;
use rocket::{Route, get, routes};
use serde::Serialize;

use super::page;
use crate::domain::reports::{self, export};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::Holder;

pub(super) fn routes() -> Vec<Route> {
    routes![show, file]
}

/// A term and its value; nothing kept is said, too.
#[derive(Serialize)]
struct Fact {
    term: String,
    value: Option<String>,
}

/// Something with a time.
#[derive(Serialize)]
struct Dated {
    when: String,
    words: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct More {
    json: String,
    report: Vec<Fact>,
    words: Option<String>,
    contact: Vec<Fact>,
    messages: Vec<Dated>,
    photos: Vec<Dated>,
    letters: Vec<Dated>,
    hidings: Vec<Dated>,
    read_by: Vec<Dated>,
    goes: Vec<Fact>,
}

fn more(holder: &Holder<'_>, all: export::Export) -> More {
    let (lang, now) = (holder.lang, holder.house.now());
    let t = |key: &str| lang.t(&format!("receipts.export.{key}"));
    let when = |at| dates::moment(at, now, lang);
    let fact = |key: &str, value: Option<String>| Fact { term: t(key), value };
    let (r, c) = (&all.report, &all.contact);
    let release = t(&format!("release.{}", r.release.as_str()));
    More {
        json: format!("/r/{}/export.json", holder.receipt),
        report: vec![
            fact("sent_at", Some(when(r.sent_at))),
            fact("place", Some(r.place.clone())),
            fact("category", Some(r.category.clone())),
            fact("channel", Some(t(&format!("channels.{}", r.channel.as_str())))),
            fact("may_know", Some(lang.t(&format!("receipts.who.{}", r.may_know.as_str())))),
            fact("released", Some(r.public_words.as_ref().map_or(release.clone(), |words| lang.say("parts.quoted", &[("words", words)])))),
            fact("answer", r.answer.map(|a| lang.t(&format!("receipts.answer.{}", a.as_str())))),
            fact("rating", r.rating.map(|a| lang.t(&format!("receipts.rating.{}", a.as_str())))),
            fact("rating_words", r.rating_words.clone()),
        ],
        words: r.words.clone(),
        contact: vec![
            fact("name", c.name.clone()),
            fact("phone", c.phone.clone()),
            fact("mail", c.mail.clone()),
            fact("sms", c.sms.clone()),
            fact("organisation", c.organisation.clone()),
            fact("floor", c.floor.clone()),
            fact("proven", c.proven.clone()),
            fact("device", c.device.then(|| t("device_kept"))),
        ],
        messages: all
            .messages
            .iter()
            .map(|m| Dated { when: when(m.at), words: m.words.clone().unwrap_or_else(|| lang.t("receipts.erased_words")), href: None })
            .collect(),
        photos: (1..)
            .zip(&all.photos)
            .map(|(n, p)| {
                let state = t(if p.released_at.is_some() { "photo_public" } else { "photo_own" });
                let kilobytes = (p.bytes / 1024).max(1).to_string();
                let words = lang.say("receipts.export.photo", &[("n", &n.to_string()), ("kb", &kilobytes), ("state", &state)]);
                Dated { when: when(p.sent_at), words, href: Some(format!("/r/{}/photos/{n}", holder.receipt)) }
            })
            .collect(),
        letters: all
            .letters
            .iter()
            .map(|l| {
                let sent = l.sent_at.map_or_else(|| t("letter_waits"), |at| lang.say("receipts.export.letter_sent", &[("at", &when(at))]));
                let kind = format!("receipts.export.letters.{}", l.kind);
                let kind = if lang.has(&kind) { lang.t(&kind) } else { t("letters.other") };
                Dated { when: when(l.owed_at), words: lang.say("receipts.export.letter", &[("kind", &kind), ("sent", &sent)]), href: None }
            })
            .collect(),
        hidings: all.hidings.iter().map(|h| Dated { when: when(h.at), words: hidden(h, &when, lang), href: None }).collect(),
        read_by: all.read_by.iter().map(|r| Dated { when: when(r.at), words: lang.t(&format!("roles.{}", r.role)), href: None }).collect(),
        goes: vec![
            fact("contact_goes", Some(all.goes.contact_at.map_or_else(|| t("while_open"), |at| dates::full_day(at, lang)))),
            fact("photos_go", Some(all.goes.photos_at.map_or_else(|| t("while_open"), |at| dates::full_day(at, lang)))),
        ],
    }
}

/// Who hid it and why, what was said against it, what was decided: a sentence each.
fn hidden(h: &export::Hidden, when: &impl Fn(chrono::DateTime<chrono::Utc>) -> String, lang: Lang) -> String {
    let by = h.by.clone().unwrap_or_else(|| lang.t("roles.system"));
    let reason = lang.t(&format!("hidings.reason.{}", h.reason));
    let say = |key: &str, with: &[(&str, &str)]| lang.say(&format!("receipts.export.hiding.{key}"), with);
    let mut all = vec![say("hidden", &[("by", &by), ("why", &reason)])];
    all.extend(h.review_due.filter(|_| h.ruling.is_none()).map(|at| say("review", &[("at", &when(at))])));
    if let Some(at) = h.appealed_at {
        let words = h.appeal.clone().unwrap_or_else(|| lang.t("receipts.erased_words"));
        all.push(say("appealed", &[("at", &when(at)), ("words", &words)]));
    }
    if let (Some(ruling), Some(at)) = (h.ruling, h.decided_at) {
        all.push(say("ruled", &[("at", &when(at)), ("ruling", &lang.t(&format!("hidings.ruling.{ruling}")))]));
    }
    all.extend(h.answer.as_ref().map(|words| say("answered", &[("words", words)])));
    all.join(if lang == Lang::En { " " } else { "" })
}

#[get("/r/<_>/export")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    holder.ask_own().await?;
    let all = reports::export::export(&holder.house, &holder.report, holder.lang).await?;
    let answer = page(&holder, "export", None, FormState::fresh(&holder), more(&holder, all))?;
    Ok(answer.header("Cache-Control", "no-store"))
}

#[get("/r/<_>/export.json")]
async fn file(holder: Holder<'_>) -> Result<Answer> {
    holder.ask_own().await?;
    let all = reports::export::export(&holder.house, &holder.report, holder.lang).await?;
    let name = format!("louyi-{}.json", all.report.label);
    Ok(Answer::bytes(ContentType::JSON, serde_json::to_vec_pretty(&all)?).named(&name).header("Cache-Control", "no-store"))
}
