//! From an entry of the public ledger back to what it records, and whether the two still agree.

use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::councils::Council;
use super::{buildings, councils, editions, effect_checks, issues, meetings, resolutions};
use crate::kernel::error::Result;
use crate::kernel::ids::{CheckId, EditionId, MeetingId, ResolutionId};
use crate::kernel::publog;
use crate::kernel::text::TextHash;

/// What an entry records, as far as it still exists.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The page of it.
    pub address: Option<String>,
    /// The salt of the words' hash; gone where the words had to be erased.
    pub salt: Option<Vec<u8>>,
    /// The words that were hashed.
    pub words: Option<String>,
    /// Whether words and salt give the hash in the entry; true where nothing is left to compare.
    pub agrees: bool,
}

/// The address below which a council's pages are.
pub async fn root(db: &impl ConnectionTrait, council: &Council) -> Result<String> {
    Ok(match council.building_id {
        Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
        None => format!("/d/{}", buildings::district_by_id(db, council.district_id).await?.slug),
    })
}

fn hash_in(entry: &publog::Model, name: &str) -> Option<String> {
    let body: Value = serde_json::from_str(&entry.body).ok()?;
    Some(body.get("facts")?.get(name)?.as_str()?.to_owned())
}

fn with_words(entry: &publog::Model, address: String, salt: Option<Vec<u8>>, words: Option<String>) -> Recorded {
    let agrees = match (&salt, &words) {
        (Some(s), Some(w)) => hash_in(entry, "words_sha256") == Some(TextHash::of(s, w).0),
        _ => true,
    };
    Recorded { address: Some(address), salt, words, agrees }
}

/// What an entry records.
pub async fn of(db: &impl ConnectionTrait, entry: &publog::Model) -> Result<Recorded> {
    let nothing = Recorded { agrees: true, ..Recorded::default() };
    match entry.kind.as_str() {
        "resolution" => {
            let r = resolutions::by_id(db, ResolutionId(entry.object_id)).await?;
            let root = root(db, &r.council(db).await?).await?;
            Ok(with_words(entry, format!("{root}/resolutions/{}", r.address()), Some(r.words_salt), Some(r.words)))
        }
        "minutes" => {
            let m = meetings::by_id(db, MeetingId(entry.object_id)).await?;
            let root = root(db, &councils::by_id(db, m.council_id).await?).await?;
            Ok(with_words(entry, format!("{root}/meetings/{}", m.number), m.minutes_salt, m.minutes))
        }
        "effect_check" => {
            let c = effect_checks::by_id(db, CheckId(entry.object_id)).await?;
            let issue = issues::by_id(db, c.issue_id).await?;
            let building = buildings::by_id(db, issue.building_id).await?;
            Ok(with_words(entry, format!("/b/{}/issues/{}", building.slug, issue.number), c.words_salt, c.words))
        }
        "edition" => {
            let e = editions::by_id(db, EditionId(entry.object_id)).await?;
            let root = match e.building_id {
                Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
                None => format!("/d/{}", buildings::district_by_id(db, e.district_id).await?.slug),
            };
            let hashes: Vec<Value> = e.stories(db).await?.iter().map(|s| s.hash().into()).collect();
            let body: Value = serde_json::from_str(&entry.body)?;
            let agrees = body.get("facts").and_then(|f| f.get("stories_sha256")) == Some(&Value::Array(hashes));
            Ok(Recorded { address: Some(format!("{root}/bulletin/{}", e.number)), agrees, ..nothing })
        }
        _ => Ok(nothing),
    }
}
