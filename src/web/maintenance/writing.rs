//! Making a plan, changing it from its next round on, ending it.

use rocket::{Route, get, post, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{address, reading, root};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::duty;
use crate::domain::maintenance::{self, Placed, Rhythm, SAFETY_MAX, STEPS_LENGTH, TITLE_MAX, WORDS_MAX, Written};
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::keys::Keys;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Maintain, May};
use crate::web::issues::work::Choice;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, edit, change, end]
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    action: String,
    heading: String,
    /// It is changed: from its next round on.
    forward: bool,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    organisations: Vec<Choice>,
    people: Vec<Choice>,
    rhythms: Vec<Choice>,
    title_max: usize,
    words_max: usize,
    steps_max: usize,
    safety_max: usize,
    form: FormState,
}

/// Whoever may keep plans here: not each who works a desk.
async fn building<'m>(who: &'m May<'_, Maintain>) -> Result<&'m Building> {
    let building = who.building()?;
    maintenance::ask_keeper(who.house.read(), building, &who.membership.actor()).await?;
    Ok(building)
}

/// Those who can be asked to do something here.
async fn doers(db: &impl ConnectionTrait, building: &Building) -> Result<Vec<Organisation>> {
    let around = organisations::around(db, building.district_id, building.id).await?;
    Ok(around.into_iter().filter(Organisation::takes_over).collect())
}

/// Who of them works here: by their handle, with their name and organisation.
async fn people(who: &May<'_, Maintain>, building: &Building, doers: &[Organisation]) -> Result<Vec<Choice>> {
    let (db, lang) = (who.house.read(), who.lang);
    let ids: Vec<_> = doers.iter().map(|o| o.id).collect();
    let mut working = persons::working_on(db, building, &ids).await?;
    working.retain(|m| m.role.may(Right::Work));
    let named = persons::by_ids(db, working.iter().map(|m| m.person_id)).await?;
    let mut all = vec![];
    for m in &working {
        let (Some(person), Some(of)) = (named.iter().find(|p| p.id == m.person_id), doers.iter().find(|o| o.id == m.organisation_id)) else {
            continue;
        };
        let label = lang.say("maintenance.person_of", &[("name", person.name(lang)), ("of", of.short(lang))]);
        all.push((of.slug.clone(), Choice::new(duty::handle(who.house.keys(), person.id), label)));
    }
    all.sort_by(|a, b| (&a.0, &a.1.label).cmp(&(&b.0, &b.1.label)));
    all.dedup_by(|a, b| a.1.label == b.1.label);
    Ok(all.into_iter().map(|(_, choice)| choice).collect())
}

async fn page(who: &May<'_, Maintain>, number: Option<i32>, form: FormState) -> Result<Answer> {
    let (lang, building, db) = (who.lang, building(who).await?, who.house.read());
    let doers = doers(db, building).await?;
    let places = buildings::places(db, building.id).await?;
    let home = format!("/b/{}", building.slug);
    let page = Page {
        house: building.name(lang).to_owned(),
        root: root(building),
        action: number.map_or_else(|| root(building), |n| address(building, n)),
        heading: lang.t(if number.is_some() { "maintenance.change" } else { "maintenance.new" }),
        forward: number.is_some(),
        kinds: categories::all().iter().map(|c| Choice::new(&c.code, c.name(lang))).collect(),
        places: places.iter().filter(|p| p.retired_at.is_none()).map(|p| Choice::new(&p.code, p.full(lang))).collect(),
        people: people(who, building, &doers).await?,
        organisations: doers.iter().map(|o| Choice::new(&o.slug, o.name(lang))).collect(),
        rhythms: Rhythm::ALL.iter().map(|r| Choice::new(r.as_str(), lang.t(&format!("maintenance.rhythm.{r}")))).collect(),
        title_max: TITLE_MAX,
        words_max: WORDS_MAX,
        steps_max: STEPS_LENGTH,
        safety_max: SAFETY_MAX,
        home,
        form,
    };
    let frame = Frame::titled(page.heading.clone()).of(who, building).at_work().class("pg-work");
    who.page(frame, "maintenance/edit", &page)
}

/// What a form named, looked up.
struct Named {
    place: Option<Place>,
    organisation: Organisation,
    person: Option<PersonId>,
    rhythm: Rhythm,
    every: i32,
    within: i32,
}

impl Named {
    async fn of(db: &impl ConnectionTrait, keys: &Keys, building: &Building, sent: &Sent<'_>) -> Result<Self> {
        let place = match sent.given("place") {
            None => None,
            Some(code) => match buildings::place_by_code(db, building.id, code).await {
                Err(Error::NotFound) => return Err(Refusal::new("unknown_place").at("place").into()),
                found => Some(found?),
            },
        };
        let organisation = organisations::named(db, building, "organisation", sent.text("organisation")).await?;
        let person = match sent.given("person") {
            None => None,
            Some(handle) => {
                let all = persons::at_work(db, organisation.id, building).await?;
                let found = all.into_iter().find(|p| duty::handle(keys, *p) == handle);
                Some(found.ok_or_else(|| Refusal::new("assign_not_theirs").at("person"))?)
            }
        };
        let number = |name: &'static str| match sent.given(name) {
            None => Err(Refusal::new("empty").at(name)),
            Some(n) => n.trim().parse::<i32>().map_err(|_| Refusal::new("whole_number").at(name)),
        };
        let rhythm = sent.text("rhythm").parse().map_err(|r: Refusal| r.at("rhythm"))?;
        Ok(Self { place, organisation, person, rhythm, every: number("every")?, within: number("within")? })
    }

    fn written<'s>(&'s self, sent: &'s Sent<'_>) -> Written<'s> {
        Written {
            title: sent.text("title"),
            words: sent.text("words"),
            steps: sent.text("steps"),
            safety: sent.text("safety"),
            category: sent.text("category"),
            place: self.place.as_ref(),
            organisation: &self.organisation,
            person: self.person,
            rhythm: self.rhythm,
            every: self.every,
            first_day: sent.text("first_day"),
            within: self.within,
        }
    }
}

#[get("/<_>/plans/new")]
async fn new(who: May<'_, Maintain>) -> Result<Answer> {
    page(&who, None, FormState::filled(&who, [("within", "1".to_owned())])).await
}

#[post("/<_>/plans", data = "<sent>")]
async fn create(who: May<'_, Maintain>, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        let named = Named::of(act.tx(), who.house.keys(), building, &sent).await?;
        let made = maintenance::write(&act, building, &named.written(&sent)).await?;
        act.commit().await?;
        Ok(made)
    }
    .await;
    match done {
        Ok(made) => Ok(Answer::go(address(building, made.number)).saying("maintenance.said.made")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, None, form).await?.status(status))
        }
    }
}

#[get("/<_>/plans/<number>/edit")]
async fn edit(who: May<'_, Maintain>, number: i32) -> Result<Answer> {
    let building = building(&who).await?;
    let Placed { plan, place } = maintenance::by_number(who.house.read(), building.id, number).await?;
    let organisation = organisations::by_id(who.house.read(), plan.organisation_id).await?;
    let next = plan.next().ok_or_else(|| Refusal::new("plan_ended"))?;
    let values = [
        ("title", plan.title.clone()),
        ("words", plan.words.clone()),
        ("steps", plan.steps.clone()),
        ("safety", plan.safety.clone()),
        ("category", plan.category.clone()),
        ("place", place.map_or_else(String::new, |p| p.code)),
        ("organisation", organisation.slug),
        ("person", plan.person_id.map_or_else(String::new, |p| duty::handle(who.house.keys(), p))),
        ("rhythm", plan.rhythm.to_string()),
        ("every", plan.every.to_string()),
        ("first_day", next.to_string()),
        ("within", plan.within_days.to_string()),
        ("version", plan.version.to_string()),
    ];
    page(&who, Some(number), FormState::filled(&who, values)).await
}

#[post("/<_>/plans/<number>", data = "<sent>")]
async fn change(who: May<'_, Maintain>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let held = maintenance::by_number(who.house.read(), building.id, number).await?.plan;
    let done = async {
        let act = who.begin(&sent).await?;
        let plan = maintenance::by_number(act.tx(), building.id, number).await?.plan.unchanged_since(sent.version()?)?;
        let named = Named::of(act.tx(), who.house.keys(), building, &sent).await?;
        plan.correct(&act, building, &named.written(&sent)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(address(building, number)).saying("maintenance.said.changed")),
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            form.values.entry("version".into()).or_insert_with(|| held.version.to_string());
            Ok(page(&who, Some(number), form).await?.status(status))
        }
    }
}

#[post("/<_>/plans/<number>/ending", data = "<sent>")]
async fn end(who: May<'_, Maintain>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        let plan = maintenance::by_number(act.tx(), building.id, number).await?.plan.unchanged_since(sent.version()?)?;
        plan.end(&act, building, sent.text("why")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(address(building, number)).saying("maintenance.said.ended")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(reading::page(&who, building, number, form).await?.status(status))
        }
    }
}
