//! One mail as it came over the wire (RFC 5322, MIME), read with bounds: who wrote it, to which address, what it says, what is
//! attached, and whether a person wrote it at all. Pure and blocking: callers run it on a thread for such work.

use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders as _, PartType};
use sha2::{Digest as _, Sha256};

use super::trim;
use crate::kernel::text;

/// Most bytes of a mail.
pub const BYTES_MAX: usize = 25 << 20;
/// Most bytes of its header.
const HEADER_MAX: usize = 256 << 10;
/// Most parts.
const PARTS_MAX: usize = 100;
/// Bytes of an inline picture below which it is some signature's ornament.
const ORNAMENT: usize = 8 << 10;

/// Why a mail cannot be read. The word in `locales/*/incoming.toml` below `reasons`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// More than [`BYTES_MAX`].
    TooLarge,
    /// Nothing that looks like a header, or one that never ends.
    NoMail,
    /// More parts than anybody writes.
    TooManyParts,
}

impl Unreadable {
    pub fn as_str(self) -> &'static str {
        match self {
            Unreadable::TooLarge => "too_large",
            Unreadable::NoMail => "no_mail",
            Unreadable::TooManyParts => "too_many_parts",
        }
    }
}

/// What wrote it, where no person sat there and typed (RFC 3834).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// It answers by itself, or says that something did not arrive: it says nothing of a building.
    Answers,
    /// It came through a list or from a program: it may say something, but nobody waits for an answer.
    Sends,
}

/// A picture or another file that came along.
pub struct Attached {
    /// As it was called, shortened; may be empty.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a mail says.
#[derive(Default)]
pub struct Mail {
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// What it answers, oldest first.
    pub references: Vec<String>,
    /// The address of whoever wrote it.
    pub from: Option<String>,
    /// The addresses that it was meant for, the surest first.
    pub to: Vec<String>,
    pub subject: String,
    /// Their own words: without what they quote, where that is safe, and without a signature.
    pub text: String,
    pub machine: Option<Machine>,
    pub pictures: Vec<Attached>,
    /// Names of what else was attached.
    pub others: Vec<String>,
    /// SHA-256 of what follows the header.
    pub body_hash: Vec<u8>,
}

/// Reads a whole mail.
pub fn read(raw: &[u8]) -> Result<Mail, Unreadable> {
    if raw.len() > BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let header = ask_bounded(raw)?;
    let message = MessageParser::default().parse(raw).ok_or(Unreadable::NoMail)?;
    if parts_of(&message) > PARTS_MAX {
        return Err(Unreadable::TooManyParts);
    }
    let mut mail = envelope(&message)?;
    mail.body_hash = Sha256::digest(&raw[header..]).to_vec();
    let answers = !mail.references.is_empty();
    let own = written(&message);
    // Nothing of their own, and another mail in it: then that one is what they mean.
    let passed_on = own.trim().is_empty() && message.parts.iter().any(|p| matches!(p.body, PartType::Message(_)));
    mail.text = if passed_on { trim::own_words(&inside(&message), false) } else { trim::own_words(&own, answers) };
    attachments(&message, passed_on, &mut mail);
    Ok(mail)
}

/// The parts of a mail and of the mails in it.
fn parts_of(message: &Message<'_>) -> usize {
    let within = |part: &mail_parser::MessagePart<'_>| if let PartType::Message(m) = &part.body { parts_of(m) } else { 0 };
    message.parts.len() + message.parts.iter().map(within).sum::<usize>()
}

/// The words of a mail, without those of mails in it.
fn written(message: &Message<'_>) -> String {
    let whole: Vec<String> = (0..message.text_body_count()).filter_map(|i| message.body_text(i)).map(|t| text::clean(&t)).collect();
    let whole = whole.join("\n");
    if whole.trim().is_empty() { deep(message) } else { whole }
}

/// The words of the mails in it, down to where somebody wrote something.
fn inside(message: &Message<'_>) -> String {
    let words = |part: &mail_parser::MessagePart<'_>| {
        let PartType::Message(m) = &part.body else { return None };
        let own = written(m);
        Some(if own.trim().is_empty() { inside(m) } else { own })
    };
    message.parts.iter().filter_map(words).filter(|w| !w.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Reads only who wrote a mail and to whom, from its beginning: enough to say that the rest is too large.
pub fn read_head(beginning: &[u8]) -> Result<Mail, Unreadable> {
    let header = ask_bounded(beginning)?;
    let message = MessageParser::default().parse(&beginning[..header]).ok_or(Unreadable::NoMail)?;
    let mut mail = envelope(&message)?;
    mail.body_hash = Sha256::digest(&beginning[header..]).to_vec();
    Ok(mail)
}

/// Where the header ends; refused before anything is built from it where it is endless, or where a mail is made of so many
/// short lines that only a bomb can be meant.
fn ask_bounded(raw: &[u8]) -> Result<usize, Unreadable> {
    let two = |w: &[u8]| w.starts_with(b"\n\n") || w.starts_with(b"\n\r\n");
    let end = raw.windows(3).take(HEADER_MAX).position(two).or_else(|| (raw.len() <= HEADER_MAX).then_some(raw.len())).ok_or(Unreadable::NoMail)?;
    let lines = raw.iter().filter(|b| **b == b'\n').count();
    let edges = raw.windows(3).filter(|w| *w == b"\n--").count();
    if (lines > 50_000 && raw.len() / lines < 24) || edges > 20 * PARTS_MAX {
        return Err(Unreadable::TooManyParts);
    }
    Ok(end)
}

fn envelope(message: &Message<'_>) -> Result<Mail, Unreadable> {
    let from = message.from().and_then(first);
    if from.is_none() && message.message_id().is_none() && message.subject().is_none() {
        return Err(Unreadable::NoMail);
    }
    let mut references = ids(message.references());
    references.extend(ids(message.in_reply_to()));
    references.dedup();
    Ok(Mail {
        message_id: message.message_id().map(short_id).filter(|id| !id.is_empty()),
        references,
        from,
        to: recipients(message),
        subject: text::clean(message.subject().unwrap_or_default()).replace('\n', " "),
        machine: machine(message),
        ..Mail::default()
    })
}

fn first(address: &Address<'_>) -> Option<String> {
    address.first().and_then(|a| a.address()).map(plain).filter(|a| a.len() <= 254 && a.contains('@'))
}

/// Without line ends or anything else that could begin another header.
fn plain(address: &str) -> String {
    address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect()
}

fn short_id(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(250).collect()
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let all: Vec<&str> = match value {
        HeaderValue::Text(t) => vec![t],
        HeaderValue::TextList(l) => l.iter().map(AsRef::as_ref).collect(),
        _ => vec![],
    };
    all.into_iter().map(short_id).filter(|id| !id.is_empty()).collect()
}

/// What a header says as text, whatever its kind.
fn words<'m>(message: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    message.header_raw(HeaderName::Other(name.into())).or_else(|| message.header_raw(name)).map(str::trim)
}

/// The mail server says where it delivered to; the writer's own lines are the next best.
fn recipients(message: &Message<'_>) -> Vec<String> {
    let delivered = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"].into_iter().filter_map(|h| words(message, h));
    let mut all: Vec<String> = delivered.map(|v| plain(v.trim_matches(['<', '>', ' ']))).collect();
    for list in [message.to(), message.cc()].into_iter().flatten() {
        all.extend(list.iter().filter_map(|a| a.address()).map(plain));
    }
    all.truncate(200);
    all
}

fn machine(message: &Message<'_>) -> Option<Machine> {
    let says = |name| words(message, name).unwrap_or_default().to_ascii_lowercase();
    let there = |name| words(message, name).is_some();
    let auto = says("Auto-Submitted");
    let precedence = says("Precedence");
    let report = message.content_type().is_some_and(|c| c.ctype() == "multipart" && c.subtype() == Some("report"));
    let nobody = words(message, "Return-Path").is_some_and(|p| p.replace(' ', "") == "<>");
    let answers =
        auto.starts_with("auto-replied") || precedence == "auto_reply" || there("X-Autoreply") || there("X-Autorespond") || nobody || report;
    if answers {
        return Some(Machine::Answers);
    }
    let suppress = says("X-Auto-Response-Suppress");
    let sends = !(auto.is_empty() || auto == "no" || auto.starts_with("no;"))
        || matches!(precedence.as_str(), "bulk" | "list" | "junk")
        || suppress.split(',').any(|w| matches!(w.trim(), "all" | "autoreply"))
        || there("List-Id");
    sends.then_some(Machine::Sends)
}

/// The words of whatever part has some: in odd envelopes none is called the body.
fn deep(message: &Message<'_>) -> String {
    let words = |part: &mail_parser::MessagePart<'_>| match &part.body {
        PartType::Text(t) if part.attachment_name().is_none() => Some(text::clean(t)),
        PartType::Html(h) if part.attachment_name().is_none() => Some(text::clean(&mail_parser::decoders::html::html_to_text(h))),
        _ => None,
    };
    message.parts.iter().filter_map(words).collect::<Vec<_>>().join("\n")
}

/// Where somebody passes a mail on, with what is attached to that.
fn attachments(message: &Message<'_>, passed_on: bool, mail: &mut Mail) {
    for (i, part) in message.parts.iter().enumerate() {
        let name = part.attachment_name().map(|n| text::shorten(&text::clean(n).replace('\n', " "), 60)).unwrap_or_default();
        let kind = part.content_type().map(|c| (c.ctype().to_ascii_lowercase(), c.subtype().unwrap_or_default().to_ascii_lowercase()));
        let (ctype, subtype) = kind.unwrap_or_default();
        match &part.body {
            PartType::Binary(_) | PartType::InlineBinary(_) if subtype.ends_with("signature") => {}
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if ctype == "image" || looks_like_a_picture(bytes) => {
                let inline = part.content_id().is_some() && part.content_disposition().is_none_or(|d| !d.is_attachment());
                if !(inline && bytes.len() < ORNAMENT) {
                    mail.pictures.push(Attached { name, bytes: bytes.to_vec() });
                }
            }
            PartType::Binary(_) | PartType::InlineBinary(_) => mail.others.push(name),
            PartType::Message(m) if passed_on => attachments(m, true, mail),
            PartType::Message(_) => mail.others.push(name),
            PartType::Text(_) | PartType::Html(_) if !name.is_empty() && message.attachments.contains(&(i as u32)) => mail.others.push(name),
            _ => {}
        }
    }
}

/// JPEG, PNG, WebP by their first bytes: some programs call every attachment a stream of octets.
fn looks_like_a_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"\x89PNG") || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
}
