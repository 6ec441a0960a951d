//! Supervision: `…/issues/{n}/supervision`, where an officer of the street's department takes up what stays late in a
//! matter, with words and a day.

use rocket::{Route, get, post, routes};

use super::answer::Answer;
use super::dates;
use super::form::{self, FormState};
use super::guards::{May, Supervise};
use super::issues::work::{Room, Sheet, again, back, hold};
use super::sent::Sent;
use super::shown::pressed;
use crate::domain::rights::Role;
use crate::domain::supervisions;
use crate::kernel::error::{Refusal, Result};

pub(super) fn routes() -> Vec<Route> {
    routes![taking_up, take_up]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now, db) = (room.caller.lang, room.caller.house.now(), room.caller.house.read());
    let open = supervisions::open_of(db, room.m.issue.id).await?;
    let all = supervisions::pressed(db, open.iter().map(|s| s.object_id).collect()).await?;
    let mut sheet = Sheet::new(room, "supervisions", "supervision", form).fact("holder", room.m.name(room.m.issue.holder_id, lang));
    for s in &open {
        let what = pressed::of(s, room);
        let late = dates::due(s.due_at, now, &room.calendar(), lang).words;
        let told = all.get(&(s.object_id, s.due_at)).and_then(|p| pressed::words(p, now, lang)).unwrap_or_default();
        let with = [("what", what.as_str()), ("late", late.as_str()), ("told", told.as_str())];
        sheet = sheet.fact("late", lang.say("supervisions.line", &with));
    }
    let refused = open.is_empty().then(|| form::sentence(lang, &Refusal::new("supervision_none")));
    sheet.words("words", 500).day("by_day").unless(refused).then("then_told", &[]).then("then_stays", &[]).answer().await
}

#[get("/<_>/issues/<number>/supervision")]
async fn taking_up(who: May<'_, Supervise>, number: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/supervision", data = "<sent>")]
async fn take_up(who: May<'_, Supervise>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let mine = who.signed.memberships.iter().find(|m| m.role == Role::Department && who.building().is_ok_and(|b| m.covers(b)));
        let (act, issue) = hold(&who, number, &sent, |_| mine.map(|m| m.organisation_id)).await?;
        supervisions::note(&act, &issue, sent.text("words"), sent.text("by_day")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, "supervisions.said.noted")),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
