//! `…/tasks/{k}/finding`: whoever works on something found something else.

use rocket::{Route, get, post, routes};

use super::room::{At, hold_own};
use crate::domain::tasks::{FINDING_MAX, Finding, TaskState};
use crate::domain::{buildings, categories};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::{May, Work};
use crate::web::issues::work::{Choice, Room, Sheet};
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

/// Whether whoever looks has the task, and may say what they found.
pub(super) fn refused(at: &At<'_, '_>) -> Option<Refusal> {
    let mine = at.room.memberships.iter().any(|m| m.covers(at.room.building) && m.organisation_id == at.task.organisation_id);
    let over = matches!(at.task.state, TaskState::Returned | TaskState::Cancelled);
    (!mine || over).then(|| Refusal::new("only_own_task"))
}

async fn page(room: &Room<'_>, k: i32, mut form: FormState, kept: Vec<sealed::Shown>) -> Result<Answer> {
    let (lang, at) = (room.caller.lang, At::of(room, k).await?);
    form.values.entry("place".into()).or_insert_with(|| room.m.place.code.clone());
    let places = buildings::places(room.caller.house.read(), room.building.id).await?;
    let places = places.iter().filter(|p| p.retired_at.is_none()).map(|p| Choice::new(&p.code, p.full(lang))).collect();
    let kinds = categories::all().iter().map(|c| Choice::new(&c.code, c.name(lang))).collect();
    let sheet = Sheet::new(room, "tasks.finding", &at.path("finding"), form).task(at.task.version).fact("task", &at.task.words);
    let sheet = sheet.words("words", FINDING_MAX as u32).photos(kept).select("category", kinds).select("place", places);
    let sheet = sheet.unless(refused(&at).map(|r| form::sentence(lang, &r)));
    sheet.then("then_own", &[]).then("then_released", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/finding")]
async fn new(who: May<'_, Work>, number: i32, k: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, k, FormState::fresh(&who), vec![]).await
}

#[post("/<_>/issues/<number>/tasks/<k>/finding", data = "<sent>")]
async fn create(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let received = Received::of(&who, &sent).await?;
    let done = async {
        if let Some(fault) = received.faults.first() {
            return Err(fault.clone().into());
        }
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        let category = categories::named(sent.text("category")).map_err(|r| r.at("category"))?;
        let place = match buildings::place_by_code(act.tx(), issue.building_id, sent.text("place")).await {
            Err(Error::NotFound) => return Err(Refusal::new("empty").at("place").into()),
            found => found?,
        };
        let finding = Finding { place: &place, category, words: sent.text("words"), photos: received.good() };
        let found = task.found(&act, &issue, finding).await?;
        act.commit().await?;
        Ok(found.number)
    }
    .await;
    match done {
        // Back to the task: it is not over because something else was found.
        Ok(_) => Ok(Answer::go(format!("{}/issues/{number}/tasks/{k}", who.at.root())).saying("tasks.said.found")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let kept = received.keep(&who).await?;
            Ok(page(&Room::open(&who, number).await?, k, form, kept).await?.status(status))
        }
    }
}
