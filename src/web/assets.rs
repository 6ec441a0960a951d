//! Files that the binary carries: styles, icons, scripts. Their address holds a hash of their content, so they may be
//! kept for ever.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use rocket::http::ContentType;
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};
use rocket::{Route, get, routes};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::answer::Answer;
use crate::kernel::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Static;

/// The style sheets' layers, in order: what every page needs is one file, what work, councils and paper need besides is another.
const SHEETS: [(&str, &[&str]); 2] =
    [("css/louyi.css", &["layers", "reset", "tokens", "base", "parts", "pages", "public", "print"]), ("css/work.css", &["work", "council", "paper"])];

/// The script's parts, in order; one file too.
const SCRIPT: (&str, &[&str]) = ("js/louyi.js", &["base", "forms", "small", "photos", "report", "pending"]);
/// Scripts that few pages want, each a file of its own.
const APART: [&str; 6] = ["js/live.js", "js/proof.js", "js/queue.js", "js/round.js", "js/sign.js", "js/talk.js"];
/// The script that runs apart from any page, for when there is no network.
const WORKER: &str = "js/sw.js";

/// Pages that do without the second sheet: those that a phone opens first, in a lift lobby.
const LIGHT: [&str; 9] = ["pg-home", "pg-district", "pg-house", "pg-list", "pg-issue", "pg-form", "pg-report", "pg-text", "pg-err"];

struct Asset {
    hash: String,
    bytes: Vec<u8>,
    /// The same, compressed once as well as can be: it is sent thousands of times.
    packed: Option<Vec<u8>>,
    kind: ContentType,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    let mut add = |path: String, bytes: Vec<u8>| {
        let hash = hex::encode(&Sha256::digest(&bytes)[..6]);
        let kind = path.rsplit_once('.').and_then(|(_, ext)| ContentType::from_extension(ext)).unwrap_or(ContentType::Binary);
        let packed = pack(&bytes).filter(|p| p.len() < bytes.len() * 9 / 10);
        all.insert(path, Asset { hash, bytes, packed, kind });
    };
    let read = |path: &str| Static::get(path).map(|f| f.data.into_owned());
    for (name, layers) in SHEETS {
        let sheet: Vec<u8> = layers.iter().filter_map(|l| read(&format!("css/{l}.css"))).flatten().collect();
        add(name.into(), lean(&String::from_utf8_lossy(&sheet)).into_bytes());
    }
    let (name, parts) = SCRIPT;
    let script: Vec<u8> = parts.iter().filter_map(|p| read(&format!("js/{p}.js"))).flatten().collect();
    add(name.into(), bare(&String::from_utf8_lossy(&script)).into_bytes());
    for path in APART {
        if let Some(script) = read(path) {
            add(path.into(), bare(&String::from_utf8_lossy(&script)).into_bytes());
        }
    }
    for path in Static::iter().filter(|p| !p.starts_with("css/") && !p.starts_with("js/")) {
        if let Some(bytes) = read(&path) {
            add(path.into_owned(), bytes);
        }
    }
    all
});

fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut gz = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::best());
    gz.write_all(bytes).and_then(|()| gz.finish()).ok()
}

/// A style sheet without comments, indentation and line ends: what is written for people need not travel to a phone.
fn lean(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if c == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |i| i + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_whitespace() {
            rest = rest.trim_start();
            let idle = out.is_empty() || out.ends_with(['{', '}', ';', ',', ':', ' ']) || rest.starts_with(['{', '}', ';']);
            if !idle {
                out.push(' ');
            }
        } else {
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// A script without comment lines and indentation. No text of ours runs over lines, where that would show.
fn bare(script: &str) -> String {
    script.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//")).fold(String::with_capacity(script.len()), |all, l| all + l + "\n")
}

static ICONS: LazyLock<String> = LazyLock::new(|| address("icons/icons.svg").unwrap_or_default());

/// The address of a file, with its hash.
pub fn address(path: &str) -> Option<String> {
    ASSETS.get(path).map(|a| format!("/static/{}/{path}", a.hash))
}

/// The addresses of the style sheets for a page whose body has this class.
pub fn styles(class: &str) -> Vec<String> {
    let wanted = if LIGHT.contains(&class) { 1 } else { SHEETS.len() };
    SHEETS.iter().take(wanted).filter_map(|(name, _)| address(name)).collect()
}

/// The address of the icons' sprite.
pub fn icons() -> &'static str {
    &ICONS
}

/// The worker's script: it puts aside the page without a network and what that page needs.
pub fn worker() -> String {
    let aside: Vec<String> = [SCRIPT.0, "icons/icons.svg", "icons/favicon.svg"].into_iter().filter_map(address).chain(styles("pg-report")).collect();
    let version = hex::encode(&Sha256::digest(aside.join(" "))[..6]);
    let text = Static::get(WORKER).map(|f| String::from_utf8_lossy(&f.data).into_owned()).unwrap_or_default();
    text.replace("VERSION", &version).replace("...ASSETS", &aside.iter().map(|a| format!("{a:?}")).collect::<Vec<_>>().join(", "))
}

/// Mounted at `/static`.
pub fn routes() -> Vec<Route> {
    routes![file]
}

/// Whether the browser unpacks gzip.
struct Unpacks(bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Unpacks {
    type Error = ();

    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let mut offers = req.headers().get("Accept-Encoding").flat_map(|v| v.split(','));
        Outcome::Success(Unpacks(offers.any(|e| e.split(';').next().map(str::trim) == Some("gzip"))))
    }
}

#[get("/<_hash>/<path..>")]
fn file(_hash: &str, path: PathBuf, unpacks: Unpacks) -> Result<Answer> {
    let path = path.to_string_lossy().replace('\\', "/");
    let asset = ASSETS.get(&path).ok_or(Error::NotFound)?;
    // An older address gives today's file: a page that was open during an upgrade keeps working.
    let answer = match asset.packed.as_ref().filter(|_| unpacks.0) {
        Some(packed) => Answer::bytes(asset.kind.clone(), packed.clone()).header("Content-Encoding", "gzip"),
        None => Answer::bytes(asset.kind.clone(), asset.bytes.clone()),
    };
    Ok(answer.header("Vary", "Accept-Encoding").kept_for_ever(&asset.hash))
}
