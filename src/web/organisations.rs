//! `/b/{building}/organisations`: who there is around a building: its property manager, enterprises, contractors, and those of
//! the whole district; added by a form, and taken out of use.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Administer, May};
use super::issues::work::Choice;
use super::sent::Sent;
use crate::domain::buildings;
use crate::domain::levels::Level;
use crate::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind};
use crate::domain::persons;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::text;

pub(super) fn routes() -> Vec<Route> {
    routes![index, create, set_level, retire]
}

#[derive(Serialize)]
struct Line {
    name: String,
    short: Option<String>,
    small: String,
    people: String,
    retirement: Option<String>,
    /// At which of the five levels it acts, where it can be responsible; with the form that changes it for those who may.
    level: Option<LevelForm>,
}

#[derive(Serialize)]
struct LevelForm {
    id: String,
    word: String,
    action: Option<String>,
    value: String,
    error: Option<String>,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Group {
    kind: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    groups: Vec<Group>,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
    form: FormState,
}

async fn page(who: &May<'_, Administer>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let root = format!("{}/organisations", who.at.root());
    let here = persons::all_here(db, building).await?;
    let around = organisations::around(db, building.district_id, building.id).await?;
    let wide = who.membership.district_id.is_some();
    let line = |o: &Organisation| {
        let people = here.iter().filter(|m| m.organisation_id == o.id).map(|m| m.person_id).collect::<std::collections::HashSet<_>>().len();
        let size = match (o.workers, o.size) {
            (Some(n), _) => Some(lang.say("organisations.workers", &[("n", &n.to_string())])),
            (None, Some(size)) => Some(lang.t(&format!("organisations.sizes.{}", size.as_str()))),
            (None, None) => None,
        };
        let place = if o.building_id.is_none() { Some(lang.t("organisations.of_district")) } else { None };
        let small: Vec<String> = [place, size, o.email.clone()].into_iter().flatten().collect();
        Line {
            name: o.name(lang).to_owned(),
            short: Some(o.short(lang).to_owned()).filter(|s| s != o.name(lang)),
            small: small.join(lang.pick("，", ", ")),
            people: lang.say("organisations.people", &[("n", &people.to_string())]),
            level: o.takes_over().then(|| level(o, &root, wide, &form, lang)),
            retirement: (o.building_id.is_some() || wide).then(|| format!("{root}/{}/retirement", o.slug)),
        }
    };
    let groups = OrganisationKind::ALL.iter().filter_map(|kind| {
        let lines: Vec<Line> = around.iter().filter(|o| o.kind == *kind).map(line).collect();
        (!lines.is_empty()).then(|| Group { kind: lang.t(&format!("organisations.kinds.{}", kind.as_str())), lines })
    });
    let scopes = ["building", "district"].iter().filter(|s| **s == "building" || wide);
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        groups: groups.collect(),
        kinds: OrganisationKind::ALL.iter().map(|k| Choice::new(k.as_str(), lang.t(&format!("organisations.kinds.{}", k.as_str())))).collect(),
        scopes: scopes.map(|s| Choice::new(*s, lang.t(&format!("organisations.scopes.{s}")))).collect(),
        root,
        form,
    };
    let frame = Frame::titled(lang.t("organisations.title")).of(who, building).at_work().class("pg-found");
    who.page(frame, "organisations/index", &page)
}

/// Its level in a word, and the form.
fn level(o: &Organisation, root: &str, wide: bool, form: &FormState, lang: Lang) -> LevelForm {
    let word = |l: Level| lang.t(&format!("hands.levels.{l}"));
    let own = form.or(&o.slug, [("level", o.acts_at().to_string())]);
    LevelForm {
        id: o.slug.clone(),
        word: word(o.acts_at()),
        action: (o.building_id.is_some() || wide).then(|| format!("{root}/{}/level", o.slug)),
        value: own.values.get("level").cloned().unwrap_or_default(),
        error: own.errors.get("level").cloned(),
        options: Level::WAY.iter().map(|l| Choice::new(l.as_str(), word(*l))).collect(),
    }
}

#[get("/<_>/organisations?<kind>")]
async fn index(who: May<'_, Administer>, kind: Option<&str>) -> Result<Answer> {
    let kind = kind.filter(|k| k.parse::<OrganisationKind>().is_ok()).unwrap_or("property_manager");
    page(&who, FormState::filled(&who, [("kind", kind.to_owned()), ("scope", "building".to_owned())])).await
}

#[post("/<_>/organisations", data = "<sent>")]
async fn create(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let kind: OrganisationKind = sent.text("kind").parse().map_err(|r: Refusal| r.at("kind"))?;
        let wide = sent.text("scope") == "district";
        if wide && who.membership.district_id.is_none() {
            return Err(Refusal::new("unknown_choice").at("scope").into());
        }
        let workers = match sent.given("workers") {
            Some(_) => Some(sent.read::<i32>("workers")?)
                .filter(|n| (1..=200_000).contains(n))
                .ok_or_else(|| Refusal::new("unreadable").at("workers"))
                .map(Some)?,
            None => None,
        };
        let email = sent.given("email");
        if let Some(mail) = email {
            persons::mail_address("email", mail)?;
        }
        let act = who.begin(&sent).await?;
        let building = &buildings::hold(&act, who.building()?.id).await?;
        let district = buildings::district_by_id(act.tx(), building.district_id).await?;
        let name = text::words("name", sent.text("name"), 1, 60)?;
        if organisations::around(act.tx(), district.id, building.id).await?.iter().any(|o| o.name == name) {
            return Err(Refusal::new("known_already").at("name").into());
        }
        if kind == OrganisationKind::PropertyManager && !wide && organisations::manager_of(act.tx(), building.id).await?.is_some() {
            return Err(Refusal::new("manager_known").at("kind").into());
        }
        let name_en = sent.given("name_en").unwrap_or(&name).to_owned();
        let short = sent.given("short").map_or_else(|| text::shorten(&name, 30), str::to_owned);
        let short_en = if sent.given("name_en").is_some() { text::shorten(&name_en, 60) } else { short.clone() };
        let slug =
            organisations::free_slug(act.tx(), district.id, &name_en, &format!("{}-{}", building.slug, kind.as_str().replace('_', "-"))).await?;
        let new = NewOrganisation { kind, slug: &slug, name: &name, name_en: &name_en, short: &short, short_en: &short_en, workers, email };
        organisations::add(&act, &district, (!wide).then_some(building), new).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "organisations.said.added").await
}

/// One that this administrator looks after.
async fn own(who: &May<'_, Administer>, act: &Act, slug: &str) -> Result<Organisation> {
    let building = who.building()?;
    let organisation = organisations::by_slug(act.tx(), building.district_id, slug).await?;
    if !organisation.is_around(building) || (organisation.building_id.is_none() && who.membership.district_id.is_none()) {
        return Err(Error::NotFound);
    }
    Ok(organisation)
}

/// `POST …/organisations/{slug}/level`: at which of the five levels it acts.
#[post("/<_>/organisations/<slug>/level", data = "<sent>")]
async fn set_level(who: May<'_, Administer>, slug: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let level: Level = sent.text("level").parse().map_err(|r: Refusal| r.at("level"))?;
        let act = who.begin(&sent).await?;
        own(&who, &act, slug).await?.at_level(&act, level).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "organisations.said.level").await
}

#[post("/<_>/organisations/<slug>/retirement", data = "<sent>")]
async fn retire(who: May<'_, Administer>, slug: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        own(&who, &act, slug).await?.retire(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "organisations.said.retired").await
}

async fn after(who: &May<'_, Administer>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/organisations", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, form).await?.status(status))
        }
    }
}
