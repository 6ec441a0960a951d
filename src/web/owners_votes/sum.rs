//! A count written out: both thresholds by area and by persons as products of whole numbers, and one sentence. Nothing is divided,
//! nothing rounded.

use serde::Serialize;

use crate::domain::owners_votes::Counted;
use crate::domain::votes::owners::{Decision, Share, Weight};
use crate::kernel::i18n::Lang;

/// One test: `600.00㎡ × 3 = 1800.00㎡ ≥ 1800.00㎡ = 900.00㎡ × 2`.
#[derive(Serialize)]
struct Test {
    what: String,
    sum: String,
    met: bool,
    word: String,
}

/// One line of the table of choices.
#[derive(Serialize)]
struct Line {
    word: String,
    persons: u64,
    area: String,
}

/// What the page needs of a count.
#[derive(Serialize)]
pub struct Sum {
    sentence: String,
    passed: bool,
    decision: String,
    tests: Vec<Test>,
    lines: Vec<Line>,
    void: Vec<String>,
    notes: Vec<String>,
}

/// 1/100 m² as square metres.
fn metres(area: u128) -> String {
    format!("{}.{:02}㎡", area / 100, area % 100)
}

fn persons(n: u128) -> String {
    n.to_string()
}

/// `part × den sign whole × num`, with both products.
fn product((part, whole): (u64, u64), share: Share, number: fn(u128) -> String) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let (num, den) = (u128::from(share.num), u128::from(share.den));
    let (left, right) = (part * den, whole * num);
    let sign = match (share.strict, left.cmp(&right)) {
        (true, std::cmp::Ordering::Greater) => ">",
        (true, _) => "≤",
        (false, std::cmp::Ordering::Less) => "<",
        (false, _) => "≥",
    };
    // A factor of one says nothing.
    let half = |n: u128, factor: u128| if factor == 1 { number(n) } else { format!("{} × {factor}", number(n)) };
    let solved = |n: u128, factor: u128, product: u128| if factor == 1 { number(n) } else { format!("{} = {}", half(n, factor), number(product)) };
    let turned = |n: u128, factor: u128, product: u128| if factor == 1 { number(n) } else { format!("{} = {}", number(product), half(n, factor)) };
    format!("{} {sign} {}", solved(part, den, left), turned(whole, num, right))
}

fn tests(key: &str, (part, whole): (Weight, Weight), share: Share, lang: Lang) -> [Test; 2] {
    let word = |met: bool| lang.t(if met { "owners_votes.met" } else { "owners_votes.not_met" });
    let what = |by: &str| lang.t(&format!("owners_votes.test.{key}_{by}"));
    [
        Test { what: what("area"), sum: product((part.area, whole.area), share, metres), met: share.area, word: word(share.area) },
        Test { what: what("persons"), sum: product((part.persons, whole.persons), share, persons), met: share.persons, word: word(share.persons) },
    ]
}

impl Sum {
    /// Of a count.
    pub fn of(counted: &Counted, special: bool, lang: Lang) -> Self {
        let (c, decision) = (&counted.count, counted.decision);
        let n = |x: u64| x.to_string();
        let area = |w: Weight| metres(u128::from(w.area));
        let with = [
            ("all_persons", n(c.all.persons)),
            ("all_area", area(c.all)),
            ("part_persons", n(c.part.persons)),
            ("part_area", area(c.part)),
            ("yes_persons", n(c.yes.persons)),
            ("yes_area", area(c.yes)),
            ("share", lang.t(if special { "owners_votes.three_quarters" } else { "owners_votes.more_than_half" })),
        ];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let line = |key: &str, w: Weight| Line { word: lang.t(&format!("owners_votes.choice.{key}")), persons: w.persons, area: area(w) };
        let void = [("without_paper", c.void.without_paper), ("conflicting", c.void.conflicting), ("not_on_roll", c.void.not_on_roll)];
        let mut notes = vec![];
        if c.owner_sole {
            notes.push(lang.t("owners_votes.owner_sole"));
        }
        if c.silence_was_counted {
            notes.push(lang.t("owners_votes.silence_counted"));
        }
        let participation = tests("participation", (c.part, c.all), c.participation, lang);
        // Of nobody there is no share.
        let agreement = if c.part.persons > 0 { Some(tests("agreement", (c.yes, c.part), c.agreement, lang)) } else { None };
        Self {
            sentence: lang.say(&format!("owners_votes.sentence.{decision}"), &with),
            passed: decision == Decision::Passed,
            decision: lang.t(&format!("owners_votes.decision.{decision}")),
            tests: participation.into_iter().chain(agreement.into_iter().flatten()).collect(),
            lines: vec![line("yes", c.yes), line("no", c.no), line("abstain", c.abstain), line("silent", c.silent), line("all", c.all)],
            void: void
                .into_iter()
                .filter(|(_, n)| *n > 0)
                .map(|(k, n)| lang.say(&format!("owners_votes.void.{k}"), &[("n", &n.to_string())]))
                .collect(),
            notes,
        }
    }
}
