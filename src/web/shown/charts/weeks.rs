//! Reports per week: plain columns; the highest and the last carry numbers, decisions are dashed verticals, the weeks
//! after the effective one are green, holidays are named below.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};

use super::{Figure, escaped, round_up};
use crate::kernel::calendar::Calendar;
use crate::kernel::i18n::Lang;
use crate::web::dates;
use crate::web::shown::clock;

/// A decision that stands as a vertical.
pub struct Decision {
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// `第9号决议`.
    pub word: String,
}

/// What is drawn.
pub struct Weeks<'a> {
    /// On which days how many reports came, oldest first.
    pub reports: &'a [(NaiveDate, i64)],
    /// The decisions, oldest first.
    pub decisions: Vec<Decision>,
    /// From here on it was effective.
    pub effective_from: Option<DateTime<Utc>>,
    /// The last day that is shown.
    pub until: DateTime<Utc>,
}

/// Fewer reports or weeks are said in a sentence.
const FEWEST: i64 = 12;
/// A year of columns still has a gap between each two.
const MOST_WEEKS: usize = 53;

fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

/// The columns; none where a sentence says as much.
pub fn draw(w: &Weeks<'_>, calendar: &Calendar, lang: Lang) -> Option<Figure> {
    let first = monday(w.reports.first()?.0);
    let last = monday(calendar.date_of(w.until).max(w.reports.last()?.0));
    let all: i64 = w.reports.iter().map(|(_, n)| n).sum();
    let mut counts: Vec<(NaiveDate, i64)> = first.iter_weeks().take_while(|m| *m <= last).map(|m| (m, 0)).collect();
    if all < FEWEST || counts.len() < 3 {
        return None;
    }
    for (day, came) in w.reports {
        let week = monday(*day);
        if let Some((_, n)) = counts.iter_mut().find(|(m, _)| *m == week) {
            *n += came;
        }
    }
    let counts = counts.split_off(counts.len().saturating_sub(MOST_WEEKS));
    let (max_at, max) = counts.iter().enumerate().map(|(i, (_, n))| (i, *n)).max_by_key(|(i, n)| (*n, std::cmp::Reverse(*i)))?;
    let (pitch, scale) = (344.0 / counts.len() as f64, 139.0 / max.max(1) as f64);
    let today = calendar.date_of(w.until);
    let day = |d: NaiveDate| dates::short(d, today, lang);
    let total = all.to_string();
    let end = day(calendar.date_of(w.until));
    let caption = lang.say("charts.weeks.caption", &[("from", &day(counts[0].0)), ("to", &end), ("n", &total)]);
    let last_n = counts.last().map_or(0, |(_, n)| *n);
    let peak = lang.say("charts.weeks.peak", &[("max", &max.to_string()), ("last", &last_n.to_string())]);
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 236" role="img" aria-label="{}">"#, escaped(&format!("{caption}{peak}")));
    rules(&mut svg, max, scale);
    let green = w.effective_from.map(|at| calendar.date_of(at));
    for (i, (week, n)) in counts.iter().enumerate() {
        let (x, h) = (10.0 + i as f64 * pitch, *n as f64 * scale);
        let class = if i == max_at {
            " hot"
        } else if green.is_some_and(|g| *week >= monday(g)) {
            " ok"
        } else {
            ""
        };
        let _ = write!(svg, r#"<rect class="bar{class}" x="{x:.1}" y="{:.1}" width="{:.1}" height="{h:.1}"/>"#, 196.0 - h, pitch * 0.7);
        if i == max_at || i + 1 == counts.len() {
            let _ = write!(svg, r#"<text class="v" x="{:.1}" y="{:.1}" text-anchor="middle">{n}</text>"#, x + pitch * 0.35, 190.0 - h);
        }
    }
    decisions(&mut svg, w, counts[0].0, pitch, calendar);
    svg.push_str(r#"<path class="ax" d="M8 196H352"/>"#);
    months(&mut svg, &counts, pitch, lang);
    let note = holidays(&counts, calendar, lang);
    let foot = if note.is_empty() { lang.t("charts.weeks.unit") } else { lang.say("charts.weeks.unit_and", &[("holidays", &note)]) };
    let _ = write!(svg, r#"<text x="10" y="233">{}</text></svg>"#, escaped(&foot));
    let head = vec![lang.t("charts.weeks.week"), lang.t("charts.weeks.reports")];
    let rows = counts.iter().map(|(week, n)| vec![lang.say("charts.weeks.from", &[("day", &day(*week))]), n.to_string()]).collect();
    Some(Figure { svg, legend: vec![], caption, head, rows })
}

fn rules(svg: &mut String, max: i64, scale: f64) {
    let step = round_up(max as f64 / 3.5).max(1.0) as i64;
    for v in (1..=5).map(|k| k * step).take_while(|v| *v <= max) {
        let y = 196.0 - v as f64 * scale;
        let _ = write!(svg, r#"<path class="tk" d="M8 {y:.1}H352"/><text x="352" y="{:.1}" text-anchor="end">{v}</text>"#, y - 4.0);
    }
}

fn decisions(svg: &mut String, w: &Weeks<'_>, first: NaiveDate, pitch: f64, calendar: &Calendar) {
    let mut free = f64::MIN;
    let mut low = false;
    for d in &w.decisions {
        let days = (calendar.date_of(d.at) - first).num_days() as f64;
        let x = 10.0 + (days / 7.0) * pitch;
        if !(8.0..=352.0).contains(&x) {
            continue;
        }
        // Words of two decisions near each other stand one below the other.
        low = x < free && !low;
        let (tx, anchor) = if x > 285.0 { (x - 6.0, "end") } else { (x + 6.0, "start") };
        let _ = write!(svg, r#"<path class="ev" d="M{x:.1} 18V196"/>"#);
        let _ = write!(svg, r#"<text class="evt" x="{tx:.1}" y="{}" text-anchor="{anchor}">{}</text>"#, if low { 42 } else { 24 }, escaped(&d.word));
        free = x + 112.0;
    }
}

fn months(svg: &mut String, counts: &[(NaiveDate, i64)], pitch: f64, lang: Lang) {
    let mut free = f64::MIN;
    let mut month = 0;
    for (i, (week, _)) in counts.iter().enumerate() {
        let x = 10.0 + i as f64 * pitch;
        if week.month() != month && x >= free && x < 330.0 {
            let _ = write!(svg, r#"<text x="{x:.1}" y="214">{}</text>"#, lang.t(&format!("dates.month_{}", week.month())));
            free = x + 36.0;
        }
        month = week.month();
    }
}

fn holidays(counts: &[(NaiveDate, i64)], calendar: &Calendar, lang: Lang) -> String {
    let mut names: Vec<String> = vec![];
    for (week, _) in counts {
        for day in week.iter_days().take(7).filter(|d| !calendar.is_working(*d)) {
            if let Some(name) = calendar.day_name(day) {
                let name = clock::holiday(name, lang);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    // What doesn't fit below the columns is left out from the oldest on.
    let mut listed = super::super::listed(&names, lang);
    while width(&listed) > HOLIDAYS && names.len() > 1 {
        names.remove(0);
        listed = super::super::listed(&names, lang);
    }
    listed
}

/// The room for the holidays' names, behind the unit and a few words.
const HOLIDAYS: usize = 240;

/// About how wide a text of 13 px is, in the drawing's own units.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 7 } else { 13 }).sum()
}
