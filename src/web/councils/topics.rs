//! `/b/{building}/council/topics`: what keeps coming back, to be brought before the council as one item.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::Here;
use crate::domain::buildings::{self, Building};
use crate::domain::categories;
use crate::domain::issues::Issue;
use crate::domain::meetings::items;
use crate::domain::topics::{self, PartOfDay, Pattern, Recurring};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat};
use crate::web::sent::Sent;
use crate::web::shown::states::{self, State};

/// Mounted at `/b`.
pub fn routes_of_building() -> Vec<Route> {
    routes![index, gather]
}

/// Matters that a pattern names.
const SHOWN: usize = 8;

#[derive(Serialize)]
struct Matter {
    label: String,
    href: String,
    when: String,
    state: State,
    reports: String,
}

#[derive(Serialize)]
struct Line {
    heading: String,
    sum: String,
    matters: Vec<Matter>,
    more: Option<String>,
    /// What the form sends.
    place: String,
    category: String,
    part: &'static str,
    /// Where it is before the council already.
    item: Option<String>,
    /// Why it cannot be gathered now.
    closed: Option<String>,
}

#[derive(Serialize)]
struct Page {
    council: String,
    action: String,
    lines: Vec<Line>,
    least: i64,
    form: FormState,
}

fn matter(caller: &Caller, building: &Building, issue: &Issue) -> Matter {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    Matter {
        label: building.label(issue.number),
        href: format!("/b/{}/issues/{}", building.slug, issue.number),
        when: dates::short(dates::local(issue.received_at).date(), today, lang),
        state: states::of(issue, None, lang),
        reports: lang.say("topics.reports", &[("n", &issue.reports.to_string())]),
    }
}

async fn line(caller: &Caller, here: &Here, building: &Building, found: &Recurring) -> Result<Line> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let place = buildings::places_with_outer(db, vec![found.pattern.place]).await?.into_iter().find(|p| p.id == found.pattern.place);
    let place = place.ok_or(Error::NotFound)?;
    let part = found.pattern.part;
    let heading = [
        ("place", place.full(lang)),
        ("kind", categories::name(&found.pattern.category, lang)),
        ("part", lang.t(&format!("topics.part.{}", part.as_str()))),
    ];
    let heading: Vec<(&str, &str)> = heading.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let open = found.matters.iter().filter(|i| i.state.is_open()).count();
    let sum = [("n", found.matters.len()), ("reports", found.reports().unsigned_abs() as usize), ("open", open)].map(|(k, n)| (k, n.to_string()));
    let sum: Vec<(&str, &str)> = sum.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let before = items::nominated(db, found.matters.iter().map(|i| i.id).collect()).await?;
    let item = match before.first() {
        Some(id) => items::open_of_issue(db, *id).await?,
        None => None,
    };
    let gathered = match &item {
        Some(item) => topics::of_item(db, item.id).await?.len() + 1 >= found.matters.len(),
        None => false,
    };
    let way = match &item {
        Some(item) if gathered => Some(format!("{}/council/items/{}", here.root, items::number(db, item).await?)),
        _ => None,
    };
    Ok(Line {
        heading: lang.say("topics.line", &heading),
        sum: lang.say(if open == 0 { "topics.sum_closed" } else { "topics.sum" }, &sum),
        matters: found.matters.iter().take(SHOWN).map(|i| matter(caller, building, i)).collect(),
        more: (found.matters.len() > SHOWN).then(|| lang.say("topics.more", &[("n", &(found.matters.len() - SHOWN).to_string())])),
        place: place.code,
        category: found.pattern.category.clone(),
        part: part.as_str(),
        closed: (item.is_none() && open == 0).then(|| lang.t("topics.all_closed")),
        item: way,
    })
}

async fn page(caller: &Caller, here: &Here, form: FormState) -> Result<Answer> {
    let (db, lang): (_, Lang) = (caller.house.read(), caller.lang);
    let building = here.building().ok_or(Error::NotFound)?;
    let mut lines = vec![];
    for found in topics::recurring(db, building.id, caller.house.now()).await? {
        lines.push(line(caller, here, building, &found).await?);
    }
    let page = Page { council: format!("{}/council", here.root), action: format!("{}/council/topics", here.root), lines, least: topics::LEAST, form };
    caller.page(here.frame(caller, lang.t("topics.title")).class("pg-list").at_work(), "councils/topics", &page)
}

/// `GET /b/{building}/council/topics`.
#[get("/<_>/council/topics")]
async fn index(who: May<'_, Secretariat>) -> Result<Answer> {
    page(&who, &Here::of(&who).await?, FormState::fresh(&who)).await
}

/// `POST /b/{building}/council/topics`: a pattern becomes one item.
#[post("/<_>/council/topics", data = "<sent>")]
async fn gather(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let building = here.building().ok_or(Error::NotFound)?;
    let done = async {
        let act = who.begin(&sent).await?;
        let place = match buildings::place_by_code(act.tx(), building.id, sent.text("place")).await {
            Err(Error::NotFound) => return Err(Refusal::new("unknown_place").into()),
            found => found?,
        };
        let part: PartOfDay = sent.text("part").parse()?;
        let category = categories::named(sent.text("category"))?.code.clone();
        let item = topics::gather(&act, building, &Pattern { place: place.id, category, part }).await?;
        let number = items::number(act.tx(), &item).await?;
        act.commit().await?;
        Ok(number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(format!("{}/council/items/{number}", here.root)).saying("topics.said.gathered")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, &here, form).await?.status(status))
        }
    }
}
