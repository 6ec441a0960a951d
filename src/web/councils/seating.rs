//! `/b/{building}/council/seats`: the council is founded, and who sits in it.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::bench::{Bench, class};
use super::{Here, rules};
use crate::domain::buildings;
use crate::domain::councils::{self, Council, Given, NewSeat, SeatClass, Size, Weight};
use crate::domain::organisations;
use crate::domain::persons::{self, Membership, Person};
use crate::domain::resolutions;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, Seats};
use crate::web::issues::work::Choice;
use crate::web::meetings::dossier::Opt;
use crate::web::sent::Sent;

/// Mounted at `/b`.
pub(in crate::web) fn routes_of_building() -> Vec<Route> {
    routes![index, found, create, fill, end]
}

#[derive(Serialize)]
struct Line {
    number: i32,
    id: String,
    class: String,
    organisation: String,
    /// For how long it was given.
    term: Option<String>,
    people: Vec<Choice>,
    filling: String,
    ending: String,
    ending_id: String,
    form: FormState,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    council: Option<String>,
    seats: Vec<Line>,
    occupied: usize,
    classes: Vec<Choice>,
    organisations: Vec<Choice>,
    people: Vec<Choice>,
    sizes: Vec<Choice>,
    /// Decisions about seats; once a council has decided anything, one is asked for.
    decisions: Vec<Opt>,
    decided: bool,
    add: FormState,
    form: FormState,
}

async fn council_of(db: &impl sea_orm::ConnectionTrait, who: &May<'_, Seats>) -> Result<Option<Council>> {
    match councils::of_building(db, who.building()?.id).await {
        Ok(c) => Ok(Some(c)),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

async fn page(who: &May<'_, Seats>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let root = format!("{}/council/seats", who.at.root());
    let council = council_of(db, who).await?;
    let here = persons::all_here(db, building).await?;
    let around = organisations::around(db, building.district_id, building.id).await?;
    let people = persons::by_ids(db, here.iter().map(|m| m.person_id)).await?;
    let keys = who.house.keys();
    let handle = |id: Option<PersonId>| id.and_then(|id| people.iter().find(|p| p.id == id)).map_or_else(String::new, |p| p.handle(keys));
    let choice = |p: &Person, of: Option<OrganisationId>| {
        let theirs: Vec<&Membership> = here.iter().filter(|m| m.person_id == p.id && of.is_none_or(|o| o == m.organisation_id)).collect();
        let organisation = theirs.first().and_then(|m| around.iter().find(|o| o.id == m.organisation_id))?;
        let label = if of.is_some() { p.name(lang).to_owned() } else { format!("{} · {}", organisation.short(lang), p.name(lang)) };
        Some(Choice::new(p.handle(keys), label))
    };
    let mut seats = vec![];
    let mut occupied = 0;
    if let Some(council) = &council {
        let bench = Bench::of(db, council).await?;
        occupied = bench.occupied();
        for s in &bench.seats {
            let id = format!("seat-{}", s.number);
            seats.push(Line {
                number: s.number,
                class: class(s, lang),
                organisation: bench.organisation(s.organisation_id, lang),
                term: s.term_until.as_deref().and_then(dates::parse).map(|d| {
                    let today = dates::local(who.house.now()).date();
                    let key = if d < today { "councils.seating.term_over" } else { "councils.seating.term" };
                    lang.say(key, &[("date", &dates::day(d, today, lang))])
                }),
                people: people.iter().filter_map(|p| choice(p, Some(s.organisation_id))).collect(),
                filling: format!("{root}/{}", s.number),
                ending: format!("{root}/{}/ending", s.number),
                ending_id: format!("end-{}", s.number),
                form: form.or(&id, [("person", handle(s.person_id)), ("deputy", handle(s.deputy_id))]),
                id,
            });
        }
    }
    let (decided, decisions) = match &council {
        Some(c) => {
            let about = rules::decisions(who, &Here::of(who).await?, Weight::Seats).await?;
            (!resolutions::of_council(db, c.id, 1).await?.is_empty(), rules::choices(&about, &Here::of(who).await?))
        }
        None => (false, vec![]),
    };
    let names =
        [("name", lang.say("councils.seating.name_of", &[("building", &building.short)])), ("name_en", format!("{} Council", building.name_en))];
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        seats,
        occupied,
        classes: SeatClass::ALL.iter().map(|c| Choice::new(c.as_str(), lang.t(&format!("councils.class.{}", c.as_str())))).collect(),
        organisations: around.iter().map(|o| Choice::new(o.slug.clone(), o.name(lang))).collect(),
        people: people.iter().filter_map(|p| choice(p, None)).collect(),
        sizes: Size::ALL.iter().map(|s| Choice::new(s.as_str(), lang.t(&format!("councils.size.{s}")))).collect(),
        decisions,
        decided,
        add: form.or("add", []),
        form: if council.is_none() { form.or("found", names) } else { form },
        council: council.map(|c| c.name(lang).to_owned()),
        root,
    };
    let frame = Frame::titled(lang.t("councils.seating.title")).of(who, building).at_work().class("pg-found");
    who.page(frame, "councils/seating", &page)
}

#[get("/<_>/council/seats")]
async fn index(who: May<'_, Seats>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

async fn after(who: &May<'_, Seats>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council/seats", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, form).await?.status(status))
        }
    }
}

/// Founds the council.
#[post("/<_>/council/seats/founding", data = "<sent>")]
async fn found(who: May<'_, Seats>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let district = buildings::district_by_id(act.tx(), building.district_id).await?;
        councils::found_for(&act, &district, building, sent.text("name"), sent.text("name_en")).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "councils.seating.said.founded").await
}

/// Who is named by a handle in a field; an empty one is nobody.
async fn named(db: &impl sea_orm::ConnectionTrait, who: &May<'_, Seats>, sent: &Sent<'_>, field: &'static str) -> Result<Option<PersonId>> {
    let Some(handle) = sent.given(field) else { return Ok(None) };
    let here = persons::all_here(db, who.building()?).await?;
    match persons::by_handle(db, who.house.keys(), &here, handle).await {
        Ok(p) => Ok(Some(p.id)),
        Err(Error::NotFound) => Err(Refusal::new("unknown_choice").at(field).into()),
        Err(e) => Err(e),
    }
}

#[post("/<_>/council/seats", data = "<sent>")]
async fn create(who: May<'_, Seats>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let council = council_of(act.tx(), &who).await?.ok_or(Error::NotFound)?;
        let class: SeatClass = sent.text("class").parse().map_err(|r: Refusal| r.at("class"))?;
        let organisation = organisations::named(act.tx(), building, "organisation", sent.text("organisation")).await?.id;
        let (person, deputy) = (named(act.tx(), &who, &sent, "person").await?, named(act.tx(), &who, &sent, "deputy").await?);
        let size = sent.given("size").map(|_| sent.read("size")).transpose()?;
        let until = match sent.given("until") {
            Some(typed) => Some(dates::parse(typed).ok_or_else(|| Refusal::new("date").at("until"))?),
            None => None,
        };
        let resolution = rules::chosen(rules::decisions(&who, &Here::of(&who).await?, Weight::Seats).await?, &sent)?;
        let given = Given { size, until, resolution: resolution.as_ref() };
        council.add_seat(&act, building, NewSeat { class, organisation, person, deputy }, given).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "councils.seating.said.added").await
}

#[post("/<_>/council/seats/<number>", rank = 2, data = "<sent>")]
async fn fill(who: May<'_, Seats>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let council = council_of(act.tx(), &who).await?.ok_or(Error::NotFound)?;
        let seat = council.seat(act.tx(), number).await?;
        let (person, deputy) = (named(act.tx(), &who, &sent, "person").await?, named(act.tx(), &who, &sent, "deputy").await?);
        council.fill(&act, who.building()?, seat, person, deputy).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "councils.seating.said.filled").await
}

#[post("/<_>/council/seats/<number>/ending", data = "<sent>")]
async fn end(who: May<'_, Seats>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let council = council_of(act.tx(), &who).await?.ok_or(Error::NotFound)?;
        let resolution = rules::chosen(rules::decisions(&who, &Here::of(&who).await?, Weight::Seats).await?, &sent)?;
        council.end_seat(&act, council.seat(act.tx(), number).await?, resolution.as_ref()).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "councils.seating.said.ended").await
}
