//! Where in a text the words stand that somebody looked for.

use handlebars::html_escape;

/// The text as HTML with what was looked for marked; none where it isn't in it. Case and punctuation count as little as they
/// do in the search.
pub fn marked(text: &str, query: &str) -> Option<String> {
    let wanted: Vec<char> = letters(query).map(|(_, _, c)| c).collect();
    let found: Vec<(usize, usize, char)> = letters(text).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut html = String::new();
    let (mut from, mut at) = (0, 0);
    while at + wanted.len() <= found.len() {
        if found[at..at + wanted.len()].iter().map(|f| f.2).eq(wanted.iter().copied()) {
            let (start, end) = (found[at].0, found[at + wanted.len() - 1].1);
            html.push_str(&html_escape(&text[from..start]));
            html.push_str("<mark>");
            html.push_str(&html_escape(&text[start..end]));
            html.push_str("</mark>");
            (from, at) = (end, at + wanted.len());
        } else {
            at += 1;
        }
    }
    if from == 0 {
        return None;
    }
    html.push_str(&html_escape(&text[from..]));
    Some(html)
}

/// Letters and digits in small, each with where its sign begins and ends.
fn letters(text: &str) -> impl Iterator<Item = (usize, usize, char)> {
    text.char_indices().filter(|(_, c)| c.is_alphanumeric()).flat_map(|(i, c)| c.to_lowercase().map(move |small| (i, i + c.len_utf8(), small)))
}
