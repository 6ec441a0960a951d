//! The list: organisation by organisation, with what each does and who leaves when.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::{Here, by};
use crate::domain::departures;
use crate::domain::invitations::Reach;
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, People};
use crate::web::issues::work::Choice;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

#[derive(Serialize)]
struct Somebody {
    name: String,
    roles: String,
    /// How to reach them, for who looks after them.
    reach: Option<String>,
    lead: bool,
    leaves: Option<String>,
    href: Option<String>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    people: Vec<Somebody>,
}

/// A list that was looked at.
#[derive(Serialize)]
pub(super) struct Checked {
    pub rows: Vec<Seen>,
    pub words: String,
    pub list: String,
    pub organisation: String,
    pub role: String,
}

#[derive(Serialize)]
pub(super) struct Seen {
    pub line: usize,
    pub name: String,
    pub reach: String,
    pub organisation: String,
    pub role: String,
    pub note: String,
}

/// What came of a list.
#[derive(Default)]
pub(super) struct Came {
    pub checked: Option<Checked>,
    pub faults: Vec<String>,
    /// Links to hand over, shown once.
    pub links: Vec<Link>,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub name: String,
    pub address: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    groups: Vec<Group>,
    n: usize,
    invites: bool,
    all: bool,
    organisations: Vec<Choice>,
    roles: Vec<Choice>,
    checked: Option<Checked>,
    faults: Vec<String>,
    links: Vec<Link>,
    days: i64,
    form: FormState,
}

pub(super) async fn page(who: &May<'_, People>, came: Came, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let here = Here::of(db, who).await?;
    let root = format!("{}/people", who.at.root());
    let leaving = departures::set_here(db, building.id).await?;
    let today = dates::local(who.house.now()).date();
    let mut groups = vec![];
    for o in &here.organisations {
        let theirs: Vec<&Membership> = here.members.iter().filter(|m| m.organisation_id == o.id).collect();
        let mut ids: Vec<_> = theirs.iter().map(|m| m.person_id).collect();
        ids.dedup();
        let mut people: Vec<Somebody> = vec![];
        let mut seen = vec![];
        for id in ids {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let Some(p) = here.people.get(&id) else { continue };
            let held: Vec<&&Membership> = theirs.iter().filter(|m| m.person_id == id).collect();
            let mine = held.iter().any(|m| here.mine(m));
            let mut roles: Vec<String> = held.iter().map(|m| lang.t(&format!("roles.{}", m.role.as_str()))).collect();
            roles.dedup();
            people.push(Somebody {
                name: p.name(lang).to_owned(),
                roles: roles.join(lang.pick("、", ", ")),
                reach: mine.then(|| p.email.clone().or_else(|| p.phone.clone())).flatten(),
                lead: held.iter().any(|m| m.lead),
                leaves: leaving
                    .iter()
                    .find(|d| d.person_id == id && d.organisation_id == o.id)
                    .and_then(|d| dates::parse(&d.last_day))
                    .map(|day| lang.say("persons.leaves", &[("day", &dates::short(day, today, lang))])),
                href: mine.then(|| format!("{root}/{}", p.handle(who.house.keys()))),
            });
        }
        if !people.is_empty() {
            groups.push(Group { name: o.name(lang).to_owned(), people });
        }
    }
    let all = here.reach == Some(Reach::All);
    let organisations = here.organisations.iter().filter(|o| match here.reach {
        Some(Reach::Own(own)) => o.id == own,
        _ => true,
    });
    let wide = here.reach.map(|r| by(who, r).district_id.is_some()).unwrap_or_default();
    let roles = Role::ALL.iter().filter(|r| wide || !matches!(r, Role::Association | Role::Department));
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        n: groups.iter().map(|g| g.people.len()).sum(),
        groups,
        invites: here.reach.is_some(),
        all,
        organisations: organisations.map(|o| Choice::new(o.slug.clone(), o.name(lang))).collect(),
        roles: if all { roles.map(|r| Choice::new(r.as_str(), lang.t(&format!("roles.{}", r.as_str())))).collect() } else { vec![] },
        checked: came.checked,
        faults: came.faults,
        links: came.links,
        days: crate::domain::invitations::LINK_DAYS,
        root,
        form,
    };
    let frame = Frame::titled(lang.t("persons.title")).of(who, building).at_work().class("pg-found");
    // Links stand in this answer alone.
    Ok(who.page(frame, "persons/index", &page)?.header("Cache-Control", "no-store"))
}

#[get("/<_>/people?<organisation>&<role>")]
async fn index(who: May<'_, People>, organisation: Option<&str>, role: Option<&str>) -> Result<Answer> {
    let values = [("organisation", organisation.unwrap_or_default().to_owned()), ("role", role.unwrap_or_default().to_owned())];
    page(&who, Came::default(), FormState::filled(&who, values)).await
}
