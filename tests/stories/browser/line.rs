//! The line between a phone and the house, which can be cut: in a lift, in a basement.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rocket::tokio;
use rocket::tokio::io::copy_bidirectional;
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

    /// Cuts it: what was under way is lost, and nothing gets through.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.cut.store(false, Ordering::Relaxed);
    }
}
