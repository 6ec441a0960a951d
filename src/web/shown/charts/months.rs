//! What came and what was confirmed, month by month: two columns each, outlined for what came, filled for what somebody
//! confirmed.

use std::fmt::Write as _;

use super::{Figure, escaped, round_up};
use crate::domain::figures::Month;
use crate::kernel::i18n::Lang;

/// The columns; none for less than three months.
pub fn draw(months: &[Month], lang: Lang) -> Option<Figure> {
    let (first, last) = (months.first()?, months.last()?);
    if months.len() < 3 {
        return None;
    }
    let max = months.iter().map(|m| m.received.max(m.confirmed)).max()?;
    let (pitch, scale) = (310.0 / months.len() as f64, 139.0 / max.max(1) as f64);
    let of = |key: &str, n: i64| lang.say(&format!("charts.months.{key}"), &[("n", &n.to_string())]);
    let (received, confirmed) = (months.iter().map(|m| m.received).sum(), months.iter().map(|m| m.confirmed).sum::<i64>());
    let span = [("from", first.month.as_str()), ("to", last.month.as_str())];
    let caption = format!("{}{}{}", lang.say("charts.months.caption", &span), of("received_in_all", received), of("confirmed_in_all", confirmed));
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 236" role="img" aria-label="{}">"#, escaped(&caption));
    let step = round_up(max as f64 / 3.5).max(1.0) as i64;
    for v in (1..=5).map(|k| k * step).take_while(|v| *v <= max) {
        let y = 196.0 - v as f64 * scale;
        let _ = write!(svg, r#"<path class="tk" d="M8 {y:.1}H352"/><text x="352" y="{:.1}" text-anchor="end">{v}</text>"#, y - 4.0);
    }
    for (i, m) in months.iter().enumerate() {
        let x = 10.0 + i as f64 * pitch;
        for (n, class, at) in [(m.received, "was", 0.0), (m.confirmed, "bar hot", 0.4)] {
            let h = n as f64 * scale;
            let _ =
                write!(svg, r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="{:.1}" height="{h:.1}"/>"#, x + at * pitch, 196.0 - h, pitch * 0.36);
        }
        // Every other month where all would touch.
        if months.len() <= 8 || i % 2 == months.len() % 2 {
            let month = m.month.get(5..).and_then(|n| n.parse::<u32>().ok()).unwrap_or_default();
            let _ = write!(svg, r#"<text x="{:.1}" y="214">{}</text>"#, x, lang.t(&format!("dates.month_{month}")));
        }
    }
    let _ = write!(svg, r#"<path class="ax" d="M8 196H352"/><text x="10" y="233">{}</text></svg>"#, escaped(&lang.t("charts.months.unit")));
    let head = ["month", "received", "confirmed"].map(|k| lang.t(&format!("charts.months.{k}"))).to_vec();
    let rows = months.iter().map(|m| vec![m.month.clone(), m.received.to_string(), m.confirmed.to_string()]).collect();
    Some(Figure { svg, legend: vec![], caption, head, rows })
}
