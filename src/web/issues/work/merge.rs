//! `…/merge`, `…/unmerge` and `…/reports/{k}/move`: what says the same belongs together, and can be parted again.

use rocket::{Route, get, post, routes};

use super::acting::{act_as, again, back, hold, holder, seen};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use super::show;
use crate::domain::issues::{self, Deed, Issue, MergeReason};
use crate::domain::{buildings, reports};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create, undo, moving, carry]
}

/// Most matters that a page proposes.
const NEAR: u64 = 8;

/// Matters of the same kind or place that this one, or one of its reports, may belong to.
pub(super) async fn near(room: &Room<'_>) -> Result<Vec<Choice>> {
    let db = room.caller.house.read();
    let lang = room.caller.lang;
    let found = issues::near(db, &room.m.issue, NEAR).await?;
    let places = buildings::places(db, room.building.id).await?;
    Ok(found
        .iter()
        .map(|i| {
            let title = if room.sight.words { i.title.clone() } else { i.title_for_public(lang) };
            let place = places.iter().find(|p| p.id == i.place_id).map_or_else(String::new, |p| p.full(lang));
            let with = [("place", place.as_str()), ("n", &i.reports.to_string())];
            let hint = lang.say("work.met", &with);
            Choice { hint: Some(hint), ..Choice::new(i.number.to_string(), format!("{} {title}", room.building.label(i.number))) }
        })
        .collect())
}

/// Another matter of the building, as a form names it: one of those proposed, or by its number.
pub(super) async fn named(act: &Act, from: &Issue, sent: &Sent<'_>) -> Result<Issue> {
    let typed = sent.given("other").or_else(|| sent.given("into")).ok_or_else(|| Refusal::new("choose_issue").at("into"))?;
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let number: i32 = digits.parse().map_err(|_| Refusal::new("choose_issue").at("into"))?;
    match issues::hold(act, from.building_id, number).await {
        Err(Error::NotFound) => Err(Refusal::new("no_such_issue").at("into").into()),
        found => found,
    }
}

pub(super) fn with_choices<'s, 'r>(sheet: Sheet<'s, 'r>, near: Vec<Choice>) -> Sheet<'s, 'r> {
    if near.is_empty() { sheet.line("other", 12) } else { sheet.picks("into", near).line("other", 12) }
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    form.values.entry("reason".into()).or_insert_with(|| MergeReason::Same.as_str().into());
    // Everybody reads these sentences afterwards; whoever chooses reads them before.
    let reason = |r: &MergeReason| Choice::new(r.as_str(), room.caller.lang.t(&format!("story.merged_because.{r}")));
    let sheet = with_choices(Sheet::new(room, "work.merge", "merge", form), near(room).await?);
    let sheet = sheet.picks("reason", MergeReason::ALL.iter().map(reason).collect()).words("words", 1000).unless(room.refusal(Deed::Merge));
    let n = room.m.issue.reports.to_string();
    sheet.then("then_along", &[("n", &n)]).then("then_dates", &[]).then("then_undo", &[]).answer().await
}

#[get("/<_>/issues/<number>/merge")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/merge", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, from) = hold(&staff, number, &sent, holder).await?;
        let into = named(&act, &from, &sent).await?;
        issues::merge(&act, from, into, sent.text("reason"), sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.merged")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}

/// Parted again by those responsible for the matter that took it in.
#[post("/<_>/issues/<number>/unmerge", data = "<sent>")]
async fn undo(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let building = staff.building()?;
        let caller: &Caller = &staff;
        let db = caller.house.read();
        let mut into = issues::by_number(db, building.id, number).await?;
        while let Some(further) = into.merged_into_id {
            into = issues::by_id(db, further).await?;
        }
        let act = caller.begin(act_as(&staff, into.holder_id)?.actor(), &sent).await?;
        let from = issues::hold(&act, building.id, number).await?.untouched_since(&act, seen(&sent)?).await?;
        issues::unmerge(&act, from).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.unmerged")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}

async fn move_page(room: &Room<'_>, k: &str, form: FormState) -> Result<Answer> {
    let caller = room.caller;
    let report = reports::by_handle(caller.house.read(), caller.house.keys(), room.m.issue.id, k).await?;
    let words = match report.words.filter(|_| room.sight.words) {
        Some(w) => text::shorten(&w, 120),
        None => caller.lang.t("work.move.no_words"),
    };
    let sheet = Sheet::new(room, "work.move", &format!("reports/{k}/move"), form).fact("report", words);
    let refused = room.refusal(Deed::Recategorise);
    with_choices(sheet, near(room).await?).unless(refused).then("then_counts", &[]).answer().await
}

#[get("/<_>/issues/<number>/reports/<k>/move")]
async fn moving(staff: May<'_, Triage>, number: i32, k: &str) -> Result<Answer> {
    move_page(&Room::open(&staff, number).await?, k, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/reports/<k>/move", data = "<sent>")]
async fn carry(staff: May<'_, Triage>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, from) = hold(&staff, number, &sent, holder).await?;
        let report = reports::by_handle(act.tx(), staff.house.keys(), from.id, k).await?;
        let to = named(&act, &from, &sent).await?;
        issues::move_report(&act, report, from, to).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&staff, number, "work.said.moved")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(move_page(&room, k, form).await?.status(status))
        }
    }
}
