//! An effect check: one row per measure on its own scale from 0. Before = open square, a try that failed = diamond, after =
//! full square, target = a tick with its word. Shape tells, not colour.

use std::fmt::Write as _;

use super::{Figure, Sign, escaped, round_up, unit};
use crate::domain::effect_checks::{self, Check, Measurement, Phase, Verdict};
use crate::kernel::i18n::Lang;
use crate::web::shown::decimal;

/// One measure.
#[derive(Clone, Debug, Default)]
struct Row {
    figure: Option<effect_checks::Figure>,
    name: String,
    unit: String,
    decimals: i32,
    before: Option<i64>,
    failed: Option<i64>,
    after: Option<i64>,
    target: Option<i64>,
}

/// The chart of a matter's checks; none before anything was held against a figure.
pub fn draw(checks: &[Check], measurements: &[Measurement], lang: Lang) -> Option<Figure> {
    let rows: Vec<Row> = rows(checks, measurements, lang).into_iter().filter(|r| r.failed.is_some() || r.after.is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let statements: Vec<String> = rows.iter().map(|r| statement(r, lang)).collect();
    let label = escaped(&statements.join(if lang == Lang::En { " " } else { "" }));
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 {}" role="img" aria-label="{label}">"#, rows.len() * 102 - 2);
    for (i, row) in rows.iter().enumerate() {
        strip(&mut svg, row, i as f64 * 102.0, lang);
    }
    svg.push_str("</svg>");
    let t = |key: &str| lang.t(&format!("charts.effect.{key}"));
    let mut legend = vec![Sign { class: "was", word: t("before") }];
    if rows.iter().any(|r| r.failed.is_some()) {
        legend.push(Sign { class: "mid", word: t("failed") });
    }
    if rows.iter().any(|r| r.after.is_some()) {
        legend.push(Sign { class: "is", word: t("after") });
    }
    if rows.iter().any(|r| r.target.is_some()) {
        legend.push(Sign { class: "goal", word: t("target") });
    }
    let mut sources: Vec<&str> = measurements.iter().map(|m| m.source.as_str()).collect();
    sources.dedup();
    sources.sort_unstable();
    sources.dedup();
    let caption = sources.join(if lang == Lang::En { "; " } else { "；" });
    let head = ["measure", "before", "failed", "after", "target", "unit"].map(t).to_vec();
    let cell = |v: Option<i64>, r: &Row| v.map_or_else(|| "–".to_owned(), |v| decimal(v, r.decimals));
    let rows = rows
        .iter()
        .map(|r| vec![r.name.clone(), cell(r.before, r), cell(r.failed, r), cell(r.after, r), cell(r.target, r), r.unit.clone()])
        .collect();
    Some(Figure { svg, legend, caption, head, rows })
}

/// From what was checked and what was measured beside it.
fn rows(checks: &[Check], measurements: &[Measurement], lang: Lang) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    let name = |f: effect_checks::Figure| lang.t(&format!("charts.figures.{}", f.as_str()));
    for c in checks.iter().filter(|c| c.verdict.is_some()) {
        let i = rows.iter().position(|r| r.figure == Some(c.figure)).unwrap_or_else(|| {
            rows.push(Row { figure: Some(c.figure), name: name(c.figure), unit: unit(&c.unit, lang), decimals: c.decimals, ..Row::default() });
            rows.len() - 1
        });
        let row = &mut rows[i];
        row.before = row.before.or(c.before_value);
        row.target = c.target_value;
        match c.verdict {
            Some(Verdict::Ineffective) => row.failed = c.after_value,
            _ => row.after = c.after_value,
        }
    }
    for m in measurements {
        let i = rows.iter().position(|r| r.figure == Some(m.figure)).unwrap_or_else(|| {
            let own = Some(m.label.clone()).filter(|l| !l.is_empty() && lang == Lang::Zh && m.figure == effect_checks::Figure::Other);
            rows.push(Row {
                figure: Some(m.figure),
                name: own.unwrap_or_else(|| name(m.figure)),
                unit: unit(&m.unit, lang),
                decimals: m.decimals,
                ..Row::default()
            });
            rows.len() - 1
        });
        let row = &mut rows[i];
        if row.decimals != m.decimals {
            continue;
        }
        match m.phase {
            Phase::Before => row.before = Some(m.value),
            Phase::AfterFailed => row.failed = Some(m.value),
            Phase::After => row.after = Some(m.value),
        }
    }
    rows
}

fn statement(r: &Row, lang: Lang) -> String {
    let value = |v: Option<i64>| v.map_or_else(|| "–".to_owned(), |v| decimal(v, r.decimals));
    let (before, failed, after, target) = (value(r.before), value(r.failed), value(r.after), value(r.target));
    let with = [
        ("name", r.name.as_str()),
        ("unit", r.unit.as_str()),
        ("before", before.as_str()),
        ("failed", failed.as_str()),
        ("after", after.as_str()),
        ("target", target.as_str()),
    ];
    let key = match (r.failed, r.after, r.target) {
        (Some(_), Some(_), Some(_)) => "all",
        (Some(_), Some(_), None) => "all_no_target",
        (None, Some(_), Some(_)) => "after_target",
        (None, Some(_), None) => "after_only",
        (_, None, Some(_)) => "failed_target",
        (_, None, None) => "failed_only",
    };
    lang.say(&format!("charts.effect.says.{key}"), &with)
}

fn strip(svg: &mut String, r: &Row, top: f64, lang: Lang) {
    let unit_of = 10f64.powi(r.decimals.clamp(0, 6));
    let real = |v: i64| v as f64 / unit_of;
    let values: Vec<f64> = [r.before, r.failed, r.after, r.target].into_iter().flatten().map(real).collect();
    let max = round_up(values.iter().copied().fold(0.0, f64::max) * 1.04);
    let x = |v: i64| 12.0 + (real(v).max(0.0) / max) * 336.0;
    let y = top + 58.0;
    let _ = write!(svg, r#"<text class="evt" x="4" y="{}">{}</text>"#, top + 24.0, escaped(&r.name));
    let _ = write!(svg, r#"<text x="352" y="{}" text-anchor="end">{}</text>"#, top + 24.0, escaped(&r.unit));
    let _ = write!(svg, r#"<path class="ax" d="M12 {y}H348" opacity=".35"/>"#);
    if let (Some(from), Some(to)) = (r.after.or(r.failed), r.before) {
        let _ = write!(svg, r#"<path class="run" d="M{:.1} {y}H{:.1}"/>"#, x(from), x(to));
    }
    if let Some(v) = r.target {
        let at = x(v);
        let word = lang.say("charts.effect.goal", &[("value", &decimal(v, r.decimals))]);
        let _ = write!(svg, r#"<path class="goal" d="M{at:.1} {}v36"/>"#, y - 18.0);
        let (tx, anchor) = if at > 270.0 { (at - 6.0, "end") } else { (at + 6.0, "start") };
        let _ = write!(svg, r#"<text x="{tx:.1}" y="{}" text-anchor="{anchor}">{}</text>"#, y - 10.0, escaped(&word));
    }
    let mut below: Vec<f64> = vec![];
    if let Some(v) = r.before {
        let at = x(v);
        let _ = write!(svg, r#"<rect class="was" x="{:.1}" y="{}" width="14" height="14"/>"#, at - 7.0, y - 7.0);
        number(svg, "v", v, r.decimals, at, y + 25.0);
        below.push(at);
    }
    if let Some(v) = r.failed {
        let at = x(v);
        let _ = write!(svg, r#"<path class="bad" d="M{at:.1} {}l8 8-8 8-8-8z"/>"#, y - 8.0);
        // Side by side the two numbers would run into each other.
        let low = if below.iter().any(|b| (b - at).abs() < 44.0) { y + 41.0 } else { y + 25.0 };
        number(svg, "v", v, r.decimals, at, low);
        below.push(at);
    }
    if let Some(v) = r.after {
        let at = x(v);
        let _ = write!(svg, r#"<rect class="is" x="{:.1}" y="{}" width="16" height="16"/>"#, at - 8.0, y - 8.0);
        if below.iter().any(|b| (b - at).abs() < 44.0) && at > 60.0 {
            let _ = write!(svg, r#"<text class="v good" x="{:.1}" y="{}" text-anchor="end">{}</text>"#, at - 2.0, y + 25.0, decimal(v, r.decimals));
        } else {
            number(svg, "v good", v, r.decimals, at.max(14.0), y + 32.0);
        }
    }
}

fn number(svg: &mut String, class: &str, v: i64, decimals: i32, x: f64, y: f64) {
    let (x, anchor) = if x > 335.0 {
        (352.0, "end")
    } else if x < 20.0 {
        (4.0, "start")
    } else {
        (x, "middle")
    };
    let _ = write!(svg, r#"<text class="{class}" x="{x:.1}" y="{y}" text-anchor="{anchor}">{}</text>"#, decimal(v, decimals));
}
