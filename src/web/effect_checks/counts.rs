//! What Louyi counted for a check, and how those who reported find it, in sentences.

use serde::Serialize;

use crate::domain::effect_checks::chance::{self, Count};
use crate::domain::effect_checks::{AGAIN_DAYS, Check, Counted, Figure, Opinions, SHOWN_FROM};
use crate::kernel::i18n::Lang;
use crate::web::shown::decimal;

/// In templates: `{{#with counts}}`.
#[derive(Serialize)]
pub struct Counts {
    pub before: String,
    pub after: String,
    pub year_before: String,
    pub again: String,
    /// How likely so large a fall is by chance, with what is assumed; or why nothing is said.
    pub chance: String,
    /// The rate after, where the check is about reports per week.
    pub offered: Option<String>,
}

fn rate(c: Count, key: &str, lang: Lang) -> String {
    let with = [("n", c.n.to_string()), ("days", c.days.to_string()), ("rate", decimal(c.tenths_a_week().unwrap_or_default(), 1))];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    lang.say(&format!("checks.counts.{key}"), &with)
}

impl Counts {
    pub fn of(check: &Check, c: &Counted, lang: Lang) -> Self {
        let few = c.before.n + c.after.n < chance::FEWEST;
        let chance = match c.chance {
            Some(x) => {
                let (n, of) = chance::in_words(x);
                lang.say("checks.counts.chance", &[("n", &n.to_string()), ("of", &of.to_string())])
            }
            None if few => lang.say("checks.counts.few", &[("n", &(c.before.n + c.after.n).to_string()), ("min", &chance::FEWEST.to_string())]),
            None => lang.t("checks.counts.no_fall"),
        };
        let tenths = c.after.tenths_a_week().unwrap_or_default();
        // As the check keeps its figures: whole, in tenths, or finer.
        let scaled = match check.decimals {
            0 => (tenths + 5) / 10,
            d => tenths * 10i64.pow(d.clamp(1, 3).unsigned_abs() - 1),
        };
        Self {
            before: rate(c.before, "before", lang),
            after: rate(c.after, "after", lang),
            year_before: c.year_before.map_or_else(|| lang.t("checks.counts.no_year_before"), |y| rate(y, "year_before", lang)),
            again: lang.say("checks.counts.again", &[("n", &c.again.to_string()), ("days", &AGAIN_DAYS.to_string())]),
            chance,
            offered: (check.figure == Figure::ReportsPerWeek).then(|| decimal(scaled, check.decimals)),
        }
    }
}

/// `7人答：5人说好些了，1人说一样，1人说更差。`
pub fn felt(o: Opinions, lang: Lang) -> String {
    let with = [("n", o.n()), ("better", o.better), ("same", o.same), ("worse", o.worse)].map(|(k, n)| (k, n.to_string()));
    let with: Vec<(&str, &str)> = with.iter().map(|(k, n)| (*k, n.as_str())).collect();
    lang.say("checks.felt", &with)
}

/// The same, or that too few have answered.
pub fn felt_or_few(o: Option<Opinions>, lang: Lang) -> String {
    o.map_or_else(|| lang.say("checks.felt_few", &[("min", &SHOWN_FROM.to_string())]), |o| felt(o, lang))
}
