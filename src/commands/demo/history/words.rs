//! What people say, from `demo/words.toml`.

use serde::Deserialize;

use crate::commands::demo::data;
use crate::domain::buildings::PlaceKind;
use crate::kernel::error::Result;

/// The whole file.
#[derive(Deserialize)]
pub struct Words {
    #[serde(rename = "matter")]
    pub matters: Vec<Text>,
    pub speech: Speech,
    #[serde(rename = "decline")]
    pub declines: Vec<Why>,
    #[serde(rename = "merge")]
    pub merges: Vec<Why>,
    #[serde(rename = "long_term")]
    pub plans: Vec<Plan>,
    #[serde(rename = "transfer")]
    pub transfers: Vec<Transfer>,
}

/// One kind of trouble and what is said about it.
#[derive(Clone, Deserialize)]
pub struct Text {
    pub category: String,
    #[serde(default)]
    pub places: Vec<PlaceKind>,
    /// Months in which it happens; none: all year.
    #[serde(default)]
    pub months: Vec<u32>,
    pub title: String,
    pub words: Vec<String>,
    pub answer: String,
    pub task: String,
    pub evidence: String,
    /// Slug of the contractor; none: the property manager itself.
    pub by: Option<String>,
    pub days: u32,
    #[serde(default)]
    pub weight: u32,
}

/// Sentences that fit many matters.
#[derive(Deserialize)]
pub struct Speech {
    pub me_too: Vec<String>,
    pub ask: Vec<String>,
    pub reply: Vec<String>,
    pub progress: Vec<String>,
    pub parties: Vec<String>,
    pub internal: Vec<String>,
    pub part: Vec<String>,
}

/// A no, or why something is joined to another matter: the reason and the words.
#[derive(Deserialize)]
pub struct Why {
    pub reason: String,
    pub words: String,
}

/// What cannot be done now.
#[derive(Deserialize)]
pub struct Plan {
    pub plan: String,
}

/// A matter that belongs elsewhere.
#[derive(Deserialize)]
pub struct Transfer {
    pub to: String,
    pub reason: String,
    pub words: String,
    pub taken: String,
    pub refused: String,
}

/// Reads it.
pub fn read() -> Result<Words> {
    data::read("words", include_str!("../../../../demo/words.toml"))
}
