//! `…/nomination`: onto the council's list.

use rocket::{Route, get, post, routes};

use super::acting::{act_as, again, back, hold, holder};
use super::room::Room;
use super::sheet::Sheet;
use crate::domain::issues::{Deed, Source};
use crate::domain::rights::Role;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::{May, Nominate};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let lang = room.caller.lang;
    let refused =
        if room.council { room.refusal(Deed::Nominate) } else { Some(form::sentence(lang, &crate::kernel::error::Refusal::new("no_council"))) };
    let times = room.m.issue.contested;
    let warning = (times > 0).then(|| lang.say("work.nomination.contested", &[("n", &times.to_string())]));
    let sheet = Sheet::new(room, "work.nomination", "nomination", form).warned(warning).unless(refused);
    sheet.then("then_list", &[]).then("then_state", &[]).then("then_power", &[]).answer().await
}

#[get("/<_>/issues/<number>/nomination")]
async fn new(who: May<'_, Nominate>, number: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, FormState::fresh(&who)).await
}

/// Where the agenda says that it came from.
fn source(role: Role) -> Source {
    match role {
        Role::Member | Role::Convenor => Source::Member,
        Role::Department => Source::Department,
        _ => Source::Issue,
    }
}

#[post("/<_>/issues/<number>/nomination", data = "<sent>")]
async fn create(who: May<'_, Nominate>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&who, number, &sent, holder).await?;
        let role = act_as(&who, issue.holder_id)?.role;
        issue.nominate(&act, source(role)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, "work.said.nominated")),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
