//! A PostgreSQL of our own: one temporary cluster per test run, one database per story.
//!
//! The binaries are looked for on PATH and in Debian's folders. A second process waits for this one to end, in
//! whatever way, and then stops the cluster and removes its folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rocket::tokio;
use sea_orm::{ConnectionTrait as _, Database};

/// The running cluster.
pub struct Cluster {
    folder: PathBuf,
    /// Its standard input is the thread by which it notices our end.
    _watcher: Child,
    template: tokio::sync::OnceCell<()>,
}

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The cluster; none when there is no PostgreSQL here, which is said aloud, or is a failure with
/// `LOUYI_TEST_PG=require`. `LOUYI_TEST_PG=off` leaves it out on purpose.
pub fn cluster() -> Option<&'static Cluster> {
    CLUSTER
        .get_or_init(|| {
            let wish = std::env::var("LOUYI_TEST_PG").unwrap_or_default();
            if wish == "off" {
                aloud("the stories on PostgreSQL are left out (LOUYI_TEST_PG=off)");
                return None;
            }
            match start() {
                Ok(c) => Some(c),
                Err(why) if wish == "require" => panic!("PostgreSQL is required here, but {why}"),
                Err(why) => {
                    aloud(&format!("THE STORIES ON POSTGRESQL ARE SKIPPED: {why}"));
                    None
                }
            }
        })
        .as_ref()
}

/// Past the capture of the test harness.
fn aloud(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "\n*** {words} ***\n");
}

fn binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect::<Vec<_>>()).unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin")).collect();
    debian.sort_by_key(|p| std::cmp::Reverse(p.parent().and_then(|v| v.file_name()?.to_str()?.parse::<u32>().ok())));
    on_path.into_iter().chain(debian).find(|p| p.join("initdb").is_file() && p.join("pg_ctl").is_file())
}

/// PostgreSQL refuses to run as root: then its own user runs it, or else nobody.
fn user() -> Option<&'static str> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"));
    let known = |name: &str| Command::new("id").arg("-u").arg(name).output().is_ok_and(|o| o.status.success());
    root.then(|| if known("postgres") { "postgres" } else { "nobody" })
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let known = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    let mut c = if known("setpriv") {
        let group = Command::new("id").args(["-g", user]).output().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
        let mut c = Command::new("setpriv");
        c.args([&format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", "--"]);
        c
    } else {
        let mut c = Command::new("runuser");
        c.args(["-u", user, "--"]);
        c
    };
    c.arg(program);
    c
}

fn run(mut c: Command) -> Result<(), String> {
    let name = format!("{c:?}");
    let out = c.stdin(Stdio::null()).output().map_err(|e| format!("{name}: {e}"))?;
    if out.status.success() {
        Ok(())
    } else {
        Err(format!("{name}: {}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
    }
}

fn start() -> Result<Cluster, String> {
    let bin = binaries().ok_or("initdb and pg_ctl are neither on PATH nor in /usr/lib/postgresql/*/bin")?;
    let user = user();
    // Short, since a socket's path may have 107 bytes.
    let folder = std::env::temp_dir().join(format!("louyi-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    if let Some(user) = user {
        let mut c = Command::new("chown");
        c.arg(user).arg(&folder);
        run(c)?;
    }
    let data = folder.join("data");
    let mut c = as_user(user, &bin.join("initdb"));
    c.arg("-D").arg(&data).args(["--locale=C.UTF-8", "-E", "UTF8", "-A", "trust", "-U", "louyi", "-N"]).current_dir(&folder);
    run(c)?;
    let watcher = watch(&bin, user, &folder)?;
    let mut c = as_user(user, &bin.join("pg_ctl"));
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200",
        folder.display()
    );
    c.arg("-D").arg(&data).arg("-o").arg(options).arg("-l").arg(folder.join("log")).args(["-w", "start"]).current_dir(&folder).stdout(Stdio::null());
    // pg_ctl's child keeps what it inherits: `output` would wait for the server to end.
    let done = c.stdin(Stdio::null()).stderr(Stdio::null()).status().map_err(|e| e.to_string())?;
    if !done.success() {
        return Err(format!("the cluster did not start: {}", std::fs::read_to_string(folder.join("log")).unwrap_or_default()));
    }
    Ok(Cluster { folder, _watcher: watcher, template: tokio::sync::OnceCell::new() })
}

/// When our end of the pipe closes, by exit, panic or kill, the cluster is stopped and its folder removed.
fn watch(bin: &Path, user: Option<&str>, folder: &Path) -> Result<Child, String> {
    use std::os::unix::process::CommandExt as _;
    let stop = as_user(user, &bin.join("pg_ctl"));
    let words: Vec<String> = std::iter::once(stop.get_program()).chain(stop.get_args()).map(|a| format!("'{}'", a.to_string_lossy())).collect();
    let (stop, folder) = (words.join(" "), folder.display());
    let script = format!("cd /; cat >/dev/null; {stop} -D '{folder}/data' -m immediate -w stop; rm -rf '{folder}'");
    Command::new("sh")
        .arg("-c")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|e| e.to_string())
}

impl Cluster {
    fn url(&self, database: &str) -> String {
        format!("postgres://louyi@localhost/{database}?host={}", self.folder.display())
    }

    async fn say(&self, statement: &str) {
        let c = Database::connect(self.url("postgres")).await.expect("the cluster answers");
        c.execute_unprepared(statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
        c.close().await.expect("closes");
    }

    /// An empty database.
    pub async fn empty(&self) -> String {
        let name = format!("story_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        self.say(&format!("create database {name}")).await;
        self.url(&name)
    }

    /// A migrated database: a copy of one that was migrated once in this run.
    pub async fn migrated(&self) -> String {
        self.template
            .get_or_init(|| async {
                self.say("create database migrated").await;
                let db = louyi::kernel::db::Db::open(&self.url("migrated")).await.expect("opens");
                db.migrate().await.expect("migrates");
                db.close().await.expect("closes");
            })
            .await;
        let name = format!("story_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        self.say(&format!("create database {name} template migrated")).await;
        self.url(&name)
    }

    /// Removes a story's database, whoever is still connected.
    pub async fn drop(&self, url: &str) {
        let name = url.trim_start_matches("postgres://louyi@localhost/").split('?').next().unwrap_or_default();
        self.say(&format!("drop database if exists {name} with (force)")).await;
    }
}
