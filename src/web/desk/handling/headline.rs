//! What the figures come to, in a sentence: what got better, what did not, what keeps coming back.

use crate::domain::figures::FEWEST;
use crate::domain::handling::{Case, Cut, Group, half};
use crate::kernel::calendar::Calendar;
use crate::kernel::i18n::Lang;

fn promised(cases: &[Case]) -> Option<f64> {
    (cases.len() as i64 >= FEWEST).then(|| Cut::Answered.count(cases) as f64 / cases.len() as f64)
}

/// `more`, `less` or `same`: less than one in twenty is no difference.
fn trend(before: f64, now: f64) -> &'static str {
    let edge = before.abs().max(1e-9) / 20.0;
    match now - before {
        d if d > edge => "more",
        d if d < -edge => "less",
        _ => "same",
    }
}

/// The clauses; none where there is too little to say anything.
pub fn clauses(cases: &[Case], before: &[Case], groups: &[Group], name: impl Fn(&str) -> String, calendar: &Calendar, lang: Lang) -> Vec<String> {
    let mut all = vec![];
    if let (Some(was), Some(is)) = (promised(before), promised(cases)) {
        all.push(lang.t(&format!("handling.headline.answers_{}", trend(was, is))));
    }
    if let (Some(was), Some(is)) = (half(calendar, before), half(calendar, cases)) {
        all.push(lang.t(&format!("handling.headline.hours_{}", trend(was, is))));
    }
    let often = groups.iter().filter(|g| g.comes_back());
    if let Some(g) = often.max_by(|a, b| (a.again * b.matters).cmp(&(b.again * a.matters))) {
        all.push(lang.say("handling.headline.again", &[("of", &name(&g.of))]));
    }
    all
}
