//! Floors as people write them down: `B2,B1,1-38`, one line for each tower, `南座：B2,B1,1-36`.

use super::founding::floor_order;
use crate::kernel::error::Refusal;
use crate::kernel::text;

/// The floors of one tower, from the top down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TowerFloors {
    /// None where the building is one tower.
    pub tower: Option<String>,
    /// As its plate says it, and its order from the ground.
    pub floors: Vec<(String, i32)>,
}

/// Most towers of a building.
pub const TOWERS_MAX: usize = 8;
/// Most floors that are written down at once.
pub const FLOORS_MAX: usize = 400;

/// One floor as it is typed: `b2`, `18F`, `12楼`, `-1`, `12A`.
pub fn floor(typed: &str) -> Option<(String, i32)> {
    let plain: String = typed.trim().chars().filter_map(half_width).collect::<String>().to_uppercase();
    let plain = plain.strip_suffix('层').or_else(|| plain.strip_suffix('楼')).unwrap_or(&plain);
    let plain = plain.strip_prefix("地下").map_or_else(|| plain.to_owned(), |below| format!("B{below}"));
    let plain = plain.strip_prefix('-').map_or_else(|| plain.clone(), |below| format!("B{below}"));
    let name = plain.strip_suffix('F').unwrap_or(&plain).trim_start_matches('F');
    let order = floor_order(name).ok()?;
    // As it will be compared: without zeros before it.
    let letters: String = name.chars().skip_while(|c| *c == 'B').skip_while(char::is_ascii_digit).collect();
    let known = letters.len() <= 1 && (1..=9).contains(&-order) || order > 0 && letters.len() <= 1;
    known.then(|| (if order < 0 { format!("B{}{letters}", -order) } else { format!("{order}{letters}") }, order))
}

fn half_width(c: char) -> Option<char> {
    match c {
        ' ' | '\u{3000}' | '\t' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => Some(c),
    }
}

const TO: [char; 6] = ['~', '～', '–', '—', '至', '到'];

/// The two ends of `1-38`; a dash before the first digit is a basement's.
fn ends(part: &str) -> Option<(&str, &str)> {
    if let Some((a, b)) = part.split_once(TO) {
        return Some((a, b));
    }
    let (at, dash) = part.char_indices().skip(1).find(|(_, c)| matches!(c, '-' | '－'))?;
    Some((&part[..at], &part[at + dash.len_utf8()..]))
}

fn one_tower(list: &str) -> Result<Vec<(String, i32)>, Refusal> {
    let unreadable = |part: &str| Refusal::new("floor_unreadable").with("what", text::shorten(part, 20)).at("floors");
    let mut all: Vec<(String, i32)> = vec![];
    let mut add = |one: (String, i32)| {
        if all.iter().any(|(name, _)| *name == one.0) {
            return Err(Refusal::new("floor_twice").with("floor", &one.0).at("floors"));
        }
        all.push(one);
        Ok(())
    };
    for part in list.split([',', '，', '、', ';', '；', ' ', '\u{3000}', '\t']).map(str::trim).filter(|p| !p.is_empty()) {
        let Some((from, to)) = ends(part) else {
            add(floor(part).ok_or_else(|| unreadable(part))?)?;
            continue;
        };
        let (from, to) = floor(from).zip(floor(to)).ok_or_else(|| unreadable(part))?;
        // `12A-15` has no meaning that everybody would agree on.
        let plain = |(name, _): &(String, i32)| name.trim_start_matches('B').bytes().all(|b| b.is_ascii_digit());
        if !plain(&from) || !plain(&to) {
            return Err(unreadable(part));
        }
        if from.1 > to.1 {
            return Err(Refusal::new("floor_backwards").with("what", part).at("floors"));
        }
        for n in (from.1..=to.1).filter(|n| *n != 0) {
            add((if n < 0 { format!("B{}", -n) } else { n.to_string() }, n))?;
        }
    }
    all.sort_by(|a, b| (b.1, &b.0).cmp(&(a.1, &a.0)));
    Ok(all)
}

/// Reads a list of floors. No floor stands twice in a tower, no tower twice; several towers each have a name.
pub fn read(typed: &str) -> Result<Vec<TowerFloors>, Refusal> {
    let typed = text::clean(typed);
    let mut all: Vec<TowerFloors> = vec![];
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let (name, list) = line.split_once(['：', ':']).map_or((None, line), |(n, l)| (Some(n.trim()), l));
        let tower = name.filter(|n| !n.is_empty()).map(str::to_owned);
        if tower.as_ref().is_some_and(|t| t.chars().count() > 12 || t.contains([',', '，'])) {
            return Err(Refusal::new("tower_name").at("floors"));
        }
        if all.iter().any(|t| t.tower == tower) {
            return Err(match tower {
                Some(t) => Refusal::new("tower_twice").with("tower", t),
                None => Refusal::new("tower_nameless"),
            }
            .at("floors"));
        }
        let floors = one_tower(list)?;
        if floors.is_empty() {
            return Err(Refusal::new("floor_unreadable").with("what", text::shorten(line, 20)).at("floors"));
        }
        all.push(TowerFloors { tower, floors });
    }
    match all.len() {
        0 => return Err(Refusal::new("empty").at("floors")),
        n if n > TOWERS_MAX => return Err(Refusal::new("towers_most").with("max", TOWERS_MAX).at("floors")),
        1 => {}
        _ if all.iter().any(|t| t.tower.is_none()) => return Err(Refusal::new("tower_nameless").at("floors")),
        _ => {}
    }
    if all.iter().map(|t| t.floors.len()).sum::<usize>() > FLOORS_MAX {
        return Err(Refusal::new("floors_most").with("max", FLOORS_MAX).at("floors"));
    }
    Ok(all)
}

/// As the building keeps them for its section: `南座:-2:36,北座:-2:28`.
pub(super) fn towers(all: &[(String, i32, i32)]) -> String {
    all.iter().map(|(name, low, high)| format!("{name}:{low}:{high}")).collect::<Vec<_>>().join(",")
}
