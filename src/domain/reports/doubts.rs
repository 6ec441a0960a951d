//! What makes somebody look twice: links, offers, the same over and over. Nothing is dropped for it. The words wait for the
//! secretary as all words do, with a remark beside them, and whoever wrote them is told.

/// Why a text is looked at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It leads elsewhere.
    Link,
    /// It reads like an offer.
    Offer,
    /// It says the same over and over.
    Repeats,
}

impl Doubt {
    /// Its word in the locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Doubt::Link => "link",
            Doubt::Offer => "offer",
            Doubt::Repeats => "repeats",
        }
    }
}

/// What offers in lift lobbies say. Short on purpose: a wrong remark costs a second look, no more.
const OFFERS: [&str; 16] = [
    "加微信",
    "加我微信",
    "微信号",
    "加v信",
    "刷单",
    "日结",
    "贷款",
    "代开发票",
    "代办证",
    "优惠码",
    "领红包",
    "返现",
    "彩票",
    "棋牌",
    "招代理",
    "包过",
];

/// As many times the same character in a row.
const IN_A_ROW: usize = 8;

/// What is doubtful in a text.
pub fn doubts(words: &str) -> Vec<Doubt> {
    let plain: String = words.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut all = vec![];
    if leads_elsewhere(&words.to_lowercase()) {
        all.push(Doubt::Link);
    }
    if OFFERS.iter().any(|o| plain.contains(o)) {
        all.push(Doubt::Offer);
    }
    if over_and_over(&plain.chars().collect::<Vec<_>>()) {
        all.push(Doubt::Repeats);
    }
    all
}

/// An address of the web, with or without `http`; a mail address is somebody's own affair, and found elsewhere.
fn leads_elsewhere(words: &str) -> bool {
    const ENDS: [&str; 8] = [".com", ".cn", ".net", ".top", ".xyz", ".cc", ".vip", ".shop"];
    words.contains("://")
        || words.split(|c: char| !(c.is_ascii_alphanumeric() || "./-_@".contains(c))).any(|piece| {
            !piece.contains('@')
                && (piece.starts_with("www.") || ENDS.iter().any(|end| piece.find(end).is_some_and(|i| i > 1 && ends_there(&piece[i + end.len()..]))))
        })
}

fn ends_there(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['/', '.'])
}

fn over_and_over(signs: &[char]) -> bool {
    let run = signs.chunk_by(|a, b| a == b).any(|run| run.len() >= IN_A_ROW && !run[0].is_ascii_digit());
    let phrase = signs.len() >= 32 && signs.chunks(8).all(|c| c.len() < 8 || c == &signs[..8]);
    run || phrase
}
