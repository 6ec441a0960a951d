//! `…/transfer`: offered to another organisation, which takes it or says why not. Until then the giver stays
//! responsible, and no clock restarts.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use super::show;
use crate::domain::categories::Limit;
use crate::domain::issues::{Deed, Issue, TRANSFER_REASONS};
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, take, not_taken, refuse]
}

fn offered(issue: &Issue) -> Option<OrganisationId> {
    issue.offered_to_id
}

fn reasons(room: &Room<'_>) -> Vec<Choice> {
    TRANSFER_REASONS.iter().map(|r| Choice::new(*r, room.caller.lang.t(&format!("work.transfer_reasons.{r}")))).collect()
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let around = organisations::around(room.caller.house.read(), room.building.district_id, room.building.id).await?;
    let others = around.iter().filter(|o| o.takes_over() && Some(o.id) != room.m.issue.holder_id);
    let others = others
        .map(|o| Choice { hint: Some(lang.t(&format!("work.kinds.{}", o.kind.as_str()))), ..Choice::new(&o.slug, o.name(lang)) })
        .map(|c| Choice { label: format!("{} · {}", c.label, c.hint.as_deref().unwrap_or_default()), ..c });
    let until = dates::due(Limit::WorkingDays(1).from(now, &room.calendar()).at, now, &room.calendar(), lang).by;
    let sheet =
        Sheet::new(room, "work.transfer", "transfer", form).select("to", others.collect()).picks("reason", reasons(room)).words("words", 1000);
    let already = room.m.issue.offered_to_id.map(|to| lang.say("work.transfer.already", &[("to", &room.m.name(Some(to), lang))]));
    sheet.warned(already).unless(room.refusal(Deed::Offer)).then("then_answer", &[("by", &until)]).then("then_clock", &[]).answer().await
}

#[get("/<_>/issues/<number>/transfer")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/transfer", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let to = organisations::named(act.tx(), staff.building()?, "to", sent.text("to")).await?;
        issue.offer(&act, &to, sent.text("reason"), sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.offered")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/transfer/acceptance", data = "<sent>")]
async fn take(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, offered).await?;
        issue.take_over(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.taken")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}

async fn refusing(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let sheet = Sheet::new(room, "work.refusal", "transfer/refusal", form).picks("reason", reasons(room)).words("words", 1000).danger();
    let second = (room.m.issue.transfers_refused > 0).then(|| room.caller.lang.t("work.refusal.second"));
    sheet.warned(second).unless(room.refusal(Deed::Refuse)).answer().await
}

#[get("/<_>/issues/<number>/transfer/refusal")]
async fn not_taken(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    refusing(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/transfer/refusal", data = "<sent>")]
async fn refuse(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, offered).await?;
        issue.refuse_transfer(&act, sent.text("reason"), sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.refused")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(refusing(&room, form).await?.status(status))
        }
    }
}
