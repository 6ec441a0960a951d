//! A robot of a chat group that keeps what it is told: enough of HTTP/1.1 to answer well, badly, at length, or not at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocket::tokio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it was told.
#[derive(Clone, Debug)]
pub struct Said {
    /// Path and query.
    pub path: String,
    pub kind: String,
    pub text: String,
    pub body: serde_json::Value,
}

/// How it answers.
#[derive(Clone, Debug)]
pub enum Mood {
    /// 200 with this body.
    Says(&'static str),
    /// A status, with a header line of its own.
    Answers(u16, String),
    /// Nothing, for longer than anybody waits.
    Hangs,
    /// Ten megabytes.
    Chatters,
    /// It hangs up in the middle of its answer.
    BreaksOff,
}

pub const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

/// The running robot; it ends with the story.
#[derive(Clone)]
pub struct Robot {
    pub port: u16,
    said: Arc<Mutex<Vec<Said>>>,
    moods: Arc<Mutex<Vec<Mood>>>,
}

impl Robot {
    pub async fn start() -> Robot {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let robot = Robot { port: listener.local_addr().expect("an address").port(), said: Arc::default(), moods: Arc::default() };
        let own = robot.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let _ = own.serve(stream).await;
                });
            }
        });
        robot
    }

    /// As an operator names it.
    pub fn host(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The next calls are answered in these moods, one each; all others well.
    pub fn will(&self, moods: &[Mood]) {
        *self.moods.lock().expect("unpoisoned") = moods.iter().rev().cloned().collect();
    }

    /// What it was told so far, whatever it answered.
    pub fn heard(&self) -> Vec<Said> {
        self.said.lock().expect("unpoisoned").clone()
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut read = BufReader::new(read);
        loop {
            let mut line = String::new();
            if read.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            let (mut length, mut kind) = (0, String::new());
            loop {
                let mut line = String::new();
                read.read_line(&mut line).await?;
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.parse().unwrap_or(0),
                    "content-type" => kind = value.to_owned(),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            read.read_exact(&mut body).await?;
            let text = String::from_utf8_lossy(&body).into_owned();
            let body = serde_json::from_slice(&body).unwrap_or_default();
            self.said.lock().expect("unpoisoned").push(Said { path, kind, text, body });
            let mood = self.moods.lock().expect("unpoisoned").pop().unwrap_or(Mood::Says(OK));
            let head = |status: u16, more: &str, length: usize| format!("HTTP/1.1 {status} x\r\n{more}Content-Length: {length}\r\n\r\n");
            match mood {
                Mood::Says(words) => write.write_all(format!("{}{words}", head(200, "", words.len())).as_bytes()).await?,
                Mood::Answers(status, more) => write.write_all(head(status, &more, 0).as_bytes()).await?,
                Mood::Hangs => tokio::time::sleep(Duration::from_secs(30)).await,
                Mood::BreaksOff => {
                    write.write_all(format!("{}{{\"errc", head(200, "", 400)).as_bytes()).await?;
                    return Ok(());
                }
                Mood::Chatters => {
                    let block = vec![b' '; 1 << 16];
                    write.write_all(head(200, "", 160 << 16).as_bytes()).await?;
                    for _ in 0..160 {
                        write.write_all(&block).await?;
                    }
                }
            }
        }
    }
}
