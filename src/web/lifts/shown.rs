//! A forecast as it is read: what was counted, what is to be expected of each remedy, and how far that was off.

use serde::Serialize;

use crate::domain::effect_checks::{self, Measurement, Phase};
use crate::domain::lifts::{self, Lifts, Morning, Outcome, Remedy, Study};
use crate::domain::meetings::items::Item;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::shown::charts::{Figure, queue};
use crate::web::shown::decimal;

/// A remedy's line.
#[derive(Serialize)]
struct Line {
    remedy: String,
    capacity: String,
    peak: String,
    worst: String,
    median: String,
    late: String,
    /// What must be known about it.
    note: Option<String>,
    chosen: bool,
}

/// Expected and measured.
#[derive(Serialize)]
struct Held {
    figure: String,
    expected: String,
    measured: String,
    off: String,
    when: String,
}

/// What the template reads.
#[derive(Serialize)]
pub struct Shown {
    /// Persons, from when to when, by when they must have clocked in.
    counted: String,
    lifts: String,
    source: String,
    lines: Vec<Line>,
    chart: Option<Figure>,
    /// What the arithmetic says, in one sentence.
    says: Option<String>,
    chosen: Option<String>,
    held: Vec<Held>,
    pub href: String,
}

fn say(lang: Lang, key: &str, with: &[(&str, String)]) -> String {
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    lang.say(&format!("lifts.{key}"), &with)
}

fn minutes(n: f64, lang: Lang) -> String {
    say(lang, "minutes", &[("n", format!("{n:.1}"))])
}

fn line(o: &Outcome, study: &Study, lang: Lang) -> Line {
    let note = match (o.remedy, o.clock_queue, o.clocks_needed) {
        (Remedy::Clocks, Some(queue), Some(needed)) if queue > 0.0 => {
            Some(say(lang, "note.clocks_few", &[("queue", format!("{queue:.0}")), ("needed", needed.to_string())]))
        }
        (Remedy::Clocks, ..) => Some(lang.t("lifts.note.clocks")),
        _ => None,
    };
    Line {
        remedy: lang.t(&format!("lifts.remedies.{}", o.remedy)),
        capacity: format!("{:.0}", o.capacity),
        peak: format!("{:.0}", o.peak),
        worst: minutes(o.worst_wait, lang),
        median: minutes(o.median_wait, lang),
        late: o.late.to_string(),
        note,
        chosen: study.chosen == Some(o.remedy),
    }
}

/// `6000人要67分钟才不排队`.
fn window(morning: &Morning, as_is: &Outcome, lang: Lang) -> String {
    let needed = lifts::shortest_window(morning.people(), as_is.capacity);
    let given = morning.arrivals.len() as u32 * 5;
    let with = [("people", morning.people().to_string()), ("needed", format!("{needed:.0}")), ("given", given.to_string())];
    say(lang, if needed > f64::from(given) { "window_short" } else { "window_long" }, &with)
}

/// Expected of the remedy that was decided, against what was measured after it.
fn held(caller: &Caller, chosen: &Outcome, measured: &[Measurement]) -> Vec<Held> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    let after = measured.iter().filter(|m| matches!(m.phase, Phase::After | Phase::AfterFailed));
    let lines = after.filter_map(|m| {
        let expected = match m.figure {
            effect_checks::Figure::WaitMedian => chosen.median_wait,
            effect_checks::Figure::LateMarks => f64::from(chosen.late_a_week()),
            _ => return None,
        };
        let digits = m.decimals.clamp(0, 6);
        let got = m.value as f64 / 10f64.powi(digits);
        let shown = |v: f64| format!("{v:.*}", digits as usize);
        Some(Held {
            figure: lang.t(&format!("charts.figures.{}", m.figure.as_str())),
            expected: shown(expected),
            measured: decimal(m.value, m.decimals),
            off: format!("{:+.*}", digits as usize, got - expected),
            when: dates::parse(&m.measured_on).map(|d| dates::short(d, today, lang)).unwrap_or_default(),
        })
    });
    lines.collect()
}

/// The forecast of an item, if there is one.
pub async fn of(caller: &Caller, item: &Item, href: String) -> Result<Option<Shown>> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let Some(study) = lifts::of_item(db, item.id).await? else { return Ok(None) };
    let (morning, outcomes) = (study.morning()?, study.outcomes()?);
    let measured = match item.issue_id {
        Some(id) if study.chosen.is_some() => effect_checks::measurements(db, id).await?,
        _ => vec![],
    };
    let as_is = outcomes.iter().find(|o| o.remedy == Remedy::AsIs);
    let chosen = outcomes.iter().find(|o| Some(o.remedy) == study.chosen);
    let until = morning.first + morning.arrivals.len() as u32 * 5;
    let counted = [
        ("people", morning.people().to_string()),
        ("from", queue::clock(morning.first)),
        ("to", queue::clock(until)),
        ("start", queue::clock(morning.start)),
    ];
    let carried = as_is.map_or(0.0, |o| o.capacity);
    let lifts = [("n", format!("{carried:.0}")), ("others", morning.others.to_string())];
    let whence = match (&morning.lifts, morning.others) {
        (Lifts::Counted(_), 0) => "lifts_counted",
        (Lifts::Counted(_), _) => "lifts_counted_shared",
        (Lifts::Group(_), 0) => "lifts_computed",
        (Lifts::Group(_), _) => "lifts_computed_shared",
    };
    Ok(Some(Shown {
        counted: say(lang, "counted", &counted),
        lifts: say(lang, whence, &lifts),
        source: study.source.clone(),
        lines: outcomes.iter().map(|o| line(o, &study, lang)).collect(),
        chart: queue::draw(&morning, &outcomes, lang),
        says: as_is.map(|o| window(&morning, o, lang)),
        chosen: chosen.map(|o| lang.t(&format!("lifts.remedies.{}", o.remedy))),
        held: chosen.map(|o| held(caller, o, &measured)).unwrap_or_default(),
        href,
    }))
}
