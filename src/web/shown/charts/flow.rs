//! What came in and what went out, week by week: outlined upwards, filled downwards from one line.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Figure, escaped};
use crate::domain::handling::Week;
use crate::kernel::i18n::Lang;
use crate::web::dates;

/// The columns; none where nothing came or went.
pub fn draw(weeks: &[Week], caption: String, today: NaiveDate, lang: Lang) -> Option<Figure> {
    let (first, last) = (weeks.first()?, weeks.last()?);
    let max = weeks.iter().map(|w| w.came.max(w.went)).max().filter(|m| *m > 0)?;
    let (pitch, scale) = (330.0 / weeks.len() as f64, 74.0 / max as f64);
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 222" role="img" aria-label="{}">"#, escaped(&caption));
    let most = |of: fn(&Week) -> i64| weeks.iter().map(of).enumerate().max_by_key(|(i, n)| (*n, std::cmp::Reverse(*i))).map_or(0, |(i, _)| i);
    let (most_came, most_went) = (most(|w| w.came), most(|w| w.went));
    for (i, w) in weeks.iter().enumerate() {
        let (x, width) = (14.0 + i as f64 * pitch, pitch * 0.6);
        let (up, down) = (w.came as f64 * scale, w.went as f64 * scale);
        let _ = write!(svg, r#"<rect class="o" x="{x:.1}" y="{:.1}" width="{width:.1}" height="{up:.1}"/>"#, 106.0 - up);
        let _ = write!(svg, r#"<rect class="bar hot" x="{x:.1}" y="110" width="{width:.1}" height="{down:.1}"/>"#);
        let at = x + width / 2.0;
        if i == most_came || i + 1 == weeks.len() {
            let _ = write!(svg, r#"<text class="v" x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#, 100.0 - up, w.came);
        }
        if i == most_went || i + 1 == weeks.len() {
            let _ = write!(svg, r#"<text class="v" x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#, 126.0 + down, w.went);
        }
    }
    let day = |d: NaiveDate| dates::short(d, today, lang);
    let _ = write!(
        svg,
        r#"<path class="ax" d="M6 108H350"/><text x="14" y="14">{}</text><text x="14" y="219">{}</text><text x="70" y="219">{}</text><text x="350" y="219" text-anchor="end">{}</text></svg>"#,
        escaped(&lang.t("handling.flow.came")),
        escaped(&lang.t("handling.flow.went")),
        escaped(&lang.say("handling.flow.from", &[("day", &day(first.monday))])),
        escaped(&day(last.monday)),
    );
    let head = ["week", "came", "went"].map(|k| lang.t(&format!("handling.flow.{k}"))).to_vec();
    let rows = weeks.iter().map(|w| vec![day(w.monday), w.came.to_string(), w.went.to_string()]).collect();
    Some(Figure { svg, legend: vec![], caption, head, rows })
}
