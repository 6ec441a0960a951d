//! What of the minutes is not public: whole lines between two that mark it, in either language. Both marks are words that a
//! secretary can type and move.

use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;

const BEGIN: [&str; 2] = ["【不公开", "[Not public"];
const END: [&str; 2] = ["【以下公开】", "[Public again]"];

fn begins(line: &str) -> bool {
    BEGIN.iter().any(|b| line.trim().starts_with(b))
}

fn ends(line: &str) -> bool {
    END.contains(&line.trim())
}

/// The line before what is not public, with the reason.
pub fn begin(why: &str, lang: Lang) -> String {
    lang.pick(&format!("【不公开：{why}】"), &format!("[Not public: {why}]")).to_owned()
}

/// The line after it.
pub fn end(lang: Lang) -> String {
    lang.pick(END[0], END[1]).to_owned()
}

/// Fails where what is begun is not ended, or the other way round: a mark that was lost would publish, or hide, too much.
pub fn ask_closed(words: &str) -> Result<(), Refusal> {
    let mut open = false;
    for line in words.lines() {
        if (begins(line) && open) || (ends(line) && !open) {
            return Err(Refusal::new("minutes_marks").at("minutes"));
        }
        open = begins(line) || (open && !ends(line));
    }
    if open { Err(Refusal::new("minutes_marks").at("minutes")) } else { Ok(()) }
}

/// Whether some of it is not public.
pub fn partly(words: &str) -> bool {
    words.lines().any(begins)
}

/// The public part; in place of what is not, what `instead` makes of the reason.
pub fn public(words: &str, instead: impl Fn(&str) -> String) -> String {
    let mut out = vec![];
    let mut open = false;
    for line in words.lines() {
        if begins(line) {
            open = true;
            let why = line.trim().trim_end_matches(['】', ']']).split_once(['：', ':']).map_or("", |(_, why)| why.trim());
            out.push(instead(why));
        } else if open {
            open = !ends(line);
        } else {
            out.push(line.to_owned());
        }
    }
    out.join("\n")
}
