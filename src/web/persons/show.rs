//! One person: what they do here, what they have in hand, and how they leave: when, and who takes over.

use chrono::NaiveDate;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::index::{self, Came, Link};
use super::{Here, by, reaching};
use crate::domain::departures::{self, Departure};
use crate::domain::invitations::{self, fits, usual_role};
use crate::domain::organisations::Organisation;
use crate::domain::persons::{self, Membership, Person};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, People};
use crate::web::issues::work::Choice;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, lead, link, depart, stay]
}

/// Who replaces somebody and is not here yet.
const SOMEBODY_NEW: &str = "new";

#[derive(Serialize)]
struct Part {
    id: String,
    slug: String,
    organisation: String,
    roles: String,
    lead: bool,
    /// May be named the lead: acts for the organisation itself.
    leads: bool,
    held: String,
    leaves: Option<String>,
    successors: Vec<Choice>,
    form: FormState,
}

#[derive(Serialize)]
struct Page {
    root: String,
    people: String,
    home: String,
    house: String,
    name: String,
    reach: Option<String>,
    /// Has no mail address: a link is handed over.
    by_hand: bool,
    parts: Vec<Part>,
    form: FormState,
}

/// Whoever is named in the address, if the caller looks after them, with what they are here.
async fn theirs(db: &impl sea_orm::ConnectionTrait, who: &May<'_, People>, handle: &str) -> Result<(Here, Person, Vec<Membership>)> {
    reaching(who)?;
    let here = Here::of(db, who).await?;
    let person = persons::by_handle(db, who.house.keys(), &here.members, handle).await?;
    let own: Vec<Membership> = here.members.iter().filter(|m| m.person_id == person.id && here.mine(m)).cloned().collect();
    if own.is_empty() { Err(Error::NotFound) } else { Ok((here, person, own)) }
}

async fn page(who: &May<'_, People>, handle: &str, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let (here, person, own) = theirs(db, who, handle).await?;
    let leaving = departures::set_here(db, building.id).await?;
    let today = dates::local(who.house.now()).date();
    let mut parts: Vec<Part> = vec![];
    for m in &own {
        let Some(o) = here.organisation(m.organisation_id) else { continue };
        if parts.iter().any(|p| p.slug == o.slug) {
            continue;
        }
        let mine: Vec<&Membership> = own.iter().filter(|x| x.organisation_id == o.id).collect();
        let mut roles: Vec<String> = mine.iter().map(|x| lang.t(&format!("roles.{}", x.role.as_str()))).collect();
        roles.dedup();
        let held = departures::held(db, building.id, o.id, person.id).await?;
        let with = [("issues", held.issues), ("tasks", held.tasks), ("seats", held.seats)].map(|(k, n)| (k, n.to_string()));
        let with: Vec<(&str, &str)> = with.iter().map(|(k, n)| (*k, n.as_str())).collect();
        let none = held == departures::Held::default();
        let leave = leaving.iter().find(|d| d.person_id == person.id && d.organisation_id == o.id);
        let id = format!("leave-{}", o.slug);
        parts.push(Part {
            organisation: o.name(lang).to_owned(),
            roles: roles.join(lang.pick("、", ", ")),
            lead: mine.iter().any(|x| x.lead),
            leads: mine.iter().any(|x| usual_role(o.kind) == Some(x.role)),
            held: lang.say(if none { "persons.holds_nothing" } else { "persons.holds" }, &with),
            leaves: leave.and_then(|d| dates::parse(&d.last_day)).map(|day| lang.say("persons.leaves", &[("day", &dates::short(day, today, lang))])),
            successors: successors(who, &here, &person, o),
            form: form.or(&id, [("last_day", today.to_string())]),
            slug: o.slug.clone(),
            id,
        });
    }
    let people = format!("{}/people", who.at.root());
    let page = Page {
        root: format!("{people}/{handle}"),
        people,
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        name: person.name(lang).to_owned(),
        reach: person.email.clone().or_else(|| person.phone.clone()),
        by_hand: person.email.is_none(),
        parts,
        form,
    };
    let frame = Frame::titled(page.name.clone()).of(who, building).at_work().class("pg-found");
    who.page(frame, "persons/show", &page)
}

fn successors(who: &May<'_, People>, here: &Here, person: &Person, o: &Organisation) -> Vec<Choice> {
    let lang = who.lang;
    let mut all = vec![Choice::new("", lang.say("persons.to_queue", &[("of", o.short(lang))]))];
    let mut seen = vec![person.id];
    for m in here.members.iter().filter(|m| m.organisation_id == o.id) {
        if seen.contains(&m.person_id) {
            continue;
        }
        seen.push(m.person_id);
        if let Some(p) = here.people.get(&m.person_id) {
            all.push(Choice::new(p.handle(who.house.keys()), p.name(lang)));
        }
    }
    all.push(Choice::new(SOMEBODY_NEW, lang.t("persons.to_new")));
    all
}

#[get("/<_>/people/<handle>")]
async fn show(who: May<'_, People>, handle: &str) -> Result<Answer> {
    page(&who, handle, FormState::fresh(&who)).await
}

async fn after(who: &May<'_, People>, handle: &str, sent: &Sent<'_>, done: Result<bool>, said: &'static str) -> Result<Answer> {
    match done {
        // Whoever has left has no page any more.
        Ok(gone) => {
            let people = format!("{}/people", who.at.root());
            Ok(Answer::go(if gone { people } else { format!("{people}/{handle}") }).saying(said))
        }
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, handle, form).await?.status(status))
        }
    }
}

/// Begins an act in the role by which the caller looks after people.
async fn begin(who: &May<'_, People>, sent: &Sent<'_>) -> Result<Act> {
    let reach = reaching(who)?;
    who.caller_begin(by(who, reach).actor(), sent).await
}

fn organisation<'h>(here: &'h Here, own: &[Membership], sent: &Sent<'_>) -> Result<&'h Organisation> {
    let slug = sent.text("organisation");
    let named = own.iter().filter_map(|m| here.organisation(m.organisation_id)).find(|o| o.slug == slug);
    named.ok_or(Error::NotFound)
}

/// Names somebody who looks after the people of their organisation, or says that they no longer do.
#[post("/<_>/people/<handle>/lead", data = "<sent>")]
async fn lead(who: May<'_, People>, handle: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = begin(&who, &sent).await?;
        let (here, _, own) = theirs(act.tx(), &who, handle).await?;
        let o = organisation(&here, &own, &sent)?;
        let led = own.iter().find(|m| m.organisation_id == o.id && usual_role(o.kind) == Some(m.role)).ok_or(Error::NotFound)?;
        led.clone().name_lead(&act, sent.text("lead") == "yes").await?;
        act.commit().await?;
        Ok(false)
    }
    .await;
    after(&who, handle, &sent, done, "persons.said.lead").await
}

/// A new link for somebody without a mail address, shown once.
#[post("/<_>/people/<handle>/link", data = "<sent>")]
async fn link(who: May<'_, People>, handle: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = begin(&who, &sent).await?;
        let (_, person, _) = theirs(act.tx(), &who, handle).await?;
        let token = invitations::show_link(&act, who.building()?, &person).await?;
        act.commit().await?;
        Ok::<_, Error>(Link { name: person.name(who.lang).to_owned(), address: who.house.settings().address(&format!("/sign-in/{token}")) })
    }
    .await;
    match done {
        Ok(link) => index::page(&who, Came { links: vec![link], ..Came::default() }, FormState::fresh(&who)).await,
        Err(e) => after(&who, handle, &sent, Err(e), "persons.said.lead").await,
    }
}

/// Sets a last day, and who takes over; somebody new is let in by the same act.
#[post("/<_>/people/<handle>/departure", data = "<sent>")]
async fn depart(who: May<'_, People>, handle: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = begin(&who, &sent).await?;
        let (here, person, own) = theirs(act.tx(), &who, handle).await?;
        let (o, building) = (organisation(&here, &own, &sent)?, who.building()?);
        let last_day: NaiveDate = sent.given("last_day").and_then(dates::parse).ok_or_else(|| Refusal::new("date").at("last_day"))?;
        let successor = match sent.given("successor") {
            None => None,
            Some(SOMEBODY_NEW) => Some(newcomer(&act, &who, &person, o, &own, &sent).await?),
            Some(chosen) => match persons::by_handle(act.tx(), who.house.keys(), &here.members, chosen).await {
                Ok(p) => {
                    if sent.ticked("roles") {
                        departures::replace(&act, building, reaching(&who)?, &person, o.id, &p).await?;
                    }
                    Some(p.id)
                }
                Err(Error::NotFound) => return Err(Refusal::new("successor_not_theirs").at("successor").into()),
                Err(e) => return Err(e),
            },
        };
        let departure: Departure = departures::set(&act, building, &person, o.id, last_day, successor).await?;
        act.commit().await?;
        let elsewhere = own.iter().any(|m| m.organisation_id != o.id);
        Ok(departure.done_at.is_some() && !elsewhere)
    }
    .await;
    after(&who, handle, &sent, done, "persons.said.leaves").await
}

/// Lets in whoever replaces somebody, with the same roles.
async fn newcomer(
    act: &Act,
    who: &May<'_, People>,
    person: &Person,
    o: &Organisation,
    own: &[Membership],
    sent: &Sent<'_>,
) -> Result<crate::kernel::ids::PersonId> {
    let reach = reaching(who)?;
    let name = text::words("new_name", sent.text("new_name"), 1, 60)?;
    let email = sent.given("new_email").ok_or_else(|| Refusal::new("empty").at("new_email"))?;
    persons::mail_address("new_email", email)?;
    let first = own.iter().find(|m| m.organisation_id == o.id && fits(m.role, o.kind)).ok_or(Error::NotFound)?;
    let line =
        invitations::Line { line: 1, name, email: Some(email.to_owned()), phone: None, organisation: o.clone(), role: first.role, here: false };
    if persons::by_email(act.tx(), email).await?.is_some_and(|p| own.iter().any(|m| m.person_id == p.id)) {
        return Err(Refusal::new("successor_not_theirs").at("new_email").into());
    }
    let building = who.building()?;
    let let_in = invitations::invite(act, building, by(who, reach), &[line], who.lang).await?;
    let fresh = let_in.into_iter().next().ok_or(Error::NotFound)?.person;
    departures::replace(act, building, reach, person, o.id, &fresh).await?;
    Ok(fresh.id)
}

/// They stay after all.
#[post("/<_>/people/<handle>/departure/cancellation", data = "<sent>")]
async fn stay(who: May<'_, People>, handle: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = begin(&who, &sent).await?;
        let (here, person, own) = theirs(act.tx(), &who, handle).await?;
        let o = organisation(&here, &own, &sent)?;
        let set = departures::set_here(act.tx(), who.building()?.id).await?;
        let departure = set.into_iter().find(|d| d.person_id == person.id && d.organisation_id == o.id).ok_or(Error::Conflict)?;
        departure.cancel(&act).await?;
        act.commit().await?;
        Ok(false)
    }
    .await;
    after(&who, handle, &sent, done, "persons.said.stays").await
}
