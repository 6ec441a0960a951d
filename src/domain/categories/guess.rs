//! Which kind a text is probably about: its characters and pairs of characters (for Latin script its words) against own
//! examples of each kind, and what is likely at the place. Works offline, says what it went by, and is only ever a proposal.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use super::{Category, all, find, likely};
use crate::domain::buildings::PlaceKind;
use crate::kernel::i18n::Lang;

/// A kind, and the words of the text that speak for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub category: &'static Category,
    /// As they stand in the text, the weightiest first, at most three.
    pub because: Vec<String>,
}

// Tried out on the demonstration's 70 sentences with their places: 64 right, 3 left open, 3 wrong.
/// Below this weight there is nothing to go by.
const LEAST: f32 = 2.4;
/// So much more than the second kind must the first weigh.
const AHEAD: f32 = 1.1;
/// What a kind that is likely at the place weighs more, where the text speaks for it at all.
const AT_THE_PLACE: f32 = 1.2;
/// A character alone says less than a pair.
const ALONE: f32 = 0.4;
/// What a single example says, against what several say.
const ONCE: f32 = 0.7;

/// Words that English sentences of every kind share.
const COMMON: &str = "the and are was not does for from with that this has have there too very all our but who its can cannot please";
/// Pairs and characters that Chinese sentences of every kind share: times, places, small words.
const COMMON_HAN: &str = "中午 早上 晚上 上午 下午 夜里 六点 八点 点半 分钟 半小 小时 下班 上班 班后 周末 周一 星期 今天 昨天 门口 大堂 前台 在大 \
    没人 人收 没了 半天 一下 没有 不能 一直 太大 怎么 每天 地上 一地 楼上 楼下 办公 室公 公区 不开 不上 不了 不到 大家 时间 处理 很大 层楼 在一 \
    一楼 一层 门外 两次 三次 有人 人在 的人 反应 没反 东西 地方 没地 \
    的 了 在 人 有 不 上 下 来 一 二 三 四 五 六 七 八 九 十 点 都 就 到 没 要 天 大 里 面 个 很 太 被 放 门 前 后 外 中 早 晚 半 小 时 间 分 钟 楼 层 们 我 你 \
    他 是 也 还 和 把 给 又 从 地 出 进 去 过 开";

/// What each feature says for each kind that it appears in.
type Weights = HashMap<String, Vec<(usize, f32)>>;

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let texts: BTreeMap<String, Vec<String>> = toml::from_str(include_str!("../../../data/examples.toml")).unwrap_or_default();
    let mut seen: HashMap<String, HashMap<usize, f32>> = HashMap::new();
    let kinds = all();
    for (i, kind) in kinds.iter().enumerate() {
        let own = texts.get(&kind.code).into_iter().flatten().map(String::as_str);
        for text in own.chain([kind.name(Lang::Zh), kind.name(Lang::En)]) {
            for feature in features(text).into_iter().map(|(feature, _)| feature).collect::<HashSet<_>>() {
                *seen.entry(feature).or_default().entry(i).or_default() += 1.0;
            }
        }
    }
    let total = kinds.len() as f32;
    let weigh = |of: HashMap<usize, f32>| {
        // Rare among kinds weighs more; said often of one kind weighs a little more.
        let rare = (total / of.len() as f32).ln();
        of.into_iter().map(|(kind, n)| (kind, rare * if n > 1.0 { 1.0 + n.ln() / 3.0 } else { ONCE })).collect()
    };
    seen.into_iter().map(|(feature, of)| (feature, weigh(of))).collect()
});

static SHARED: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split(' ').chain(COMMON_HAN.split_whitespace()).collect());

/// Han characters and pairs of them, and whole Latin words, each with where it stands (in characters).
fn features(text: &str) -> Vec<(String, (usize, usize))> {
    let signs: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let latin = |c: char| c.is_ascii_alphabetic();
    let han = |c: char| c.is_alphanumeric() && !c.is_ascii();
    let mut out = vec![];
    let mut i = 0;
    while i < signs.len() {
        if latin(signs[i]) {
            let end = (i..signs.len()).find(|j| !latin(signs[*j])).unwrap_or(signs.len());
            let word: String = signs[i..end].iter().collect();
            let word = word.strip_suffix('s').filter(|w| w.len() > 3).map_or(word.clone(), str::to_owned);
            if word.len() > 2 {
                out.push((word, (i, end)));
            }
            i = end;
        } else {
            if han(signs[i]) {
                out.push((signs[i].to_string(), (i, i + 1)));
                if i + 1 < signs.len() && han(signs[i + 1]) {
                    out.push((signs[i..i + 2].iter().collect(), (i, i + 2)));
                }
            }
            i += 1;
        }
    }
    out.retain(|(feature, _)| !SHARED.contains(feature.as_str()));
    out
}

/// What a feature weighs beside others of its kind.
fn share(feature: &str) -> f32 {
    if feature.is_ascii() || feature.chars().count() > 1 { 1.0 } else { ALONE }
}

/// The kind that a text is probably about at such a place; none where there is too little to go by, or two kinds are as
/// likely.
pub fn guess(text: &str, place: Option<PlaceKind>) -> Option<Guess> {
    let found = features(text);
    let mut scores: HashMap<usize, f32> = HashMap::new();
    let mut counted = HashSet::new();
    // Kinds for which more speaks than characters that stand alone.
    let mut firm = HashSet::new();
    for (feature, _) in &found {
        if !counted.insert(feature) {
            continue;
        }
        for (kind, weight) in WEIGHTS.get(feature).into_iter().flatten() {
            *scores.entry(*kind).or_default() += weight * share(feature);
            if share(feature) > ALONE {
                firm.insert(*kind);
            }
        }
    }
    for near in place.into_iter().flat_map(|kind| likely(Some(kind))) {
        if let Some(score) = all().iter().position(|c| c.code == near.code).and_then(|i| scores.get_mut(&i)) {
            *score += AT_THE_PLACE;
        }
    }
    let mut ranked: Vec<(usize, f32)> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (best, weight) = *ranked.first()?;
    if weight < LEAST || !firm.contains(&best) || ranked.get(1).is_some_and(|(_, second)| weight < second * AHEAD) {
        return None;
    }
    Some(Guess { category: all().get(best)?, because: because(text, &found, best) })
}

/// The guessed kind, or the one for all else.
pub fn guess_or_other(text: &str, place: Option<PlaceKind>) -> Option<&'static Category> {
    guess(text, place).map(|g| g.category).or_else(|| find(super::OTHER))
}

/// The runs of the text that speak for a kind: neighbouring pairs joined.
fn because(text: &str, found: &[(String, (usize, usize))], kind: usize) -> Vec<String> {
    let weight = |feature: &String| Some(WEIGHTS.get(feature)?.iter().find(|(k, _)| *k == kind)?.1 * share(feature));
    let mut runs: Vec<(usize, usize, f32)> = vec![];
    for (feature, (from, to)) in found {
        let Some(w) = weight(feature) else { continue };
        match runs.last_mut() {
            Some((_, end, sum)) if *end >= *from => {
                *end = (*end).max(*to);
                *sum += w;
            }
            _ => runs.push((*from, *to, w)),
        }
    }
    runs.sort_by(|a, b| b.2.total_cmp(&a.2));
    let signs: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = vec![];
    for (from, to, _) in runs {
        let word: String = signs.get(from..to.min(signs.len())).unwrap_or_default().iter().collect();
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words.truncate(3);
    words
}
