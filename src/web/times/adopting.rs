//! Other times from a day on: a row for each kind of trouble, filled with what holds now. What was promised stays.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::categories::{self, Category, Limit};
use crate::domain::councils;
use crate::domain::resolutions::{self, Resolution};
use crate::domain::times::{self, NewTimes, Owed, Times};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::{self, Fault, FormState};
use crate::web::frame::Frame;
use crate::web::guards::{May, Secretariat};
use crate::web::issues::work::Choice;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

/// Units of a limit, as they are kept.
const UNITS: [&str; 3] = ["h", "wd", "d"];
/// Decisions to choose from, the latest.
const DECISIONS: u64 = 30;

#[derive(Serialize)]
struct Limited {
    name: String,
    label: String,
    value: String,
    unit_name: String,
    unit: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Row {
    kind: String,
    both: [Limited; 2],
}

#[derive(Serialize)]
struct Group {
    name: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    back: String,
    groups: Vec<Group>,
    units: Vec<Choice>,
    decisions: Vec<Choice>,
    tomorrow: String,
    form: FormState,
}

async fn decisions(who: &May<'_, Secretariat>) -> Result<Vec<Resolution>> {
    let db = who.house.read();
    match councils::of_building(db, who.building()?.id).await {
        Ok(council) => resolutions::of_council(db, council.id, DECISIONS).await,
        Err(Error::NotFound) => Ok(vec![]),
        Err(e) => Err(e),
    }
}

fn fields(what: &str, code: &str) -> (String, String) {
    let code = code.replace('.', "-");
    (format!("{what}-{code}"), format!("{what}u-{code}"))
}

fn split(limit: Limit) -> (String, &'static str) {
    match limit {
        Limit::Hours(n) => (n.to_string(), "h"),
        Limit::WorkingDays(n) => (n.to_string(), "wd"),
        Limit::Days(n) => (n.to_string(), "d"),
    }
}

fn limited(who: &May<'_, Secretariat>, form: &FormState, what: &'static str, category: &Category, now: Limit) -> Limited {
    let (name, unit_name) = fields(what, &category.code);
    let (value, unit) = split(now);
    Limited {
        label: who.lang.t(&format!("times.{what}")),
        value: form.values.get(&name).cloned().unwrap_or(value),
        unit: form.values.get(&unit_name).cloned().unwrap_or_else(|| unit.to_owned()),
        error: form.errors.get(&name).cloned(),
        name,
        unit_name,
    }
}

async fn page(who: &May<'_, Secretariat>, mut form: FormState) -> Result<Answer> {
    let (lang, building) = (who.lang, who.building()?);
    let now: Times = times::at(who.house.read(), building.id, who.house.now()).await?;
    let tomorrow = dates::local(who.house.now()).date().succ_opt().map(|d| d.to_string()).unwrap_or_default();
    form.values.entry("from".into()).or_insert_with(|| tomorrow.clone());
    let mut groups: Vec<Group> = vec![];
    let mut last = "";
    for c in categories::all() {
        if c.group != last {
            last = &c.group;
            groups.push(Group { name: lang.t(&format!("reports.groups.{last}")), rows: vec![] });
        }
        let owed = now.of(c);
        let both = [limited(who, &form, "first", c, owed.first), limited(who, &form, "result", c, owed.result)];
        if let Some(group) = groups.last_mut() {
            group.rows.push(Row { kind: c.name(lang).to_owned(), both });
        }
    }
    let page = Page {
        home: who.at.root(),
        house: who.at.name(lang).to_owned(),
        back: format!("{}/times", who.at.root()),
        groups,
        units: UNITS.iter().map(|u| Choice::new(*u, lang.t(&format!("times.unit.{u}")))).collect(),
        decisions: decisions(who).await?.iter().map(|r| Choice::new(r.address(), format!("{} {}", r.label(&building.short), r.title))).collect(),
        tomorrow,
        form,
    };
    who.page(Frame::titled(lang.t("times.new")).of(who, building).here("desk").at_work().class("pg-times"), "times/new", &page)
}

#[get("/<_>/times/new")]
async fn new(who: May<'_, Secretariat>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

/// Reads a row; what is wrong stands beside its field.
fn owed(sent: &Sent<'_>, category: &'static Category, form: &mut FormState) -> Option<Owed> {
    let lang = sent.caller.lang;
    let mut wrong = |what: &str, refusal: &Refusal| {
        let words = format!("{}: {}", category.name(lang), form::sentence(lang, refusal));
        let (field, _) = fields(what, &category.code);
        form.errors.insert(field.clone(), words.clone());
        form.summary.push(Fault { field: Some(field), words });
    };
    let mut read = |what: &str| {
        let (name, unit) = fields(what, &category.code);
        let limit = Limit::try_from(format!("{}{}", sent.text(&name).trim(), sent.text(&unit)));
        limit.map_err(|_| wrong(what, &Refusal::new("times_number"))).ok()
    };
    let (first, result) = (read("first"), read("result"));
    let owed = Owed { first: first?, result: result? };
    match times::ask_limit(category, owed) {
        Ok(()) => Some(owed),
        Err(refusal) => {
            wrong("first", &refusal);
            None
        }
    }
}

async fn adopt(who: &May<'_, Secretariat>, building: &Building, sent: &Sent<'_>, owed: Vec<(&'static Category, Owed)>) -> Result<()> {
    let from = dates::parse(sent.text("from").trim()).ok_or_else(|| Refusal::new("date").at("from"))?;
    let resolution = match sent.given("resolution") {
        Some(address) => {
            Some(decisions(who).await?.into_iter().find(|r| r.address() == address).ok_or_else(|| Refusal::new("unknown_choice").at("resolution"))?)
        }
        None => None,
    };
    let act = who.begin(sent).await?;
    times::adopt(&act, building, NewTimes { from, owed, resolution: resolution.as_ref(), words: sent.text("words") }).await?;
    act.commit().await
}

#[post("/<_>/times", data = "<sent>")]
async fn create(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let mut faulty = FormState::fresh(&who);
    let all: Vec<_> = categories::all().iter().filter_map(|c| owed(&sent, c, &mut faulty).map(|o| (c, o))).collect();
    let done = match faulty.summary.is_empty() {
        true => adopt(&who, building, &sent, all).await,
        false => Err(Refusal::new("times_rows").at("rows").into()),
    };
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/times", who.at.root())).saying("times.said")),
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            if !faulty.summary.is_empty() {
                form.errors = faulty.errors;
                form.summary = faulty.summary;
            }
            Ok(page(&who, form).await?.status(status))
        }
    }
}
