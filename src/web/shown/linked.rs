//! What a matter is linked to, in words.

use serde::Serialize;

use super::states::{self, State};
use crate::domain::buildings::Building;
use crate::domain::links::{How, Linked};
use crate::kernel::i18n::Lang;

/// A matter that another is linked to. In templates: `{{> parts/linked linked}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// `又来之前的那件`.
    pub how: String,
    pub href: String,
    pub label: String,
    /// As this reader may know it.
    pub title: String,
    pub state: State,
    /// None where it stays.
    pub part: Option<Part>,
}

/// How a link is named when it is taken back.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    pub how: &'static str,
    pub other: i32,
}

/// What a matter is linked to: with the titles that its own page shows to whoever reads it there.
pub fn of(all: &[Linked], building: &Building, words: bool, lang: Lang) -> Vec<Shown> {
    let shown = |l: &Linked| Shown {
        how: lang.t(&format!("links.how.{}", l.how)),
        href: format!("/b/{}/issues/{}", building.slug, l.other.number),
        label: building.label(l.other.number),
        title: if words { l.other.title.clone() } else { l.other.title_for_public(lang) },
        state: states::of(&l.other, None, lang),
        part: (!matches!(l.how, How::SplitFrom | How::SplitInto)).then(|| Part { how: l.how.as_str(), other: l.other.number }),
    };
    all.iter().map(shown).collect()
}
