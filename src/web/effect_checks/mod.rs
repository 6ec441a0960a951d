//! Measured figures and effect checks in the browser: what was promised, what was measured, and the verdict that follows
//! from the rule, with its sum.

mod checks;
mod counts;
mod figures;
pub(super) mod value;

use rocket::{Route, routes};
use serde::Serialize;

use super::caller::Caller;
use super::dates;
use super::shown::{decimal, states};
pub(super) use counts::felt;

use crate::domain::effect_checks::{Check, Verdict};

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    routes![figures::show, figures::record, checks::show, checks::make]
}

/// A check in a list.
#[derive(Clone, Debug, Serialize)]
pub struct CheckLine {
    pub number: Option<usize>,
    pub href: Option<String>,
    pub figure: String,
    pub planned: String,
    pub due: bool,
    pub last: bool,
    pub verdict: Option<states::State>,
    /// `13.9 → 4.6分钟，目标5分钟，达到了`.
    pub sum: String,
    pub words: Option<String>,
    pub when: Option<String>,
    pub entry: Option<i64>,
}

/// The sum of a check: from what to what, against which target.
pub fn sum(c: &Check, caller: &Caller) -> String {
    let lang = caller.lang;
    let unit = value::unit(&c.unit, lang);
    let write = |v: Option<i64>| v.map_or_else(|| "—".to_owned(), |v| decimal(v, c.decimals));
    let key = match c.verdict {
        None => "checks.sum.planned",
        Some(Verdict::Effective) => "checks.sum.effective",
        Some(Verdict::Partly) => "checks.sum.partly",
        Some(Verdict::Ineffective) => "checks.sum.ineffective",
    };
    let with = [("before", write(c.before_value)), ("target", write(c.target_value)), ("after", write(c.after_value)), ("unit", unit)];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    lang.say(key, &with)
}

impl CheckLine {
    /// Of a check; `at` is its number and address on its matter.
    pub fn of(caller: &Caller, c: &Check, at: Option<(usize, String)>) -> Self {
        let (lang, now) = (caller.lang, caller.house.now());
        let today = dates::local(now).date();
        let planned = dates::parse(&c.planned_on);
        let (number, href) = at.unzip();
        Self {
            number,
            href,
            figure: lang.t(&format!("charts.figures.{}", c.figure.as_str())),
            planned: planned.map(|d| dates::day(d, today, lang)).unwrap_or_default(),
            due: c.verdict.is_none() && planned.is_some_and(|d| d <= today),
            last: c.last,
            verdict: c.verdict.map(|v| states::verdict(v, lang)),
            sum: sum(c, caller),
            words: c.words.clone(),
            when: c.checked_at.map(|at| dates::short(dates::local(at).date(), today, lang)),
            entry: c.ledger_index,
        }
    }
}
