//! What several pages show alike: a state's mark and word, the chain, the story, the clock, the charts. From rows to
//! ready strings; no rule is decided here.

pub mod chain;
pub mod charts;
pub mod clock;
pub mod found;
pub mod hands;
pub mod linked;
pub mod matter;
pub mod original;
pub mod phrases;
pub mod pressed;
pub mod proven;
pub mod states;
pub mod story;

use std::borrow::Cow;

use crate::kernel::i18n::Lang;

/// The entry of the public ledger at a position.
pub fn ledger_entry(position: i64) -> String {
    format!("/ledger/entries/{position}")
}

/// A text without parameters, borrowed: lists show the same few words hundreds of times.
pub fn word(lang: Lang, key: &str) -> Cow<'static, str> {
    match lang.words().get(key) {
        Some(text) => Cow::Borrowed(text.as_str()),
        None => Cow::Owned(lang.t(key)),
    }
}

/// `甲、乙和丙`, as each language lists.
pub fn listed(words: &[String], lang: Lang) -> String {
    words.join(if lang == Lang::En { ", " } else { "、" })
}

/// An integer of a smaller unit as people write it: `184` with one decimal is `18.4`.
pub fn decimal(value: i64, decimals: i32) -> String {
    let Ok(places @ 1..=6) = u32::try_from(decimals) else { return value.to_string() };
    let unit = 10u64.pow(places);
    let (sign, abs) = (if value < 0 { "−" } else { "" }, value.unsigned_abs());
    format!("{sign}{}.{:0width$}", abs / unit, abs % unit, width = places as usize)
}
