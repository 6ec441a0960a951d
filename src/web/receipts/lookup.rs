//! `/r`: the reports that were sent from this phone, without an account; and the short code, for those who wrote it down. A wrong code and one that is nobody's are answered alike; only a
//! slip of the finger, which the check sign shows, is told apart.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::buildings;
use crate::domain::issues;
use crate::domain::reports::{self, Report};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::limits::Limit;
use crate::kernel::text;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![show, create, forget]
}

const TRIES: (Limit, Limit) = (Limit { what: "code-device", minutes: 15, at_most: 10 }, Limit { what: "code-address", minutes: 15, at_most: 60 });

#[derive(Serialize)]
struct Page {
    own: Vec<Own>,
    form: FormState,
}

/// A report of this phone.
#[derive(Serialize)]
struct Own {
    href: String,
    label: String,
    title: String,
    place: String,
    when: String,
    state: State,
    /// Something is asked of its reporter.
    ask: bool,
}

/// Most that are listed.
const LISTED: u64 = 50;

async fn own(caller: &Caller) -> Result<Vec<Own>> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let mine = reports::of_device(db, &caller.device(), LISTED).await?;
    let matters = issues::by_ids(db, mine.iter().map(|r| r.issue_id).collect()).await?;
    let places = buildings::places_by_ids(db, mine.iter().map(|r| r.place_id).collect()).await?;
    let houses = buildings::all(db, None).await?;
    let line = |r: &Report| {
        let issue = matters.iter().find(|i| i.id == r.issue_id)?;
        let house = houses.iter().find(|b| b.id == r.building_id)?;
        Some(Own {
            href: format!("/r/{}", reports::receipt_of(caller.house.keys(), r.id)),
            label: house.label(issue.number),
            title: r.words.as_deref().map_or_else(|| issue.title_for_public(lang), |w| text::shorten(w, 24)),
            place: places.iter().find(|p| p.id == r.place_id).map(|p| p.full(lang)).unwrap_or_default(),
            when: dates::moment(r.created_at, now, lang),
            state: states::of(issue, None, lang),
            ask: r.answer.is_none() && r.ask_answerable(issue, now).is_ok(),
        })
    };
    Ok(mine.iter().filter_map(line).collect())
}

async fn page(caller: &Caller, form: FormState) -> Result<Answer> {
    let page = Page { own: own(caller).await?, form };
    Ok(caller
        .page(Frame::titled(caller.lang.t("receipts.lookup.title")).class("pg-receipt"), "receipts/lookup", &page)?
        .header("Cache-Control", "no-store"))
}

#[get("/r")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let form = FormState::fresh(&who);
    page(&who, form).await
}

/// This phone knows nothing of its reports from now on; they stay, and their codes lead to them.
#[post("/r/forget", data = "<sent>")]
async fn forget(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    sent.trusted()?;
    Ok(who.forgotten(Answer::go("/r").saying("receipts.said.forgotten")))
}

#[post("/r", data = "<sent>")]
async fn create(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    match found(&who, &sent).await {
        Ok(receipt) => Ok(Answer::go(format!("/r/{receipt}"))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form).await?.status(status))
        }
    }
}

async fn found(who: &Caller, sent: &Sent<'_>) -> Result<String> {
    sent.trusted()?;
    let typed = sent.given("code").ok_or_else(|| Refusal::new("empty").at("code"))?;
    who.counted(TRIES.0, TRIES.1).await?;
    let keys = who.house.keys();
    // Looked up in any case, so that all wrong codes take the same time.
    let code = reports::normal_code(typed);
    let report = reports::by_code(who.house.read(), keys, code.as_deref().unwrap_or("2222-2222-2")).await;
    match (code, report) {
        (None, _) => match reports::signs_of_code(typed) {
            9 => Err(Refusal::new("code_slip").at("code").into()),
            n => Err(Refusal::new("code_length").with("n", n).at("code").into()),
        },
        (Some(_), Ok(report)) => Ok(reports::receipt_of(keys, report.id)),
        (Some(_), Err(Error::NotFound)) => Err(Refusal::new("code_unknown").at("code").into()),
        (Some(_), Err(e)) => Err(e),
    }
}
