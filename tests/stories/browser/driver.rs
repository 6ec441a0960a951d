//! One chromedriver per run, one browser per person.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rocket::tokio;
use serde_json::{Value, json};

/// The driver of this run.
struct Driver {
    port: u16,
    _process: Child,
}

static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map(|a| a.port()).expect("a free port")
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |n| folder.join(n))).find(|p| p.is_file())
}

fn driver() -> Option<u16> {
    let started = DRIVER.get_or_init(|| {
        if std::env::var_os("LOUYI_BINARY").is_none() && std::env::var_os("LOUYI_TEST_BROWSER").is_none() {
            use std::io::Write as _;
            // An unoptimised binary takes minutes to play the demonstration's two years.
            let _ = writeln!(
                std::io::stderr(),
                "\n*** THE STORIES IN A BROWSER ARE SKIPPED: they want the release binary (bin/ci release browser) ***\n"
            );
            return None;
        }
        let there = found(&["chromedriver"]).zip(found(&["chromium", "chromium-browser", "google-chrome"]));
        let Some((program, _)) = there else {
            assert!(
                std::env::var("LOUYI_TEST_BROWSER").as_deref() != Ok("require"),
                "Chromium and its driver are required here, but not found on PATH"
            );
            use std::io::Write as _;
            let _ = writeln!(
                std::io::stderr(),
                "\n*** THE STORIES IN A BROWSER ARE SKIPPED: apt-get install chromium chromium-driver fonts-noto-cjk ***\n"
            );
            return None;
        };
        let port = free_port();
        // The shell's standard input is the thread by which it notices our end, in whatever way, and then ends the driver.
        let process = Command::new("sh")
            .args(["-c", "\"$0\" --port=$1 & cat >/dev/null; kill $!"])
            .arg(program)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        Some(Driver { port, _process: process })
    });
    started.as_ref().map(|d| d.port)
}

/// Whether there is a browser to look with; says aloud when there is none.
pub fn there() -> bool {
    driver().is_some()
}

/// How somebody looks at the pages.
#[derive(Clone, Copy)]
pub enum Screen {
    /// 360 × 800, touch, as WeChat's browser calls itself.
    Phone,
    /// 1280 × 900.
    Desk,
}

/// One person's browser.
pub struct Browser {
    client: Client,
    name: &'static str,
    base: String,
    step: std::sync::atomic::AtomicU32,
    _profile: tempfile::TempDir,
}

const WECHAT: &str = "Mozilla/5.0 (Linux; Android 14; PJD110) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

impl Browser {
    /// Opens a browser for somebody; none where there is no Chromium here.
    pub async fn open(name: &'static str, screen: Screen, base: &str) -> Option<Browser> {
        let port = driver()?;
        let profile = tempfile::tempdir().expect("a folder");
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=zh-CN",
            "--accept-lang=zh-CN",
            "--window-size=1280,900",
            // A house without https, of which no browser keeps a page.
            "--host-resolver-rules=MAP plain.test 127.0.0.1",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let mut options = json!({ "args": arguments, "prefs": { "intl.accept_languages": "zh-CN" } });
        if let Screen::Phone = screen {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": 360, "height": 800, "pixelRatio": 2.0 }, "userAgent": WECHAT });
        }
        let capabilities = json!({ "browserName": "chrome", "goog:chromeOptions": options });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let address = format!("http://127.0.0.1:{port}");
        let mut last = None;
        for _ in 0..100 {
            match builder.connect(&address).await {
                Ok(client) => return Some(Browser { client, name, base: base.to_owned(), step: 0.into(), _profile: profile }),
                Err(e) => last = Some(e),
            }
            // The driver may still be starting.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("{name} gets no browser: {last:?}");
    }

    /// Goes to an address of the site (or a whole one).
    pub async fn goes_to(&self, path: &str) {
        let address = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.goto(&address).await.unwrap_or_else(|e| panic!("{} cannot open {path}: {e}", self.name));
        self.shot().await;
    }

    /// The path of the page that is open.
    pub async fn at(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// The page's words.
    pub async fn reads(&self) -> String {
        let mut last = None;
        // A page that gives way to the next while it is read is read again.
        for _ in 0..20 {
            match self.client.find(Locator::Css("body")).await {
                Ok(body) => match body.text().await {
                    Ok(text) => return text,
                    Err(e) => last = Some(e),
                },
                Err(e) => last = Some(e),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} cannot read the page: {last:?}", self.name);
    }

    /// Fails unless the page says this.
    pub async fn sees(&self, words: &str) {
        let page = self.reads().await;
        assert!(page.contains(words), "{} at {} does not see “{words}” in:\n{page}", self.name, self.at().await);
    }

    /// Fails if the page says this.
    pub async fn does_not_see(&self, words: &str) {
        let page = self.client.source().await.expect("a page");
        assert!(!page.contains(words), "{} at {} sees “{words}”", self.name, self.at().await);
    }

    /// The element that a selector names; its absence fails the story with the page's words.
    pub async fn find(&self, css: &str) -> Element {
        match self.client.find(Locator::Css(css)).await {
            Ok(e) => e,
            Err(e) => {
                let page = self.client.source().await.unwrap_or_default();
                panic!(
                    "{} at {} finds no {css}: {e}\n{}",
                    self.name,
                    self.at().await,
                    page.chars().skip_while(|c| *c != '<').take(6000).collect::<String>()
                )
            }
        }
    }

    /// Whether there is such an element.
    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Fills a field. By script, because the driver types only characters of the basic plane: no emoji, no 𠮷.
    pub async fn fills(&self, css: &str, value: &str) {
        let field = self.find(css).await;
        let element = serde_json::to_value(&field).expect("an element");
        let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true})); arguments[0].dispatchEvent(new Event('change', {bubbles: true}));";
        self.client.execute(script, vec![element, value.into()]).await.expect("fills");
    }

    /// Chooses a radio button, a box, or an option. Its label is what a person presses.
    pub async fn chooses(&self, css: &str) {
        let element = serde_json::to_value(self.find(css).await).expect("an element");
        let script = "const e = arguments[0]; if (e.tagName === 'OPTION') { e.selected = true; e.parentElement.dispatchEvent(new Event('change', {bubbles: true})); } else { e.click(); }";
        self.client.execute(script, vec![element]).await.expect("chooses");
    }

    /// Waits until the page says this, some seconds at most.
    pub async fn waits_for(&self, words: &str) {
        for _ in 0..100 {
            if self.reads().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.sees(words).await;
    }

    /// What a piece of script gives.
    pub async fn asks(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap_or_else(|e| panic!("{} at {script}: {e}", self.name))
    }

    /// Chooses a file.
    pub async fn attaches(&self, css: &str, file: &std::path::Path) {
        self.find(css).await.send_keys(&file.display().to_string()).await.expect("a file is chosen");
        // Script shrinks and previews it; without script the file simply goes along.
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }

    /// Presses a button or link, and waits for the page that follows.
    pub async fn presses(&self, css: &str) {
        let before = self.find("html").await;
        let element = self.find(css).await;
        let script = "arguments[0].scrollIntoView({block: 'center'})";
        self.client.execute(script, vec![serde_json::to_value(&element).expect("an element")]).await.expect("scrolls");
        element.click().await.unwrap_or_else(|e| panic!("{} cannot press {css}: {e}", self.name));
        for _ in 0..100 {
            if before.tag_name().await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.find("body").await;
        self.shot().await;
    }

    /// Presses something that stays on the page.
    pub async fn presses_in_place(&self, css: &str) {
        let element = serde_json::to_value(self.find(css).await).expect("an element");
        self.client.execute("arguments[0].click()", vec![element]).await.expect("presses");
    }

    /// Presses the button that sends the form with this address.
    pub async fn sends(&self, action_ends_with: &str) {
        self.presses(&format!("form[action$='{action_ends_with}'] button:not([type=button], [name=preview], [formaction], .hide)")).await;
    }

    /// The number that follows some letters on the page, as in `TQ-214`.
    pub async fn number(&self, letters: &str) -> i32 {
        let page = self.reads().await;
        let digits = page.split(letters).nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        let at = self.at().await;
        digits.and_then(|d| d.parse().ok()).unwrap_or_else(|| panic!("{} at {at} reads no {letters}…:\n{page}", self.name))
    }

    /// Presses what an XPath expression names.
    pub async fn presses_there(&self, xpath: &str) {
        let found = self.client.find(Locator::XPath(xpath)).await;
        let Ok(element) = found else { panic!("{} at {} finds no {xpath} in:\n{}", self.name, self.at().await, self.reads().await) };
        let mark = "arguments[0].setAttribute('data-story', 'here')";
        self.client.execute(mark, vec![serde_json::to_value(&element).expect("an element")]).await.expect("marks");
        self.presses("[data-story=here]").await;
    }

    /// Ticks everything that a selector names.
    pub async fn ticks_all(&self, css: &str) {
        let script = "for (const e of document.querySelectorAll(arguments[0])) e.checked = true;";
        self.client.execute(script, vec![css.into()]).await.expect("ticks");
    }

    /// Opens what is folded.
    pub async fn opens(&self, css: &str) {
        let element = serde_json::to_value(self.find(css).await).expect("an element");
        self.client.execute("arguments[0].open = true", vec![element]).await.expect("opens");
    }

    /// Chooses the option of a list that says this.
    pub async fn picks(&self, select: &str, words: &str) {
        let element = serde_json::to_value(self.find(select).await).expect("an element");
        let script = "const o = [...arguments[0].options].find(o => o.text.includes(arguments[1])); if (!o) return false; o.selected = true; arguments[0].dispatchEvent(new Event('change', {bubbles: true})); return true;";
        let done = self.client.execute(script, vec![element, words.into()]).await.expect("chooses");
        assert_eq!(done, Value::Bool(true), "{} at {} finds no “{words}” in {select}", self.name, self.at().await);
    }

    /// Keeps a picture of the page, where `LOUYI_SHOTS` says so.
    async fn shot(&self) {
        let Some(folder) = std::env::var_os("LOUYI_SHOTS") else { return };
        let n = self.step.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let _ = std::fs::create_dir_all(&folder);
        if let Ok(png) = self.client.screenshot().await {
            let _ = std::fs::write(PathBuf::from(folder).join(format!("{}-{n:02}.png", self.name)), png);
        }
    }

    /// Closes the browser.
    pub async fn leaves(self) {
        let _ = self.client.close().await;
    }
}
