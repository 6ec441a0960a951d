//! Categories: what kind of trouble it is, and the limits that follow. Data in `data/categories.toml`;
//! figures count by code, so a code is for ever.

mod guess;
mod likely;

pub use guess::{Guess, guess, guess_or_other};
pub use likely::{OTHER, likely};

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use crate::kernel::calendar::Calendar;
use crate::kernel::error::Refusal;
use crate::kernel::i18n::Lang;

vocabulary! {
    /// How urgent a kind of matter is: from danger to a question.
    Tier {
        /// Danger: at once.
        T0 = "t0",
        /// Utilities: hours.
        T1 = "t1",
        /// Ordinary: 1 and 5 working days.
        T2 = "t2",
        /// Complex: 1 and 15 working days.
        T3 = "t3",
        /// For the council: the next meeting, at most 30 days.
        T4 = "t4",
        /// Advice: 1 working day.
        T5 = "t5",
    }
}

/// A limit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Elapsed hours, no day skipped.
    Hours(u32),
    /// Working days after the day of filing; the hour of filing never matters.
    WorkingDays(u32),
    /// Natural days, rolled to the next working day (Civil Code art. 203).
    Days(u32),
}

/// When a limit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// The instant, exclusive.
    pub at: DateTime<Utc>,
    /// Whether it rests on a year whose calendar is not published yet.
    pub provisional: bool,
}

impl Limit {
    /// Counts from an instant on the calendar.
    pub fn from(self, start: DateTime<Utc>, calendar: &Calendar) -> Until {
        match self {
            Limit::Hours(h) => Until { at: start + Duration::hours(i64::from(h)), provisional: false },
            Limit::WorkingDays(n) => {
                let due = calendar.due(start, n);
                Until { at: due.at, provisional: due.provisional }
            }
            Limit::Days(n) => {
                let due = calendar.natural_due(calendar.date_of(start), n);
                Until { at: due.at, provisional: due.provisional }
            }
        }
    }
}

impl std::fmt::Display for Limit {
    /// As it is kept: `2h`, `5wd`, `30d`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Limit::Hours(n) => write!(f, "{n}h"),
            Limit::WorkingDays(n) => write!(f, "{n}wd"),
            Limit::Days(n) => write!(f, "{n}d"),
        }
    }
}

impl TryFrom<String> for Limit {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let n = digits.parse().map_err(|_| format!("not a limit: {text}"))?;
        match &text[digits.len()..] {
            "h" => Ok(Limit::Hours(n)),
            "wd" => Ok(Limit::WorkingDays(n)),
            "d" => Ok(Limit::Days(n)),
            _ => Err(format!("not a limit: {text}")),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Limit::try_from(String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// One kind of matter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Category {
    /// For ever.
    pub code: String,
    /// One of eight groups.
    pub group: String,
    zh: String,
    en: String,
    /// Its urgency.
    pub tier: Tier,
    /// First answer to each report.
    pub first: Limit,
    /// Result, or a dated plan.
    pub result: Limit,
    /// Kind of the organisation that usually answers for it.
    pub unit: String,
    /// Goes to the telephone first.
    pub emergency: bool,
    /// Usually touches several parties.
    pub council: bool,
}

#[derive(Deserialize)]
struct File {
    category: Vec<Category>,
}

static ALL: LazyLock<Vec<Category>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("../../data/categories.toml")).map(|f| f.category).unwrap_or_default());

impl Category {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// Every category, in the order in which a form offers them.
pub fn all() -> &'static [Category] {
    &ALL
}

/// By its code.
pub fn find(code: &str) -> Option<&'static Category> {
    ALL.iter().find(|c| c.code == code)
}

/// By its code, or a refusal that points at the field.
pub fn named(code: &str) -> Result<&'static Category, Refusal> {
    find(code).ok_or_else(|| Refusal::new("unknown_category").at("category"))
}

/// Its name, or the code where the category is no longer known.
pub fn name(code: &str, lang: Lang) -> String {
    find(code).map_or_else(|| code.to_owned(), |c| c.name(lang).to_owned())
}
