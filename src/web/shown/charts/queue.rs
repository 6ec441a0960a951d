//! People waiting for a lift, slot by slot: one strip for each remedy, all on one scale, with the minute by which one must have
//! clocked in as a dashed vertical. Its number is the longest wait.

use std::fmt::Write as _;

use super::{Figure, escaped, round_up};
use crate::domain::lifts::{Morning, Outcome, Remedy};
use crate::kernel::i18n::Lang;

/// Minutes of a slot.
const SLOT: f64 = 5.0;
const STRIP: f64 = 84.0;

/// The strips; none where there is nothing to compare.
pub fn draw(morning: &Morning, outcomes: &[Outcome], lang: Lang) -> Option<Figure> {
    let longest = outcomes.iter().map(|o| o.waiting.len()).max().filter(|n| *n > 0)?;
    let most = round_up(outcomes.iter().map(|o| o.peak).fold(0.0, f64::max));
    let pitch = 336.0 / longest as f64;
    let word = |o: &Outcome| lang.t(&format!("lifts.remedies.{}", o.remedy));
    let minutes = |o: &Outcome| lang.say("lifts.minutes", &[("n", &format!("{:.1}", o.worst_wait))]);
    let said: Vec<String> = outcomes.iter().map(|o| lang.say("lifts.chart.says", &[("remedy", &word(o)), ("wait", &minutes(o))])).collect();
    let height = STRIP * outcomes.len() as f64 + 20.0;
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 {height}" role="img" aria-label="{}">"#, escaped(&said.join(" ")));
    for (i, o) in outcomes.iter().enumerate() {
        let top = STRIP * i as f64;
        let base = top + STRIP - 8.0;
        let _ = write!(svg, r#"<text class="evt" x="4" y="{:.1}">{}</text>"#, top + 18.0, escaped(&word(o)));
        let _ = write!(svg, r#"<text class="v" x="352" y="{:.1}" text-anchor="end">{}</text>"#, top + 18.0, escaped(&minutes(o)));
        let class = if o.remedy == Remedy::AsIs { "bar hot" } else { "bar" };
        for (k, waiting) in o.waiting.iter().enumerate().filter(|(_, w)| **w > 0.0) {
            let (x, h) = (8.0 + k as f64 * pitch, waiting / most * (STRIP - 34.0));
            let _ = write!(svg, r#"<rect class="{class}" x="{x:.1}" y="{:.1}" width="{:.1}" height="{h:.1}"/>"#, base - h, pitch * 0.85);
        }
        let _ = write!(svg, r#"<path class="ax" d="M8 {base:.1}H352"/>"#);
        for late in starts(o.remedy) {
            let x = 8.0 + (f64::from(morning.start.saturating_sub(morning.first)) / SLOT + late) * pitch;
            if x <= 352.0 {
                let _ = write!(svg, r#"<path class="ev" d="M{x:.1} {:.1}V{base:.1}"/>"#, top + 26.0);
            }
        }
    }
    let last = morning.first + (longest as u32) * SLOT as u32;
    let _ = write!(svg, r#"<text x="8" y="{:.1}">{}</text>"#, height - 4.0, clock(morning.first));
    let _ = write!(svg, r#"<text x="352" y="{:.1}" text-anchor="end">{}</text></svg>"#, height - 4.0, clock(last));
    let head = std::iter::once(lang.t("lifts.chart.slot")).chain(outcomes.iter().map(word)).collect();
    let rows = (0..longest)
        .map(|k| {
            let at = |o: &Outcome| o.waiting.get(k).map_or_else(|| "0".to_owned(), |w| format!("{w:.0}"));
            std::iter::once(clock(morning.first + (k as u32 + 1) * SLOT as u32)).chain(outcomes.iter().map(at)).collect()
        })
        .collect();
    let caption = lang.say("lifts.chart.caption", &[("start", &clock(morning.start))]);
    Some(Figure { svg, legend: vec![], caption, head, rows })
}

/// By when one must have clocked in, slots after the first such minute.
fn starts(remedy: Remedy) -> Vec<f64> {
    match remedy {
        Remedy::Stagger15 => vec![0.0, 3.0],
        Remedy::Stagger30 => vec![0.0, 6.0],
        Remedy::Stagger60 => vec![0.0, 12.0],
        Remedy::AsIs | Remedy::Clocks | Remedy::Floors | Remedy::Goods => vec![0.0],
    }
}

/// Minutes after midnight as `8:30`.
pub fn clock(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}
