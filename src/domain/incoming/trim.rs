//! Somebody's own words in a mail: what they quote is cut off where it is safe to say that it is quoted, and so are
//! signatures. What is cut is not kept: it was said before, or says who somebody is.

/// A line with which programs begin what they quote.
fn begins_history(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim().trim_start_matches(['*', ' ']);
    let dashed = line.starts_with("--") && line.trim_end().ends_with("--");
    if dashed && ["原始邮件", "Original Message", "Original message", "转发邮件", "回复的原邮件"].iter().any(|w| line.contains(w)) {
        return true;
    }
    if line.ends_with("写道：") || line.ends_with("写道:") || (line.starts_with("On ") && line.ends_with("wrote:")) {
        return true;
    }
    // Folded by the program that wrote it.
    if line.starts_with("On ") && lines.get(at + 1).is_some_and(|next| next.trim().ends_with("wrote:")) {
        return true;
    }
    let field = |line: &str, names: &[&str]| names.iter().any(|n| line.trim().trim_start_matches('*').starts_with(n));
    const FROM: [&str; 3] = ["发件人：", "发件人:", "From:"];
    const OTHERS: [&str; 10] = ["发送时间", "日期：", "日期:", "收件人", "主题", "Sent:", "Date:", "To:", "Subject:", "抄送"];
    field(line, &FROM) && lines[at + 1..].iter().take(5).filter(|l| field(l, &OTHERS)).count() >= 2
}

/// A line that a telephone adds.
fn of_a_telephone(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= 40
        && (line.starts_with("发自我的")
            || line.starts_with("发自 ")
            || line.starts_with("从我的")
            || line.starts_with("Sent from my ")
            || line.starts_with("Get Outlook for"))
}

/// The own words of a mail; of one that answers, without what it quotes. Where nothing else would be left, all of it: then
/// somebody passed something on.
pub fn own_words(whole: &str, answers: bool) -> String {
    let lines: Vec<&str> = whole.lines().collect();
    let mut kept = lines.clone();
    if answers {
        let end = (0..lines.len()).find(|at| begins_history(&lines, *at)).unwrap_or(lines.len());
        kept = lines[..end].iter().filter(|l| !l.trim_start().starts_with('>')).copied().collect();
    }
    let signed = kept.iter().position(|l| matches!(*l, "-- " | "--"));
    if let Some(at) = signed.filter(|at| kept[..*at].iter().any(|l| !l.trim().is_empty())) {
        kept.truncate(at);
    }
    while kept.last().is_some_and(|l| l.trim().is_empty() || of_a_telephone(l)) {
        kept.pop();
    }
    let own = kept.join("\n").trim().to_owned();
    if own.is_empty() && answers { own_words(whole, false) } else { own }
}

/// A subject without the marks of answering and passing on, however often they stand there.
pub fn own_subject(subject: &str) -> &str {
    const MARKS: [&str; 12] = ["re:", "re：", "fw:", "fw：", "fwd:", "fwd：", "回复:", "回复：", "答复:", "答复：", "转发:", "转发："];
    let mut rest = subject.trim();
    while let Some(mark) = MARKS.iter().find(|m| rest.get(..m.len()).is_some_and(|head| head.eq_ignore_ascii_case(m))) {
        rest = rest[mark.len()..].trim_start();
    }
    rest
}
