//! Posters: where a scan leads, the sheets to print, and which hang where.

mod printing;

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Anyone, May, Posters};
use super::issues::work::Choice;
use super::sent::Sent;
use crate::domain::buildings::{self, Building, Place, PlaceKind, Poster};
use crate::domain::checklists::{self, Standing};
use crate::domain::rights::Right;
use crate::kernel::act::House;
use crate::kernel::error::{Error, Refusal, Result};

/// Mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    routes![scan]
}

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    routes![index, hang, hang_together, replace, retire, printing::sheet, printing::sheets]
}

/// What a poster's code and address say: `https://…/q/7k3m2q`.
fn address(house: &House, code: &str) -> String {
    format!("{}/q/{code}", house.settings().public_url.trim_end_matches('/'))
}

#[derive(Serialize)]
struct Unknown {
    code: String,
}

/// A scan: counted, and on to the report form of its place.
#[get("/q/<code>")]
async fn scan(who: Anyone<'_>, code: &str) -> Result<Answer> {
    let db = who.house.read();
    let poster = match buildings::poster_by_code(db, code).await {
        Ok(p) => p,
        Err(Error::NotFound) => {
            // Only what could be a code is shown again.
            let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
            let frame = Frame::titled(who.lang.t("posters.unknown")).class("pg-err");
            return Ok(who.page(frame, "posters/unknown", &Unknown { code })?.status(Status::NotFound));
        }
        Err(e) => return Err(e),
    };
    let place = buildings::place_by_id(db, poster.place_id).await?;
    let building = buildings::by_id(db, place.building_id).await?;
    buildings::scanned(who.house.db().upkeep(), poster.id).await?;
    if poster.retired_at.is_some() || place.retired_at.is_some() {
        return Ok(Answer::go(format!("/b/{}", building.slug)).saying("posters.said.old"));
    }
    let place: String = url::form_urlencoded::byte_serialize(place.code.as_bytes()).collect();
    let code: String = url::form_urlencoded::byte_serialize(poster.code.as_bytes()).collect();
    Ok(Answer::go(format!("/b/{}/report?place={place}&poster={code}", building.slug)))
}

#[derive(Serialize)]
struct Line {
    place: String,
    code: String,
    place_code: String,
    let_to_one: bool,
    posters: Vec<Hung>,
}

#[derive(Serialize)]
struct Hung {
    code: String,
    href: String,
    scans: String,
    reports: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    lines: Vec<Line>,
    bare: Vec<Line>,
    /// Floors with posters, for printing them together.
    floors: Vec<String>,
    /// Kinds of places, with how many of them have none yet.
    kinds: Vec<Choice>,
    /// What the building lacks before one should hang, in words.
    missing: Vec<String>,
    /// The list of it, for those who can do something about it.
    checklist: Option<String>,
    form: FormState,
}

#[get("/<_>/posters")]
async fn index(staff: May<'_, Posters>) -> Result<Answer> {
    let form = FormState::fresh(&staff);
    list(&staff, form).await
}

async fn list(staff: &May<'_, Posters>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (staff.house.read(), staff.lang, staff.building()?);
    let places = buildings::places(db, building.id).await?;
    let posters = buildings::posters(db, building.id).await?;
    let brought = buildings::brought(db, building.id).await?;
    let root = format!("/b/{}/posters", building.slug);
    let line = |p: &Place| Line {
        place: p.full(lang),
        code: p.code.clone(),
        place_code: p.code.clone(),
        let_to_one: p.let_to_one,
        posters: posters
            .iter()
            .filter(|(_, at)| at.id == p.id)
            .map(|(x, _)| Hung {
                code: x.code.clone(),
                href: format!("{root}/{}", x.code),
                scans: lang.say("posters.scans", &[("n", &x.scans.to_string())]),
                reports: lang.say("posters.reports", &[("n", &brought.get(&x.id).copied().unwrap_or_default().to_string())]),
            })
            .collect(),
    };
    let (lines, bare) = places.iter().map(line).partition(|l: &Line| !l.posters.is_empty());
    let mut floors: Vec<String> = posters.iter().filter_map(|(_, p)| p.floor_plate()).collect();
    floors.dedup();
    let bare_of = |kind: PlaceKind| places.iter().filter(|p| p.kind == kind && !posters.iter().any(|(_, at)| at.id == p.id)).count();
    let kinds = PlaceKind::ALL.iter().filter(|k| !matches!(k, PlaceKind::Tower | PlaceKind::Floor | PlaceKind::Zone | PlaceKind::Room));
    let kinds = kinds.filter_map(|k| match bare_of(*k) {
        0 => None,
        n => Some(Choice::new(
            k.as_str(),
            lang.say("posters.kind", &[("kind", &lang.t(&format!("places.kinds.{}", k.as_str()))), ("n", &n.to_string())]),
        )),
    });
    let needs = checklists::of(&staff.house, db, building).await?;
    let missing = needs.iter().filter(|l| l.standing == Standing::Missing).map(|l| lang.t(&format!("checklists.item.{}.name", l.item.as_str())));
    let (kinds, missing) = (kinds.collect(), missing.collect());
    let administers = staff.signed.memberships.iter().any(|m| m.role.may(Right::Administer) && m.covers(building));
    let checklist = administers.then(|| format!("/b/{}/founding", building.slug));
    let page = Page {
        kinds,
        missing,
        checklist,
        floors,
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        root,
        lines,
        bare,
        form,
    };
    let frame = Frame::titled(lang.t("posters.heading")).of(staff, building).class("pg-desk").at_work();
    staff.page(frame, "posters/index", &page)
}

/// Hangs one more at a place.
#[post("/<_>/posters", data = "<sent>")]
async fn hang(staff: May<'_, Posters>, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let place = buildings::place_by_code(act.tx(), building.id, sent.text("place")).await?;
        let poster = building.hang_poster(&act, &place, None).await?;
        act.commit().await?;
        Ok(poster)
    }
    .await;
    match done {
        Ok(Poster { code, .. }) => Ok(Answer::go(format!("/b/{}/posters/{code}", building.slug))),
        Err(e) => again(&staff, &sent, e).await,
    }
}

/// Hangs one at each place of a kind that has none yet.
#[post("/<_>/posters/together", data = "<sent>")]
async fn hang_together(staff: May<'_, Posters>, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let kind = sent.text("kind").parse().map_err(|r: Refusal| r.at("kind"))?;
        let act = staff.begin(&sent).await?;
        building.hang_at_each(&act, kind).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/b/{}/posters", building.slug)).saying("posters.said.together")),
        Err(e) => again(&staff, &sent, e).await,
    }
}

/// Puts a fresh one in the place of one that is torn or pasted over.
#[post("/<_>/posters/<code>/replacement", data = "<sent>")]
async fn replace(staff: May<'_, Posters>, code: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let (poster, place) = of_building(act.tx(), building, code).await?;
        let fresh = poster.replace(&act, building, &place).await?;
        act.commit().await?;
        Ok(fresh)
    }
    .await;
    match done {
        Ok(Poster { code, .. }) => Ok(Answer::go(format!("/b/{}/posters/{code}", building.slug))),
        Err(e) => again(&staff, &sent, e).await,
    }
}

/// Takes one out of use.
#[post("/<_>/posters/<code>/retirement", data = "<sent>")]
async fn retire(staff: May<'_, Posters>, code: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let (poster, _) = of_building(act.tx(), building, code).await?;
        poster.retire(&act, building).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/b/{}/posters", building.slug)).saying("posters.said.retired")),
        Err(e) => again(&staff, &sent, e).await,
    }
}

async fn again(staff: &May<'_, Posters>, sent: &Sent<'_>, error: Error) -> Result<Answer> {
    let (form, status) = FormState::again(sent, error)?;
    Ok(list(staff, form).await?.status(status))
}

/// A poster by its code, if it hangs in this building.
async fn of_building(db: &impl sea_orm::ConnectionTrait, building: &Building, code: &str) -> Result<(Poster, Place)> {
    let poster = buildings::poster_by_code(db, code).await?;
    let place = buildings::place_by_id(db, poster.place_id).await?;
    if place.building_id == building.id { Ok((poster, place)) } else { Err(Error::NotFound) }
}
