//! The sheets themselves: one poster, all of a building or of a floor, a page of labels; and a code alone.

use rocket::get;
use rocket::http::ContentType;
use serde::Serialize;

use super::{address, of_building};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::councils;
use crate::domain::figures;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::assets;
use crate::web::caller::Caller;
use crate::web::guards::{Anyone, May, Posters};

#[derive(Clone, Serialize)]
struct Tick {
    y: f64,
    x: f64,
    width: &'static str,
    label: Option<String>,
    text: f64,
}

/// One sheet or several, printed together.
#[derive(Serialize)]
struct Print {
    lang: &'static str,
    paper: &'static str,
    title: String,
    styles: Vec<String>,
    sheets: Vec<Sheet>,
}

#[derive(Clone, Serialize)]
struct Sheet {
    council: String,
    qr: String,
    qr_label: String,
    address: String,
    phone: String,
    plate: String,
    place: String,
    month: String,
    ticks: Vec<Tick>,
    car: f64,
    car_top: f64,
    car_bottom: f64,
}

/// The printed sheet, and with `.svg` its code alone.
#[get("/<building>/posters/<name>?<paper>", rank = 2)]
pub(super) async fn sheet(who: Anyone<'_>, building: &str, name: &str, paper: Option<&str>) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let broken = |e: qr::TooLong| Error::broken(e.to_string());
    let code = name.strip_suffix(".svg").unwrap_or(name);
    let (poster, place) = of_building(who.house.read(), &building, code).await?;
    let address = address(&who.house, &poster.code);
    let drawn = qr::svg(&address).map_err(broken)?;
    if name.ends_with(".svg") {
        return Ok(Answer::bytes(ContentType::SVG, drawn.into_bytes()).named(&format!("{}-{}.svg", building.slug, poster.code)));
    }
    let shared = Shared::of(&who, &building).await?;
    let paper = size(paper);
    // Of labels there is a whole sheet: one place has many desks, doors and basins.
    let copies = if paper == LABELS { LABELS_ON_A_SHEET } else { 1 };
    let sheet = drawing(&who, &building, &place, &shared, address, drawn);
    print(&who, paper, place.full(who.lang), vec![sheet; copies])
}

/// All posters of a building, or of one floor, in one print.
#[get("/<_>/posters/print?<paper>&<floor>")]
pub(super) async fn sheets(staff: May<'_, Posters>, paper: Option<&str>, floor: Option<&str>) -> Result<Answer> {
    let building = staff.building()?;
    let shared = Shared::of(&staff, building).await?;
    let all = buildings::posters(staff.house.read(), building.id).await?;
    let mut sheets = vec![];
    for (poster, place) in all.iter().filter(|(_, p)| floor.is_none_or(|f| p.floor_plate().as_deref() == Some(f))) {
        let address = address(&staff.house, &poster.code);
        let drawn = qr::svg(&address).map_err(|e| Error::broken(e.to_string()))?;
        sheets.push(drawing(&staff, building, place, &shared, address, drawn));
    }
    if sheets.is_empty() {
        return Err(Error::NotFound);
    }
    print(&staff, size(paper), building.name(staff.lang).to_owned(), sheets)
}

/// Small ones to stick on, ten on an A4 sheet of 99 by 57 millimetres each, as such sheets are sold.
const LABELS: &str = "labels";
const LABELS_ON_A_SHEET: usize = 10;

fn size(paper: Option<&str>) -> &'static str {
    match paper {
        Some("a5") => "a5",
        Some("a6") => "a6",
        Some(LABELS) => LABELS,
        _ => "a4",
    }
}

fn print(who: &Caller, paper: &'static str, title: String, sheets: Vec<Sheet>) -> Result<Answer> {
    let template = if paper == LABELS { "posters/labels" } else { "posters/sheet" };
    who.bare(template, &Print { lang: who.lang.tag(), paper, title, styles: assets::styles("pg-poster"), sheets })
}

/// What all posters of a building say alike.
struct Shared {
    council: String,
    month: String,
}

impl Shared {
    async fn of(who: &Caller, building: &Building) -> Result<Self> {
        let council = match councils::of_building(who.house.read(), building.id).await {
            Ok(c) => c.name(who.lang).to_owned(),
            Err(Error::NotFound) => building.name(who.lang).to_owned(),
            Err(e) => return Err(e),
        };
        Ok(Self { council, month: last_month(who, building, who.lang).await? })
    }
}

fn drawing(who: &Caller, building: &Building, place: &Place, shared: &Shared, address: String, qr: String) -> Sheet {
    let lang = who.lang;
    let towers = building.tower_floors();
    let tower = towers.iter().find(|(name, ..)| Some(name.as_str()) == place.tower.as_deref()).or(towers.first());
    let (low, high) = tower.map_or((-2, 20), |(_, low, high)| (*low, *high));
    let floor = place.floor_order.unwrap_or(1).clamp(low, high);
    let (ticks, car) = shaft(low, high, floor);
    Sheet {
        council: shared.council.clone(),
        qr,
        qr_label: lang.say("posters.qr", &[("address", &address)]),
        // As people type it.
        address: address.split_once("://").map_or(address.clone(), |(_, rest)| rest.to_owned()),
        phone: building.duty_phone.clone(),
        plate: match &place.floor {
            Some(f) if f.starts_with('B') => f.clone(),
            Some(f) => format!("{f}F"),
            None => building.code.clone(),
        },
        place: buildings::place::words(place.tower.as_deref(), None, place.name(lang), lang),
        month: shared.month.clone(),
        ticks,
        car,
        car_top: car + 1.0,
        car_bottom: car + 19.0,
    }
}

/// The floors along the left edge, 297 high, with the car at this one.
fn shaft(low: i32, high: i32, here: i32) -> (Vec<Tick>, f64) {
    let levels: Vec<i32> = (low..=high).filter(|f| *f != 0).rev().collect();
    let pitch = 229.0 / (levels.len().max(2) - 1) as f64;
    let mut car = 220.0;
    let ticks = levels
        .iter()
        .enumerate()
        .map(|(i, floor)| {
            let y = 15.0 + i as f64 * pitch;
            if *floor == here {
                car = y - 10.0;
            }
            let marked = floor % 5 == 0 || *floor <= 1;
            let label = (floor % 5 == 0 && *floor > 0 && (floor - here).abs() > 1).then(|| floor.to_string());
            Tick { y, x: if marked { 13.0 } else { 16.5 }, width: if marked { ".9" } else { ".45" }, label, text: y + 1.6 }
        })
        .collect();
    (ticks, car)
}

/// `上个月说了86件，52件本人认可办好`: what came of it is the reason to scan.
async fn last_month(who: &Caller, building: &Building, lang: Lang) -> Result<String> {
    let now = who.house.now();
    let first = crate::web::buildings::month(now);
    let since = crate::web::buildings::month(first - chrono::Duration::hours(1));
    let f = figures::of_building(who.house.read(), building.id, since, now).await?;
    Ok(lang.say("posters.month", &[("received", &f.received.to_string()), ("confirmed", &f.confirmed.to_string())]))
}
