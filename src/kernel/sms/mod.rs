//! Short messages: what a mobile number is, how long a text may be, and the gateway that passes it on: a folder or an HTTP
//! address. Messages cost money and carry no words of a report.

mod file;
mod http;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use file::{Folder, forget};
pub use http::Http;

use super::error::{Error, Refusal, Result};
use super::limits::Limit;
use super::settings::Settings;

/// Most messages that one number may ask for in a day, whoever asks.
pub const ASKED: Limit = Limit { what: "sms-number", minutes: 24 * 60, at_most: 5 };
/// The same for one device in an hour, and for one address.
pub const ASKED_BY: (Limit, Limit) = (Limit { what: "sms-device", minutes: 60, at_most: 5 }, Limit { what: "sms-address", minutes: 60, at_most: 60 });
/// Most messages that go to one number in a day, whatever happens to its matters.
pub const SENT: Limit = Limit { what: "sms-sent", minutes: 24 * 60, at_most: 10 };

/// A mobile number of mainland China: eleven digits from 13 to 19 (the numbering plan of the Ministry of Industry and
/// Information Technology), as people type it: with blanks, dashes, full-width digits, or +86 before it.
pub fn mobile(typed: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::new("mobile_number").at("sms");
    let mut digits = String::new();
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '０'..='９' => digits.extend(char::from_digit(c as u32 - '０' as u32, 10)),
            '+' | '＋' if digits.is_empty() => {}
            ' ' | '\u{a0}' | '\u{3000}' | '-' | '－' | '(' | ')' | '（' | '）' => {}
            _ => return Err(wrong()),
        }
    }
    let national = ["0086", "86"].into_iter().filter_map(|code| digits.strip_prefix(code)).find(|rest| rest.len() == 11).unwrap_or(&digits);
    let mobile = national.len() == 11 && national.starts_with('1') && national.as_bytes()[1] >= b'3';
    if mobile { Ok(national.to_owned()) } else { Err(wrong()) }
}

/// The characters of one part. Anything beyond the alphabet of GSM 03.38 makes all of it UCS-2: 70 characters, or 67 in each
/// of several parts; within it 160 and 153.
pub fn parts(text: &str) -> usize {
    const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    let plain = |c: char| c == '\n' || (' '..='~').contains(&c) && !"`[]{}\\^~|".contains(c) || BEYOND_ASCII.contains(c);
    let (one, each, length) = if text.chars().all(plain) { (160, 153, text.chars().count()) } else { (70, 67, text.encode_utf16().count()) };
    if length <= one { 1 } else { length.div_ceil(each) }
}

/// A message as a gateway needs it.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Stays the same on every try, so that a gateway recognises what came twice.
    pub id: &'a str,
    /// Eleven digits.
    pub to: &'a str,
    pub text: &'a str,
}

/// Why a message did not go out, without the number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may go another time.
    Later(String),
    /// It never will.
    Never(String),
}

/// Whoever passes messages on.
#[rocket::async_trait]
pub trait Gateway: Send + Sync {
    /// Passes one on; the words of a failure may be kept and shown.
    async fn send(&self, message: &Message<'_>) -> Result<(), Failure>;
    /// Whether it would take one now. Sends nothing.
    async fn reachable(&self) -> Result<(), String>;
    /// Whether what it takes stays on this machine, so that the operator's page shows it.
    fn kept_here(&self) -> bool;
}

/// The gateway that the settings name; none where messages are not offered. In the furnished district everybody is
/// invented: there it is always a folder.
pub fn gateway(settings: &Settings) -> Result<Option<Arc<dyn Gateway>>> {
    if settings.demonstration {
        return Ok(Some(Arc::new(Folder::new(settings.data.join("sms")))));
    }
    match (&settings.sms_url, &settings.sms_folder) {
        (Some(_), Some(_)) => Err(Error::broken("LOUYI_SMS_URL and LOUYI_SMS_FOLDER are both set: messages go one way")),
        (Some(url), None) => Ok(Some(Arc::new(Http::new(url, settings.sms_token.as_ref())?))),
        (None, Some(folder)) => Ok(Some(Arc::new(Folder::new(folder.clone())))),
        (None, None) => Ok(None),
    }
}

/// Whether a receipt can be kept by SMS here.
pub fn offered(settings: &Settings) -> bool {
    settings.demonstration || settings.sms_url.is_some() || settings.sms_folder.is_some()
}

/// What this process has passed on since it began.
#[derive(Debug, Default)]
pub struct Tally {
    sent: AtomicU64,
    parts: AtomicU64,
    later: AtomicU64,
    never: AtomicU64,
}

impl Tally {
    /// Counts what became of a message.
    pub fn count(&self, text: &str, outcome: &Result<(), Failure>) {
        let one = |n: &AtomicU64| n.fetch_add(1, Ordering::Relaxed);
        match outcome {
            Ok(()) => {
                one(&self.sent);
                self.parts.fetch_add(parts(text) as u64, Ordering::Relaxed);
            }
            Err(Failure::Later(_)) => drop(one(&self.later)),
            Err(Failure::Never(_)) => drop(one(&self.never)),
        }
    }

    /// In Prometheus' text format.
    pub fn text(&self) -> String {
        let n = |n: &AtomicU64| n.load(Ordering::Relaxed);
        format!(
            "# HELP louyi_sms_total Short messages by what became of the try\n# TYPE louyi_sms_total counter\n\
             louyi_sms_total{{outcome=\"sent\"}} {}\nlouyi_sms_total{{outcome=\"later\"}} {}\nlouyi_sms_total{{outcome=\"never\"}} {}\n\
             # HELP louyi_sms_parts_total Parts of short messages that were passed on: what is paid for\n# TYPE louyi_sms_parts_total counter\n\
             louyi_sms_parts_total {}\n",
            n(&self.sent),
            n(&self.later),
            n(&self.never),
            n(&self.parts)
        )
    }
}
