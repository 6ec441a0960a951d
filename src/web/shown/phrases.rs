//! Lines that break where a reader would pause: after a phrase, and never within a date.

use super::original;
use crate::kernel::i18n::Lang;

/// What ends a phrase.
const ENDS: [char; 7] = ['，', '。', '：', '；', '？', '！', '、'];

/// The phrases of a text, each with the mark that ends it.
pub fn of(text: &str) -> Vec<&str> {
    text.split_inclusive(ENDS).collect()
}

/// The first phrase, without the mark that ends it.
pub fn first(text: &str) -> &str {
    text.split(ENDS).next().unwrap_or(text)
}

/// A text as phrases that are not broken, its dates whole; escaped. Chinese on an English page says that it is Chinese.
pub fn set(text: &str, page: Lang) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for phrase in of(text) {
        let chinese = page == Lang::En && original::is_chinese(phrase);
        // The space before a phrase stands between the two: within one that keeps together it would be lost.
        let words = phrase.trim_start();
        out.push_str(&phrase[..phrase.len() - words.len()]);
        out.push_str(if chinese { r#"<span class="ph" lang="zh-CN">"# } else { r#"<span class="ph">"# });
        whole_dates(words, &mut out);
        out.push_str("</span>");
    }
    out
}

fn whole_dates(phrase: &str, out: &mut String) {
    let mut rest = phrase;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || c == '周') {
        let (before, from) = rest.split_at(at);
        out.push_str(&handlebars::html_escape(before));
        let (token, after) = from.split_at(length(from));
        if token.contains(['年', '月', '日', '周']) {
            out.push_str(r#"<span class="nb">"#);
            out.push_str(token);
            out.push_str("</span>");
        } else {
            out.push_str(token);
        }
        rest = after;
    }
    out.push_str(&handlebars::html_escape(rest));
}

/// How much of it is one number, date or day of the week: `11月2日`, `24:00`, `周一`. Nothing that would need escaping.
fn length(from: &str) -> usize {
    let mut chars = from.chars();
    if chars.next() == Some('周') {
        return match chars.next() {
            Some(day) if "一二三四五六日".contains(day) => '周'.len_utf8() + day.len_utf8(),
            _ => '周'.len_utf8(),
        };
    }
    from.find(|c: char| !(c.is_ascii_digit() || "年月日:.".contains(c))).unwrap_or(from.len())
}
