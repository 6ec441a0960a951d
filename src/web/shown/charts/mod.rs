//! Charts drawn by the server: SVG without script or inline style, 360 wide so that a phone shows it 1:1. Each says in
//! words what it shows, and has its numbers behind it.

pub mod columns;
pub mod effect;
pub mod flow;
pub mod months;
pub mod queue;
pub mod section;
pub mod weeks;

use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::matter::Matter;
use crate::domain::effect_checks::Verdict;
use crate::domain::figures;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;

/// A key of a chart.
#[derive(Clone, Debug, Serialize)]
pub struct Sign {
    /// `was`, `mid`, `is`, `goal`.
    pub class: &'static str,
    /// What it stands for.
    pub word: String,
}

/// A chart with what belongs to it. In templates: `{{> parts/figure figure}}`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figure {
    /// The drawing; made here from numbers and escaped words.
    pub svg: String,
    /// Its keys.
    pub legend: Vec<Sign>,
    /// Title, unit, source, counting rule.
    pub caption: String,
    /// The table's head.
    pub head: Vec<String>,
    /// The table's rows.
    pub rows: Vec<Vec<String>>,
}

/// Fewer reports are said in a sentence.
const FEWEST: i32 = 12;

/// What was measured of a matter, and when its reports came.
pub async fn of(caller: &Caller, db: &impl ConnectionTrait, m: &Matter) -> Result<Vec<Figure>> {
    let mut all: Vec<Figure> = effect::draw(&m.checks, &m.measurements, caller.lang).into_iter().collect();
    // Few reports are said in a sentence: no need to ask for each of their times.
    if m.issue.reports >= FEWEST {
        let days = figures::report_days(db, m.issue.id).await?;
        let decision = |n: i32| caller.lang.say("charts.weeks.decision", &[("n", &n.to_string())]);
        let decisions = m.resolutions.iter().map(|r| weeks::Decision { at: r.adopted_at, word: decision(r.serial) }).collect();
        let effective = m.last_check().filter(|c| c.verdict == Some(Verdict::Effective));
        let effective_from =
            effective.and_then(|c| m.tasks.iter().filter(|t| t.resolution_id == Some(c.resolution_id)).filter_map(|t| t.done_at).max());
        let until = m.issue.closed_at.unwrap_or_else(|| caller.house.now());
        let drawn = weeks::Weeks { reports: &days, decisions, effective_from, until };
        all.extend(weeks::draw(&drawn, &caller.house.calendar(), caller.lang));
    }
    Ok(all)
}

/// At which hours the reports of a matter came; none where few did, whose times could be somebody's.
pub async fn hours(caller: &Caller, db: &impl ConnectionTrait, m: &Matter) -> Result<Option<Figure>> {
    let lang = caller.lang;
    if m.issue.reports < FEWEST {
        return Ok(None);
    }
    let came = figures::report_hours(db, m.issue.id).await?;
    let (Some((first, _)), Some((last, _))) = (came.first(), came.last()) else { return Ok(None) };
    let all: Vec<columns::Column> = (*first..=*last)
        .map(|h| {
            let value = came.iter().find(|(at, _)| *at == h).map_or(0, |(_, n)| *n);
            columns::Column { at: format!("{h}:00"), value, said: None }
        })
        .collect();
    let Some((hour, most)) = came.iter().max_by_key(|(h, n)| (*n, std::cmp::Reverse(*h))) else { return Ok(None) };
    let with = [("hour", hour.to_string()), ("next", (hour + 1).to_string()), ("n", most.to_string())];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let head = [lang.t("charts.hours.hour"), lang.t("charts.weeks.reports")];
    Ok(columns::draw(&all, lang.say("charts.hours.caption", &with), head))
}

/// A unit as rows keep it, in the language of the page.
pub fn unit(kept: &str, lang: Lang) -> String {
    let key = match kept {
        "分钟" | "min" => "minutes",
        "人次/周" => "times_a_week",
        "件/周" => "reports_a_week",
        "次/周" => "a_week",
        "件" => "pieces",
        "人" => "people",
        other => return other.to_owned(),
    };
    lang.t(&format!("charts.units.{key}"))
}

/// Words inside a drawing.
pub(super) fn escaped(text: &str) -> String {
    handlebars::html_escape(text)
}

/// The next round number: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten.
pub(super) fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.iter().map(|s| s * power).find(|s| *s >= value * 0.999_999).unwrap_or(10.0 * power)
}
