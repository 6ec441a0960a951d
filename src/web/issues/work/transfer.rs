//! `…/transfer`: handed over to another organisation, to the district's council, or back. The receiver takes it, with the day of
//! its report, or says why not. Until then the giver stays responsible, and no clock restarts.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::buildings::Building;
use crate::domain::categories::Limit;
use crate::domain::councils;
use crate::domain::hand_overs::{self, HandOverState};
use crate::domain::issues::{Deed, Issue, OFFER_REASONS, Receiver, Report, Standing, TRANSFER_REASONS};
use crate::domain::levels::{Direction, Level};
use crate::domain::organisations;
use crate::domain::persons;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{IssueId, OrganisationId};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::{self, FormState};
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;
use sea_orm::ConnectionTrait;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, agree, take, not_taken, refuse, reporting, report]
}

/// The district's council, and whoever had it before, as a form names them: no slug begins so.
const COUNCIL: &str = "@council";
const BEFORE: &str = "@before";

fn offered(issue: &Issue) -> Option<OrganisationId> {
    issue.offered_to_id
}

fn reasons(room: &Room<'_>, list: &[&str]) -> Vec<Choice> {
    list.iter().map(|r| Choice::new(*r, room.caller.lang.t(&format!("work.transfer_reasons.{r}")))).collect()
}

/// To whom a matter can be handed: back first, then the district's council, then organisations with their level.
pub async fn receivers(db: &impl ConnectionTrait, building: &Building, issue: &Issue, up: bool, lang: Lang) -> Result<Vec<Choice>> {
    let around = organisations::around(db, building.district_id, building.id).await?;
    let level = |l: Level| lang.t(&format!("hands.levels.{l}"));
    let mut all = vec![];
    let before = hand_overs::before(&hand_overs::of_issue(db, issue.id).await?);
    let before = before.and_then(|(id, at)| around.iter().find(|o| o.id == id).map(|o| (o, at)));
    if let Some((o, at)) = before {
        all.push(Choice::new(BEFORE, lang.say("hands.to_before", &[("name", o.name(lang)), ("level", &level(at))])));
    }
    let office = persons::office_of_district(db, building.district_id).await?.filter(|id| up && Some(*id) != issue.holder_id);
    if office.is_some()
        && let Ok(council) = councils::of_district(db, building.district_id).await
    {
        all.push(Choice::new(COUNCIL, lang.say("hands.to_council", &[("name", council.name(lang)), ("level", &level(Level::District))])));
    }
    let mut others: Vec<_> = around.iter().filter(|o| o.takes_over() && Some(o.id) != issue.holder_id).collect();
    others.retain(|o| before.is_none_or(|(b, _)| b.id != o.id));
    others.sort_by_key(|o| Level::WAY.iter().position(|l| *l == o.acts_at()));
    all.extend(others.into_iter().map(|o| {
        let with = [("name", o.name(lang).to_owned()), ("kind", lang.t(&format!("work.kinds.{}", o.kind.as_str()))), ("level", level(o.acts_at()))];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        Choice::new(&o.slug, lang.say("hands.to", &with))
    }));
    Ok(all)
}

/// The receiver that a form names.
pub async fn receiver(db: &impl ConnectionTrait, building: &Building, named: &str) -> Result<Receiver> {
    match named.trim() {
        COUNCIL => Ok(Receiver::Council),
        BEFORE => Ok(Receiver::Before),
        slug => Ok(Receiver::Organisation(organisations::named(db, building, "to", slug).await?.id)),
    }
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let to = receivers(room.caller.house.read(), room.building, &room.m.issue, true, lang).await?;
    let until = dates::due(Limit::WorkingDays(1).from(now, &room.calendar()).at, now, &room.calendar(), lang).by;
    let sheet = Sheet::new(room, "work.transfer", "transfer", form).select("to", to).picks("reason", reasons(room, OFFER_REASONS));
    let already = room.m.issue.offered_to_id.map(|to| lang.say("work.transfer.already", &[("to", &room.m.name(Some(to), lang))]));
    let sheet = sheet.words("words", 1000).warned(already).unless(room.refusal(Deed::Offer));
    sheet.then("then_answer", &[("by", &until)]).then("then_clock", &[]).answer().await
}

#[get("/<_>/issues/<number>/transfer")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/transfer", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let to = receiver(act.tx(), staff.building()?, sent.text("to")).await?;
        issue.hand_to(&act, to, sent.text("reason"), sent.text("words")).await?;
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

/// Whether whoever takes it over owes a report: not for what comes back, nor where nobody gave it.
async fn reports(db: &impl ConnectionTrait, issue: IssueId) -> Result<bool> {
    let all = hand_overs::of_issue(db, issue).await?;
    let open = all.iter().find(|h| h.state == HandOverState::Asked);
    Ok(open.is_some_and(|h| h.direction != Direction::Back && h.from_id.is_some()))
}

async fn agreeing(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now, issue) = (room.caller.lang, room.caller.house.now(), &room.m.issue);
    let owes = reports(room.caller.house.read(), issue.id).await?;
    let mut sheet = Sheet::new(room, "work.taking", "transfer/acceptance", form).fact("from", room.m.name(issue.holder_id, lang));
    if let Some(due) = issue.result_due {
        sheet = sheet.fact("promised", dates::due(due, now, &room.calendar(), lang).words);
    }
    if owes {
        sheet = sheet.day("report_on").tick("after_result");
    }
    sheet.unless(room.refusal(Deed::Take)).then("then_yours", &[]).then("then_clock", &[]).answer().await
}

#[get("/<_>/issues/<number>/transfer/acceptance")]
async fn agree(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    agreeing(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/transfer/acceptance", data = "<sent>")]
async fn take(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, offered).await?;
        issue.take_over(&act, Report { on: sent.text("report_on"), after_result: sent.ticked("after_result") }).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.taken")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(agreeing(&room, form).await?.status(status))
        }
    }
}

async fn refusing(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let sheet =
        Sheet::new(room, "work.refusal", "transfer/refusal", form).picks("reason", reasons(room, TRANSFER_REASONS)).words("words", 1000).danger();
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

async fn saying(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let owed = hand_overs::owed(&room.handed, &room.m.issue);
    let refused = match (room.sight.standing <= Standing::Holder, owed) {
        (false, _) => Some("only_holder"),
        (_, None) => Some("no_report_owed"),
        _ => None,
    };
    let mut sheet = Sheet::new(room, "work.report_back", "transfer/report", form);
    if let Some((to, due)) = owed.and_then(|h| Some((h.from_id, h.report_due()?))) {
        sheet = sheet.fact("to", room.m.name(to, lang)).fact("due", dates::due(due, now, &room.calendar(), lang).words);
    }
    let refused = refused.map(|key| form::sentence(lang, &Refusal::new(key)));
    sheet.words("words", 1000).optional_day("report_on").tick("after_result").unless(refused).answer().await
}

#[get("/<_>/issues/<number>/transfer/report")]
async fn reporting(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    saying(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/transfer/report", data = "<sent>")]
async fn report(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        issue.report_back(&act, sent.text("words"), sent.given("report_on"), sent.ticked("after_result")).await?;
        act.commit().await?;
        Ok::<(), Error>(())
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.reported")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(saying(&room, form).await?.status(status))
        }
    }
}
