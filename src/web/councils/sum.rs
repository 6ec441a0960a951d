//! A vote's sum, written out: `13席 − 1回避 = 12有权 → 过半要7 ≤ 9赞成`. The numbers are the count's own.

use serde::Serialize;

use crate::domain::councils::{Rules, Weight};
use crate::domain::motions::{Motion, Outcome, Roll};
use crate::domain::votes::Choice;
use crate::domain::votes::tally::{Arithmetic, Basis, Count, Standing, Threshold};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

/// What the templates need of a vote.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    pub seats: u32,
    pub recused: u32,
    pub eligible: u32,
    pub present: u32,
    pub absent: u32,
    pub silent: u32,
    pub yes: u32,
    pub no: u32,
    pub abstain: u32,
    pub needed: u32,
    /// `过半要`, `三分之二要`.
    pub share: String,
    /// Of those present only: then the number present stands in the sum too.
    pub of_present: bool,
    pub reached: bool,
    pub quorum: u32,
    pub quorate: bool,
    pub objections: u32,
    /// Votes are weighed by enterprise: `needed` is of these, the others are seats.
    pub weighed: bool,
    /// `passed`, …: what it came to, or would come to now.
    pub outcome: &'static str,
    /// In words.
    pub outcome_words: String,
    /// The whole sum as one sentence.
    pub sentence: String,
}

/// `过半要`.
pub fn share(threshold: Threshold, lang: Lang) -> String {
    let (num, den, strict) = threshold.parts();
    if (num, den, strict) == (1, 2, true) {
        return lang.t("motions.sum.majority");
    }
    let key = if strict { "motions.sum.more_than" } else { "motions.sum.at_least" };
    lang.say(key, &[("num", &num.to_string()), ("den", &den.to_string())])
}

impl Sum {
    /// Of a count under rules.
    pub fn of(count: &Count, rules: &Rules, weight: Weight, lang: Lang) -> Result<Self> {
        let (outcome, a) = count.outcome(&rules.procedure(weight)?).map_err(|e| Error::broken(e.to_string()))?;
        Ok(Self::written(Outcome::from(outcome), &a, lang))
    }

    fn written(outcome: Outcome, a: &Arithmetic, lang: Lang) -> Self {
        let reached = a.reached();
        let of_present = a.basis == Basis::Present;
        let share = share(a.threshold, lang);
        let n = |x: u32| x.to_string();
        let with = [
            ("seats", n(a.seats)),
            ("recused", n(a.recused)),
            ("eligible", n(a.eligible)),
            ("present", n(a.present)),
            ("needed", n(a.needed)),
            ("share", share.clone()),
            ("sign", if reached { "≤".into() } else { ">".into() }),
            ("yes", n(a.votes.yes)),
            ("base", n(a.base)),
            ("weight", n(a.weighed.unwrap_or_default().votes.yes)),
            ("capped", n(a.weighed.unwrap_or_default().capped)),
        ];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        // Nobody was counted: a formula with no votes in it would say that it was not reached.
        let sentence = match outcome {
            Outcome::Consensus => lang.say("motions.sum.consensus_short", &[("n", &n(a.present))]),
            _ if a.weighed.is_some_and(|w| w.capped > 0) => lang.say("motions.sum.sentence_capped", &with),
            _ if a.weighed.is_some() => lang.say("motions.sum.sentence_weighed", &with),
            _ if of_present => lang.say("motions.sum.sentence_present", &with),
            _ => lang.say("motions.sum.sentence", &with),
        };
        Self {
            seats: a.seats,
            recused: a.recused,
            eligible: a.eligible,
            present: a.present,
            absent: a.absent,
            silent: a.silent,
            yes: a.votes.yes,
            no: a.votes.no,
            abstain: a.votes.abstain,
            needed: a.needed,
            of_present,
            reached,
            quorum: a.quorum,
            quorate: a.present >= a.quorum,
            objections: a.objections.unwrap_or(0),
            weighed: a.weighed.is_some(),
            outcome: outcome.as_str(),
            outcome_words: lang.t(&format!("motions.outcome.{}", outcome.as_str())),
            sentence,
            share,
        }
    }

    /// Of a vote: as it was closed, else as it stands.
    pub fn of_motion(motion: &Motion, roll: &Roll, rules: &Rules, lang: Lang) -> Result<Self> {
        let count = motion.counted().unwrap_or_else(|| {
            let count = roll.count();
            if motion.objections > 0 { count.asked_for_consensus(motion.objections.unsigned_abs()) } else { count }
        });
        Self::of(&count, rules, motion.weight, lang)
    }
}

/// One seat of the strip or the grid.
#[derive(Clone, Debug, Serialize)]
pub struct SeatMark {
    pub number: i32,
    pub name: String,
    pub class_word: String,
    /// `y`, `no`, `a`, `v` (has voted, secretly), `r`, `o`, or nothing for one that has not voted.
    pub kind: &'static str,
    /// The mark of the sprite.
    pub mark: &'static str,
    pub word: String,
}

/// How a seat is drawn. What it said in a secret vote nobody knows, only whether it has voted.
pub fn drawn(standing: Standing, choice: Option<Choice>, voted: bool) -> (&'static str, &'static str, &'static str) {
    match (standing, choice) {
        (Standing::Recused, _) => ("r", "rec", "motions.choice.recused"),
        (Standing::Absent, _) => ("o", "off", "motions.choice.absent"),
        (_, Some(Choice::Yes)) => ("y", "yes", "motions.choice.yes"),
        (_, Some(Choice::No)) => ("no", "no", "motions.choice.no"),
        (_, Some(Choice::Abstain)) => ("a", "abs", "motions.choice.abstain"),
        (_, None) if voted => ("v", "conf", "motions.choice.secret"),
        (_, None) => ("", "reg", "motions.choice.none"),
    }
}

/// The same, as the strip has them: in favour, against, abstained, silent, absent, recused.
pub fn strip(mut marks: Vec<SeatMark>) -> Vec<SeatMark> {
    marks.sort_by_key(|m| ["y", "no", "a", "v", "", "o", "r"].iter().position(|k| *k == m.kind));
    marks
}

/// Every seat of a roll, drawn, with names.
pub fn marks(roll: &Roll, bench: &super::bench::Bench, lang: Lang) -> Vec<SeatMark> {
    roll.seats
        .iter()
        .map(|(seat, standing, choice)| {
            let (kind, mark, word) = drawn(*standing, *choice, roll.has_voted(seat.id));
            SeatMark {
                number: seat.number,
                name: bench.name(seat, lang),
                class_word: super::bench::class(seat, lang),
                kind,
                mark,
                word: match roll.weight(seat.id) {
                    Some(n) => lang.say("motions.sum.weighs", &[("word", &lang.t(word)), ("n", &n.to_string())]),
                    None => lang.t(word),
                },
            }
        })
        .collect()
}
