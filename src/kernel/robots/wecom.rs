//! WeCom 企业微信 消息推送: a key in the address and no signature.

use serde::Serialize;
use url::Url;

use super::message::{Message, cut, plain};
use super::{Content, Failure};
use crate::kernel::error::Result;

/// Most bytes of a text and of markdown.
const TEXT: usize = 2048;
pub(super) const MARKDOWN: usize = 4096;

#[derive(Serialize)]
struct Words<'a> {
    content: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    msgtype: &'static str,
    text: Words<'a>,
}

#[derive(Serialize)]
struct Markdown<'a> {
    msgtype: &'static str,
    markdown: Words<'a>,
}

pub(super) fn key(url: &Url) -> Option<String> {
    let key = url.query_pairs().find(|(n, _)| n == "key").map(|(_, v)| v.into_owned())?;
    (url.path() == "/cgi-bin/webhook/send").then_some(key)
}

pub(super) fn address(root: &str, key: &str) -> String {
    format!("{root}/cgi-bin/webhook/send?key={key}")
}

pub(super) fn body(content: Content<'_>) -> Result<String> {
    Ok(match content {
        Content::Text(words) => serde_json::to_string(&Text { msgtype: "text", text: Words { content: cut(words, TEXT) } })?,
        Content::Rows(message) => {
            serde_json::to_string(&Markdown { msgtype: "markdown", markdown: Words { content: cut(&markdown(message), MARKDOWN) } })?
        }
    })
}

fn markdown(message: &Message) -> String {
    let mut out = format!("**{}**", plain(&message.title));
    for row in &message.rows {
        out.push_str("\n>");
        out.push_str(&plain(&row.words));
        if let Some(link) = &row.link {
            let gap = if row.words.is_empty() { "" } else { " " };
            out.push_str(&format!("{gap}[{}]({})", plain(&link.words), link.url));
        }
    }
    out
}

pub(super) fn failure(code: i64, why: String, wait: Option<chrono::Duration>) -> Failure {
    match code {
        // Too often; the service is busy.
        45009 | -1 => Failure::Later(why, wait.or(Some(chrono::Duration::seconds(60)))),
        // Too long, or a kind that it does not know.
        40058 | 40008 => Failure::Never(why),
        _ => Failure::Refused(why),
    }
}
