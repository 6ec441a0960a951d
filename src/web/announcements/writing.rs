//! Writing one, correcting it, ending it before its time.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::brief::address;
use super::reading;
use crate::domain::announcements::{self, PLACES_MAX, Placed, TITLE_MAX, WORDS_MAX, Written};
use crate::domain::buildings::{self, Place, PlaceKind, place};
use crate::domain::categories;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Announce, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, edit, correct, end]
}

/// A place to tick.
#[derive(Serialize)]
struct Tick {
    code: String,
    name: String,
    on: bool,
}

/// The places of a tower, or of what belongs to none.
#[derive(Serialize)]
struct Group {
    name: String,
    /// How many of them are ticked.
    n: usize,
    ticks: Vec<Tick>,
    /// Rooms of ordinary floors: seldom meant, and many.
    rooms: Vec<Tick>,
    /// One of those is ticked.
    opened: bool,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    action: String,
    heading: String,
    groups: Vec<Group>,
    kinds: Vec<Choice>,
    title_max: usize,
    words_max: usize,
    places_max: usize,
    form: FormState,
}

/// As `datetime-local` has it.
fn typed(at: chrono::DateTime<chrono::Utc>) -> String {
    dates::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

fn groups(places: &[Place], chosen: &[String], lang: Lang) -> Vec<Group> {
    let floors: Vec<_> = places.iter().filter(|p| p.kind == PlaceKind::Floor).map(|p| Some(p.id)).collect();
    let mut all: Vec<Group> = vec![];
    for p in places {
        let name = p.tower_name(lang).unwrap_or_else(|| lang.t("announcements.outside"));
        let at = all.iter().position(|g| g.name == name).unwrap_or_else(|| {
            all.push(Group { name, n: 0, ticks: vec![], rooms: vec![], opened: false });
            all.len() - 1
        });
        let name = match p.kind {
            PlaceKind::Tower => lang.t("announcements.whole_tower"),
            _ => place::words(None, p.floor.as_deref(), p.name(lang), lang),
        };
        let (on, room) = (chosen.contains(&p.code), floors.contains(&p.parent_id));
        let group = &mut all[at];
        group.n += usize::from(on);
        group.opened |= on && room;
        let tick = Tick { code: p.code.clone(), name, on };
        if room { group.rooms.push(tick) } else { group.ticks.push(tick) }
    }
    all
}

async fn page(desk: &May<'_, Announce>, number: Option<i32>, chosen: &[String], form: FormState) -> Result<Answer> {
    let (lang, building) = (desk.lang, desk.building()?);
    let places = buildings::places(desk.house.read(), building.id).await?;
    let home = format!("/b/{}", building.slug);
    let root = format!("{home}/announcements");
    let page = Page {
        house: building.name(lang).to_owned(),
        action: number.map_or_else(|| root.clone(), |n| address(building, n)),
        heading: lang.t(if number.is_some() { "announcements.correct" } else { "announcements.write" }),
        groups: groups(&places, chosen, lang),
        kinds: categories::all().iter().map(|c| Choice { value: c.code.clone(), label: c.name(lang).to_owned() }).collect(),
        title_max: TITLE_MAX,
        words_max: WORDS_MAX,
        places_max: PLACES_MAX,
        home,
        root,
        form,
    };
    let frame = Frame::titled(page.heading.clone()).of(desk, building).at_work().class("pg-work");
    desk.page(frame, "announcements/edit", &page)
}

#[get("/<_>/announcements/new")]
async fn new(desk: May<'_, Announce>) -> Result<Answer> {
    page(&desk, None, &[], FormState::fresh(&desk)).await
}

/// What was sent, in the domain's terms.
async fn written<'s>(
    db: &impl sea_orm::ConnectionTrait,
    building: &buildings::Building,
    sent: &'s Sent<'_>,
    places: &'s mut Vec<Place>,
) -> Result<Written<'s>> {
    let all = buildings::places(db, building.id).await?;
    for code in sent.all("place").filter(|c| !c.is_empty()) {
        let place = all.iter().find(|p| p.code == code).ok_or_else(|| Refusal::new("unknown_place").at("place"))?;
        places.push(place.clone());
    }
    let instant = |name: &'static str| match sent.given(name) {
        None => Err(Refusal::new("empty").at(name)),
        Some(at) => dates::at(at).ok_or_else(|| Refusal::new("date_time").at(name)),
    };
    let (starts_at, ends_at) = (instant("starts")?, instant("ends")?);
    Ok(Written { title: sent.text("title"), words: sent.text("words"), category: sent.given("category"), places, starts_at, ends_at })
}

fn ticked(sent: &Sent<'_>) -> Vec<String> {
    sent.all("place").map(str::to_owned).collect()
}

#[post("/<_>/announcements", data = "<sent>")]
async fn create(desk: May<'_, Announce>, sent: Sent<'_>) -> Result<Answer> {
    let building = desk.building()?;
    let done = async {
        let act = desk.begin(&sent).await?;
        let mut places = vec![];
        let written = written(act.tx(), building, &sent, &mut places).await?;
        let made = announcements::write(&act, building, &written).await?;
        act.commit().await?;
        Ok(made)
    }
    .await;
    match done {
        Ok(made) => Ok(Answer::go(address(building, made.number)).saying("announcements.said.made")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&desk, None, &ticked(&sent), form).await?.status(status))
        }
    }
}

#[get("/<_>/announcements/<number>/edit")]
async fn edit(desk: May<'_, Announce>, number: i32) -> Result<Answer> {
    let Placed { announcement: a, places } = announcements::by_number(desk.house.read(), desk.building()?.id, number).await?;
    let actor = desk.membership_for(Some(a.organisation_id)).actor();
    a.ask_changeable(&actor, desk.house.now())?;
    let chosen: Vec<String> = places.into_iter().map(|p| p.code).collect();
    let values = [
        ("title", a.title),
        ("words", a.words),
        ("category", a.category.unwrap_or_default()),
        ("starts", typed(a.starts_at)),
        ("ends", typed(a.ends_at)),
        ("version", a.version.to_string()),
    ];
    page(&desk, Some(number), &chosen, FormState::filled(&desk, values)).await
}

#[post("/<_>/announcements/<number>", data = "<sent>")]
async fn correct(desk: May<'_, Announce>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = desk.building()?;
    let held = announcements::by_number(desk.house.read(), building.id, number).await?.announcement;
    let done = async {
        let act = desk.begin_for(Some(held.organisation_id), &sent).await?;
        let one = announcements::by_number(act.tx(), building.id, number).await?.announcement.unchanged_since(sent.version()?)?;
        let mut places = vec![];
        let written = written(act.tx(), building, &sent, &mut places).await?;
        one.correct(&act, &written).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(address(building, number)).saying("announcements.said.corrected")),
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            form.values.entry("version".into()).or_insert_with(|| held.version.to_string());
            Ok(page(&desk, Some(number), &ticked(&sent), form).await?.status(status))
        }
    }
}

#[post("/<_>/announcements/<number>/ending", data = "<sent>")]
async fn end(desk: May<'_, Announce>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = desk.building()?;
    let held = announcements::by_number(desk.house.read(), building.id, number).await?.announcement;
    let done = async {
        let act = desk.begin_for(Some(held.organisation_id), &sent).await?;
        let one = announcements::by_number(act.tx(), building.id, number).await?.announcement.unchanged_since(sent.version()?)?;
        one.end(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(address(building, number)).saying("announcements.said.ended")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(reading::page(&desk, building, number, form).await?.status(status))
        }
    }
}
