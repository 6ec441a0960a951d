//! Feishu 飞书 (abroad Lark) 自定义机器人: a token in the path, and a signature in the body whose key, not message, is made of
//! the instant in seconds and the secret.

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

/// Less than the 20 KB that a body may have.
pub(super) const BYTES: usize = 18_000;

const PATH: &str = "/open-apis/bot/v2/hook/";

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sign: Option<String>,
    msg_type: &'static str,
    content: Kind<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind<'a> {
    Text(&'a str),
    Post(Post),
}

#[derive(Serialize)]
struct Post {
    zh_cn: Page,
}

#[derive(Serialize)]
struct Page {
    title: String,
    content: Vec<Vec<Tag>>,
}

#[derive(Serialize)]
#[serde(tag = "tag", rename_all = "snake_case")]
enum Tag {
    Text { text: String },
    A { text: String, href: String },
}

pub(super) fn key(url: &Url) -> Option<String> {
    url.path().strip_prefix(PATH).filter(|t| !t.contains('/')).map(str::to_owned)
}

pub(super) fn address(root: &str, token: &str) -> String {
    format!("{root}{PATH}{token}")
}

/// The signature in base64: HMAC-SHA256 of nothing, under the instant in seconds, a new line, the secret.
pub fn sign(seconds: i64, secret: &str) -> String {
    let key = format!("{seconds}\n{secret}");
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map(|mac| STANDARD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

pub(super) fn body(content: Content<'_>, secret: Option<&str>, at: DateTime<Utc>) -> Result<String> {
    let seconds = at.timestamp();
    let (timestamp, sign) = (secret.map(|_| seconds.to_string()), secret.map(|s| sign(seconds, s)));
    Ok(match content {
        Content::Text(words) => serde_json::to_string(&Body { timestamp, sign, msg_type: "text", content: Kind::Text(cut(words, BYTES)) })?,
        Content::Rows(message) => serde_json::to_string(&Body { timestamp, sign, msg_type: "post", content: Kind::Post(post(message)) })?,
    })
}

fn post(message: &Message) -> Post {
    let row = |words: &str, link: Option<Tag>| {
        let gap = if words.is_empty() || link.is_none() { "" } else { " " };
        let text = (!words.is_empty()).then(|| Tag::Text { text: format!("{}{gap}", plain(words)) });
        text.into_iter().chain(link).collect::<Vec<_>>()
    };
    let rows = message.rows.iter().map(|r| row(&r.words, r.link.as_ref().map(|l| Tag::A { text: l.words.clone(), href: l.url.clone() })));
    Post { zh_cn: Page { title: plain(&message.title), content: rows.collect() } }
}

pub(super) fn failure(code: i64, why: String, wait: Option<chrono::Duration>) -> Failure {
    match code {
        11232 => Failure::Later(why, wait.or(Some(chrono::Duration::seconds(60)))),
        _ => Failure::Refused(why),
    }
}
