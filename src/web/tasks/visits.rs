//! `…/visit` and `…/visits/{position}/answer`: a tenant is asked when somebody may come in, and says yes or no.

use chrono::{DateTime, Utc};
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::room::{At, hold_task};
use super::steps::settle;
use crate::domain::issues;
use crate::domain::organisations::{self, OrganisationKind};
use crate::domain::tasks::{self, NewVisit, TaskDeed, Visit, VisitAnswer};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Desk, May};
use crate::web::issues::work::{Choice, Room, Sheet};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, asked, answer]
}

/// A visit on the task's page.
#[derive(Serialize)]
pub struct Shown {
    head: String,
    words: String,
    answer: String,
    answer_words: Option<String>,
    /// Where it is answered or called off, while it is to come.
    way: Option<String>,
}

fn span(v: &Visit, room: &Room<'_>) -> String {
    dates::span(v.from_at, v.until_at, room.caller.house.now(), room.caller.lang)
}

/// The visits of a task, for those who work on it and for the tenant.
pub async fn of(at: &At<'_, '_>) -> Result<Vec<Shown>> {
    let (room, lang, db) = (at.room, at.room.caller.lang, at.room.caller.house.read());
    let all = tasks::visits(db, at.task.id).await?;
    let known = organisations::by_ids(db, all.iter().map(|v| v.organisation_id)).await?;
    let mine = |v: &Visit| room.memberships.iter().any(|m| m.covers(room.building) && m.organisation_id == v.organisation_id);
    let name = |v: &Visit| known.iter().find(|o| o.id == v.organisation_id).map(|o| o.short(lang).to_owned()).unwrap_or_default();
    let one = |v: &Visit| Shown {
        head: lang.say("tasks.visit.head", &[("of", &name(v)), ("span", &span(v, room))]),
        words: v.words.clone(),
        answer: match (v.answer, v.answered_for == Some(v.organisation_id)) {
            (None, _) => lang.t("tasks.visit.waits"),
            (Some(a), true) => lang.t(&format!("tasks.visit.answered.{a}")),
            (Some(a), false) => lang.t(&format!("tasks.visit.noted.{a}")),
        },
        answer_words: v.answer_words.clone(),
        way: v.stands(room.caller.house.now()).then(|| format!("{}/{}", room.root(), at.path(&format!("visits/{}/answer", v.position)))),
    };
    Ok(all.iter().filter(|v| room.sight.standing.is_party() || mine(v)).map(one).collect())
}

async fn page(room: &Room<'_>, k: i32, form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    let at = At::of(room, k).await?;
    let around = organisations::around(room.caller.house.read(), room.building.district_id, room.building.id).await?;
    let tenants = around.iter().filter(|o| matches!(o.kind, OrganisationKind::Enterprise | OrganisationKind::Owner | OrganisationKind::Station));
    let tenants = tenants.map(|o| Choice::new(&o.slug, o.name(lang))).collect();
    let sheet = Sheet::new(room, "tasks.visit.new", &at.path("visit"), form).task(at.task.version).fact("task", &at.task.words);
    let sheet = sheet.select("to", tenants).moment("from").moment("until").words("words", 300);
    sheet.unless(at.refusal(TaskDeed::StopClock)).then("then_told", &[]).then("then_clock", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/visit")]
async fn new(who: May<'_, Desk>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

fn typed(sent: &Sent<'_>, field: &'static str) -> Result<DateTime<Utc>, Refusal> {
    dates::at(sent.text(field).trim()).ok_or_else(|| Refusal::new("date").at(field))
}

#[post("/<_>/issues/<number>/tasks/<k>/visit", data = "<sent>")]
async fn create(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = super::particulars::hold(&who, number, k, &sent).await?;
        let to = organisations::named(act.tx(), who.building()?, "to", sent.text("to")).await?;
        let new = NewVisit { to: &to, from: typed(&sent, "from")?, until: typed(&sent, "until")?, words: sent.text("words") };
        task.ask_visit(&act, &issue, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => settle(&who, number, k, &sent, Ok(()), "tasks.said.visit_asked").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&Room::open(&who, number).await?, k, form).await?.status(status))
        }
    }
}

async fn answer_page(room: &Room<'_>, k: i32, position: i32, form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    let at = At::of(room, k).await?;
    let all = tasks::visits(room.caller.house.read(), at.task.id).await?;
    let visit = all.iter().find(|v| v.position == position).ok_or(Error::NotFound)?;
    let tenant = room.memberships.iter().any(|m| m.covers(room.building) && m.organisation_id == visit.organisation_id);
    if !tenant && !room.sight.standing.is_party() {
        return Err(Refusal::new("only_party").into());
    }
    let answers = VisitAnswer::ALL.iter().filter(|a| !(tenant && **a == VisitAnswer::CalledOff));
    let whose = if tenant { "own" } else { "noted" };
    let answers = answers.map(|a| Choice::new(a.as_str(), lang.t(&format!("tasks.visit.say_{whose}.{a}")))).collect();
    let key = if tenant { "tasks.visit.answer" } else { "tasks.visit.note" };
    let sheet = Sheet::new(room, key, &at.path(&format!("visits/{position}/answer")), form).task(at.task.version);
    let sheet = sheet.fact("when", span(visit, room)).fact("why", &visit.words).picks("answer", answers).optional("words", 300);
    let over = (!visit.stands(room.caller.house.now())).then(|| lang.t("refusals.visit_answered"));
    sheet.unless(over).then("then_told", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/visits/<position>/answer")]
async fn asked(who: May<'_, Desk>, number: i32, k: i32, position: i32) -> Result<Answer> {
    answer_page(&Room::open(&who, number).await?, k, position, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/tasks/<k>/visits/<position>/answer", data = "<sent>")]
async fn answer(who: May<'_, Desk>, number: i32, k: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let building = who.building()?;
        let db = who.house.read();
        let issue = issues::by_number(db, building.id, number).await?;
        let task = tasks::by_number(db, issue.id, k).await?;
        let visits = tasks::visits(db, task.id).await?;
        let tenant = visits.iter().find(|v| v.position == position).ok_or(Error::NotFound)?.organisation_id;
        let of = |id| who.signed.memberships.iter().any(|m| m.covers(building) && m.organisation_id == id);
        let (own, doer) = (of(tenant), task.organisation_id);
        let whose = if own {
            Some(tenant)
        } else if of(doer) {
            Some(doer)
        } else {
            issue.holder_id
        };
        let (act, issue, task) = hold_task(&who, number, k, &sent, |_| whose).await?;
        let answer = sent.text("answer").parse().map_err(|_| Refusal::new("unknown_choice").at("answer"))?;
        task.answer_visit(&act, &issue, position, answer, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => settle(&who, number, k, &sent, Ok(()), "tasks.said.visit_answered").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(answer_page(&Room::open(&who, number).await?, k, position, form).await?.status(status))
        }
    }
}
