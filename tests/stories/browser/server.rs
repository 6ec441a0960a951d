//! The binary with a furnished district, started as a new user would.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rocket::tokio;
use serde_json::Value;

use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::settings::{Secret, Settings};

use super::driver::free_port;

/// The running server.
pub struct Server {
    process: Child,
    /// `http://127.0.0.1:port`.
    pub base: String,
    /// What `louyi demo --json` printed.
    pub demo: Value,
    folder: tempfile::TempDir,
    database: Option<String>,
}

fn binary() -> PathBuf {
    std::env::var_os("LOUYI_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_louyi")), PathBuf::from)
}

impl Server {
    /// Loads the district and serves it; on PostgreSQL where an address is given.
    pub async fn start(database: Option<&str>) -> Server {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(binary());
        command
            .args(["demo", "--json"])
            .env("LOUYI_DATA", folder.path().join("data"))
            .env("LOUYI_PUBLIC_URL", &base)
            .env("ROCKET_PORT", port.to_string())
            .env("ROCKET_ADDRESS", "127.0.0.1")
            .env("RUST_LOG", "warn")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        if let Some(url) = database {
            command.env("LOUYI_DATABASE_URL", url);
        }
        let mut process = command.spawn().expect("louyi starts");
        let out = process.stdout.take().expect("its output");
        // The document comes once the district is loaded; what follows is read and forgotten, so that the pipe never fills.
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let (mut text, mut done) = (String::new(), false);
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if done {
                    continue;
                }
                text.push_str(&line);
                text.push('\n');
                if let Ok(json) = serde_json::from_str::<Value>(&text) {
                    done = true;
                    let _ = tell.send(json);
                }
            }
        });
        let demo =
            tokio::task::spawn_blocking(move || told.recv_timeout(Duration::from_secs(300))).await.expect("a thread").expect("the demo's document");
        let mut server = Server { process, base, demo, folder, database: database.map(str::to_owned) };
        for _ in 0..300 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            assert!(server.process.try_wait().expect("a process").is_none(), "louyi has ended");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("louyi does not listen");
    }

    /// The same house from within this story: what a browser would have to be pressed for hundreds of times.
    pub async fn house(&self) -> House {
        let settings = Settings {
            data: self.folder.path().join("data"),
            public_url: self.base.clone(),
            database_url: self.database.clone().map(Secret::new),
            ..Settings::default()
        };
        louyi::commands::opening::house(settings, Clock::running()).await.expect("the house opens")
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.base.rsplit(':').next().and_then(|p| p.parse().ok()).expect("a port")
    }

    /// The one-time sign-in links of everybody with a role in a building, or in its whole district.
    pub fn somebodys(&self, role: &str, building: &str) -> Vec<String> {
        let people = self.demo["people"].as_array().expect("people");
        let at = |r: &Value| r["role"] == role && (r["building"] == building || r["building"].is_null());
        let fits = |p: &&Value| p["roles"].as_array().is_some_and(|roles| roles.iter().any(at));
        people.iter().filter(fits).filter_map(|p| p["sign_in"].as_str().map(str::to_owned)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status();
        for _ in 0..50 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = self.process.kill();
    }
}
