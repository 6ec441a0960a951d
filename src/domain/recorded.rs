//! From an entry of the public ledger back to what it records, and whether the two still agree.

use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::councils::Council;
use super::meetings::items;
use super::resolutions::Resolution;
use super::{buildings, councils, editions, effect_checks, issues, meetings, motions, resolutions};
use crate::kernel::error::Result;
use crate::kernel::ids::{CheckId, EditionId, IssueId, MeetingId, ResolutionId};
use crate::kernel::publog;
use crate::kernel::text::TextHash;

/// What an entry records, as far as it still exists.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// The page of it.
    pub address: Option<String>,
    /// The matters and resolutions that it is about.
    pub about: Vec<About>,
    /// The salt of the words' hash; gone where the words had to be erased.
    pub salt: Option<Vec<u8>>,
    /// The words that were hashed.
    pub words: Option<String>,
    /// Whether words and salt give the hash in the entry; true where nothing is left to compare.
    pub agrees: bool,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// `TQ-214`, `汀桥〔2026〕第9号`.
    pub label: String,
    /// Its page.
    pub address: String,
}

impl About {
    async fn issue(db: &impl ConnectionTrait, id: IssueId) -> Result<Self> {
        let issue = issues::by_id(db, id).await?;
        let building = buildings::by_id(db, issue.building_id).await?;
        Ok(Self { label: building.label(issue.number), address: format!("/b/{}/issues/{}", building.slug, issue.number) })
    }

    async fn resolution(db: &impl ConnectionTrait, r: &Resolution) -> Result<Self> {
        let council = r.council(db).await?;
        let short = match council.building_id {
            Some(b) => buildings::by_id(db, b).await?.short,
            None => buildings::district_by_id(db, council.district_id).await?.short,
        };
        Ok(Self { label: r.label(&short), address: format!("{}/resolutions/{}", root(db, &council).await?, r.address()) })
    }

    /// Every matter, then every resolution, each once.
    async fn all(db: &impl ConnectionTrait, issues: Vec<IssueId>, resolved: Vec<ResolutionId>) -> Result<Vec<Self>> {
        let mut about = vec![];
        for id in issues {
            about.push(Self::issue(db, id).await?);
        }
        for id in resolved {
            about.push(Self::resolution(db, &resolutions::by_id(db, id).await?).await?);
        }
        let mut seen = std::collections::HashSet::new();
        about.retain(|a| seen.insert(a.address.clone()));
        Ok(about)
    }
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
    Recorded { address: Some(address), about: vec![], salt, words, agrees }
}

/// What an entry records.
pub async fn of(db: &impl ConnectionTrait, entry: &publog::Model) -> Result<Recorded> {
    let nothing = Recorded { agrees: true, ..Recorded::default() };
    match entry.kind.as_str() {
        "resolution" => {
            let r = resolutions::by_id(db, ResolutionId(entry.object_id)).await?;
            let root = root(db, &r.council(db).await?).await?;
            let about = About::all(db, r.issue_id.into_iter().collect(), vec![]).await?;
            // What is not public stands there with its hash alone.
            let open = motions::by_id(db, r.motion_id).await?.meeting(db).await?.0.public;
            let (salt, words) = (Some(r.words_salt.clone()).filter(|_| open), Some(r.words.clone()).filter(|_| open));
            Ok(Recorded { about, ..with_words(entry, format!("{root}/resolutions/{}", r.address()), salt, words) })
        }
        "minutes" => {
            let m = meetings::by_id(db, MeetingId(entry.object_id)).await?;
            // Of what is partly not public only the hash stands there.
            let open = !m.minutes.as_deref().is_some_and(meetings::minutes::parts::partly);
            let root = root(db, &councils::by_id(db, m.council_id).await?).await?;
            let (mut matters, mut decided) = (vec![], vec![]);
            for item in items::of_meeting(db, m.id).await?.into_iter().filter(|i| i.public) {
                matters.extend(item.issue_id);
                for motion in motions::of_item(db, item.id).await? {
                    decided.extend(resolutions::of_motion(db, motion.id).await?.map(|r| r.id));
                }
            }
            let about = About::all(db, matters, decided).await?;
            Ok(Recorded {
                about,
                ..with_words(entry, format!("{root}/meetings/{}", m.number), m.minutes_salt.filter(|_| open), m.minutes.filter(|_| open))
            })
        }
        "effect_check" => {
            let c = effect_checks::by_id(db, CheckId(entry.object_id)).await?;
            let about = About::all(db, vec![c.issue_id], vec![c.resolution_id]).await?;
            let address = about.first().map(|a| a.address.clone()).unwrap_or_default();
            Ok(Recorded { about, ..with_words(entry, address, c.words_salt, c.words) })
        }
        "edition" => {
            let e = editions::by_id(db, EditionId(entry.object_id)).await?;
            let root = match e.building_id {
                Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
                None => format!("/d/{}", buildings::district_by_id(db, e.district_id).await?.slug),
            };
            let stories = e.stories(db).await?;
            let hashes: Vec<Value> = stories.iter().map(|s| s.hash().into()).collect();
            let body: Value = serde_json::from_str(&entry.body)?;
            let agrees = body.get("facts").and_then(|f| f.get("stories_sha256")) == Some(&Value::Array(hashes));
            let matters = stories.iter().filter_map(|s| s.issue_id).collect();
            let about = About::all(db, matters, stories.iter().filter_map(|s| s.resolution_id).collect()).await?;
            Ok(Recorded { address: Some(format!("{root}/bulletin/{}", e.number)), about, agrees, ..nothing })
        }
        _ => Ok(nothing),
    }
}
