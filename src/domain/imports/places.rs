//! Which place of a building somebody means: by its code, by its name, or by tower and floor as people write them.

use std::collections::HashMap;

use super::values::plain;
use crate::domain::buildings::{Place, PlaceKind, place};
use crate::kernel::i18n::Lang;

/// Why no place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The cells are empty.
    Nothing,
    /// No floor of the building is called so.
    Floor,
    /// The floor is in several towers.
    Tower,
    /// Several places are called so.
    Several,
    Unknown,
}

/// The places of a building, by everything that they are called.
pub struct Finder<'p> {
    places: &'p [Place],
    called: HashMap<String, Vec<usize>>,
    towers: Vec<(String, String)>,
    found: HashMap<String, Result<usize, Lost>>,
}

/// `18`, `18楼`, `18F`, `十八` is none; `B1`, `负一层`, `-1`, `地下1层`; of `1805室` the 18. Gives the floor and what stands behind it.
fn floor(text: &str) -> Option<(String, &str)> {
    let (below, rest) = match ["b", "负", "地下", "-"].iter().find_map(|p| text.strip_prefix(p)) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let small = [('一', "1"), ('二', "2"), ('三', "3"), ('四', "4"), ('五', "5")];
    let (digits, rest) = match rest.chars().next().and_then(|c| small.iter().find(|(s, _)| *s == c)) {
        Some((sign, digit)) => ((*digit).to_owned(), rest.strip_prefix(*sign)?),
        None => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            (rest.get(..end)?.trim_start_matches('0').to_owned(), rest.get(end..)?)
        }
    };
    // `12A` is a floor of its own.
    let (letter, rest) = match rest.strip_prefix('a') {
        Some(after) if !after.starts_with(|c: char| c.is_ascii_alphabetic()) => ("A", after),
        _ => ("", rest),
    };
    if digits.is_empty() {
        return None;
    }
    let rest = ["楼层", "楼", "层", "f"].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
    let number = match digits.len() {
        1 | 2 => digits,
        // A room's number begins with its floor's.
        3 | 4 if !below => digits.get(..digits.len() - 2)?.to_owned(),
        _ => return None,
    };
    Some((format!("{}{number}{letter}", if below { "B" } else { "" }), rest))
}

impl<'p> Finder<'p> {
    /// Of a building's places in use.
    pub fn of(places: &'p [Place]) -> Self {
        let mut called: HashMap<String, Vec<usize>> = HashMap::new();
        let mut towers: Vec<(String, String)> = vec![];
        for (i, p) in places.iter().enumerate() {
            let own = [p.code.clone(), p.name.clone(), p.name_en.clone(), p.full(Lang::Zh), p.full(Lang::En)];
            let floor = p.floor.as_deref().unwrap_or_default();
            let plain_full = [format!("{floor}{}", p.name), format!("{}{floor}{}", p.tower.as_deref().unwrap_or_default(), p.name)];
            let mut names: Vec<String> = own.iter().chain(&plain_full).map(|n| plain(n)).filter(|n| !n.is_empty()).collect();
            names.sort();
            names.dedup();
            names.into_iter().for_each(|n| called.entry(n).or_default().push(i));
            if let Some(tower) = &p.tower
                && !towers.iter().any(|(_, t)| t == tower)
            {
                let names = [tower.clone(), place::tower_name(tower, Lang::En)];
                towers.extend(names.into_iter().map(|n| (plain(&n), tower.clone())));
            }
        }
        Self { places, called, towers, found: HashMap::new() }
    }

    /// The place that three cells name together, each of which may be empty.
    pub fn find(&mut self, tower: &str, floor: &str, place: &str) -> Result<&'p Place, Lost> {
        let asked = format!("{tower}\n{floor}\n{place}");
        let found = match self.found.get(&asked) {
            Some(found) => *found,
            None => {
                let found = self.look(&plain(tower), floor, &plain(place));
                self.found.insert(asked, found);
                found
            }
        };
        found.and_then(|i| self.places.get(i).ok_or(Lost::Unknown))
    }

    fn look(&self, tower: &str, floor_cell: &str, name: &str) -> Result<usize, Lost> {
        if tower.is_empty() && floor_cell.trim().is_empty() && name.is_empty() {
            return Err(Lost::Nothing);
        }
        // A tower in a cell of its own or in front of the rest.
        let of_cell = self.towers.iter().find(|(n, _)| !tower.is_empty() && (n == tower || n.starts_with(tower) || tower.starts_with(n.as_str())));
        let in_front = self.towers.iter().find(|(n, _)| name.starts_with(n.as_str()));
        let tower = of_cell.or(in_front).map(|(_, t)| t.as_str());
        let within = |i: &usize, floor: Option<&str>| {
            let p = self.places.get(*i);
            // What is in no tower, a garage below all of them, is everybody's.
            let of_tower = |p: &Place| tower.is_none_or(|t| p.tower.as_deref().is_none_or(|own| own == t));
            p.is_some_and(|p| of_tower(p) && floor.is_none_or(|f| p.floor.as_deref() == Some(f)))
        };
        let rest = in_front.and_then(|(n, _)| name.strip_prefix(n.as_str())).unwrap_or(name);
        // A minus before a floor is no sign that may be dropped.
        let cell: String = floor_cell.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let said = floor(&cell).map(|(f, _)| f).or_else(|| floor(rest).map(|(f, _)| f));
        // Called exactly so, where the other cells do not say otherwise.
        for called in [name, rest] {
            let all: Vec<usize> =
                self.called.get(called).into_iter().flatten().copied().filter(|i| within(i, floor(&cell).map(|(f, _)| f).as_deref())).collect();
            match all.as_slice() {
                [] => {}
                [one] => return Ok(*one),
                _ if said.is_none() => return Err(Lost::Several),
                _ => {}
            }
        }
        let Some(said) = said else { return Err(if floor_cell.trim().is_empty() { Lost::Unknown } else { Lost::Floor }) };
        let here: Vec<usize> = (0..self.places.len()).filter(|i| within(i, Some(&said))).collect();
        let mut towers: Vec<_> = here.iter().filter_map(|i| self.places.get(*i)).map(|p| p.tower.as_deref()).collect();
        towers.sort_unstable();
        towers.dedup();
        match towers.as_slice() {
            [] => return Err(Lost::Floor),
            [Some(_), _, ..] if tower.is_none() => return Err(Lost::Tower),
            _ => {}
        }
        let behind = floor(rest).filter(|_| floor_cell.trim().is_empty()).map_or(rest, |(_, behind)| behind);
        let named: Vec<usize> = here.iter().copied().filter(|i| self.is_called(*i, behind)).collect();
        match named.as_slice() {
            [one] => Ok(*one),
            _ => {
                let stands_for = |p: &Place| (p.tower.is_none() == tower.is_some(), p.let_to_one, rank(p.kind), p.position);
                here.into_iter().min_by_key(|i| self.places.get(*i).map(stands_for)).ok_or(Lost::Floor)
            }
        }
    }

    fn is_called(&self, i: usize, name: &str) -> bool {
        !name.is_empty() && self.places.get(i).is_some_and(|p| plain(&p.name) == name || plain(&p.name_en) == name || plain(&p.code) == name)
    }
}

/// Of a floor of which nothing else is said, the place that stands for it.
fn rank(kind: PlaceKind) -> u8 {
    match kind {
        PlaceKind::Floor => 0,
        PlaceKind::Corridor => 1,
        PlaceKind::Lobby => 2,
        PlaceKind::Zone => 3,
        PlaceKind::LiftBank => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::floor;

    #[test]
    fn floors_are_read_as_people_write_them() {
        let read = |text: &str| floor(text).map(|(f, rest)| format!("{f}|{rest}"));
        for (text, expected) in [
            ("18", "18|"),
            ("18楼茶水间", "18|茶水间"),
            ("18f", "18|"),
            ("08层", "8|"),
            ("1805室", "18|室"),
            ("b1", "B1|"),
            ("负一层", "B1|"),
            ("地下2层", "B2|"),
            ("-1", "B1|"),
            ("12a", "12A|"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["大堂", "", "13800001111", "b", "a18"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
