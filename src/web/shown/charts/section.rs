//! The building in section: floors as hairlines, a matter a lit window on its floor, beside the towers a rail of plates, one
//! per floor with matters. The list beside the drawing says the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Figure, Sign, escaped};
use crate::domain::buildings::{Building, place};
use crate::domain::figures::FloorCount;
use crate::kernel::i18n::Lang;

/// Half of a rail's plates: no more fit without touching.
const PLATES: usize = 17;
/// Windows stop here; the plate has the count.
const WINDOWS: i64 = 10;
const PITCH: f64 = 27.9;

struct Tower {
    name: String,
    low: i32,
    high: i32,
    left: f64,
    width: f64,
    rail_left: bool,
}

#[derive(Clone, Default)]
struct Lit {
    label: String,
    y: f64,
    open: i64,
    late: i64,
    effective: i64,
    tower: usize,
    token: String,
}

/// Draws a building with its matters; `here` is the floor being read.
pub fn draw(building: &Building, counts: &[FloorCount], here: Option<&str>, lang: Lang) -> Option<Figure> {
    let towers = towers(building);
    let top_floor = towers.iter().map(|t| t.high).max()?;
    let below = towers.iter().map(|t| -t.low.min(0)).max().unwrap_or(0);
    let pitch = (418.0 / f64::from(top_floor)).clamp(4.0, 24.0);
    let ground = 60.0 + pitch * f64::from(top_floor);
    let height = ground + f64::from(below) * 15.0 + 24.0;
    let level = |floor: i32| if floor > 0 { ground - pitch * f64::from(floor - 1) } else { ground + 15.0 * f64::from(-floor) };
    let mut svg = String::with_capacity(16_000);
    for t in &towers {
        hairlines(&mut svg, t, ground, pitch, lang);
    }
    if below > 0 {
        cellar(&mut svg, &towers, ground, below);
    }
    let lit = lit(&towers, counts, pitch, level);
    for l in &lit {
        windows(&mut svg, l, &towers[l.tower], pitch);
    }
    for t in &towers {
        let _ = write!(
            svg,
            r#"<rect class="car" x="{:.1}" y="{:.1}" width="10" height="13"/>"#,
            t.left + t.width / 2.0 - 5.0,
            ground - 13.0 - (ground - 60.0) * 0.55 * f64::from(t.high) / f64::from(top_floor)
        );
    }
    let root = format!("/b/{}/issues", building.slug);
    for left in [true, false] {
        let side: Vec<&Lit> = lit.iter().filter(|l| towers[l.tower].rail_left == left).collect();
        rail(&mut svg, &side, &towers, left, height, &root, here, lang);
    }
    let label = label(building, &towers, &lit, lang);
    let svg = format!(r#"<svg class="sect" viewBox="0 0 360 {height:.0}" role="group" aria-label="{}">{svg}</svg>"#, escaped(&label));
    let t = |key: &str| lang.t(&format!("charts.section.{key}"));
    let mut legend = vec![Sign { class: "lampk", word: t("open") }];
    if lit.iter().any(|l| l.late > 0) {
        legend.push(Sign { class: "latek", word: t("late") });
    }
    if lit.iter().any(|l| l.effective > 0) {
        legend.push(Sign { class: "is", word: t("effective") });
    }
    let head = ["floor", "open", "late", "effective"].map(t).to_vec();
    let rows =
        lit.iter().map(|l| vec![floor_name(&towers[l.tower], l, lang), l.open.to_string(), l.late.to_string(), l.effective.to_string()]).collect();
    Some(Figure { svg, legend, caption: t("caption"), head, rows })
}

fn floor_name(t: &Tower, l: &Lit, lang: Lang) -> String {
    if lang == Lang::En { format!("{} {}", place::tower_name(&t.name, lang), l.label) } else { format!("{}{}", t.name, l.label) }
}

fn towers(building: &Building) -> Vec<Tower> {
    let all = building.tower_floors();
    let n = all.len().max(1) as f64;
    let (gap, left, width) = (20.0, 82.0, 196.0);
    let each = (width - gap * (n - 1.0)) / n;
    let half = all.len().div_ceil(2);
    all.into_iter()
        .enumerate()
        .filter(|(_, (_, low, high))| *high >= 1 && low <= high && *high <= 200)
        .map(|(i, (name, low, high))| Tower { name, low, high, left: left + i as f64 * (each + gap), width: each, rail_left: i < half })
        .collect()
}

fn hairlines(svg: &mut String, t: &Tower, ground: f64, pitch: f64, lang: Lang) {
    let roof = ground - pitch * f64::from(t.high);
    for floor in 0..t.high {
        let class = if floor % 10 == 0 { "fl5" } else { "fl" };
        let _ = write!(svg, r#"<path class="{class}" d="M{:.1} {:.1}h{:.1}"/>"#, t.left, ground - pitch * f64::from(floor), t.width);
    }
    let (l, r, mid) = (t.left, t.left + t.width, t.left + t.width / 2.0);
    let _ = write!(
        svg,
        r#"<path class="wall" d="M{l:.1} {ground:.1}V{roof:.1}H{r:.1}V{ground:.1}"/><path class="shaft" d="M{mid:.1} {ground:.1}V{:.1}"/>"#,
        roof - 6.0
    );
    let _ = write!(
        svg,
        r#"<text class="nm" x="{mid:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
        roof - 14.0,
        escaped(&place::tower_name(&t.name, lang))
    );
}

fn cellar(svg: &mut String, towers: &[Tower], ground: f64, below: i32) {
    let (l, r) = (towers.first().map_or(82.0, |t| t.left), towers.last().map_or(278.0, |t| t.left + t.width));
    for b in 1..below {
        let _ = write!(svg, r#"<path class="fl" d="M{l:.1} {:.1}H{r:.1}"/>"#, ground + 15.0 * f64::from(b));
    }
    let _ = write!(svg, r#"<path class="wall" d="M{l:.1} {ground:.1}V{:.1}H{r:.1}V{ground:.1}"/>"#, ground + 15.0 * f64::from(below));
    let _ = write!(svg, r#"<path class="ground" d="M{:.1} {ground:.1}H{:.1}"/>"#, l - 20.0, r + 20.0);
}

/// One per tower and floor, from the top down. What belongs to no tower hangs on the first.
fn lit(towers: &[Tower], counts: &[FloorCount], pitch: f64, level: impl Fn(i32) -> f64) -> Vec<Lit> {
    let mut by: BTreeMap<(usize, i32), Lit> = BTreeMap::new();
    for c in counts {
        let Some(floor) = c.floor_order else { continue };
        let tower = c.tower.as_deref().and_then(|name| towers.iter().position(|t| t.name == name)).unwrap_or(0);
        if !towers.get(tower).is_some_and(|t| (t.low..=t.high).contains(&floor)) || c.open + c.effective == 0 {
            continue;
        }
        let l = by.entry((tower, floor)).or_default();
        l.label = if floor < 0 { format!("B{}", -floor) } else { format!("{floor}F") };
        l.y = if floor > 0 { level(floor) - pitch / 2.0 } else { level(floor) - 7.5 };
        l.token = format!("{}/{floor}", c.tower.as_deref().unwrap_or_default());
        l.tower = tower;
        l.open += c.open;
        l.late += c.late;
        l.effective += c.effective;
    }
    by.into_values().rev().collect()
}

/// Windows are strewn over a floor by its number, not by chance: the drawing is the same each time.
fn windows(svg: &mut String, l: &Lit, t: &Tower, pitch: f64) {
    let (w, h) = (6.0, (pitch - 4.0).clamp(2.5, 7.0));
    let slots = (((t.width - 8.0) / 8.2) as i64).clamp(1, WINDOWS + 2);
    let middle = slots / 2;
    let n = (l.open + l.effective).min(WINDOWS).min(slots - 1);
    let start = (l.y as i64 * 7 + l.tower as i64 * 3).rem_euclid(slots);
    for i in 0..n {
        let mut slot = (start + i * 5).rem_euclid(slots);
        if n > slots / 2 {
            slot = if i < middle { i } else { i + 1 };
        } else if slot == middle {
            slot = (slot + 1).rem_euclid(slots);
        }
        let class = if i < l.late {
            " late"
        } else if i < l.open {
            ""
        } else {
            " ok"
        };
        let x = t.left + 4.0 + slot as f64 * ((t.width - 8.0) / slots as f64);
        let _ = write!(svg, r#"<rect class="win{class}" x="{x:.1}" y="{:.1}" width="{w}" height="{h:.1}"/>"#, l.y - h / 2.0);
    }
}

/// Plates in the order of the floors, pushed apart, each led to its floor by a line.
#[expect(clippy::too_many_arguments, reason = "the two sides of one drawing")]
fn rail(svg: &mut String, all: &[&Lit], towers: &[Tower], left: bool, height: f64, root: &str, here: Option<&str>, lang: Lang) {
    let plates = bundled(all);
    let mut at: Vec<f64> = plates.iter().map(|p| p.y).collect();
    spread(&mut at, 14.0, height - 14.0);
    for (p, y) in plates.iter().zip(at) {
        let t = &towers[p.tower];
        let class = if here == Some(p.token.as_str()) {
            "now"
        } else if p.late > 0 {
            "late"
        } else if p.open == 0 {
            "ok"
        } else {
            "plain"
        };
        let n = p.open + p.effective;
        let name = lang.say("charts.section.plate", &[("floor", &floor_name(t, p, lang)), ("n", &n.to_string())]);
        let token: String = url::form_urlencoded::byte_serialize(p.token.as_bytes()).collect();
        let wall = if left { t.left } else { t.left + t.width };
        let (hit, plate, middle, text, anchor) = if left { (0, 28, 41, 24, "end") } else { (296, 306, 319, 336, "start") };
        let lead = if left { format!("M54 {y:.1}H63L76 {:.1}H{wall:.1}", p.y) } else { format!("M306 {y:.1}H297L284 {:.1}H{wall:.1}", p.y) };
        let _ = write!(
            svg,
            r#"<a href="{root}?floor={token}" aria-label="{}"><rect class="hit" x="{hit}" y="{:.1}" width="64" height="26"/>"#,
            escaped(&name),
            y - 13.0
        );
        let _ =
            write!(svg, r#"<path class="lead-l" d="{lead}"/><rect class="lamp {class}" x="{plate}" y="{:.1}" width="26" height="25"/>"#, y - 12.5);
        let _ = write!(svg, r#"<text class="lampc" x="{middle}" y="{:.1}" text-anchor="middle">{n}</text>"#, y + 5.4);
        let _ = write!(svg, r#"<text class="lab" x="{text}" y="{:.1}" text-anchor="{anchor}">{}</text></a>"#, y + 5.0, escaped(&p.label));
    }
}

/// More floors than the rail holds: neighbours share a plate, which leads to the one with most matters.
fn bundled(all: &[&Lit]) -> Vec<Lit> {
    let per = all.len().div_ceil(PLATES).max(1);
    let one = |group: &[&Lit]| -> Option<Lit> {
        let most = group.iter().max_by_key(|l| l.open)?;
        let (first, last) = (group.first()?, group.last()?);
        let label = if group.len() == 1 { first.label.clone() } else { format!("{}–{}", last.label.trim_end_matches('F'), first.label) };
        let sum = |of: fn(&Lit) -> i64| group.iter().map(|l| of(l)).sum();
        Some(Lit { label, open: sum(|l| l.open), late: sum(|l| l.late), effective: sum(|l| l.effective), ..(*most).clone() })
    };
    all.chunks(per).filter_map(one).collect()
}

fn spread(at: &mut [f64], low: f64, high: f64) {
    let mut floor = low;
    for y in at.iter_mut() {
        *y = y.max(floor);
        floor = *y + PITCH;
    }
    let mut ceiling = high;
    for y in at.iter_mut().rev() {
        *y = y.min(ceiling);
        ceiling = *y - PITCH;
    }
}

fn label(building: &Building, towers: &[Tower], lit: &[Lit], lang: Lang) -> String {
    let mut says = vec![lang.say("charts.section.of", &[("building", building.name(lang))])];
    for t in towers {
        says.push(lang.say("charts.section.tower", &[("tower", &place::tower_name(&t.name, lang)), ("n", &t.high.to_string())]));
    }
    says.push(lang.say("charts.section.lit", &[("n", &lit.len().to_string())]));
    says.join(if lang == Lang::En { "; " } else { "，" })
}
