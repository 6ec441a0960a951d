//! `…/completion`: the work is said to be done, with evidence. It closes nothing: those who reported are asked.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::attachments;
use crate::domain::categories::Limit;
use crate::domain::issues::{self, Deed};
use crate::domain::links;
use crate::domain::organisations;
use crate::domain::tasks::{Task, TaskState};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;
use crate::web::shown::listed;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let (lang, now, db) = (room.caller.lang, room.caller.house.now(), room.caller.house.read());
    let did = |t: &&Task| matches!(t.state, TaskState::Done | TaskState::Verified);
    // What the tasks' evidence says is where one begins to write.
    let said: Vec<&str> = room.m.tasks.iter().filter(did).filter_map(|t| t.evidence.as_deref()).collect();
    form.values.entry("evidence".into()).or_insert_with(|| said.join("\n"));
    let mut ids: Vec<_> = room.m.tasks.iter().filter(did).map(|t| t.organisation_id).chain(room.m.issue.holder_id).collect();
    ids.sort();
    ids.dedup();
    let doers = organisations::by_ids(db, ids).await?;
    let first = room.m.tasks.iter().rev().find(did).map(|t| t.organisation_id).or(room.m.issue.holder_id);
    if let Some(o) = doers.iter().find(|o| Some(o.id) == first) {
        form.values.entry("by".into()).or_insert_with(|| o.slug.clone());
    }
    let photos = attachments::of_issue(db, room.m.issue.id).await?.iter().filter(|a| a.task_id.is_some()).count();
    let days = issues::confirm_days(db, room.building.id).await?;
    let until = dates::due(Limit::WorkingDays(days).from(now, &room.calendar()).at, now, &room.calendar(), lang).by;
    let mut sheet = Sheet::new(room, "work.completion", "completion", form).unless(room.refusal(Deed::Finish));
    if photos > 0 {
        sheet = sheet.fact("evidence_photos", lang.say("work.completion.photos", &[("n", &photos.to_string())]));
    }
    sheet = sheet.words("evidence", 2000).picks("by", doers.iter().map(|o| Choice::new(&o.slug, o.name(lang))).collect());
    let waits = links::holding_up(db, &room.m.links).await?;
    let waits: Vec<String> = waits.iter().map(|i| room.building.label(i.number)).collect();
    let held = (!waits.is_empty()).then(|| lang.say("work.completion.held_up", &[("of", &listed(&waits, lang))]));
    let n = room.m.issue.reports.to_string();
    let sheet = sheet.warned(held);
    sheet.then("then_asked", &[("n", &n)]).then("then_until", &[("by", &until)]).then("then_no", &[]).then("then_silence", &[]).answer().await
}

#[get("/<_>/issues/<number>/completion")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/completion", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let by = organisations::named(act.tx(), staff.building()?, "by", sent.text("by")).await?;
        issue.done(&act, by.id, sent.text("evidence")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.done")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
