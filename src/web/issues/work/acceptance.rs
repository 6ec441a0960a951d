//! `…/acceptance`: somebody becomes responsible, with a first answer.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::picking;
use super::room::Room;
use super::sheet::Sheet;
use crate::domain::issues::Deed;
use crate::kernel::error::Result;
use crate::kernel::text;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (issue, lang) = (&room.m.issue, room.caller.lang);
    let mut sheet = Sheet::new(room, "work.acceptance", "acceptance", form).optional("answer", 2000).unless(room.refusal(Deed::Accept));
    if let Some(due) = issue.first_answer_due {
        sheet = sheet.fact("first", dates::due(due, room.caller.house.now(), &room.calendar(), lang).words);
    }
    if let Some(due) = issue.result_due {
        let by = dates::due(due, room.caller.house.now(), &room.calendar(), lang).by;
        sheet = sheet.then("then_public", &[]).then("then_result", &[("by", &by)]);
    }
    sheet.canned(picking::canned(room).await?).answer().await
}

#[get("/<_>/issues/<number>/acceptance?<canned>")]
async fn new(staff: May<'_, Triage>, number: i32, canned: Option<&str>) -> Result<Answer> {
    let room = Room::open(&staff, number).await?;
    let words = match canned {
        Some(value) => picking::picked(&room, value).await?,
        None => None,
    };
    page(&room, FormState::filled(&staff, words.map(|w| ("answer", w)))).await
}

#[post("/<_>/issues/<number>/acceptance", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.accept(&act, sent.text("answer")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => {
            // Without words nobody has been answered: the first answer is owed as before.
            let answered = !text::clean(sent.text("answer")).is_empty();
            Ok(back(&staff, number, if answered { "work.said.accepted" } else { "work.said.accepted_owing" }))
        }
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
