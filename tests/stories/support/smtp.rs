//! A mail server that keeps what it gets: enough of SMTP (RFC 5321) for a client to be served, refused or left alone.

use std::sync::{Arc, Mutex};

use rocket::tokio;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as it came over the wire.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: Vec<String>,
    /// Header and body, lines ended by `\n`, dots unstuffed.
    pub source: String,
}

/// What the server does with the next letters.
#[derive(Clone, Debug, Default)]
pub struct Mood {
    /// So many are refused, with this answer to RCPT.
    pub refuses: Vec<String>,
}

/// The running server; it ends with the story.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    mood: Arc<Mutex<Mood>>,
}

impl Sink {
    pub async fn start() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Sink { port: listener.local_addr().expect("an address").port(), mails: Arc::default(), mood: Arc::default() };
        let own = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let _ = own.serve(stream).await;
                });
            }
        });
        sink
    }

    /// The address for `LOUYI_MAIL_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next letters are refused with these answers, one each.
    pub fn refuses(&self, answers: &[&str]) {
        self.mood.lock().expect("unpoisoned").refuses = answers.iter().rev().map(|a| (*a).to_owned()).collect();
    }

    /// What has come so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().expect("unpoisoned").clone()
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 sink.example ESMTP\r\n").await?;
        let (mut to, mut source) = (vec![], String::new());
        while let Some(line) = lines.next_line().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned(),
                "MAIL" | "NOOP" => "250 fine".to_owned(),
                "RSET" => {
                    to.clear();
                    "250 fine".to_owned()
                }
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    match self.mood.lock().expect("unpoisoned").refuses.pop() {
                        Some(no) => no,
                        None => {
                            to.push(address);
                            "250 fine".to_owned()
                        }
                    }
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        source.push_str(line.strip_prefix('.').unwrap_or(&line));
                        source.push('\n');
                    }
                    let mail = Mail { to: std::mem::take(&mut to), source: std::mem::take(&mut source) };
                    self.mails.lock().expect("unpoisoned").push(mail);
                    "250 kept".to_owned()
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "502 no such word".to_owned(),
            };
            write.write_all(answer.as_bytes()).await?;
            write.write_all(b"\r\n").await?;
        }
        Ok(())
    }
}

impl Mail {
    /// A header field, unfolded; encoded words (RFC 2047) decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.source.split("\n\n").next()?.replace("\n ", " ").replace("\n\t", " ");
        let start = format!("{}: ", name.to_ascii_lowercase());
        let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with(&start))?;
        Some(words(&line[start.len()..]))
    }

    /// The body, decoded by its transfer encoding.
    pub fn body(&self) -> String {
        let raw = self.source.split_once("\n\n").map(|(_, b)| b).unwrap_or_default();
        match self.header("Content-Transfer-Encoding").as_deref() {
            Some("base64") => String::from_utf8(base64(&raw.replace('\n', ""))).expect("UTF-8"),
            Some("quoted-printable") => String::from_utf8(quoted(raw.replace("=\n", "").as_bytes(), false)).expect("UTF-8"),
            _ => raw.to_owned(),
        }
    }
}

fn words(field: &str) -> String {
    let mut out = String::new();
    let mut rest = field;
    while let Some(at) = rest.find("=?") {
        // White space between two encoded words is no space (RFC 2047, section 6.2).
        if !(out.is_empty() || rest[..at].trim().is_empty()) || out.is_empty() {
            out.push_str(&rest[..at]);
        }
        let mut parts = rest[at + 2..].splitn(4, '?');
        let (_, how, text, _) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
        let bytes = if how.eq_ignore_ascii_case("b") { base64(text) } else { quoted(text.as_bytes(), true) };
        out.push_str(&String::from_utf8_lossy(&bytes));
        let end = rest[at..].find("?=").map_or(rest.len(), |_| {
            let head = at + 2 + rest[at + 2..].find('?').expect("a charset") + 1 + how.len() + 1 + text.len() + 2;
            head.min(rest.len())
        });
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn base64(text: &str) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut out) = (0u32, 0, vec![]);
    for sign in text.bytes().filter_map(|b| SIGNS.iter().position(|s| *s == b)) {
        bits = bits << 6 | sign as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

fn quoted(text: &[u8], underscores: bool) -> Vec<u8> {
    let mut out = vec![];
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'=' => {
                let hex = std::str::from_utf8(&text[at + 1..at + 3]).expect("two digits");
                out.push(u8::from_str_radix(hex, 16).expect("hexadecimal"));
                at += 2;
            }
            b'_' if underscores => out.push(b' '),
            plain => out.push(plain),
        }
        at += 1;
    }
    out
}
