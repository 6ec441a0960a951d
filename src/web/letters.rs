//! `/letters`: for the operator. Letters kept in place of being sent, and those that were given up.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Administer, Holds};
use super::sent::Sent;
use crate::domain::channels::{self, Channel};
use crate::domain::incoming::{self, Incoming};
use crate::domain::letters::{self, KeptMail};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{ChannelId, OutboxId};
use crate::kernel::outbox;

pub(super) fn routes() -> Vec<Route> {
    routes![show, again, again_all]
}

const PAGE: u64 = 40;

#[derive(Serialize)]
struct Page {
    kept: Vec<Letter>,
    given_up: Vec<Given>,
    /// Groups of which more than one message was given up.
    groups: Vec<Group>,
    /// Mails that came in and could not be taken.
    refused: Vec<Refused>,
    older: Option<String>,
    form: FormState,
}

#[derive(Serialize)]
struct Letter {
    to: String,
    when: String,
    subject: String,
    body: Vec<Piece>,
}

/// A piece of a letter: plain words, or an address of this site that can be followed.
#[derive(Serialize)]
struct Piece {
    words: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Given {
    id: String,
    subject: String,
    to: String,
    when: String,
    why: String,
}

/// A channel with what it was not told.
#[derive(Serialize)]
struct Group {
    id: String,
    words: String,
}

#[derive(Serialize)]
struct Refused {
    why: String,
    when: String,
    /// By which door, and how large.
    line: String,
    /// The file in which it lies.
    file: Option<String>,
}

fn unread(lang: Lang, mail: &Incoming, when: String) -> Refused {
    let door = lang.t(&format!("incoming.page.{}", mail.door));
    let size = format!("{} KB", (mail.bytes / 1024).max(1));
    Refused {
        why: lang.t(&format!("incoming.reasons.{}", mail.reason.as_deref().unwrap_or_default())),
        when,
        line: lang.say("incoming.page.line", &[("door", &door), ("size", &size)]),
        file: mail.file.clone(),
    }
}

async fn page(who: &Holds<'_, Administer>, before: Option<i64>, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let before = before.and_then(chrono::DateTime::from_timestamp_micros);
    let kept = letters::kept(db, before, PAGE).await?;
    let older = kept.last().filter(|_| kept.len() as u64 == PAGE).map(|m| format!("/letters?before={}", m.created_at.timestamp_micros()));
    let given_up = letters::given_up(db, PAGE).await?;
    let refused = incoming::refused(db, PAGE).await?;
    let mut told: Vec<Channel> = vec![];
    for id in given_up.iter().filter_map(|l| l.channel_id) {
        if !told.iter().any(|c| c.id == id) {
            told.push(channels::by_id(db, id).await?);
        }
    }
    let mut groups = vec![];
    for c in &told {
        let n = channels::backlog(db, c.id).await?.given_up;
        if n > 1 {
            groups.push(Group { id: c.id.0.to_string(), words: lang.say("letters.page.all_again", &[("name", &c.name), ("n", &n.to_string())]) });
        }
    }
    let page = Page {
        refused: refused.iter().map(|m| unread(lang, m, dates::moment(m.at, now, lang))).collect(),
        kept: kept.iter().map(|m| letter(who, m)).collect(),
        given_up: given_up
            .iter()
            .map(|l: &outbox::Model| Given {
                id: l.id.0.to_string(),
                subject: match told.iter().find(|c| Some(c.id) == l.channel_id) {
                    Some(c) => lang.say("letters.page.to_channel", &[("name", &c.name)]),
                    None => lang.t(&format!("letters.page.to_{}", if l.way == "sms" { "number" } else { &l.address })),
                },
                to: lang.t(&format!("{}.named.{}", if l.channel_id.is_some() { "channels" } else { "letters" }, l.kind)),
                when: dates::moment(l.created_at, now, lang),
                why: l.last_error.clone().unwrap_or_default(),
            })
            .collect(),
        groups,
        older,
        form,
    };
    who.page(Frame::titled(lang.t("letters.page.title")).at_work().here("letters").class("pg-desk"), "letters/index", &page)
}

fn letter(who: &Holds<'_, Administer>, mail: &KeptMail) -> Letter {
    let root = who.house.settings().address("/");
    Letter {
        to: mail.recipient.clone(),
        when: dates::moment(mail.created_at, who.house.now(), who.lang),
        subject: mail.subject.clone(),
        body: pieces(&mail.body, &root),
    }
}

/// Cuts a letter at the addresses of this site; no other address becomes a link.
fn pieces(body: &str, root: &str) -> Vec<Piece> {
    let mut out = vec![];
    let mut rest = body;
    while let Some(at) = rest.find(root) {
        let (words, from) = rest.split_at(at);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        let (address, after) = from.split_at(end);
        out.push(Piece { words: words.to_owned(), href: None });
        out.push(Piece { words: address.to_owned(), href: Some(format!("/{}", &address[root.len()..])) });
        rest = after;
    }
    out.push(Piece { words: rest.to_owned(), href: None });
    out.retain(|p| !p.words.is_empty());
    out
}

#[get("/letters?<before>")]
async fn show(who: Holds<'_, Administer>, before: Option<i64>) -> Result<Answer> {
    let form = FormState::fresh(&who);
    page(&who, before, form).await
}

#[post("/letters/given-up", data = "<sent>")]
async fn again(who: Holds<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let id = sent.read("letter").map(OutboxId::from_uuid).map_err(|_| Error::NotFound)?;
        let act = who.begin(&sent).await?;
        letters::send_again(&act, id).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go("/letters").saying("letters.page.said.again")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, None, form).await?.status(status))
        }
    }
}

/// Everything that was given up of one channel.
#[post("/letters/given-up/all", data = "<sent>")]
async fn again_all(who: Holds<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let id = sent.read("channel").map(ChannelId::from_uuid).map_err(|_| Error::NotFound)?;
        let act = who.begin(&sent).await?;
        letters::send_all_again(&act, id).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go("/letters").saying("letters.page.said.all_again")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, None, form).await?.status(status))
        }
    }
}
