//! The minutes: a draft from what happened, the secretary's hand, adopted and from then on public.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::{Crumb, paragraphs};
use super::record::Scribe;
use crate::domain::meetings::items as agenda_items;
use crate::domain::meetings::{self, MeetingState};
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::publog;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::sent::Sent;

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    council: String,
    action: String,
    version: i32,
    adopted: Option<String>,
    words: Vec<String>,
    hash: Option<String>,
    entry: Option<i64>,
    form: FormState,
}

/// `GET …/meetings/{n}/minutes`.
#[get("/<_>/meetings/<number>/minutes")]
pub(super) async fn show(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, number, None).await
}

async fn page(caller: &Caller, here: &Here, number: i32, again: Option<FormState>) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let meeting = here.meeting(caller, number).await?;
    let adopted = meeting.minutes_at.is_some();
    if !adopted && (meeting.state != MeetingState::Closed || !here.may(caller, Right::Secretariat)) {
        return Err(Error::NotFound);
    }
    let form = match again {
        Some(form) => form,
        None if adopted => FormState::fresh(caller),
        None => {
            let items = agenda_items::of_meeting(db, meeting.id).await?;
            let draft = Scribe::of(caller, here, &meeting, &items).await?.minutes(here.council.name(lang), &items).await?;
            FormState::filled(caller, [("minutes", draft)])
        }
    };
    let n = number.to_string();
    let base = format!("{}/meetings/{number}", here.root);
    let title = lang.say("meetings.minutes_of", &[("n", &n)]);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), base.clone()),
            Crumb::here(lang.t("meetings.minutes")),
        ],
        title: title.clone(),
        council: here.council.name(lang).to_owned(),
        action: format!("{base}/minutes"),
        version: meeting.version,
        adopted: meeting.minutes_at.map(|at| dates::full(at, lang)),
        words: meeting.minutes.as_deref().map(paragraphs).unwrap_or_default(),
        hash: meeting.minutes_hash.clone(),
        entry: publog::about(db, meeting.id).await?.first().map(|e| e.position),
        form,
    };
    caller.page(here.frame(caller, title).class("pg-minutes"), "meetings/minutes", &page)
}

/// `POST …/meetings/{n}/minutes`: adopts them.
#[post("/<_>/meetings/<number>/minutes", data = "<sent>")]
pub(super) async fn adopt(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?.unchanged_since(sent.version()?)?;
        meeting.adopt_minutes(&act, sent.text("minutes")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/meetings/{number}/minutes", here.root)).saying("meetings.said.minutes")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&staff, &here, number, Some(form)).await?.status(status))
        }
    }
}
