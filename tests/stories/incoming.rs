//! Mail to a building's address: it becomes a report, its replies find their matter, machines are not answered, and whatever
//! cannot be taken is said. By HTTP and by a real folder; the answers go to a real server.

mod bounds;
mod letters;
mod machines;
mod maildir;
mod own_words;
mod passed_on;

use base64::Engine as _;
use louyi::jobs;
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::Db;
use louyi::kernel::keys::Keys;
use louyi::kernel::settings::{Secret, Settings};
use rocket::http::ContentType;

use crate::support::Town;
use crate::support::browser::{Page, Site};
use crate::support::smtp::{Mail, Sink};

/// A mail as somebody's program writes it.
pub struct Letter {
    headers: Vec<(String, String)>,
    parts: Vec<String>,
}

/// To the tower, from somebody.
pub fn from(sender: &str) -> Letter {
    let headers = [("From", sender), ("To", "tingqiao@mail.louyi.example"), ("Date", "Mon, 23 Nov 2026 09:10:00 +0800"), ("MIME-Version", "1.0")];
    Letter { headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec(), parts: vec![] }
}

impl Letter {
    /// Sets a header field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn id(self, id: &str) -> Self {
        self.with("Message-ID", &format!("<{id}>"))
    }

    pub fn subject(self, subject: &str) -> Self {
        let word = format!("=?UTF-8?B?{}?=", base64::engine::general_purpose::STANDARD.encode(subject));
        self.with("Subject", &word)
    }

    /// A subject in another charset.
    pub fn subject_in(self, charset: &str, subject: &str) -> Self {
        let word = format!("=?{charset}?B?{}?=", base64::engine::general_purpose::STANDARD.encode(bytes(charset, subject)));
        self.with("Subject", &word)
    }

    /// A part of text in a charset.
    pub fn text_in(mut self, kind: &str, charset: &str, text: &str) -> Self {
        let body = folded(&bytes(charset, text));
        self.parts.push(format!("Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"));
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.text_in("text/plain", "UTF-8", text)
    }

    /// A file.
    pub fn file(mut self, name: &str, kind: &str, inline: bool, content: &[u8]) -> Self {
        let how = if inline { "inline" } else { "attachment" };
        let id = if inline { "Content-ID: <part1@example.org>\r\n" } else { "" };
        let head = format!("Content-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: {how}; filename=\"{name}\"\r\n{id}");
        self.parts.push(format!("{head}Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", folded(content)));
        self
    }

    /// As it goes over the wire.
    pub fn raw(&self) -> Vec<u8> {
        let mut out: String = self.headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        match &self.parts[..] {
            [] => out.push_str("\r\n"),
            [one] => out.push_str(one),
            many => {
                out.push_str("Content-Type: multipart/mixed; boundary=\"edge\"\r\n\r\n");
                for part in many {
                    out.push_str(&format!("--edge\r\n{part}\r\n"));
                }
                out.push_str("--edge--\r\n");
            }
        }
        out.into_bytes()
    }
}

fn bytes(charset: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).expect("a charset");
    encoding.encode(text).0.into_owned()
}

fn folded(content: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(content);
    text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("\r\n")
}

/// The town's house as a process sees it that takes mail and sends letters.
pub async fn taking(town: &Town, sink: &Sink, maildir: Option<&std::path::Path>) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings {
        mail_url: Some(Secret::new(sink.url())),
        mail_in_domain: Some("mail.louyi.example".into()),
        hook_secret: Some(Secret::new("what-both-know")),
        maildir: maildir.map(Into::into),
        ..town.house.settings().clone()
    };
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

/// The operator's mail server brings a mail.
pub async fn brought(site: &Site, raw: &[u8]) -> Page {
    let server = site.visitor().sending("Authorization", "Bearer what-both-know");
    server.posts_raw("/hooks/mail", ContentType::new("message", "rfc822"), raw).await
}

/// Sends what is owed, and gives what has come to somebody.
pub async fn came_to(house: &House, sink: &Sink, to: &str) -> Vec<Mail> {
    jobs::round(house).await.expect("a round");
    sink.mails().into_iter().filter(|m| m.to == [to]).collect()
}
