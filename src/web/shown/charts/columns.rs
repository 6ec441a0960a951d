//! Plain columns over a span of a day: reports by the hour, people who clock in every five minutes. The highest carries its number.

use std::fmt::Write as _;

use super::{Figure, escaped};

/// One column.
pub struct Column {
    /// When it begins: `8:30`.
    pub at: String,
    /// Its height.
    pub value: u32,
    /// As the table says it, where the number itself is not told.
    pub said: Option<String>,
}

/// Draws them; none where there is nothing.
pub fn draw(columns: &[Column], caption: String, head: [String; 2]) -> Option<Figure> {
    let (max_at, max) = columns.iter().enumerate().map(|(i, c)| (i, c.value)).max_by_key(|(i, n)| (*n, std::cmp::Reverse(*i)))?;
    if max == 0 {
        return None;
    }
    let (pitch, scale) = (344.0 / columns.len() as f64, 96.0 / f64::from(max));
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 360 150" role="img" aria-label="{}">"#, escaped(&caption));
    for (i, c) in columns.iter().enumerate().filter(|(_, c)| c.value > 0) {
        let (x, h) = (8.0 + i as f64 * pitch, f64::from(c.value) * scale);
        let class = if i == max_at { "bar hot" } else { "bar" };
        let _ = write!(svg, r#"<rect class="{class}" x="{x:.1}" y="{:.1}" width="{:.1}" height="{h:.1}"/>"#, 124.0 - h, pitch * 0.85);
        if i == max_at {
            // Near an edge the number would leave the drawing.
            let (at, anchor) = match x + pitch * 0.425 {
                x if x < 20.0 => (8.0, "start"),
                x if x > 340.0 => (352.0, "end"),
                x => (x, "middle"),
            };
            let said = c.said.clone().unwrap_or_else(|| c.value.to_string());
            let _ = write!(svg, r#"<text class="v" x="{at:.1}" y="{:.1}" text-anchor="{anchor}">{}</text>"#, 118.0 - h, escaped(&said));
        }
    }
    svg.push_str(r#"<path class="ax" d="M8 124H352"/>"#);
    // The first, the highest where it is far from both ends, the last.
    let (first, last) = (&columns[0].at, &columns[columns.len() - 1].at);
    let _ = write!(svg, r#"<text x="8" y="144">{}</text><text x="352" y="144" text-anchor="end">{}</text>"#, escaped(first), escaped(last));
    let middle = 8.0 + (max_at as f64 + 0.425) * pitch;
    if (60.0..=300.0).contains(&middle) {
        let _ = write!(svg, r#"<text x="{middle:.1}" y="144" text-anchor="middle">{}</text>"#, escaped(&columns[max_at].at));
    }
    svg.push_str("</svg>");
    let rows = columns.iter().map(|c| vec![c.at.clone(), c.said.clone().unwrap_or_else(|| c.value.to_string())]).collect();
    Some(Figure { svg, legend: vec![], caption, head: head.to_vec(), rows })
}
