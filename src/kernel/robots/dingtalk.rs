//! DingTalk 钉钉 自定义机器人: a token in the address, and a signature in the query over milliseconds and the secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use url::Url;

use super::message::{Message, cut, plain};
use super::{Content, Failure};
use crate::kernel::error::Result;

/// About what a body may have.
pub(super) const BYTES: usize = 18_000;

#[derive(Serialize)]
struct Words<'a> {
    content: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    msgtype: &'static str,
    text: Words<'a>,
    at: At,
}

#[derive(Serialize)]
struct Markdown<'a> {
    msgtype: &'static str,
    markdown: Titled<'a>,
    at: At,
}

#[derive(Serialize)]
struct Titled<'a> {
    title: &'a str,
    text: &'a str,
}

/// Nobody is called by name.
#[derive(Serialize)]
struct At {
    #[serde(rename = "atMobiles", skip_serializing_if = "Option::is_none")]
    at_mobiles: Option<[&'static str; 0]>,
    #[serde(rename = "isAtAll")]
    is_at_all: bool,
}

pub(super) fn key(url: &Url) -> Option<String> {
    let token = url.query_pairs().find(|(n, _)| n == "access_token").map(|(_, v)| v.into_owned())?;
    (url.path() == "/robot/send").then_some(token)
}

pub(super) fn address(root: &str, token: &str) -> String {
    format!("{root}/robot/send?access_token={token}")
}

/// The signature in base64: HMAC-SHA256 under the secret over the instant in milliseconds, a new line, the secret.
pub fn sign(millis: i64, secret: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{millis}\n{secret}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

pub(super) fn signed(url: &mut Url, secret: &str, at: DateTime<Utc>) {
    let millis = at.timestamp_millis();
    url.query_pairs_mut().append_pair("timestamp", &millis.to_string()).append_pair("sign", &sign(millis, secret));
}

pub(super) fn body(content: Content<'_>) -> Result<String> {
    let at = |at_mobiles| At { at_mobiles, is_at_all: false };
    Ok(match content {
        Content::Text(words) => serde_json::to_string(&Text { msgtype: "text", text: Words { content: cut(words, BYTES) }, at: at(Some([])) })?,
        Content::Rows(message) => {
            let (title, text) = (plain(&message.title), markdown(message));
            let markdown = Titled { title: &title, text: cut(&text, BYTES) };
            serde_json::to_string(&Markdown { msgtype: "markdown", markdown, at: at(None) })?
        }
    })
}

fn markdown(message: &Message) -> String {
    let mut out = format!("#### {}", plain(&message.title));
    for row in &message.rows {
        // A line of a quotation ends by two blanks, a paragraph by an empty line.
        out.push_str(if row.words.is_empty() { "\n\n" } else { "\n> " });
        out.push_str(&plain(&row.words));
        if let Some(link) = &row.link {
            let gap = if row.words.is_empty() { "" } else { " " };
            out.push_str(&format!("{gap}[{}]({})", plain(&link.words), link.url));
        }
        if !row.words.is_empty() {
            out.push_str("  ");
        }
    }
    out.trim_end().to_owned()
}

pub(super) fn failure(code: i64, why: String, wait: Option<chrono::Duration>) -> Failure {
    match code {
        // Too often: it listens to nobody for about ten minutes.
        130_101 => Failure::Later(why, wait.max(Some(chrono::Duration::minutes(10)))),
        -1 => Failure::Later(why, wait),
        _ => Failure::Refused(why),
    }
}
