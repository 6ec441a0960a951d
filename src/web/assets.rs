//! Files that the binary carries: styles, icons, scripts. Their address holds a hash of their content, so they may be
//! kept for ever.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use rocket::http::ContentType;
use rocket::{Route, get, routes};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::answer::Answer;
use crate::kernel::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Static;

/// The style sheet's layers, in order; they are served as one file.
const LAYERS: [&str; 7] = ["layers", "reset", "tokens", "base", "parts", "pages", "print"];

struct Asset {
    hash: String,
    bytes: Vec<u8>,
    kind: ContentType,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    let mut add = |path: String, bytes: Vec<u8>| {
        let hash = hex::encode(&Sha256::digest(&bytes)[..6]);
        let kind = path.rsplit_once('.').and_then(|(_, ext)| ContentType::from_extension(ext)).unwrap_or(ContentType::Binary);
        all.insert(path, Asset { hash, bytes, kind });
    };
    let read = |path: &str| Static::get(path).map(|f| f.data.into_owned());
    let sheet: Vec<u8> = LAYERS.iter().filter_map(|l| read(&format!("css/{l}.css"))).flatten().collect();
    add("css/louyi.css".into(), sheet);
    for path in Static::iter().filter(|p| !p.starts_with("css/")) {
        if let Some(bytes) = read(&path) {
            add(path.into_owned(), bytes);
        }
    }
    all
});

static ICONS: LazyLock<String> = LazyLock::new(|| address("icons/icons.svg").unwrap_or_default());

/// The address of a file, with its hash.
pub fn address(path: &str) -> Option<String> {
    ASSETS.get(path).map(|a| format!("/static/{}/{path}", a.hash))
}

/// The address of the icons' sprite.
pub fn icons() -> &'static str {
    &ICONS
}

/// Mounted at `/static`.
pub fn routes() -> Vec<Route> {
    routes![file]
}

#[get("/<_hash>/<path..>")]
fn file(_hash: &str, path: PathBuf) -> Result<Answer> {
    let path = path.to_string_lossy().replace('\\', "/");
    let asset = ASSETS.get(&path).ok_or(Error::NotFound)?;
    // An older address gives today's file: a page that was open during an upgrade keeps working.
    Ok(Answer::bytes(asset.kind.clone(), asset.bytes.clone()).kept_for_ever(&asset.hash))
}
