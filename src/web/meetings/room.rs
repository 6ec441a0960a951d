//! `…/meetings/{n}/presence`: what the code on the projector leads to, and signing in itself.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::Crumb;
use super::presence::{Mine, mine};
use crate::domain::meetings::Meeting;
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Vote};
use crate::web::sent::Sent;

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    base: String,
    council: String,
    when: String,
    place: String,
    seat: Option<Mine>,
    form: FormState,
}

/// `GET …/presence?code=482913`: asks once more before it signs anybody in.
#[get("/<_>/meetings/<number>/presence?<code>")]
pub(super) async fn show(member: May<'_, Vote>, number: i32, code: Option<&str>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    let meeting = here.meeting(&member, number).await?;
    page(&member, &here, &meeting, FormState::filled(&member, [("code", code.unwrap_or_default().to_owned())])).await
}

async fn page(caller: &Caller, here: &Here, meeting: &Meeting, form: FormState) -> Result<Answer> {
    let lang = caller.lang;
    let n = meeting.number.to_string();
    let base = format!("{}/meetings/{n}", here.root);
    let page = Page {
        crumbs: vec![Crumb::to(lang.say("meetings.nth", &[("n", &n)]), base.clone()), Crumb::here(lang.t("live.room.title"))],
        council: here.council.name(lang).to_owned(),
        when: dates::appointment(meeting.starts_at, caller.house.now(), lang),
        place: meeting.place.clone(),
        seat: mine(caller, here, meeting).await?,
        base,
        form,
    };
    caller.page(here.frame(caller, lang.t("live.room.title")).class("pg-vote"), "meetings/room", &page)
}

/// `POST …/meetings/{n}/presence`: a member signs in, in the room with the projector's code or online, or leaves.
#[post("/<_>/meetings/<number>/presence", data = "<sent>")]
pub(super) async fn sign_in(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    let saying = if sent.text("how") == "left" { "meetings.said.left" } else { "meetings.said.signed_in" };
    let me = member.signed.person.id;
    let done = super::with_seat(&member, number, &sent, async |act, meeting, seat| {
        if sent.text("how") == "left" {
            return meeting.seat_left(act, &seat).await;
        }
        meeting.sign_in(act, &seat, me, sent.read("how")?, sent.text("code")).await
    })
    .await;
    match done {
        // Whoever presides goes on at the desk of the session.
        Ok(()) if here.may(&member, Right::Preside) => {
            Ok(Answer::go(super::place(&member, &here, &here.meeting(&member, number).await?, None)).saying(saying))
        }
        Ok(()) => Ok(Answer::go(format!("{}/meetings/{number}/seat", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let meeting = here.meeting(&member, number).await?;
            Ok(page(&member, &here, &meeting, form).await?.status(status))
        }
    }
}
