//! A gateway for short messages that keeps what it gets: enough of HTTP/1.1 for a client to be served, refused or left alone.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocket::tokio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: serde_json::Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub fn text(&self) -> &str {
        self.body["text"].as_str().unwrap_or_default()
    }
}

/// The running gateway; it ends with the story.
#[derive(Clone)]
pub struct Gateway {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    moods: Arc<Mutex<Vec<u16>>>,
}

/// In place of a status: it says nothing at all.
pub const SILENCE: u16 = 0;

impl Gateway {
    pub async fn start() -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = Gateway { port: listener.local_addr().expect("an address").port(), asked: Arc::default(), moods: Arc::default() };
        let own = gateway.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move {
                    let _ = own.serve(stream).await;
                });
            }
        });
        gateway
    }

    /// The address for `LOUYI_SMS_URL`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/send", self.port)
    }

    /// The next requests are answered with these, one each; all others with 200.
    pub fn answers(&self, statuses: &[u16]) {
        *self.moods.lock().expect("unpoisoned") = statuses.iter().rev().copied().collect();
    }

    /// Messages that were posted so far, whatever the answer was.
    pub fn posted(&self) -> Vec<Asked> {
        self.asked.lock().expect("unpoisoned").iter().filter(|a| a.method == "POST").cloned().collect()
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut read = BufReader::new(read);
        loop {
            let mut line = String::new();
            if read.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let method = line.split(' ').next().unwrap_or_default().to_owned();
            let mut headers = vec![];
            loop {
                let mut line = String::new();
                read.read_line(&mut line).await?;
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.push((name.to_owned(), value.to_owned()));
            }
            let length = headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("content-length")).map_or(0, |(_, v)| v.parse().unwrap_or(0));
            let mut body = vec![0; length];
            read.read_exact(&mut body).await?;
            let body = serde_json::from_slice(&body).unwrap_or_default();
            self.asked.lock().expect("unpoisoned").push(Asked { method, headers, body });
            let status = self.moods.lock().expect("unpoisoned").pop().unwrap_or(200);
            if status == SILENCE {
                tokio::time::sleep(Duration::from_secs(30)).await;
            }
            let elsewhere = if (300..400).contains(&status) { format!("Location: {}\r\n", self.url()) } else { String::new() };
            // Some repeat the number: it must not come back into a log.
            let words = "{\"message\":\"+8613912345678 says no\"}";
            let answer = format!("HTTP/1.1 {status} x\r\n{elsewhere}Content-Length: {}\r\n\r\n", words.len());
            write.write_all(answer.as_bytes()).await?;
            if self.asked.lock().expect("unpoisoned").last().is_none_or(|a| a.method != "HEAD") {
                write.write_all(words.as_bytes()).await?;
            }
        }
    }
}
