//! Chinese on an English page: what reporters wrote, titles, resolutions and names stay as they were written, and say that they
//! are Chinese, so that a screen reader pronounces them and a browser sets them so (WCAG 3.1.2).

/// Whether a sign is a Chinese character.
fn han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether more of it is Chinese than English.
pub fn is_chinese(text: &str) -> bool {
    let (mut zh, mut en) = (0, 0);
    for c in text.chars() {
        zh += usize::from(han(c));
        en += usize::from(c.is_ascii_alphabetic());
    }
    zh > 0 && zh * 2 >= en
}

/// Hands on the text, escaped, its words with Chinese in them in an element that says so (`bdi`: the style
/// sheet has its own rules for spans).
pub fn mark<E>(text: &str, out: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    if !text.contains(han) {
        return out(&handlebars::html_escape(text));
    }
    let (mut open, mut gap) = (false, "");
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if word.contains(han) {
            // English stops around a Chinese word belong to the sentence that it stands in.
            let rest = word.trim_start_matches(['(', '“']);
            let core = rest.trim_end_matches(['.', ',', ':', ';', ')', '”']);
            let (lead, tail) = (&word[..word.len() - rest.len()], &rest[core.len()..]);
            if open && !lead.is_empty() {
                out("</bdi>")?;
                open = false;
            }
            out(gap)?;
            if !open {
                out(&handlebars::html_escape(lead))?;
                out(r#"<bdi lang="zh-CN">"#)?;
            }
            out(&handlebars::html_escape(core))?;
            open = tail.is_empty();
            if !open {
                out("</bdi>")?;
                out(&handlebars::html_escape(tail))?;
            }
        } else {
            if open && !word.is_empty() {
                out("</bdi>")?;
                open = false;
            }
            out(gap)?;
            out(&handlebars::html_escape(word))?;
        }
        gap = &piece[word.len()..];
    }
    if open {
        out("</bdi>")?;
    }
    out(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        let mut out = String::new();
        mark(text, &mut |t| {
            out.push_str(t);
            Ok::<(), ()>(())
        })
        .expect("a string takes everything");
        out
    }

    #[test]
    fn what_is_chinese_says_so_and_the_sentence_around_it_stays_english() {
        assert_eq!(marked("Anlan & Co."), "Anlan &amp; Co.");
        assert_eq!(marked("3号梯不亮"), r#"<bdi lang="zh-CN">3号梯不亮</bdi>"#);
        assert_eq!(marked("“九点就排队”"), r#"“<bdi lang="zh-CN">九点就排队</bdi>”"#);
        assert_eq!(marked("Printed in 汀桥楼报, no. 10"), r#"Printed in <bdi lang="zh-CN">汀桥楼报</bdi>, no. 10"#);
        assert_eq!(marked("本报讯 南座\n一层 is a lead"), "<bdi lang=\"zh-CN\">本报讯 南座\n一层</bdi> is a lead");
        assert_eq!(marked("<b>字</b>"), r#"<bdi lang="zh-CN">&lt;b&gt;字&lt;/b&gt;</bdi>"#);
    }

    #[test]
    fn a_text_is_what_most_of_it_is() {
        assert!(is_chinese("禾迅电商将15台打卡机移到门禁之前"));
        assert!(!is_chinese("Resolution of the council on 打卡机"));
        assert!(!is_chinese("Nothing"));
    }
}
