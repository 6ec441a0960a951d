//! Words on pages: `locales/zh-CN` and `locales/en`, one file per noun, both with every key and the same parameters
//! (`tests/stories/words.rs` keeps them so).
//!
//! A text names its parameters in braces: `还有{n}天`. English chooses number within the text:
//! `{n} {n|report|reports}`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/locales"]
struct Locales;

/// A language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Chinese, the default.
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Every text of one language by its key.
pub type Words = HashMap<String, String>;

static ZH: LazyLock<Words> = LazyLock::new(|| load("zh-CN"));
static EN: LazyLock<Words> = LazyLock::new(|| load("en"));

fn load(folder: &str) -> Words {
    let mut words = Words::new();
    for path in Locales::iter().filter(|p| p.starts_with(folder) && p.ends_with(".toml")) {
        let Some(file) = Locales::get(&path) else { continue };
        let noun = path.trim_start_matches(folder).trim_start_matches('/').trim_end_matches(".toml").to_owned();
        let text = String::from_utf8_lossy(&file.data).into_owned();
        match text.parse::<toml::Table>() {
            Ok(table) => flatten(&noun, &table, &mut words),
            Err(e) => tracing::error!(%path, %e, "a locale file cannot be read"),
        }
    }
    words
}

fn flatten(prefix: &str, table: &toml::Table, words: &mut Words) {
    for (key, value) in table {
        match value {
            toml::Value::String(text) => {
                words.insert(format!("{prefix}.{key}"), text.clone());
            }
            toml::Value::Table(inner) => flatten(&format!("{prefix}.{key}"), inner, words),
            _ => {}
        }
    }
}

/// Fails where a file of texts cannot be read: better at the start than on a page.
pub fn ask_readable() -> crate::kernel::error::Result<()> {
    for path in Locales::iter().filter(|p| p.ends_with(".toml")) {
        let Some(file) = Locales::get(&path) else { continue };
        if let Err(e) = String::from_utf8_lossy(&file.data).parse::<toml::Table>() {
            return Err(crate::kernel::error::Error::broken(format!("locales/{path}: {e}")));
        }
    }
    Ok(())
}

impl Lang {
    /// Both languages, the default first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
    /// By its tag; anything unknown is Chinese.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
    }
    /// The first of the two that `Accept-Language` prefers (RFC 9110 §12.5.4); Chinese where it says nothing.
    pub fn accepted(header: Option<&str>) -> Self {
        let mut best = (0.0, Lang::Zh);
        for part in header.unwrap_or_default().split(',') {
            let mut bits = part.trim().split(';');
            let tag = bits.next().unwrap_or_default().to_ascii_lowercase();
            let q = bits.find_map(|b| b.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("zh") => Lang::Zh,
                Some("en") => Lang::En,
                _ => continue,
            };
            if q > best.0 {
                best = (q, lang);
            }
        }
        best.1
    }
    /// All texts.
    pub fn words(self) -> &'static Words {
        match self {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
    /// Whether there is such a text.
    pub fn has(self, key: &str) -> bool {
        self.words().contains_key(key)
    }
    /// A text without parameters. A missing one shows its key: ugly, harmless, and found by a test.
    pub fn t(self, key: &str) -> String {
        self.say(key, &[])
    }
    /// A text with its parameters filled in.
    pub fn say(self, key: &str, with: &[(&str, &str)]) -> String {
        match self.words().get(key) {
            Some(text) => fill(text, with),
            None => {
                tracing::warn!(key, lang = self.tag(), "no such text");
                format!("⟨{key}⟩")
            }
        }
    }
    /// Of two strings the one in this language, the Chinese one where the English is empty.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        if self == Lang::En && !en.is_empty() { en } else { zh }
    }
}

fn fill(text: &str, with: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}').map(|i| open + i) else { break };
        let mut parts = rest[open + 1..close].split('|');
        let name = parts.next().unwrap_or_default();
        let value = with.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        match (value, parts.next(), parts.next()) {
            (Some(v), Some(one), Some(other)) => out.push_str(if v == "1" { one } else { other }),
            (Some(v), _, _) => out.push_str(v),
            (None, _, _) => {
                let _ = write!(out, "{{{name}}}");
            }
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The names of the parameters of a text, sorted, each once.
pub fn parameters(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text.split('{').skip(1).filter_map(|p| p.split(['}', '|']).next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
