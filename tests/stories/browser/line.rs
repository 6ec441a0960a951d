//! The line between a phone and the house, which can be cut: in a lift, in a basement.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rocket::tokio;
use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use rocket::tokio::net::{TcpListener, TcpStream};

/// A port in front of the server's.
pub struct Line {
    /// `http://127.0.0.1:port`.
    pub base: String,
    cut: Arc<AtomicBool>,
}

impl Line {
    /// Laid to a server.
    pub async fn to(port: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let cut = Arc::new(AtomicBool::new(false));
        let down = cut.clone();
        tokio::spawn(async move {
            while let Ok((mut phone, _)) = listener.accept().await {
                if down.load(Ordering::Relaxed) {
                    continue;
                }
                let down = down.clone();
                tokio::spawn(async move {
                    let Ok(mut house) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    let broken = async {
                        while !down.load(Ordering::Relaxed) {
                            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                        }
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut phone, &mut house) => {}
                        () = broken => {}
                    }
                });
            }
        });
        Line { base, cut }
    }

    /// Laid to a server, and no script gets through: as where somebody has blocked them, or an old phone's browser breaks on them.
    /// The driver's own still run, which they do not where a browser is told to run none.
    pub async fn without_script(port: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                tokio::spawn(one_answer(phone, port));
            }
        });
        Line { base, cut: Arc::default() }
    }

    /// Cuts it: what was under way is lost, and nothing gets through.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.cut.store(false, Ordering::Relaxed);
    }
}

/// Passes on one request and its answer; one for a script is answered here.
async fn one_answer(mut phone: TcpStream, port: u16) {
    let mut head = vec![];
    let mut byte = [0u8; 1];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 64 << 10 {
        match phone.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let path = text.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    if path.ends_with(".js") {
        let none = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = phone.write_all(none).await;
        return;
    }
    // Each on a line of its own, so that the next one is looked at, too.
    let kept = text.split("\r\n").filter(|l| !l.to_ascii_lowercase().starts_with("connection:") && !l.is_empty());
    let head = format!("{}\r\nConnection: close\r\n\r\n", kept.collect::<Vec<_>>().join("\r\n"));
    let Ok(mut house) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    if house.write_all(head.as_bytes()).await.is_ok() {
        let _ = copy_bidirectional(&mut phone, &mut house).await;
    }
}
