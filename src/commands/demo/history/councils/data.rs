//! `demo/councils.toml`: meetings, items, motions, undertakings, checks.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::commands::demo::at;
use crate::domain::effect_checks::Figure;
use crate::domain::meetings::items::Competence;
use crate::domain::motions::{Method, Upon};

#[derive(Deserialize)]
pub struct File {
    #[serde(rename = "meeting")]
    pub meetings: Vec<Meeting>,
}

#[derive(Deserialize)]
pub struct Meeting {
    /// Slug of a building, or `district`.
    pub council: String,
    /// A date, `next` or `later`.
    pub day: String,
    pub place: Option<String>,
    /// Days before the meeting on which it is called, and when.
    pub called: Option<u64>,
    pub called_at: Option<String>,
    #[serde(default)]
    pub absent: Vec<String>,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

impl Meeting {
    /// Whether it was on a day before an instant and treated one of these matters.
    pub fn treated(&self, keys: &[String], until: DateTime<Utc>) -> bool {
        let held = self.day.parse().is_ok_and(|day| at(day, 0, 0) < until);
        held && self.items.iter().any(|item| item.key.as_ref().is_some_and(|k| keys.contains(k)))
    }
}

#[derive(Deserialize)]
pub struct Item {
    /// Of a matter that is written elsewhere, or that later items come back to.
    pub key: Option<String>,
    pub matter: Option<Matter>,
    /// Of an item without a matter.
    pub title: Option<String>,
    pub question: String,
    #[serde(default)]
    pub papers: String,
    pub competence: Option<Competence>,
    /// Listed after the notice: discussed only.
    #[serde(default)]
    pub late: bool,
    /// A motion that was taken back.
    pub withdrawn: Option<Motion>,
    pub motion: Option<Motion>,
    #[serde(default)]
    pub undertakings: Vec<Undertaking>,
    pub refer: Option<String>,
    /// Deferred by so many days.
    pub defer: Option<u64>,
    /// Said when all is done.
    pub finish: Option<String>,
    pub finish_at: Option<String>,
    #[serde(default)]
    pub check: Vec<Check>,
    /// Days after which the council confirms.
    pub confirm: Option<i64>,
    pub confirm_at: Option<String>,
}

#[derive(Deserialize)]
pub struct Matter {
    pub category: String,
    pub place: String,
    pub title: String,
    /// Days before the meeting.
    pub before: i64,
    pub reports: usize,
    pub words: Vec<String>,
    pub answer: String,
}

#[derive(Deserialize)]
pub struct Motion {
    pub title: String,
    pub words: String,
    #[serde(default)]
    pub reasons: String,
    pub method: Option<Method>,
    #[serde(default)]
    pub against: Vec<String>,
    #[serde(default)]
    pub abstain: Vec<String>,
    /// Who declared an interest.
    #[serde(default)]
    pub declared: Vec<String>,
    pub figure: Option<Promised>,
    #[serde(default)]
    pub checks: String,
    #[serde(default)]
    pub supersedes: bool,
    /// The title of the council's earlier resolution that it amends or repeals.
    pub earlier: Option<String>,
    pub upon: Option<Upon>,
    /// Its last day and the day of its review, in days from the meeting.
    pub until: Option<i64>,
    pub review: Option<i64>,
    /// Why nobody has to act.
    #[serde(default)]
    pub no_action: String,
    /// What a member who did not vote for it says, by name.
    pub dissent: Option<Dissent>,
}

#[derive(Deserialize)]
pub struct Dissent {
    pub who: String,
    pub words: String,
}

#[derive(Deserialize)]
pub struct Promised {
    pub figure: Figure,
    pub unit: String,
    pub decimals: i32,
    pub before: i64,
    pub target: i64,
}

#[derive(Deserialize)]
pub struct Undertaking {
    /// Slug of the organisation.
    pub who: String,
    pub words: String,
    pub measure: String,
    /// Days from the meeting; 0: in the session; none: not answered.
    pub signed: Option<i64>,
    /// Asks for other words instead of signing.
    pub changes: Option<String>,
    pub due: i64,
    pub done: Option<i64>,
    pub evidence: Option<String>,
    #[serde(default)]
    pub photos: usize,
}

#[derive(Deserialize)]
pub struct Check {
    pub day: i64,
    pub at: Option<String>,
    pub after: i64,
    pub words: String,
    /// How many of those who reported find it better, the same, worse.
    #[serde(default)]
    pub felt: [usize; 3],
}
