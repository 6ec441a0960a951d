//! What could tell who somebody is, found in words before they become public: telephone numbers, mail addresses,
//! numbers of identity or bank cards. A machine finds these; names and units a person must see.

use crate::kernel::error::Refusal;

/// What it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    Phone,
    Mail,
    /// An identity card's number.
    Identity,
    /// A bank card's.
    Card,
}

impl Trace {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Trace::Phone => "phone",
            Trace::Mail => "mail",
            Trace::Identity => "identity",
            Trace::Card => "card",
        }
    }
}

/// A piece of words, with what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'w> {
    pub words: &'w str,
    pub trace: Option<Trace>,
}

/// Cuts words into pieces; those that look like a trace are marked. The pieces together are the words.
pub fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut out = vec![];
    let mut plain = 0;
    let mut at = 0;
    while at < words.len() {
        match trace_at(words, at) {
            Some((end, trace)) => {
                if plain < at {
                    out.push(Piece { words: &words[plain..at], trace: None });
                }
                out.push(Piece { words: &words[at..end], trace: Some(trace) });
                (plain, at) = (end, end);
            }
            None => at += words[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < words.len() {
        out.push(Piece { words: &words[plain..], trace: None });
    }
    out
}

/// How many traces there are in words.
pub fn traces(words: &str) -> usize {
    pieces(words).iter().filter(|p| p.trace.is_some()).count()
}

/// Refuses words in which there are any, at a field.
pub fn ask_none(words: &str, field: &'static str) -> Result<(), Refusal> {
    match traces(words) {
        0 => Ok(()),
        n => Err(Refusal::new("personal_data").with("n", n).at(field)),
    }
}

fn trace_at(words: &str, at: usize) -> Option<(usize, Trace)> {
    let before = words[..at].chars().next_back();
    if let Some(end) = mail_at(words, at, before) {
        return Some((end, Trace::Mail));
    }
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (digits, end) = number_at(words, at)?;
    let trace = kind_of(&digits)?;
    // The last sign of an identity card may be an X.
    let end = if trace == Trace::Identity && digits.len() == 17 { end + 1 } else { end };
    Some((end, trace))
}

/// Digits with the blanks and dashes that people put between them; ends after the last digit.
fn number_at(words: &str, at: usize) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut end = at;
    let mut gap = 0;
    for (i, c) in words[at..].char_indices() {
        match c {
            '0'..='9' => {
                digits.push(c);
                (end, gap) = (at + i + 1, 0);
            }
            '０'..='９' => {
                digits.push(char::from_digit(c as u32 - '０' as u32, 10)?);
                (end, gap) = (at + i + c.len_utf8(), 0);
            }
            ' ' | '-' | '－' | '\u{a0}' if !digits.is_empty() && gap == 0 => gap = 1,
            '+' if digits.is_empty() => {}
            'x' | 'X' if digits.len() == 17 && gap == 0 => return Some((digits, end)),
            _ => break,
        }
    }
    let cut = words[end..].chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    (!digits.is_empty() && !cut).then_some((digits, end))
}

fn kind_of(digits: &str) -> Option<Trace> {
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|d| d.len() == 11)).unwrap_or(digits);
    let mobile = national.len() == 11 && national.starts_with('1') && national.as_bytes()[1] >= b'3';
    let landline = (10..=12).contains(&digits.len()) && digits.starts_with('0');
    match digits.len() {
        _ if mobile || landline => Some(Trace::Phone),
        17 | 18 | 15 => Some(Trace::Identity),
        16 | 19 => Some(Trace::Card),
        _ => None,
    }
}

fn mail_at(words: &str, at: usize, before: Option<char>) -> Option<usize> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    if before.is_some_and(part) {
        return None;
    }
    let rest = &words[at..];
    let name = rest.find(|c| !part(c))?;
    let host = rest[name..].strip_prefix('@').filter(|_| name > 0)?;
    let length = host.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(host.len());
    let host = host[..length].trim_end_matches(['.', '-']);
    (host.contains('.') && !host.starts_with('.')).then_some(at + name + 1 + host.len())
}
