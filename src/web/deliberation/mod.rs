//! `…/council/items/{k}/deliberation`: what is said about an item between meetings.

mod acts;
pub(super) mod shown;

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller::Caller;
use super::councils::Here;
use super::form::FormState;
use super::guards::{Desk, May};
use super::meetings::dossier::{Crumb, Opt};
use crate::domain::deliberation::{OpenTo, Stance};
use crate::domain::meetings::items::{self, ItemState};
use crate::domain::meetings::{self, MeetingState};
use crate::domain::organisations::{self, Organisation, OrganisationKind};
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use shown::Shown;

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    [routes![show], acts::routes()].concat()
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    question: Option<String>,
    item_href: String,
    base: String,
    shown: Shown,
    open: bool,
    /// Options may still be put: the notice has not frozen the papers.
    thawed: bool,
    secretariat: bool,
    /// The caller may say something.
    may_say: bool,
    /// The caller holds a seat.
    seated: bool,
    open_to: &'static str,
    open_words: String,
    openings: Vec<Opt>,
    stances: Vec<Opt>,
    about: Vec<Opt>,
    organisations: Vec<Opt>,
    form: FormState,
    option: FormState,
    ask: FormState,
    say: FormState,
    lean: FormState,
    opening: FormState,
    /// The caller speaks for an enterprise, which may say when its people clock in.
    gives: bool,
    clock_ins: FormState,
}

/// `GET …/deliberation`.
#[get("/<_>/council/items/<number>/deliberation")]
async fn show(who: May<'_, Desk>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, number, FormState::fresh(&who)).await
}

/// Whether the caller sits in the council, stands by for a seat, or is its secretary.
fn seated(caller: &Caller, here: &Here) -> bool {
    here.may(caller, Right::Vote) || here.may(caller, Right::Preside) || here.may(caller, Right::Secretariat)
}

/// Whether the caller works for an enterprise here.
async fn gives(caller: &Caller, here: &Here) -> Result<bool> {
    let Some(signed) = &caller.signed else { return Ok(false) };
    let mine = signed.memberships.iter().filter(|m| m.role.may(Right::Work)).map(|m| m.organisation_id);
    let mine = organisations::by_ids(caller.house.read(), mine).await?;
    let here = |o: &Organisation| {
        o.district_id == here.council.district_id && (o.building_id.is_none() || here.council.building_id.is_none_or(|b| o.building_id == Some(b)))
    };
    Ok(mine.iter().any(|o| o.kind == OrganisationKind::Enterprise && here(o)))
}

async fn page(caller: &Caller, here: &Here, number: i32, form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let item = items::by_number(db, here.council.id, number).await?;
    let meeting = match item.meeting_id {
        Some(id) => Some(meetings::by_id(db, id).await?),
        None => None,
    };
    let open = matches!(item.state, ItemState::Proposed | ItemState::Listed);
    let secretariat = here.may(caller, Right::Secretariat);
    let sits = seated(caller, here);
    let mut shown = Shown::of(caller, here, &item).await?;
    for p in shown.positions.iter_mut().filter(|p| p.own && open) {
        p.answer = Some(form.or(&p.of, p.wrote.clone().map(|w| ("words", w))));
    }
    let item_href = format!("{}/council/items/{number}", here.root);
    let title = lang.t("deliberation.title");
    let stances = Stance::ALL.iter().filter(|s| secretariat || **s != Stance::Summary).map(|s| s.as_str());
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(item.title.clone(), item_href.clone()),
            Crumb::here(title.clone()),
        ],
        title: item.title.clone(),
        question: Some(item.question.clone()).filter(|q| !q.is_empty()),
        base: format!("{item_href}/deliberation"),
        item_href,
        open,
        thawed: open && meeting.is_none_or(|m| m.state == MeetingState::Draft),
        secretariat,
        may_say: open && (sits || item.open_to == OpenTo::Enterprises),
        seated: open && here.may(caller, Right::Vote),
        open_to: item.open_to.as_str(),
        open_words: lang.t(&format!("deliberation.open_to.{}", item.open_to.as_str())),
        openings: Opt::all(OpenTo::ALL.iter().map(|o| o.as_str()), "deliberation.open_to", lang),
        stances: Opt::all(stances, "deliberation.stance", lang),
        about: shown
            .options
            .iter()
            .map(|o| Opt { value: o.number.to_string(), label: lang.say("deliberation.nth", &[("n", &o.number.to_string()), ("title", &o.title)]) })
            .collect(),
        organisations: if secretariat { super::meetings::parties(caller, here).await? } else { vec![] },
        shown,
        option: form.or("option", []),
        ask: form.or("ask", []),
        say: form.or("say", [("stance", "remark".into())]),
        lean: form.or("lean", []),
        opening: form.or("opening", []),
        gives: gives(caller, here).await?,
        clock_ins: form.or("clock-ins", []),
        form,
    };
    caller.page(here.frame(caller, title).class("pg-dos").at_work(), "deliberation/show", &page)
}
