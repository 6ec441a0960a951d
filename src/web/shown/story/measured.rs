//! What was expected, what was measured, and what a check says of it.

use super::sentences::effect_ways;
use super::{Part, Step, Teller};
use crate::domain::effect_checks::Verdict;
use crate::domain::journal::Entry;
use crate::kernel::i18n::Lang;
use crate::web::shown::matter::Line;
use crate::web::shown::{charts, decimal, states};

/// The step of a line about figures; none for other lines.
pub(super) fn of(t: &Teller<'_>, line: &Line, entry: &Entry, step: &Step) -> Option<Step> {
    match entry {
        Entry::LiftsForecast { people, remedies } => {
            let with = [("people", people.to_string()), ("n", remedies.to_string())];
            let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
            Some(Step { mark: "eye", head: t.say("lifts_forecast", &with), ..step.clone() })
        }
        Entry::RemedyChosen { remedy } => {
            let word = t.lang.t(&format!("lifts.remedies.{remedy}"));
            Some(Step { mark: "reso", head: t.say("remedy_chosen", &[("remedy", &word)]), ..step.clone() })
        }
        Entry::MeasureRecorded { figure, value, decimals, sample } => {
            let kept = t.m.measurements.iter().find(|x| x.figure == *figure && x.value == *value && x.decimals == *decimals);
            let label = kept.map(|x| x.label.clone()).filter(|l| !l.is_empty() && t.lang == Lang::Zh);
            let label = label.unwrap_or_else(|| t.lang.t(&format!("charts.figures.{}", figure.as_str())));
            let unit = kept.map(|x| charts::unit(&x.unit, t.lang)).unwrap_or_default();
            let value = decimal(*value, *decimals);
            let key = if sample.is_some() { "measured_of" } else { "measured_one" };
            let of = sample.unwrap_or_default().to_string();
            let body = vec![t.say(key, &[("figure", &label), ("value", &value), ("unit", &unit), ("of", &of)])];
            let ways = effect_ways(t, t.m.resolutions.iter().rev().find(|r| r.adopted_at <= line.at), None);
            Some(Step { mark: "eye", head: t.say("measured", &[("by", &t.name(line.by))]), body, ways, part: Part::Measured, ..step.clone() })
        }
        Entry::CheckMade { verdict, figure, before, target, after, decimals, last, .. } => {
            let number = |n: Option<i64>| n.map_or_else(|| t.say("unknown", &[]), |n| decimal(n, *decimals));
            let check = t.m.checks.iter().find(|c| c.verdict == Some(*verdict) && c.after_value == Some(*after) && c.checked_at == Some(line.at));
            let unit = check.map(|c| charts::unit(&c.unit, t.lang)).unwrap_or_default();
            let with = [
                ("figure", t.lang.t(&format!("charts.figures.{}", figure.as_str()))),
                ("before", number(*before)),
                ("after", number(Some(*after))),
                ("target", number(*target)),
                ("unit", unit),
            ];
            let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let mut body = vec![t.say("check_figures", &with)];
            body.extend(check.and_then(|c| c.words.clone()));
            let shown = states::verdict(*verdict, t.lang);
            // On the line a mark is cut out of its colour: only the open ones can be.
            let mark = if *verdict == Verdict::Effective { "task" } else { shown.mark };
            let head = t.say(&format!("checked.{}", verdict.as_str()), &[]);
            let r = check.and_then(|c| t.m.resolutions.iter().find(|r| r.id == c.resolution_id));
            let ways = effect_ways(t, r, check.and_then(|c| c.ledger_index));
            Some(Step { class: shown.class, mark, id: Some("check"), head, body, ways, part: Part::Checked(*verdict, *last), ..step.clone() })
        }
        _ => None,
    }
}
