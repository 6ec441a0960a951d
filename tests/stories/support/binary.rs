//! The binary itself, as an operator starts it: a folder of its own, an environment of its own, a free port.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How it is started.
pub struct Louyi {
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// What it said.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(o: Output) -> Self {
        let text = |b: Vec<u8>| String::from_utf8(b).expect("UTF-8");
        Self { code: o.status.code(), out: text(o.stdout), err: text(o.stderr) }
    }
}

impl Said {
    /// It refused, in one sentence, without a panic.
    #[track_caller]
    pub fn refused(&self) -> &str {
        let err = self.err.trim();
        assert_eq!(self.code, Some(1), "{}{err}", self.out);
        assert!(!err.contains("panicked"), "{err}");
        let last = err.lines().last().unwrap_or_default();
        assert!(last.starts_with("louyi: ") && err.lines().filter(|l| l.starts_with("louyi: ")).count() == 1, "{err}");
        last
    }
    /// It did what it was asked.
    #[track_caller]
    pub fn done(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out.trim()
    }
}

impl Louyi {
    /// In a folder, with its data below `data`.
    pub fn at(folder: &Path) -> Self {
        let louyi = Self { folder: folder.to_owned(), environment: vec![] };
        louyi.with("LOUYI_DATA", &folder.join("data").display().to_string())
    }

    /// On what a town of the stories has written, with the keys of its house.
    pub fn of(town: &super::Town) -> Self {
        let data = &town.house.settings().data;
        let louyi = Self { folder: data.clone(), environment: vec![] }
            .with("LOUYI_DATA", &data.display().to_string())
            .with("LOUYI_PUBLIC_URL", "https://louyi.example")
            .with("LOUYI_MASTER_KEY", &"07".repeat(32))
            .with("LOUYI_LEDGER_KEY", &"f8".repeat(32));
        if town.url.starts_with("postgres:") { louyi.with("LOUYI_DATABASE_URL", &town.url) } else { louyi }
    }

    /// With one more thing in its environment; what was set before is replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(n, _)| n != name);
        self.environment.push((name.into(), value.into()));
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut c = Command::new(env!("CARGO_BIN_EXE_louyi"));
        c.args(args).env_clear().current_dir(&self.folder).stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            c.env("PATH", path);
        }
        for (name, value) in &self.environment {
            c.env(name, value);
        }
        c
    }

    /// Runs a command that ends by itself.
    pub fn run(&self, args: &[&str]) -> Said {
        self.command(args).output().expect("it starts").into()
    }

    /// Serves, and is ready.
    pub fn serves(&self) -> Server {
        let port = free_port();
        let mut c = self.command(&["serve"]);
        let mut child = c.env("ROCKET_PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let began = Instant::now();
        while !TcpStream::connect(("127.0.0.1", port)).is_ok_and(|s| asked(s, "/readyz").starts_with("HTTP/1.1 200")) {
            assert!(child.try_wait().expect("a status").is_none(), "it ended: {}", rest(&mut child));
            assert!(began.elapsed() < Duration::from_secs(60), "it is not ready after a minute");
            std::thread::sleep(Duration::from_millis(30));
        }
        Server { child, port }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port()
}

fn asked(mut stream: TcpStream, path: &str) -> String {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    answer
}

fn rest(child: &mut Child) -> String {
    let mut said = String::new();
    if let Some(err) = child.stderr.as_mut() {
        let _ = err.read_to_string(&mut said);
    }
    said
}

/// The serving process; it is ended with the story.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    /// A connection to it.
    pub fn connection(&self) -> TcpStream {
        let s = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        s.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
        s
    }

    /// The answer to a GET, headers included.
    pub fn get(&self, path: &str) -> String {
        asked(self.connection(), path)
    }

    /// Sends a signal (`TERM`, `INT`).
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|s| s.success()), "the signal was sent");
    }

    /// Waits for its end; gives how long that took, and what it had logged.
    pub fn ends(mut self) -> (Duration, Said) {
        let began = Instant::now();
        while self.child.try_wait().expect("a status").is_none() {
            assert!(began.elapsed() < Duration::from_secs(20), "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        let took = began.elapsed();
        let status = self.child.wait().expect("a status");
        let mut out = String::new();
        if let Some(o) = self.child.stdout.as_mut() {
            o.read_to_string(&mut out).expect("UTF-8");
        }
        let err = rest(&mut self.child);
        (took, Said { code: status.code(), out, err })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|s| s.is_none()) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
