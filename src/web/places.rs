//! `/b/{building}/places`: floors and what is on them, floor by floor; more floors by a list, more places by name; and places
//! out of use.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Administer, May};
use super::issues::work::Choice;
use super::sent::Sent;
use crate::domain::buildings::{self, Common, NewPlaces, Place, PlaceKind};
use crate::kernel::error::{Error, Refusal, Result};

pub(super) fn routes() -> Vec<Route> {
    routes![index, create, floors, retire]
}

#[derive(Serialize)]
struct Floor {
    /// `南座18F`, or what is on no floor.
    plate: String,
    n: usize,
    places: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    code: String,
    name: String,
    kind: String,
    let_to_one: bool,
    retirement: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    floors: Vec<Floor>,
    floors_n: usize,
    places_n: usize,
    towers: Vec<Choice>,
    kinds: Vec<Choice>,
    add: FormState,
    more: FormState,
    form: FormState,
}

async fn page(who: &May<'_, Administer>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let all = buildings::places(db, building.id).await?;
    let root = format!("{}/places", who.at.root());
    type On = (Option<String>, Option<String>);
    let mut floors: Vec<(On, Floor)> = vec![];
    let mut sorted: Vec<&Place> = all.iter().filter(|p| p.kind != PlaceKind::Tower).collect();
    sorted.sort_by_key(|p| (p.tower.clone(), std::cmp::Reverse(p.floor_order.unwrap_or(i32::MIN)), p.floor.clone(), p.position));
    for p in sorted {
        let key = (p.tower.clone(), p.floor.clone());
        if floors.last().is_none_or(|(k, _)| *k != key) {
            let plate = buildings::place::words(p.tower.as_deref(), p.floor.as_deref(), "", lang);
            let plate = if plate.is_empty() { lang.t("places.outside") } else { plate };
            floors.push((key, Floor { plate, n: 0, places: vec![] }));
        }
        let Some((_, floor)) = floors.last_mut() else { continue };
        if p.kind == PlaceKind::Floor {
            continue;
        }
        floor.n += 1;
        floor.places.push(Line {
            code: p.code.clone(),
            name: p.name(lang).to_owned(),
            kind: lang.t(&format!("places.kinds.{}", p.kind.as_str())),
            let_to_one: p.let_to_one,
            retirement: format!("{root}/{}/retirement", url::form_urlencoded::byte_serialize(p.code.as_bytes()).collect::<String>()),
        });
    }
    let kinds = PlaceKind::ALL.iter().filter(|k| !matches!(k, PlaceKind::Tower | PlaceKind::Floor));
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        floors_n: all.iter().filter(|p| p.kind == PlaceKind::Floor).count(),
        places_n: all.iter().filter(|p| !matches!(p.kind, PlaceKind::Tower | PlaceKind::Floor)).count(),
        floors: floors.into_iter().map(|(_, f)| f).collect(),
        towers: all
            .iter()
            .filter(|p| p.kind == PlaceKind::Tower)
            .filter_map(|p| p.tower.clone().map(|t| Choice::new(t.clone(), buildings::place::tower_name(&t, lang))))
            .collect(),
        kinds: kinds.map(|k| Choice::new(k.as_str(), lang.t(&format!("places.kinds.{}", k.as_str())))).collect(),
        add: form.or("add", [("kind", "zone".to_owned())]),
        more: form.or("more", [("lobby", "1".to_owned()), ("toilets", "1".to_owned())]),
        root,
        form,
    };
    let frame = Frame::titled(lang.t("places.title")).of(who, building).at_work().class("pg-found");
    who.page(frame, "places/index", &page)
}

#[get("/<_>/places")]
async fn index(who: May<'_, Administer>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

async fn after(who: &May<'_, Administer>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/places", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, form).await?.status(status))
        }
    }
}

#[post("/<_>/places", data = "<sent>")]
async fn create(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let kind = sent.text("kind").parse().map_err(|r: Refusal| r.at("kind"))?;
        let new =
            NewPlaces { kind, names: sent.text("names"), names_en: sent.text("names_en"), tower: sent.given("tower"), floors: sent.text("floors") };
        buildings::hold(&act, who.building()?.id).await?.add_places(&act, new).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "places.said.added").await
}

#[post("/<_>/places/floors", data = "<sent>")]
async fn floors(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let list = buildings::floors::read(sent.text("floors"))?;
        let common = Common { lobby: sent.ticked("lobby"), toilets: sent.ticked("toilets"), pantry: sent.ticked("pantry") };
        let act = who.begin(&sent).await?;
        buildings::hold(&act, who.building()?.id).await?.add_floors(&act, &list, common).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "places.said.floors").await
}

#[post("/<_>/places/<code>/retirement", data = "<sent>")]
async fn retire(who: May<'_, Administer>, code: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let place = buildings::place_by_code(act.tx(), building.id, code).await?;
        if matches!(place.kind, PlaceKind::Tower) {
            return Err(Error::NotFound);
        }
        place.retire(&act, building).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "places.said.retired").await
}
