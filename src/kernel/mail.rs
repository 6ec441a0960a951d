//! Mail: one SMTP transport, and how a letter looks on the wire.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::settings::{Secret, Settings};

/// A letter as the post needs it.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    pub to: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    /// The BCP 47 tag of its language.
    pub language: &'a str,
    /// Stays the same on every try, so that a mailbox recognises a letter that came twice.
    pub id: &'a str,
    pub at: DateTime<Utc>,
    /// Where letters like this one are ended; empty where it is the only one.
    pub unsubscribe: &'a str,
    /// Whether a POST to that address alone ends them (RFC 8058).
    pub one_click: bool,
    /// Where an answer goes, if not to the sender.
    pub reply_to: Option<&'a str>,
    pub thread: &'a Thread,
    /// A calendar file that goes with it (RFC 5545).
    pub calendar: Option<&'a str>,
}

/// What a letter answers (RFC 5322 section 3.6.4): Message-IDs without angle brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub in_reply_to: Option<String>,
    /// It answers a mail by itself, whether or not that mail had an id (RFC 3834).
    #[serde(default)]
    pub replied: bool,
    #[serde(default)]
    pub references: Vec<String>,
}

/// The way to the mail server.
#[derive(Clone, Debug)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

/// Why a letter did not go out, without anybody's address in it: servers like to repeat it.
fn told(e: &lettre::transport::smtp::Error) -> String {
    let words = std::error::Error::source(e).map_or_else(|| e.to_string(), |cause| format!("{e}: {cause}"));
    words.split_whitespace().map(|w| if w.contains('@') { "…" } else { w }).collect::<Vec<_>>().join(" ")
}

impl Post {
    /// The transport that the settings name; none where letters are kept.
    pub fn new(settings: &Settings) -> Result<Option<Self>> {
        let Some(url) = settings.mail_url.as_ref().map(Secret::reveal) else { return Ok(None) };
        let wrong = |e: &dyn std::fmt::Display| Error::broken(format!("LOUYI_MAIL_URL is not the address of a mail server ({e}): smtp://host:25"));
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|e| wrong(&e))?;
        let transport = builder.timeout(Some(Duration::from_secs(20))).build();
        let from = settings.mail_from.parse().map_err(|e| Error::broken(format!("LOUYI_MAIL_FROM is not a mail address ({e})")))?;
        let host = settings.public()?.host_str().unwrap_or("localhost").to_owned();
        Ok(Some(Self { transport, from, host }))
    }

    /// Sends one letter; an error's words may be kept and shown.
    pub async fn send(&self, letter: &Envelope<'_>) -> Result<(), String> {
        let message = self.message(letter).map_err(|e| format!("the letter cannot be written: {e}"))?;
        self.transport.send(message).await.map(drop).map_err(|e| told(&e))
    }

    /// Whether the server answers.
    pub async fn reachable(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server closed the connection".into()),
            Err(e) => Err(told(&e)),
        }
    }

    fn message(&self, letter: &Envelope<'_>) -> Result<Message, Box<dyn std::error::Error>> {
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse()?)
            .subject(letter.subject)
            .date(letter.at.into())
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(ContentLanguage(letter.language.into()))
            // RFC 3834: nobody's "out of office" answers a machine.
            .header(AutoSubmitted(if letter.thread.replied { "auto-replied" } else { "auto-generated" }.into()));
        if !letter.unsubscribe.is_empty() {
            builder = builder.header(ListUnsubscribe(format!("<{}>", letter.unsubscribe)));
        }
        if let Some(to) = letter.reply_to {
            builder = builder.reply_to(to.parse()?);
        }
        if let Some(id) = &letter.thread.in_reply_to {
            let all = letter.thread.references.iter().filter(|r| *r != id).chain([id]);
            builder = builder.in_reply_to(format!("<{id}>")).references(all.map(|r| format!("<{r}>")).collect::<Vec<_>>().join(" "));
        }
        if letter.one_click {
            builder = builder.header(ListUnsubscribePost("List-Unsubscribe=One-Click".into()));
        }
        let Some(calendar) = letter.calendar else { return Ok(builder.header(ContentType::TEXT_PLAIN).body(letter.body.to_owned())?) };
        // The method of the file stands in its type, too (RFC 5546 section 6.1).
        let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH")?;
        let file = Attachment::new("meeting.ics".into()).body(calendar.to_owned(), kind);
        Ok(builder.multipart(MultiPart::mixed().singlepart(SinglePart::plain(letter.body.to_owned())).singlepart(file))?)
    }
}

macro_rules! headers {
    ($($type:ident = $name:literal),+ $(,)?) => {$(
        #[derive(Clone)]
        struct $type(String);
        impl Header for $type {
            fn name() -> HeaderName { HeaderName::new_from_ascii_str($name) }
            fn parse(s: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> { Ok(Self(s.into())) }
            fn display(&self) -> HeaderValue { HeaderValue::new(Self::name(), self.0.clone()) }
        }
    )+};
}

headers! {
    ContentLanguage = "Content-Language",
    AutoSubmitted = "Auto-Submitted",
    ListUnsubscribe = "List-Unsubscribe",
    ListUnsubscribePost = "List-Unsubscribe-Post",
}
