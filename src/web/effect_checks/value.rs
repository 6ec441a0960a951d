//! Figures as people type them: `13.9`. Stored as integers in units of 10^-decimals; nothing is ever a float.

use crate::kernel::error::Refusal;
use crate::kernel::i18n::Lang;
use crate::web::shown::charts;

/// A unit behind its number: English wants a space.
pub fn unit(kept: &str, lang: Lang) -> String {
    let unit = charts::unit(kept, lang);
    if lang == Lang::En { format!(" {unit}") } else { unit }
}

/// `13.9` read with so many decimals; more than that are refused, not rounded.
pub fn read(typed: &str, decimals: i32, field: &'static str) -> Result<i64, Refusal> {
    let digits = usize::try_from(decimals.clamp(0, 3)).unwrap_or(0);
    let unreadable = || Refusal::new("figure").with("decimals", decimals).at(field);
    let text: String = typed.trim().chars().map(|c| if c == '．' || c == '。' { '.' } else { c }).filter(|c| *c != ',' && *c != '，').collect();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > digits || !plain(whole) || !plain(part) {
        return Err(unreadable());
    }
    format!("{whole}{part:0<digits$}").parse().map_err(|_| unreadable())
}

/// How many decimals somebody wrote: 0 to 3.
pub fn decimals(typed: &str) -> i32 {
    let part = typed.trim().rsplit_once(['.', '．']).map_or(0, |(_, part)| part.trim().len());
    i32::try_from(part.min(3)).unwrap_or(0)
}
