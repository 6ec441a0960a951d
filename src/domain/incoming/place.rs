//! Where something is, read off somebody's words: only what the words name beyond doubt.

use crate::domain::buildings::Place;
use crate::kernel::i18n::Lang;

/// Without blanks, in small letters, floors as their plates say them: `南座18楼` is `南座18f`.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase) {
        match c {
            '楼' | '层' if out.ends_with(|d: char| d.is_ascii_digit()) => out.push('f'),
            c => out.push(c),
        }
    }
    out
}

/// The one place of a building that a text names: by its whole name with tower and floor, by its code, or by a name that no
/// other place has. Of names within each other the longer one is meant; where two places are named, none.
pub fn named<'p>(places: &'p [Place], words: &str) -> Option<&'p Place> {
    let text = plain(words);
    let codes: Vec<String> =
        words.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|w| w.len() >= 3).map(str::to_ascii_lowercase).collect();
    let alone = |p: &Place| places.iter().filter(|o| o.name == p.name).count() == 1;
    let mut found: Vec<(String, &Place)> = vec![];
    for place in places {
        let mut names = vec![plain(&place.full(Lang::Zh)), plain(&place.full(Lang::En))];
        if alone(place) {
            names.push(plain(&place.name));
        }
        let code = Some(place.code.to_ascii_lowercase()).filter(|code| codes.contains(code));
        let longest = names.into_iter().filter(|n| n.chars().count() >= 3 && stands_in(&text, n)).max_by_key(String::len);
        found.extend(code.or(longest).map(|name| (name, place)));
    }
    let within_another = |name: &str| found.iter().any(|(other, _)| other.len() > name.len() && other.contains(name));
    let mut meant = found.iter().filter(|(name, _)| !within_another(name));
    let (_, place) = meant.next()?;
    meant.next().is_none().then_some(*place)
}

/// Whether a name stands in a text and not as the end of a longer number: `1f东电梯厅` isn't named by `21f东电梯厅`.
fn stands_in(text: &str, name: &str) -> bool {
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    text.match_indices(name).any(|(at, _)| !(digit && text[..at].ends_with(|c: char| c.is_ascii_digit())))
}
