//! A list of tenants: its columns by their headings, its rows against the building, and moving in all at once.

use std::collections::{HashMap, HashSet};

use super::{begin, of_building};
use crate::domain::buildings::{self, Building, District, Place, PlaceKind, floors};
use crate::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind, SizeClass};
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::PlaceId;
use crate::kernel::{spreadsheet, text};
use sea_orm::ConnectionTrait;

/// Most rows of a list.
pub const ROWS_MAX: usize = 2_000;

/// One row as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a person counts the lines of the table.
    pub line: usize,
    pub tower: String,
    pub floor: String,
    pub zone: String,
    pub unit: String,
    pub tenant: String,
    pub tenant_en: String,
    pub size: String,
}

/// What is wrong with a row: a refusal whose field is the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub line: usize,
    pub refusal: Refusal,
}

/// What a row comes to.
#[derive(Clone, Debug)]
pub struct Planned {
    pub row: Row,
    tower: Option<String>,
    floor: String,
    workers: Option<i32>,
    size: Option<SizeClass>,
    /// The enterprise is here already.
    pub known: bool,
    /// It sits there already: nothing to do.
    pub here: bool,
}

/// The headings that are understood, for each column.
const HEADINGS: [(&str, &[&str]); 7] = [
    ("tower", &["tower", "楼座", "座", "塔楼", "栋", "楼栋"]),
    ("floor", &["floor", "楼层", "层"]),
    ("zone", &["zone", "分区", "区域", "区"]),
    ("unit", &["unit", "单元", "室号", "房号", "门牌", "室"]),
    ("tenant", &["tenant", "enterprise", "name", "租户", "企业", "单位", "企业名称", "单位名称", "租户名称", "公司"]),
    ("tenant_en", &["tenant_en", "english", "english name", "英文名", "英文名称"]),
    ("size", &["size", "workers", "headcount", "规模", "人数", "员工数", "工位"]),
];

/// Which row of a table names its columns, below a title that stands alone in its row, and which column is which; none where
/// no row names both floor and tenant.
pub fn headings(rows: &[(usize, Vec<String>)]) -> Option<(usize, Vec<Option<&'static str>>)> {
    spreadsheet::headings(rows, &HEADINGS, ["floor", "tenant"])
}

impl Row {
    /// From the cells of a table whose columns are known.
    pub fn of(line: usize, cells: &[String], columns: &[Option<&'static str>]) -> Self {
        let mut row = Row { line, ..Row::default() };
        for (cell, column) in cells.iter().zip(columns) {
            let cell = text::clean(cell);
            match column {
                Some("tower") => row.tower = cell,
                Some("floor") => row.floor = cell,
                Some("zone") => row.zone = cell,
                Some("unit") => row.unit = cell,
                Some("tenant") => row.tenant = cell,
                Some("tenant_en") => row.tenant_en = cell,
                Some("size") => row.size = cell,
                _ => {}
            }
        }
        row
    }

    fn cells(&self) -> [&String; 7] {
        [&self.tower, &self.floor, &self.zone, &self.unit, &self.tenant, &self.tenant_en, &self.size]
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.cells().iter().all(|c| c.is_empty())
    }
}

/// A number of people, a class, or the numbers between which it lies: `120`, `120人`, `大`, `50-299`, `1000以上`.
fn size(typed: &str) -> Result<(Option<i32>, Option<SizeClass>), Refusal> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '人')).collect::<String>().to_lowercase();
    let wrong = || Refusal::new("size_unreadable").with("what", text::shorten(typed, 20)).at("size");
    match plain.as_str() {
        "" => return Ok((None, None)),
        "small" | "小" | "小型" => return Ok((None, Some(SizeClass::Small))),
        "middle" | "medium" | "中" | "中型" => return Ok((None, Some(SizeClass::Middle))),
        "large" | "大" | "大型" => return Ok((None, Some(SizeClass::Large))),
        "huge" | "特大" | "特大型" => return Ok((None, Some(SizeClass::Huge))),
        _ => {}
    }
    if let Ok(n) = plain.parse::<i32>() {
        return if (1..=200_000).contains(&n) { Ok((Some(n), Some(SizeClass::of(n)))) } else { Err(wrong()) };
    }
    let from: String = plain.chars().take_while(char::is_ascii_digit).collect();
    let rest = &plain[from.len()..];
    let n: i32 = from.parse().map_err(|_| wrong())?;
    let open =
        matches!(rest, "+" | "以上") || rest.strip_prefix(['-', '–', '~', '～', '至']).is_some_and(|to| to.parse::<i32>().is_ok_and(|t| t >= n));
    if open && n <= 200_000 { Ok((None, Some(SizeClass::of(n)))) } else { Err(wrong()) }
}

struct Here {
    floors: HashMap<(Option<String>, String), Place>,
    rooms: HashMap<(Option<String>, String, String), Place>,
    tenants: HashMap<String, Organisation>,
    seated: HashSet<(PlaceId, String)>,
    towers: Vec<String>,
}

impl Here {
    async fn of(db: &impl ConnectionTrait, building: &Building) -> Result<Here> {
        let places = buildings::places(db, building.id).await?;
        let all = organisations::around(db, building.district_id, building.id).await?;
        let tenants: HashMap<String, Organisation> = all
            .iter()
            .filter(|o| o.kind == OrganisationKind::Enterprise && o.building_id == Some(building.id))
            .map(|o| (o.name.clone(), o.clone()))
            .collect();
        let seated = of_building(db, building.id).await?;
        let seated = seated.iter().filter_map(|t| all.iter().find(|o| o.id == t.organisation_id).map(|o| (t.place_id, o.name.clone()))).collect();
        let mut here = Here { floors: HashMap::new(), rooms: HashMap::new(), tenants, seated, towers: vec![] };
        for p in places {
            match (p.kind, &p.floor) {
                (PlaceKind::Tower, _) => here.towers.extend(p.tower.clone()),
                (PlaceKind::Floor, Some(f)) => drop(here.floors.insert((p.tower.clone(), f.clone()), p)),
                (PlaceKind::Room, Some(f)) => drop(here.rooms.insert((p.tower.clone(), f.clone(), p.name.clone()), p)),
                _ => {}
            }
        }
        Ok(here)
    }

    fn row(&self, row: &Row) -> Result<Planned, Refusal> {
        if let Some(cell) = row.cells().into_iter().find(|c| spreadsheet::failed(c)) {
            return Err(Refusal::new("formula_failed").with("what", cell));
        }
        let tower = Some(row.tower.clone()).filter(|t| !t.is_empty()).or_else(|| self.towers.first().filter(|_| self.towers.len() == 1).cloned());
        match &tower {
            Some(t) if !self.towers.contains(t) => return Err(Refusal::new("tower_not_there").with("tower", t).at("tower")),
            None if !self.towers.is_empty() => return Err(Refusal::new("tower_which").at("tower")),
            _ => {}
        }
        if row.floor.is_empty() {
            return Err(Refusal::new("empty").at("floor"));
        }
        let (floor, _) =
            floors::floor(&row.floor).ok_or_else(|| Refusal::new("floor_unreadable").with("what", text::shorten(&row.floor, 20)).at("floor"))?;
        let Some(level) = self.floors.get(&(tower.clone(), floor.clone())) else {
            return Err(Refusal::new("floor_not_there").with("floor", &floor).at("floor"));
        };
        text::words("tenant", &row.tenant, 1, 60)?;
        text::words("tenant_en", &row.tenant_en, 0, 80)?;
        text::words("unit", &row.unit, 0, 20)?;
        text::words("zone", &row.zone, 0, 20)?;
        let (workers, size) = size(&row.size)?;
        let place = if row.unit.is_empty() { Some(level) } else { self.rooms.get(&(tower.clone(), floor.clone(), unit_name(&row.unit))) };
        let here = place.is_some_and(|p| self.seated.contains(&(p.id, row.tenant.clone())));
        Ok(Planned { known: self.tenants.contains_key(&row.tenant), here, row: row.clone(), tower, floor, workers, size })
    }
}

/// `1801` is a room, and is called one.
fn unit_name(typed: &str) -> String {
    if typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') { format!("{typed}室") } else { typed.to_owned() }
}

/// Looks at a list: what each row comes to, or everything that is wrong.
pub async fn plan(db: &impl ConnectionTrait, building: &Building, rows: &[Row]) -> Result<Result<Vec<Planned>, Vec<RowFault>>> {
    let here = Here::of(db, building).await?;
    let (mut planned, mut faults) = (vec![], vec![]);
    let mut seen: HashMap<(Option<String>, String, String, String), usize> = HashMap::new();
    for row in rows {
        match here.row(row) {
            Err(refusal) => faults.push(RowFault { line: row.line, refusal }),
            Ok(p) => {
                let key = (p.tower.clone(), p.floor.clone(), unit_name(&row.unit), row.tenant.clone());
                if let Some(first) = seen.insert(key, row.line) {
                    faults.push(RowFault { line: row.line, refusal: Refusal::new("row_twice").with("line", first).at("tenant") });
                }
                planned.push(p);
            }
        }
    }
    Ok(if faults.is_empty() { Ok(planned) } else { Err(faults) })
}

/// All move in: enterprises that are new are added, units and zones that are not there yet are placed. Gives how many rows
/// changed something.
pub async fn move_in(act: &Act, district: &District, building: &Building, rows: &[Row]) -> Result<usize> {
    buildings::hold(act, building.id).await?;
    let planned = match plan(act.tx(), building, rows).await? {
        Ok(planned) => planned,
        Err(faults) if faults.len() == 1 => return Err(faults.into_iter().next().map_or_else(|| Refusal::new("empty"), |f| f.refusal).into()),
        Err(faults) => return Err(Refusal::new("table_faults").with("n", faults.len()).at("table").into()),
    };
    let mut here = Here::of(act.tx(), building).await?;
    let mut plan = buildings::Plan::of(act, building).await?;
    let mut zones: HashMap<(Option<String>, String, String), PlaceId> = HashMap::new();
    for p in buildings::places(act.tx(), building.id).await?.into_iter().filter(|p| p.kind == PlaceKind::Zone) {
        if let Some(f) = p.floor.clone() {
            zones.insert((p.tower.clone(), f, p.name.clone()), p.id);
        }
    }
    let mut n = 0;
    for p in planned {
        let tenant = match here.tenants.get(&p.row.tenant) {
            Some(t) => t.clone(),
            None => {
                let fallback = format!("{}-tenant", building.slug);
                let slug = organisations::free_slug(act.tx(), district.id, &p.row.tenant_en, &fallback).await?;
                let en = if p.row.tenant_en.is_empty() { &p.row.tenant } else { &p.row.tenant_en };
                let (short, short_en) = (text::shorten(&p.row.tenant, 30), text::shorten(en, 60));
                let new = NewOrganisation {
                    kind: OrganisationKind::Enterprise,
                    slug: &slug,
                    name: &p.row.tenant,
                    name_en: en,
                    short: &short,
                    short_en: &short_en,
                    workers: p.workers,
                    email: None,
                };
                let added = organisations::add(act, district, Some(building), new).await?;
                here.tenants.insert(p.row.tenant.clone(), added.clone());
                added
            }
        };
        let sized = p.size.is_some() && (p.size != tenant.size || p.workers.is_some() && p.workers != tenant.workers);
        let tenant = if sized { tenant.sized(act, p.workers, p.size).await? } else { tenant };
        here.tenants.insert(p.row.tenant.clone(), tenant.clone());
        n += usize::from(!p.here || sized);
        if p.here {
            continue;
        }
        let tower = p.tower.as_deref();
        if !p.row.zone.is_empty() && !zones.contains_key(&(p.tower.clone(), p.floor.clone(), p.row.zone.clone())) {
            let zone = plan.on_floor(act, PlaceKind::Zone, tower, &p.floor, (&p.row.zone, ""), false).await?;
            zones.insert((p.tower.clone(), p.floor.clone(), p.row.zone.clone()), zone.id);
        }
        let place = if p.row.unit.is_empty() {
            here.floors.get(&(p.tower.clone(), p.floor.clone())).cloned()
        } else {
            let key = (p.tower.clone(), p.floor.clone(), unit_name(&p.row.unit));
            if !here.rooms.contains_key(&key) {
                let zone = zones.get(&(p.tower.clone(), p.floor.clone(), p.row.zone.clone())).copied();
                let room = plan.room(act, tower, &p.floor, &p.row.unit, &key.2, zone).await?;
                here.rooms.insert(key.clone(), room);
            }
            here.rooms.get(&key).cloned()
        };
        if let Some(place) = place {
            begin(act, building.id, tenant.id, &place).await?;
        }
    }
    Ok(n)
}
